"""What a warehouse may ship of an order, and what follows from what it shipped."""

from collections.abc import Iterator
from decimal import Decimal

from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.commands import ConfirmShipment
from gateway.orders.events import Event, LinePacked, LinePicked, LineShipped, LineShortPicked, OrderShipped
from gateway.orders.facts import Terms
from gateway.orders.order import Line, Order


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


def ship(order: Order, command: ConfirmShipment, *, backorder: bool) -> Iterator[Event]:
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
        command.weight, command.weight_uom,
    )  # fmt: skip


def _by_line(command: ConfirmShipment) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in command.rows:
        found[row.line] = found.get(row.line, ZERO) + row.quantity
    return found
