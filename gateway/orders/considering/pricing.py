"""Which price counts: ours from the price lists, compared with the buyer's within the agreed tolerance."""

from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.money import price_text
from gateway.orders import price_lists
from gateway.orders.facts import Facts
from gateway.orders.order import Line, LineCode
from gateway.orders.price_lists import Wanted
from gateway.orders.terms import Terms

BASES = {"": Decimal(1), "PE": Decimal(1), "HP": Decimal(100), "TP": Decimal(1000)}
"""How many units a price of this basis is for (X12 element 639)."""


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of a line per ordered unit; ``question`` is the sentence of a price hold, empty when none."""

    ours: Decimal | None
    unit_price: Decimal
    codes: tuple[LineCode, ...] = ()
    figures: str = ""
    question: str = ""
    refused: bool = False


def price(wanted: Wanted, facts: Facts, terms: Terms, accepted: str) -> Priced:
    """The price of one line; ``accepted`` says whose price somebody accepted: ours, theirs or empty."""
    line = wanted.line
    chosen = price_lists.choose(wanted, facts, terms)
    ours, theirs = chosen.unit_price if chosen else None, line.partner_price
    source = chosen.words if chosen else "no price of ours"
    if theirs is not None and line.price_basis not in BASES:
        question = f"line {line.number}: the price basis {line.price_basis} is not known"
        return Priced(ours, ours if ours is not None else theirs, figures=source, question=question)
    theirs = per_unit(theirs, line.price_basis)
    if ours is None:
        return _without_ours(line, theirs, accepted, f"{wanted.currency} in {price_lists.searched(wanted, terms)}")
    if theirs is None:
        return Priced(ours, ours, figures=f"{source}; the order names no price")
    return _compared(line, ours, theirs, source, terms, accepted)


def per_unit(price: Decimal | None, basis: str) -> Decimal | None:
    """A price per hundred or thousand as the price of one; one of a basis that we do not know stays as it is."""
    return price / BASES.get(basis, Decimal(1)) if price is not None else None


def _without_ours(line: Line, theirs: Decimal | None, accepted: str, where: str) -> Priced:
    figures = f"no price of ours in {where}"
    if theirs is not None and accepted == "theirs":
        return Priced(None, theirs, figures=f"{figures}; theirs was accepted")
    said = f"theirs is {price_text(theirs)}" if theirs is not None else "the order names none either"
    question = f"line {line.number}: we have no price in {where}, {said}"
    return Priced(None, theirs or Decimal(0), figures=figures, question=question)


def _compared(line: Line, ours: Decimal, theirs: Decimal, source: str, terms: Terms, accepted: str) -> Priced:
    figures = f"{source}, theirs {price_text(theirs)}"
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
        question=f"line {line.number}: their price {price_text(theirs)}, ours {price_text(ours)} per {line.uom} ({source})",
    )


def _within(difference: Decimal, ours: Decimal, terms: Terms) -> bool:
    """Both limits must hold; one that is not given does not limit; none given means no difference at all."""
    if terms.tolerance_percent is None and terms.tolerance_amount is None:
        return False
    by_percent = terms.tolerance_percent is None or difference * 100 <= ours * terms.tolerance_percent
    return by_percent and (terms.tolerance_amount is None or difference <= terms.tolerance_amount)
