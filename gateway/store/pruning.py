"""What is old enough to be removed and what still needs it; rows stay and say when their content went."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, literal, or_, select, union, update

from gateway.exchange.dispatch import DispatchState
from gateway.exchange.receipt import ReceiptState
from gateway.kernel.ids import DispatchId, Sha256
from gateway.store.moments import to_text
from gateway.store.schema import (
    UNDELIVERED,
    UNSENT,
    WAITING,
    alert_notices,
    alerts,
    attempts,
    dispatches,
    file_holds,
    order_events,
    orders,
    owed_documents,
    receipts,
)
from gateway.store.session import Session

ENDED = ("closed", "paid", "cancelled", "rejected")
"""Statuses of an order that needs nothing any more."""
_UNFINISHED = (ReceiptState.RECEIVED.value, ReceiptState.SLICED.value, ReceiptState.HELD.value)
_GONE = (DispatchState.DELIVERED.value, DispatchState.CANCELLED.value)
_OPEN_ORDERS = select(orders.c.number).where(orders.c.status.not_in(ENDED))


class Pruning:
    """What one unit of work may remove."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def files(self, before: datetime, most: int) -> list[tuple[Sha256, int]]:
        """Archived files, with their sizes, that are old wherever they came from and that nothing open names."""
        unfinished = func.max(case((receipts.c.state.in_(_UNFINISHED), 1), else_=0))
        query = (
            select(receipts.c.sha256, func.max(receipts.c.size))
            .where(receipts.c.content_removed_at.is_(None), receipts.c.sha256.not_in(_needed()))
            .group_by(receipts.c.sha256)
            .having(func.max(receipts.c.received_at) < to_text(before), unfinished == 0)
            .order_by(receipts.c.sha256)
            .limit(most)
        )
        return [(Sha256(sha256), int(size)) for sha256, size in self._session.execute(query)]

    def files_gone(self, files: Sequence[Sha256], before: datetime, at: datetime) -> None:
        """Say of the old receipts of these files that their content is removed."""
        old = (
            receipts.c.sha256.in_(files)
            & (receipts.c.received_at < to_text(before))
            & receipts.c.content_removed_at.is_(None)
        )
        self._session.execute(update(receipts).where(old).values(content_removed_at=to_text(at)))

    def dispatches(self, before: datetime, most: int) -> list[tuple[DispatchId, int]]:
        """Files that left long ago and that nobody has to answer any more, with their sizes."""
        query = (
            select(dispatches.c.id, func.length(dispatches.c.content)).where(_old_dispatch(before)).limit(most)
        )  # fmt: skip
        return [(DispatchId(name), int(size)) for name, size in self._session.execute(query)]

    def dispatches_gone(self, gone: Sequence[DispatchId], at: datetime) -> None:
        """Remove their bytes."""
        self._session.execute(
            update(dispatches).where(dispatches.c.id.in_(gone)).values(content=b"", content_removed_at=to_text(at))
        )

    def attempts(self, before: datetime, *, remove: bool) -> int:
        """Tries to hand over what is handed over, before a moment: how many; removed where that is asked."""
        done = select(dispatches.c.id).where(dispatches.c.state.in_(_GONE))
        return self._rows(attempts, (attempts.c.at < to_text(before)) & attempts.c.dispatch.in_(done), remove=remove)

    def notices(self, before: datetime, *, remove: bool) -> int:
        """Notices that were sent, or given up, before a moment."""
        old = (alert_notices.c.due_at < to_text(before)) & ~UNSENT
        return self._rows(alert_notices, old, remove=remove)

    def alerts(self, before: datetime, *, remove: bool) -> int:
        """Alerts that were closed before a moment and have no notice any more."""
        told = select(alert_notices.c.alert).where(alert_notices.c.alert.is_not(None))
        old = (alerts.c.closed_at < to_text(before)) & alerts.c.id.not_in(told)
        return self._rows(alerts, old, remove=remove)

    def _rows(self, table: Any, old: ColumnElement[bool], *, remove: bool) -> int:
        if remove:
            return self._session.execute(delete(table).where(old)).rowcount
        return int(self._session.execute(select(func.count()).select_from(table).where(old)).scalar() or 0)


def _old_dispatch(before: datetime) -> ColumnElement[bool]:
    left = func.coalesce(dispatches.c.delivered_at, dispatches.c.created_at)
    return (
        dispatches.c.state.in_(_GONE) & (left < to_text(before)) & dispatches.c.content_removed_at.is_(None)
        & dispatches.c.answer_due.is_(None) & dispatches.c.order_number.not_in(_OPEN_ORDERS)
        & dispatches.c.id.not_in(_of_open_orders())
    )  # fmt: skip


def _of_open_orders() -> Select[Any]:
    """Files of several documents of which one belongs to an open order."""
    return select(owed_documents.c.dispatch).where(
        owed_documents.c.dispatch.is_not(None), owed_documents.c.order_number.in_(_OPEN_ORDERS)
    )


def _needed() -> Select[Any]:
    """The bytes that an open hold, an open order or an answer that did not leave names."""
    named = union(
        select(file_holds.c.receipt).where(WAITING, file_holds.c.receipt.is_not(None)),
        select(dispatches.c.receipt).where(
            dispatches.c.receipt.is_not(None), or_(UNDELIVERED, dispatches.c.order_number.in_(_OPEN_ORDERS))
        ),
        select(owed_documents.c.receipt).where(
            owed_documents.c.receipt.is_not(None),
            or_(owed_documents.c.dispatch.is_(None), owed_documents.c.order_number.in_(_OPEN_ORDERS)),
        ),
    ).subquery()
    brought = select(order_events.c.who).where(
        order_events.c.sequence == 1, order_events.c.order_number.in_(_OPEN_ORDERS)
    )
    return select(receipts.c.sha256).where(
        or_(receipts.c.id.in_(select(named.c.receipt)), (literal("file ") + receipts.c.file_name).in_(brought))
    )
