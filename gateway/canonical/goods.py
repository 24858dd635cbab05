"""Goods coming, counted and planned: incoming, receipts, our stock for others, what to buy and to move."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Party, Reference


class Incoming(Extensible):
    """Goods on their way to a warehouse: what promises dates."""

    warehouse: Text
    sku: Text
    quantity: Number
    expected_date: date
    reference: Text | None = None
    supplier: Text | None = None
    ordered_date: date | None = None


class GoodsReceipt(Extensible):
    """Goods that came in: adds to on hand and reduces the incoming it refers to."""

    warehouse: Text
    sku: Text
    quantity: Number
    reference: Text | None = None
    received_date: date | None = None
    supplier: Text | None = None


class StockAt(Canonical):
    """How much of an item one warehouse has; ``incoming`` arrives at ``expected_date``."""

    warehouse: Text | None = None
    on_hand: Number | None = None
    available: Number | None = None
    blocked: Number | None = None
    incoming: Number | None = None
    expected_date: date | None = None
    uom: Text | None = None


class InventoryLine(Extensible):
    """One item with what there is of it, in all and by warehouse."""

    number: Text | None = None
    sku: Text | None = None
    ids: ItemIds = ItemIds()
    description: Text | None = None
    status: Literal["active", "discontinued", "blocked"] | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    on_hand: Number | None = None
    available: Number | None = None
    blocked: Number | None = None
    incoming: Number | None = None
    expected_date: date | None = None
    warehouses: tuple[StockAt, ...] = ()


class Inventory(Extensible):
    """An inventory advice (846): our stock for a customer, or the count of a warehouse partner."""

    report_number: Text
    report_date: date
    partner: Text | None = None
    warehouse: Text | None = None
    vendor_number: Text | None = None
    seller: Party | None = None
    buyer: Party | None = None
    ship_from: Party | None = None
    references: tuple[Reference, ...] = ()
    lines: tuple[InventoryLine, ...] = ()


class Replenishment(Extensible):
    """One suggestion to buy."""

    warehouse: Text
    sku: Text
    quantity: Number
    uom: Text | None = None
    order_by: date | None = None
    needed_by: date | None = None
    supplier: Text | None = None
    on_hand: Number | None = None
    available: Number | None = None
    incoming: Number | None = None
    backordered: Number | None = None
    reorder_point: Number | None = None
    order_up_to: Number | None = None
    reason: Text | None = None


class Transfer(Extensible):
    """One suggestion to move goods between warehouses."""

    from_warehouse: Text
    to_warehouse: Text
    sku: Text
    quantity: Number
    uom: Text | None = None
    needed_by: date | None = None
    reason: Text | None = None
