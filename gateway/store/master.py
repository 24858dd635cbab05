"""Items, their ids, prices, warehouses and the places of customers, as the ERP tells them."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Table, bindparam, insert, or_, select, update

from gateway.canonical.house import Item, ItemId, Location, Price, Warehouse
from gateway.kernel.ids import PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import ItemFacts, LocationFacts, PriceFacts
from gateway.orders.order import Address
from gateway.store import codec
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import item_ids, item_packs, items, locations, prices, warehouses
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_LOCATION = Prepared(
    select(locations.c.body).where(
        locations.c.partner == bindparam("partner"), locations.c.location_id == bindparam("code")
    )
)
_WAREHOUSE = Prepared(select(warehouses.c.body).where(warehouses.c.warehouse == bindparam("warehouse")))
_SKU = Prepared(select(items.c.sku).where(items.c.sku == bindparam("value")))
_OWN_SKU = Prepared(
    select(item_ids.c.sku).where(
        item_ids.c.partner == bindparam("partner"), item_ids.c.partner_sku == bindparam("value")
    )
)
_BARCODES = [
    Prepared(select(column.table.c.sku).where(Among(column, "codes")))
    for column in (items.c.upc, items.c.ean, items.c.gtin, item_packs.c.gtin)
]
_PACKS = Prepared(select(item_packs).where(Among(item_packs.c.sku, "skus")))
_ITEMS = Prepared(select(items).where(Among(items.c.sku, "skus")))
_PRICES = Prepared(
    select(prices)
    .where(
        Among(prices.c.sku, "skus"),
        or_(
            Among(prices.c.price_list, "lists"),
            (prices.c.contract_number != "") & Among(prices.c.contract_number, "lists"),
        ),
    )
    .order_by(*prices.primary_key.columns)
)
GTIN_LENGTHS = (8, 11, 12, 13, 14)
"""How long barcodes are written: EAN-8, a UPC without and with its check digit or leading zero, EAN-13, GTIN-14."""
NEW, CHANGED, SAME = "new", "changed", "same"


class Master:
    """The master data of one unit of work; what was looked up is remembered until something is put."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forget()

    def _forget(self) -> None:
        self._ids: dict[tuple[PartnerId, str, str], Sku | None] = {}
        self._items: dict[Sku, ItemFacts | None] = {}
        self._known: dict[frozenset[Sku], Mapping[Sku, ItemFacts]] = {}
        self._prices: dict[tuple[str, ...], dict[Sku, tuple[PriceFacts, ...]]] = {}
        self._warehouses: dict[WarehouseId, Warehouse | None] = {}
        self._locations: dict[tuple[PartnerId, str], LocationFacts | None] = {}

    def put_item(self, item: Item) -> str:
        """One row of the item master; a row with a pack unit adds or changes that pack.

        What a further pack row of a known item leaves empty stays as it is.
        """
        known = self.item(Sku(item.sku)) if item.pack_uom is not None else None
        if known is not None:
            item = known.model_copy(update={"gtin": None, **item.model_dump(exclude_none=True, exclude_unset=True)})
        self._forget()
        values = {
            "uom": item.uom, "status": item.status, "description": item.description or "", "upc": item.upc or "",
            "ean": item.ean or "", "tax_code": item.tax_code or "",
            "body": item.model_dump_json(exclude={"pack_uom", "pack_quantity", "gtin"}, exclude_none=True),
        }  # fmt: skip
        if item.pack_uom is None or not self._skus(_SKU, value=item.sku):
            values["gtin"] = (item.gtin or "") if item.pack_uom is None else ""
        said = put(self._session, items, {"sku": item.sku}, values)
        if item.pack_uom is None:
            return said
        pack = {"sku": item.sku, "uom": item.pack_uom}
        values = {"quantity": plain(item.pack_quantity or Decimal(1)), "gtin": item.gtin or ""}
        packed = put(self._session, item_packs, pack, values)
        return said if packed == SAME else packed if said == SAME else said

    def put_item_id(self, item_id: ItemId) -> str:
        """A partner's own number for an item."""
        self._forget()
        key = {"partner": item_id.partner, "partner_sku": item_id.partner_sku}
        return put(self._session, item_ids, key, {"sku": item_id.sku})

    def put_price(self, price: Price) -> str:
        """One price."""
        self._forget()
        key = {
            "price_list": price.price_list, "sku": price.sku, "uom": price.uom, "kind": price.kind,
            "contract_number": price.contract_number or "", "min_quantity": plain(price.min_quantity or ZERO),
            "valid_from": day_to_text(price.valid_from), "currency": price.currency or "",
        }  # fmt: skip
        values = {"valid_to": day_to_text(price.valid_to), "unit_price": plain(price.unit_price)}
        return put(self._session, prices, key, values)

    def put_warehouse(self, warehouse: Warehouse) -> str:
        """One warehouse."""
        self._forget()
        key = {"warehouse": warehouse.warehouse}
        return put(self._session, warehouses, key, {"body": codec.warehouse_to_text(warehouse)})

    def put_location(self, location: Location) -> str:
        """One place of a customer."""
        self._forget()
        key = {"partner": location.partner, "location_id": location.location_id}
        return put(self._session, locations, key, {"body": location.model_dump_json(exclude_none=True)})

    def locations(self, partner: PartnerId, ids: Iterable[str]) -> Mapping[str, LocationFacts]:
        """The places of a customer that are known, by the customer's own codes."""
        wanted = sorted({each for each in ids if each})
        for each in wanted:
            if (partner, each) not in self._locations:
                self._locations[partner, each] = self._location(partner, each)
        return {each: place for each in wanted if (place := self._locations[partner, each]) is not None}

    def _location(self, partner: PartnerId, code: str) -> LocationFacts | None:
        row = self._session.first(_LOCATION, {"partner": partner, "code": code})
        return _place(Location.model_validate_json(row.body)) if row is not None else None

    def item(self, sku: Sku) -> Item | None:
        """One item as it was told, without its packs."""
        row = self._session.execute(select(items.c.body, items.c.gtin).where(items.c.sku == sku)).first()
        return Item.model_validate_json(row.body).model_copy(update={"gtin": row.gtin or None}) if row else None

    def warehouse(self, warehouse: WarehouseId) -> Warehouse | None:
        """A warehouse by its id."""
        if warehouse not in self._warehouses:
            row = self._session.first(_WAREHOUSE, {"warehouse": warehouse})
            self._warehouses[warehouse] = codec.warehouse_from_text(row.body) if row is not None else None
        return self._warehouses[warehouse]

    def skus(self, partner: PartnerId, ids: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Sku]:
        """Our item for each (kind, value) pair that is known."""
        found: dict[tuple[str, str], Sku] = {}
        for kind, value in set(ids):
            key = (partner, kind, value)
            if key not in self._ids:
                self._ids[key] = self._sku(partner, kind, value)
            sku = self._ids[key]
            if sku is not None:
                found[kind, value] = sku
        return found

    def items(self, skus: Iterable[Sku]) -> Mapping[Sku, ItemFacts]:
        """What is known of each item."""
        wanted = frozenset(skus)
        if wanted not in self._known:
            missing = sorted(wanted - self._items.keys())
            if missing:
                self._items |= dict.fromkeys(missing) | self._read_items(missing)
            found = {sku: item for sku in sorted(wanted) if (item := self._items[sku]) is not None}
            self._known[wanted] = MappingProxyType(found)
        return self._known[wanted]

    def _read_items(self, skus: list[Sku]) -> dict[Sku, ItemFacts]:
        packs: dict[str, list[Row[Any]]] = {}
        wanted = {"skus": self._session.listed(skus)}
        for row in self._session.rows(_PACKS, wanted):
            packs.setdefault(row.sku, []).append(row)
        return {Sku(row.sku): _item(row, packs.get(row.sku, [])) for row in self._session.rows(_ITEMS, wanted)}

    def prices(self, skus: Iterable[Sku], price_lists: Iterable[str]) -> tuple[PriceFacts, ...]:
        """Every price of these items in these lists or contracts."""
        names, wanted = tuple(sorted(set(price_lists))), sorted(set(skus))
        known = self._prices.setdefault(names, {})
        missing = [sku for sku in wanted if sku not in known]
        if missing:
            known |= self._read_prices(missing, names)
        return tuple(price for sku in wanted for price in known[sku])

    def _read_prices(self, skus: list[Sku], names: tuple[str, ...]) -> dict[Sku, tuple[PriceFacts, ...]]:
        asked = {"skus": self._session.listed(skus), "lists": self._session.listed(names)}
        found: dict[Sku, tuple[PriceFacts, ...]] = dict.fromkeys(skus, ())
        for row in self._session.rows(_PRICES, asked):
            found[Sku(row.sku)] += (_price(row),)
        return found

    def _sku(self, partner: PartnerId, kind: str, value: str) -> Sku | None:
        """The one item of an id; an id that two items share means neither."""
        match kind:
            case "vendor_sku":
                found = self._skus(_SKU, value=value)
            case "buyer_sku":
                found = self._skus(_OWN_SKU, partner=partner, value=value)
            case "upc" | "ean" | "gtin" | "case_code":
                found = self._by_barcode(value)
            case _:
                return None
        return Sku(found.pop()) if len(found) == 1 else None

    def _by_barcode(self, value: str) -> set[str]:
        """The items that carry a barcode, or of which a pack does; leading zeros make no other code of it."""
        digits = value.lstrip("0")
        same = {value, *(digits.zfill(length) for length in GTIN_LENGTHS)} if value.isdigit() else {value}
        codes = self._session.listed(same)
        return {sku for asked in _BARCODES for sku in self._skus(asked, codes=codes)}

    def _skus(self, asked: Prepared, **parameters: Any) -> set[str]:
        return {row.sku for row in self._session.rows(asked, parameters)}


def put(session: Session, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Insert or update one row by its key; says whether it was new, changed or the same."""
    find, add, change = _statements(table, tuple(key), tuple(values))
    known = {f"known_{name}": value for name, value in key.items()}
    before = session.first(find, known)
    if before is None:
        session.run(add, [{**key, **values}])
        return NEW
    if all(getattr(before, name) == value for name, value in values.items()):
        return SAME
    session.run(change, [{**known, **{f"new_{name}": value for name, value in values.items()}}])
    return CHANGED


@cache
def _statements(table: Table, key: tuple[str, ...], values: tuple[str, ...]) -> tuple[Prepared, Prepared, Prepared]:
    """Find one row by its key, add it, change its values."""
    mine = [table.c[name] == bindparam(f"known_{name}") for name in key]
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
    columns = [table.c[name] for name in (*key, *values)]
    return (
        Prepared(select(*columns).where(*mine).with_for_update()), Prepared(insert(table).values({each: bindparam(each) for each in (*key, *values)})),
        Prepared(update(table).where(*mine).values(new)),
    )  # fmt: skip


def _place(said: Location) -> LocationFacts:
    """A place as the domain wants it."""
    address = Address(
        id=said.location_id, name=said.name or "", address1=said.address1 or "", city=said.city or "",
        state=said.state or "", postal_code=said.postal_code or "", country=said.country or "",
    )  # fmt: skip
    return LocationFacts(
        said.location_id, address, said.warehouse or "", said.tax_region or "", said.status or ""
    )  # fmt: skip


def _item(row: Row[Any], packed: list[Row[Any]]) -> ItemFacts:
    """What the rows of one item say."""
    more = json.loads(row.body)
    packs = tuple(sorted((pack.uom, Decimal(pack.quantity)) for pack in packed))
    codes = tuple(sorted((pack.gtin, pack.uom) for pack in packed if pack.gtin))
    return ItemFacts(
        sku=Sku(row.sku), uom=row.uom, status=row.status, description=row.description, upc=row.upc, ean=row.ean,
        gtin=row.gtin, tax_code=row.tax_code, packs=packs, pack_codes=codes, weight_uom=more.get("weight_uom", ""),
        substitute=Sku(more["substitute_sku"]) if "substitute_sku" in more else None, weight=_number(more, "weight"),
        reorder_point=_number(more, "reorder_point"), order_up_to=_number(more, "order_up_to"),
        lead_time_days=more.get("lead_time_days"),
    )  # fmt: skip


def _price(row: Row[Any]) -> PriceFacts:
    return PriceFacts(
        price_list=row.price_list, sku=Sku(row.sku), uom=row.uom, unit_price=Decimal(row.unit_price),
        kind=row.kind, currency=row.currency, contract_number=row.contract_number,
        min_quantity=Decimal(row.min_quantity), valid_from=to_day(row.valid_from), valid_to=to_day(row.valid_to),
    )  # fmt: skip


def _number(said: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(said[name]) if name in said else None
