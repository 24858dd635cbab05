"""Our price of an item: contract, the customer's list, the general list; there the quantity break, then a promotion."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.money import price_text
from gateway.kernel.quantity import plain
from gateway.orders.facts import Facts, ItemFacts, PriceFacts
from gateway.orders.order import Line
from gateway.orders.terms import Terms

LIST = "list"
PROMOTION, CONTRACT = "promotion", "contract"
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a price is asked for: so much of an item, in a unit of so many stock units, in a currency."""

    line: Line
    item: ItemFacts
    stock_per_unit: Decimal
    currency: str
    contract: str = ""

    @property
    def sizes(self) -> dict[str, Decimal]:
        """How many stock units each unit of the item holds."""
        return dict(self.item.packs) | {self.item.uom: Decimal(1)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Our price per ordered unit, and how it was found."""

    unit_price: Decimal
    words: str


def choose(wanted: Wanted, facts: Facts, terms: Terms) -> Chosen | None:
    """The price of the first list that has a valid one; None where no list has any."""
    usable = list(_usable(wanted, facts, terms))
    for is_contract, name in _lists(wanted, terms):
        found = [each for each in usable if _stands_in(each, name, contract=is_contract)]
        if found:
            best, beaten = _best(found, wanted)
            source = f"contract {name}" if is_contract else "list" if name == LIST else f"price list {name}"
            return _told(best, beaten, wanted, source)
    return None


def lower(wanted: Wanted, price: Decimal | None, facts: Facts, terms: Terms) -> Decimal | None:
    """Our price of an item that stands in for another one, where it is below the price of that one."""
    own = choose(wanted, facts, terms)
    return own.unit_price if own is not None and price is not None and own.unit_price < price else None


def searched(wanted: Wanted, terms: Terms) -> str:
    """Where a price was looked for, in words."""
    return ", ".join(
        f"contract {name}" if contract else f"price list {name}" for contract, name in _lists(wanted, terms)
    )


def _lists(wanted: Wanted, terms: Terms) -> list[tuple[bool, str]]:
    """The contracts, the one that the order names first; then the customer's list; then the general one."""
    contracts = sorted(terms.contracts, key=lambda name: name != wanted.contract)
    return [*((True, name) for name in contracts), *((False, name) for name in dict.fromkeys((terms.price_list, LIST)))]


def _stands_in(price: PriceFacts, name: str, *, contract: bool) -> bool:
    """A price of a contract counts with its contract only, whatever list it stands in."""
    if contract:
        return price.contract_number == name or (not price.contract_number and price.price_list == name)
    return price.price_list == name and not price.contract_number


def _usable(wanted: Wanted, facts: Facts, terms: Terms) -> Iterator[PriceFacts]:
    """The valid prices of the item in the currency of the order; one that names no currency is in the agreed one."""
    sizes, today = wanted.sizes, facts.today
    for each in facts.prices:
        in_time = (each.valid_from or date.min) <= today <= (each.valid_to or date.max)
        same_currency = (each.currency or terms.currency) == wanted.currency
        if each.sku != wanted.item.sku or each.uom not in sizes or not in_time or not same_currency:
            continue
        if wanted.line.quantity.ordered * wanted.stock_per_unit >= each.min_quantity * sizes[each.uom]:
            yield each


def _best(found: list[PriceFacts], wanted: Wanted) -> tuple[PriceFacts, PriceFacts | None]:
    """The largest break that is reached, the newest of two; a promotion counts before it where it is lower."""
    sizes = wanted.sizes

    def per_stock_unit(each: PriceFacts) -> Decimal:
        return each.unit_price / sizes[each.uom]

    def order(each: PriceFacts) -> tuple[Decimal, date, Decimal]:
        return each.min_quantity * sizes[each.uom], each.valid_from or date.min, -per_stock_unit(each)

    plain_ones = [each for each in found if each.kind != PROMOTION]
    promotions = [each for each in found if each.kind == PROMOTION]
    usual = max(plain_ones, key=order) if plain_ones else None
    if promotions:
        lowest = min(promotions, key=per_stock_unit)
        if usual is None or per_stock_unit(lowest) < per_stock_unit(usual):
            return lowest, usual
    return (usual, None) if usual is not None else (promotions[0], None)


def _told(price: PriceFacts, beaten: PriceFacts | None, wanted: Wanted, source: str) -> Chosen:
    """The price with its figures: where it stands, from what quantity on, until when."""
    per_unit = _per_unit(price, wanted)
    said = f"{source}: {price_text(price.unit_price)} per {price.uom}"
    if price.min_quantity > 1:
        said += f" from {plain(price.min_quantity)} {price.uom} on"
    if price.kind == PROMOTION:
        said += f", a promotion{f' from {price.valid_from} on' if price.valid_from else ''}"
    if price.valid_to:
        said += f", valid to {price.valid_to}"
    if beaten is not None:
        said += f", lower than the usual {price_text(beaten.unit_price)} per {beaten.uom}"
    if price.uom != wanted.line.uom:
        said += f"; {price_text(per_unit)} per {wanted.line.uom}"
    return Chosen(per_unit, said)


def _per_unit(price: PriceFacts, wanted: Wanted) -> Decimal:
    size = wanted.sizes[price.uom]
    if size == wanted.stock_per_unit:
        return price.unit_price
    return (price.unit_price * wanted.stock_per_unit / size).quantize(_PLACES).normalize() + Decimal(0)
