"""The purchase order acknowledgment: what we answer to an order, line by line."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Number, Text
from gateway.canonical.parts import ItemIds, Party

LineStatusCode = Literal[
    "accepted", "backordered", "changed", "deleted", "rescheduled", "on_hold", "price_changed", "quantity_changed",
    "rejected", "substituted", "schedule_pending", "partial_backordered", "not_contract_item", "invalid_item",
    "invalid_unit",
]  # fmt: skip


class LineStatus(Canonical):
    """One answer for (part of) a line; ``ship_date`` is the promised date."""

    code: LineStatusCode
    quantity: Number | None = None
    uom: Text | None = None
    ship_date: date | None = None


class AcknowledgedLine(Canonical):
    """A line as ordered, with our price and our answers."""

    number: Text
    quantity: Number
    uom: Text
    unit_price: Number | None = None
    price_basis: Text | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    statuses: tuple[LineStatus, ...] = ()


class Acknowledgment(Canonical):
    """A purchase order acknowledgment (855)."""

    po_number: Text
    order_number: Text
    po_date: date
    ack_date: date
    status: Literal["accepted", "changed", "rejected", "on_hold", "unchanged"]
    release_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    currency: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    lines: tuple[AcknowledgedLine, ...] = ()
