"""What a warehouse says it shipped, against what it was to ship: every fault, and what somebody may take all the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.quantity import ZERO, plain
from gateway.orders import stores
from gateway.orders.commands import ConfirmShipment
from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms

UNKNOWN, STOPPED, OVER, STORE = "C-SHIP-UNKNOWN", "C-SHIP-STOPPED", "C-OVER-SHIP", "C-STORE"
ACCEPTABLE = frozenset({STOPPED, OVER})
"""What somebody may take as it was shipped: the goods left the house, whatever the papers say."""
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a shipment cannot be taken as it was confirmed."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Excess:
    """So much more of a line than was to be picked: out of a bucket, or beyond the order where none is named.

    ``turned_up``: the same warehouse did not find it before.
    """

    quantity: Decimal
    from_bucket: str
    turned_up: bool = False


def check(order: Order, command: ConfirmShipment, terms: Terms) -> Fault | None:
    """The first thing that refuses a shipment, or None when it may be taken as it is or as somebody accepted it."""
    found = (each for each in _faults(order, command, terms) if not (command.accepted and each.code in ACCEPTABLE))
    return next(found, None)


def by_line(command: ConfirmShipment) -> Mapping[str, Decimal]:
    """What of each line is in the shipment."""
    found: dict[str, Decimal] = {}
    for row in command.rows:
        found[row.line] = found.get(row.line, ZERO) + row.quantity
    return found


def store(order: Order, command: ConfirmShipment) -> str:
    """For which store of the buyer the shipment is; empty for the ship-to of the order."""
    return stores.for_store(order, command.warehouse, _stores(command))[0]


def to_pick(line: Line, command: ConfirmShipment, for_store: str) -> Decimal:
    """What of a line the warehouse was to pick for the store of the shipment."""
    return line.told_in(command.warehouse, for_store if line.stores else stores.NONE)


def excess(line: Line, command: ConfirmShipment, quantity: Decimal, for_store: str) -> Iterator[Excess]:
    """Out of which buckets so much more came.

    First what the warehouse did not find before, then what is reserved there anyway, what waits, what was cancelled;
    else it is more than was ordered.
    """
    missed = line.missed_in(command.warehouse, for_store if line.stores else stores.NONE)
    for bucket, there, turned_up in (
        ("backordered", missed, True),
        ("allocated", line.untold_in(command.warehouse), False),
        ("backordered", line.quantity.backordered - missed, False),
        ("cancelled", line.quantity.cancelled, False),
        ("", quantity, False),
    ):
        part = min(quantity, there)
        if part > ZERO:
            yield Excess(part, bucket, turned_up)
            quantity -= part


def over(line: Line, each: Excess, command: ConfirmShipment, terms: Terms) -> str:
    """Why more than was to be picked is taken."""
    more = each.quantity
    if each.turned_up:
        return f"{plain(more)} {line.uom} that were not found before turned up"
    if command.accepted:
        return f"taken as shipped: {command.accepted}"
    return f"{plain(more)} {line.uom} more are within the agreed {plain(terms.over_ship_percent)} percent"


def _stores(command: ConfirmShipment) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in command.rows:
        found.setdefault(row.line, set()).add(row.store)
    return found


def _faults(order: Order, command: ConfirmShipment, terms: Terms) -> Iterator[Fault]:
    place = command.warehouse
    if place not in order.released_to:
        yield Fault(UNKNOWN, f"{order.number} was never released to warehouse {place}.")
        return
    shipped = by_line(command)
    for number, quantity in shipped.items():
        if order.line(number) is None:
            yield Fault(UNKNOWN, f"{order.number} has no line {number}.")
        if quantity <= ZERO:
            yield Fault(UNKNOWN, f"line {number} of {order.number}: a quantity of {plain(quantity)} cannot be shipped.")
    mine, why = stores.for_store(order, place, _stores(command))
    if why:
        yield Fault(STORE, f"{why}.")
    for number, quantity in shipped.items():
        line = order.line(number)
        if line is not None:
            yield from _more(order, line, quantity, command, mine, terms)


def _more(
    order: Order, line: Line, quantity: Decimal, command: ConfirmShipment, mine: str, terms: Terms
) -> Iterator[Fault]:
    most = to_pick(line, command, mine)
    more = quantity - most - line.missed_in(command.warehouse, mine if line.stores else stores.NONE)
    if more <= ZERO:
        return
    if line.sku is None or line.quantity.rejected:
        yield Fault(UNKNOWN, f"line {line.number} of {order.number} was refused; nothing of it can be shipped.")
    elif not most and line.quantity.cancelled >= more:
        yield Fault(STOPPED, f"line {line.number} of {order.number} was cancelled; it was shipped all the same.")
    elif more + line.over_shipped > (line.quantity.ordered - line.over_shipped) * terms.over_ship_percent / HUNDRED:
        for_whom = f" for store {mine}" if mine and line.stores else ""
        picked = f"{plain(most)} {line.uom} were to be picked in {command.warehouse}{for_whom}"
        agreed = f"; {plain(terms.over_ship_percent)} percent more are agreed" if terms.over_ship_percent else ""
        yield Fault(
            OVER, f"line {line.number} of {order.number}: {plain(quantity)} {line.uom} were shipped, {picked}{agreed}."
        )
