"""Every change of on hand, as it happened; rows are only ever added."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import plain
from gateway.orders.stockroom import Change, StockMove
from gateway.store.moments import day_to_text, to_day, to_moment, to_text
from gateway.store.schema import stock_moves
from gateway.store.session import Session
from gateway.store.statements import InRows, Prepared

_INSERT = Prepared(
    insert(stock_moves).values({each.name: bindparam(each.name) for each in stock_moves.c if each.name != "sequence"})
)
"""The database counts the rows."""
_OF_SHELVES = Prepared(
    select(stock_moves)
    .where(
        InRows([stock_moves.c.sku, stock_moves.c.warehouse], "shelves"),
        stock_moves.c.at > bindparam("moment"),
        stock_moves.c.kind != Change.COUNT.value,
    )
    .order_by(stock_moves.c.sequence)
)


class Moves:
    """The changes of stock of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, move: StockMove) -> None:
        """One more change."""
        row = {
            "at": to_text(move.at), "who": move.who, "warehouse": move.warehouse, "sku": move.sku,
            "kind": move.kind.value, "quantity": plain(move.quantity), "on_hand": plain(move.on_hand),
            "reference": move.reference, "reason": move.reason, "day": day_to_text(move.day),
        }  # fmt: skip
        self._session.add(_INSERT, row)

    def of(self, sku: Sku) -> list[StockMove]:
        """What happened to an item, oldest first."""
        self._session.flush()
        query = select(stock_moves).where(stock_moves.c.sku == sku).order_by(stock_moves.c.sequence)
        return [_move(row) for row in self._session.execute(query)]

    def since(self, warehouse: WarehouseId, sku: Sku, moment: datetime) -> list[StockMove]:
        """What was told of an item in a warehouse after a moment, counts apart."""
        mine = (
            (stock_moves.c.warehouse == warehouse) & (stock_moves.c.sku == sku) & (stock_moves.c.at > to_text(moment))
        )
        query = select(stock_moves).where(mine, stock_moves.c.kind != Change.COUNT.value)
        return [_move(row) for row in self._session.execute(query.order_by(stock_moves.c.sequence))]

    def of_shelves(
        self, shelves: Iterable[tuple[WarehouseId, Sku]], moment: datetime
    ) -> dict[tuple[WarehouseId, Sku], list[StockMove]]:
        """What was told of each of these since a moment, counts apart, asked at once."""
        found: dict[tuple[WarehouseId, Sku], list[StockMove]] = {}
        asked = {
            "shelves": self._session.listed_rows((sku, warehouse) for warehouse, sku in sorted(shelves)),
            "moment": to_text(moment),
        }
        for row in self._session.rows(_OF_SHELVES, asked):
            move = _move(row)
            found.setdefault((move.warehouse, move.sku), []).append(move)
        return found


def _move(row: Any) -> StockMove:
    return StockMove(
        at=to_moment(row.at), who=row.who, warehouse=WarehouseId(row.warehouse), sku=Sku(row.sku),
        kind=Change(row.kind), quantity=Decimal(row.quantity), on_hand=Decimal(row.on_hand),
        reference=row.reference, reason=row.reason, day=to_day(row.day),
    )  # fmt: skip
