"""What waits for goods, kept in step with the orders it belongs to."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select

from gateway.kernel.ids import OrderNumber, Sku
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.goods import queue
from gateway.orders.goods.queue import Queue, Waiting
from gateway.orders.order import Order
from gateway.store.moments import day_to_text, to_day
from gateway.store.schema import backorders, orders

_DELETE = delete(backorders).where(backorders.c.order_number == bindparam("wanted"))
_WAITING = (
    select(backorders).where(backorders.c.sku.in_(bindparam("skus", expanding=True))).order_by(backorders.c.sequence)
)


def keep(connection: Connection, order: Order, sequence: int | None = None) -> None:
    """The rows of an order as it stands; ``sequence`` is its age when it is new, and nothing is there to be replaced."""
    waits = list(queue.waits(order))
    if sequence is None:
        connection.execute(_DELETE, {"wanted": order.number})
    if not waits:
        return
    if sequence is None:
        sequence = connection.execute(select(orders.c.sequence).where(orders.c.number == order.number)).scalar_one()
    rows = [
        {
            "order_number": each.order, "line": each.line, "sku": each.sku, "quantity": plain(each.quantity),
            "promised_date": day_to_text(each.promised_date), "priority": each.priority,
            "requested_date": day_to_text(each.requested_date), "sequence": sequence,
        }
        for each in waits
    ]  # fmt: skip
    connection.execute(insert(backorders), rows)


def waiting(connection: Connection, skus: Iterable[Sku]) -> list[Waiting]:
    """Everything that waits for these items, the oldest order first."""
    return [
        Waiting(
            OrderNumber(row.order_number), row.line, Sku(row.sku), Decimal(row.quantity), to_day(row.promised_date),
            row.priority, to_day(row.requested_date), row.sequence,
        )
        for row in connection.execute(_WAITING, {"skus": sorted(set(skus))})
    ]  # fmt: skip


def claimed(connection: Connection, skus: Iterable[Sku]) -> dict[Sku, Decimal]:
    """How many stock units wait of each of these items."""
    found: dict[Sku, Decimal] = {}
    for each in waiting(connection, skus):
        found[each.sku] = found.get(each.sku, ZERO) + each.quantity
    return found


def queues(connection: Connection) -> list[Queue]:
    """How the queue of every item stands that something waits for."""
    unpromised = func.sum(case((backorders.c.promised_date == "", 1), else_=0))
    chosen = (
        select(backorders.c.sku, func.count(), unpromised, func.sum(orders.c.version))
        .join(orders, orders.c.number == backorders.c.order_number)
        .group_by(backorders.c.sku)
        .order_by(func.min(backorders.c.sequence))
    )
    return [Queue(Sku(sku), lines, missing, state) for sku, lines, missing, state in connection.execute(chosen)]


def items(connection: Connection) -> list[Sku]:
    """Every item that something waits for."""
    chosen = select(backorders.c.sku).group_by(backorders.c.sku).order_by(func.min(backorders.c.sequence))
    return [Sku(sku) for sku in connection.execute(chosen).scalars()]
