"""From which warehouse: whole lines from one place where possible, what is missing waits or is refused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import StockFacts
from gateway.orders.goods.sourcing import Choice, Offer, ranked, why, why_not_preferred

TEST_WAREHOUSE = WarehouseId("TEST")
Free = Mapping[tuple[WarehouseId, Sku], Decimal]
ANYWHERE = Choice()


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


def allocate(needs: Sequence[Need], stock: Iterable[StockFacts], choice: Choice = ANYWHERE) -> tuple[Share, ...]:
    """Shares of every line that stock covers, in whole ordered units; lines of one item share what there is.

    A warehouse that fills the line alone comes first, by the rules of the choice. Else the line is split, unless
    everything of the order is to leave from one warehouse.
    """
    free = {
        (each.warehouse, each.sku): each.available for each in stock if choice.only in (None, each.warehouse)
    }  # fmt: skip
    if choice.together and choice.only is None:
        place = _one_place(needs, free, choice)
        free = {key: available for key, available in free.items() if key[0] == place}
    shares: list[Share] = []
    fills = _fills(needs, free)
    for need in needs:
        for share in _serve(need, _offers(need, free, fills), choice):
            free[share.warehouse, need.sku] -= share.quantity * need.stock_per_unit
            shares.append(share)
    return tuple(shares)


def unlimited(needs: Sequence[Need], stock: Iterable[StockFacts]) -> tuple[Share, ...]:
    """The shares of a test order: everything from the first warehouse there is, without looking at stock."""
    place = min((each.warehouse for each in stock), default=TEST_WAREHOUSE)
    return tuple(Share(need.line, place, need.quantity, "test order: stock is not looked at") for need in needs)


def whole_units(available: Decimal, stock_per_unit: Decimal) -> Decimal:
    """How many whole ordered units so many stock units are."""
    return (available / stock_per_unit).quantize(Decimal(1), ROUND_FLOOR) if available > ZERO else ZERO


def _one_place(needs: Sequence[Need], free: Free, choice: Choice) -> WarehouseId | None:
    """The warehouse that everything comes from: the one that fills most lines, then by the rules."""
    fills = _fills(needs, free)
    most = max(fills.values(), default=0)
    offers = [
        Offer(place, sum((min(need.quantity, _units(need, free, place)) for need in needs), ZERO), count)
        for place, count in fills.items() if count == most
    ]  # fmt: skip
    return next((offer.warehouse for offer in ranked(offers, choice, split=not most)), None)


def _fills(needs: Sequence[Need], free: Free) -> dict[WarehouseId, int]:
    """How many lines each warehouse fills alone."""
    places = sorted({place for place, _ in free})
    return {place: sum(_units(need, free, place) >= need.quantity for need in needs) for place in places}


def _offers(need: Need, free: Free, fills: Mapping[WarehouseId, int]) -> list[Offer]:
    return [Offer(place, _units(need, free, place), count) for place, count in fills.items()]


def _units(need: Need, free: Free, place: WarehouseId) -> Decimal:
    return whole_units(free.get((place, need.sku), ZERO), need.stock_per_unit)


def _serve(need: Need, offers: Sequence[Offer], choice: Choice) -> Iterator[Share]:
    wanted = plain(need.quantity)
    alone = ranked([offer for offer in offers if offer.units >= need.quantity], choice)
    if alone:
        chosen, *others = alone
        alone_for = (
            f"fills the line alone ({plain(chosen.units)} {need.uom} available)",
            why(chosen, others, choice),
            why_not_preferred(chosen.warehouse, offers, wanted, need.uom, choice),
        )
        yield Share(need.line, chosen.warehouse, need.quantity, "; ".join(each for each in alone_for if each))
        return
    left = need.quantity
    for offer in ranked([offer for offer in offers if offer.units > ZERO], choice, split=True):
        if left > ZERO:
            said = (
                f"has {plain(offer.units)} {need.uom} of the {wanted} {need.uom} wanted",
                why_not_preferred(offer.warehouse, offers, wanted, need.uom, choice),
            )
            yield Share(need.line, offer.warehouse, min(left, offer.units), "; ".join(each for each in said if each))
            left -= min(left, offer.units)
