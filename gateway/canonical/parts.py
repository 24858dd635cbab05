"""Parts that several documents share: parties, item ids, allowances, notes, references, terms."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Number, Text


class Party(Canonical):
    """A name and address with its id and what kind of id it is (X12 N103 code)."""

    id: Text | None = None
    id_type: Text | None = None
    name: Text | None = None
    name2: Text | None = None
    address1: Text | None = None
    address2: Text | None = None
    city: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    contact: Text | None = None
    phone: Text | None = None
    email: Text | None = None


class ItemIds(Canonical):
    """The ids an item goes by in one document."""

    vendor_sku: Text | None = None
    buyer_sku: Text | None = None
    upc: Text | None = None
    ean: Text | None = None
    gtin: Text | None = None
    case_code: Text | None = None
    isbn: Text | None = None
    manufacturer_sku: Text | None = None
    style: Text | None = None
    color: Text | None = None
    size: Text | None = None


class Allowance(Canonical):
    """An allowance or a charge; ``amount`` in the document's currency, always positive."""

    kind: Literal["allowance", "charge"]
    code: Text | None = None
    amount: Number | None = None
    percent: Number | None = None
    rate: Number | None = None
    quantity: Number | None = None
    uom: Text | None = None
    method: Text | None = None
    description: Text | None = None


class Note(Canonical):
    """Free text."""

    text: Text | None = None


class Reference(Canonical):
    """A reference number and its kind (X12 REF01 code)."""

    kind: Text | None = None
    value: Text | None = None


class Dates(Canonical):
    """The dates an order or a line asks for."""

    ship_requested: date | None = None
    ship_not_before: date | None = None
    ship_no_later: date | None = None
    delivery_requested: date | None = None
    deliver_not_before: date | None = None
    deliver_no_later: date | None = None
    cancel_after: date | None = None


class Routing(Canonical):
    """How the buyer wants it carried."""

    carrier_scac: Text | None = None
    carrier_name: Text | None = None
    method: Text | None = None
    service: Text | None = None


class Allocation(Canonical):
    """So much of a line for one location (SDQ)."""

    location: Text
    quantity: Number
    uom: Text | None = None


class Schedule(Canonical):
    """One delivery of a scheduled line (SCH); ``due`` is when it is to arrive, or to leave where ``kind`` says so."""

    quantity: Number
    uom: Text | None = None
    due: date | None = None
    kind: Literal["delivery", "shipment"] | None = None


class Tax(Canonical):
    """One tax; ``rate`` in percent."""

    kind: Text | None = None
    rate: Number | None = None
    amount: Number | None = None


class PaymentTerms(Canonical):
    """Discount and net days; ``discount_amount`` is what may be deducted until ``discount_due_date``."""

    discount_percent: Number | None = None
    discount_days: int | None = None
    discount_due_date: date | None = None
    discount_amount: Number | None = None
    net_days: int | None = None
    description: Text | None = None
