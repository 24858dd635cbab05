"""The order to a warehouse to pick, pack and ship (the CSV twin of the 940)."""

from gateway.canonical.house import WarehouseOrder, WarehouseOrderLine
from gateway.documents.context import DocumentContext, describe, party
from gateway.orders.events import OrderRecalled, OrderReleased, ReleasedLine
from gateway.orders.order import Order


def build(order: Order, event: OrderReleased | OrderRecalled, context: DocumentContext) -> WarehouseOrder:
    """What one warehouse is told to pick of one order, in the units the customer ordered."""
    return WarehouseOrder(
        action=event.action if isinstance(event, OrderRecalled) else "new",
        order_number=order.number, warehouse=event.warehouse, partner=order.partner, po_number=order.po_number,
        carrier_scac=order.carrier_scac or None, ship_not_before=order.ship_not_before,
        ship_no_later=order.ship_no_later, cancel_after=order.cancel_after, notes=order.notes or None,
        ship_to=party(order.ship_to), lines=tuple(_line(order, line, context) for line in event.lines),
    )  # fmt: skip


def _line(order: Order, released: ReleasedLine, context: DocumentContext) -> WarehouseOrderLine:
    line = next(line for line in order.lines if line.number == released.line)
    item = context.items.get(line.sku) if line.sku else None
    return WarehouseOrderLine(
        line=line.number, sku=line.sku or "", upc=item.upc or None if item else None,
        description=describe(line, context), quantity=released.quantity, uom=line.uom,
    )  # fmt: skip
