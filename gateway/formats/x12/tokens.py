"""Bytes to segments: one token per segment with its byte offset; every damage mended is counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.formats.x12.delimiters import SEGMENT_LIMIT, Separators, readable
from gateway.kernel.faults import Repair
from gateway.kernel.issue import RepairDone

_ISA = re.compile(rb"(?<![A-Za-z0-9])ISA([^A-Za-z0-9\s])[^\r\n]{0,4}\1")
_LINE_ENDS = str.maketrans("", "", "\r\n")

_WORDS = {
    Repair.INDENT: "blanks before the segment id were taken out",
    Repair.WRAPPED_LINES: "line ends inside elements were taken out",
    Repair.EXTRA_BLANKS: "superfluous blanks, blank lines or doubled terminators were passed over",
    Repair.TRAILING_SEPARATORS: "empty elements at the end of the segment were taken out",
    Repair.MISSING_LAST_TERMINATOR: "the last segment has no terminator; it was read as if it had one",
}


@dataclass(slots=True)
class Mended:
    """Counts the repairs of one interchange, so that a thousand of a kind make one line."""

    first: dict[Repair, int] = field(default_factory=dict)
    count: dict[Repair, int] = field(default_factory=dict)

    def note(self, kind: Repair, offset: int) -> None:
        """Count one repair; the first offset is kept."""
        self.first.setdefault(kind, offset)
        self.count[kind] = self.count.get(kind, 0) + 1

    def done(self) -> tuple[RepairDone, ...]:
        """One line per kind of repair."""
        return tuple(RepairDone(kind, self.first[kind], _sentence(kind, count)) for kind, count in self.count.items())


def _sentence(kind: Repair, count: int) -> str:
    words = _WORDS[kind]
    return words[0].upper() + words[1:] + (f" ({count} places; this is the first)." if count > 1 else ".")


@dataclass(slots=True)
class Token:
    """One segment: its elements (item 0 the id), where it begins and where the next one begins."""

    elements: list[str]
    offset: int
    end: int


@dataclass(slots=True)
class Broken:
    """Where the reading of an interchange had to stop: bytes without a terminator, or a new ISA."""

    offset: int
    text: str
    at_end: bool
    is_isa: bool = False


def next_isa(source: bytes, start: int) -> int:
    """Offset of the next ISA that looks like one, -1 if there is none."""
    match = _ISA.search(source, start)
    return match.start() if match else -1


def tokens(
    source: bytes, start: int, separators: Separators, mended: Mended, *, keep_trailing: bool
) -> Iterator[Token | Broken]:
    """Segments from ``start`` on; the caller stops after IEA. The last thing yielded may be ``Broken``."""
    terminator = separators.terminator[-1:].encode("latin-1")
    by_line = separators.terminator in ("\n", "\r", "\r\n")
    separator = separators.element
    ascii_only = source.isascii()
    size, position = len(source), start
    while position < size:
        found = source.find(terminator, position, position + SEGMENT_LIMIT)
        end = found if found >= 0 else min(size, position + SEGMENT_LIMIT)
        text = source[position:end].decode("latin-1")
        offset, text = _stripped(text, position, mended, by_line=by_line)
        if text[:3] == "ISA" and _ISA.match(source, offset):
            yield Broken(offset, "", at_end=False, is_isa=True)
            return
        if found < 0 and (end < size or text.strip(" \t\x00\x1a")):
            if end < size or text[:3] != "IEA":
                yield Broken(offset, text[:80], at_end=end >= size)
                return
            mended.note(Repair.MISSING_LAST_TERMINATOR, offset)
            text = text.rstrip("\x00\x1a")
        elif found < 0:
            return
        position = end + 1 if found >= 0 else end
        if not text:
            mended.note(Repair.EXTRA_BLANKS, offset)
            continue
        elements = text.split(separator)
        if not elements[-1] and not keep_trailing:
            _cut(elements, offset, mended)
        if not ascii_only and not text.isascii():
            elements = [readable(value) for value in elements]
        yield Token(elements, offset, position)


def _stripped(text: str, position: int, mended: Mended, *, by_line: bool) -> tuple[int, str]:
    """The segment without decoration; its offset moves along."""
    if not by_line and text[:1] in ("\r", "\n"):
        bare = text.lstrip("\r\n")
        position += len(text) - len(bare)
        text = bare
    if by_line and text[-1:] == "\r":
        text = text[:-1]
    if text[:1] in (" ", "\t", "\r", "\n"):
        bare = text.lstrip(" \t\r\n")
        if bare:
            mended.note(Repair.INDENT, position)
        position += len(text) - len(bare)
        text = bare
    if not by_line and ("\n" in text or "\r" in text):
        mended.note(Repair.WRAPPED_LINES, position)
        text = text.translate(_LINE_ENDS)
    return position, text


def _cut(elements: list[str], offset: int, mended: Mended) -> None:
    if len(elements) > 1:
        mended.note(Repair.TRAILING_SEPARATORS, offset)
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
