"""The last row of a text file that proves that it is complete, as its sender agreed to write it: found, and its count read."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Self

TAIL = 4096
"""So many bytes at the end of a file are looked at; the row is shorter."""
ANY = "*"
_PLACEHOLDER = re.compile(r"\{count(?:\+(?P<more>[1-9]))?\}")
_BRACED = re.compile(r"\{.*?\}")
_NUMBER = r"[ ]*(?P<count>\d{1,12})[ ]*"
_BLANK = "\r\n\t \x1a\x85"
"""What may follow the row: line ends, blanks, and the character with which old programs end a text."""
_ENCODINGS = (
    ("utf-8", "surrogateescape", "[\r\n]"), ("cp1252", "surrogateescape", "[\r\n]"), ("cp850", "strict", "[\r\n]"),
    ("cp037", "strict", "[\r\n\x85]"), ("utf-16-le", "surrogatepass", "[\r\n]"), ("utf-16-be", "surrogatepass", "[\r\n]"),
)  # fmt: skip
"""How the end of a file may be written, how each goes back to the same bytes, and what ends its lines."""


@dataclass(frozen=True, slots=True)
class Found:
    """The row where a file ends: the byte at which it begins, its text, and how many rows of data it says there are."""

    start: int
    text: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Trailer:
    """How the row looks: ``*`` is anything, ``{count}`` the number of the rows of data; ``{count+2}`` counts two more."""

    pattern: str
    more: int
    shape: re.Pattern[str]

    @classmethod
    def of(cls, pattern: str) -> Self:
        """The row that a pattern describes.

        >>> made = Trailer.of("EOF|{count+1}|*")
        >>> made.found_in("EOF|13|20261120"), made.found_in("PO-1|13|x")
        ((12,), None)
        """
        number = _PLACEHOLDER.search(pattern)
        more = int(number["more"] or 0) if number is not None else 0
        first, *rest = (_shape_of(each) for each in pattern.strip().split(ANY))
        middle = "".join(f"(?>.*?{each})" for each in rest[:-1])
        return cls(pattern.strip(), more, re.compile(first + middle + "".join(f".*{each}" for each in rest[-1:])))

    def found_in(self, row: str) -> tuple[int | None] | None:
        """How many rows of data a row says there are, None where it says nothing of it; no tuple when it is another row."""
        found = self.shape.fullmatch(row)
        if found is None:
            return None
        said = found.groupdict().get("count")
        return (int(said) - self.more if said is not None else None,)

    def find(self, file: BinaryIO) -> Found | None:
        """The row at the end of a file, in whatever encoding it is written; None when the file does not end with it."""
        size = file.seek(0, io.SEEK_END)
        at = max(0, size - TAIL)
        at += at % 2  # UTF-16 has two bytes
        file.seek(at)
        tail = file.read(TAIL)
        return next(self._found(tail, at), None)

    def _found(self, tail: bytes, at: int) -> Iterator[Found]:
        for encoding, errors, ends in _ENCODINGS:
            try:
                text = tail.decode(encoding, errors)
            except UnicodeDecodeError:
                continue
            text = text.rstrip(_BLANK)
            start = max((each.end() for each in re.finditer(ends, text)), default=0)
            row = text[start:]
            found = self.found_in(row.strip(" \t\ufeff"))
            if found is not None and (start or not at):
                yield Found(at + len(text[:start].encode(encoding, errors)), row.strip(" \t\ufeff"), *found)


def fault(pattern: str) -> str:
    """What is wrong with a pattern, in words behind it; empty when nothing is.

    >>> fault("EOF*"), fault("EOF,{count}"), fault("EOF{rows}")
    ('', '', "has '{rows}', which stands for nothing; known are * and {count}, or {count+2} where they count two rows more")
    """
    unknown = [each for each in _BRACED.findall(pattern) if not _PLACEHOLDER.fullmatch(each)]
    if unknown:
        known = "known are * and {count}, or {count+2} where they count two rows more"
        return f"has '{unknown[0]}', which stands for nothing; {known}"
    if len(_PLACEHOLDER.findall(pattern)) > 1:
        return "counts twice; say {count} once"
    if re.search(r"\*\{count|\*\*", pattern):
        return "has two of * and {count} side by side; nobody could say where one ends"
    if not re.search(r"\w", _PLACEHOLDER.sub("", pattern)):
        return "could be any row; write what only the last one begins with, like EOF* or TRL,{count}"
    return "" if pattern.isprintable() else "has a line end or another character that cannot be seen"


def before(file: BinaryIO, end: int) -> BinaryIO:
    """A file as if it ended at a byte; the file itself is left open."""
    return io.BufferedReader(_Part(file, end))


class _Part(io.RawIOBase):
    """The first bytes of a file."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        super().__init__()
        self._file, self._end = file, end

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(self._end + offset) if whence == io.SEEK_END else self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def _shape_of(text: str) -> str:
    """A part of a pattern in which nothing stands for anything but the count."""
    head, *rest = _PLACEHOLDER.split(text)[::2] if _PLACEHOLDER.search(text) else [text]
    return _NUMBER.join([re.escape(head), *map(re.escape, rest)])
