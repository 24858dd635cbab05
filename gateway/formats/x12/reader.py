"""Read X12 as a stream of parts: interchanges, groups, one walked set at a time, and every fault on the way."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from gateway.formats.record import Record, Segment
from gateway.formats.x12 import guide, header
from gateway.formats.x12.delimiters import IsaFound, IsaUnreadable, Separators, find
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.tokens import Broken, Mended, Token, next_isa, tokens
from gateway.formats.x12.walk import UNPLACED, walk
from gateway.kernel.faults import GroupFault, InterchangeFault, Repair, SetFault
from gateway.kernel.issue import FileIssue, Issue, Place, RepairDone

_BLANK = b" \t\r\n\x00\x1a"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class InterchangeStarted:
    """An ISA that could be read: its elements as sent and the separators in force."""

    elements: tuple[str, ...]
    separators: Separators
    offset: int


@dataclass(frozen=True, slots=True)
class GroupStarted:
    """A GS: its elements as sent; missing ones are empty."""

    elements: tuple[str, ...]
    offset: int

    def element(self, at: int) -> str:
        """GS element ``at``, empty when it is not there."""
        return self.elements[at] if at < len(self.elements) else ""


@dataclass(frozen=True, slots=True)
class SetRead:
    """One ST..SE as a tree with all its faults in file order; an unsupported one has a tree without structure.

    ``segments`` are ST to SE as they stand in the file, ``guide`` is the standard's (None when unsupported).
    """

    set_id: str
    control_number: str
    record: Record
    issues: tuple[Issue, ...]
    segments: tuple[Segment, ...]
    guide: Guide | None
    separators: Separators


@dataclass(frozen=True, slots=True)
class GroupEnded:
    """The end of a group; ``included`` is GE01 as sent, empty when GE is missing."""

    included: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class InterchangeEnded:
    """The end of an interchange; ``complete`` is false when the file ended before its IEA."""

    issues: tuple[Issue, ...]
    complete: bool


Part = InterchangeStarted | GroupStarted | SetRead | GroupEnded | InterchangeEnded | RepairDone | FileIssue


def read(source: bytes) -> Iterator[Part]:
    """Every part of a file, in order; never raises for what stands in it.

    After an interchange that cannot be read, reading goes on at the next ISA.
    """
    position = next_isa(source, 0)
    yield from _before_first(source, position)
    while position >= 0:
        found = find(source, position)
        if isinstance(found, IsaUnreadable):
            yield FileIssue("X-ISA", position, found.reason)
            position = next_isa(source, position + 3)
            continue
        end = yield from _Interchange(source, position, found).parts()
        position = next_isa(source, end)
        between = source[end : position if position >= 0 else len(source)].strip(_BLANK)
        if between:
            message = f"{len(between)} bytes after the interchange belong to none and were passed over."
            yield RepairDone(Repair.GARBAGE, end, message)


def _before_first(source: bytes, first: int) -> Iterator[Part]:
    if first < 0:
        yield FileIssue("X-ISA", 0, "The file has no interchange header (ISA).")
        return
    before = source[:first]
    if before.startswith(_BOM):
        yield RepairDone(Repair.BOM, 0, "A byte order mark before the interchange was passed over.")
        before = before.removeprefix(_BOM)
    if before.strip(_BLANK):
        yield RepairDone(
            Repair.GARBAGE, 0, f"{len(before)} bytes before the interchange belong to none and were passed over."
        )
    elif before:
        yield RepairDone(Repair.LEADING_BLANKS, 0, "Blanks before the interchange were passed over.")


class _Interchange:
    """The reading of one interchange: what is open, what has been counted, what is wrong."""

    def __init__(self, source: bytes, start: int, found: IsaFound) -> None:
        self.source = source
        self.start = start
        self.found = found
        self.separators = found.separators
        self.issues: list[Issue] = list(header.check(found.elements, start))
        self.groups = 0
        self.group: GroupStarted | None = None
        self.group_issues: list[Issue] = []
        self.version: str | None = None
        self.sets = 0
        self.numbers: set[str] = set()
        self.segments: list[Segment] = []
        self.finished = False

    def parts(self) -> Generator[Part, None, int]:
        """The parts of this interchange; returns the offset behind it."""
        yield from self.found.repairs
        yield InterchangeStarted(self.found.elements, self.separators, self.start)
        mended = Mended()
        end = self.found.end
        broken: Broken | None = None
        for token in tokens(self.source, self.found.end, self.separators, mended, keep_trailing=False):
            if isinstance(token, Broken):
                broken = token
                break
            end = token.end
            yield from self._segment(token)
            if self.finished:
                break
        yield from mended.done()
        yield from self._end(broken)
        return end if broken is None else max(end, broken.offset)

    def _segment(self, token: Token) -> Iterator[Part]:
        name = token.elements[0]
        if name == "ST" and self.group is not None:
            yield from self._close_set(None)
            self.segments = [Segment(token.elements, 1, token.offset)]
        elif name == "SE" and self.segments:
            yield from self._close_set(token)
        elif name == "GS":
            yield from self._close_group(None)
            self._open_group(token)
            if self.group is not None:
                yield self.group
        elif name == "GE" and self.group is not None:
            yield from self._close_group(token)
        elif name == "IEA":
            yield from self._close_group(None)
            self._trailer(token)
            self.finished = True
        elif self.segments:
            self.segments.append(Segment(token.elements, len(self.segments) + 1, token.offset))
        elif name != "TA1" or self.group is not None:
            message = f"{name[:20]}: this segment stands outside of any transaction set."
            self._fault(InterchangeFault.CONTROL_STRUCTURE, name[:20], token.offset, message)

    def _open_group(self, token: Token) -> None:
        self.groups += 1
        self.group = GroupStarted(tuple(token.elements), token.offset)
        self.group_issues = []
        self.sets = 0
        self.numbers = set()
        version = self.group.element(8)
        self.version = guide.base_version(version)
        if self.version is None:
            message = f"Version '{version}' of the group is not supported; supported are {', '.join(guide.versions())}."
            place = Place("GS", 0, "", 8, offset=token.offset)
            self.group_issues.append(Issue(GroupFault.VERSION_NOT_SUPPORTED, place, version, message))
        if not _is_number(self.group.element(6)):
            message = (
                f"GS06, the control number of the group: '{self.group.element(6)}' is not a number of 1 to 9 digits."
            )
            place = Place("GS", 0, "", 6, offset=token.offset)
            self.group_issues.append(Issue(GroupFault.CONTROL_NUMBER_SYNTAX, place, self.group.element(6), message))
        for at, what in ((1, "the functional id"), (2, "the sender"), (3, "the receiver")):
            if not self.group.element(at):
                self._fault(InterchangeFault.INVALID_CONTENT, "GS", token.offset, f"GS{at:02d}, {what}, is missing.")

    def _close_set(self, trailer: Token | None) -> Iterator[Part]:
        if not self.segments:
            return
        segments, self.segments = self.segments, []
        if trailer is not None:
            segments.append(Segment(trailer.elements, len(segments) + 1, trailer.offset))
        self.sets += 1
        start = segments[0]
        set_id, number = _at(start, 1), _at(start, 2)
        own = list(self._set_faults(segments, complete=trailer is not None))
        record = Record("")
        inner: tuple[Issue, ...] = ()
        layout = self._layout(set_id, start, own)
        if layout is not None:
            walked = walk(segments, layout, self.separators)
            record, inner = walked.record, walked.issues
        else:
            record.segments[UNPLACED] = segments
        yield SetRead(set_id, number, record, (*own, *inner), tuple(segments), layout, self.separators)

    def _layout(self, set_id: str, start: Segment, own: list[Issue]) -> Guide | None:
        """The guide of a set; where there is none the reason is added to its faults."""
        if self.version is None or self.group is None:
            return None
        layout = guide.load(self.version, set_id)
        place = Place("ST", 1, "", 1, reference="143", offset=start.offset)
        if layout is None:
            message = f"Set '{set_id}' is not supported in version {self.version}."
            own.append(Issue(SetFault.NOT_SUPPORTED, place, set_id, message))
        elif layout.functional_group != self.group.element(1):
            message = f"Set {set_id} does not belong into a group '{self.group.element(1)}' but into '{layout.functional_group}'."
            own.append(Issue(SetFault.SET_ID, place, set_id, message))
        return layout

    def _set_faults(self, segments: list[Segment], *, complete: bool) -> Iterator[Issue]:
        start, last = segments[0], segments[-1]
        number = _at(start, 2)
        place = Place("SE", last.position, offset=last.offset)
        key = number.lstrip("0")
        if number and key in self.numbers:
            message = f"ST02: the control number {number} was used before in this group."
            yield Issue(SetFault.CONTROL_NUMBER_NOT_UNIQUE, Place("ST", 1, "", 2, offset=start.offset), number, message)
        self.numbers.add(key)
        if not complete:
            yield Issue(SetFault.TRAILER_MISSING, place, "", f"Set {number} has no trailer (SE).")
            return
        if _at(last, 2) != number:
            message = f"SE02 is '{_at(last, 2)}', ST02 is '{number}'; both must be the same."
            yield Issue(SetFault.CONTROL_NUMBER_MISMATCH, place, _at(last, 2), message)
        if _number(_at(last, 1)) != len(segments):
            message = f"SE01 says {_at(last, 1) or 'nothing'}, the set has {len(segments)} segments."
            yield Issue(SetFault.SEGMENT_COUNT, place, _at(last, 1), message)

    def _close_group(self, trailer: Token | None) -> Iterator[Part]:
        yield from self._close_set(None)
        group, self.group = self.group, None
        if group is None:
            return
        number = group.element(6)
        if trailer is None:
            message = f"Group {number} has no trailer (GE)."
            self.group_issues.append(Issue(GroupFault.TRAILER_MISSING, Place("GE"), "", message))
            yield GroupEnded("", tuple(self.group_issues))
            return
        place = Place("GE", offset=trailer.offset)
        included, closing = _at(trailer.elements, 1), _at(trailer.elements, 2)
        if closing != number and _number(closing) != _number(number):
            message = f"GE02 is '{closing}', GS06 is '{number}'; both must be the same."
            self.group_issues.append(Issue(GroupFault.CONTROL_NUMBER_MISMATCH, place, closing, message))
        if _number(included) != self.sets:
            message = f"GE01 says {included or 'nothing'}, the group has {self.sets} sets."
            self.group_issues.append(Issue(GroupFault.SET_COUNT, place, included, message))
        yield GroupEnded(included, tuple(self.group_issues))

    def _trailer(self, token: Token) -> None:
        count, number = _at(token.elements, 1), _at(token.elements, 2)
        opened = self.found.elements[13]
        if number != opened:
            message = f"IEA02 is '{number}', ISA13 is '{opened}'; both must be the same."
            self._fault(InterchangeFault.CONTROL_NUMBER_MISMATCH, "IEA", token.offset, message)
        alone = self.groups == 0 and _number(count) in (0, 1)  # a TA1 alone travels with 0 or 1
        if _number(count) != self.groups and not alone:
            message = f"IEA01 says {count or 'nothing'}, the interchange has {self.groups} groups."
            self._fault(InterchangeFault.GROUP_COUNT, "IEA", token.offset, message)

    def _end(self, broken: Broken | None) -> Iterator[Part]:
        if self.finished:
            yield InterchangeEnded(tuple(self.issues), complete=True)
            return
        last = self._last_good()
        yield from self._close_group(None)
        number = self.found.elements[13]
        if broken is not None and not broken.at_end:
            what = "a new ISA begins" if broken.is_isa else "64 KiB follow without a segment terminator"
            message = f"Interchange {number} has no trailer (IEA): {what} after {last}."
            self._fault(InterchangeFault.IMPROPER_END, "IEA", broken.offset, message)
            yield InterchangeEnded(tuple(self.issues), complete=True)
            return
        offset = broken.offset if broken is not None else len(self.source)
        message = f"Interchange {number} ends without its trailer (IEA); the last whole segment is {last}."
        self._fault(InterchangeFault.IMPROPER_END, "IEA", offset, message)
        yield InterchangeEnded(tuple(self.issues), complete=False)
        yield FileIssue("X-TRUNCATED", offset, message)

    def _last_good(self) -> str:
        if self.segments:
            segment = self.segments[-1]
            return f"{segment[0][:20]}, segment {segment.position} of set {_at(self.segments[0], 2)}"
        return f"in group {self.group.element(6)}" if self.group is not None else "the header"

    def _fault(self, fault: InterchangeFault, segment: str, offset: int, message: str) -> None:
        self.issues.append(Issue(fault, Place(segment, offset=offset), "", message))


def _at(elements: list[str], at: int) -> str:
    return elements[at] if at < len(elements) else ""


def _number(text: str) -> int:
    return int(text) if _is_number(text) else -1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9  # noqa: PLR2004 - control numbers have 9 digits
