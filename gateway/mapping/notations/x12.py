"""X12 sets as mappings name them: paths checked along the guides of the versions, values read with their places."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from gateway.config import x12_places
from gateway.config.problems import Located, Problems
from gateway.config.x12_places import Wrong
from gateway.config.x12_ways import NO_WAYS, Ways
from gateway.formats.record import Record
from gateway.formats.x12 import path as paths
from gateway.formats.x12.guide import Guide, LoopNode, Node
from gateway.formats.x12.path import PAIR_KEY, PAIR_VALUE, Path
from gateway.mapping.notations import x12_reading
from gateway.mapping.notations.notation import Found, ItemPath, Level, ValuePath
from gateway.mapping.notations.x12_reading import Element, Key

_HOW = "write BEG03, REF(DP)02, N1(ST)/N401 or PO1.UP; a constant is written ='00'"
_LOOSE = (
    (re.compile(r"([A-Z][A-Z0-9]{1,2})[-_.* ]?(\d{1,2})"), r"{0}{1:0>2}"),
    (re.compile(r"([A-Z][A-Z0-9]{1,2})\*([A-Z0-9]+)\*(\d{1,2})"), r"{0}({1}){2:0>2}"),
    (re.compile(r"([A-Z][A-Z0-9]{1,2})[\[({]([A-Z0-9|]+?)[\])}]?(\d{1,2})"), r"{0}({1}){2:0>2}"),
)  # fmt: skip
_OPERATION = re.compile(r"\s(?:[-+*/&?]|==|!=|<=?|>=?|or|and|is|in)\s|^[a-z_0-9]+\(")
_PLACE = re.compile(r"(?<![A-Za-z0-9_'])[A-Z][A-Z0-9]{1,2}(?:\([^()]*\))?\d\d(?![A-Za-z0-9_'])")
_CALCULATION = re.compile(r"[a-z_.]{3,}\s*[-+*/&]\s*\S|[a-z]{2,}\(.*\)")
Laid = tuple[Guide, x12_places.Level]
"""A level in one version."""


def _hint(written: str) -> str:
    """What was probably meant by a text that is no path: other signs around it, a calculation, a constant."""
    places = list(dict.fromkeys(_PLACE.findall(written)))
    if places and _OPERATION.search(written):
        names = dict(zip(places, ascii_lowercase, strict=False))
        said = ", ".join(f"{name}: {place}" for place, name in names.items())
        calculation = _PLACE.sub(lambda found: names.get(found[0], found[0]), written)
        return (
            f"a calculation begins with '=' and names places of the file under 'vars': {{{said}}}, then ={calculation}"
        )
    if _CALCULATION.search(written):
        return f"a calculation begins with '=': ={written}"
    for pattern, form in _LOOSE:
        match = pattern.fullmatch(written.upper())
        if match is not None and not isinstance(paths.parse(found := form.format(*match.groups())), str):
            return f"did you mean '{found}'?"
    return _HOW.replace("'00'", f"'{written}'") if written.isalnum() else _HOW


@dataclass(frozen=True, slots=True)
class ElementPath:
    """One element, a component of it, or an id by its qualifier."""

    path: Path
    codes: frozenset[str] | None = None
    many: bool = False
    agrees: bool = False

    @property
    def text(self) -> str:
        """The path as it is written."""
        return self.path.text

    @property
    def every(self) -> bool:
        """Whether all occurrences are meant: ``#*``."""
        return any(step.every for step in self.path.steps)

    def read(self, node: Record, root: Record) -> Sequence[Element]:
        """Every element with text, in the order of the file."""
        return x12_reading.values(self.path, node, root)

    def missing(self, node: Record, root: Record) -> Element | None:
        """The empty element, where its segment is there."""
        return x12_reading.missing(self.path, node, root)

    def besides(self, _node: Record, root: Record, taken: Sequence[Found]) -> Iterator[Found]:
        """The qualifiers on the way."""
        for each in taken:
            if isinstance(each, Element):
                yield from x12_reading.qualifiers(self.path, each, root)

    def shadows(self, later: ValuePath) -> bool:
        """Whether the same element is read from the same segments, or from more of them."""
        return isinstance(later, ElementPath) and _is_wider(self.path, later.path)


@dataclass(frozen=True, slots=True)
class PairPath:
    """``$key`` or ``$value`` of the pair that a group stands in."""

    text: str
    every: bool = False
    many: bool = False
    agrees: bool = False
    codes: frozenset[str] | None = None

    def read(self, node: Record, root: Record) -> Sequence[Element]:
        """The qualifier or the id."""
        return x12_reading.of_pair(node, self.text, root)

    def missing(self, _node: Record, _root: Record) -> None:
        """Nothing: a pair has both."""

    def besides(self, _node: Record, _root: Record, _taken: Sequence[Found]) -> Iterator[Found]:
        """Nothing: the group has looked at the pair."""
        return iter(())

    def shadows(self, later: ValuePath) -> bool:
        """Only the same half has a value wherever this one has."""
        return later.text == self.text


@dataclass(frozen=True, slots=True)
class InstancePath:
    """Loop instances, segments, or pairs of qualifier and id."""

    path: Path

    @property
    def text(self) -> str:
        """The path as it is written."""
        return self.path.text

    def items(self, node: Record, root: Record) -> Sequence[Record]:
        """The instances, in the order of the file."""
        return x12_reading.items(self.path, node, root)

    def besides(self, node: Record, root: Record) -> Iterator[Found]:
        """The qualifiers on the way, and of pairs which they are."""
        return x12_reading.item_qualifiers(self.path, node, root)


@dataclass(frozen=True, slots=True)
class X12Notation:
    """A set in one version or several; a path must lead somewhere in one of them."""

    problems: Problems
    guides: tuple[Guide, ...]
    ways: Ways = NO_WAYS
    date_hint: str | None = None

    def top(self) -> Level:
        """The set."""
        return _SetLevel(self, tuple((guide, guide.nodes) for guide in self.guides))

    def ignored(self, text: Located) -> "IgnoredElements | None":
        """``CTP*`` and ``CTP``: every element of the segments; else one element."""
        written = text.value.removesuffix("*") if not text.value.endswith(".*") else text.value
        path = self.parsed(text, written, "write CTP, CTP* or CTP01")
        if path is None:
            return None
        wrong = [x12_places.locate(path, level, guide) for guide in self.guides for level in _levels(guide.nodes)]
        if all(isinstance(each, Wrong) for each in wrong):
            first = x12_places.locate(path, self.guides[0].nodes, self.guides[0], self.ways)
            if isinstance(first, Wrong):
                self.problems.at(text.origin, "M040", first.sentence, first.hint)
            return None
        return IgnoredElements(path)

    def parsed(self, text: Located, written: str, how: str = "") -> Path | None:
        """The path of a text (M040)."""
        path = paths.parse(written)
        if isinstance(path, str):
            self.problems.at(text.origin, "M040", path, how or _hint(written))
            return None
        return path

    def data(self, root: Record) -> Iterator[Element]:
        """Every element with text but those of ST and SE, and of segments that only show how others hang together."""
        return x12_reading.data(root)

    def position(self, node: Record, root: Record) -> int:
        """The number of the segment, ST = 1."""
        return root.position_of(node.head) if node.head is not None else 1


@dataclass(frozen=True, slots=True)
class IgnoredElements:
    """Elements that are knowingly not used, wherever in the set the path leads to them."""

    path: Path

    def keys(self, root: Record) -> Iterator[Key]:
        """Their keys."""
        return x12_reading.covered(self.path, root)


@dataclass(frozen=True, slots=True)
class _SetLevel:
    """The set or the inside of a loop, of a segment or of a pair; ``said`` are codes that conditions leave over."""

    notation: X12Notation
    laid: tuple[Laid, ...]
    in_pair: bool = False
    said: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def value(self, text: Located) -> ValuePath | None:
        """The path of one element."""
        if self.in_pair and text.value in (PAIR_KEY, PAIR_VALUE):
            return PairPath(text.value)
        path = self.notation.parsed(text, text.value)
        places = self._located(path, text, one_value=True) if path is not None else []
        if path is None or not places:
            return None
        if not path.last.element and not path.last.pairs:
            behind = max((each.element for each in path.last.conditions), default=0) + 1
            hint = f"name an element: {text.value}{behind:02d}"
            self.notation.problems.at(text.origin, "M041", f"'{text.value}' is a segment, not one value", hint)
            return None
        if path.last.pairs == ("*",):
            hint = f"name a qualifier: {text.value[:-1]}UP"
            self.notation.problems.at(text.origin, "M041", f"'{text.value}' is a list of pairs, not one value", hint)
            return None
        return ElementPath(path, self._codes(path, places))

    def each(self, text: Located) -> tuple[ItemPath, Level] | None:
        """The path of loops, segments or pairs."""
        path = self.notation.parsed(text, text.value)
        places = self._located(path, text) if path is not None else []
        if path is None or not places:
            return None
        last = path.last
        if last.element:
            sentence = f"'{text.value}' is one value; 'each' needs a loop, a segment or pairs"
            hint = f"write {text.value[: -2 - 2 * bool(last.component)]}"
            self.notation.problems.at(text.origin, "M041", sentence, hint)
            return None
        said = {(last.segment, each.element): frozenset(each.values) for each in last.conditions}
        laid = tuple((guide, (place.node,) if last.pairs else place.level) for guide, place in places)
        return InstancePath(path), replace(self, laid=laid, in_pair=bool(last.pairs), said=said)

    def _located(self, path: Path, text: Located, *, one_value: bool = False) -> list[tuple[Guide, x12_places.Place]]:
        """Where the path leads in each version that has it; a problem when none has (M040)."""
        found = [(guide, x12_places.locate(path, level, guide, self.notation.ways)) for guide, level in self.laid]
        places = [(guide, place) for guide, place in found if not isinstance(place, Wrong)]
        wrong = next((place for _, place in found if isinstance(place, Wrong)), None)
        if wrong is not None and not places:
            hints = [wrong.hint] if wrong.hint else []
            if one_value and text.value.isalnum() and not path.last.element:
                hints.append(f"a constant is written ='{text.value}'")
            self.notation.problems.at(text.origin, "M040", wrong.sentence, " ".join(hints))
        return places

    def _codes(self, path: Path, places: list[tuple[Guide, x12_places.Place]]) -> frozenset[str] | None:
        """The codes that may stand in an element: those of all versions, less what conditions leave out."""
        last = path.last
        if last.pairs:
            return None
        own = {each.element: frozenset(each.values) for each in last.conditions}
        narrowed = own.get(last.element) or (
            self.said.get((last.segment, last.element)) if len(path.steps) == 1 and not path.absolute else None
        )
        lists = [spec.codes for _, place in places if (spec := x12_places.component(place, path)) is not None]
        if not lists or any(codes is None for codes in lists):
            return narrowed
        return narrowed or frozenset().union(*(codes for codes in lists if codes is not None))


def _levels(nodes: x12_places.Level) -> Iterator[tuple[Node, ...]]:
    """A level and every level below it."""
    yield nodes
    for node in nodes:
        if isinstance(node, LoopNode):
            yield from _levels(node.body)


def _is_wider(first: Path, later: Path) -> bool:
    """Whether a path reads the same as a later one from the same segments or more of them."""
    if first.absolute != later.absolute or len(first.steps) != len(later.steps):
        return False
    last, other = first.last, later.last
    same = (last.element, last.component) == (other.element, other.component)
    return (
        same
        and set(other.pairs) <= set(last.pairs)
        and all(
            one.segment == two.segment
            and not one.occurrence
            and all(
                any(each.element == own.element and set(each.values) <= set(own.values) for each in two.conditions)
                for own in one.conditions
            )
            for one, two in zip(first.steps, later.steps, strict=True)
        )
    )
