"""What kind of file some bytes are, by content and never by name."""

import re
from enum import Enum

from gateway.formats.x12.delimiters import ISA

X12_START = re.compile(r"(?<![A-Za-z0-9])ISA[^A-Za-z0-9\r\n]")
LOOK = 4096
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x7f]")


class Kind(Enum):
    """The formats told apart by their first bytes; the value completes "the file is ..."."""

    EMPTY = "empty"
    X12 = "an X12 file"
    XML = "an XML file"
    TEXT = "a text file"
    BINARY = "a binary file"


def kind_of(content: bytes) -> Kind:
    """X12 when an ISA stands near the start, XML after BOM and blanks at ``<``, else text or binary."""
    head = content[:LOOK]
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        return Kind.EMPTY
    text = head.decode("latin-1")
    if X12_START.search(text) or ISA.search(text):
        return Kind.X12
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Kind.XML
    return Kind.BINARY if CONTROL.search(head) else Kind.TEXT
