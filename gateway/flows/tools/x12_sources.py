"""How a rule would read a datum of an X12 sample: in which group of the parent, through which loops, by which codes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.formats.record import Record
from gateway.formats.x12.codes import FIRST_PAIR, qualifier_element
from gateway.formats.x12.guide import Guide, LoopNode, Node
from gateway.formats.x12.walk import UNPLACED
from gateway.kernel.issue import Place
from gateway.mapping.notations.x12 import InstancePath
from gateway.mapping.planning.inbound_plan import InGroup

Segment = list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A path as it would be written below ``group``, a list of the parent; below the document where that is empty."""

    group: str
    path: str


@dataclass(slots=True)
class Sources:
    """The sources of one set, for a parent with ``plan`` and ``guide``."""

    plan: InGroup
    guide: Guide
    root: Record
    ways: dict[int, tuple[tuple[Segment, ...], Segment]] = field(init=False)
    repeated: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.repeated = frozenset(_repeated(self.guide.nodes))
        self.ways = {self.root.position_of(segment): (loops, segment) for loops, segment in _placed(self.root, ())}

    def of(self, place: Place) -> Source | None:
        """The source of an element; None for a qualifier, which the path of its neighbour names, and where no path leads."""
        loops, segment = self.ways.get(place.position, ((), []))
        spec = self.guide.segments.get(place.segment)
        if not segment or spec is None or place.element > len(spec.elements):
            return None
        last = self._last(segment, place)
        if not last:
            return None
        steps = [*(self._qualified(each) for each in loops), last]
        group = self._group(loops[0] if loops else segment)
        if group:
            steps = steps[1:] if loops else [last.replace(self._qualified(segment), segment[0], 1)]
        return Source(group, "/".join(steps))

    def _group(self, first: Segment) -> str:
        """The list of the parent whose items begin with a segment."""
        for entry in self.plan.entries:
            if isinstance(entry, InGroup) and isinstance(entry.items, InstancePath):
                steps = entry.items.path.steps
                if len(steps) == 1 and not steps[0].pairs and steps[0].segment == first[0] and steps[0].fits(first):
                    return entry.target
        return ""

    def _last(self, segment: Segment, place: Place) -> str:
        first = FIRST_PAIR.get(segment[0])
        if first is not None and place.element >= first:
            is_id = (place.element - first) % 2 == 1
            return f"{segment[0]}.{segment[place.element - 1].strip()}" if is_id else ""
        if self._code(segment) and place.element == qualifier_element(segment[0]):
            return ""
        component = f"-{place.component}" if place.component else ""
        return f"{self._qualified(segment)}{place.element:02d}{component}"

    def _qualified(self, segment: Segment) -> str:
        code = self._code(segment)
        return f"{segment[0]}({code})" if code else segment[0]

    def _code(self, segment: Segment) -> str:
        """What tells this segment from others of its kind: a code of the standard's list, and no data."""
        if segment[0] not in self.repeated:
            return ""
        at = qualifier_element(segment[0])
        spec = self.guide.segments.get(segment[0])
        codes = spec.elements[at - 1].codes if spec is not None else None
        code = segment[at].strip() if at < len(segment) else ""
        return code if codes is not None and code in codes else ""


def _repeated(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The segments that may stand several times somewhere."""
    for node in nodes:
        if node.maximum != 1:
            yield node.id
        if isinstance(node, LoopNode):
            yield from _repeated(node.body)


def _placed(record: Record, loops: tuple[Segment, ...]) -> Iterator[tuple[tuple[Segment, ...], Segment]]:
    """Every segment that has a place, with the first segments of the loops it stands in; a loop's own is in none."""
    inside = loops
    if record.head is not None:
        yield loops, record.head
        inside = (*loops, record.head)
    for name, segments in record.segments.items():
        if name != UNPLACED:
            yield from ((inside, segment) for segment in segments)
    for children in record.children.values():
        for child in children:
            yield from _placed(child, inside)
