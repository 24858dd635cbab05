"""Read X12 as a stream of parts: interchanges, groups, one set at a time, and every fault on the way."""

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from gateway.formats.x12 import header
from gateway.formats.x12.delimiters import ISA, ISA_WINDOW, IsaFound, IsaUnreadable, IsaUnusable, find
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuides
from gateway.formats.x12.interchange import InterchangeReading
from gateway.formats.x12.parts import GroupStarted, InterchangeEnded, InterchangeStarted, Part, SetRead
from gateway.formats.x12.source import CHUNK, Source
from gateway.kernel.faults import Repair
from gateway.kernel.issue import FileIssue, Issue, Place, RepairDone

MOST_OF_A_KIND = 100
_KEEP = 120
_BOM = "\xef\xbb\xbf"
_LINE_ENDS = "\r\n"
_BLANKS = " \t\r\n\v\f\x00\x1a"


def read(content: bytes | BinaryIO, guides: PartnerGuides = NO_GUIDES) -> Iterator[Part]:
    """Every part of a file, in order; never raises for what stands in it. A binary file is read in windows.

    After an interchange that cannot be read, reading goes on at the next ISA. No byte is passed over in silence.
    ``guides``: what was agreed with the partner about single sets.
    """
    told = _Told()
    for part in _parts(Source(content), guides):
        if isinstance(part, (FileIssue, RepairDone)):
            yield from told.first(part)
        else:
            yield part
    yield from told.rest()


def sets(
    content: bytes, offset: int, start: InterchangeStarted, group: GroupStarted, guides: PartnerGuides = NO_GUIDES
) -> Iterator[SetRead]:
    """The sets in a part of a file that begins at an ``offset``, within this interchange and group, as ``read`` gives them.

    The part begins at an ST and ends behind an SE of one group. Faults that a set has only among the others of its
    group, such as a control number used twice, are seen only where those others are in the part.
    """
    found = IsaFound(start.elements, start.separators, offset, ())
    reading = InterchangeReading(Source(content, offset), found, (), guides, start.line_end)
    return reading.part_of_group(group.elements)


def _parts(source: Source, guides: PartnerGuides) -> Iterator[Part]:
    left = _Left(0, "before the interchange")
    while True:
        passed = _seek(source, left.position)
        yield from _passed_over(passed, left)
        if passed.isa < 0:
            break
        left = yield from _interchange(source, passed.isa, guides)
    if source.is_too_long:
        message = "The file has more than 2 GiB; what follows was not read. Ask the sender to send it in parts."
        yield FileIssue("X-LIMIT", source.end, message)


@dataclass(frozen=True, slots=True)
class _Left:
    """Where reading goes on, and what the bytes up to the next header then are."""

    position: int
    what: str


class _Told:
    """Lets the first issues and repairs of each kind pass and counts the rest, so that no file says the same for ever."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._last: dict[str, FileIssue | RepairDone] = {}

    def first(self, part: FileIssue | RepairDone) -> Iterator[Part]:
        """The part itself, or nothing."""
        kind = part.code if isinstance(part, FileIssue) else part.kind.value
        self._count[kind] += 1
        if self._count[kind] <= MOST_OF_A_KIND:
            yield part
        else:
            self._last[kind] = part

    def rest(self) -> Iterator[Part]:
        """One more of each kind that was not told whole, with the number."""
        for kind, part in self._last.items():
            yield replace(part, message=f"And {self._count[kind] - MOST_OF_A_KIND:,} more; the last: {part.message}")


def _interchange(source: Source, start: int, guides: PartnerGuides) -> Generator[Part, None, _Left]:
    """One interchange, or why it cannot be read."""
    found = find(source.window(start, ISA_WINDOW), start)
    if isinstance(found, IsaUnreadable):
        yield FileIssue("X-ISA", start, found.reason)
        return _Left(start + 3, "behind a header that cannot be read")
    if isinstance(found, IsaUnusable):
        yield from _unusable(found, start)
        return _Left(found.end, "behind a header whose separators cannot be used")
    yield from found.repairs
    reading = InterchangeReading(source, found, tuple(header.check(found.elements, start)), guides)
    yield InterchangeStarted(found.elements, found.separators, start, reading.line_end)
    yield from reading.parts()
    return _Left(reading.position, "after the interchange")


def _unusable(found: IsaUnusable, start: int) -> Iterator[Part]:
    """The sender is known and can be answered; the content cannot be separated."""
    place = Place("ISA", 0, "", 0, offset=start)
    faults = tuple(Issue(fault, place, "", words) for fault, words in found.faults)
    yield InterchangeStarted(found.elements, found.separators, start)
    yield InterchangeEnded((*faults, *header.check(found.elements, start)), complete=False)
    words = " ".join(issue.message for issue in faults)
    missing = found.separators.terminator.isalnum() and found.separators.terminator.isascii()
    code = "X-ISA" if missing else "X-SEPARATORS"  # a letter ends nothing: the terminator is missing
    yield FileIssue(code, start, f"{words} Ask the sender for a file with usable separators.")


@dataclass(slots=True)
class _Passed:
    """What stood before the next ISA (``isa`` is -1 when there is none); offsets are -1 for what did not stand there."""

    start: int
    isa: int = -1
    bom: int = -1
    first_garbage: int = -1
    garbage: int = 0
    other_blanks: bool = False


def _seek(source: Source, position: int) -> _Passed:
    passed = _Passed(position)
    if position - source.base > CHUNK:
        source.forget(position)
    while True:
        source.window(position, _KEEP)
        found = ISA.search(source.text, position - source.base)
        if found or source.ended:
            until = source.base + found.start() if found else source.end
            _account(passed, source.text[position - source.base : until - source.base], position)
            passed.isa = until if found else -1
            return passed
        until = max(position, source.end - _KEEP)  # a header may begin here and end behind the window
        _account(passed, source.text[position - source.base : until - source.base], position)
        position = until
        source.forget(position)
        source.more()


def _account(passed: _Passed, text: str, offset: int) -> None:
    bare = text
    while (trimmed := bare.lstrip(_BLANKS).removeprefix(_BOM)) != bare:
        if passed.bom < 0 and bare.lstrip(_BLANKS).startswith(_BOM):
            passed.bom = offset + len(text) - len(bare.lstrip(_BLANKS))
        bare = trimmed
    if bare and passed.first_garbage < 0:
        passed.first_garbage = offset + len(text) - len(bare)
    passed.garbage += len(bare.rstrip(_BLANKS))
    blanks = text.strip(_LINE_ENDS) if passed.start or offset else text  # line ends after an interchange decorate it
    passed.other_blanks = passed.other_blanks or bool(blanks)


def _passed_over(passed: _Passed, left: _Left) -> Iterator[Part]:
    first = left.position == 0
    if first and passed.isa < 0:
        yield FileIssue("X-ISA", 0, "The file has no interchange header (ISA); ask the sender for the whole file.")
        return
    if passed.bom >= 0:
        yield RepairDone(Repair.BOM, passed.bom, f"A byte order mark {left.what} was passed over.")
    if passed.garbage:
        message = f"{passed.garbage:,} bytes {left.what} belong to none and were passed over."
        yield RepairDone(Repair.GARBAGE, passed.first_garbage, message)
    elif passed.other_blanks and passed.bom < 0:
        kind = Repair.LEADING_BLANKS if first else Repair.EXTRA_BLANKS
        yield RepairDone(kind, passed.start, f"Blanks or padding {left.what} were passed over.")
