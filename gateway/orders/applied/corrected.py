"""Which fields of an order people may correct before its decision, and what a correction does to them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gateway.kernel.quantity import ZERO, plain
from gateway.orders.happened import handled
from gateway.orders.order import Address, Buckets, Line, Order

DATES = ("ship_not_before", "ship_no_later", "cancel_after", "delivery_requested")
ADDRESS = tuple(f"ship_to.{each.name}" for each in fields(Address))
ORDER_FIELDS = (*ADDRESS, *DATES, "currency")
"""What may be corrected of the order as a whole."""
SKU, QUANTITY, UOM, PRICE = "sku", "quantity", "uom", "price"
OURS = "vendor_sku"
"""The kind of id that is our own item number."""


def order(before: Order, event: handled.OrderCorrected) -> Order:
    """The order with one field corrected; an empty text takes a date or a part of an address away."""
    head, _, part = event.field.partition(".")
    if head == "ship_to":
        return replace(before, ship_to=replace(before.ship_to, **{part: event.new}))
    if head in DATES:
        changed: dict[str, Any] = {head: date.fromisoformat(event.new) if event.new else None}
        return replace(before, **changed)
    return replace(before, currency=event.new)


def said(before: Order, field: str) -> str:
    """What a field of the order says now."""
    head, _, part = field.partition(".")
    value = getattr(before.ship_to, part) if head == "ship_to" else getattr(before, head)
    return str(value) if value is not None else ""


def line(before: Line, event: handled.LineCorrected) -> Line:
    """The line with one field corrected, as if it was never recognised nor priced."""
    fresh = replace(before, sku=None, our_price=None, unit_price=None, stock_per_unit=Decimal(1), codes=())
    return LINE_FIELDS[event.field][1](fresh, event.new)


def said_of_line(before: Line, field: str) -> str:
    """What a field of the line says now."""
    return LINE_FIELDS[field][0](before)


def without_complaint(before: Order, event: handled.LineCorrected) -> Order:
    """The order without what was not obeyed about a quantity that is corrected now."""
    if event.field != QUANTITY:
        return before
    complaint = f"line {event.line}, PO102:"
    return replace(before, unobeyed=tuple(each for each in before.unobeyed if not each.startswith(complaint)))


def _sku(before: Line) -> str:
    ids = dict(before.ids)
    return ids.get(OURS, "") or ", ".join(f"{kind} {value}" for kind, value in before.ids)


def _with_sku(before: Line, value: str) -> Line:
    """Our number counts alone; the partner's own words stay for the answer, but no longer say which item it is."""
    others = tuple((kind, each) for kind, each in before.ids if kind != OURS)
    return replace(before, ids=((OURS, value), *others), item_by_hand=True)


def _with_quantity(before: Line, value: str) -> Line:
    quantity = Decimal(value)
    return replace(before, quantity=Buckets(ordered=quantity, pending=quantity))


def _with_uom(before: Line, value: str) -> Line:
    return replace(before, uom=value)


def _with_price(before: Line, value: str) -> Line:
    return replace(before, partner_price=Decimal(value) if value else None, price_basis="PE" if value else "")


def _price(before: Line) -> str:
    return plain(before.partner_price) if before.partner_price is not None else ""


LINE_FIELDS: Mapping[str, tuple[Callable[[Line], str], Callable[[Line, str], Line]]] = MappingProxyType(
    {
        SKU: (_sku, _with_sku),
        QUANTITY: (lambda line: plain(max(line.quantity.ordered, ZERO)), _with_quantity),
        UOM: (lambda line: line.uom, _with_uom),
        PRICE: (_price, _with_price),
    }
)
"""What may be corrected of a line: how it is told, and what becomes of the line."""
