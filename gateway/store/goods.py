"""Goods on their way and what waits for them, in stock units."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from gateway.canonical.goods import GoodsReceipt, Incoming
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import SupplyFacts
from gateway.orders.goods.queue import Queue, Waiting
from gateway.store import backorders
from gateway.store.master import CHANGED, NEW, SAME, put
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import incoming

_TO_COME = (
    select(incoming).where(incoming.c.sku.in_(bindparam("skus", expanding=True))).order_by(incoming.c.expected_date)
)


class Goods:
    """What is to come, and who waits for it, in one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def expect(self, told: Incoming, *, told_by: str) -> str:
        """One row of what is to come, as a file (``told_by``) says it; none at all removes the row.

        The same quantity as before is the same goods, of which some may have come already; any other quantity is what
        is still to come now.
        """
        reference = told.reference or ""
        key = {"warehouse": told.warehouse, "sku": told.sku, "reference": reference}
        before = next(
            (row for row in self._rows(**key) if row.expected_date == told.expected_date.isoformat()), None
        )  # fmt: skip
        if not told.quantity:
            if before is not None:
                self._remove(before)
            return CHANGED if before is not None else SAME
        day = {"expected_date": day_to_text(told.expected_date)}
        values = {"quantity": plain(told.quantity), "body": told_by}
        same = before is not None and before.quantity == values["quantity"]
        put(self._connection, incoming, key | day, values if same else values | {"received": "0"})
        return NEW if before is None else SAME if same else CHANGED

    def replace_earlier(self, told_by: str) -> None:
        """What earlier files said of the references that this file names counts no more; goods that came stay deducted."""
        for told in self._connection.execute(select(incoming).where(incoming.c.body == told_by)).all():
            if not told.reference:
                continue
            for row in self._rows(told.warehouse, told.sku, told.reference):
                if row.body == told_by:
                    continue
                self._remove(row)
                if row.quantity == told.quantity and told.received == "0":
                    self._connection.execute(update(incoming).where(*_key(told)).values(received=row.received))

    def arrive(self, goods: GoodsReceipt) -> None:
        """Less is to come of the reference of a receipt, the earliest first; of none where it names none that is known."""
        left = goods.quantity
        for row in self._rows(goods.warehouse, goods.sku, goods.reference or ""):
            taken = min(left, Decimal(row.quantity) - Decimal(row.received))
            left -= taken
            where = _key(row)
            received = plain(Decimal(row.received) + taken)
            self._connection.execute(update(incoming).where(*where).values(received=received))

    def supply(self, skus: Iterable[Sku]) -> tuple[SupplyFacts, ...]:
        """What is still to come of these items."""
        found: list[SupplyFacts] = []
        for row in self._connection.execute(_TO_COME, {"skus": sorted(set(skus))}):
            rest, day = Decimal(row.quantity) - Decimal(row.received), to_day(row.expected_date)
            if rest > ZERO and day is not None:
                found.append(SupplyFacts(WarehouseId(row.warehouse), Sku(row.sku), day, rest, row.reference))
        return tuple(found)

    def waiting(self, skus: Iterable[Sku]) -> list[Waiting]:
        """Everything that waits for these items, the oldest order first."""
        return backorders.waiting(self._connection, skus)

    def claimed(self, skus: Iterable[Sku]) -> dict[Sku, Decimal]:
        """How many stock units wait of each of these items."""
        return backorders.claimed(self._connection, skus)

    def queues(self) -> list[Queue]:
        """How the queue of every item stands that something waits for."""
        return backorders.queues(self._connection)

    def awaited(self) -> list[Sku]:
        """Every item that something waits for."""
        return backorders.items(self._connection)

    def _rows(self, warehouse: str, sku: str, reference: str) -> list[Row[Any]]:
        same = (incoming.c.warehouse == warehouse, incoming.c.sku == sku, incoming.c.reference == reference)
        return list(
            self._connection.execute(select(incoming).where(*same).order_by(incoming.c.expected_date).with_for_update())
        )

    def _remove(self, row: Row[Any]) -> None:
        self._connection.execute(delete(incoming).where(*_key(row)))


def _key(row: Row[Any]) -> tuple[Any, ...]:
    return (
        incoming.c.warehouse == row.warehouse, incoming.c.sku == row.sku, incoming.c.reference == row.reference,
        incoming.c.expected_date == row.expected_date,
    )  # fmt: skip
