"""Is the order one we can serve: items known, units convertible, a place to ship to, dates that make sense?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.money import Money
from gateway.orders.facts import Facts, ItemFacts
from gateway.orders.order import HoldType, Line, LineCode, Order
from gateway.orders.terms import Terms

OPEN = "active"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to hold the order."""

    type: HoldType
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line is about: our item, and how many stock units one ordered unit holds."""

    item: ItemFacts
    stock_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class NotServed:
    """Why a line cannot be served; ``unknown`` means that the item itself is not known."""

    code: LineCode
    reason: str
    unknown: bool = False


def recognise(line: Line, facts: Facts) -> Recognised | NotServed:
    """Our item behind a line, by any of its ids; all ids must mean the same item."""
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
    if item.status != OPEN:
        return NotServed(LineCode.REJECTED, f"line {line.number}: item {item.sku} is {item.status}")
    sizes = dict(item.packs) | {item.uom: Decimal(1)}
    if line.uom not in sizes:
        known = ", ".join(sorted(sizes))
        return NotServed(
            LineCode.INVALID_UNIT, f"line {line.number}: {item.sku} has no unit {line.uom} (its units: {known})"
        )
    return Recognised(item, sizes[line.uom])


def findings(order: Order, terms: Terms, today: date) -> Iterator[Finding]:
    """What is wrong with the order as a whole."""
    if order.duplicate_of is not None:
        reason = f"PO {order.po_number} came before as {order.duplicate_of} with other content"
        yield Finding(HoldType.DUPLICATE_PO, "C-DUP-PO", reason)
    if order.unobeyed:
        yield Finding(HoldType.DATA, "C-DATA", "not obeyed by this version: " + "; ".join(order.unobeyed))
    if order.guide_faults:
        yield Finding(HoldType.DATA, "P-GUIDE", "against the partner guide " + " ".join(order.guide_faults))
    if order.currency != terms.currency:
        reason = f"the order is in {order.currency}, agreed is {terms.currency} ('terms.currency' of the partner file)"
        yield Finding(HoldType.DATA, "C-DATA", reason)
    if not (order.ship_to.address1 and order.ship_to.city):
        known = order.ship_to.name or order.ship_to.id or "nobody"
        yield Finding(
            HoldType.ADDRESS, "C-ADDRESS", f"the order names no street and city to ship to (ship-to: {known})"
        )
    yield from _window(order, today)
    if terms.backorder == "never" and order.backorder == "backorder":
        yield Finding(HoldType.CONFLICT, "C-CONFLICT", "CSH: the order asks for backorders, the terms allow none")


def _window(order: Order, today: date) -> Iterator[Finding]:
    first, last, cancel = order.ship_not_before, order.ship_no_later, order.cancel_after
    if first and last and first > last:
        yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", f"ship not before {first} is after ship no later than {last}")
    elif last and last < today:
        yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", f"ship no later than {last} has passed (today is {today})")
    if cancel and cancel < today:
        yield Finding(HoldType.SHIP_WINDOW, "C-WINDOW", f"cancel after {cancel} has passed (today is {today})")


def minimum(amount: Decimal, terms: Terms) -> Finding | None:
    """An order below the agreed minimum."""
    if terms.minimum_order is None or amount >= terms.minimum_order:
        return None
    have, least = Money(amount, terms.currency), Money(terms.minimum_order, terms.currency)
    return Finding(HoldType.MIN_ORDER, "C-MINIMUM", f"the order of {have} is below the minimum of {least}")
