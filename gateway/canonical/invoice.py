"""The invoice, for the customer and for accounting."""

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
    Tax,
)


class Customer(Canonical):
    """Who owes: our account number and the partner."""

    partner: Text | None = None
    account: Text | None = None
    name: Text | None = None


class InvoiceLine(Extensible):
    """One invoiced line; ``amount`` = invoiced x unit price, to the cent, before its allowances and taxes.

    ``extended_price`` is the amount after its allowances and charges; ``po_number`` and ``order_number`` stand here when
    one invoice bills several orders.
    """

    number: Text | None = None
    sku: Text | None = None
    quantity: Number
    invoiced: Number | None = None
    uom: Text
    unit_price: Number | None = None
    amount: Number | None = None
    extended_price: Number | None = None
    price_basis: Text | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    pack: int | None = None
    dates: Dates = Dates()
    tax_code: Text | None = None
    gl_account: Text | None = None
    discount_percent: Number | None = None
    allowances: tuple[Allowance, ...] = ()
    taxes: tuple[Tax, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    po_number: Text | None = None
    order_number: Text | None = None


class InvoiceTotals(Canonical):
    """amount = goods - allowances + charges + tax, to the cent; allowances and charges are those of the lines as well.

    The same told otherwise: amount = lines (each after its own) - header_allowances + header_charges + tax.
    """

    goods: Number | None = None
    lines: Number | None = None
    allowances: Number | None = None
    charges: Number | None = None
    header_allowances: Number | None = None
    header_charges: Number | None = None
    tax: Number | None = None
    amount: Number | None = None


class ShippedTotals(Canonical):
    """What the invoiced shipment came to."""

    quantity: Number | None = None
    uom: Text | None = None
    cartons: int | None = None
    weight: Number | None = None
    weight_uom: Text | None = None


class InvoiceRow(Canonical):
    """One row of an accounting file: item, allowance, charge or tax; amounts add up to the total.

    ``code`` says which allowance or charge it is (X12 SAC02).
    """

    row_type: Literal["item", "allowance", "charge", "tax"]
    code: Text | None = None
    line: Text | None = None
    sku: Text | None = None
    ids: ItemIds = ItemIds()
    description: Text | None = None
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    amount: Number
    tax_code: Text | None = None
    gl_account: Text | None = None
    po_number: Text | None = None


class Invoice(Extensible):
    """An invoice or credit memo (810).

    ``credited_invoice`` is the one that a credit memo corrects. Of a line ``quantity`` was ordered and ``invoiced`` is
    billed here; ``rows`` are the same for accounting: one of each item, allowance, charge and tax, which make the total.
    """

    invoice_number: Text
    invoice_date: date | None = None
    due_date: date | None = None
    po_number: Text | None = None
    po_date: date | None = None
    order_number: Text | None = None
    release_number: Text | None = None
    currency: Text | None = None
    kind: Literal["invoice", "credit"] = "invoice"
    credited_invoice: Text | None = None
    credit_reason: Text | None = None
    return_number: Text | None = None
    customer: Customer = Customer()
    department: Text | None = None
    vendor_number: Text | None = None
    shipment_number: Text | None = None
    buyer: Party | None = None
    bill_to: Party | None = None
    ship_to: Party | None = None
    mark_for: Party | None = None
    ship_from: Party | None = None
    remit_to: Party | None = None
    bol: Text | None = None
    pro_number: Text | None = None
    carrier: Text | None = None
    carrier_scac: Text | None = None
    transport_method: Text | None = None
    ship_date: date | None = None
    fob: Text | None = None
    terms: PaymentTerms = PaymentTerms()
    allowances: tuple[Allowance, ...] = ()
    taxes: tuple[Tax, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    rows: tuple[InvoiceRow, ...] = ()
    totals: InvoiceTotals = InvoiceTotals()
    shipped: ShippedTotals = ShippedTotals()
