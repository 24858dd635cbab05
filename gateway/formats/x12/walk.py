"""Walk one transaction set along its guide: a tree of loops out, every fault of structure and content collected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.formats.record import Record, Segment, SetRecord
from gateway.formats.x12.accept import Checks, is_plain
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import check, label
from gateway.formats.x12.guide import Guide, LoopNode, SegmentSpec
from gateway.formats.x12.hierarchy import LINKED, Hierarchy
from gateway.formats.x12.places import Level, is_passed, missing, place, plan
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import Issue, Place

UNPLACED = "?"
MOST_FAULTS = 10_000
"""In one set."""
_SHOWN_ID = 20


@dataclass(frozen=True, slots=True)
class Walked:
    """The set as a tree, and what is wrong with it in file order."""

    record: SetRecord
    issues: tuple[Issue, ...]


def walk(
    segments: Sequence[Segment], guide: Guide, separators: Separators, checks: Mapping[str, Checks] | None = None
) -> Walked:
    """Place every segment from ST to SE; what fits nowhere is kept under ``?`` of the level it stood in.

    With ``checks`` the elements of a segment that they accept are not looked at one by one; the result is the same.
    """
    walker = _Walker(segments, guide, separators, checks or {})
    for segment in segments:
        walker.take(segment)
        if len(walker.issues) > MOST_FAULTS:
            del walker.issues[MOST_FAULTS + 1 :]  # one more than is told: there are more
    walker.finish(segments[-1].position + 1 if segments else 1)
    return Walked(walker.root, tuple(walker.issues))


class _Walker:
    """One walk: a stack of levels with their records, the outermost is the set itself."""

    def __init__(
        self, segments: Sequence[Segment], guide: Guide, separators: Separators, checks: Mapping[str, Checks]
    ) -> None:
        self.guide = guide
        self.checks = checks
        self.separators = separators
        self.root = SetRecord(segments, separators.component, separators.repetition)
        self.issues: list[Issue] = []
        self.levels = [Level(plan(guide), "")]
        self.records: list[Record] = [self.root]
        self.hierarchy = Hierarchy()

    def take(self, segment: Segment) -> None:
        """Put one segment where it belongs and check its elements."""
        found = place(self.levels, segment[0], with_room=True) or place(self.levels, segment[0], with_room=False)
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

    def _leave(self, depth: int, segment: Segment) -> None:
        while len(self.levels) > depth + 1:
            level = self.levels.pop()
            self.records.pop()
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
            record = Record(node.id, 0, segment)
            self.records[-1].children.setdefault(node.id, []).append(record)
            level = Level(inner, node.loop_id, 0, 1)
            self.levels.append(level)
            self.records.append(record)
        else:
            self._count(level, node.maximum, segment, SegmentFault.OVER_MAXIMUM_USE, level.loop_id)
            self.records[-1].segments.setdefault(segment[0], []).append(segment)
        self._check(segment, self.guide.segments[segment[0]], level.loop_id)

    def _check(self, segment: Segment, spec: SegmentSpec, loop_id: str) -> None:
        at = Place(segment[0], segment.position, loop_id, offset=segment.offset)
        checks = self.checks.get(segment[0])
        if checks is None or not is_plain(segment, self.separators) or not checks[len(segment)](segment):
            self.issues.extend(check(segment, spec, at, self.separators))
        wrong = self.hierarchy.take(segment) if segment[0] in LINKED else None
        if wrong is not None:
            element, words = wrong
            where = replace(at, element=element, reference=spec.elements[element - 1].reference)
            message = f"{label(where, spec.elements[element - 1])}: {words}"
            self.issues.append(Issue(ElementFault.INVALID_CODE, where, segment[element], message))

    def _count(self, level: Level, maximum: int | None, segment: Segment, fault: SegmentFault, loop_id: str) -> None:
        if maximum is None or level.used <= maximum:
            return
        what = "loop" if fault is SegmentFault.LOOP_OVER_MAXIMUM else "segment"
        message = f"{segment[0]}: this {what} stands here {level.used} times; at most {maximum} {'is' if maximum == 1 else 'are'} allowed."
        self.issues.append(
            Issue(fault, Place(segment[0], segment.position, loop_id, offset=segment.offset), "", message)
        )

    def _missing(self, level: Level, until: int, position: int, offset: int) -> None:
        for node in missing(level, until):
            where = f"in the loop {level.loop_id}" if level.loop_id else f"in the {self.guide.set_id}"
            message = f"{node.id}: this segment must be there {where} and is missing."
            at = Place(node.id, position, level.loop_id, offset=offset)
            self.issues.append(Issue(SegmentFault.MANDATORY_MISSING, at, "", message))

    def _unplaced(self, segment: Segment) -> None:
        self.records[-1].segments.setdefault(UNPLACED, []).append(segment)
        fault, words = self._why_unplaced(segment[0])
        name = segment[0][:_SHOWN_ID]
        at = Place(name, segment.position, self.levels[-1].loop_id, offset=segment.offset)
        self.issues.append(Issue(fault, at, name, f"{name or 'A segment without a name'}: {words}"))

    def _why_unplaced(self, segment_id: str) -> tuple[SegmentFault, str]:
        """AK304 1, 6, 2 or 7: not in the standard, not in this set, in no loop that is open, or too late."""
        if segment_id not in self.guide.known_segments:
            return SegmentFault.UNRECOGNIZED, "there is no such segment in this version of the standard."
        if segment_id not in self.guide.segments:
            return SegmentFault.NOT_IN_SET, f"this segment does not belong into a set {self.guide.set_id}."
        if is_passed(self.levels, segment_id):
            words = "this segment comes too late; its place in the set has passed."
            return SegmentFault.OUT_OF_SEQUENCE, words
        return SegmentFault.UNEXPECTED, "this segment is not expected here; it belongs into a loop that is not open."
