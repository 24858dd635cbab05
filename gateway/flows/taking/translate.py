"""Canonical orders to commands: who orders what, for which place, on which dates, at which prices and allowances."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gateway.canonical.order import Order, OrderLine
from gateway.canonical.parts import Allowance, ItemIds, Party
from gateway.flows.taking.unobeyed import unobeyed
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.commands import PlaceOrder, WantedLine
from gateway.orders.order import Address, Adjustment, StoreShare
from gateway.orders.order import Order as PlacedOrder

RUSH = 1
"""The priority of a rush order; others have none."""


_SAME = (
    (re.compile(r'("(?:quantity|unit_price|percent|amount|rate)":"-?\d+\.\d*?)0+"'), r'\1"'),
    (re.compile(r'("(?:quantity|unit_price|percent|amount|rate)":"-?\d+)\."'), r'\1"'),
    (re.compile(r',"price_basis":"PE"|,"id_type":"[^"]*"|,"extended_price":"[^"]*"|,"order_type":"standalone"'), ""),
)
"""What says the same however it is written: trailing zeros, a price per unit, whose code a place has, an ordinary order."""


def content_hash(order: Order) -> str:
    """Equal for two orders of the same content, whatever file, format or control number brought them."""
    text = order.model_dump_json(exclude_defaults=True, exclude={"totals"})
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    return hashlib.sha256(text.encode()).hexdigest()


def place_order(
    order: Order, *, number: OrderNumber, partner: PartnerId, currency: str, today: date, test: bool,
    duplicate_of: OrderNumber | None, same_content: bool = False, guide_faults: tuple[str, ...] = (),
    store: str = "", came_as: str = "", before: PlacedOrder | None = None,
) -> PlaceOrder:  # fmt: skip
    """The command for a canonical order; ``currency`` and ``today`` stand in where the order is silent."""
    dates, terms = order.dates, order.terms
    return PlaceOrder(
        number=number, partner=partner, po_number=order.po_number, po_date=order.po_date or today,
        currency=order.currency or currency, lines=tuple(_line(line) for line in order.lines),
        release_number=order.release_number or "", purpose=order.purpose, test=test,
        department=order.department or "", vendor_number=order.vendor_number or "", buyer=_address(order.buyer),
        ship_to=_address(order.ship_to), bill_to=_address(order.bill_to),
        carrier_scac=order.routing.carrier_scac or "", service=order.routing.service or "", ship_not_before=dates.ship_not_before,
        ship_no_later=dates.ship_no_later, cancel_after=dates.cancel_after, ship_requested=dates.ship_requested,
        delivery_requested=dates.delivery_requested, deliver_not_before=dates.deliver_not_before,
        deliver_no_later=dates.deliver_no_later, backorder=order.instructions.backorder or "",
        substitution=order.instructions.substitution or "", order_type=order.order_type or "",
        acknowledgment_type=order.acknowledgment_type or "", contract_number=order.contract_number or "",
        fob=order.fob or "", priority=RUSH if order.order_type == "rush" else 0,
        claimed=tuple(adjustment(each, Decimal(0)) for each in order.allowances),
        claimed_discount_percent=terms.discount_percent, claimed_discount_days=terms.discount_days,
        claimed_net_days=terms.net_days, notes=" / ".join(note.text for note in order.notes if note.text),
        content_hash=content_hash(order), unobeyed=tuple(unobeyed(order)), duplicate_of=duplicate_of,
        same_content=same_content, guide_faults=guide_faults, store=store, came_as=came_as, before=before,
    )  # fmt: skip


def adjustment(said: Allowance, ordered: Decimal) -> Adjustment:
    """An allowance or charge as it is claimed: a percentage, else a rate per ordered unit, else an amount once.

    ``ordered`` is the quantity of its line; a rate for another quantity than that is an amount.
    """
    percent = said.percent
    rate = said.rate if percent is None and ordered and said.quantity in (None, ordered) else None
    amount = said.amount
    if percent is None and rate is None and said.rate is not None and said.quantity is not None:
        amount = said.rate * said.quantity
    return Adjustment(
        kind=said.kind, code=said.code or "", percent=percent, rate=rate,
        amount=amount if percent is None and rate is None else None, description=said.description or "",
    )  # fmt: skip


def _line(line: OrderLine) -> WantedLine:
    only = line.schedule[0] if len(line.schedule) == 1 else None
    leaves = only.due if only is not None and only.kind == "shipment" else None
    arrives = only.due if only is not None and only.kind != "shipment" else None
    return WantedLine(
        number=line.number or "", quantity=line.quantity, uom=line.uom, ids=_ids(line.ids),
        unit_price=line.unit_price, price_basis=line.price_basis or "", description=line.description or "",
        claimed=tuple(adjustment(each, line.quantity) for each in line.allowances),
        ship_not_before=line.dates.ship_not_before or line.dates.ship_requested or leaves,
        delivery_requested=line.dates.delivery_requested or arrives, stores=tuple(_stores(line)),
    )  # fmt: skip


def _stores(line: OrderLine) -> Iterator[StoreShare]:
    """What each store gets, in the order in which they are named; one that is named twice gets both."""
    for store in dict.fromkeys(each.location for each in line.allocations):
        yield StoreShare(store, sum((each.quantity for each in line.allocations if each.location == store), Decimal(0)))


def _ids(ids: ItemIds) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in ids if value)


def _address(party: Party | None) -> Address:
    if party is None:
        return Address()
    return Address(**{name: getattr(party, name) or "" for name in Address.__slots__})
