"""What waits for goods, kept in step with the orders it belongs to."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import bindparam, case, delete, func, insert, select

from gateway.kernel.ids import OrderNumber, Sku
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.goods.queue import Queue, Waiting
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import backorders, orders
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_INSERT = Prepared(insert(backorders))
_DELETE = Prepared(delete(backorders).where(backorders.c.order_number == bindparam("wanted")))
_WAITING = Prepared(
    select(
        backorders.c.order_number, backorders.c.line, backorders.c.sku, backorders.c.quantity,
        backorders.c.promised_date, backorders.c.priority, backorders.c.requested_date, backorders.c.sequence,
    ).where(Among(backorders.c.sku, "skus")).order_by(backorders.c.sequence, backorders.c.line)
)  # fmt: skip
_CLAIMED = Prepared(
    select(backorders.c.sku, backorders.c.quantity, func.count().label("times"))
    .where(Among(backorders.c.sku, "skus"))
    .group_by(backorders.c.sku, backorders.c.quantity)
)
"""Equal quantities are counted there and added up here, exactly: ten thousand lines that wait are few rows."""
_UNPROMISED = func.sum(case((backorders.c.promised_date == "", 1), else_=0))
_QUEUES = (
    select(backorders.c.sku, func.count(), _UNPROMISED, func.sum(orders.c.version))
    .join(orders, orders.c.number == backorders.c.order_number)
    .group_by(backorders.c.sku)
    .order_by(func.min(backorders.c.sequence))
)
_ITEMS = select(backorders.c.sku).group_by(backorders.c.sku).order_by(func.min(backorders.c.sequence))


class Backorders:
    """What waits, as one unit of work sees it; what was read is remembered until something waits otherwise."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[Sku, tuple[Waiting, ...]] = {}
        self._claims: dict[Sku, Decimal] = {}
        self._moved = False
        session.keeps(forget=self._forget)

    def moved(self) -> None:
        """An order that is not written yet waits for other goods than before."""
        self._moved = True

    def replace(self, number: OrderNumber, waits: Iterable[Waiting], sequence: int) -> None:
        """Write what an order waits for now; it was written before what it waited for then."""
        self._session.add(_DELETE, {"wanted": number})
        for each in waits:
            row = {
                "order_number": each.order, "line": each.line, "sku": each.sku, "quantity": plain(each.quantity),
                "promised_date": day_to_text(each.promised_date), "priority": each.priority,
                "requested_date": day_to_text(each.requested_date), "sequence": sequence,
            }  # fmt: skip
            self._session.add(_INSERT, row)
        self._forget()

    def waiting(self, skus: Iterable[Sku]) -> list[Waiting]:
        """Everything that waits for these items, the oldest order first."""
        wanted = set(skus)
        if self._moved:
            self._session.write()
        missing = wanted - self._known.keys()
        if missing:
            self._read(missing)
        found = [each for sku in sorted(wanted) for each in self._known[sku]]
        return sorted(found, key=lambda each: each.sequence)

    def claimed(self, skus: Iterable[Sku]) -> dict[Sku, Decimal]:
        """How many stock units wait of each of these items."""
        wanted = set(skus)
        if self._moved:
            self._session.write()
        missing = wanted - self._claims.keys()
        if missing:
            self._claims |= dict.fromkeys(missing, ZERO)
            for row in self._session.rows(_CLAIMED, {"skus": self._session.listed(missing)}):
                self._claims[Sku(row.sku)] += Decimal(row.quantity) * row.times
        return {sku: self._claims[sku] for sku in wanted if self._claims[sku]}

    def queues(self) -> list[Queue]:
        """How the queue of every item stands that something waits for."""
        found = self._session.execute(_QUEUES)
        return [Queue(Sku(sku), lines, missing, state) for sku, lines, missing, state in found]

    def items(self) -> list[Sku]:
        """Every item that something waits for."""
        return [Sku(sku) for sku in self._session.execute(_ITEMS).scalars()]

    def _read(self, skus: set[Sku]) -> None:
        found: dict[Sku, list[Waiting]] = {sku: [] for sku in skus}
        rows = self._session.rows(_WAITING, {"skus": self._session.listed(skus)})
        for order, line, sku, quantity, promised, priority, requested, sequence in rows:
            waiting = Waiting(
                OrderNumber(order), line, Sku(sku), Decimal(quantity), to_day(promised), priority, to_day(requested),
                sequence,
            )  # fmt: skip
            found[waiting.sku].append(waiting)
        self._known |= {sku: tuple(waits) for sku, waits in found.items()}

    def reread(self) -> None:
        """What waits may be other lines than it was when it was read."""
        self._known.clear()
        self._claims.clear()

    def _forget(self) -> None:
        self.reread()
        self._moved = False
