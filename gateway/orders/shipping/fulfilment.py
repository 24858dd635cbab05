"""What a warehouse is told to pick, and what follows from what it shipped."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders import instructions, stores
from gateway.orders.case import Case
from gateway.orders.commands import ConfirmShipment, ReleaseToWarehouse
from gateway.orders.events import (
    Event,
    LineOverShipped,
    LinePacked,
    LinePicked,
    LineShipped,
    LineShortPicked,
    OrderReleased,
    OrderRouted,
    OrderShipped,
    ReleasedLine,
)
from gateway.orders.order import Line, Order
from gateway.orders.shipping import confirmed, routing
from gateway.orders.shipping.release_numbers import release_number
from gateway.orders.terms import Terms
from gateway.orders.transitions import apply


def release(order: Order, command: ReleaseToWarehouse, case: Case) -> Iterator[Event]:
    """Tell warehouses to pick what is reserved there and not told yet; each store of the buyer is told alone."""
    if not order.route.carrier_scac:
        found = routing.route(order, case.terms, case.facts.items)
        if found.carrier_scac:
            yield OrderRouted(found)
    for warehouse in command.warehouses:
        told = tuple(_to_tell(order, warehouse, case.terms, case.facts.today))
        if not told:
            raise TransitionError(f"{order.number} has nothing that {warehouse} was not told to pick already.")
        for store, lines in told:
            released = OrderReleased(warehouse, lines, release_number(order, warehouse), store)
            yield released
            if (warehouse, store) != (command.warehouses[-1], told[-1][0]):
                order = apply(order, released)  # what one warehouse picks for a store, the next one need not


def release_due(order: Order, terms: Terms, today: date) -> frozenset[WarehouseId]:
    """The warehouses that should be told to pick now.

    Nothing is told before ship-not-before (of the line, else of the order) less the lead days, nor after cancel-after,
    nor while an order that leaves whole waits for goods or for the day of one of its lines.
    """
    if not order.decided or order.holds or order.rejected:
        return frozenset()
    if order.cancel_after is not None and today > order.cancel_after:
        return frozenset()
    waits = any(
        line.quantity.backordered or not _is_due(order, line, terms, today) for line in order.lines if _is_open(line)
    )
    if waits and instructions.together(order, terms):
        return frozenset()
    due = [line for line in order.lines if _is_due(order, line, terms, today)]
    places = {source.warehouse for line in due for source in line.sources}
    return frozenset(place for place in places if any(line.untold_in(place) > ZERO for line in due))


def confirm(order: Order, command: ConfirmShipment, case: Case) -> Iterator[Event]:
    """The events of a shipment: picked, packed, shipped by line; what was not found goes back or is cancelled.

    Raises TransitionError with the code of what is wrong with it.
    """
    fault = confirmed.check(order, command, case.terms)
    if fault is not None:
        raise TransitionError(fault.reason, code=fault.code)
    shipped, store = confirmed.by_line(command), confirmed.store(order, command)
    releases = _reached(order, command.warehouse, store, shipped)
    for line in order.lines:
        quantity = min(shipped.get(line.number, ZERO), confirmed.to_pick(line, command, store))
        yield from _shipped(line, quantity, command, store)
        yield from _more(line, shipped.get(line.number, ZERO) - quantity, command, store, case.terms)
        missing = sum((each.quantity for each in line.told if each.release in releases), ZERO) - quantity
        yield from _missing(line, missing, command, store, backorder=instructions.waits(order, case.terms))
    carrier = command.carrier_scac or order.route.carrier_scac
    service = command.service or (order.route.service if carrier == order.route.carrier_scac else "")
    yield OrderShipped(
        command.shipment_number, command.ship_date, command.warehouse, command.rows, carrier, service, command.bol, command.pro, command.weight, command.weight_uom, command.freight_charge,
        routing.delivery_due(order, case.terms, command.ship_date), store or order.store, command.accepted,
    )  # fmt: skip


def _is_open(line: Line) -> bool:
    return bool(line.quantity.allocated or line.quantity.backordered)


def _is_due(order: Order, line: Line, terms: Terms, today: date) -> bool:
    """Whether the day has come from which a line may be picked."""
    first = instructions.not_before(order, line)
    return first is None or first - timedelta(days=terms.lead_days) <= today


def _to_tell(
    order: Order, warehouse: WarehouseId, terms: Terms, today: date
) -> Iterator[tuple[str, tuple[ReleasedLine, ...]]]:
    """What is reserved in a warehouse, due and not told, by store in the order in which the stores are named."""
    found: dict[str, list[ReleasedLine]] = {}
    for line in (each for each in order.lines if _is_due(order, each, terms, today)):
        untold = line.untold_in(warehouse)
        if untold > ZERO:
            for store, quantity in stores.shares(line, untold):
                found.setdefault(store, []).append(ReleasedLine(line.number, quantity))
    yield from ((store, tuple(lines)) for store, lines in found.items())


def _shipped(line: Line, quantity: Decimal, command: ConfirmShipment, store: str) -> Iterator[Event]:
    """What was to be picked and left."""
    if not quantity or line.sku is None:
        return
    number, place, of = command.shipment_number, command.warehouse, store if line.stores else stores.NONE
    yield LinePicked(line.number, quantity, place, number)
    yield LinePacked(line.number, quantity, number)
    yield LineShipped(line.number, line.sku, quantity, quantity * line.stock_per_unit, place, number, of)


def _more(line: Line, more: Decimal, command: ConfirmShipment, store: str, terms: Terms) -> Iterator[Event]:
    """What left beyond what was to be picked."""
    if more <= ZERO or line.sku is None:
        return
    of = store if line.stores else stores.NONE
    for each in confirmed.excess(line, command, more, store):
        yield LineOverShipped(
            line.number, line.sku, each.quantity, each.quantity * line.stock_per_unit, command.warehouse,
            command.shipment_number, confirmed.over(line, each, command, terms), each.from_bucket, of, each.turned_up,
        )  # fmt: skip


def _missing(line: Line, missing: Decimal, command: ConfirmShipment, store: str, *, backorder: bool) -> Iterator[Event]:
    """What was to be picked and was not found."""
    if missing <= ZERO or line.sku is None:
        return
    to, of = "backordered" if backorder else "cancelled", store if line.stores else stores.NONE
    yield LineShortPicked(line.number, line.sku, missing, missing * line.stock_per_unit, command.warehouse, to, of)


def _reached(order: Order, place: WarehouseId, store: str, shipped: Mapping[str, Decimal]) -> set[str]:
    """The releases to a warehouse that a shipment answers for: the oldest that its quantities reach.

    What was told later is still to come.
    """
    reached: set[str] = set()
    for line in order.lines:
        rest, of = shipped.get(line.number, ZERO), store if line.stores else stores.NONE
        for each in line.told:
            if (each.warehouse, each.store) == (place, of) and rest > ZERO:
                reached.add(each.release)
                rest -= each.quantity
    return reached
