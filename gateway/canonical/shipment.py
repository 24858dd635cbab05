"""The ship notice: what left, in which cartons and on which pallets."""

from datetime import date, time

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Note, Party, Reference


class PackedItem(Extensible):
    """So much of one order line in one carton; ``ordered`` in the same unit."""

    line_number: Text | None = None
    ids: ItemIds = ItemIds()
    quantity: Number | None = None
    uom: Text | None = None
    ordered: Number | None = None
    pack: int | None = None
    unit_price: Number | None = None
    description: Text | None = None
    lot: Text | None = None
    expiry: date | None = None
    country_of_origin: Text | None = None


class Pack(Canonical):
    """One carton; ``sscc`` has 20 digits with the application identifier 00."""

    sscc: Text | None = None
    pallet_sscc: Text | None = None
    packaging: Text | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    store: Text | None = None
    mark_for: Party | None = None
    tracking: Text | None = None
    items: tuple[PackedItem, ...] = ()


class Pallet(Canonical):
    """One pallet with its cartons."""

    sscc: Text | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    store: Text | None = None
    packs: tuple[Pack, ...] = ()


class ShippedOrder(Extensible):
    """What of one purchase order is in the shipment.

    ``packs`` are its cartons. ``pallets`` are the same cartons by the pallet they stand on, ``items`` the same goods
    without the packing; which of the three a file tells is agreed with the partner.
    """

    po_number: Text | None = None
    order_number: Text | None = None
    po_date: date | None = None
    release_number: Text | None = None
    invoice_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    packaging: Text | None = None
    carton_count: int | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    buyer: Party | None = None
    mark_for: Party | None = None
    references: tuple[Reference, ...] = ()
    packs: tuple[Pack, ...] = ()
    pallets: tuple[Pallet, ...] = ()
    items: tuple[PackedItem, ...] = ()


class Shipment(Extensible):
    """A ship notice (856)."""

    shipment_number: Text
    ship_date: date | None = None
    ship_time: time | None = None
    delivery_date: date | None = None
    bol: Text | None = None
    pro_number: Text | None = None
    carrier_scac: Text | None = None
    carrier_name: Text | None = None
    transport_method: Text | None = None
    service: Text | None = None
    freight_terms: Text | None = None
    trailer: Text | None = None
    seal: Text | None = None
    packaging: Text | None = None
    carton_count: int | None = None
    pallet_count: int | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    ship_from: Party | None = None
    ship_to: Party | None = None
    mark_for: Party | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    orders: tuple[ShippedOrder, ...] = ()
