"""What the events from the warehouse order to the shipment do to the order."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gateway.kernel.altered import altered
from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.applied import journeys
from gateway.orders.applied.lines import answered, fewer, move, waits_less, with_each, with_told, without
from gateway.orders.events import Event
from gateway.orders.order import Line, Order, Told


def _released(order: Order, event: happened.OrderReleased) -> Order:
    def tell(line: Line, each: happened.ReleasedLine) -> Line:
        return with_told(line, (*line.told, Told(event.warehouse, event.number, each.quantity, event.store)))

    order = with_each(order, ((each.line, each) for each in event.lines), tell)
    return altered(order, released_to=(*order.released_to, event.warehouse))


def _recalled(order: Order, event: happened.OrderRecalled) -> Order:
    """What the warehouse was told for the store counts no more; a replacement tells it anew."""
    lines = tuple(
        with_told(line, tuple(each for each in line.told if (each.warehouse, each.store) != (event.warehouse, event.store)))
        for line in order.lines
    )  # fmt: skip
    again = event.lines if event.action == "replace" else ()
    return _released(
        altered(order, lines=lines), happened.OrderReleased(event.warehouse, again, event.number, event.store)
    )


def _moved(line: Line, event: happened.LinePicked | happened.LinePacked, origin: str, target: str) -> Line:
    return altered(line, quantity=move(line.quantity, type(event), origin, target, event.quantity))


def _short(line: Line, event: happened.LineShortPicked) -> Line:
    quantity = move(line.quantity, type(event), "allocated", event.to_bucket, event.quantity)
    missed = line.missed
    if event.to_bucket == "backordered":
        missed = (*missed, Told(event.warehouse, "", event.quantity, event.store))
    found = altered(line, quantity=quantity, missed=missed)
    return answered(found, event.warehouse, event.store, event.quantity)


def _shipped(line: Line, event: happened.LineShipped) -> Line:
    quantity = move(line.quantity, type(event), "packed", "shipped", event.quantity)
    stores = tuple(
        altered(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    return answered(altered(line, quantity=quantity, stores=stores), event.warehouse, event.store, event.quantity)


def _over_shipped(line: Line, event: happened.LineOverShipped) -> Line:
    stores = tuple(
        altered(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    if event.from_bucket:
        quantity = move(line.quantity, type(event), event.from_bucket, "shipped", event.quantity)
    else:
        more = event.quantity
        quantity = altered(line.quantity, ordered=line.quantity.ordered + more, shipped=line.quantity.shipped + more)
    beyond = ZERO if event.from_bucket else event.quantity
    missed = line.missed
    if event.turned_up:
        missed = tuple(fewer(line.missed, event.warehouse, event.store, event.quantity))
    known = waits_less(
        altered(line, quantity=quantity, stores=stores, over_shipped=line.over_shipped + beyond, missed=missed)
    )
    if event.from_bucket != "allocated":
        return known
    return with_told(known, line.told, without(line.sources, event.warehouse, event.quantity))


def _order_shipped(order: Order, event: happened.OrderShipped) -> Order:
    cost = event.freight_charge
    freight = (*order.freight, (event.shipment_number, cost)) if cost else order.freight
    return altered(
        order, shipments=(*order.shipments, event.shipment_number), freight=freight,
        journeys=(*order.journeys, journeys.begun(event)),
    )  # fmt: skip


OF_LINES: Mapping[type[Event], Callable[[Line, Any], Line]] = MappingProxyType(
    {
        happened.LinePicked: lambda line, event: _moved(line, event, "allocated", "picked"),
        happened.LinePacked: lambda line, event: _moved(line, event, "picked", "packed"),
        happened.LineShortPicked: _short,
        happened.LineShipped: _shipped,
        happened.LineOverShipped: _over_shipped,
    }
)
"""What each event of picking and shipping does to its line."""
APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderReleased: _released,
        happened.OrderRecalled: _recalled,
        happened.OrderShipped: _order_shipped,
    }
)
"""What each event of picking and shipping does."""
