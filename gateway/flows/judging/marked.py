"""Show a segment as it stands in the file, cut to the width of the screen, with the faulty part marked."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.formats.x12.delimiters import Separators
from gateway.kernel.faults import ElementFault
from gateway.kernel.issue import Issue

CUT = "..."
NARROW, WIDE = 40, 100
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_RED, _PLAIN = "\x1b[1;31m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """How wide the reader's screen is, in columns, and whether it shows colours."""

    width: int = WIDE
    colour: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, in characters; an empty one is the place where something is missing."""

    start: int
    end: int


def printable(text: str) -> str:
    r"""Text that does nothing to a terminal: each control character is one visible character.

    >>> printable("a\x1b[2Jb"), printable("\x1d")
    ('a␛[2Jb', '␝')
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\ufffd" for each in text.translate(_PICTURES))


def columns(text: str) -> int:
    """How many columns of a terminal a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(_column(each) for each in text)


def _column(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def written(segment: Sequence[str], separators: Separators) -> str:
    """The segment with its delimiters as sent; a line end as terminator is not shown."""
    return separators.element.join(segment) + separators.terminator.strip("\r\n")


def span_of(issue: Issue, segment: Sequence[str], separators: Separators, element: int) -> Span:
    """Which characters of the written segment a fault at this element means; 0 means the segment id."""
    size = len(separators.element.join(segment))
    start = sum(len(each) + len(separators.element) for each in segment[:element])
    if element >= len(segment):
        return Span(size, size)
    if issue.fault is ElementFault.TOO_MANY_ELEMENTS and not issue.place.component:
        return Span(start, size)
    value = segment[element]
    inner = _inside(issue, value, separators) if element else Span(0, len(value))
    return Span(start + inner.start, start + inner.end)


def _inside(issue: Issue, value: str, separators: Separators) -> Span:
    """The repetition and component meant, within the text of one element."""
    repetitions = list(_parts(value, separators.repetition))
    if not issue.place.component:
        same = (span for span in repetitions if issue.value and value[span.start : span.end] == issue.value)
        return next(same, Span(0, len(value)))
    spans = [_component(issue, value, span, separators.component) for span in repetitions]
    same = (span for span in spans if value[span.start : span.end] == issue.value)
    return next(same, spans[0])


def _component(issue: Issue, value: str, within: Span, separator: str) -> Span:
    parts = list(_parts(value[within.start : within.end], separator))
    at = issue.place.component - 1
    if at >= len(parts):
        return Span(within.end, within.end)
    return Span(within.start + parts[at].start, within.start + parts[at].end)


def _parts(text: str, separator: str) -> Iterator[Span]:
    start = 0
    for part in text.split(separator) if separator else [text]:
        yield Span(start, start + len(part))
        start += len(part) + len(separator)


def marked(text: str, span: Span, look: Look, *, missing: str = "") -> tuple[str, str]:
    """Two lines: the text, cut around the span where it is too long, and the marks below it.

    >>> marked("PO1*1**EA~", Span(6, 6), Look(), missing="PO102")
    ('PO1*1**EA~', '      ^ PO102 belongs here')
    """
    shown, at = _cut(printable(text), span, max(look.width, NARROW))
    before, inside = columns(shown[: at.start]), shown[at.start : at.end]
    marks = "^" * max(columns(inside), 1)
    below = " " * before + _coloured(marks, look)
    if missing:
        note = f"{missing} belongs here"
        fits = before + len(marks) + 1 + len(note) <= max(look.width, NARROW)
        space = " " * (before - len(note) - 1)
        below = f"{below} {note}" if fits or not space else f"{space}{note} {_coloured(marks, look)}"
    if inside:
        shown = shown[: at.start] + _coloured(inside, look) + shown[at.end :]
    return shown, below


def shortened(text: str, look: Look) -> str:
    """The beginning of a text, as much as fits into one line."""
    return _cut(printable(text), Span(0, 0), max(look.width, NARROW))[0]


def _coloured(text: str, look: Look) -> str:
    return f"{_RED}{text}{_PLAIN}" if look.colour else text


def _cut(text: str, span: Span, width: int) -> tuple[str, Span]:
    """As much of the text as fits, the span well inside; a span that is too long itself is cut at its end."""
    if columns(text) <= width:
        return text, span
    room = width - 2 * len(CUT)
    if columns(text) != len(text):
        room //= 2  # wide characters take two columns
    wanted = min(span.end - span.start, room)
    start = max(0, min(span.start - (room - wanted) // 2, len(text) - room))
    end = start + room
    head, tail = CUT if start else "", CUT if end < len(text) else ""
    moved = len(head) - start
    return head + text[start:end] + tail, Span(span.start + moved, min(span.end, end) + moved)
