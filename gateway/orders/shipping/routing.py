"""Who carries the goods: whom the order names, else the first row of the routing table that fits; with the reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from gateway.kernel.ids import Sku
from gateway.kernel.quantity import ZERO, plain
from gateway.kernel.words import counted
from gateway.orders.facts import ItemFacts
from gateway.orders.order import Address, Line, Order, Route
from gateway.orders.terms import RouteRow, Terms

POUNDS = {"LB": Decimal(1), "KG": Decimal("2.20462262"), "OZ": Decimal("0.0625")}
"""How many pounds each unit of weight has; a weight without a unit is in pounds."""
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be carried: in pounds, None where an item has no weight, and in cartons."""

    weight: Decimal | None
    cartons: int


def route(order: Order, terms: Terms, items: Mapping[Sku, ItemFacts]) -> Route:
    """How an order leaves, and why; without a carrier when neither the order nor the table names one."""
    ship_to, carried = order.ship_to, load(order.lines, items)
    if order.carrier_scac:
        named = next((row for row in terms.routing if row.carrier_scac == order.carrier_scac), None)
        days = (
            named.transit_days if named is not None and named.transit_days is not None else transit_days(order, terms)
        )
        return Route(
            order.carrier_scac, order.service, order.fob or (named.freight_terms if named else ""), days,
            f"the purchase order names {order.carrier_scac}",
        )  # fmt: skip
    for at, row in enumerate(terms.routing, start=1):
        if _fits(row, ship_to, carried):
            days = row.transit_days if row.transit_days is not None else transit_days(order, terms)
            service, freight = order.service or row.service, order.fob or row.freight_terms
            reason = f"row {at} of the routing table fits {_said(ship_to, carried)}{_limits(row)}"
            return Route(row.carrier_scac, service, freight, days, reason)
    why = "the purchase order names no carrier"
    if terms.routing:
        why += f", and no row of the routing table fits {_said(ship_to, carried)}"
    return Route("", order.service, order.fob, transit_days(order, terms), why)


def load(lines: Iterable[Line], items: Mapping[Sku, ItemFacts]) -> Load:
    """The weight and the cartons of what is still served of these lines: full cases, and one carton for what is loose."""
    weight: Decimal | None = ZERO
    cases, loose = 0, False
    for line in lines:
        item, quantity = items.get(line.sku) if line.sku else None, line.quantity.open
        if not quantity:
            continue
        own = _weight(line, item, quantity)
        weight = None if weight is None or own is None else weight + own
        full, rest = _cases(line, item, quantity)
        cases, loose = cases + full, loose or rest
    return Load(weight, cases + loose)


def transit_days(order: Order, terms: Terms) -> int | None:
    """How long goods are on their way to the state of the ship-to by the terms; None when they do not say."""
    days = terms.transit_days
    return days.get(order.ship_to.state.upper(), days.get(DEFAULT))


def delivery_due(order: Order, terms: Terms, ship_date: date | None) -> date | None:
    """When what leaves on a day should arrive: by the route, else by the agreed days to the state; None when nobody knows."""
    days = order.route.transit_days if order.route.transit_days is not None else transit_days(order, terms)
    return ship_date + timedelta(days=days) if ship_date is not None and days is not None else None


def _weight(line: Line, item: ItemFacts | None, quantity: Decimal) -> Decimal | None:
    if item is None or item.weight is None:
        return None
    return item.weight * POUNDS.get(item.weight_uom.upper(), Decimal(1)) * quantity * line.stock_per_unit


def _cases(line: Line, item: ItemFacts | None, quantity: Decimal) -> tuple[int, bool]:
    """So many full cases, and whether something is left beside them."""
    if item is not None and line.uom != item.uom:
        return int(quantity.to_integral_value(ROUND_CEILING)), False
    size = max((size for _, size in item.packs), default=ZERO) if item is not None else ZERO
    if size <= ZERO:
        return 0, True
    full = int(quantity // size)
    return full, quantity % size > ZERO


def _fits(row: RouteRow, ship_to: Address, carried: Load) -> bool:
    if row.state and row.state.upper() != ship_to.state.upper():
        return False
    if row.postal_prefix and not ship_to.postal_code.startswith(row.postal_prefix):
        return False
    if row.max_weight is not None and (carried.weight is None or carried.weight > row.max_weight):
        return False
    return row.max_cartons is None or carried.cartons <= row.max_cartons


def _said(ship_to: Address, carried: Load) -> str:
    place = " ".join(each for each in (ship_to.state, ship_to.postal_code) if each) or "a ship-to without a state"
    weight = f"{plain(carried.weight.quantize(Decimal('0.01')))} lb" if carried.weight is not None else "unknown weight"
    return f"{place}, {weight}, {counted(carried.cartons, 'carton')}"


def _limits(row: RouteRow) -> str:
    said = list(_limit(row))
    return f" (up to {' and '.join(said)})" if said else ""


def _limit(row: RouteRow) -> Iterator[str]:
    if row.max_weight is not None:
        yield f"{plain(row.max_weight)} lb"
    if row.max_cartons is not None:
        yield f"{row.max_cartons} cartons"
