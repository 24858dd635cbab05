"""The order to a warehouse to pick, pack and ship (the CSV twin of the 940)."""

from datetime import date

from gateway.canonical.filling import trusted
from gateway.canonical.house import WarehouseOrder, WarehouseOrderLine
from gateway.documents.context import DocumentContext, describe, item_ids, party, ship_from, store_party, vendor_number
from gateway.orders import instructions
from gateway.orders.events import OrderRecalled, OrderReleased, ReleasedLine
from gateway.orders.order import Line, Order
from gateway.orders.shipping.routing import POUNDS

new_warehouse_order_line = trusted(WarehouseOrderLine)
new_warehouse_order = trusted(WarehouseOrder)


def build(order: Order, event: OrderReleased | OrderRecalled, context: DocumentContext) -> WarehouseOrder:
    """What one warehouse is told to pick of one order, in the units the customer ordered.

    Goods of one store go to the store, where its address is known; else to the order's ship-to, marked for the store.
    """
    store = event.store or order.store
    marked = store_party(context, store)
    ship_to, lines = party(order.ship_to), {line.number: line for line in order.lines}
    if marked is not None and marked.address1 and event.store:
        ship_to = marked
    return new_warehouse_order(
        action=event.action if isinstance(event, OrderRecalled) else "new",
        order_number=order.number, warehouse=event.warehouse, partner=order.partner, po_number=order.po_number,
        priority=str(order.priority) if order.priority else None, service=order.route.service or None,
        freight_terms=order.route.freight_terms or None,
        carrier_scac=order.route.carrier_scac or order.carrier_scac or None, ship_not_before=_first_day(order, event.lines),
        ship_no_later=order.ship_no_later, cancel_after=order.cancel_after, delivery_requested=order.delivery_requested,
        department=order.department or None, vendor_number=vendor_number(order, context), notes=order.notes or None,
        packing_instructions=context.packing_instructions or None, label_format=context.label_format or None,
        ship_from=ship_from(context, event.warehouse), ship_to=ship_to, bill_to=party(order.bill_to), mark_for=marked,
        lines=tuple(_line(lines[line.line], line, store, context) for line in event.lines),
    )  # fmt: skip


def _first_day(order: Order, lines: tuple[ReleasedLine, ...]) -> date | None:
    """The first day on which all of it may leave, by the lines, else by the order."""
    told = {each.line for each in lines}
    days = (instructions.not_before(order, line) for line in order.lines if line.number in told)
    return max((day for day in days if day is not None), default=None)


def _line(line: Line, released: ReleasedLine, store: str, context: DocumentContext) -> WarehouseOrderLine:
    item = context.items.get(line.sku) if line.sku else None
    weight = item.weight * released.quantity * line.stock_per_unit if item is not None and item.weight else None
    return new_warehouse_order_line(
        line=line.number, sku=line.sku or "", upc=item.upc or None if item else None, ids=item_ids(line, context),
        description=describe(line, context), quantity=released.quantity, uom=line.uom, store=store or None,
        weight=weight, weight_uom=(item.weight_uom or next(iter(POUNDS))) if item is not None and weight else None,
    )  # fmt: skip
