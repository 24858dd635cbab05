"""Changes to an order already placed: what the buyer proposes and what we answer."""

from datetime import date
from typing import Literal

from gateway.canonical.acknowledgment import AcknowledgedLine, AnswerStatus
from gateway.canonical.base import Extensible, Number, Text
from gateway.canonical.order import OrderTotals, OrderType, Purpose
from gateway.canonical.parts import (
    Allocation,
    Allowance,
    Dates,
    ItemIds,
    Note,
    Party,
    PaymentTerms,
    Reference,
    Routing,
    Schedule,
)

ChangeAction = Literal[
    "add", "delete", "change", "replace", "quantity_increase", "quantity_decrease", "price_change", "reschedule",
    "no_change", "other",
]  # fmt: skip


class ChangedLine(Extensible):
    """One line of a change; whether ``quantity`` is the new total or the difference is agreed with the partner."""

    number: Text | None = None
    action: ChangeAction
    quantity: Number | None = None
    quantity_open: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    price_basis: Text | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    pack: int | None = None
    dates: Dates = Dates()
    ship_to: Party | None = None
    allowances: tuple[Allowance, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    schedule: tuple[Schedule, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()


class OrderChange(Extensible):
    """A change the buyer asks for (860); ``purpose`` cancel stops the whole order."""

    po_number: Text
    po_date: date | None = None
    purpose: Purpose = "change"
    order_type: OrderType | None = None
    release_number: Text | None = None
    change_number: Text | None = None
    request_number: Text | None = None
    change_date: date | None = None
    contract_number: Text | None = None
    acknowledgment_type: Text | None = None
    currency: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    promotion: Text | None = None
    customer_order_number: Text | None = None
    fob: Text | None = None
    payment_terms: Text | None = None
    terms: PaymentTerms = PaymentTerms()
    dates: Dates = Dates()
    routing: Routing = Routing()
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    bill_to: Party | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    lines: tuple[ChangedLine, ...] = ()
    totals: OrderTotals = OrderTotals()


class AnsweredChangeLine(AcknowledgedLine):
    """A line of the change with our answers; the action is theirs, said back."""

    action: ChangeAction | None = None
    quantity_open: Number | None = None


class ChangeAcknowledgment(Extensible):
    """Our answer to an order change (865)."""

    po_number: Text
    order_number: Text | None = None
    po_date: date | None = None
    ack_date: date | None = None
    status: AnswerStatus | None = None
    release_number: Text | None = None
    change_number: Text | None = None
    request_number: Text | None = None
    change_date: date | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    currency: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    notes: tuple[Note, ...] = ()
    lines: tuple[AnsweredChangeLine, ...] = ()
