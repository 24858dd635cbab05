"""Items, their ids, prices, warehouses and the places of customers, as the ERP tells them."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, insert, or_, select, update

from gateway.canonical.house import Item, ItemId, Location, Price, Warehouse
from gateway.kernel.ids import PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import ItemFacts, LocationFacts, PriceFacts
from gateway.orders.order import Address
from gateway.store import codec
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import item_ids, item_packs, items, locations, prices, warehouses

GTIN_LENGTHS = (8, 11, 12, 13, 14)
"""How long barcodes are written: EAN-8, a UPC without and with its check digit or leading zero, EAN-13, GTIN-14."""
NEW, CHANGED, SAME = "new", "changed", "same"


class Master:
    """The master data of one unit of work; what was looked up is remembered until something is put."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._forget()

    def _forget(self) -> None:
        self._ids: dict[tuple[PartnerId, str, str], Sku | None] = {}
        self._items: dict[Sku, ItemFacts | None] = {}
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
        if item.pack_uom is None or not self._skus_where(items.c.sku == item.sku):
            values["gtin"] = (item.gtin or "") if item.pack_uom is None else ""
        said = put(self._connection, items, {"sku": item.sku}, values)
        if item.pack_uom is None:
            return said
        pack = {"sku": item.sku, "uom": item.pack_uom}
        values = {"quantity": plain(item.pack_quantity or Decimal(1)), "gtin": item.gtin or ""}
        packed = put(self._connection, item_packs, pack, values)
        return said if packed == SAME else packed if said == SAME else said

    def put_item_id(self, item_id: ItemId) -> str:
        """A partner's own number for an item."""
        self._forget()
        key = {"partner": item_id.partner, "partner_sku": item_id.partner_sku}
        return put(self._connection, item_ids, key, {"sku": item_id.sku})

    def put_price(self, price: Price) -> str:
        """One price."""
        self._forget()
        key = {
            "price_list": price.price_list, "sku": price.sku, "uom": price.uom, "kind": price.kind,
            "contract_number": price.contract_number or "", "min_quantity": plain(price.min_quantity or ZERO),
            "valid_from": day_to_text(price.valid_from), "currency": price.currency or "",
        }  # fmt: skip
        values = {"valid_to": day_to_text(price.valid_to), "unit_price": plain(price.unit_price)}
        return put(self._connection, prices, key, values)

    def put_warehouse(self, warehouse: Warehouse) -> str:
        """One warehouse."""
        self._forget()
        key = {"warehouse": warehouse.warehouse}
        return put(self._connection, warehouses, key, {"body": codec.warehouse_to_text(warehouse)})

    def put_location(self, location: Location) -> str:
        """One place of a customer."""
        self._forget()
        key = {"partner": location.partner, "location_id": location.location_id}
        return put(self._connection, locations, key, {"body": location.model_dump_json(exclude_none=True)})

    def locations(self, partner: PartnerId, ids: Iterable[str]) -> Mapping[str, LocationFacts]:
        """The places of a customer that are known, by the customer's own codes."""
        wanted = sorted({each for each in ids if each})
        for each in wanted:
            if (partner, each) not in self._locations:
                self._locations[partner, each] = self._location(partner, each)
        return {each: place for each in wanted if (place := self._locations[partner, each]) is not None}

    def _location(self, partner: PartnerId, code: str) -> LocationFacts | None:
        own = (locations.c.partner == partner) & (locations.c.location_id == code)
        body = self._connection.execute(select(locations.c.body).where(own)).scalar()
        return _place(Location.model_validate_json(body)) if body is not None else None

    def item(self, sku: Sku) -> Item | None:
        """One item as it was told, without its packs."""
        row = self._connection.execute(select(items.c.body, items.c.gtin).where(items.c.sku == sku)).first()
        return Item.model_validate_json(row.body).model_copy(update={"gtin": row.gtin or None}) if row else None

    def warehouse(self, warehouse: WarehouseId) -> Warehouse | None:
        """A warehouse by its id."""
        if warehouse not in self._warehouses:
            query = select(warehouses.c.body).where(warehouses.c.warehouse == warehouse)
            body = self._connection.execute(query).scalar()
            self._warehouses[warehouse] = codec.warehouse_from_text(body) if body is not None else None
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
        wanted = set(skus)
        missing = sorted(wanted - self._items.keys())
        if missing:
            self._items |= dict.fromkeys(missing) | self._read_items(missing)
        return {sku: item for sku in sorted(wanted) if (item := self._items[sku]) is not None}

    def _read_items(self, skus: list[Sku]) -> dict[Sku, ItemFacts]:
        packs: dict[str, list[Row[Any]]] = {}
        for row in self._connection.execute(select(item_packs).where(item_packs.c.sku.in_(skus))):
            packs.setdefault(row.sku, []).append(row)
        return {
            Sku(row.sku): _item(row, packs.get(row.sku, []))
            for row in self._connection.execute(select(items).where(items.c.sku.in_(skus)))
        }

    def prices(self, skus: Iterable[Sku], price_lists: Iterable[str]) -> tuple[PriceFacts, ...]:
        """Every price of these items in these lists or contracts."""
        names, wanted = tuple(sorted(set(price_lists))), sorted(set(skus))
        known = self._prices.setdefault(names, {})
        missing = [sku for sku in wanted if sku not in known]
        if missing:
            known |= self._read_prices(missing, names)
        return tuple(price for sku in wanted for price in known[sku])

    def _read_prices(self, skus: list[Sku], names: tuple[str, ...]) -> dict[Sku, tuple[PriceFacts, ...]]:
        query = select(prices).where(
            prices.c.sku.in_(skus),
            or_(
                prices.c.price_list.in_(names),
                and_(prices.c.contract_number != "", prices.c.contract_number.in_(names)),
            ),
        )
        found: dict[Sku, tuple[PriceFacts, ...]] = dict.fromkeys(skus, ())
        for row in self._connection.execute(query):
            found[Sku(row.sku)] += (_price(row),)
        return found

    def _sku(self, partner: PartnerId, kind: str, value: str) -> Sku | None:
        """The one item of an id; an id that two items share means neither."""
        match kind:
            case "vendor_sku":
                found = self._skus_where(items.c.sku == value)
            case "buyer_sku":
                own = (item_ids.c.partner == partner) & (item_ids.c.partner_sku == value)
                found = set(self._connection.execute(select(item_ids.c.sku).where(own)).scalars())
            case "upc" | "ean" | "gtin" | "case_code":
                found = self._by_barcode(value)
            case _:
                return None
        return Sku(found.pop()) if len(found) == 1 else None

    def _by_barcode(self, value: str) -> set[str]:
        """The items that carry a barcode, or of which a pack does; leading zeros make no other code of it."""
        digits = value.lstrip("0")
        same = {value, *(digits.zfill(length) for length in GTIN_LENGTHS)} if value.isdigit() else {value}
        packed = select(item_packs.c.sku).where(item_packs.c.gtin.in_(same))
        found = self._skus_where(or_(items.c.upc.in_(same), items.c.ean.in_(same), items.c.gtin.in_(same)))
        return found | set(self._connection.execute(packed).scalars())

    def _skus_where(self, condition: ColumnElement[bool]) -> set[str]:
        return set(self._connection.execute(select(items.c.sku).where(condition)).scalars())


def put(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Insert or update one row by its key; says whether it was new, changed or the same."""
    where = and_(*(table.c[name] == value for name, value in key.items()))
    before = connection.execute(select(table).where(where).with_for_update()).mappings().first()
    if before is None:
        connection.execute(insert(table).values(**{**key, **values}))
        return NEW
    if all(before[name] == value for name, value in values.items()):
        return SAME
    connection.execute(update(table).where(where).values(**values))
    return CHANGED


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
