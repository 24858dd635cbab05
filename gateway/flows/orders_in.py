"""One mapped purchase order: a new order, the same order again, or one that contradicts an earlier one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from gateway.canonical.order import Order as CanonicalOrder
from gateway.config.partner import Partner
from gateway.documents.registry import ANSWERS
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import advance, environment, readings, translate
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.record import Record
from gateway.kernel.ids import PartnerId
from gateway.mapping import inbound
from gateway.mapping.prepare import PreparedMapping

WINDOW = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document stands: whose file, which part of it, whether it is a test, what in it breaks a partner guide."""

    partner: Partner
    receipt: Receipt
    name: str
    test: bool
    guide_faults: tuple[str, ...] = ()


def take(
    bench: Workbench, work: UnitOfWork, source: Source, prepared: PreparedMapping, record: Record,
    envelope: Mapping[str, str],
) -> Iterator[FileHold]:  # fmt: skip
    """Map one record to an order and place it; what the mapping could not read is held with all its problems."""
    env = environment.received(bench, source.partner, source.receipt.file_name, envelope)
    mapped = inbound.run(prepared, record, env)
    problems = [problem for problem in mapped.problems if problem.level != "warn"]
    if problems or not isinstance(mapped.document, CanonicalOrder):
        code = problems[0].code if problems else "C-MAPPING"
        reason = f"{source.name}: " + "; ".join(problem.message for problem in problems)
        if source.guide_faults:
            reason = f"{reason}; against the partner guide {' '.join(source.guide_faults)}"
        held = hold(bench, source.receipt, code, reason, kind="DATA", reference=source.name)
        readings.note(bench, work, source.receipt, source.name, prepared, record, env, mapped, held)
        yield held
        return
    readings.note(bench, work, source.receipt, source.name, prepared, record, env, mapped, None)
    place(bench, work, source, mapped.document)


def place(bench: Workbench, work: UnitOfWork, source: Source, order: CanonicalOrder) -> None:
    """Place a canonical order by the duplicate rules: same content is answered again, other content is held."""
    partner, now = source.partner, bench.clock()
    owner = PartnerId(partner.partner)
    earlier = work.orders.by_key(
        owner, order.po_number, order.release_number or "", order.purpose, test=source.test, since=now - WINDOW
    )
    if earlier is not None and earlier.content_hash == translate.content_hash(order):
        for dispatch in work.exchange.dispatches(order_number=earlier.number, partner=owner):
            if dispatch.document in ANSWERS:
                work.exchange.repeat(dispatch.id)
        return
    command = translate.place_order(
        order, number=advance.new_order_number(work), partner=owner,
        currency=partner.terms.currency or bench.site.settings.currency, today=bench.today(partner, now),
        test=source.test, duplicate_of=earlier.number if earlier else None, guide_faults=source.guide_faults,
    )  # fmt: skip
    step = advance.Step(now=now, who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    advance.place(bench, work, partner, command, step)
