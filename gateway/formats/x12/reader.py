"""Read X12 as a stream of parts: interchanges, groups, one set at a time, and every fault on the way."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from gateway.formats.x12 import header
from gateway.formats.x12.delimiters import ISA, ISA_WINDOW, IsaFound, IsaUnreadable, IsaUnusable, find
from gateway.formats.x12.interchange import InterchangeReading
from gateway.formats.x12.parts import InterchangeEnded, InterchangeStarted, Part
from gateway.formats.x12.source import Source
from gateway.kernel.faults import Repair
from gateway.kernel.issue import FileIssue, Issue, Place, RepairDone

_KEEP = 120
_BOM = "\xef\xbb\xbf"
_LINE_ENDS = "\r\n"
_BLANKS = " \t\r\n\v\f\x00\x1a"


def read(content: bytes | BinaryIO) -> Iterator[Part]:
    """Every part of a file, in order; never raises for what stands in it. A binary file is read in windows.

    After an interchange that cannot be read, reading goes on at the next ISA. No byte is passed over in silence.
    """
    source = Source(content)
    position, first = 0, True
    while True:
        passed = _seek(source, position)
        yield from _passed_over(passed, first=first)
        if passed.isa < 0:
            break
        position, first = (yield from _interchange(source, passed.isa)), False
    if source.is_too_long:
        message = "The file has more than 2 GiB; what follows was not read. Ask the sender to send it in parts."
        yield FileIssue("X-LIMIT", source.end, message)


def _interchange(source: Source, start: int) -> Generator[Part, None, int]:
    """One interchange, or why it cannot be read; returns the offset where reading goes on."""
    found = find(source.window(start, ISA_WINDOW), start)
    if isinstance(found, IsaUnreadable):
        yield FileIssue("X-ISA", start, found.reason)
        return start + 3
    if isinstance(found, IsaUnusable):
        yield from _unusable(found, start)
        return found.end
    return (yield from _readable(source, start, found))


def _readable(source: Source, start: int, found: IsaFound) -> Generator[Part, None, int]:
    yield from found.repairs
    yield InterchangeStarted(found.elements, found.separators, start)
    reading = InterchangeReading(source, found, tuple(header.check(found.elements, start)))
    yield from reading.parts()
    return reading.position


def _unusable(found: IsaUnusable, start: int) -> Iterator[Part]:
    """The sender is known and can be answered; the content cannot be separated."""
    place = Place("ISA", 0, "", 0, offset=start)
    faults = tuple(Issue(fault, place, "", words) for fault, words in found.faults)
    yield InterchangeStarted(found.elements, found.separators, start)
    yield InterchangeEnded((*faults, *header.check(found.elements, start)), complete=False)
    words = " ".join(issue.message for issue in faults)
    code = "X-ISA" if found.separators.terminator.isalnum() else "X-SEPARATORS"  # a letter ends nothing: it is missing
    yield FileIssue(code, start, f"{words} Ask the sender for a file with usable separators.")


@dataclass(slots=True)
class _Passed:
    """What stood before the next ISA (``isa`` is -1 when there is none)."""

    isa: int = -1
    start: int = 0
    end: int = 0
    first_garbage: int = -1
    garbage: int = 0
    other_blanks: bool = False
    is_first: bool = False
    bom: bool = False


def _seek(source: Source, position: int) -> _Passed:
    passed = _Passed(start=position, is_first=position == 0)
    source.forget(position)
    while True:
        source.window(source.base, _KEEP)
        found = ISA.search(source.text)
        if found or source.ended:
            until = found.start() if found else len(source.text)
            _account(passed, source.text[:until], source.base)
            passed.end = source.base + until
            passed.isa = passed.end if found else -1
            return passed
        if len(source.text) > _KEEP:
            _account(passed, source.text[:-_KEEP], source.base)
            source.forget(source.end - _KEEP)
        source.more()


def _account(passed: _Passed, text: str, offset: int) -> None:
    if offset == 0 and text.startswith(_BOM):
        passed.bom = True
        text, offset = text.removeprefix(_BOM), offset + len(_BOM)
    bare = text.lstrip(_BLANKS)
    if bare and passed.first_garbage < 0:
        passed.first_garbage = offset + len(text) - len(bare)
    passed.garbage += len(text.strip(_BLANKS))
    passed.other_blanks = passed.other_blanks or bool(text.strip(_LINE_ENDS)) or (passed.is_first and bool(text))


def _passed_over(passed: _Passed, *, first: bool) -> Iterator[Part]:
    if first and passed.isa < 0:
        yield FileIssue("X-ISA", 0, "The file has no interchange header (ISA); ask the sender for the whole file.")
        return
    where = "before the interchange" if first else "after the interchange"
    if passed.bom:
        yield RepairDone(Repair.BOM, 0, "A byte order mark before the interchange was passed over.")
    if passed.garbage:
        message = f"{passed.garbage} bytes {where} belong to none and were passed over."
        yield RepairDone(Repair.GARBAGE, passed.first_garbage, message)
    elif passed.other_blanks and first:
        yield RepairDone(Repair.LEADING_BLANKS, passed.start, "Blanks before the interchange were passed over.")
    elif passed.other_blanks:
        message = "Blanks or padding after the interchange were passed over."
        yield RepairDone(Repair.EXTRA_BLANKS, passed.start, message)
