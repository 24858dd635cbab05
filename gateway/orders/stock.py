"""What of the stock an order has reserved."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.events import Event
from gateway.orders.happened.goods_events import LineSubstituted
from gateway.orders.order import Order


def reservations(order: Order) -> Mapping[tuple[WarehouseId, Sku], Decimal]:
    """Reserved and not shipped, or kept while it is on hold, by warehouse and item, in stock units; a test order reserves nothing."""
    found: dict[tuple[WarehouseId, Sku], Decimal] = {}
    if order.test:
        return found
    for line in order.lines:
        if line.sku is None:
            continue
        for source in line.sources:
            key = (source.warehouse, line.sku)
            found[key] = found.get(key, ZERO) + source.quantity * line.stock_per_unit
    for kept in order.reserved:
        found[kept.warehouse, kept.sku] = found.get((kept.warehouse, kept.sku), ZERO) + kept.quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def is_covered(order: Order, events: Iterable[Event]) -> bool:
    """Whether every line of an order that was decided got all it asked for, of the item that was asked for, from free stock."""
    full = all(each.quantity.allocated == each.quantity.ordered for each in order.lines)
    return full and not any(isinstance(each, LineSubstituted) for each in events)
