"""The reading of one interchange: what is open, what has been counted, what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gateway.formats.x12 import guide, guide_check
from gateway.formats.x12.delimiters import FOLLOWED_HEADER, SEGMENT_LIMIT, IsaFound, Separators
from gateway.formats.x12.group_header import group_faults, header_faults
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuide, PartnerGuides
from gateway.formats.x12.parts import GroupEnded, GroupStarted, InterchangeEnded, Part, SetRead, Ta1Read
from gateway.formats.x12.set_faults import SetFaults, at, number_of
from gateway.formats.x12.set_reading import SetReading
from gateway.formats.x12.source import Source
from gateway.formats.x12.tokens import PADDING, Cutter, Mended, Run, has
from gateway.kernel.faults import GroupFault, InterchangeFault, Repair
from gateway.kernel.issue import FileIssue, Issue, Place
from gateway.kernel.words import counted

_NEXT_ISA = re.compile(r"ISA([^A-Za-z0-9\s])[^\r\n]{0,4}\1")
_EMBEDDED_ISA = re.compile(r"ISA([^A-Za-z0-9\s])[0-9]{2}\1")
MOST_FAULTS = 1000
"""Of the interchange itself; those beyond are counted."""
MOST_GROUPS = 99_999
"""What IEA01 can count."""
MOST_SEGMENTS = 1_000_000
MOST_NUMBERS = 100_000
"""How many control numbers of groups are remembered within one interchange."""
MOST_SETS = 999_999
"""What AK902 to AK904 can count."""
_SERVICES = {
    "ISB": (InterchangeFault.GRADE_OF_SERVICE, "a grade of service"),
    "ISE": (InterchangeFault.DEFERRED_DELIVERY, "a delivery at another time"),
}
"""What an interchange may ask for between ISA and the first group (X12.5)."""
_ENDLESS = "64 KiB follow without a segment terminator"
_SHOWN_ID = 20
_SHOWN_STRAY = 5


@dataclass(slots=True)
class _Group:
    """One functional group while it is open."""

    start: GroupStarted
    version: str | None
    separators: Separators
    issues: list[Issue] = field(default_factory=list)
    faults: SetFaults = field(default_factory=SetFaults)
    sets: int = 0


class InterchangeReading:
    """From behind the ISA to the IEA; ``position`` is where reading goes on afterwards."""

    def __init__(
        self, source: Source, found: IsaFound, issues: tuple[Issue, ...], guides: PartnerGuides = NO_GUIDES,
        line_end: str | None = None,
    ) -> None:  # fmt: skip
        """``line_end`` is what follows each segment; it is looked for behind the header where that is not said."""
        self.source = source
        self.guides = guides
        self.partner_guide: PartnerGuide | None = None
        self.elements = found.elements
        self.separators = found.separators
        self.header = "ST" + found.separators.element
        self.position = found.end
        self.mended = Mended()
        self.line_end = _decoration(source, found.end) if line_end is None else line_end
        self.cutter = Cutter(self.separators, self.line_end, self.mended)
        self.issues = list(issues)
        self.told: set[tuple[InterchangeFault, bool]] = set()
        self.untold = 0
        self.groups = 0
        self.sets = 0
        self.group_numbers: set[int] = set()
        self.group: _Group | None = None
        self.set: SetReading | None = None
        self.last = "the header"
        self.finished = False
        self.broken = ""

    def parts(self) -> Iterator[Part]:
        """Groups, sets, and at the end the repairs and the interchange's own faults."""
        while not self.finished and not self.broken:
            run = self._next_run()
            if run is None:
                break
            yield from self._take(run)
        yield from self._end()

    def part_of_group(self, group: tuple[str, ...]) -> Iterator[SetRead]:
        """The sets of a part of a group whose GS has these elements, where the source holds nothing else."""
        self._open_group(list(group), self.position)
        while (run := self._next_run()) is not None:
            yield from (part for part in self._take(run) if isinstance(part, SetRead))

    def _next_run(self) -> Run | None:
        """The next segments, whole ones; None at the end of the file or where no terminator comes."""
        source = self.source
        source.forget(self.position)
        while not (size := self.cutter.cut(source.text[: (until := _next_header(source.text))])):
            if until < len(source.text):
                return self._cut_off(until)
            if len(source.text) > SEGMENT_LIMIT:
                self.broken = _ENDLESS
                return None
            if not source.more():
                return self._last_run()
        run = self.cutter.run(source.text[:size], self.position)
        self.position += size
        return run

    def _cut_off(self, until: int) -> Run | None:
        """What stands before the header of another interchange: an IEA without its terminator, or half a segment."""
        run = self._last_run(until)
        if run is None:
            begun = self.source.text[:until].strip()
            self.broken = f"a new ISA begins{' within a segment' if begun else ''}"
            self.position += until
        return run

    def _last_run(self, until: int | None = None) -> Run | None:
        """An IEA that has everything but its terminator."""
        remaining = self.source.text[:until]
        if not remaining.lstrip(" \t\r\n").startswith("IEA" + self.separators.element):
            return None
        text = self.cutter.last(remaining, self.position)
        begin = self.position + remaining.find("IEA")
        self.mended.note(Repair.MISSING_LAST_TERMINATOR, begin)
        self.position += len(remaining.rstrip(PADDING))  # what follows is told by whoever goes on
        return Run([text], begin, 0, offsets=[begin], ends=[self.position])

    def _take(self, run: Run) -> Iterator[Part]:
        index = 0
        while index < len(run.texts) and not self.finished and not self.broken:
            if self.set is None:
                if self.group is not None and run.texts[index].startswith(self.header):
                    self.set = self._open_set(run.texts[index].split(self.separators.element))
                else:
                    yield from self._control(run, index)
                if self.set is None:
                    index += 1
                    continue
            index = self.set.feed(run, index)
            if len(self.set.text.texts) > MOST_SEGMENTS:
                self.broken = f"a set has more than {MOST_SEGMENTS:,} segments"
                self.set.guide = None  # nothing of it is looked at any more
            if self.set.complete or index < len(run.texts):
                yield from self._close_set()
        self.last = self._describe(run, index)

    def _control(self, run: Run, index: int) -> Iterator[Part]:
        """A segment outside of any set; a set is open afterwards if it begins one."""
        text = run.texts[index]
        elements = text.split(self.separators.element)
        name = elements[0]
        offset = run.offset(index)  # not before: it takes counting through the run
        if name == "IEA":
            yield from self._close_group(None, offset)
            self._trailer(self._without_isa(run, index).split(self.separators.element), offset)
            self.finished = True
        elif name.startswith("ISA") and _NEXT_ISA.match(text):
            self.broken = "a new ISA begins"
            self.position = offset
        elif name == "GS":
            yield from self._close_group(None, offset)
            yield self._open_group(elements, offset)
        elif name == "GE" and self.group is not None:
            yield from self._close_group(elements, offset)
        elif self.group is not None:
            self.set = self._open_set(elements)
        elif name == "TA1" and self.groups == 0:
            yield Ta1Read(tuple(elements), offset)
        elif name in _SERVICES and self.groups == 0:
            fault, what = _SERVICES[name]
            message = f"{name} asks for {what}, which is not offered; the interchange is taken at once."
            self._fault(fault, name, offset, message)
        else:
            name = name[:_SHOWN_ID]
            message = f"{name}: this segment stands outside of any functional group."
            self._fault(InterchangeFault.CONTROL_STRUCTURE, name, offset, message)

    def _without_isa(self, run: Run, index: int) -> str:
        """The text of an IEA, without the ISA that it swallowed where its own terminator is missing."""
        text = run.texts[index]
        embedded = _EMBEDDED_ISA.search(text)
        if embedded is None:
            self.position = run.end(index)
            return text
        self.mended.note(Repair.MISSING_LAST_TERMINATOR, run.offset(index))
        self.position = run.offset(index) + embedded.start()
        return text[: embedded.start()]

    def _open_group(self, elements: list[str], offset: int) -> GroupStarted:
        self.groups += 1
        if self.groups > MOST_GROUPS:
            self.broken = f"there are more than {MOST_GROUPS:,} groups"
        start = GroupStarted(tuple(elements), offset)
        version = guide.base_version(start.element(8))
        separators = self.separators
        if version is not None and not guide.has_repetitions(version):
            separators = replace(separators, repetition="")
        self.group = _Group(start, version, separators)
        self.group.issues += group_faults(start, version)
        self.group.issues += self._used_before(start)
        for position, words, noted in header_faults(start):
            self._fault(InterchangeFault.INVALID_CONTENT, "GS", offset, words, element=position, noted=noted)
        return start

    def _used_before(self, start: GroupStarted) -> Iterator[Issue]:
        number = number_of(start.element(6))
        if number in self.group_numbers:
            message = f"GS06: the control number {start.element(6)} was used before in this interchange."
            place = Place("GS", 0, "", 6, offset=start.offset)
            yield Issue(GroupFault.CONTROL_NUMBER_NOT_UNIQUE, place, start.element(6), message)
        elif number >= 0 and len(self.group_numbers) < MOST_NUMBERS:
            self.group_numbers.add(number)

    def _open_set(self, elements: list[str]) -> SetReading:
        group = self.group
        layout: Guide | None = None
        separators = self.separators
        if group is not None:
            separators = group.separators
            if group.version is not None and elements[0] == "ST":
                set_id = at(elements, 1)
                self.partner_guide = self.guides.get((set_id, group.version))
                layout = self.partner_guide.agreed if self.partner_guide else guide.load(group.version, set_id)
        return SetReading(layout, separators)

    def _close_set(self) -> Iterator[Part]:
        reading, self.set = self.set, None
        group = self.group
        if reading is None or group is None:
            return
        if _is_stray(reading):
            self._stray(reading)
            return
        group.sets += 1
        self.sets += 1
        if self.sets > MOST_SETS:
            self.broken = f"there are more than {MOST_SETS:,} sets"
        found = group.faults.of(reading, group.version, group.start.element(1))
        inner, walked = reading.finish()
        read = SetRead(found, (*found.issues, *inner), reading, walked)
        partner_guide, self.partner_guide = self.partner_guide, None
        yield read if partner_guide is None or reading.guide is None else guide_check.compared(read, partner_guide)

    def _stray(self, reading: SetReading) -> None:
        """Segments between two sets that are none: told, and no set is harmed by them."""
        names = [text.partition(self.separators.element)[0][:_SHOWN_ID] for text in reading.text.texts[:_SHOWN_STRAY]]
        more = len(reading.text.texts) - len(names)
        words = f"{', '.join(names)}{f' and {more} more segments' if more else ''}"
        message = f"{words}: this stands between two transaction sets (ST to SE) and belongs to none."
        self._fault(InterchangeFault.INVALID_CONTENT, names[0], reading.text.offset(0), message, noted=True)

    def _close_group(self, trailer: list[str] | None, offset: int) -> Iterator[Part]:
        yield from self._close_set()
        group, self.group = self.group, None
        if group is None:
            return
        number = group.start.element(6)
        if trailer is None:
            message = f"Group {number} has no trailer (GE)."
            yield GroupEnded("", (*group.issues, Issue(GroupFault.TRAILER_MISSING, Place("GE"), "", message)))
            return
        place = Place("GE", offset=offset)
        included, closing = at(trailer, 1), at(trailer, 2)
        if closing != number and (number_of(closing) != number_of(number) or number_of(number) < 0):
            message = f"GE02 is '{closing}', GS06 is '{number}'; both must be the same."
            group.issues.append(Issue(GroupFault.CONTROL_NUMBER_MISMATCH, place, closing, message))
        if number_of(included) != group.sets:
            message = f"GE01 says {included or 'nothing'}, the group has {counted(group.sets, 'set')}."
            group.issues.append(Issue(GroupFault.SET_COUNT, place, included, message))
        yield GroupEnded(included, tuple(group.issues))

    def _trailer(self, elements: list[str], offset: int) -> None:
        count, number = at(elements, 1), at(elements, 2)
        opened = self.elements[13]
        if number != opened:
            message = f"IEA02 is '{number}', ISA13 is '{opened}'; both must be the same."
            self._fault(InterchangeFault.CONTROL_NUMBER_MISMATCH, "IEA", offset, message)
        alone = self.groups == 0 and number_of(count) in (0, 1)  # a TA1 alone travels with 0 or 1
        if number_of(count) != self.groups and not alone:
            message = f"IEA01 says {count or 'nothing'}, the interchange has {counted(self.groups, 'group')}."
            self._fault(InterchangeFault.GROUP_COUNT, "IEA", offset, message)

    def _end(self) -> Iterator[Part]:
        number = self.elements[13]
        yield from self._close_group(None, self.position)
        yield from self.mended.done()
        if self.untold:
            message = f"And {self.untold:,} more faults of these kinds in the interchange."
            self.issues.append(Issue(InterchangeFault.INVALID_CONTENT, Place(), "", message, noted=True))
        if self.finished:
            yield InterchangeEnded(tuple(self.issues), complete=True)
            return
        if self.broken:
            message = f"Interchange {number} was not read to a trailer (IEA): {self.broken} after {self.last}."
            self._fault(InterchangeFault.IMPROPER_END, "IEA", self.position, message)
            endless = self.broken == _ENDLESS
            yield InterchangeEnded(tuple(self.issues), complete=not endless)
            if endless:
                yield FileIssue("X-ISA", self.position, f"{message} Ask the sender for a file that has one.")
            return
        offset = self.position = self.source.end
        message = (
            f"Interchange {number} ends without its trailer (IEA); the last whole segment is {self.last}. "
            "Ask the sender for the whole file."
        )
        self._fault(InterchangeFault.IMPROPER_END, "IEA", offset, message)
        yield InterchangeEnded(tuple(self.issues), complete=False)
        yield FileIssue("X-TRUNCATED", offset, message)

    def _describe(self, run: Run, index: int) -> str:
        """The last segment taken, for a message about where the file breaks off."""
        if index == 0:
            return self.last
        name = run.texts[index - 1].partition(self.separators.element)[0][:_SHOWN_ID]
        if self.set is not None:
            first = self.set.text.texts[0].split(self.separators.element)
            return f"{name}, segment {len(self.set.text.texts)} of set {at(first, 2)}"
        return f"{name} in group {self.group.start.element(6)}" if self.group is not None else name

    def _fault(
        self, fault: InterchangeFault, segment: str, offset: int, message: str, *, element: int = 0, noted: bool = False
    ) -> None:
        kind = fault, noted
        if len(self.issues) >= MOST_FAULTS and kind in self.told:
            self.untold += 1
            return
        self.told.add(kind)
        self.issues.append(Issue(fault, Place(segment, 0, "", element, offset=offset), "", message, noted))


def _next_header(text: str) -> int:
    """Where the next interchange surely begins, also within a segment that was cut off; else the end of the text."""
    found = FOLLOWED_HEADER.search(text) if has(text, "ISA") else None
    return found.start() if found else len(text)


def _decoration(source: Source, offset: int) -> str:
    """The line end that follows the ISA and so, probably, each segment."""
    following = source.window(offset, 2)
    if following.startswith("\r\n"):
        return "\r\n"
    return "\n" if following.startswith("\n") else ""


def _is_stray(reading: SetReading) -> bool:
    """Whether segments without an ST are no set either: nothing ends them, or an SE is all there is."""
    if reading.begins_with_header:
        return False
    return not reading.complete or len(reading.text.texts) == 1
