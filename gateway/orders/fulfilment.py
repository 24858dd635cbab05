"""What a warehouse is told to pick, what it may ship, and what follows from what it shipped."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import instructions, journeys
from gateway.orders.case import Case
from gateway.orders.commands import ConfirmShipment, ReleaseToWarehouse
from gateway.orders.events import (
    Event,
    LinePacked,
    LinePicked,
    LineShipped,
    LineShortPicked,
    OrderReleased,
    OrderShipped,
    ReleasedLine,
)
from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms


def release(order: Order, command: ReleaseToWarehouse, _case: Case) -> Iterator[Event]:
    """Tell warehouses to pick what is reserved there and not told yet."""
    for warehouse in command.warehouses:
        if warehouse in order.released_to:
            raise TransitionError(f"{order.number} was released to {warehouse} before.")
        waits = ((line.number, waiting(line, warehouse)) for line in order.lines)
        lines = tuple(ReleasedLine(number, quantity) for number, quantity in waits if quantity)
        if lines:
            yield OrderReleased(warehouse, lines)


def confirm(order: Order, command: ConfirmShipment, case: Case) -> Iterator[Event]:
    """The events of a shipment; raises TransitionError with the code of what is wrong with it."""
    refusal = check(order, command, case.terms)
    if refusal is not None:
        raise TransitionError(refusal[1], code=refusal[0])
    due = journeys.due(order, command.ship_date, case.terms)
    yield from ship(order, command, backorder=instructions.waits(order, case.terms), due=due)


def release_due(order: Order, terms: Terms, today: date) -> bool:
    """Whether a warehouse should be told to pick now.

    Not before ship-not-before less the lead days, not after cancel-after, and not while an order that must
    ship complete still waits for goods.
    """
    if not order.decided or order.holds or order.rejected:
        return False
    if not any(source.warehouse not in order.released_to for line in order.lines for source in line.sources):
        return False
    waits = any(line.quantity.backordered for line in order.lines)
    if waits and (order.backorder == "ship_complete" or not terms.partial_shipments):
        return False
    first = order.ship_not_before
    in_time = first is None or first - timedelta(days=terms.lead_days) <= today
    return in_time and (order.cancel_after is None or today <= order.cancel_after)


def check(order: Order, command: ConfirmShipment, _terms: Terms) -> tuple[str, str] | None:
    """The code and sentence that refuse a shipment, or None when it may be taken as it is."""
    if command.warehouse not in order.released_to:
        return "C-SHIP-UNKNOWN", f"{order.number} was never released to warehouse {command.warehouse}."
    shipped = _by_line(command)
    for number, quantity in shipped.items():
        line = order.line(number)
        if line is None:
            return "C-SHIP-UNKNOWN", f"{order.number} has no line {number}."
        if quantity <= ZERO:
            return (
                "C-SHIP-UNKNOWN",
                f"line {number} of {order.number}: a quantity of {plain(quantity)} cannot be shipped.",
            )
        most = waiting(line, command.warehouse)
        if quantity > most:
            said = f"{plain(quantity)} {line.uom} were shipped, {plain(most)} {line.uom} were to be picked in {command.warehouse}"
            return "C-OVER-SHIP", f"line {number} of {order.number}: {said}."
    return None


def waiting(line: Line, warehouse: WarehouseId) -> Decimal:
    """What of a line is to be shipped from a warehouse, in the ordered unit."""
    return sum((source.quantity for source in line.sources if source.warehouse == warehouse), ZERO)


def ship(order: Order, command: ConfirmShipment, *, backorder: bool, due: date | None = None) -> Iterator[Event]:
    """The events of one shipment: picked, packed, shipped by line; what was not found goes back or is cancelled."""
    shipped = _by_line(command)
    number, place = command.shipment_number, command.warehouse
    for line in order.lines:
        quantity = shipped.get(line.number, ZERO)
        if line.sku is None:
            continue
        if quantity:
            yield LinePicked(line.number, quantity, place, number)
            yield LinePacked(line.number, quantity, number)
            yield LineShipped(line.number, line.sku, quantity, quantity * line.stock_per_unit, place, number)
        missing = waiting(line, place) - quantity
        if missing > ZERO:
            to = "backordered" if backorder else "cancelled"
            yield LineShortPicked(line.number, line.sku, missing, missing * line.stock_per_unit, place, to)
    yield OrderShipped(
        number, command.ship_date, place, command.rows, command.carrier_scac, command.service, command.bol, command.pro,
        command.weight, command.weight_uom, delivery_due=due,
    )  # fmt: skip


def _by_line(command: ConfirmShipment) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in command.rows:
        found[row.line] = found.get(row.line, ZERO) + row.quantity
    return found
