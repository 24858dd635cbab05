"""One document of a received file: mapped, and acted on by what it is; or held with all its problems."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gateway.exchange.receipt import FileHold
from gateway.flows import environment
from gateway.flows.happening import at_commit
from gateway.flows.outcome import hold, listed
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import (
    catalog_in,
    changes_in,
    claims_in,
    counts_in,
    deliveries_in,
    goods_in,
    orders_in,
    payments,
    readings,
    returns_in,
    ship,
)
from gateway.flows.workbench import Workbench
from gateway.mapping import inbound
from gateway.mapping.inbound import Mapped
from gateway.mapping.notations.notation import Node
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem


@dataclass(frozen=True, slots=True)
class Piece:
    """What a mapping reads of a file: the node, the envelope around it, what is wrong with it already, its bytes where known."""

    node: Node
    envelope: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[MappingProblem, ...] = ()
    size: int = 0


def take(
    bench: Workbench, work: UnitOfWork, source: Source, prepared: PreparedMapping, piece: Piece
) -> Iterator[FileHold]:
    """Map one document and act on it; what it waits for comes back."""
    began = time.monotonic()
    env = environment.received(bench, source.partner, source.receipt.file_name, piece.envelope)
    looks = bench.looks.at(prepared, source.receipt.sha256, source.key, piece.size)
    mapped = inbound.run(prepared, piece.node, env, warns_unread=looks)
    mapped = Mapped(mapped.document, (*piece.problems, *mapped.problems), mapped.reference)
    problems = [problem for problem in mapped.problems if problem.level != "warn"]
    held: FileHold | None = None
    if problems or mapped.document is None:
        code = problems[0].code if problems else "C-MAPPING"
        held = _held(bench, source, code, listed(problem.message for problem in problems))
    elif prepared.document not in ACTIONS:
        held = _held(bench, source, "P-NOT-ACTED-ON", f"it is a document '{prepared.document}' {mapped.reference}")
    readings.note(bench, work, source.receipt, readings.Read(source.key, source.name, prepared, env), mapped, held)
    holds: list[FileHold] = []
    if held is not None:
        holds.append(held)
    elif mapped.document is not None:
        holds += ACTIONS[prepared.document](bench, work, source, mapped.document)
        took = round(time.monotonic() - began, 5)
        at_commit(
            bench.observer, work, "document.mapped", document=prepared.document, duration_s=took, **_named(mapped)
        )
    for each in holds:
        at_commit(bench.observer, work, "document.held", document=prepared.document, code=each.code, **_named(mapped))
        yield each


Action = Callable[[Workbench, UnitOfWork, Source, Any], Iterable[FileHold]]

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "order": orders_in.place,
        "order_change": changes_in.take,
        "return_request": returns_in.take,
        "catalog": catalog_in.take,
        "ship_confirmation": ship.take,
        "goods_receipt": goods_in.receive,
        "inventory": counts_in.take,
        "tracking": deliveries_in.track,
        "delivery": deliveries_in.deliver,
        "payment": payments.take,
        "claim": claims_in.take,
    }
)
"""What is done with each document when it comes, besides master data and counts; what it waits for comes back."""


def _named(mapped: Mapped) -> dict[str, object]:
    """What a document is about, as the lines of the log have it."""
    number = getattr(mapped.document, "po_number", None)
    return {"po_number": number} if isinstance(number, str) else {"reference": mapped.reference}


def _held(bench: Workbench, source: Source, code: str, what: str) -> FileHold:
    against = f"; against the partner guide {' '.join(source.guide_faults)}" if source.guide_faults else ""
    return hold(bench, source.receipt, code, f"{source.name}: {what}{against}", kind="DATA", reference=source.name)
