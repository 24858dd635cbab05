"""Canonical orders to commands, and what such an order asks for that is not obeyed yet."""

import hashlib
from collections.abc import Iterator
from datetime import date

from gateway.canonical.order import Order, OrderLine
from gateway.canonical.parts import ItemIds, Party
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.commands import PlaceOrder, WantedLine
from gateway.orders.order import Address

PRICED_PER_UNIT = frozenset({None, "PE"})


def content_hash(order: Order) -> str:
    """Equal for two orders of the same content, whatever file, format or control number brought them."""
    return hashlib.sha256(order.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def place_order(
    order: Order, *, number: OrderNumber, partner: PartnerId, currency: str, today: date, test: bool,
    duplicate_of: OrderNumber | None, guide_faults: tuple[str, ...] = (),
) -> PlaceOrder:  # fmt: skip
    """The command for a canonical order; ``currency`` and ``today`` stand in where the order is silent."""
    return PlaceOrder(
        number=number, partner=partner, po_number=order.po_number, po_date=order.po_date or today,
        currency=order.currency or currency, lines=tuple(_line(line) for line in order.lines),
        release_number=order.release_number or "", purpose=order.purpose, test=test,
        department=order.department or "", vendor_number=order.vendor_number or "", buyer=_address(order.buyer),
        ship_to=_address(order.ship_to), bill_to=_address(order.bill_to),
        carrier_scac=order.routing.carrier_scac or "", service=order.routing.service or "", ship_not_before=order.dates.ship_not_before,
        ship_no_later=order.dates.ship_no_later, cancel_after=order.dates.cancel_after,
        delivery_requested=order.dates.delivery_requested, backorder=order.instructions.backorder or "",
        notes=" / ".join(note.text for note in order.notes if note.text), content_hash=content_hash(order),
        unobeyed=tuple(unobeyed(order)), duplicate_of=duplicate_of, guide_faults=guide_faults,
    )  # fmt: skip


def unobeyed(order: Order) -> Iterator[str]:
    """What the order asks for and this version cannot do, each naming its X12 segment (rulings 33)."""
    if order.purpose != "original":
        yield f"BEG01: the purpose is '{order.purpose}', not an original order"
    if order.order_type in ("blanket", "other"):
        yield f"BEG02: the order type is '{order.order_type}'"
    if order.acknowledgment_type:
        yield f"BEG07: a special acknowledgment is asked for ({order.acknowledgment_type})"
    if order.instructions.other:
        yield f"CSH01: the instruction {order.instructions.other}"
    if order.mark_for is not None:
        yield "N1*Z7: goods are to be marked for another location"
    if order.second_ship_to is not None:
        yield "N1*ST: the order names several places to ship to"
    if order.allowances:
        yield "SAC: allowances or charges for the whole order"
    if order.taxes:
        yield "TAX/TXI: taxes for the whole order"
    for index, line in enumerate(order.lines, start=1):
        yield from (f"line {line.number or index}, {what}" for what in _unobeyed_line(line))


def _unobeyed_line(line: OrderLine) -> Iterator[str]:
    if line.price_basis not in PRICED_PER_UNIT:
        yield f"PO105: the price basis is {line.price_basis}"
    if line.allocations:
        yield "SDQ: the quantity is to be split over several stores"
    if line.components:
        yield "SLN: the line is a kit of several components"
    if line.schedule:
        yield "SCH: the line is to be delivered on a schedule"
    if line.ship_to is not None:
        yield "N1: the line has a ship-to of its own"
    if line.allowances:
        yield "SAC: allowances or charges of the line"
    if line.taxes:
        yield "TAX/TXI: taxes of the line"


def _line(line: OrderLine) -> WantedLine:
    return WantedLine(
        number=line.number or "", quantity=line.quantity, uom=line.uom, ids=_ids(line.ids),
        unit_price=line.unit_price, price_basis=line.price_basis or "", description=line.description or "",
    )  # fmt: skip


def _ids(ids: ItemIds) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in ids if value)


def _address(party: Party | None) -> Address:
    if party is None:
        return Address()
    return Address(**{name: getattr(party, name) or "" for name in Address.__slots__})
