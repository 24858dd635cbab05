"""Read values and items from the tree of an X12 set, each with the segment and element it stood in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.formats.record import Record
from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.path import PAIR_KEY, PAIR_VALUE, Path, Step
from gateway.kernel.issue import Place

Key = tuple[int, int, int]
"""Segment, element and component, 0 for the whole element."""
Segment = list[str]
Way = tuple[Segment, ...]
"""The first segments of the loops on the way."""

NOT_DATA = {"ST": (), "SE": (), "LS": (), "LE": (), "HL": (1, 2, 4)}
"""Elements that show how a set hangs together and carry nothing else; an empty tuple means all of the segment."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with text, or a component of it; ``way`` are the loops it was reached by."""

    value: str
    segment: Segment
    root: Record
    element: int
    component: int = 0
    way: Way = ()

    @property
    def name(self) -> str:
        """``PO102``, with its component ``SV101-2``."""
        return f"{self.segment[0]}{self.element:02d}" + (f"-{self.component}" if self.component else "")

    @property
    def at(self) -> str:
        """The segment, ST = 1."""
        return f"segment {self.root.position_of(self.segment)}"

    @property
    def key(self) -> Key:
        """Segment, element, component."""
        return self.root.position_of(self.segment), self.element, self.component

    @property
    def place(self) -> Place:
        """The place that an acknowledgment names."""
        at = self.root.position_of(self.segment)
        return Place(self.segment[0], at, element=self.element, component=self.component)


class Pair(Record):
    """A qualifier and its id: the segment as a record of its own; ``at`` is the element of the qualifier."""

    __slots__ = ("at",)

    def __init__(self, segment: Segment, at: int, fields: Mapping[str, str]) -> None:
        super().__init__(segment[0], 0, segment, fields)
        self.at = at


def values(path: Path, node: Record, root: Record) -> list[Element]:
    """Every value with text that a path reads, in the order of the file."""
    last = path.last
    found = []
    for parent, way in _parents(path, node, root):
        for segment in _chosen(last, _segments(last, parent)):
            element = _paired(segment, last) if last.pairs else last.element
            value = _value(segment, element, last.component, root)
            if value.strip():
                # an element without separator is its own first component
                component = 0 if value is segment[element] else last.component
                found.append(Element(value, segment, root, element, component, way))
    return found


def missing(path: Path, node: Record, root: Record) -> Element | None:
    """The element that a path names in the first segment that it leads to, whatever stands in it."""
    last = path.last
    if last.pairs:
        return None
    found = (
        Element("", segment, root, last.element, last.component, way)
        for parent, way in _parents(path, node, root)
        for segment in _chosen(last, _segments(last, parent))
    )
    return next(found, None)


def of_pair(node: Record, half: str, root: Record) -> Sequence[Element]:
    """``$key`` or ``$value`` of a pair."""
    value = node.fields.get(half, "")
    if not value or node.head is None or not isinstance(node, Pair):
        return ()
    return (Element(value, node.head, root, node.at + (half == PAIR_VALUE)),)


def items(path: Path, node: Record, root: Record) -> list[Record]:
    """What an ``each`` names, in the order of the file: loop instances, segments or pairs as records of their own."""
    return [item for item, _ in _items(path, node, root)]


def qualifiers(path: Path, found: Element, root: Record) -> Iterator[Element]:
    """What belongs to a value: elements that conditions looked at, the qualifier of a pair, parts of a composite."""
    yield from _conditions(path, (*found.way, found.segment), root)
    if path.last.pairs:
        yield Element(found.segment[found.element - 1], found.segment, root, found.element - 1)
    if not found.component and root.component_separator and root.component_separator in found.value:
        parts = found.value.split(root.component_separator)
        yield from (Element(part, found.segment, root, found.element, at) for at, part in enumerate(parts, start=1))


def item_qualifiers(path: Path, node: Record, root: Record) -> Iterator[Element]:
    """The elements that the conditions of an ``each`` looked at, and the qualifiers of its pairs."""
    for item, way in _items(path, node, root):
        if item.head is not None:
            yield from _conditions(path, (*way, item.head), root)
            if isinstance(item, Pair):
                yield Element(item.head[item.at], item.head, root, item.at)


def data(root: Record) -> Iterator[Element]:
    """Every element with text, in the order of the file; of composites every component."""
    separator = root.component_separator
    for segment in sorted(_all_segments(root), key=root.position_of):
        hidden = NOT_DATA.get(segment[0])
        if hidden == ():
            continue
        for at, value in enumerate(segment[1:], start=1):
            if not value.strip() or at in (hidden or ()):
                continue
            if not separator or separator not in value:
                yield Element(value, segment, root, at)
                continue
            parts = value.split(separator)
            yield from (
                Element(part, segment, root, at, number) for number, part in enumerate(parts, start=1) if part.strip()
            )


def covered(path: Path, root: Record) -> Iterator[Key]:
    """The keys of what a path leads to from anywhere in the set, of a path without element all elements."""
    last = path.last
    for record in (root,) if path.absolute else _records(root):
        for parent, _ in _parents(path, record, root):
            for segment in _chosen(last, _segments(last, parent)):
                element = _paired(segment, last) if last.pairs else last.element
                wanted = (element,) if element else range(1, len(segment))
                for at in wanted:
                    yield root.position_of(segment), at, last.component
                if last.pairs:
                    yield root.position_of(segment), element - 1, 0


def _parents(path: Path, node: Record, root: Record) -> list[tuple[Record, Way]]:
    """The records in which the last step looks, with the first segments of the loops on the way."""
    places: list[tuple[Record, Way]] = [(root if path.absolute else node, ())]
    for step in path.steps[:-1]:
        places = [
            (child, (*way, child.head))
            for record, way in places
            for child in _chosen_records(step, record)
            if child.head is not None
        ]
    return places


def _chosen_records(step: Step, record: Record) -> list[Record]:
    fitting = [child for child in record.children.get(step.segment, ()) if child.head and step.fits(child.head)]
    return fitting[step.occurrence - 1 : step.occurrence] if step.occurrence else fitting


def _chosen(step: Step, segments: Iterable[Segment]) -> Sequence[Segment]:
    fitting = list(segments)
    return fitting[step.occurrence - 1 : step.occurrence] if step.occurrence else fitting


def _segments(step: Step, record: Record) -> Iterator[Segment]:
    """The segments that meet the conditions: the record's own first one, others of its level, loops inside it."""
    head = record.head
    if head is not None and head[0] == step.segment and step.fits(head):
        yield head
    for segment in record.segments.get(step.segment, ()):
        if step.fits(segment):
            yield segment
    for child in record.children.get(step.segment, ()):
        if child.head is not None and step.fits(child.head):
            yield child.head


def _items(path: Path, node: Record, root: Record) -> Iterator[tuple[Record, Way]]:
    last = path.last
    for parent, way in _parents(path, node, root):
        if last.pairs:
            yield from (
                (pair, way) for segment in _chosen(last, _segments(last, parent)) for pair in _pairs(segment, last)
            )
            continue
        fitting = [child for child in parent.children.get(last.segment, ()) if child.head and last.fits(child.head)]
        fitting += [Record(last.segment, 0, each) for each in parent.segments.get(last.segment, ()) if last.fits(each)]
        yield from ((child, way) for child in _numbered(last, fitting))


def _numbered(step: Step, records: list[Record]) -> list[Record]:
    return records[step.occurrence - 1 : step.occurrence] if step.occurrence else records


def _pairs(segment: Segment, step: Step) -> Iterator[Pair]:
    for at in range(FIRST_PAIR[step.segment], len(segment), 2):
        key, value = segment[at].strip(), segment[at + 1].strip() if at + 1 < len(segment) else ""
        if key and (step.pairs == ("*",) or key in step.pairs):
            fields = {PAIR_KEY: key, PAIR_VALUE: value}
            yield Pair(segment, at, fields)


def _paired(segment: Segment, step: Step) -> int:
    """The element of the id after the first of the qualifiers, preferred in their order; 0 where there is none."""
    for code in step.pairs:
        for at in range(FIRST_PAIR[step.segment], len(segment) - 1, 2):
            if segment[at].strip() == code and segment[at + 1].strip():
                return at + 1
    return 0


def _value(segment: Segment, element: int, component: int, root: Record) -> str:
    value = segment[element] if 0 < element < len(segment) else ""
    if not component:
        return value
    separator = root.component_separator
    if not separator or separator not in value:
        return value if component == 1 else ""
    parts = value.split(separator)
    return parts[component - 1] if component <= len(parts) else ""


def _conditions(path: Path, segments: Sequence[Segment], root: Record) -> Iterator[Element]:
    for step, segment in zip(path.steps, segments, strict=True):
        for condition in step.conditions:
            if condition.element < len(segment):
                yield Element(segment[condition.element], segment, root, condition.element)


def _records(record: Record) -> Iterator[Record]:
    yield record
    for children in record.children.values():
        for child in children:
            yield from _records(child)


def _all_segments(root: Record) -> Iterator[Segment]:
    for record in _records(root):
        if record.head is not None:
            yield record.head
        for segments in record.segments.values():
            yield from segments
