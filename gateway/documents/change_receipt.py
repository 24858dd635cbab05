"""The answer to a change for who reads CSV or XML, and the changed order for the house."""

from collections.abc import Iterator
from typing import Literal, cast

from gateway.canonical.decided import DecidedOrder
from gateway.canonical.status import OrderReceipt, ReceiptLine
from gateway.documents import decided_order, order_receipt
from gateway.documents.context import DocumentContext
from gateway.orders.events import OrderDecided
from gateway.orders.happened.change_events import ChangeAnswered
from gateway.orders.order import Order
from gateway.orders.proposal import LineRuling

DONE = {"add": "added as you asked"}
"""What was done, where it is not simply a change."""


def build(order: Order, event: ChangeAnswered, _context: DocumentContext) -> OrderReceipt:
    """The receipt of a change: one row for each line it names, two where a part waits for goods."""
    return OrderReceipt(
        po_number=order.po_number, order_number=order.number, partner=order.partner, received_date=event.answered_on,
        status=cast("Literal['accepted', 'changed', 'rejected']", event.status),
        reason="; ".join(event.reasons) or None,
        lines=tuple(row for each in event.rulings if each.line for row in _rows(order, each)),
    )  # fmt: skip


def decided(order: Order, event: ChangeAnswered, context: DocumentContext) -> DecidedOrder:
    """The whole order as it stands after the change."""
    return decided_order.build(order, OrderDecided(event.status, event.answered_on, event.reasons), context)


def is_decided(order: Order, event: ChangeAnswered) -> bool:
    """Whether the house is to be told: not of what was refused, nor before the order itself is decided."""
    return order.decided and event.status != "rejected" and not event.by_order


def _rows(order: Order, ruling: LineRuling) -> Iterator[ReceiptLine]:
    line = order.line(ruling.line)
    sku = (line.sku if line is not None else None) or dict(ruling.ids).get("vendor_sku")
    if ruling.ruling == "rejected" or line is None:
        yield ReceiptLine(
            line=ruling.line, sku=sku, status="rejected", quantity=ruling.quantity, uom=ruling.uom or None,
            unit_price=ruling.unit_price, reason=ruling.reason or "refused",
        )  # fmt: skip
        return
    buckets = line.quantity
    if ruling.said == "delete" or not buckets.open:
        yield ReceiptLine(
            line=line.number, sku=sku, status="changed", quantity=buckets.open, uom=line.uom,
            unit_price=line.unit_price, reason="deleted as you asked",
        )  # fmt: skip
        return
    served = buckets.open - buckets.backordered
    if served:
        yield ReceiptLine(
            line=line.number, sku=sku, status="changed", quantity=served, uom=line.uom, unit_price=line.unit_price,
            promised_date=line.promised_date, reason=ruling.reason or DONE.get(ruling.said, "changed as you asked"),
        )  # fmt: skip
    if buckets.backordered:
        yield ReceiptLine(
            line=line.number, sku=sku, status="backordered", quantity=buckets.backordered, uom=line.uom,
            unit_price=line.unit_price, promised_date=line.backorder_date,
            reason=ruling.reason or order_receipt.waiting(line),
        )  # fmt: skip
