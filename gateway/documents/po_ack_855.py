"""The purchase order acknowledgment: the decision, told line by line."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from gateway.canonical.acknowledgment import (
    AcknowledgedLine,
    Acknowledgment,
    AnswerStatus,
    LineStatus,
    LineStatusCode,
)
from gateway.canonical.filling import trusted
from gateway.canonical.parts import Allowance, ItemIds, Note, PaymentTerms
from gateway.documents.context import (
    DocumentContext,
    describe_ordered,
    ordered_ids,
    party,
    store_party,
    substitute_ids,
    vendor_number,
)
from gateway.orders.considering import payment_terms
from gateway.orders.events import OrderDecided
from gateway.orders.happened.goods_events import AnswerRenewed
from gateway.orders.happened.handled import OrderAnsweredOnHold
from gateway.orders.order import Adjustment, Line, LineCode, Order

new_acknowledged_line = trusted(AcknowledgedLine)
new_line_status = trusted(LineStatus)
new_acknowledgment = trusted(Acknowledgment)
new_allowance = trusted(Allowance)
new_note = trusted(Note)
new_payment_terms = trusted(PaymentTerms)
NO_IDS = ItemIds()
SHORT: Mapping[str, AnswerStatus] = MappingProxyType({"AK": "unchanged", "AT": "accepted"})
"""Answers without lines that an order may ask for (BEG07), where there is nothing to tell about a line."""


def build(order: Order, event: OrderDecided | AnswerRenewed, context: DocumentContext) -> Acknowledgment:
    """The acknowledgment of an order as it stands right after its decision, or after lines came to stand otherwise.

    The allowances and charges are told where the order named some: as they will be invoiced.
    """
    asked = SHORT.get(order.acknowledgment_type) if isinstance(event, OrderDecided) else None
    short = asked if event.status == "accepted" else None
    notes = getattr(event, "notes", ())
    status = short or cast("AnswerStatus", event.status)
    return _built(order, status, event.decided_on, context, lines=not short, notes=notes)


def on_hold(order: Order, event: OrderAnsweredOnHold, context: DocumentContext) -> Acknowledgment:
    """The acknowledgment at the deadline: what is refused is told, everything else is on hold."""
    return _built(order, "on_hold", event.answered_on, context, lines=True)


def _built(
    order: Order, status: AnswerStatus, told_on: date, context: DocumentContext, *, lines: bool,
    notes: tuple[str, ...] = (),
) -> Acknowledgment:  # fmt: skip
    named = bool(order.claimed or any(line.claimed for line in order.lines)) and status != "on_hold"
    return new_acknowledgment(
        po_number=order.po_number, order_number=order.number, po_date=order.po_date, ack_date=told_on,
        status=status, release_number=order.release_number or None,
        department=order.department or None, vendor_number=vendor_number(order, context), currency=order.currency,
        buyer=party(order.buyer), seller=context.us, ship_to=party(order.ship_to),
        mark_for=store_party(context, order.store), terms=terms(order, context) if status != "on_hold" else new_payment_terms(),
        allowances=tuple(allowance(each) for each in order.adjustments if named),
        lines=tuple(_line(line, context) for line in order.lines) if lines else (),
        notes=tuple(new_note(text=each) for each in notes),
    )  # fmt: skip


def terms(order: Order, context: DocumentContext) -> PaymentTerms:
    """The payment terms that will be invoiced, where the order names some: ours unless somebody accepted theirs."""
    if context.terms is None or not payment_terms.names_terms(order):
        return new_payment_terms()
    counting = payment_terms.counting(order, context.terms)
    return new_payment_terms(
        discount_percent=counting.discount_percent, discount_days=counting.discount_days, net_days=counting.net_days
    )


def _line(line: Line, context: DocumentContext) -> AcknowledgedLine:
    ours = line.partner_price if line.quantity.pending else line.unit_price
    price = ours if ours is not None else line.partner_price
    return new_acknowledged_line(
        number=line.number, quantity=line.quantity.ordered, uom=line.uom, unit_price=price,
        price_basis=line.price_basis or None, ids=ordered_ids(line, context),
        description=describe_ordered(line, context),
        allowances=tuple(allowance(each) for each in line.adjustments), statuses=tuple(line_statuses(line, context)),
    )  # fmt: skip


def allowance(each: Adjustment) -> Allowance:
    """An allowance or charge in canonical words; X12 wants a method of handling, 02 is off invoice."""
    return new_allowance(
        kind=each.kind, code=each.code or None, percent=each.percent, amount=each.amount, rate=each.rate,
        method="02" if each.kind == "allowance" else "06", description=each.description or None,
    )  # fmt: skip


def line_statuses(line: Line, context: DocumentContext) -> Iterator[LineStatus]:
    """Accepted and backordered parts are told apart (IA + IB, never BP); the price change comes first."""
    buckets = line.quantity
    served = buckets.allocated + buckets.picked + buckets.packed + buckets.shipped
    refusal = next((code for code in line.codes if code in REFUSALS), LineCode.REJECTED)
    instead = substitute_ids(line, context) if line.substitute_for is not None else NO_IDS
    moved = LineCode.RESCHEDULED in line.codes
    if served:
        code: LineStatusCode = "price_changed" if LineCode.PRICE_CHANGED in line.codes else "accepted"
        code = "substituted" if line.substitute_for is not None else code
        yield _status(line, code, served, line.promised_date, line.delivery_date, instead)
    if line.awaited:
        told: LineStatusCode = "rescheduled" if moved else "accepted"
        yield _status(line, told, line.awaited, line.backorder_date, line.delivery_date)
    if buckets.backordered > line.awaited:
        told = "rescheduled" if moved and line.backorder_date is not None else "backordered"
        waits = buckets.backordered - line.awaited
        yield _status(line, told, waits, line.backorder_date, None if served else line.delivery_date, instead)
    if buckets.pending:
        yield _status(line, "on_hold", buckets.pending)
    if buckets.cancelled:
        yield _status(line, "deleted" if line.deleted else "rejected", buckets.cancelled)
    if buckets.rejected:
        yield _status(line, refusal.value, buckets.rejected)


def _status(
    line: Line, code: LineStatusCode, quantity: Decimal, promised: date | None = None, arrives: date | None = None,
    ids: ItemIds = NO_IDS,
) -> LineStatus:  # fmt: skip
    return new_line_status(
        code=code, quantity=quantity, uom=line.uom, ship_date=promised, delivery_date=arrives, ids=ids
    )


REFUSALS = frozenset(
    {LineCode.INVALID_ITEM, LineCode.INVALID_UNIT, LineCode.REJECTED, LineCode.DELETED, LineCode.DISCONTINUED}
)
