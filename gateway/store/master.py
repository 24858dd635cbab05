"""Items, their ids, prices, warehouses and the places of customers, as the ERP tells them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from types import MappingProxyType, SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, insert, or_, select, update

from gateway.canonical.base import Canonical
from gateway.canonical.house import Item, ItemId, Location, Price, Warehouse
from gateway.kernel.ids import PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import ItemFacts, LocationFacts, PriceFacts
from gateway.orders.order import Address
from gateway.store import codec
from gateway.store.kept_rows import CHANGED, NEW, SAME, KeptRows
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
_PACKS_TO_CHANGE = Prepared(
    select(item_packs)
    .where(Among(item_packs.c.sku, "skus"))
    .order_by(*item_packs.primary_key.columns)
    .with_for_update()
)
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


class Master:
    """The master data of one unit of work; what was looked up is remembered until something is put."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept = {table: KeptRows(session, table) for table in (items, item_packs, item_ids, prices, locations)}
        self._uoms: dict[str, set[str]] = {}
        self._forget()

    def _forget(self) -> None:
        self._ids: dict[tuple[PartnerId, str, str], Sku | None] = {}
        self._items: dict[Sku, ItemFacts | None] = {}
        self._known: dict[frozenset[Sku], Mapping[Sku, ItemFacts]] = {}
        self._prices: dict[tuple[str, ...], dict[Sku, tuple[PriceFacts, ...]]] = {}
        self._warehouses: dict[WarehouseId, Warehouse | None] = {}
        self._locations: dict[tuple[PartnerId, str], LocationFacts | None] = {}

    @contextmanager
    def together(self, rows: Sequence[Canonical]) -> Iterator[None]:
        """Rows that are put one after the other inside: what they need is read at once, what they change is written at its end."""
        self._forget()
        told = [each for each in rows if isinstance(each, Item)]
        self._learn_items(told)
        named = {Sku(sku) for each in rows if (sku := getattr(each, "sku", ""))}
        if named and not told:
            self._items |= dict.fromkeys(named) | self._read_items(sorted(named))
        self._kept[item_ids].learn(_item_id_key(each) for each in rows if isinstance(each, ItemId))
        self._kept[prices].learn(_price_key(each) for each in rows if isinstance(each, Price))
        self._kept[locations].learn(_location_key(each) for each in rows if isinstance(each, Location))
        yield
        self._session.flush()
        for each in self._kept.values():
            each.forget()
        self._uoms.clear()
        self._forget()

    def _learn_items(self, told: Sequence[Item]) -> None:
        """The items of rows that change them, with all their packs."""
        if not told:
            return
        skus = {each.sku for each in told}
        self._kept[items].learn((sku,) for sku in sorted(skus))
        packs = self._session.rows(_PACKS_TO_CHANGE, {"skus": self._session.listed(skus)})
        self._kept[item_packs].keep(((each.sku, each.pack_uom) for each in told if each.pack_uom), packs)
        self._uoms = {sku: set() for sku in skus}
        for row in packs:
            self._uoms[row.sku].add(row.uom)

    def put_item(self, item: Item) -> str:
        """One row of the item master; a row with a pack unit adds or changes that pack.

        What a further pack row of a known item leaves empty stays as it is.
        """
        known = self.item(Sku(item.sku)) if item.pack_uom is not None else None
        if known is not None:
            item = known.model_copy(update={"gtin": None, **item.model_dump(exclude_none=True, exclude_unset=True)})
        self._changed_item(Sku(item.sku))
        values = {
            "uom": item.uom, "status": item.status, "description": item.description or "", "upc": item.upc or "",
            "ean": item.ean or "", "tax_code": item.tax_code or "",
            "body": item.model_dump_json(exclude={"pack_uom", "pack_quantity", "gtin"}, exclude_none=True),
        }  # fmt: skip
        if item.pack_uom is None or known is None:
            values["gtin"] = (item.gtin or "") if item.pack_uom is None else ""
        said = self._put(items, (item.sku,), values)
        if item.pack_uom is None:
            return said
        if item.sku in self._uoms:
            self._uoms[item.sku].add(item.pack_uom)
        values = {"quantity": plain(item.pack_quantity or Decimal(1)), "gtin": item.gtin or ""}
        packed = self._put(item_packs, (item.sku, item.pack_uom), values)
        return said if packed == SAME else packed if said == SAME else said

    def _changed_item(self, sku: Sku) -> None:
        """What was looked up of an item is not so any more, nor which item an id means."""
        self._items.pop(sku, None)
        self._known.clear()
        self._ids.clear()

    def put_item_id(self, item_id: ItemId) -> str:
        """A partner's own number for an item."""
        self._ids.clear()
        return self._put(item_ids, _item_id_key(item_id), {"sku": item_id.sku})

    def put_price(self, price: Price) -> str:
        """One price."""
        self._prices.clear()
        values = {"valid_to": day_to_text(price.valid_to), "unit_price": plain(price.unit_price)}
        return self._put(prices, _price_key(price), values)

    def _put(self, table: Table, key: tuple[str, ...], values: Mapping[str, Any]) -> str:
        kept = self._kept[table]
        if kept.knows(key):
            return kept.put(key, values)
        return put(self._session, table, dict(zip(table.primary_key.columns.keys(), key, strict=True)), values)

    def put_warehouse(self, warehouse: Warehouse) -> str:
        """One warehouse."""
        self._warehouses.clear()
        key = {"warehouse": warehouse.warehouse}
        return put(self._session, warehouses, key, {"body": codec.warehouse_to_text(warehouse)})

    def put_location(self, location: Location) -> str:
        """One place of a customer."""
        self._locations.clear()
        body = location.model_dump_json(exclude_none=True)
        return self._put(locations, _location_key(location), {"body": body})

    def locations(self, partner: PartnerId, ids: Iterable[str]) -> Mapping[str, LocationFacts]:
        """The places of a customer that are known, by the customer's own codes."""
        wanted = sorted({each for each in ids if each})
        for each in wanted:
            if (partner, each) not in self._locations:
                self._locations[partner, each] = self._location(partner, each)
        return {each: place for each in wanted if (place := self._locations[partner, each]) is not None}

    def _location(self, partner: PartnerId, code: str) -> LocationFacts | None:
        self._settle()
        row = self._session.first(_LOCATION, {"partner": partner, "code": code})
        return _place(Location.model_validate_json(row.body)) if row is not None else None

    def item(self, sku: Sku) -> Item | None:
        """One item as it was told, without its packs."""
        kept = self._kept[items]
        if kept.knows((sku,)):
            told = kept.row((sku,))
            return _told(told["body"], told["gtin"]) if told is not None else None
        row = self._session.execute(select(items.c.body, items.c.gtin).where(items.c.sku == sku)).first()
        return _told(row.body, row.gtin) if row else None

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
        kept = {sku: self._facts(sku) for sku in skus if self._kept[items].knows((sku,))}
        skus = [sku for sku in skus if sku not in kept]
        found = {sku: facts for sku, facts in kept.items() if facts is not None}
        if not skus:
            return found
        self._settle()
        packs: dict[str, list[Any]] = {}
        wanted = {"skus": self._session.listed(skus)}
        for row in self._session.rows(_PACKS, wanted):
            packs.setdefault(row.sku, []).append(row)
        return found | {Sku(row.sku): _item(row, packs.get(row.sku, [])) for row in self._session.rows(_ITEMS, wanted)}

    def _facts(self, sku: Sku) -> ItemFacts | None:
        """What the kept rows of an item say."""
        row = self._kept[items].row((sku,))
        if row is None:
            return None
        packs = (self._kept[item_packs].row((sku, uom)) for uom in sorted(self._uoms.get(sku, ())))
        return _item(SimpleNamespace(**row), [SimpleNamespace(**each) for each in packs if each is not None])

    def _settle(self) -> None:
        """Before the database is asked: write what it would miss."""
        if any(each.waits for each in self._kept.values()):
            self._session.flush()

    def prices(self, skus: Iterable[Sku], price_lists: Iterable[str]) -> tuple[PriceFacts, ...]:
        """Every price of these items in these lists or contracts."""
        names, wanted = tuple(sorted(set(price_lists))), sorted(set(skus))
        known = self._prices.setdefault(names, {})
        missing = [sku for sku in wanted if sku not in known]
        if missing:
            known |= self._read_prices(missing, names)
        return tuple(price for sku in wanted for price in known[sku])

    def _read_prices(self, skus: list[Sku], names: tuple[str, ...]) -> dict[Sku, tuple[PriceFacts, ...]]:
        self._settle()
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
        self._settle()
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


def _item_id_key(told: ItemId) -> tuple[str, ...]:
    return (told.partner, told.partner_sku)


def _price_key(told: Price) -> tuple[str, ...]:
    return (
        told.price_list, told.sku, told.uom, told.kind, told.contract_number or "", plain(told.min_quantity or ZERO),
        day_to_text(told.valid_from), told.currency or "",
    )  # fmt: skip


def _location_key(told: Location) -> tuple[str, ...]:
    return (told.partner, told.location_id)


def _told(body: str, gtin: str) -> Item:
    return Item.model_validate_json(body).model_copy(update={"gtin": gtin or None})


def _place(said: Location) -> LocationFacts:
    """A place as the domain wants it."""
    address = Address(
        id=said.location_id, name=said.name or "", address1=said.address1 or "", city=said.city or "",
        state=said.state or "", postal_code=said.postal_code or "", country=said.country or "",
    )  # fmt: skip
    return LocationFacts(
        said.location_id, address, said.warehouse or "", said.tax_region or "", said.status or ""
    )  # fmt: skip


def _item(row: Any, packed: list[Any]) -> ItemFacts:
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


def _price(row: Any) -> PriceFacts:
    return PriceFacts(
        price_list=row.price_list, sku=Sku(row.sku), uom=row.uom, unit_price=Decimal(row.unit_price),
        kind=row.kind, currency=row.currency, contract_number=row.contract_number,
        min_quantity=Decimal(row.min_quantity), valid_from=to_day(row.valid_from), valid_to=to_day(row.valid_to),
    )  # fmt: skip


def _number(said: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(said[name]) if name in said else None
