"""Which of a partner's mappings reads a file or set, from what is known of it."""

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.config.selection import BY_ROWS, Candidate, Facts, NoneFits, Reads, choose, missing_columns
from gateway.formats import delimited, markup
from gateway.mapping.prepare import PreparedMapping

ROWS = frozenset({"csv"})
"""Formats of text files that are read row by row."""


def reads_of(prepared: PreparedMapping) -> Reads:
    """What of a mapping matters for choosing it; records have no titles, whether they are delimited or not."""
    xml = prepared.xml
    return Reads(
        prepared.format if prepared.records is None else "fixed", set_id=prepared.set_id, versions=prepared.versions,
        roots=xml.roots if xml is not None else (), other_roots=xml is None or xml.other_roots,
        columns_required=prepared.columns_required, columns_used=prepared.columns_used,
    )  # fmt: skip


def candidates(uses: Iterable[MappingUse], mappings: Mapping[str, PreparedMapping]) -> list[Candidate]:
    """The entries of a partner file with what their mappings read."""
    return [Candidate(use, reads_of(mappings[use.mapping])) for use in uses]


def set_mapping(
    partner: Partner, mappings: Mapping[str, PreparedMapping], facts: Facts
) -> PreparedMapping | NoneFits:  # fmt: skip
    """The mapping for one X12 set."""
    chosen = choose(candidates(partner.inputs(), mappings), facts)
    return chosen if isinstance(chosen, NoneFits) else mappings[chosen.mapping]


def file_mapping(
    partner: Partner, mappings: Mapping[str, PreparedMapping], *, kind: str, file_name: str, day: date, content: bytes
) -> PreparedMapping | str:
    """The mapping for a file that is not X12 (``kind`` text or xml), or a sentence that says why there is none."""
    offered = candidates(partner.inputs(), mappings)
    if kind == "xml":
        return _xml_mapping(partner, mappings, offered, Facts("xml", file_name, day, root=markup.root_of(content)))
    columns = {
        each.use.mapping: delimited.titles(content, mappings[each.use.mapping].delimited)
        for each in offered
        if each.reads.format in ROWS
    }
    facts = Facts("text", file_name, day, columns=columns)
    chosen = choose(offered, facts)
    if isinstance(chosen, NoneFits):
        titles = sorted(columns.values(), key=len)[-1:]  # as the mapping reads them that tells most of them apart
        there = f"; its columns: {', '.join(titles[0])}" if titles else ""
        return f"No mapping of {partner.name} fits {file_name} (tried: {chosen}{there})."
    missing = missing_columns(next(each for each in offered if each.use is chosen), facts)
    if missing:
        there = ", ".join(columns[chosen.mapping])
        return f"{file_name} looks like {chosen.mapping}, but has no column {', '.join(missing)} (it has: {there})."
    return mappings[chosen.mapping]


def _xml_mapping(
    partner: Partner, mappings: Mapping[str, PreparedMapping], offered: list[Candidate], facts: Facts
) -> PreparedMapping | str:
    chosen = choose(offered, facts)
    if isinstance(chosen, NoneFits):
        root = facts.root or "no readable root element"
        return f"No mapping of {partner.name} fits {facts.file_name} (tried: {chosen}; its root: {root})."
    return mappings[chosen.mapping]


def reads(partner: Partner, mappings: Mapping[str, PreparedMapping], kind: str) -> bool:
    """Whether any mapping of a partner reads files of a kind (text or xml)."""
    formats = BY_ROWS if kind == "text" else (kind,)
    return any(mappings[use.mapping].format in formats for use in partner.inputs())
