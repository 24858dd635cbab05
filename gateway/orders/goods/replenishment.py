"""What to move between warehouses and what to buy: from reorder figures, else from demand; each figure with its reason.

position = available + incoming - backordered. At or below the reorder point the position is brought up to the
order-up-to quantity: first by what other warehouses have beyond their own, then by buying whole packs. Without a reorder
point it is average daily demand x lead time + safety stock; without an order-up-to quantity it is the reorder point and
the demand of four weeks more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import ItemFacts

HISTORY_DAYS = 56
"""How far back demand is looked at."""
LEAD_TIME_DAYS = 14
"""How long goods take to come where the item does not say it."""
REVIEW_DAYS = 28
"""For how long an order is to last where the item does not say up to what."""
SERVICE = Decimal("1.65")
"""Standard deviations of safety: stock lasts through 95 of 100 lead times."""
_ONE = Decimal(1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Position:
    """One item in one warehouse, in stock units; ``demand`` is what was asked for on each day that it was."""

    warehouse: WarehouseId
    item: ItemFacts
    on_hand: Decimal = ZERO
    available: Decimal = ZERO
    incoming: Decimal = ZERO
    backordered: Decimal = ZERO
    demand: tuple[Decimal, ...] = ()

    @property
    def position(self) -> Decimal:
        """What is there and comes, less what waits."""
        return self.available + self.incoming - self.backordered


@dataclass(frozen=True, slots=True)
class Figures:
    """What a position is judged by, and where it comes from in words."""

    daily_demand: Decimal
    lead_time_days: int
    safety_stock: Decimal
    reorder_point: Decimal
    order_up_to: Decimal
    stockout_date: date | None
    origin: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Goods to be moved because another warehouse has more than it needs."""

    origin: WarehouseId
    target: WarehouseId
    sku: Sku
    quantity: Decimal
    needed_by: date
    reason: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """Goods to be bought, in whole packs."""

    position: Position
    figures: Figures
    quantity: Decimal
    order_by: date
    needed_by: date
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is suggested, and what each position was judged by."""

    transfers: tuple[Transfer, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    judged: tuple[tuple[Position, Figures], ...] = field(default=())


def plan(positions: Iterable[Position], today: date) -> Plan:
    """What to move and to buy of every item; warehouses of one item help each other first."""
    by_item: dict[Sku, list[Position]] = {}
    for each in positions:
        by_item.setdefault(each.item.sku, []).append(each)
    transfers: list[Transfer] = []
    purchases: list[Purchase] = []
    judged: list[tuple[Position, Figures]] = []
    for sku in sorted(by_item):
        pairs = [(each, figures(each, today)) for each in sorted(by_item[sku], key=lambda each: each.warehouse)]
        judged += pairs
        moved = list(_transfers(pairs, today))
        transfers += moved
        purchases += _purchases(pairs, moved, today)
    return Plan(tuple(transfers), tuple(purchases), tuple(judged))


def figures(position: Position, today: date) -> Figures:
    """Reorder point and order-up-to quantity: the item's own, else from what was asked for."""
    item = position.item
    lead = item.lead_time_days if item.lead_time_days is not None else LEAD_TIME_DAYS
    average = sum(position.demand, ZERO) / HISTORY_DAYS
    safety = _up(SERVICE * _deviation(position.demand, average) * Decimal(lead).sqrt())
    if item.reorder_point is not None:
        point, said = item.reorder_point, f"reorder point {plain(item.reorder_point)} of the item"
    else:
        point = _up(average * lead + safety)
        said = f"reorder point {plain(point)} = {plain(_short(average))} a day x {lead} days + safety stock {plain(safety)}"
    up_to = item.order_up_to if item.order_up_to is not None else point + _up(average * REVIEW_DAYS)
    up_to = max(up_to, point)
    more = "of the item" if item.order_up_to is not None else f"= reorder point + {REVIEW_DAYS} days of demand"
    return Figures(
        daily_demand=_short(average), lead_time_days=lead, safety_stock=safety, reorder_point=point, order_up_to=up_to,
        stockout_date=_stockout(position, average, today), origin=f"{said}, order up to {plain(up_to)} {more}",
    )  # fmt: skip


def _stockout(position: Position, average: Decimal, today: date) -> date | None:
    """When what is available will be gone; today when something waits already, unknown without demand."""
    if position.backordered > ZERO or (position.available <= ZERO and average > ZERO):
        return today
    return today + timedelta(days=_days(position.available / average)) if average > ZERO else None


def _needed_by(judged: Figures, today: date) -> date:
    return judged.stockout_date or today + timedelta(days=judged.lead_time_days)


def _want(position: Position, judged: Figures) -> Decimal:
    """What brings a position up to where it should be; nothing above its reorder point."""
    if position.position > judged.reorder_point:
        return ZERO
    return max(ZERO, judged.order_up_to - position.position)


def _surplus(position: Position, judged: Figures) -> Decimal:
    """What a warehouse can give: what stands on its shelves beyond what it would be filled up to itself."""
    return max(ZERO, _down(position.available - position.backordered - judged.order_up_to))


def _transfers(pairs: Sequence[tuple[Position, Figures]], today: date) -> Iterator[Transfer]:
    """The largest surplus gives first; nobody gives what it would have to buy again."""
    spare = {each.warehouse: _surplus(each, judged) for each, judged in pairs}
    for each, judged in pairs:
        want = _up(_want(each, judged))
        for origin in sorted(spare, key=lambda place: (-spare[place], place)):
            quantity = min(want, spare[origin])
            if quantity <= ZERO or origin == each.warehouse:
                continue
            reason = (
                f"{origin} has {plain(spare[origin])} {each.item.uom} more than it is filled up to; "
                f"{_why(each, judged)}"
            )
            yield Transfer(
                origin, each.warehouse, each.item.sku, quantity, _needed_by(judged, today), reason
            )  # fmt: skip
            spare[origin] -= quantity
            want -= quantity


def _purchases(pairs: Sequence[tuple[Position, Figures]], moved: Sequence[Transfer], today: date) -> Iterator[Purchase]:
    for each, judged in pairs:
        brought = sum((move.quantity for move in moved if move.target == each.warehouse), ZERO)
        want = _want(each, judged) - brought
        if want <= ZERO or each.item.status != "active":
            continue
        pack = _pack(each.item)
        quantity = (want / pack).quantize(_ONE, ROUND_CEILING) * pack
        needed = _needed_by(judged, today)
        order_by = max(today, needed - timedelta(days=judged.lead_time_days))
        by_transfer = f", {plain(brought)} of it by transfer" if brought else ""
        packs = f", in packs of {plain(pack)}" if pack != _ONE else ""
        reason = f"{_why(each, judged)}: {plain(want + brought)} {each.item.uom} are missing{by_transfer}{packs}"
        yield Purchase(each, judged, quantity, order_by, needed, reason)


def _why(each: Position, judged: Figures) -> str:
    return (
        f"{each.warehouse}: position {plain(each.position)} = {plain(each.available)} available + {plain(each.incoming)} "
        f"incoming - {plain(each.backordered)} backordered; {judged.origin}"
    )


def _pack(item: ItemFacts) -> Decimal:
    """The smallest pack that goods come in; one stock unit where there is none."""
    return min((size for _, size in item.packs if size > _ONE), default=_ONE)


def _deviation(demand: Sequence[Decimal], average: Decimal) -> Decimal:
    """How far days differ from the average, days without demand included."""
    empty = max(0, HISTORY_DAYS - len(demand))
    squares = sum(((each - average) ** 2 for each in demand), ZERO) + empty * average**2
    return (squares / HISTORY_DAYS).sqrt()


def _up(number: Decimal) -> Decimal:
    return number.quantize(_ONE, ROUND_CEILING)


def _down(number: Decimal) -> Decimal:
    return number.quantize(_ONE, ROUND_FLOOR)


def _short(number: Decimal) -> Decimal:
    return number.quantize(_CENT)


_MOST_DAYS = 3650


def _days(number: Decimal) -> int:
    return int(min(_down(number), Decimal(_MOST_DAYS)))


def spread(
    asked: Iterable[tuple[WarehouseId, Sku, date, Decimal]],
) -> Mapping[tuple[WarehouseId, Sku], tuple[Decimal, ...]]:
    """What was asked for of each item in each warehouse, day by day."""
    days: dict[tuple[WarehouseId, Sku], dict[date, Decimal]] = {}
    for warehouse, sku, day, quantity in asked:
        found = days.setdefault((warehouse, sku), {})
        found[day] = found.get(day, ZERO) + quantity
    return {key: tuple(each.values()) for key, each in days.items()}
