"""Draft a partner: from nothing, or from a sample of what they send, whatever its format."""

from collections.abc import Callable
from dataclasses import replace

from gateway.flows.drafts import markup, records, rows, x12
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample
from gateway.formats.sniff import Kind, kind_of

_EDIFACT = (b"UNA", b"UNB+")
_NOT_YET = {
    b"%PDF-": "a PDF, which is made for people; ask the partner for the data itself as X12, XML or CSV",
    b"{": "JSON, which nobody can send us yet; a sample is X12, XML, CSV or a record file",
    b"[{": "JSON, which nobody can send us yet; a sample is X12, XML, CSV or a record file",
}
"""What files begin with that are none of ours, and what they are."""
MappingDrafter = Callable[[str, Sample], str | None]
"""Makes a mapping of a given name from a sample: its text, or None where it cannot."""


def drafted(partner: str, sample: Sample, mapping: MappingDrafter | None = None) -> Draft | str:
    """The draft for a sample, or why none can be made; ``mapping`` may write a better mapping than a skeleton."""
    if sample.content.lstrip().startswith(_EDIFACT):
        return f"{sample.name} is an EDIFACT file; a sample is X12, XML, CSV or a record file"
    for start, what in _NOT_YET.items():
        if sample.content.lstrip().startswith(start):
            return f"{sample.name} is {what}"
    kind = kind_of(sample.content)
    match kind:
        case Kind.X12:
            found = x12.draft(sample)
        case Kind.XML:
            found = markup.draft(partner, sample)
        case Kind.TEXT:
            is_records = bool(records.records_of(sample.content))
            found = records.draft(partner, sample) if is_records else rows.draft(partner, sample)
        case _:
            return f"{sample.name} is {kind.value}; a sample is X12, XML, CSV or a record file"
    if isinstance(found, str) or found.mapping is None or mapping is None:
        return found
    text = mapping(found.mapping.name, sample)
    if text is None:
        return found
    return replace(found, mapping=DraftedMapping(found.mapping.name, text))


def empty() -> Draft:
    """A draft with nothing but what every partner has."""
    lines = ["# order: {in: x12/850}", "# invoice: {out: x12/810}"]
    return Draft(documents=lines)
