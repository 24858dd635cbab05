"""How an order stands since its answer: what is reserved, what waits and until when, what left."""

from collections.abc import Iterator

from gateway.canonical.status import OrderStatus, StatusEntry, StatusLine
from gateway.documents.context import DocumentContext, describe, item_ids, party, vendor_number
from gateway.orders.happened.goods_events import AnswerRenewed
from gateway.orders.order import Line, LineCode, Order


def build(order: Order, event: AnswerRenewed, context: DocumentContext) -> OrderStatus:
    """The status of an order as it stands right after goods came or a promise moved."""
    return OrderStatus(
        report_number=f"{order.number}-{order.version}", report_date=event.decided_on, po_number=order.po_number,
        order_number=order.number, po_date=order.po_date, release_number=order.release_number or None,
        department=order.department or None, vendor_number=vendor_number(order, context), buyer=party(order.buyer),
        seller=context.us, ship_to=party(order.ship_to), lines=tuple(_line(line, context) for line in order.lines),
    )  # fmt: skip


def _line(line: Line, context: DocumentContext) -> StatusLine:
    return StatusLine(
        number=line.number, quantity=line.quantity.ordered, uom=line.uom, unit_price=line.unit_price,
        description=describe(line, context), ids=item_ids(line, context), statuses=tuple(_statuses(line)),
    )  # fmt: skip


def _statuses(line: Line) -> Iterator[StatusEntry]:
    buckets = line.quantity
    reserved = buckets.allocated + buckets.picked + buckets.packed
    if buckets.shipped:
        yield StatusEntry(code="shipped", quantity=buckets.shipped, uom=line.uom)
    if reserved:
        yield StatusEntry(code="scheduled", quantity=reserved, uom=line.uom, ship_date=line.promised_date)
    if buckets.backordered:
        moved = LineCode.RESCHEDULED in line.codes and line.backorder_date is not None
        code = "rescheduled" if moved else "backordered"
        yield StatusEntry(code=code, quantity=buckets.backordered, uom=line.uom, ship_date=line.backorder_date)
    if buckets.cancelled:
        yield StatusEntry(code="cancelled", quantity=buckets.cancelled, uom=line.uom)
    if buckets.rejected:
        yield StatusEntry(code="rejected", quantity=buckets.rejected, uom=line.uom)
