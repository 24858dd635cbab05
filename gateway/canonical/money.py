"""Money between us and the customer: payments, open items billed elsewhere, claims."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Note, Party, Reference


class Adjustment(Canonical):
    """An amount taken off (or added) with its reason, for one invoice or for the whole payment."""

    amount: Number
    reason: Text | None = None
    reference: Text | None = None
    description: Text | None = None


class Remittance(Extensible):
    """What is paid of one invoice: ``paid`` + ``discount`` + ``deduction`` is what it settles."""

    invoice_number: Text | None = None
    reference_kind: Text | None = None
    invoice_date: date | None = None
    po_number: Text | None = None
    invoice_amount: Number | None = None
    paid: Number | None = None
    discount: Number | None = None
    deduction: Number | None = None
    reason: Text | None = None
    adjustments: tuple[Adjustment, ...] = ()


class Payment(Extensible):
    """Money received with what it is for (820, CSV)."""

    payment_number: Text
    payment_date: date
    partner: Text
    amount: Number
    currency: Text | None = None
    kind: Literal["payment", "debit"] = "payment"
    method: Text | None = None
    trace_number: Text | None = None
    vendor_number: Text | None = None
    payer: Party | None = None
    payee: Party | None = None
    remittances: tuple[Remittance, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


class OpenItem(Extensible):
    """A receivable billed elsewhere: counts into exposure and ageing."""

    partner: Text
    invoice_number: Text
    due_date: date
    open_amount: Number
    invoice_date: date | None = None
    currency: Text | None = None


class DunnedInvoice(Canonical):
    """One overdue invoice: ``due`` is asked for, what is ``disputed`` of the ``open`` amount is not."""

    invoice_number: Text
    invoice_date: date | None = None
    due_date: date
    po_number: Text | None = None
    days_overdue: int
    amount: Number | None = None
    open: Number
    disputed: Number | None = None
    due: Number


class Dunning(Extensible):
    """A reminder of everything of a partner that reached a level: 1 is the first.

    ``total`` is the sum of what is due; ``unapplied`` is money we have that nobody said what it is for.
    """

    letter_number: Text
    letter_date: date
    level: int
    partner: Text
    account: Text | None = None
    name: Text | None = None
    currency: Text
    total: Number
    unapplied: Number | None = None
    remit_to: Party | None = None
    invoices: tuple[DunnedInvoice, ...] = ()


class ClaimLine(Extensible):
    """One adjustment; ``amount`` is always positive, ``kind`` says who owes it."""

    number: Text | None = None
    kind: Literal["credit", "debit"] | None = None
    reason: Text | None = None
    amount: Number | None = None
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    invoice_number: Text | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()


class Claim(Extensible):
    """A credit or debit the customer asks for or takes (812); debit: the customer pays us less."""

    claim_number: Text
    claim_date: date | None = None
    kind: Literal["credit", "debit"] | None = None
    amount: Number | None = None
    currency: Text | None = None
    invoice_number: Text | None = None
    invoice_date: date | None = None
    po_number: Text | None = None
    return_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    reason: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
