"""Stock by warehouse and item: counted, reserved, shipped, in question; in stock units."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.canonical.house import Stock as Count
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import StockFacts
from gateway.store.master import CHANGED, NEW, SAME
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import stock


class StockLevels:
    """The stock of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, counted: Count) -> str:
        """A count replaces on hand and ends what was in question; reservations stay."""
        warehouse, sku = WarehouseId(counted.warehouse), Sku(counted.sku)
        row = self._row(warehouse, sku)
        counted_at = to_text(counted.counted_at) if counted.counted_at is not None else ""
        if row is not None and counted_at and row.counted_at >= counted_at:
            return SAME  # the same count again, or an older one: what was shipped since stays deducted
        column = "blocked" if counted.quality == "blocked" else "on_hand"
        values = {column: plain(counted.on_hand)}
        if counted_at:
            values["counted_at"] = counted_at
        if column == "on_hand":
            values["in_question"] = "0"
        if row is None:
            self._insert(warehouse, sku, values)
            return NEW
        if all(getattr(row, name) == value for name, value in values.items()):
            return SAME
        self._set(warehouse, sku, values)
        return CHANGED

    def levels(self, skus: Iterable[Sku]) -> tuple[StockFacts, ...]:
        """Each item in each warehouse that ever counted it."""
        query = select(stock).where(stock.c.sku.in_(sorted(set(skus)))).order_by(stock.c.warehouse, stock.c.sku)
        return tuple(
            StockFacts(
                warehouse=WarehouseId(row.warehouse), sku=Sku(row.sku), on_hand=Decimal(row.on_hand),
                reserved=Decimal(row.reserved), in_question=Decimal(row.in_question),
            )
            for row in self._connection.execute(query.with_for_update())
        )  # fmt: skip

    def reserve(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal) -> None:
        """More reserved, or less when negative."""
        row = self._existing(warehouse, sku)
        self._set(warehouse, sku, {"reserved": plain(Decimal(row.reserved) + quantity)})

    def ship(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, *, shipped_on: date) -> None:
        """What left is reserved no more; it leaves on hand unless the goods were counted after they had left."""
        row = self._existing(warehouse, sku)
        values = {"reserved": plain(Decimal(row.reserved) - quantity)}
        counted_since = bool(row.counted_at) and to_moment(row.counted_at).date() > shipped_on
        if not counted_since:
            values["on_hand"] = plain(Decimal(row.on_hand) - quantity)
        self._set(warehouse, sku, values)

    def question(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal) -> None:
        """The warehouse did not find so much: not available until the next count; less when some of it turned up."""
        row = self._existing(warehouse, sku)
        self._set(warehouse, sku, {"in_question": plain(max(ZERO, Decimal(row.in_question) + quantity))})

    def take_back(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal, *, blocked: bool) -> None:
        """Goods that came back: to be sold again, or ``blocked`` until they are refurbished."""
        column = "blocked" if blocked else "on_hand"
        row = self._row(warehouse, sku)
        if row is None:
            self._insert(warehouse, sku, {column: plain(quantity)})
        else:
            self._set(warehouse, sku, {column: plain(Decimal(getattr(row, column)) + quantity)})

    def _existing(self, warehouse: WarehouseId, sku: Sku) -> Row[Any]:
        row = self._row(warehouse, sku)
        if row is None:
            raise StoreError(f"There is no stock of {sku} in {warehouse} to change.")
        return row

    def _row(self, warehouse: WarehouseId, sku: Sku) -> Row[Any] | None:
        query = select(stock).where(stock.c.warehouse == warehouse, stock.c.sku == sku)
        return self._connection.execute(query.with_for_update()).first()

    def _insert(self, warehouse: WarehouseId, sku: Sku, values: dict[str, str]) -> None:
        zeros = {name: plain(ZERO) for name in ("on_hand", "blocked", "reserved", "in_question")}
        row = {"warehouse": warehouse, "sku": sku, "counted_at": "", **zeros, **values}
        self._connection.execute(insert(stock).values(**row))

    def _set(self, warehouse: WarehouseId, sku: Sku, values: dict[str, str]) -> None:
        where = (stock.c.warehouse == warehouse) & (stock.c.sku == sku)
        self._connection.execute(update(stock).where(where).values(**values))
