"""Documents between us and the house: master data, stock counts, warehouse orders, ship confirmations."""

from datetime import date, datetime
from typing import Literal

from gateway.canonical.base import Canonical, Number, Text
from gateway.canonical.parts import Party


class Item(Canonical):
    """One row of the item master; several rows of one sku give several pack units."""

    sku: Text
    description: Text | None = None
    uom: Text
    status: Literal["active", "discontinued", "blocked"] = "active"
    upc: Text | None = None
    ean: Text | None = None
    gtin: Text | None = None
    pack_uom: Text | None = None
    pack_quantity: Number | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    substitute_sku: Text | None = None
    tax_code: Text | None = None
    reorder_point: Number | None = None
    order_up_to: Number | None = None
    lead_time_days: int | None = None


class ItemId(Canonical):
    """A partner's own number for one of our items."""

    partner: Text
    partner_sku: Text
    sku: Text


class Price(Canonical):
    """One price of a price list, with validity and quantity break."""

    price_list: Text
    sku: Text
    uom: Text
    unit_price: Number
    kind: Literal["contract", "promotion", "list"] = "list"
    contract_number: Text | None = None
    currency: Text | None = None
    min_quantity: Number | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class Warehouse(Canonical):
    """One of our warehouses."""

    warehouse: Text
    name: Text | None = None
    address1: Text | None = None
    city: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    cutoff: Text | None = None
    working_days: Text | None = None


class Stock(Canonical):
    """A count of one item in one warehouse; replaces on hand."""

    warehouse: Text
    sku: Text
    on_hand: Number
    counted_at: datetime | None = None
    quality: Literal["available", "blocked"] = "available"


class WarehouseOrderLine(Canonical):
    """What to pick of one order line."""

    line: Text
    sku: Text
    upc: Text | None = None
    description: Text | None = None
    quantity: Number
    uom: Text


class WarehouseOrder(Canonical):
    """An order to one warehouse to pick, pack and ship (940)."""

    action: Literal["new", "replace", "cancel"] = "new"
    order_number: Text
    warehouse: Text
    partner: Text
    po_number: Text
    priority: Text | None = None
    service: Text | None = None
    freight_terms: Text | None = None
    carrier_scac: Text | None = None
    ship_not_before: date | None = None
    ship_no_later: date | None = None
    cancel_after: date | None = None
    notes: Text | None = None
    ship_to: Party | None = None
    lines: tuple[WarehouseOrderLine, ...]


class ShipConfirmationRow(Canonical):
    """What of one order line is in one carton; ``row`` is the row number in the file."""

    row: int | None = None
    order_number: Text | None = None
    partner: Text | None = None
    po_number: Text | None = None
    line: Text
    sku: Text | None = None
    quantity: Number
    uom: Text | None = None
    sscc: Text | None = None
    pallet_sscc: Text | None = None
    store: Text | None = None
    tracking: Text | None = None
    weight: Number | None = None
    weight_uom: Text | None = None


class ShipConfirmation(Canonical):
    """What a warehouse shipped under one shipment number; judged whole."""

    shipment_number: Text
    ship_date: date
    warehouse: Text | None = None
    carrier_scac: Text | None = None
    service: Text | None = None
    bol: Text | None = None
    pro: Text | None = None
    freight_charge: Number | None = None
    rows: tuple[ShipConfirmationRow, ...]
