"""Where two orders of one purchase order number differ: in their head field by field, and line by line."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from gateway.kernel.money import price_text
from gateway.kernel.quantity import plain
from gateway.orders.order import Address, Adjustment, Differs, Line, Order

T = TypeVar("T")
_PLACE = ("id", "name", "name2", "address1", "address2", "city", "state", "postal_code", "country")


def differences(earlier: Order, now: Order) -> tuple[Differs, ...]:
    """Everything in which they differ of what an order asks for; both as they came, before anything was decided."""
    return (*_fields("", HEAD, earlier, now), *_lines(earlier, now))


def _fields(where: str, told: Mapping[str, Callable[[T], str]], earlier: T, now: T) -> Iterator[Differs]:
    for name, say in told.items():
        before, after = say(earlier), say(now)
        if before != after:
            yield Differs(f"{where}{name}", before, after)


def _lines(earlier: Order, now: Order) -> Iterator[Differs]:
    """The lines of both by their number, in the order of the first; those of one alone as a whole."""
    before = {each.number: each for each in earlier.lines}
    after = {each.number: each for each in now.lines}
    for number in (*before, *(each for each in after if each not in before)):
        was, is_now = before.get(number), after.get(number)
        if was is not None and is_now is not None:
            yield from _fields(f"line {number} ", LINE, was, is_now)
        else:
            yield Differs(f"line {number}", _whole(was), _whole(is_now))


def _whole(line: Line | None) -> str:
    """``4 EA TENT-2P at 89.95``."""
    if line is None:
        return ""
    price = f" at {_price(line)}" if line.partner_price is not None else ""
    return f"{_quantity(line)} {_item(line)}{price}".strip()


def _quantity(line: Line) -> str:
    return f"{plain(line.quantity.ordered)} {line.uom}".strip()


def _price(line: Line) -> str:
    basis = f" per {line.price_basis}" if line.price_basis not in ("", "PE") else ""
    return f"{price_text(line.partner_price)}{basis}" if line.partner_price is not None else ""


def _item(line: Line) -> str:
    return ", ".join(value for _, value in line.ids)


def _place(place: Address) -> str:
    return ", ".join(value for name in _PLACE if (value := getattr(place, name)))


def _day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def _claimed(several: tuple[Adjustment, ...]) -> str:
    return "; ".join(
        f"{each.kind} {each.code} {_figure(each)}".replace("  ", " ").strip()
        for each in several
    )  # fmt: skip


def _figure(what: Adjustment) -> str:
    if what.percent is not None:
        return f"{plain(what.percent)}%"
    if what.rate is not None:
        return f"{price_text(what.rate)} each"
    return price_text(what.amount) if what.amount is not None else ""


def _terms(order: Order) -> str:
    """``2% in 10 days, net 30``."""
    parts = []
    if order.claimed_discount_percent is not None:
        days = f" in {order.claimed_discount_days} days" if order.claimed_discount_days is not None else ""
        parts.append(f"{plain(Decimal(order.claimed_discount_percent))}%{days}")
    parts += [f"net {order.claimed_net_days}"] if order.claimed_net_days is not None else []
    return ", ".join(parts)


HEAD: Mapping[str, Callable[[Order], str]] = MappingProxyType(
    {
        "purpose": lambda order: order.purpose,
        "order type": lambda order: order.order_type,
        "PO date": lambda order: _day(order.po_date),
        "release number": lambda order: order.release_number,
        "contract": lambda order: order.contract_number,
        "department": lambda order: order.department,
        "vendor number": lambda order: order.vendor_number,
        "currency": lambda order: order.currency,
        "buyer": lambda order: _place(order.buyer),
        "ship to": lambda order: _place(order.ship_to),
        "bill to": lambda order: _place(order.bill_to),
        "carrier": lambda order: f"{order.carrier_scac} {order.service}".strip(),
        "freight": lambda order: order.fob,
        "ship requested": lambda order: _day(order.ship_requested),
        "ship not before": lambda order: _day(order.ship_not_before),
        "ship no later": lambda order: _day(order.ship_no_later),
        "cancel after": lambda order: _day(order.cancel_after),
        "delivery requested": lambda order: _day(order.delivery_requested),
        "deliver not before": lambda order: _day(order.deliver_not_before),
        "deliver no later": lambda order: _day(order.deliver_no_later),
        "backorders": lambda order: order.backorder,
        "substitution": lambda order: order.substitution,
        "answer asked for": lambda order: order.acknowledgment_type,
        "allowances and charges": lambda order: _claimed(order.claimed),
        "payment terms": _terms,
        "notes": lambda order: order.notes,
    }
)
"""What the head of an order asks for, by the name people read."""

LINE: Mapping[str, Callable[[Line], str]] = MappingProxyType(
    {
        "quantity": _quantity,
        "price": _price,
        "item": _item,
        "description": lambda line: line.description,
        "ship not before": lambda line: _day(line.ship_not_before),
        "delivery requested": lambda line: _day(line.delivery_requested),
        "allowances and charges": lambda line: _claimed(line.claimed),
        "stores": lambda line: ", ".join(f"{each.store}: {plain(each.quantity)}" for each in line.stores),
    }
)
"""What a line asks for."""
