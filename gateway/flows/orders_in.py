"""A canonical purchase order comes in: a new order, the same order again, or one that contradicts an earlier one."""

from datetime import timedelta

from gateway.canonical.order import Order as CanonicalOrder
from gateway.documents.registry import ANSWERS
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, changes_in, translate
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId

WINDOW = timedelta(days=400)


def place(bench: Workbench, work: UnitOfWork, source: Source, order: CanonicalOrder) -> tuple[FileHold, ...]:
    """Place a canonical order by the duplicate rules: same content is answered again, other content is held."""
    if order.purpose in ("replace", "cancel"):
        done = changes_in.take_order(bench, work, source, order, translate.content_hash(order))
        if done is not None:
            return done
    partner, now = source.partner, bench.clock()
    owner = PartnerId(partner.partner)
    earlier = work.orders.by_key(
        owner, order.po_number, order.release_number or "", order.purpose, test=source.test, since=now - WINDOW
    )
    if earlier is not None and earlier.content_hash == translate.content_hash(order):
        for dispatch in work.exchange.dispatches(order_number=earlier.number, partner=owner):
            if dispatch.document in ANSWERS:
                work.exchange.repeat(dispatch.id)
        return ()
    command = translate.place_order(
        order, number=advance.new_order_number(work), partner=owner,
        currency=partner.terms.currency or bench.site.settings.currency, today=bench.today(partner, now),
        test=source.test, duplicate_of=earlier.number if earlier else None, guide_faults=source.guide_faults,
    )  # fmt: skip
    step = advance.Step(now=now, who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    advance.place(bench, work, partner, command, step)
    return ()
