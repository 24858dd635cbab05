"""Plain text files: the encodings they may have, decoded and encoded strictly, each fault at its place."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from gateway.formats.x12.charset import plain
from gateway.kernel.issue import FileIssue

OnBadCharacter = Literal["error", "transliterate"]

ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "cp037", "utf-16", "utf-16-le", "utf-16-be")
"""The names a mapping may use; ``utf-16`` needs a byte order mark in what is read and writes one."""
ON_BAD_CHARACTER: tuple[OnBadCharacter, ...] = ("error", "transliterate")
EBCDIC = "cp037"
NEXT_LINE = "\x85"
"""The line end of EBCDIC files (byte 15), kept apart from the line feed (byte 25)."""
LARGEST_FILE = 512 * 1024 * 1024
PIECE = 1 << 18
"""How much of a file is read at once."""
DOS_END = "\x1a"
"""Old DOS programs end a text with this character."""

_ALIASES = {
    "utf8": "utf-8", "iso-8859-1": "latin-1", "iso8859-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252",
    "ibm850": "cp850", "ibm037": "cp037", "utf16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", ("utf-8", "utf-8-sig")),
    (codecs.BOM_UTF16_LE, "utf-16", ("utf-16", "utf-16-le")),
    (codecs.BOM_UTF16_BE, "utf-16", ("utf-16", "utf-16-be")),
)
_LINE_END = re.compile("\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class CellFault:
    """A value that cannot be written as it is: the row of the file (1-based), its column, and why.

    ``warn``: it was written with other characters.
    """

    row: int
    column: str
    sentence: str
    level: Literal["error", "warn"] = "error"


@dataclass(frozen=True, slots=True)
class Written:
    """The bytes of a file; with a fault of the level ``error`` there are none."""

    content: bytes
    faults: tuple[CellFault, ...] = ()


def encoding_named(name: str) -> str | None:
    """The encoding meant by a name, None when it is not one of the list.

    >>> encoding_named("ISO-8859-1"), encoding_named("cp1252"), encoding_named("utf-7")
    ('latin-1', 'cp1252', None)
    """
    small = name.strip().lower().replace("_", "-")
    small = _ALIASES.get(small, small)
    return small if small in ENCODINGS else None


def decode(content: bytes, encoding: str) -> str | FileIssue:
    """The text of a file without its byte order mark; a byte that is not of the encoding refuses the file."""
    refused = fault(io.BytesIO(content), encoding)
    return refused if refused is not None else "".join(_texts(io.BytesIO(content), encoding)).rstrip(DOS_END)


def fault(file: BinaryIO, encoding: str) -> FileIssue | None:
    """What makes a file no text in an encoding, found piece by piece; None when it is one."""
    if encoding not in ENCODINGS:
        return FileIssue("F-ENCODING", 0, f"'{encoding}' is not an encoding that is read ({', '.join(ENCODINGS)}).")
    if file.seek(0, io.SEEK_END) > LARGEST_FILE:
        return FileIssue("X-LIMIT", 0, f"The file is larger than {LARGEST_FILE >> 20} MB; have it sent in parts.")
    file.seek(0)
    wrong = _wrong_mark(file.read(4), encoding)
    if wrong is not None:
        return wrong
    seen, nul = _Seen(), None
    try:
        for text in _texts(file, encoding, seen):
            if nul is None and "\x00" in text:
                at = text.index("\x00")
                sentence = f"The file contains a NUL character (line {seen.line(text[:at])}); it is not plain text in {encoding}."
                nul = FileIssue("F-ENCODING", seen.characters + at, sentence)
            seen.add(text)
    except UnicodeDecodeError as error:
        return _undecodable(seen, encoding, error)
    return nul


def endless(file: BinaryIO, encoding: str, longest: int) -> FileIssue | None:
    """The line of a file of text that is longer than ``longest``, found without keeping it; None when there is none."""
    number = 1
    for line in lines_of(file, encoding, longest):
        if len(line) > longest:
            return FileIssue(
                "X-LIMIT", 0, f"Line {number} has more than {longest} characters; the lines of the file must end."
            )
        number += 1
    return None


def lines_of(file: BinaryIO, encoding: str, longest: int) -> Iterator[str]:
    """The lines of a file that is a text, with their ends; a line that is longer than ``longest`` comes in parts."""
    rest = ""
    for text in _texts(file, encoding):
        rest += text
        # a CR at the very end may be the first half of a line end
        end = max(rest.rfind("\n"), rest.rfind("\r", 0, len(rest) - 1)) + 1
        if end:
            yield from io.StringIO(rest[:end], newline="")
            rest = rest[end:]
        if len(rest) > longest + 1:
            yield rest
            rest = ""
    rest = rest.rstrip(DOS_END)
    if rest:
        yield from io.StringIO(rest, newline="")


@dataclass(slots=True)
class _Seen:
    """How far a file was read: bytes given to the decoder, characters, line ends; and how the decoder stood before its last piece."""

    size: int = 0
    characters: int = 0
    ends: int = 0
    half: bool = False
    piece: bytes = b""
    state: tuple[bytes, int] = (b"", 0)

    def add(self, text: str) -> None:
        """Characters that were read."""
        self.ends = self.line(text) - 1
        self.half = text.endswith("\r") if text else self.half
        self.characters += len(text)

    def line(self, text: str) -> int:
        """The number of the line in which the character after these stands."""
        halves = text.count("\r\n") + (self.half and text.startswith("\n"))
        return 1 + self.ends + text.count("\n") + text.count("\r") - halves


def _texts(file: BinaryIO, encoding: str, seen: _Seen | None = None) -> Iterator[str]:
    """The characters of a file piece by piece, without its byte order mark."""
    seen = seen if seen is not None else _Seen()
    decoder = codecs.getincrementaldecoder(encoding)()
    is_first = True
    for piece in _pieces(file, encoding):
        seen.piece, seen.state = piece, decoder.getstate()
        text = decoder.decode(piece, final=not piece)
        seen.size += len(piece)
        if text:
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = False


def _pieces(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The bytes of a file, an empty piece at its end; in EBCDIC every line ends with a line feed."""
    file.seek(0)
    held = b""
    while piece := file.read(PIECE):
        if encoding == EBCDIC:
            piece = held + piece
            held = piece[-1:] if piece.endswith(b"\r") else b""
            piece = piece[: len(piece) - len(held)].replace(b"\r\x15", b"\x25").replace(b"\x15", b"\x25")
        if piece:
            yield piece
    if held:
        yield held
    yield b""


def line_at(text: str, position: int) -> int:
    """The 1-based number of the line of a position."""
    return 1 + len(_LINE_END.findall(text, 0, position))


def lines(text: str) -> list[str]:
    """The lines of a text; only CR, LF and CR LF end one, so that a form feed stays data."""
    found = _LINE_END.split(text)
    if found and not found[-1]:
        found.pop()
    return found


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text whose characters all fit; the byte order of UTF-16 is always little endian."""
    if encoding == "utf-16":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return text.encode(encoding)


def fits(text: str, encoding: str) -> bool:
    """Whether every character of a text exists in an encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fitted(text: str, encoding: str, on_bad: OnBadCharacter) -> tuple[str, str, str]:
    """A text as it can be written; the characters that were written otherwise; those that cannot be written.

    >>> fitted("Łódź €", "latin-1", "transliterate")
    ('Lódz EUR', 'Łź€', '')
    >>> fitted("漢", "latin-1", "transliterate")
    ('漢', '', '漢')
    """
    if fits(text, encoding):
        return text, "", ""
    bad = [character for character in dict.fromkeys(text) if not fits(character, encoding)]
    if on_bad == "error":
        return text, "", "".join(bad)
    instead = {character: plain(character) for character in bad}
    hopeless = "".join(character for character, other in instead.items() if not other or not fits(other, encoding))
    if hopeless:
        return text, "", hopeless
    return "".join(instead.get(character, character) for character in text), "".join(bad), ""


def character_fault(row: int, column: str, replaced: str, bad: str, encoding: str) -> CellFault | None:
    """What `fitted` found, as a fault of a cell."""
    if bad:
        hint = "choose another 'encoding', or 'on_bad_char: transliterate'"
        return CellFault(row, column, f"{_shown(bad)} cannot be written in {encoding}; {hint}")
    if replaced:
        return CellFault(row, column, f"{_shown(replaced)} was written with other letters in {encoding}", "warn")
    return None


def _shown(characters: str) -> str:
    return " ".join(f"'{each}'" if each.isprintable() else f"U+{ord(each):04X}" for each in characters[:10])


def _wrong_mark(content: bytes, encoding: str) -> FileIssue | None:
    if encoding == "utf-16" and content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sentence = "The file has no byte order mark; say 'encoding: utf-16-le' or 'utf-16-be' for such files."
        return FileIssue("F-ENCODING", 0, sentence)
    if encoding == EBCDIC:
        return None
    for mark, name, fit in _MARKS:
        if content.startswith(mark) and encoding not in fit:
            sentence = f"The file begins with the byte order mark of {name}, but {encoding} was agreed."
            return FileIssue("F-ENCODING", 0, f"{sentence} Set 'encoding: {name}', or ask the sender for {encoding}.")
    return None


def _undecodable(seen: _Seen, encoding: str, error: UnicodeDecodeError) -> FileIssue:
    """The decoder may have kept bytes of the piece before, or have dropped a byte order mark."""
    start = seen.size + len(seen.piece) - len(error.object) + error.start
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    decoder.setstate(seen.state)
    line = seen.line(decoder.decode(seen.piece[: max(start - seen.size, 0)]))
    message = f"Byte {start} is not {encoding} (line {line}); the file must be sent in {encoding}"
    instead = _would_be(error.object[error.start : error.start + 1]) if encoding.startswith("utf-8") else ""
    hint = f"; in cp1252 this byte is '{instead}': if the sender writes cp1252, set 'encoding: cp1252'"
    return FileIssue("F-ENCODING", start, f"{message}{hint if instead else ''}.")


def _would_be(byte: bytes) -> str:
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return ""
