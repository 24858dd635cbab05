"""The path language for X12: parsed once, checked against the guide, read from records."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.formats.record import Record
from gateway.formats.x12.codes import FIRST_PAIR, QUALIFIER

_STEP = re.compile(
    r"(?P<segment>[A-Z][A-Z0-9]{1,2})(?:\((?P<conditions>(?:[^()']|'[^']*')*)\))?"
    r"(?:(?P<element>\d\d)(?:-(?P<component>\d))?|\.(?P<pairs>\*|[A-Z0-9]+(?:\|[A-Z0-9]+)*))?"
)
_CONDITION = re.compile(r"(?:(?P<element>\d\d)=)?(?P<values>.+)$")
PAIR_KEY, PAIR_VALUE = "$key", "$value"


@dataclass(frozen=True, slots=True)
class Condition:
    """An element must have one of the values."""

    element: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A segment with conditions; the last step of a value path also names an element or qualifiers."""

    segment: str
    conditions: tuple[Condition, ...] = ()
    occurrence: int = 0
    every: bool = False
    element: int = 0
    component: int = 0
    pairs: tuple[str, ...] = ()

    def fits(self, segment: Sequence[str]) -> bool:
        """Whether a segment meets every condition."""
        for condition in self.conditions:
            value = segment[condition.element] if condition.element < len(segment) else ""
            if value.strip() not in condition.values:
                return False
        return True

    @property
    def selector(self) -> "Step":
        """The step without what it reads: which segment is meant."""
        return Step(self.segment, self.conditions)


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; ``absolute`` starts at the transaction set instead of the current loop."""

    text: str
    steps: tuple[Step, ...]
    absolute: bool = False

    @property
    def last(self) -> Step:
        """The step that reads."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the segment it stood in."""

    value: str
    where: str


def parse(text: str) -> Path | str:
    """The path of a text, or the sentence that says why it is none.

    >>> parse("N1(ST)/N401").steps[1].element
    1
    """
    parts = _split(text.removeprefix("/"))
    steps: list[Step] = []
    for part in parts:
        step = _step(part)
        if isinstance(step, str):
            return step
        steps.append(step)
    if any(step.element or step.pairs for step in steps[:-1]):
        return f"only the last step of a path names an element (path '{text}')"
    return Path(text, tuple(steps), absolute=text.startswith("/"))


def _split(text: str) -> list[str]:
    """Parts between slashes that stand outside of parentheses."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "/" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def _step(text: str) -> Step | str:
    # greedy, so that 4 characters are a segment of two and an element, 5 a segment of three and an element
    match = _STEP.fullmatch(text)
    if match is None:
        return f"'{text}' is not a segment, element or id-pair"
    segment = match["segment"]
    conditions: list[Condition] = []
    occurrence, every = 0, False
    for part in (each.strip() for each in (match["conditions"] or "").split("&") if each.strip()):
        if part == "#*":
            every = True
        elif part.startswith("#"):
            if not part[1:].isdigit() or part == "#0":
                return f"'{part}' is not an occurrence; write #2 or #*"
            occurrence = int(part[1:])
        else:
            conditions.append(_condition(part, segment))
    pairs = tuple(match["pairs"].split("|")) if match["pairs"] else ()
    return Step(
        segment, tuple(conditions), occurrence, every, int(match["element"] or 0), int(match["component"] or 0), pairs
    )


def _condition(text: str, segment: str) -> Condition:
    match = _CONDITION.match(text)
    element = int(match["element"]) if match and match["element"] else QUALIFIER.get(segment, 1)
    values = match["values"] if match else text
    return Condition(element, tuple(value.strip().strip("'") for value in values.split("|")))


def items(path: Path, record: Record, root: Record) -> list[Record]:
    """What an ``each`` names, in file order: loop instances, segments (as records of their own) or id pairs.

    ``root`` is the transaction set that the record belongs to.
    """
    parents = _parents(path, record, root)
    last = path.last
    if last.pairs:
        return [pair for parent in parents for pair in _pairs(last, parent, root)]
    return [found for parent in parents for found in _instances(last, parent, root)]


def values(path: Path, record: Record, root: Record) -> list[Found]:
    """Every value with text that a path reads, in file order; ``root`` is the set that the record belongs to."""
    last = path.last
    found: list[Found] = []
    for parent in _parents(path, record, root):
        for number, segment in enumerate(_segments(last, parent), start=1):
            if last.occurrence and number != last.occurrence:
                continue
            value = _paired(segment, last) if last.pairs else _element(segment, last, root)
            if value.strip():
                found.append(Found(value, f"segment {root.position_of(segment)}"))
    return found


def segments(path: Path, root: Record) -> list[tuple[Record, list[list[str]]]]:
    """The segments that a path names, by the set or loop instance they belong to; also where there are none."""
    return [(parent, list(_segments(path.last, parent))) for parent in _parents(path, root, root)]


def _parents(path: Path, record: Record, root: Record) -> list[Record]:
    places = [root if path.absolute else record]
    for step in path.steps[:-1]:
        places = [child for each in places for child in each.children.get(step.segment, ()) if _opens(step, child)]
    return places


def _opens(step: Step, child: Record) -> bool:
    return child.head is not None and step.fits(child.head)


def _segments(step: Step, record: Record) -> Iterator[list[str]]:
    if record.head is not None and record.name == step.segment and step.fits(record.head):
        yield record.head
    for segment in record.segments.get(step.segment, ()):
        if step.fits(segment):
            yield segment
    for child in record.children.get(step.segment, ()):
        if child.head is not None and step.fits(child.head):
            yield child.head


def _instances(step: Step, record: Record, root: Record) -> Iterator[Record]:
    for child in record.children.get(step.segment, ()):
        if _opens(step, child):
            yield child
    for segment in record.segments.get(step.segment, ()):
        if step.fits(segment):
            yield Record(step.segment, root.position_of(segment), segment)


def _pairs(step: Step, record: Record, root: Record) -> Iterator[Record]:
    for segment in _segments(step, record):
        position = root.position_of(segment)
        for at in range(FIRST_PAIR[step.segment], len(segment) - 1, 2):
            key, value = segment[at].strip(), segment[at + 1].strip()
            if key and (step.pairs == ("*",) or key in step.pairs):
                yield Record(step.segment, position, segment, {PAIR_KEY: key, PAIR_VALUE: value})


def _paired(segment: Sequence[str], step: Step) -> str:
    """The id after the first of the qualifiers, preferred in their order."""
    present = {
        segment[at].strip(): segment[at + 1]
        for at in range(len(segment) - 2, FIRST_PAIR[step.segment] - 1, -1)
        if (at - FIRST_PAIR[step.segment]) % 2 == 0
    }
    return next((present[code] for code in step.pairs if present.get(code, "").strip()), "")


def _element(segment: Sequence[str], step: Step, root: Record) -> str:
    value = segment[step.element] if step.element < len(segment) else ""
    if not step.component:
        return value
    separator = root.component_separator
    parts = value.split(separator) if separator else [value]
    return parts[step.component - 1] if step.component <= len(parts) else ""
