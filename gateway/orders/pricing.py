"""Which price counts: ours from the price lists, compared with the buyer's within the agreed tolerance."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.quantity import plain
from gateway.orders.facts import Facts, ItemFacts, PriceFacts
from gateway.orders.order import Line, LineCode
from gateway.orders.terms import Terms

LIST = "list"
BASES = {"": Decimal(1), "PE": Decimal(1), "HP": Decimal(100), "TP": Decimal(1000)}
"""How many units a price of this basis is for (X12 element 639)."""
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of a line per ordered unit; ``question`` is the sentence of a price hold, empty when none."""

    ours: Decimal | None
    unit_price: Decimal
    codes: tuple[LineCode, ...] = ()
    figures: str = ""
    question: str = ""
    refused: bool = False


def price(
    line: Line, item: ItemFacts, stock_per_unit: Decimal, facts: Facts, terms: Terms, currency: str, accepted: str
) -> Priced:
    """The price of one line; ``accepted`` says whose price somebody accepted: ours, theirs or empty."""
    chosen = _choose(line, item, stock_per_unit, facts, terms, currency)
    ours = _per_unit(chosen, item, stock_per_unit) if chosen else None
    theirs = line.partner_price
    source = f"{chosen.price_list} price {plain(chosen.unit_price)} per {chosen.uom}" if chosen else "no price of ours"
    if theirs is not None and line.price_basis not in BASES:
        question = f"line {line.number}: the price basis {line.price_basis} is not known"
        return Priced(ours, ours if ours is not None else theirs, figures=source, question=question)
    theirs = theirs / BASES[line.price_basis] if theirs is not None else None
    if ours is None:
        return _without_ours(line, theirs, accepted)
    if theirs is None:
        return Priced(ours, ours, figures=f"{source}; the order names no price")
    return _compared(line, ours, theirs, source, terms, accepted)


def _without_ours(line: Line, theirs: Decimal | None, accepted: str) -> Priced:
    if theirs is not None and accepted == "theirs":
        return Priced(None, theirs, figures="no price of ours; theirs was accepted")
    said = f"theirs is {plain(theirs)}" if theirs is not None else "the order names none either"
    return Priced(
        None, theirs or Decimal(0), figures="no price of ours", question=f"line {line.number}: we have no price, {said}"
    )


def _compared(line: Line, ours: Decimal, theirs: Decimal, source: str, terms: Terms, accepted: str) -> Priced:
    figures = f"{source}, theirs {plain(theirs)}"
    if theirs == ours:
        return Priced(ours, ours, figures=figures)
    if theirs > ours:
        return Priced(ours, ours, figures=f"{figures}; theirs is higher, ours is invoiced")
    if _within(ours - theirs, ours, terms):
        return Priced(ours, theirs, figures=f"{figures}; within the tolerance")
    policy = {"ours": "accept_ours", "theirs": "accept_theirs"}.get(accepted, terms.outside_tolerance)
    if policy == "accept_ours":
        return Priced(ours, ours, (LineCode.PRICE_CHANGED,), f"{figures}; ours is answered")
    if policy == "accept_theirs":
        return Priced(ours, theirs, figures=f"{figures}; theirs was accepted")
    if policy == "reject":
        return Priced(ours, ours, figures=figures, refused=True)
    return Priced(
        ours,
        ours,
        figures=figures,
        question=f"line {line.number}: their price {plain(theirs)}, ours {plain(ours)} per {line.uom}",
    )


def _within(difference: Decimal, ours: Decimal, terms: Terms) -> bool:
    """Both limits must hold; one that is not given does not limit; none given means no difference at all."""
    if terms.tolerance_percent is None and terms.tolerance_amount is None:
        return False
    by_percent = terms.tolerance_percent is None or difference * 100 <= ours * terms.tolerance_percent
    return by_percent and (terms.tolerance_amount is None or difference <= terms.tolerance_amount)


def _choose(
    line: Line, item: ItemFacts, stock_per_unit: Decimal, facts: Facts, terms: Terms, currency: str
) -> PriceFacts | None:
    """The first list with a valid price: contracts, the customer's list, ``list``; there the largest break reached."""
    usable = list(_usable(facts.prices, line, item, stock_per_unit, facts.today, currency))
    for name in (*terms.contracts, terms.price_list, LIST):
        found = [each for each in usable if name in (each.price_list, each.contract_number)]
        if found:
            return max(
                found, key=lambda each: (each.min_quantity, each.kind == "promotion", each.valid_from or date.min)
            )
    return None


def _usable(
    prices: Iterable[PriceFacts], line: Line, item: ItemFacts, stock_per_unit: Decimal, today: date, currency: str
) -> Iterator[PriceFacts]:
    sizes = dict(item.packs) | {item.uom: Decimal(1)}
    for each in prices:
        in_time = (each.valid_from or date.min) <= today <= (each.valid_to or date.max)
        if each.sku != item.sku or each.uom not in sizes or not in_time or each.currency not in ("", currency):
            continue
        if line.quantity.ordered * stock_per_unit >= each.min_quantity * sizes[each.uom]:
            yield each


def _per_unit(chosen: PriceFacts, item: ItemFacts, stock_per_unit: Decimal) -> Decimal:
    sizes = dict(item.packs) | {item.uom: Decimal(1)}
    if sizes[chosen.uom] == stock_per_unit:
        return chosen.unit_price
    return (chosen.unit_price * stock_per_unit / sizes[chosen.uom]).quantize(_PLACES).normalize() + Decimal(0)
