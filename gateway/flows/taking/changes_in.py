"""A change of an order comes in: proposed to the order it names, answered again when it came before, or refused."""

import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gateway.canonical.acknowledgment import Acknowledgment
from gateway.canonical.change import ChangeAcknowledgment, ChangedLine, OrderChange
from gateway.canonical.order import Order as CanonicalOrder
from gateway.canonical.parts import Note
from gateway.canonical.status import OrderReceipt, ReceiptLine
from gateway.documents.registry import ANSWERS, ANSWERS_TO_CHANGES
from gateway.exchange.receipt import FileHold
from gateway.flows import advance
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import proposals
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter, letter
from gateway.kernel.ids import PartnerId
from gateway.orders.asked.change_commands import ChangeOrder
from gateway.orders.changing.judging import OVER
from gateway.orders.happened.change_events import ChangeAnswered
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import status
from gateway.orders.order import Order, Proposal
from gateway.orders.proposal import ChangeAction, LineChange

ACTIONS: Mapping[str, ChangeAction] = MappingProxyType(
    {
        "add": "add", "delete": "delete", "replace": "replace", "change": "change", "price_change": "change",
        "reschedule": "change", "quantity_increase": "increase", "quantity_decrease": "decrease",
        "no_change": "no_change", "other": "other",
    }
)  # fmt: skip
"""What each action of a change comes to."""


def take(bench: Workbench, work: UnitOfWork, source: Source, change: OrderChange) -> Iterator[FileHold]:
    """Propose an order change; one for an order we do not have is answered no."""
    orders = known_orders(work, source, change.po_number, change.release_number)
    if not orders:
        _refuse(bench, work, source, change)
        return
    digest = hashlib.sha256(change.model_dump_json(exclude_defaults=True).encode()).hexdigest()
    if len(orders) > 1 and change.purpose != "cancel":
        yield _split(bench, source, orders)
        return
    for order in orders:
        if change.change_number and any(each.content_hash == digest for each in order.changes):
            answer_again(work, order, digest)
        else:
            yield from _propose(bench, work, source, order, _proposal(work, order, change, digest))


def take_order(
    bench: Workbench, work: UnitOfWork, source: Source, wanted: CanonicalOrder, digest: str
) -> tuple[FileHold, ...] | None:
    """A purchase order that replaces or cancels an earlier one; None when we do not have that and it is no cancellation."""
    orders = known_orders(work, source, wanted.po_number, wanted.release_number)
    cancels = wanted.purpose == "cancel"
    if not orders and not cancels:
        return None
    if len(orders) > 1 and not cancels:
        return (_split(bench, source, orders),)
    if not orders:
        refused = Acknowledgment(
            po_number=wanted.po_number, po_date=wanted.po_date, release_number=wanted.release_number, status="rejected",
            ack_date=bench.today(source.partner, bench.clock()), notes=(_unknown(wanted.po_number),),
        )  # fmt: skip
        _send(bench, work, source, "acknowledgment", refused)
        return ()
    held: list[FileHold] = []
    for order in orders:
        if order.changes and order.changes[-1].content_hash == digest:
            answer_again(work, order, digest, ANSWERS)
        else:
            proposal = proposals.of_order(work, order, wanted, digest, cancels=cancels)
            held.extend(_propose(bench, work, source, order, proposal))
    return tuple(held)


def known_orders(work: UnitOfWork, source: Source, po_number: str, release_number: str | None) -> list[Order]:
    """The partner's order of a PO number: the newest that is not over, else the newest; one of each store of the buyer."""
    owner = PartnerId(source.partner.partner)
    found = [
        order for order in work.orders.find(OrderQuery(partner=owner, po_number=po_number, test=source.test))
        if release_number in (None, "", order.release_number)
    ]  # fmt: skip
    alive = [order for order in found if status(order) not in OVER]
    return list({order.store: order for order in alive or found}.values())


def _split(bench: Workbench, source: Source, orders: list[Order]) -> FileHold:
    """A change of a purchase order of which each store has an order of its own: it does not say which is meant."""
    numbers = ", ".join(f"{order.number} ({order.store})" for order in orders)
    said = f"PO {orders[0].po_number} is one order for each store ({numbers}); change those by hand"
    return hold(bench, source.receipt, "C-CHANGE", f"{source.name}: {said}", kind="CHANGE", reference=source.name)


def answer_again(work: UnitOfWork, order: Order, digest: str, documents: frozenset[str] = ANSWERS_TO_CHANGES) -> None:
    """Send the answer to a change once more; nothing is done twice."""
    moments = {
        each.at for each in work.orders.events(order.number)
        if isinstance(each.event, ChangeAnswered) and each.event.content_hash == digest
    }  # fmt: skip
    for dispatch in work.exchange.dispatches(order_number=order.number, partner=order.partner):
        if dispatch.document in documents and dispatch.created_at in moments:
            work.exchange.repeat(dispatch.id)


def _propose(
    bench: Workbench, work: UnitOfWork, source: Source, order: Order, proposal: Proposal
) -> Iterator[FileHold]:
    waiting = order.change
    if waiting is not None:
        if waiting.content_hash != proposal.content_hash:
            said = f"a change of {order.number} (PO {order.po_number}) waits already under {', '.join(waiting.holds)}; decide that one first"
            yield hold(
                bench, source.receipt, "C-CHANGE", f"{source.name}: {said}", kind="CHANGE", reference=source.name
            )
        return
    step = advance.Step(now=bench.clock(), who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    after = advance.act(bench, work, source.partner, order, ChangeOrder(proposal, who=step.who), step)
    advance.release_due(bench, work, source.partner, after, step)


def _proposal(work: UnitOfWork, order: Order, change: OrderChange, digest: str) -> Proposal:
    replaces = change.purpose == "replace"
    lines = tuple(_line(work, order, line) for line in change.lines)
    if replaces:
        named = {line.line for line in lines}
        lines += tuple(
            LineChange(line.number, "delete", "delete")
            for line in order.lines
            if line.quantity.open and line.number not in named
        )
    return Proposal(
        change_number=change.change_number or "", request_number=change.request_number or "",
        change_date=change.change_date, content_hash=digest, lines=lines, head=proposals.head_of(change.dates),
        ship_to=proposals.place(order, change.ship_to), cancels=change.purpose == "cancel",
        unobeyed=tuple(_unobeyed(order, change)),
    )  # fmt: skip


def _line(work: UnitOfWork, order: Order, line: ChangedLine) -> LineChange:
    ids = proposals.pairs(line.ids)
    sku = proposals.sku_of(work, order.partner, ids)
    number = line.number or ("" if line.action == "add" else proposals.named(order, ids, sku))
    return LineChange(
        line=number, action=ACTIONS[line.action], said=line.action, quantity=line.quantity,
        quantity_open=line.quantity_open, uom=line.uom or "", ids=ids, sku=sku, unit_price=line.unit_price,
        price_basis=line.price_basis or "", description=line.description or "",
        ship_not_before=line.dates.ship_not_before or line.dates.ship_requested,
        delivery_requested=line.dates.delivery_requested,
    )  # fmt: skip


def _unobeyed(order: Order, change: OrderChange) -> Iterator[str]:
    """What a change asks for that is not done here (rulings 33): somebody must look at it."""
    if change.currency and change.currency != order.currency:
        yield f"CUR: the change is in {change.currency}, the order in {order.currency}"
    if change.allowances:
        yield "SAC: allowances or charges for the whole order"
    carrier, terms = change.routing.carrier_scac, change.terms
    if carrier and carrier != order.carrier_scac:
        yield f"TD5: it is to leave with {carrier}, the order says {order.carrier_scac or 'nothing'}"
    if change.fob and change.fob != order.fob:
        yield f"FOB: who pays the freight becomes {change.fob}, the order says {order.fob or 'nothing'}"
    pairs = (
        (terms.discount_percent, order.claimed_discount_percent), (terms.discount_days, order.claimed_discount_days),
        (terms.net_days, order.claimed_net_days),
    )  # fmt: skip
    if any(said not in (None, before) for said, before in pairs):
        yield "ITD: other payment terms than those of the order"
    for index, line in enumerate(change.lines, start=1):
        named = f"line {line.number or index}, "
        yield from (
            named + said for said, is_there in (
                ("SDQ: the quantity is to be split over several stores", line.allocations),
                ("SCH: the line is to be delivered on a schedule", line.schedule),
                ("N1: the line gets a ship-to of its own", line.ship_to),
                ("SAC: allowances or charges of the line", line.allowances),
                ("DTM: the line gets a limit of its own", proposals.own_limit(order, line.dates)),
            ) if is_there
        )  # fmt: skip


def _refuse(bench: Workbench, work: UnitOfWork, source: Source, change: OrderChange) -> None:
    """Answer a change of an order that we do not have: no, with the reason in words."""
    today = bench.today(source.partner, bench.clock())
    answer = ChangeAcknowledgment(
        po_number=change.po_number, po_date=change.po_date, ack_date=today, status="rejected",
        release_number=change.release_number, change_number=change.change_number, request_number=change.request_number,
        change_date=change.change_date, notes=(_unknown(change.po_number),),
    )  # fmt: skip
    _send(bench, work, source, "change_acknowledgment", answer)
    rows = tuple(
        ReceiptLine(
            line=line.number or str(at), sku=line.ids.vendor_sku, status="rejected", quantity=line.quantity,
            unit_price=line.unit_price, reason=_unknown(change.po_number).text,
        )
        for at, line in enumerate(change.lines, start=1)
    )  # fmt: skip
    receipt = OrderReceipt(po_number=change.po_number, received_date=today, status="rejected", lines=rows)
    if source.partner.tells_of("order_receipt", source.came_as):
        _send(bench, work, source, "order_receipt", receipt)


def _unknown(po_number: str) -> Note:
    return Note(text=f"We have no purchase order {po_number} of yours.")


def _send(
    bench: Workbench, work: UnitOfWork, source: Source, document: str,
    content: ChangeAcknowledgment | OrderReceipt | Acknowledgment,
) -> None:  # fmt: skip
    what = Letter(
        partner=source.partner, document=document, number=content.po_number or "", now=bench.clock(),
        receipt=source.receipt.id, test=source.test,
    )  # fmt: skip
    letter(bench, work, what, content)
