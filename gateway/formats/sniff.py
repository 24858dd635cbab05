"""What kind of file some bytes are, by content and never by name."""

import codecs
import re
from enum import Enum

from gateway.formats.x12.delimiters import ISA

X12_START = re.compile(r"(?<![A-Za-z0-9])ISA[^A-Za-z0-9\r\n]")
LOOK = 4096
BLANK = b"\xef\xbb\xbf \t\r\n"
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x7f]")
# Blank, letters and digits of EBCDIC are 40 and above; below are its tab, CR, NEL and LF
EBCDIC = re.compile(rb"[\x05\x0d\x15\x25\x40-\xff]+")
EBCDIC_XML = "<?xml".encode("cp037")
UTF_16 = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class Kind(Enum):
    """The formats told apart by their first bytes; the value completes "the file is ..."."""

    EMPTY = "empty"
    X12 = "an X12 file"
    XML = "an XML file"
    TEXT = "a text file"
    BINARY = "a binary file"


def kind_of(content: bytes) -> Kind:
    """X12 when an ISA stands near the start, XML after BOM and blanks at ``<``, else text or binary."""
    raw = content[:LOOK]
    head = _in_ascii(raw)
    if not head.strip(BLANK):
        return Kind.EMPTY
    text = raw.decode("latin-1")
    if X12_START.search(text) or ISA.search(text):
        return Kind.X12
    if head.lstrip(BLANK).startswith(b"<") or head.startswith(EBCDIC_XML):
        return Kind.XML
    if X12_START.search(head.decode("latin-1")):
        return Kind.BINARY  # no partner sends X12 in UTF-16, and it is no text of rows either
    return Kind.BINARY if CONTROL.search(head) and not EBCDIC.fullmatch(head) else Kind.TEXT


def _in_ascii(head: bytes) -> bytes:
    """The first bytes of UTF-16 in UTF-8, so that they are looked at like all others."""
    encoding = next((name for start, name in UTF_16 if head.startswith(start)), "")
    if not encoding:
        return head
    return head.decode(encoding, "ignore").removeprefix("\ufeff").encode("utf-8", "ignore")
