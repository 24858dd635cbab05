"""The price and sales catalogue (832): items and their prices told together."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Party


class CatalogPrice(Canonical):
    """One price of an item; ``kind_code`` as the sender said it (CTP02)."""

    unit_price: Number
    uom: Text | None = None
    kind: Literal["contract", "promotion", "list", "retail", "other"] = "list"
    kind_code: Text | None = None
    min_quantity: Number | None = None
    currency: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class CatalogLine(Extensible):
    """One item with its prices."""

    number: Text | None = None
    ids: ItemIds = ItemIds()
    description: Text | None = None
    status: Literal["active", "discontinued", "blocked"] = "active"
    uom: Text | None = None
    pack_uom: Text | None = None
    pack_quantity: Number | None = None
    weight: Number | None = None
    weight_uom: Text | None = None
    lead_time_days: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    prices: tuple[CatalogPrice, ...] = ()


class Catalog(Extensible):
    """A catalogue of items and prices."""

    catalog_number: Text | None = None
    version: Text | None = None
    catalog_date: date | None = None
    price_list: Text | None = None
    contract_number: Text | None = None
    currency: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    seller: Party | None = None
    buyer: Party | None = None
    lines: tuple[CatalogLine, ...] = ()
