"""A purchase order split into one for each store: quantities and amounts add up to what was ordered, to the cent."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gateway.canonical.order import Order, OrderLine, OrderTotals
from gateway.canonical.parts import Allowance, Party
from gateway.documents.context import ASSIGNED_BY_BUYER, party
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.facts import LocationFacts


def can_be_split(order: Order) -> bool:
    """Whether the order names stores, and on each line that does they get what is ordered, in its unit."""
    named = [line for line in order.lines if line.allocations]
    return bool(named) and all(_adds_up(line) for line in named)


def split(order: Order, places: Mapping[str, LocationFacts]) -> Iterator[tuple[str, Order]]:
    """The order of each store in the order in which they are named; what no store gets is an order of its own.

    Goods go to the store where its address is known, else to the ship-to of the whole order.
    """
    names = list(dict.fromkeys(each.location for line in order.lines for each in line.allocations))
    if any(not line.allocations for line in order.lines):
        names.append("")
    parts = {store: _part(order, store) for store in names}
    worths = {store: sum((_worth(line) for line in lines), ZERO) for store, lines in parts.items()}
    shared = _shared(order.allowances, list(worths.values()))
    for (store, lines), allowances in zip(parts.items(), shared, strict=True):
        changes = {
            "lines": lines,
            "allowances": allowances,
            "totals": OrderTotals(),
            "ship_to": _ship_to(order, store, places),
        }
        yield store, order.model_copy(update=changes)


def _adds_up(line: OrderLine) -> bool:
    quantities = [each.quantity for each in line.allocations]
    same_unit = all(each.uom in (None, line.uom) for each in line.allocations)
    return same_unit and all(quantity > ZERO for quantity in quantities) and sum(quantities, ZERO) == line.quantity


def _part(order: Order, store: str) -> tuple[OrderLine, ...]:
    """The lines of one store with its quantities, under their own numbers."""
    found: list[OrderLine] = []
    for at, line in enumerate(order.lines, start=1):
        numbered = line.number or str(at)
        if not line.allocations:
            if not store:
                found.append(line.model_copy(update={"number": numbered}))
            continue
        if store and store in {each.location for each in line.allocations}:
            found.append(_line(line, store, numbered))
    return tuple(found)


def _line(line: OrderLine, store: str, number: str) -> OrderLine:
    stores = list(dict.fromkeys(each.location for each in line.allocations))
    quantities = [sum((a.quantity for a in line.allocations if a.location == each), ZERO) for each in stores]
    at = stores.index(store)
    changes = {
        "number": number, "quantity": quantities[at], "allocations": (), "extended_price": None,
        "allowances": _shared(line.allowances, quantities)[at],
    }  # fmt: skip
    return line.model_copy(update=changes)


def _shared(allowances: tuple[Allowance, ...], weights: list[Decimal]) -> list[tuple[Allowance, ...]]:
    """Fixed amounts and counted rates in proportion to the weights, the rest of rounding to the last; percentages as they are."""
    shares: list[list[Allowance]] = [[] for _ in weights]
    for each in allowances:
        amount = each.amount
        if amount is None and each.rate is not None and each.quantity is not None:
            amount = each.rate * each.quantity
        if each.percent is not None or amount is None:
            for own in shares:
                own.append(each)
            continue
        for own, part in zip(shares, _in_proportion(amount, weights), strict=True):
            own.append(each.model_copy(update={"amount": part, "rate": None, "quantity": None}))
    return [tuple(own) for own in shares]


def _in_proportion(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    total = sum(weights, ZERO)
    parts = [cents(amount * weight / total) if total else ZERO for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]


def _worth(line: OrderLine) -> Decimal:
    return line.quantity * (line.unit_price if line.unit_price is not None else Decimal(1))


def _ship_to(order: Order, store: str, places: Mapping[str, LocationFacts]) -> Party | None:
    place = places.get(store)
    if not store or (place is None and order.ship_to is not None):
        return order.ship_to
    known = party(place.address) if place is not None else None
    if (known is None or not known.address1) and order.ship_to is not None:
        return order.ship_to
    return (known or Party()).model_copy(update={"id": store, "id_type": ASSIGNED_BY_BUYER})
