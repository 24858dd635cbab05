"""The purchase order acknowledgment: what we answer to an order, line by line."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import Allocation, Allowance, Dates, ItemIds, Note, Party, PaymentTerms, Reference

AnswerStatus = Literal["accepted", "changed", "rejected", "on_hold", "unchanged"]
LineStatusCode = Literal[
    "accepted", "backordered", "changed", "deleted", "rescheduled", "on_hold", "price_changed", "quantity_changed",
    "rejected", "substituted", "schedule_pending", "partial_backordered", "not_contract_item", "invalid_item",
    "invalid_unit", "discontinued",
]  # fmt: skip


class LineStatus(Canonical):
    """One answer for (part of) a line; ``ship_date`` is the promised date, ``ids`` those of a substitute."""

    code: LineStatusCode
    quantity: Number | None = None
    uom: Text | None = None
    ship_date: date | None = None
    delivery_date: date | None = None
    ids: ItemIds = ItemIds()


class AcknowledgedLine(Extensible):
    """A line as ordered, with our price and our answers."""

    number: Text | None = None
    quantity: Number
    uom: Text
    unit_price: Number | None = None
    price_basis: Text | None = None
    extended_price: Number | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    pack: int | None = None
    dates: Dates = Dates()
    allowances: tuple[Allowance, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    statuses: tuple[LineStatus, ...] = ()


class Acknowledgment(Extensible):
    """A purchase order acknowledgment (855); ``terms`` are those that will be invoiced, where the order names some."""

    po_number: Text | None = None
    order_number: Text | None = None
    po_date: date | None = None
    ack_date: date | None = None
    status: AnswerStatus | None = None
    release_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    currency: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    mark_for: Party | None = None
    notes: tuple[Note, ...] = ()
    terms: PaymentTerms = PaymentTerms()
    allowances: tuple[Allowance, ...] = ()
    lines: tuple[AcknowledgedLine, ...] = ()
