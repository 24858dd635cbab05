"""The purchase order as every partner's file is mapped to it."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
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
    Tax,
)

Purpose = Literal["original", "cancel", "replace", "change", "confirmation"]
OrderType = Literal["standalone", "release", "blanket", "dropship", "rush", "other"]


class Component(Canonical):
    """One part of a kit line (SLN)."""

    number: Text | None = None
    ids: ItemIds = ItemIds()
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    description: Text | None = None


class OrderLine(Extensible):
    """One ordered line; quantities in ``uom``, prices in the order's currency per ``price_basis``.

    ``own_limit`` is a date that the line may not pass or precede, where its file does not say more of it.
    """

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
    own_limit: date | None = None
    ship_to: Party | None = None
    allowances: tuple[Allowance, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    components: tuple[Component, ...] = ()
    taxes: tuple[Tax, ...] = ()
    schedule: tuple[Schedule, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()


class Instructions(Canonical):
    """What the buyer said about backorders and substitution (CSH01).

    ``other`` keeps a code we do not read, or a second one that says something else.
    """

    backorder: Literal["ship_complete", "no_backorder", "backorder"] | None = None
    substitution: Literal["allowed", "forbidden"] | None = None
    other: Text | None = None


class OrderTotals(Canonical):
    """What the buyer's trailer says."""

    lines: int | None = None
    amount: Number | None = None


class Order(Extensible):
    """A purchase order; ``second_ship_to`` is there when it names several places to ship to."""

    po_number: Text
    po_date: date | None = None
    purpose: Purpose = "original"
    order_type: OrderType | None = None
    release_number: Text | None = None
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
    instructions: Instructions = Instructions()
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    bill_to: Party | None = None
    mark_for: Party | None = None
    second_ship_to: Party | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    taxes: tuple[Tax, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    totals: OrderTotals = OrderTotals()
