"""What the events from the warehouse order to the shipment do to the order."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.applied import journeys
from gateway.orders.applied.lines import answered, fewer, move, of_line, with_line, with_told, without
from gateway.orders.events import Event
from gateway.orders.order import Line, Order, Told


def _released(order: Order, event: happened.OrderReleased) -> Order:
    for each in event.lines:
        told = Told(event.warehouse, event.number, each.quantity, event.store)
        order = with_line(order, each.line, _telling(told))
    return replace(order, released_to=(*order.released_to, event.warehouse))


def _telling(told: Told) -> Callable[[Line], Line]:
    return lambda line: with_told(line, (*line.told, told))


def _recalled(order: Order, event: happened.OrderRecalled) -> Order:
    """What the warehouse was told for the store counts no more; a replacement tells it anew."""
    lines = tuple(
        with_told(line, tuple(each for each in line.told if (each.warehouse, each.store) != (event.warehouse, event.store)))
        for line in order.lines
    )  # fmt: skip
    again = event.lines if event.action == "replace" else ()
    return _released(
        replace(order, lines=lines), happened.OrderReleased(event.warehouse, again, event.number, event.store)
    )


def _moved(line: Line, event: happened.LinePicked | happened.LinePacked, origin: str, target: str) -> Line:
    return replace(line, quantity=move(line.quantity, type(event), origin, target, event.quantity))


def _short(line: Line, event: happened.LineShortPicked) -> Line:
    quantity = move(line.quantity, type(event), "allocated", event.to_bucket, event.quantity)
    missed, shorted = line.missed, line.shorted
    if event.to_bucket == "backordered":
        missed = (*missed, Told(event.warehouse, "", event.quantity, event.store))
        shorted += event.quantity
    found = replace(line, quantity=quantity, missed=missed, shorted=shorted)
    return answered(found, event.warehouse, event.store, event.quantity)


def _shipped(line: Line, event: happened.LineShipped) -> Line:
    quantity = move(line.quantity, type(event), "packed", "shipped", event.quantity)
    stores = tuple(
        replace(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    return answered(replace(line, quantity=quantity, stores=stores), event.warehouse, event.store, event.quantity)


def _over_shipped(line: Line, event: happened.LineOverShipped) -> Line:
    stores = tuple(
        replace(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    if event.from_bucket:
        quantity = move(line.quantity, type(event), event.from_bucket, "shipped", event.quantity)
    else:
        more = event.quantity
        quantity = replace(line.quantity, ordered=line.quantity.ordered + more, shipped=line.quantity.shipped + more)
    beyond = ZERO if event.from_bucket else event.quantity
    missed = line.missed
    if event.turned_up:
        missed = tuple(fewer(line.missed, event.warehouse, event.store, event.quantity))
    known = replace(line, quantity=quantity, stores=stores, over_shipped=line.over_shipped + beyond, missed=missed)
    if event.from_bucket != "allocated":
        return known
    return with_told(replace(known, sources=without(line.sources, event.warehouse, event.quantity)), line.told)


def _order_shipped(order: Order, event: happened.OrderShipped) -> Order:
    cost = event.freight_charge
    freight = (*order.freight, (event.shipment_number, cost)) if cost else order.freight
    return replace(
        order, shipments=(*order.shipments, event.shipment_number), freight=freight,
        journeys=(*order.journeys, journeys.begun(event)),
    )  # fmt: skip


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderReleased: _released,
        happened.OrderRecalled: _recalled,
        happened.OrderShipped: _order_shipped,
        happened.LinePicked: of_line(lambda line, event: _moved(line, event, "allocated", "picked")),
        happened.LinePacked: of_line(lambda line, event: _moved(line, event, "picked", "packed")),
        happened.LineShortPicked: of_line(_short),
        happened.LineShipped: of_line(_shipped),
        happened.LineOverShipped: of_line(_over_shipped),
    }
)
"""What each event of picking and shipping does."""
