"""Goods on their way and what waits for them, in stock units."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, delete, select, update

from gateway.canonical.goods import GoodsReceipt, Incoming
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import SupplyFacts
from gateway.orders.goods.queue import Queue, Waiting
from gateway.store.backorders import Backorders
from gateway.store.kept_rows import CHANGED, NEW, SAME
from gateway.store.master import put
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import incoming
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_TO_COME = Prepared(select(incoming).where(Among(incoming.c.sku, "skus")).order_by(incoming.c.expected_date))


class Goods:
    """What is to come, and who waits for it, in one unit of work."""

    def __init__(self, session: Session, backorders: Backorders) -> None:
        self._session = session
        self._backorders = backorders
        self._supply: dict[Sku, tuple[SupplyFacts, ...]] = {}
        session.keeps(forget=self._supply.clear)

    def expect(self, told: Incoming, *, told_by: str) -> str:
        """One row of what is to come, as a file (``told_by``) says it; none at all removes the row.

        The same quantity as before is the same goods, of which some may have come already; any other quantity is what
        is still to come now.
        """
        self._supply.clear()
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
        put(self._session, incoming, key | day, values if same else values | {"received": "0"})
        return NEW if before is None else SAME if same else CHANGED

    def replace_earlier(self, told_by: str) -> None:
        """What earlier files said of the references that this file names counts no more; goods that came stay deducted."""
        self._supply.clear()
        for told in self._session.execute(select(incoming).where(incoming.c.body == told_by)).all():
            if not told.reference:
                continue
            for row in self._rows(told.warehouse, told.sku, told.reference):
                if row.body == told_by:
                    continue
                self._remove(row)
                if row.quantity == told.quantity and told.received == "0":
                    self._session.execute(update(incoming).where(*_key(told)).values(received=row.received))

    def arrive(self, goods: GoodsReceipt) -> None:
        """Less is to come of the reference of a receipt, the earliest first; of none where it names none that is known."""
        self._supply.clear()
        left = goods.quantity
        for row in self._rows(goods.warehouse, goods.sku, goods.reference or ""):
            taken = min(left, Decimal(row.quantity) - Decimal(row.received))
            left -= taken
            where = _key(row)
            received = plain(Decimal(row.received) + taken)
            self._session.execute(update(incoming).where(*where).values(received=received))

    def supply(self, skus: Iterable[Sku]) -> tuple[SupplyFacts, ...]:
        """What is still to come of these items."""
        wanted = sorted(set(skus))
        missing = [sku for sku in wanted if sku not in self._supply]
        if missing:
            self._read(missing)
        found = [each for sku in wanted for each in self._supply[sku]]
        return tuple(sorted(found, key=lambda each: each.expected_date))

    def _read(self, skus: list[Sku]) -> None:
        found: dict[Sku, list[SupplyFacts]] = {sku: [] for sku in skus}
        for row in self._session.rows(_TO_COME, {"skus": self._session.listed(skus)}):
            rest, day = Decimal(row.quantity) - Decimal(row.received), to_day(row.expected_date)
            if rest > ZERO and day is not None:
                supply = SupplyFacts(WarehouseId(row.warehouse), Sku(row.sku), day, rest, row.reference)
                found[supply.sku].append(supply)
        self._supply |= {sku: tuple(each) for sku, each in found.items()}

    def reread(self) -> None:
        """Somebody else may have changed what was read so far."""
        self._supply.clear()
        self._backorders.reread()

    def waiting(self, skus: Iterable[Sku]) -> list[Waiting]:
        """Everything that waits for these items, the oldest order first."""
        return self._backorders.waiting(skus)

    def claimed(self, skus: Iterable[Sku]) -> dict[Sku, Decimal]:
        """How many stock units wait of each of these items."""
        return self._backorders.claimed(skus)

    def queues(self) -> list[Queue]:
        """How the queue of every item stands that something waits for."""
        return self._backorders.queues()

    def awaited(self) -> list[Sku]:
        """Every item that something waits for."""
        return self._backorders.items()

    def _rows(self, warehouse: str, sku: str, reference: str) -> list[Row[Any]]:
        same = (incoming.c.warehouse == warehouse, incoming.c.sku == sku, incoming.c.reference == reference)
        found = select(incoming).where(*same).order_by(incoming.c.expected_date).with_for_update()
        return list(self._session.execute(found))

    def _remove(self, row: Row[Any]) -> None:
        self._session.execute(delete(incoming).where(*_key(row)))


def _key(row: Row[Any]) -> tuple[Any, ...]:
    return (
        incoming.c.warehouse == row.warehouse, incoming.c.sku == row.sku, incoming.c.reference == row.reference,
        incoming.c.expected_date == row.expected_date,
    )  # fmt: skip
