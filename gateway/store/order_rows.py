"""Orders and events as rows, and back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.kernel.ids import OrderNumber
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.events import Event, OrderShipped
from gateway.orders.happened.bill_events import OrderCredited, OrderInvoiced
from gateway.orders.ledger import StoredEvent
from gateway.orders.order import Order
from gateway.store import codec
from gateway.store.moments import to_moment, to_text


def amounts(order: Order) -> tuple[Decimal, Decimal]:
    """What the goods of an order are worth: those that are still to be shipped, and those that are shipped and not invoiced."""
    open_amount = shipped = ZERO
    for line in order.lines:
        price, quantity = line.unit_price or ZERO, line.quantity
        served = quantity.backordered + quantity.allocated + quantity.picked + quantity.packed
        open_amount += price * served
        shipped += price * (quantity.shipped - quantity.invoiced)
    return open_amount, shipped


def columns(order: Order, status: str) -> dict[str, Any]:
    """What can be asked of an order without reading its body."""
    open_amount, shipped = amounts(order)
    ready = order.decided and not order.holds and not order.rejected and not order.test
    return {
        "partner": order.partner, "po_number": order.po_number, "release_number": order.release_number,
        "purpose": order.purpose, "test": order.test, "status": status, "version": order.version,
        "waits_for_release": ready and bool(order.untold()),
        "waits_for_invoice": any(line.quantity.shipped > line.quantity.invoiced for line in order.lines),
        "open_amount": plain(open_amount), "shipped_amount": plain(shipped), "answer_due": _waits_until(order),
        "cancel_after": order.cancel_after.isoformat() if order.cancel_after is not None and order.has_balance() else None,
        "body": codec.order_to_text(order),
    }  # fmt: skip


def event_row(order: OrderNumber, sequence: int, event: Event, at: datetime, who: str) -> dict[str, Any]:
    """One thing that happened to an order."""
    name, body = codec.event_to_text(event)
    return {
        "order_number": order, "sequence": sequence, "at": to_text(at), "who": who, "type": name,
        "reference": _reference(event), "body": body,
    }  # fmt: skip


def stored(row: Any) -> StoredEvent:
    """An event as it was recorded."""
    return StoredEvent(row.sequence, to_moment(row.at), row.who, codec.event_from_text(row.type, row.body))


def _waits_until(order: Order) -> str | None:
    """Until when the partner waits for an answer; nothing once it has one."""
    answered = order.decided or order.rejected or order.answered_on_hold
    return None if answered or order.answer_due is None else to_text(order.answer_due)


def _reference(event: Event) -> str:
    if isinstance(event, OrderInvoiced | OrderCredited):
        return event.number
    return event.shipment_number if isinstance(event, OrderShipped) else ""
