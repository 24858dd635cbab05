"""From which warehouse: whole lines from one place where possible, what is missing waits or is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import StockFacts

TEST_WAREHOUSE = WarehouseId("TEST")


@dataclass(frozen=True, slots=True)
class Need:
    """So much of a line to be served; ``stock_per_unit`` stock units in one ordered unit."""

    line: str
    sku: Sku
    quantity: Decimal
    uom: str
    stock_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a line (ordered unit) from one warehouse, and why from there."""

    line: str
    warehouse: WarehouseId
    quantity: Decimal
    reason: str


def allocate(needs: Sequence[Need], stock: Iterable[StockFacts], sourcing: Sequence[str]) -> tuple[Share, ...]:
    """Shares of every line that stock covers, in whole ordered units; lines of one item share what there is.

    A warehouse that fills the line alone comes first: the preferred ones in their order, then the one that
    fills most lines of the order, then the one with most stock. Else the line is split, largest share first.
    """
    free = {(each.warehouse, each.sku): each.available for each in stock}
    preferred = [each.removeprefix("preferred ") for each in sourcing if each.startswith("preferred ")]
    places = _ranked(needs, free, preferred)
    shares: list[Share] = []
    for need in needs:
        for share in _serve(need, free, places):
            free[share.warehouse, need.sku] -= share.quantity * need.stock_per_unit
            shares.append(share)
    return tuple(shares)


def unlimited(needs: Sequence[Need], stock: Iterable[StockFacts]) -> tuple[Share, ...]:
    """The shares of a test order: everything from the first warehouse there is, without looking at stock."""
    place = min((each.warehouse for each in stock), default=TEST_WAREHOUSE)
    return tuple(Share(need.line, place, need.quantity, "test order: stock is not looked at") for need in needs)


def _ranked(
    needs: Sequence[Need], free: Mapping[tuple[WarehouseId, Sku], Decimal], preferred: Sequence[str]
) -> list[WarehouseId]:
    def fills(place: WarehouseId) -> int:
        return sum(free.get((place, need.sku), ZERO) >= need.quantity * need.stock_per_unit for need in needs)

    def rank(place: WarehouseId) -> tuple[int, int, str]:
        return (preferred.index(place) if place in preferred else len(preferred), -fills(place), place)

    return sorted({place for place, _ in free}, key=rank)


def _serve(need: Need, free: Mapping[tuple[WarehouseId, Sku], Decimal], places: Sequence[WarehouseId]) -> list[Share]:
    units = {place: _whole_units(free.get((place, need.sku), ZERO), need.stock_per_unit) for place in places}
    for place in places:
        if units[place] >= need.quantity:
            return [
                Share(
                    need.line,
                    place,
                    need.quantity,
                    f"fills the line alone ({plain(units[place])} {need.uom} available)",
                )
            ]
    shares: list[Share] = []
    left = need.quantity
    for place in sorted(places, key=lambda each: -units[each]):
        quantity = min(left, units[place])
        if quantity > ZERO:
            shares.append(
                Share(
                    need.line,
                    place,
                    quantity,
                    f"has {plain(units[place])} {need.uom} of the {plain(need.quantity)} {need.uom} wanted",
                )
            )
            left -= quantity
    return shares


def _whole_units(available: Decimal, stock_per_unit: Decimal) -> Decimal:
    return (available / stock_per_unit).quantize(Decimal(1), ROUND_FLOOR) if available > ZERO else ZERO
