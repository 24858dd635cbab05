"""Judge one file for whoever wants to know: X12 by its agreement, anything else in a sentence that says what it is."""

from typing import BinaryIO

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging import characters
from gateway.flows.judging.examine import ALL_REPAIRS, NOTHING, Examination, examine
from gateway.formats import sniff
from gateway.formats.sniff import Kind
from gateway.formats.x12.charset import Charset
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuides
from gateway.kernel.faults import Repair
from gateway.kernel.issue import FileIssue

_CHUNK = 1 << 20
_BEGINNINGS = (
    (b"PK\x03\x04", "F-BINARY", "a ZIP archive"),
    (b"\x1f\x8b", "F-BINARY", "a compressed file (gzip)"),
    (b"%PDF", "F-BINARY", "a PDF document"),
    (b"\xff\xfe", "F-BINARY", "encoded as UTF-16; X12 is sent as ASCII or UTF-8"),
    (b"\xfe\xff", "F-BINARY", "encoded as UTF-16; X12 is sent as ASCII or UTF-8"),
    (b"UNA", "X-ISA", "an EDIFACT file"),
    (b"UNB", "X-ISA", "an EDIFACT file"),
)


def validate(
    source: BinaryIO, rules: AckRules, *, repairs: frozenset[Repair] = ALL_REPAIRS, guides: PartnerGuides = NO_GUIDES,
    charset: Charset = "extended",
) -> Examination:  # fmt: skip
    """Judge a file that can be read from its start again; what is no X12 has one issue that says what it is.

    Raises OSError when the file cannot be read.
    """
    seen = examine(source, rules, repairs=repairs, guides=guides, keep=NOTHING)
    source.seek(0)
    if seen.interchanges or any(issue.code != "X-ISA" for issue in seen.issues):
        strange = characters.fault(source, charset)
        return seen if strange is None else Examination((), seen.repairs, (*seen.issues, strange))
    head = source.read(sniff.LOOK)
    kind = sniff.kind_of(head)
    if kind is Kind.X12:
        return seen
    if kind is Kind.EMPTY:
        kind = _beyond(source)
    return Examination((), (), (_not_x12(head, kind),))


def _beyond(source: BinaryIO) -> Kind:
    """What a file is that begins with blanks only."""
    while chunk := source.read(_CHUNK):
        kind = sniff.kind_of(chunk)
        if kind is not Kind.EMPTY:
            return Kind.TEXT if kind is Kind.X12 else kind
    return Kind.EMPTY


def _not_x12(head: bytes, kind: Kind) -> FileIssue:
    for beginning, code, words in _BEGINNINGS:
        if head.startswith(beginning):
            return FileIssue(code, 0, f"The file is {words}{'' if ';' in words else ', not X12'}.")
    if kind is Kind.EMPTY:
        return FileIssue("F-EMPTY", 0, "The file has no content.")
    if kind is Kind.TEXT:
        return FileIssue("X-ISA", 0, "The file is a text file without an interchange header (ISA), so it is no X12.")
    return FileIssue("F-BINARY", 0, f"The file is {kind.value}, not X12.")
