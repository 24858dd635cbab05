"""Is the order one we can serve: items known, units convertible, a place to ship to, dates that make sense?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.money import Money
from gateway.kernel.quantity import plain
from gateway.orders import instructions, stores
from gateway.orders.facts import DISCONTINUED, Facts, ItemFacts, stand_in
from gateway.orders.order import HoldType, Line, LineCode, Order
from gateway.orders.terms import Terms

OPEN = "active"
BARCODES = frozenset({"upc", "ean", "gtin", "case_code"})
CLOSED_PLACES = frozenset({"closed", "inactive", "blocked"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to hold the order; ``line`` is the one it is about, empty when it is about the whole order."""

    type: HoldType
    code: str
    reason: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line is about: our item, and how many stock units one ordered unit holds."""

    item: ItemFacts
    stock_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class NotServed:
    """Why a line cannot be served; ``unknown``: the item itself is not known, ``unclear``: its unit is a question."""

    code: LineCode
    reason: str
    unknown: bool = False
    unclear: bool = False


def recognise(
    line: Line, facts: Facts, *, unit_stands: bool = False, substitutes: bool = False
) -> Recognised | NotServed:  # fmt: skip
    """Our item behind a line, by any of its ids; all ids must mean the same item.

    ``unit_stands``: somebody said that the unit of the order counts, whatever the barcode says. A discontinued item is
    recognised while stock lasts and, with ``substitutes``, when another one stands in for it.
    """
    telling = [pair for pair in line.ids if not line.item_by_hand or pair[0] == "vendor_sku"]
    skus = {facts.ids[pair] for pair in telling if pair in facts.ids}
    said = ", ".join(f"{kind} {value}" for kind, value in line.ids) or "no item id"
    if len(skus) > 1:
        found = " and ".join(sorted(skus))
        return NotServed(
            LineCode.INVALID_ITEM, f"line {line.number}: its ids mean different items, {found} ({said})", unknown=True
        )
    item = facts.items.get(skus.pop()) if skus else None
    if item is None:
        return NotServed(LineCode.INVALID_ITEM, f"line {line.number}: the item is not known ({said})", unknown=True)
    if item.status == DISCONTINUED:
        left = any(each.available for each in facts.stock if each.sku == item.sku)
        if not left and not (substitutes and stand_in(item, line.uom, facts) is not None):
            reason = f"line {line.number}: item {item.sku} is discontinued and sold out"
            return NotServed(LineCode.DISCONTINUED, reason)
    elif item.status != OPEN:
        return NotServed(LineCode.REJECTED, f"line {line.number}: item {item.sku} is {item.status}")
    return _unit(line, item, unit_stands=unit_stands)


def _unit(line: Line, item: ItemFacts, *, unit_stands: bool) -> Recognised | NotServed:
    """The unit of a line by the pack sizes of its item; one we do not know may be told by the barcode of a pack."""
    sizes = dict(item.packs) | {item.uom: Decimal(1)}
    pack = _pack_of_code(line, item)
    if pack is not None and line.uom not in sizes:
        return Recognised(item, sizes[pack])
    if line.uom not in sizes:
        known = ", ".join(sorted(sizes))
        return NotServed(
            LineCode.INVALID_UNIT, f"line {line.number}: {item.sku} has no unit {line.uom} (its units: {known})"
        )
    if pack is not None and sizes[line.uom] != sizes[pack] and not unit_stands:
        asked = f"{plain(line.quantity.ordered)} {line.uom}"
        reason = (
            f"line {line.number}: {asked} are asked for by the barcode of a {pack} "
            f"of {plain(sizes[pack])} {item.uom}; which unit is meant?"
        )
        return NotServed(LineCode.INVALID_UNIT, reason, unclear=True)
    return Recognised(item, sizes[line.uom])


def _pack_of_code(line: Line, item: ItemFacts) -> str | None:
    """The pack unit whose barcode is the only id of the line; another id says the item, not the unit."""
    if len(line.ids) != 1 or line.ids[0][0] not in BARCODES:
        return None
    digits = line.ids[0][1].lstrip("0")
    if digits in {code.lstrip("0") for code in (item.upc, item.ean, item.gtin) if code}:
        return None
    return next((uom for code, uom in item.pack_codes if code.lstrip("0") == digits), None)


def findings(order: Order, terms: Terms, facts: Facts) -> Iterator[Finding]:
    """What is wrong with the order as a whole."""
    if order.unobeyed:
        yield Finding(HoldType.DATA, "C-DATA", "not obeyed by this version: " + "; ".join(order.unobeyed))
    if order.guide_faults:
        yield Finding(
            HoldType.DATA,
            "P-GUIDE",
            "it keeps to the standard, but not to the partner guide " + " ".join(order.guide_faults),
        )
    if order.currency != terms.currency:
        ours = any((price.currency or terms.currency) == order.currency for price in facts.prices)
        prices = "we have prices in it" if ours else "we have no price in it"
        reason = (
            f"the order is in {order.currency}, agreed is {terms.currency} ('terms.currency' of the partner file); "
            f"{prices}; released, it is priced and billed in {order.currency}"
        )
        yield Finding(HoldType.DATA, "C-DATA", reason)
    yield from _place(order, facts)
    yield from _stores(order, facts)
    yield from _window(order, facts.today)
    for conflict in instructions.conflicts(order, terms):
        yield Finding(HoldType.CONFLICT, "C-CONFLICT", conflict)


def _stores(order: Order, facts: Facts) -> Iterator[Finding]:
    """The stores of a line get what is ordered of it, and take goods."""
    for line in order.lines:
        said = stores.fault(line)
        if said:
            yield Finding(HoldType.DATA, "C-SDQ-SUM", said)
    for store in dict.fromkeys(each.store for line in order.lines for each in line.stores):
        place = facts.locations.get(store)
        if place is not None and place.status.lower() in CLOSED_PLACES:
            yield Finding(HoldType.ADDRESS, "C-ADDRESS", f"the store {store} is {place.status} in our list")


def _stores_are_known(order: Order, facts: Facts) -> bool:
    """Whether everything goes to stores whose address we have, so that the order needs none."""
    named = {each.store for line in order.lines for each in line.stores}
    places = [facts.locations.get(store) for store in named]
    known = all(place is not None and place.address.address1 and place.address.city for place in places)
    return bool(named) and known and all(line.stores for line in order.lines)


def _place(order: Order, facts: Facts) -> Iterator[Finding]:
    """A street and a city to ship to, and a place that takes goods."""
    place = facts.locations.get(order.ship_to.id)
    if place is not None and place.status.lower() in CLOSED_PLACES:
        yield Finding(HoldType.ADDRESS, "C-ADDRESS", f"the location {place.id} is {place.status} in our list")
    if (order.ship_to.address1 and order.ship_to.city) or _stores_are_known(order, facts):
        return
    known = order.ship_to.name or order.ship_to.id or "nobody"
    reason = f"the order names no street and city to ship to (ship-to: {known})"
    if order.ship_to.id:
        why = "has no address in our list" if place is not None else "is not in our list"
        reason += f"; the location {order.ship_to.id} {why}"
    yield Finding(HoldType.ADDRESS, "C-ADDRESS", reason)


def _window(order: Order, today: date) -> Iterator[Finding]:
    for reason in (*_shipping(order, today), *_delivery(order, today), *_line_dates(order)):
        yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", reason)


def _shipping(order: Order, today: date) -> Iterator[str]:
    first, last, cancel = order.ship_not_before, order.ship_no_later, order.cancel_after
    if first and last and first > last:
        yield f"ship not before {first} is after ship no later than {last}"
    elif last and last < today:
        yield f"ship no later than {last} has passed (today is {today})"
    if cancel and cancel < today:
        yield f"cancel after {cancel} has passed (today is {today})"
    elif cancel and first and first > cancel:
        yield f"ship not before {first} is after cancel after {cancel}"


def _delivery(order: Order, today: date) -> Iterator[str]:
    first, last = order.deliver_not_before, order.deliver_no_later
    if first and last and first > last:
        yield f"deliver not before {first} is after deliver no later than {last}"
    elif last and last < today:
        yield f"deliver no later than {last} has passed (today is {today})"
    elif last and order.ship_not_before and order.ship_not_before > last:
        yield f"ship not before {order.ship_not_before} is after deliver no later than {last}"


def _line_dates(order: Order) -> Iterator[str]:
    for line in order.lines:
        first = line.ship_not_before
        for what, last in (("ship no later than", order.ship_no_later), ("cancel after", order.cancel_after)):
            if first and last and first > last:
                yield f"line {line.number}: ship not before {first} is after {what} {last} of the order"


def too_late(order: Order) -> Iterator[Finding]:
    """What would be promised for a day after the last one on which the buyer takes it."""
    for line in order.lines:
        days = [day for day in (line.promised_date, line.backorder_date) if day is not None]
        ships, last = max(days, default=None), order.ship_no_later
        if ships and last and ships > last:
            reason = f"line {line.number} could ship on {ships}, after ship no later than {last}"
            yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", reason)
        arrives, last = line.delivery_date, order.deliver_no_later
        if arrives and last and arrives > last:
            reason = f"line {line.number} could be delivered on {arrives}, after deliver no later than {last}"
            yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", reason)


def minimum(amount: Decimal, terms: Terms) -> Finding | None:
    """An order below the agreed minimum, in the agreed currency."""
    if terms.minimum_order is None or amount >= terms.minimum_order:
        return None
    have, least = Money(amount, terms.currency), Money(terms.minimum_order, terms.currency)
    return Finding(HoldType.MIN_ORDER, "C-MINIMUM", f"the order of {have} is below the minimum of {least}")
