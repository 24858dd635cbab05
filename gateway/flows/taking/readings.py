"""Remember what was read of a file with which mapping, so that it can be compared, explained and read again."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.exchange.readings import ReadDocument, Unknown, document_key
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.mapping.environment import Environment
from gateway.mapping.inbound import Mapped
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem

UNMAPPED = "C-UNMAPPED"
LISTS = ("map", "lookup")
"""Steps that know some codes and no others."""


@dataclass(frozen=True, slots=True)
class Read:
    """One document that was read: its key in the file, what people call it, with which mapping and what it saw."""

    key: str
    name: str
    mapping: PreparedMapping
    env: Environment


def note(
    bench: Workbench, work: UnitOfWork, receipt: Receipt, read: Read, mapped: Mapped, hold: FileHold | None
) -> None:
    """One document was read: what it gave, or what it waits for."""
    content = mapped.document.model_dump_json(exclude_none=True) if mapped.document is not None else ""
    prepared = read.mapping
    work.readings.note(
        ReadDocument(
            receipt=receipt.id, key=read.key, partner=receipt.partner, document=prepared.document, name=read.name,
            mapping=prepared.name, spec_hash=prepared.spec_hash, today=read.env.today, read_at=bench.clock(),
            content=content, problems=tuple(problem.message for problem in mapped.problems),
            hold=hold.id if hold is not None else None,
        )
    )  # fmt: skip
    for problem in mapped.problems:
        what = _unknown(receipt, prepared, problem)
        if what is not None:
            work.readings.meet(what, receipt=receipt.id, file_name=receipt.file_name, at=bench.clock())


def _unknown(receipt: Receipt, prepared: PreparedMapping, problem: MappingProblem) -> Unknown | None:
    """What of a problem somebody can settle for all documents to come: a code of no list, data that no rule reads."""
    if problem.code == UNMAPPED and problem.source:
        return Unknown(
            receipt.partner,
            prepared.name,
            prepared.document,
            "",
            problem.source,
            problem.value,
            "unmapped",
            problem.rule,
        )
    if problem.step not in LISTS:
        return None
    return Unknown(
        receipt.partner, prepared.name, prepared.document, problem.path, problem.source, problem.given, problem.step,
        problem.rule,
    )  # fmt: skip


def unread(
    bench: Workbench, work: UnitOfWork, receipt: Receipt, name: str, envelope: Mapping[str, str], hold: FileHold
) -> None:
    """One set that no mapping reads yet: it waits, and can be read when there is one."""
    partner, now = bench.partner(receipt.partner), bench.clock()
    work.readings.note(
        ReadDocument(
            receipt=receipt.id, key=key_of(envelope), partner=receipt.partner, document="", name=name, mapping="",
            spec_hash="", today=bench.today(partner, now), read_at=now, hold=hold.id,
        )
    )  # fmt: skip


def key_of(envelope: Mapping[str, str]) -> str:
    """Where an X12 set stands in its file."""
    names = ("control_number", "group_control_number", "set_control_number")
    isa13, gs06, st02 = (envelope[name] for name in names)
    return document_key((isa13, gs06, st02), 0)
