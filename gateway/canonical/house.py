"""Documents between us and the house: master data, stock counts, warehouse orders, ship confirmations."""

from datetime import date, datetime
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Party


class Item(Extensible):
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


class ItemId(Extensible):
    """A partner's own number for one of our items."""

    partner: Text
    partner_sku: Text
    sku: Text


class Price(Extensible):
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


class CustomerTerms(Extensible):
    """What the house says of one customer; it overrides the terms of the partner file."""

    partner: Text
    credit_limit: Number | None = None
    credit_status: Text | None = None
    credit_group: Text | None = None
    price_list: Text | None = None
    net_days: int | None = None


class Location(Extensible):
    """One place of a customer that goods are shipped to, by the customer's own code."""

    partner: Text
    location_id: Text
    name: Text | None = None
    address1: Text | None = None
    city: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    warehouse: Text | None = None
    tax_region: Text | None = None
    status: Text | None = None


class Warehouse(Extensible):
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


class Stock(Extensible):
    """A count of one item in one warehouse; replaces on hand."""

    warehouse: Text
    sku: Text
    on_hand: Number
    counted_at: datetime | None = None
    quality: Literal["available", "blocked"] = "available"


class WarehouseOrderLine(Extensible):
    """What to pick of one order line."""

    line: Text
    sku: Text
    upc: Text | None = None
    ids: ItemIds = ItemIds()
    description: Text | None = None
    quantity: Number
    uom: Text
    store: Text | None = None
    lot: Text | None = None
    weight: Number | None = None
    weight_uom: Text | None = None


class WarehouseOrder(Extensible):
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
    delivery_requested: date | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    notes: Text | None = None
    packing_instructions: Text | None = None
    label_format: Text | None = None
    ship_from: Party | None = None
    ship_to: Party | None = None
    bill_to: Party | None = None
    mark_for: Party | None = None
    lines: tuple[WarehouseOrderLine, ...]


class ShipConfirmationRow(Extensible):
    """What of one order line is in one carton; ``row`` is the row number in the file.

    A ``line`` that is the same as the ``sku`` says that only the item is known.
    """

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


class ConfirmedCarton(Canonical):
    """What is in one carton, for files that tell the carton once and its rows below."""

    sscc: Text | None = None
    pallet_sscc: Text | None = None
    store: Text | None = None
    tracking: Text | None = None
    rows: tuple[ShipConfirmationRow, ...] = ()


class ShipConfirmation(Extensible):
    """What a warehouse shipped under one shipment number; judged whole."""

    shipment_number: Text
    ship_date: date
    order_number: Text | None = None
    partner: Text | None = None
    po_number: Text | None = None
    warehouse: Text | None = None
    carrier_scac: Text | None = None
    service: Text | None = None
    bol: Text | None = None
    pro: Text | None = None
    freight_charge: Number | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    rows: tuple[ShipConfirmationRow, ...] = ()
    cartons: tuple[ConfirmedCarton, ...] = ()

    def every_row(self) -> tuple[ShipConfirmationRow, ...]:
        """The rows, and those of the cartons with what their carton and the whole say of them."""
        packed = (_completed(row, _said(carton, self)) for carton in self.cartons for row in carton.rows)
        whole = _said(self)
        return (*(_completed(row, whole) for row in self.rows), *packed)


INHERITED = ("order_number", "partner", "po_number", "sscc", "pallet_sscc", "store", "tracking")
"""What a row takes from its carton or its file when it does not say it."""


def _said(*above: Canonical) -> dict[str, str]:
    """What the carton or the file says of all its rows, what is nearest first."""
    named = ((name, next((said for each in above if (said := getattr(each, name, None))), None)) for name in INHERITED)
    return {name: value for name, value in named if value is not None}


def _completed(row: ShipConfirmationRow, above: dict[str, str]) -> ShipConfirmationRow:
    """The row with what it lacks and something above it has."""
    missing = {name: value for name, value in above.items() if getattr(row, name) is None}
    return row.model_copy(update=missing) if missing else row
