"""The ship notice: what left, in which cartons."""

from datetime import date, time

from gateway.canonical.base import Canonical, Number, Text
from gateway.canonical.parts import ItemIds, Party


class PackedItem(Canonical):
    """So much of one order line in one carton; ``ordered`` in the same unit."""

    line_number: Text
    ids: ItemIds = ItemIds()
    quantity: Number
    uom: Text
    ordered: Number | None = None
    description: Text | None = None
    lot: Text | None = None
    expiry: date | None = None


class Pack(Canonical):
    """One carton; ``sscc`` has 20 digits with the application identifier 00."""

    sscc: Text
    pallet_sscc: Text | None = None
    weight: Number | None = None
    store: Text | None = None
    tracking: Text | None = None
    items: tuple[PackedItem, ...] = ()


class ShippedOrder(Canonical):
    """What of one purchase order is in the shipment."""

    po_number: Text
    order_number: Text
    po_date: date | None = None
    release_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    carton_count: int | None = None
    weight: Number | None = None
    buyer: Party | None = None
    packs: tuple[Pack, ...] = ()


class Shipment(Canonical):
    """A ship notice (856)."""

    shipment_number: Text
    ship_date: date
    ship_time: time | None = None
    delivery_date: date | None = None
    bol: Text | None = None
    pro_number: Text | None = None
    carrier_scac: Text | None = None
    carrier_name: Text | None = None
    service: Text | None = None
    carton_count: int
    weight: Number | None = None
    weight_uom: Text | None = None
    ship_from: Party | None = None
    ship_to: Party | None = None
    orders: tuple[ShippedOrder, ...]
