"""Is a file in a folder complete? Visibly incomplete documents wait, all others must stand still."""

import re
from pathlib import Path

IGNORED = re.compile(r"^\.|~$|\.(?:part|tmp|temp|filepart|crdownload|partial)$", re.IGNORECASE)
"""Names that senders give to files they are still writing."""

_HEAD, _TAIL = 512, 4096
_X12_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*ISA[^A-Za-z0-9\s]")
_XML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_IEA = re.compile(rb"IEA[^A-Za-z0-9\s]\d{1,5}[^A-Za-z0-9\s]\d{1,9}\W*$")
_XML_END = re.compile(rb"</[^<>]+>\s*$|/>\s*$|-->\s*$")


def is_temporary(name: str) -> bool:
    """Whether a name says that the file is not finished.

    >>> is_temporary("po.edi.part"), is_temporary(".po.edi"), is_temporary("po.edi")
    (True, True, False)
    """
    return IGNORED.search(name) is not None


def looks_unfinished(path: Path) -> bool:
    """Whether an X12 or XML file visibly lacks its end; anything else is never unfinished by its content."""
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
        handle.seek(0, 2)
        handle.seek(max(0, handle.tell() - _TAIL))
        tail = handle.read()
    if _X12_START.match(head):
        return _IEA.search(tail) is None
    if _XML_START.match(head):
        return _XML_END.search(tail) is None
    return False
