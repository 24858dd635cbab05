"""Read a file for a mapping: every document of it, and what is wrong with the file itself, without any effect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.exchange.acknowledgment import AckRules
from gateway.exchange.readings import document_key
from gateway.flows import partner_guides
from gateway.flows.envelopes import of_received
from gateway.flows.judging.examine import ALL_REPAIRS, Examination, ExaminedSet, examine
from gateway.flows.taking.readings import key_of
from gateway.kernel.issue import Issue
from gateway.mapping import documents
from gateway.mapping.notations.notation import Node
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem

_MOST_FAULTS = 20
_UNIT = {"csv": "row"}
"""What the position of a document counts; in other formats lines."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a file: what people call it, where it stands in the file, what the mapping reads, and what is wrong already."""

    name: str
    key: str
    node: Node
    envelope: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[MappingProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Pieces:
    """The documents of a file for one mapping; ``faults`` are sentences about the file and its sets."""

    documents: tuple[Piece, ...]
    faults: tuple[str, ...] = ()


def pieces(prepared: PreparedMapping, content: bytes, partner: Partner | None = None) -> Pieces:
    """What of a file an inbound mapping reads; X12 is judged by the standard, or as was agreed with the partner."""
    return _sets(prepared, content, partner) if prepared.format == "x12" else _documents(prepared, content)


def _sets(prepared: PreparedMapping, content: bytes, partner: Partner | None) -> Pieces:
    has_terms = partner is not None and partner.x12 is not None
    rules, repairs = ack_rules(partner) if partner is not None and has_terms else (AckRules(), ALL_REPAIRS)
    seen = examine(content, rules, repairs=repairs, guides=partner_guides.of_mapping(prepared))
    found = [
        Piece(_name(each), key_of(envelope), each.record, envelope)
        for interchange in seen.interchanges
        for each in interchange.sets
        if each.received.set_id == prepared.set_id
        for envelope in (of_received(interchange.received, each.group, each.received.control_number),)
    ]
    faults = [issue.message for issue in seen.issues] + list(_set_faults(seen))
    if not found and not faults:
        there = sorted({each.received.set_id for interchange in seen.interchanges for each in interchange.sets})
        faults.append(f"The file has no set {prepared.set_id}; it has {', '.join(there) or 'none at all'}.")
    return Pieces(tuple(found), tuple(faults))


def _set_faults(seen: Examination) -> Iterator[str]:
    """What breaks the standard or the partner's guide: the envelope first, then set by set."""
    for interchange in seen.interchanges:
        yield from (
            f"Interchange {interchange.received.control_number}: {each.message}" for each in interchange.received.issues
        )
        for group in interchange.verdict.groups:
            yield from (f"Group {group.group.control_number}: {each.message}" for each in group.group.issues)
        for each in interchange.sets:
            yield from _told(_name(each), each.received.issues, "")
            yield from _told(_name(each), each.received.guide_issues, f" (partner guide {each.received.guide_name})")


def _told(name: str, issues: tuple[Issue, ...], more: str) -> Iterator[str]:
    for issue in issues[:_MOST_FAULTS]:
        where = f", segment {issue.place.position}" if issue.place.position else ""
        yield f"{name}{where}: {issue.message}{more}"
    if len(issues) > _MOST_FAULTS:
        yield f"{name}: and {len(issues) - _MOST_FAULTS} more; 'gateway validate' shows all."


def _name(each: ExaminedSet) -> str:
    return f"set {each.received.set_id} {each.received.control_number}"


def _documents(prepared: PreparedMapping, content: bytes) -> Pieces:
    found = documents.read(prepared, content)
    if found.issues:
        return Pieces((), tuple(issue.message for issue in found.issues))
    return Pieces(
        tuple(
            Piece(
                f"{_UNIT.get(prepared.format, 'line')} {each.position}",
                document_key(None, each.position),
                each.node,
                problems=each.problems,
            )
            for each in found.documents
        )
    )
