"""The taxes of a bill: a rate for each line by where it goes and what it is, one amount for each rate, to the cent."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.bills import BilledAdjustment, BilledTax, shares
from gateway.orders.terms import TaxRow


def rate(rows: Iterable[TaxRow], places: Sequence[str], tax_code: str) -> Decimal:
    """The percentage for goods of a tax code that go to one of the places; the most exact row counts, 0 without one.

    ``places`` are names of where they go, the most exact one first: a tax region, a state.
    """
    named = [place.upper() for place in places if place]
    best: tuple[int, int] | None = None
    percent = ZERO
    for row in rows:
        if row.tax_code not in ("", tax_code) or (row.state and row.state.upper() not in named):
            continue
        place = len(named) - named.index(row.state.upper()) if row.state else 0
        exact = (1 if row.tax_code else 0, place)
        if best is None or exact > best:
            best, percent = exact, row.percent
    return percent


def bases(lines: Sequence[tuple[Decimal, Decimal]], adjustments: Iterable[BilledAdjustment]) -> tuple[Decimal, ...]:
    """What of each line is taxed: its goods with its own adjustments, and its share of those of the whole bill.

    ``lines`` are the goods of each line and what its own adjustments add; shares go by the goods.
    """
    found = [goods + own for goods, own in lines]
    for each in adjustments:
        for at, share in enumerate(shares(each.signed, [goods for goods, _ in lines])):
            found[at] += share
    return tuple(found)


def taxes(
    taxed: Iterable[tuple[Decimal, Decimal]], before: Iterable[BilledTax] = ()
) -> tuple[BilledTax, ...]:  # fmt: skip
    """One tax for each rate of the (percent, base) pairs; ``before`` are those of the parts of the bill already made.

    A rate is taken of everything it counts for on the bill, so that the parts together are right to the cent.
    """
    found: dict[Decimal, Decimal] = {}
    for percent, base in taxed:
        if percent:
            found[percent] = found.get(percent, ZERO) + base
    earlier = {each.percent: each for each in summed(before)}
    result: list[BilledTax] = []
    for percent, base in found.items():
        known = earlier.get(percent, BilledTax(percent, ZERO, ZERO))
        result.append(BilledTax(percent, base, cents((known.base + base) * percent / 100) - known.amount))
    return tuple(result)


def summed(parts: Iterable[BilledTax]) -> tuple[BilledTax, ...]:
    """The taxes of several parts of one bill, one for each rate."""
    found: dict[Decimal, BilledTax] = {}
    for each in parts:
        known = found.get(each.percent, BilledTax(each.percent, ZERO, ZERO))
        found[each.percent] = BilledTax(each.percent, known.base + each.base, known.amount + each.amount)
    return tuple(found.values())
