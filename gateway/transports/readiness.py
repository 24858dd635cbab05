"""Is a file in a folder complete? Visibly incomplete documents wait, all others must stand still."""

import re
from typing import BinaryIO

from gateway.formats.trailer import Trailer

IGNORED = re.compile(r"^\.|^~|~$|\.(?:part|tmp|temp|filepart|crdownload|partial|uploading)$", re.IGNORECASE)
"""Names that senders give to files they are still writing, and programs to files they have open."""
HIDDEN = re.compile(r"^\.")
"""Names that are left alone in any case, ours among them."""

_HEAD, _LONG_HEAD, _TAIL, _BACK = 512, 1 << 16, 4096, 1 << 24
_ISA = re.compile(rb"ISA(?P<element>[^A-Za-z0-9\s])")
_X12_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?=ISA[^A-Za-z0-9\s])")
_XML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_ASIDE = rb"(?:\s|<!--.*?-->|<\?.*?\?>)*"
_ROOT = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?" + _ASIDE + rb"(?:<!DOCTYPE[^<>]*>)?" + _ASIDE + rb"<(?P<name>[^\s<>/!?]+)", re.DOTALL
)
_XML_END = re.compile(rb"(?:</[^<>]+>|/>)" + _ASIDE + rb"$", re.DOTALL)
_ELEMENTS, _NUMBER_AT, _USAGE_AT = 16, 13, 15
_REGULAR_END = re.compile(rb"\s*[A-Za-z]\s*[^A-Za-z0-9\s][^A-Za-z0-9\s][^A-Za-z0-9 ]")
"""Of a header: usage, separator, component separator, segment terminator."""


def is_temporary(name: str) -> bool:
    """Whether a name says that the file is not finished.

    >>> [is_temporary(each) for each in ("po.edi.part", ".po.edi", "~$po.xlsx", "po.uploading", "po.edi")]
    [True, True, True, True, False]
    """
    return IGNORED.search(name) is not None


def looks_unfinished(handle: BinaryIO, trailer: Trailer | None = None) -> bool:
    """Whether an X12 or XML file visibly lacks its end, or any other the last row that was agreed, where one was."""
    head = handle.read(_HEAD)
    size = handle.seek(0, 2)
    handle.seek(max(0, size - _TAIL))
    tail = handle.read()
    start = _X12_START.match(head)
    if start is not None:
        return not _has_trailer(handle, head[start.end() :], tail, size)
    if _XML_START.match(head):
        handle.seek(0)
        return not _is_closed(handle.read(_LONG_HEAD), tail, size)
    return trailer is not None and trailer.find(handle) is None


def _has_trailer(handle: BinaryIO, head: bytes, tail: bytes, size: int) -> bool:
    """Whether the file ends with a trailer that fits the header of its last interchange, or at least its first one."""
    first = _header(head)
    if first is None:
        return _trailer(rb"[^A-Za-z0-9\s]", rb"\W", tail) is not None  # an ISA that is damaged; whoever reads it tells
    if _fits(first, tail):
        return True
    last = _last_header(handle, size)
    return last is not None and last != first and _fits(last, tail)


def _fits(header: tuple[bytes, bytes, int], tail: bytes) -> bool:
    """Whether a tail ends with an IEA in the separators of an ISA; cut off in its last element, its number is another."""
    element, terminator, number = header
    text = tail if terminator in b"\r\n" else tail.replace(b"\r", b"").replace(b"\n", b"")  # lines may be wrapped
    found = _trailer(re.escape(element), re.escape(terminator), text)
    return found is not None and (bool(found["end"]) or int(found["number"]) == number)


def _trailer(element: bytes, terminator: bytes, text: bytes) -> re.Match[bytes] | None:
    return re.search(
        rb"IEA" + element + rb"\s*\d{1,9}\s*" + element + rb"\s*(?P<number>\d{1,14})\s*" + element + rb"*(?P<end>"
        + terminator + rb")?\W*$",
        text,
    )  # fmt: skip


def _header(text: bytes) -> tuple[bytes, bytes, int] | None:
    """The element separator, the segment terminator and the number of the ISA a text begins with; None when it is odd."""
    start = _ISA.match(text)
    if start is None:
        return None
    parts = text.split(start["element"], _ELEMENTS)
    number = parts[_NUMBER_AT].strip() if len(parts) > _ELEMENTS else b""
    if not number.isdigit() or not _REGULAR_END.match(start["element"].join(parts[_USAGE_AT:])):
        return None
    return start["element"], parts[_ELEMENTS][1:2], int(number)


def _last_header(handle: BinaryIO, size: int) -> tuple[bytes, bytes, int] | None:
    """The header of the last interchange, as far back as is looked: a file that has only one was seen to at its start."""
    later, at = b"", size
    while at > max(0, size - _BACK):
        start = max(0, at - _LONG_HEAD)
        handle.seek(start)
        block = handle.read(at - start)
        for found in reversed(list(_ISA.finditer(block + later))):
            header = _header((block + later)[found.start() : found.start() + _HEAD])
            if header is not None:
                return header
        later, at = block[:_HEAD], start
    return None


def _is_closed(head: bytes, tail: bytes, size: int) -> bool:
    """Whether XML ends with the end tag of its root element; a root that cannot be seen may have any."""
    root = _ROOT.match(head)
    if root is None:
        return _XML_END.search(tail) is not None
    if re.search(rb"</" + re.escape(root["name"]) + rb"\s*>" + _ASIDE + rb"$", tail, re.DOTALL):
        return True
    alone = re.match(rb"[^<>]*/>" + _ASIDE + rb"$", head[root.end() :], re.DOTALL)
    return size <= len(head) and alone is not None
