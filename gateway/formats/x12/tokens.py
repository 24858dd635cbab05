"""Text to segments: regular stretches are cut at once, damaged ones segment by segment, and each repair is counted."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from gateway.formats.x12.delimiters import Separators, readable
from gateway.kernel.faults import Repair
from gateway.kernel.issue import RepairDone

NEWLINES = ("\n", "\r", "\r\n")
_LINE_ENDS = str.maketrans("", "", "\r\n")
PADDING = "\x00\x1a \t\r\n"
"""What may stand behind the last segment of a file."""
_PRINTABLE = bytes(range(0x20, 0x7F))

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


def has(text: str, mark: str) -> bool:
    """Whether a long text has a mark of a few characters somewhere: looked for from the end, which takes a third of the time."""
    return text.rfind(mark) >= 0


def _sentence(kind: Repair, count: int) -> str:
    words = _WORDS[kind]
    return words[0].upper() + words[1:] + (f" ({count} places; this is the first)." if count > 1 else ".")


class Run:
    """Segments that follow one another in a file, without their terminators, and where each stands.

    ``odd`` finds what the fast checks may not see in a segment; None when no segment has it. ``is_tidy``: there is nothing
    but printable ASCII, and no element begins or ends with a blank; false where nobody looked.
    """

    def __init__(
        self, texts: list[str], start: int, step: int, *, tail: int = 1, offsets: list[int] | None = None,
        ends: list[int] | None = None, odd: Callable[[str], object] | None = None,
        is_tidy: bool = False,
    ) -> None:  # fmt: skip
        self.texts = texts
        self.start = start
        self.step = step
        self.tail = tail
        self.odd = odd
        self.is_tidy = is_tidy
        self._offsets = offsets
        self._ends = ends
        self._place = 0, start
        self._is_counted = False

    @cached_property
    def _before(self) -> list[int]:
        """How long the segments before each are, without what stands between them."""
        self._is_counted = True
        return list(accumulate(map(len, self.texts), initial=self.start))

    def offset(self, at: int) -> int:
        """The byte offset of a segment in the file.

        Those of the sets are asked for one after the other, and counted from one to the next.
        """
        if self._offsets is not None:
            return self._offsets[at]
        known, before = self._place
        if at < known or self._is_counted:
            return self._before[at] + at * self.step
        if at > known:
            before += sum(map(len, self.texts[known:at])) + (at - known) * self.step
            self._place = at, before
        return before

    def end(self, at: int) -> int:
        """The byte offset behind a segment and its terminator."""
        return self._ends[at] if self._ends is not None else self.offset(at) + len(self.texts[at]) + self.tail


class Cutter:
    """Cuts the text of one interchange into segments."""

    def __init__(self, separators: Separators, decoration: str, mended: Mended) -> None:
        self.separators = separators
        self.terminator = separators.terminator
        self.decoration = "" if self.terminator in NEWLINES else decoration
        self.mended = mended
        self._unit = self.terminator + self.decoration
        self._by_line = self.terminator in NEWLINES
        special = separators.component + separators.repetition
        self._marks = (separators.element + " ", *special)
        self._blank_before, self._blank_end = " " + separators.element, " " + self._unit
        self._empty_end = separators.element + self._unit
        self._plain = _PRINTABLE + bytes(map(ord, separators.element + special))
        self._hidden_in_unit = self._unit.encode("latin-1").translate(None, self._plain)
        self._closing = re.compile(f"{re.escape(self.terminator[-1])}\\s*IEA{re.escape(separators.element)}")

    def cut(self, text: str) -> int:
        """How much of the text, whole segments only, may be taken at once: all before an IEA, or the IEA itself."""
        if text.lstrip(" \t\r\n").startswith("IEA"):
            return text.find(self.terminator[-1]) + 1
        if has(text, "IEA" + self.separators.element):
            closing = self._closing.search(text)
            if closing is not None:
                return closing.start() + 1
        return text.rfind(self.terminator[-1]) + 1

    def run(self, text: str, start: int) -> Run:
        """The segments of a text that ends with a terminator."""
        return self._regular(text, start) or self.careful(text, start)

    def _regular(self, text: str, start: int) -> Run | None:
        """One split, if nothing in the text has to be mended; None where a closer look is needed."""
        unit, separator, skipped = self._unit, self.separators.element, len(self.decoration)
        if not text.startswith(self.decoration) or not text.endswith(self.terminator):
            return None
        body = text[skipped : -len(self.terminator)]
        texts = body.split(unit)
        content = body.encode("latin-1")
        blank_ends = has(body, self._blank_end) or body.endswith(" ")
        damaged = (
            (skipped and body.count(self.terminator) != len(texts) - 1)
            or content.translate(None, self._plain) != self._hidden_in_unit * (len(texts) - 1)
            or min(texts) < "!"  # an empty segment, or one that begins with a blank
            or has(body, self._empty_end)
            or body.endswith(separator)
            or (self._by_line and blank_ends)
        )
        if damaged:
            return None
        odd = self._odd if any(has(body, mark) for mark in self._marks) else None
        is_tidy = odd is None and not blank_ends and not has(body, self._blank_before)
        return Run(texts, start + skipped, len(unit), tail=len(self.terminator), odd=odd, is_tidy=is_tidy)

    def _odd(self, text: str) -> bool:
        return any(mark in text for mark in self._marks)

    def _doubtful(self, text: str) -> bool:
        return not text.isascii() or not text.isprintable() or self._odd(text)

    def careful(self, text: str, start: int) -> Run:
        """Segment by segment; what is damaged is mended and noted."""
        texts, offsets, ends = [], [], []
        for offset, segment, end in self._pieces(text, start):
            texts.append(segment)
            offsets.append(offset)
            ends.append(end)
        return Run(texts, start, 0, offsets=offsets, ends=ends, odd=self._doubtful)

    def last(self, text: str, start: int) -> str:
        """The text of a last segment that has no terminator; the caller decides whether it may do without."""
        return self._mend(text.rstrip(PADDING), start)[1]

    def _pieces(self, text: str, position: int) -> Iterator[tuple[int, str, int]]:
        for piece in text.split(self.terminator[-1])[:-1]:
            end = position + len(piece) + 1
            offset, segment = self._mend(piece, position)
            position = end
            if segment:
                yield offset, segment, end
            else:
                self.mended.note(Repair.EXTRA_BLANKS, offset)

    def _mend(self, text: str, position: int) -> tuple[int, str]:
        """One segment without decoration, indentation, wrapped lines and empty elements at its end."""
        offset, text = self._stripped(text, position)
        separator = self.separators.element
        if text.endswith(separator) and len(bare := text.rstrip(separator)) > 0:
            self.mended.note(Repair.TRAILING_SEPARATORS, offset)
            text = bare
        if not text.isascii():
            text = separator.join(readable(value) for value in text.split(separator))
        return offset, text

    def _stripped(self, text: str, position: int) -> tuple[int, str]:
        if self._by_line and text[-1:] in ("\r", " "):
            bare = text.removesuffix("\r").rstrip(" ")
            if bare and text.endswith((" ", " \r")):
                self.mended.note(Repair.EXTRA_BLANKS, position + len(bare))  # lines filled up to one width
            text = bare
        elif not self._by_line and text[:1] in ("\r", "\n"):
            bare = text.lstrip("\r\n")
            position += len(text) - len(bare)
            text = bare
        if text[:1] in (" ", "\t", "\r", "\n"):
            bare = text.lstrip(" \t\r\n")
            if bare:
                self.mended.note(Repair.INDENT, position)
            position += len(text) - len(bare)
            text = bare
        if not self._by_line and ("\n" in text or "\r" in text):
            self.mended.note(Repair.WRAPPED_LINES, position)
            text = text.translate(_LINE_ENDS)
        return position, text
