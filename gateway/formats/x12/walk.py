"""Walk one transaction set along its guide: a tree of loops out, every fault of structure and content collected."""

from dataclasses import dataclass
from functools import cache

from gateway.formats.record import Record, Segment
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import check
from gateway.formats.x12.guide import Guide, LoopNode, Node
from gateway.kernel.faults import SegmentFault
from gateway.kernel.issue import Issue, Place

UNPLACED = "?"
_TRAILER = "SE"


@dataclass(frozen=True, slots=True)
class Walked:
    """The set as a tree, and what is wrong with it in file order."""

    record: Record
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """The nodes of one level with an index by the segment id that may stand there."""

    nodes: tuple[Node, ...]
    places: dict[str, tuple[int, ...]]
    inner: "tuple[_Body | None, ...]"


@dataclass(slots=True)
class _Level:
    """Where the walk is in one loop instance: the node reached and how often it was used."""

    body: _Body
    record: Record
    loop_id: str
    at: int = 0
    used: int = 0


def walk(segments: list[Segment], guide: Guide, separators: Separators) -> Walked:
    """Place every segment from ST to SE; what fits nowhere is kept under ``?`` of the level it stood in."""
    walker = _Walker(guide, separators)
    for segment in segments:
        walker.take(segment)
    walker.finish(segments[-1].position + 1 if segments else 1)
    return Walked(walker.root, tuple(walker.issues))


@cache
def _plan(guide: Guide) -> _Body:
    return _body(guide.nodes)


def _body(nodes: tuple[Node, ...]) -> _Body:
    places: dict[str, tuple[int, ...]] = {}
    for at, node in enumerate(nodes):
        places[node.id] = (*places.get(node.id, ()), at)
    return _Body(nodes, places, tuple(_body(node.body) if isinstance(node, LoopNode) else None for node in nodes))


class _Walker:
    """One walk: a stack of levels, the outermost is the set itself."""

    def __init__(self, guide: Guide, separators: Separators) -> None:
        self.guide = guide
        self.separators = separators
        self.root = Record("", component_separator=separators.component, repetition_separator=separators.repetition)
        self.issues: list[Issue] = []
        self.levels = [_Level(_plan(guide), self.root, "")]

    def take(self, segment: Segment) -> None:
        """Put one segment where it belongs and check its elements."""
        found = self._place(segment[0], with_room=True) or self._place(segment[0], with_room=False)
        if found is None:
            self._unplaced(segment)
            return
        depth, at = found
        self._leave(depth, segment)
        self._enter(depth, at, segment)

    def finish(self, position: int) -> None:
        """At the end of the set: what was required and never came. A missing SE is a fault of the set."""
        while self.levels:
            level = self.levels.pop()
            self._missing(level, len(level.body.nodes), position, -1)

    def _place(self, segment_id: str, *, with_room: bool) -> tuple[int, int] | None:
        """The innermost level, and the first node from where the walk stands, that takes the segment."""
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            for at in level.body.places.get(segment_id, ()):
                if at > level.at or (at == level.at and self._may_repeat(level, at, with_room=with_room)):
                    return depth, at
        return None

    def _may_repeat(self, level: _Level, at: int, *, with_room: bool) -> bool:
        maximum = level.body.nodes[at].maximum
        if with_room or level.used == 0:
            return maximum is None or level.used < maximum
        # the trigger of a loop opens the next instance one level up, it never stands twice in one
        return at > 0 or not level.loop_id

    def _leave(self, depth: int, segment: Segment) -> None:
        while len(self.levels) > depth + 1:
            level = self.levels.pop()
            self._missing(level, len(level.body.nodes), segment.position, segment.offset)

    def _enter(self, depth: int, at: int, segment: Segment) -> None:
        level = self.levels[depth]
        if at != level.at:
            self._missing(level, at, segment.position, segment.offset)
            level.at, level.used = at, 0
        level.used += 1
        node = level.body.nodes[at]
        inner = level.body.inner[at]
        if isinstance(node, LoopNode) and inner is not None:
            self._count(level, node.maximum, segment, SegmentFault.LOOP_OVER_MAXIMUM, node.loop_id)
            record = Record(node.id, segment.position, segment, level.record)
            level.record.children.setdefault(node.id, []).append(record)
            level = _Level(inner, record, node.loop_id, 0, 1)
            self.levels.append(level)
        else:
            self._count(level, node.maximum, segment, SegmentFault.OVER_MAXIMUM_USE, level.loop_id)
        level.record.segments.setdefault(segment[0], []).append(segment)
        spec = self.guide.segments[segment[0]]
        place = Place(segment[0], segment.position, level.loop_id, offset=segment.offset)
        self.issues.extend(check(segment, spec, place, self.separators))

    def _count(self, level: _Level, maximum: int | None, segment: Segment, fault: SegmentFault, loop_id: str) -> None:
        if maximum is None or level.used <= maximum:
            return
        what = "loop" if fault is SegmentFault.LOOP_OVER_MAXIMUM else "segment"
        message = f"{segment[0]}: this {what} stands here {level.used} times; at most {maximum} {'is' if maximum == 1 else 'are'} allowed."
        self.issues.append(
            Issue(fault, Place(segment[0], segment.position, loop_id, offset=segment.offset), "", message)
        )

    def _missing(self, level: _Level, until: int, position: int, offset: int) -> None:
        """Required nodes between where the level stands and ``until`` that never came."""
        first = level.at if level.used == 0 else level.at + 1
        for node in level.body.nodes[first:until]:
            if node.required and node.id != _TRAILER:
                where = f"in the loop {level.loop_id}" if level.loop_id else f"in the {self.guide.set_id}"
                message = f"{node.id}: this segment must be there {where} and is missing."
                place = Place(node.id, position, level.loop_id, offset=offset)
                self.issues.append(Issue(SegmentFault.MANDATORY_MISSING, place, "", message))

    def _unplaced(self, segment: Segment) -> None:
        self.levels[-1].record.segments.setdefault(UNPLACED, []).append(segment)
        fault, words = self._why_unplaced(segment[0])
        place = Place(segment[0][:20], segment.position, self.levels[-1].loop_id, offset=segment.offset)
        self.issues.append(Issue(fault, place, segment[0][:20], f"{segment[0][:20]}: {words}"))

    def _why_unplaced(self, segment_id: str) -> tuple[SegmentFault, str]:
        if segment_id in self.guide.segments:
            return (
                SegmentFault.OUT_OF_SEQUENCE,
                "this segment stands where it may not; its place is elsewhere in the set.",
            )
        if segment_id in self.guide.known_segments:
            return SegmentFault.NOT_IN_SET, f"this segment does not belong into a set {self.guide.set_id}."
        return SegmentFault.UNRECOGNIZED, "there is no such segment in this version of the standard."
