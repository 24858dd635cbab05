"""Whether the bytes of a file are of the character set agreed with its sender, looked at piece by piece."""

import codecs
import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from gateway.formats.x12.charset import Charset
from gateway.kernel.issue import FileIssue

_CHUNK = 1 << 18
_SHOWN = 20
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_WANTED = {"basic": "only the characters of ASCII", "utf8": "UTF-8"}


def fault(content: bytes | BinaryIO, charset: Charset) -> FileIssue | None:
    """The first byte that was not agreed on, with its offset; None where there is none.

    ``basic`` has no bytes beyond 0x7F, ``utf8`` takes what is UTF-8, ``extended`` takes everything: the standard
    gives its national letters no encoding. A byte order mark at the start is no data and the business of its repair.
    """
    if charset == "extended":
        return None
    source = BytesIO(content) if isinstance(content, bytes) else content
    found = next((_beyond_ascii if charset == "basic" else _no_utf8)(source), None)
    if found is None:
        return None
    offset, byte, before = found
    told = before[-_SHOWN:].decode("ascii", "replace")
    where = f" behind '{''.join(each if each.isprintable() else '.' for each in told)}'" if told else ""
    message = (
        f"The byte 0x{byte:02X} at offset {offset}{where} is not what was agreed: {_WANTED[charset]} "
        f"(x12.charset: {charset}). Nothing of the file was taken."
    )
    return FileIssue("X-CHARSET", offset, message)


Found = tuple[int, int, bytes]
"""The offset of a byte, the byte, and what stands before it."""


def _chunks(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Pieces with their offsets, without a byte order mark."""
    mark = codecs.BOM_UTF8
    chunk = b""
    while len(chunk) < len(mark) and (more := source.read(len(mark))):
        chunk += more
    base = len(mark) if chunk.startswith(mark) else 0
    chunk = chunk[base:] + source.read(_CHUNK)
    while chunk:
        yield base, chunk
        base += len(chunk)
        chunk = source.read(_CHUNK)


def _beyond_ascii(source: BinaryIO) -> Iterator[Found]:
    for base, chunk in _chunks(source):
        found = _BEYOND_ASCII.search(chunk)
        if found is not None:
            yield base + found.start(), chunk[found.start()], chunk[: found.start()]


def _no_utf8(source: BinaryIO) -> Iterator[Found]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    end = 0
    try:
        for base, chunk in _chunks(source):
            end = base + len(chunk)
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # its object is what was left of the piece before, and this piece
        yield end - len(error.object) + error.start, error.object[error.start], error.object[: error.start]
