"""The invoice, for the customer and for accounting."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Number, Text
from gateway.canonical.parts import Allowance, ItemIds, Party, PaymentTerms, Tax


class Customer(Canonical):
    """Who owes: our account number and the partner."""

    partner: Text
    account: Text | None = None
    name: Text | None = None


class InvoiceLine(Canonical):
    """One invoiced line; ``amount`` = invoiced x unit price, to the cent."""

    number: Text
    sku: Text
    quantity: Number
    invoiced: Number
    uom: Text
    unit_price: Number
    amount: Number
    price_basis: Text | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    tax_code: Text | None = None
    gl_account: Text | None = None
    allowances: tuple[Allowance, ...] = ()


class InvoiceTotals(Canonical):
    """amount = goods - allowances + charges + tax, to the cent."""

    goods: Number
    allowances: Number
    charges: Number
    tax: Number
    amount: Number


class InvoiceRow(Canonical):
    """One row of an accounting file: item, allowance, charge or tax; amounts add up to the total."""

    row_type: Literal["item", "allowance", "charge", "tax"]
    line: Text | None = None
    sku: Text | None = None
    description: Text | None = None
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    amount: Number
    tax_code: Text | None = None
    gl_account: Text | None = None


class Invoice(Canonical):
    """An invoice or credit memo (810)."""

    invoice_number: Text
    invoice_date: date
    due_date: date | None = None
    po_number: Text
    po_date: date | None = None
    order_number: Text
    release_number: Text | None = None
    currency: Text
    kind: Literal["invoice", "credit"] = "invoice"
    customer: Customer
    department: Text | None = None
    vendor_number: Text | None = None
    shipment_number: Text | None = None
    bill_to: Party | None = None
    ship_to: Party | None = None
    remit_to: Party | None = None
    bol: Text | None = None
    carrier_scac: Text | None = None
    ship_date: date | None = None
    terms: PaymentTerms = PaymentTerms()
    allowances: tuple[Allowance, ...] = ()
    taxes: tuple[Tax, ...] = ()
    lines: tuple[InvoiceLine, ...]
    rows: tuple[InvoiceRow, ...] = ()
    totals: InvoiceTotals
