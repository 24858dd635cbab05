"""The answer to an order change: each line of the change said back with what became of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, cast

from gateway.canonical.acknowledgment import LineStatus
from gateway.canonical.change import AnsweredChangeLine, ChangeAcknowledgment, ChangeAction
from gateway.canonical.parts import ItemIds, Note
from gateway.documents import po_ack_855
from gateway.documents.context import DocumentContext, describe, item_ids, party, vendor_number
from gateway.kernel.quantity import ZERO
from gateway.orders.happened.change_events import ChangeAnswered
from gateway.orders.order import Line, LineCode, Order
from gateway.orders.proposal import LineRuling

LONGEST = 264
"""Characters of one note."""


def is_owed(_order: Order, event: ChangeAnswered) -> bool:
    """A change that came as a purchase order is answered by an acknowledgment instead."""
    return not event.by_order


def build(order: Order, event: ChangeAnswered, context: DocumentContext) -> ChangeAcknowledgment:
    """The answer to a change as the order stands right after it."""
    return ChangeAcknowledgment(
        po_number=order.po_number, order_number=order.number, po_date=order.po_date, ack_date=event.answered_on,
        status=cast("Literal['accepted', 'changed', 'rejected']", event.status),
        release_number=order.release_number or None, change_number=event.change_number or None,
        request_number=event.request_number or None, change_date=event.change_date,
        department=order.department or None, vendor_number=vendor_number(order, context), currency=order.currency,
        buyer=party(order.buyer), seller=context.us, ship_to=party(order.ship_to), notes=notes(event),
        lines=tuple(_line(order, each, context) for each in event.rulings if each.line),
    )  # fmt: skip


def notes(event: ChangeAnswered) -> tuple[Note, ...]:
    """Why it is not simply accepted, in words."""
    return tuple(Note(text=each[:LONGEST]) for each in event.reasons)


def _line(order: Order, ruling: LineRuling, context: DocumentContext) -> AnsweredChangeLine:
    line = order.line(ruling.line)
    quantity = ruling.quantity if ruling.quantity is not None else line.quantity.open if line is not None else ZERO
    price = ruling.unit_price if ruling.unit_price is not None else line.unit_price if line is not None else None
    known = line if line is not None and (ruling.ruling != "rejected" or _names(ruling, line)) else None
    left = max(ZERO, quantity - line.quantity.shipped) if line is not None else quantity
    return AnsweredChangeLine(
        number=ruling.line, action=cast("ChangeAction", ruling.said), quantity=quantity, quantity_open=left,
        uom=ruling.uom or (line.uom if line is not None else "") or "EA", unit_price=price,
        price_basis=(line.price_basis or None) if line is not None else None,
        description=describe(known, context) if known is not None else None,
        ids=item_ids(known, context) if known is not None else ItemIds(**dict(ruling.ids)),
        statuses=tuple(_statuses(line, ruling, quantity, context)),
    )  # fmt: skip


def _names(ruling: LineRuling, line: Line) -> bool:
    """Whether what was refused is about the item of the line: it names none, or no other."""
    return all(dict(line.ids).get(kind, value) == value for kind, value in ruling.ids)


def _statuses(
    line: Line | None, ruling: LineRuling, quantity: Decimal, context: DocumentContext
) -> Iterator[LineStatus]:
    uom = ruling.uom or (line.uom if line is not None else "EA")
    if ruling.ruling == "rejected" or line is None:
        invalid = line is not None and LineCode.INVALID_ITEM in line.codes and ruling.said == "add"
        yield LineStatus(code="invalid_item" if invalid else "rejected", quantity=quantity, uom=uom)
        return
    buckets = line.quantity
    if ruling.said == "delete":
        yield LineStatus(code="deleted", quantity=buckets.cancelled, uom=uom)
        return
    if buckets.pending:
        yield LineStatus(code="accepted", quantity=buckets.pending, uom=uom)
    told = po_ack_855.line_statuses(line, context)
    yield from (each for each in told if each.code not in ("on_hold", "deleted", "rejected"))
    if buckets.cancelled and not buckets.open:
        yield LineStatus(code="deleted", quantity=buckets.cancelled, uom=uom)
