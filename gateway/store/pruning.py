"""What is old enough to be removed and what still needs it; rows stay and say when their content went.

Old things are looked at piece by piece, the oldest first: no night reads what is not old, and none is one long transaction.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from gateway.exchange.receipt import ReceiptState
from gateway.exchange.retention import Piece
from gateway.kernel.ids import DispatchId, Sha256
from gateway.store.moments import to_text
from gateway.store.schema import (
    CLOSED_ALERT,
    KEPT_DISPATCH,
    KEPT_FILE,
    SENT,
    UNDELIVERED,
    WAITING,
    alert_notices,
    alerts,
    attempts,
    dispatches,
    file_holds,
    orders,
    owed_documents,
    read_documents,
    receipts,
)
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared, Said

ENDED = ("closed", "paid", "cancelled", "rejected")
"""Statuses of an order that needs nothing any more."""
_UNFINISHED = (ReceiptState.RECEIVED, ReceiptState.SLICED, ReceiptState.HELD)
_OPEN_ORDER = orders.c.status.not_in([literal_column(f"'{each}'") for each in ENDED])
_BEFORE, _MOST = bindparam("before", type_=Text()), bindparam("most", type_=BigInteger())


def _after(*key: Any) -> Any:
    """The rows of a key that come after the one that was looked at last."""
    return tuple_(*key) > tuple_(*(bindparam(f"after_{at}", type_=each.type) for at, each in enumerate(key)))


def _is(condition: Any) -> Any:
    return case((condition, literal(1)), else_=literal(0)).label("free")


def _of_open_order(number: Any) -> Any:
    return exists().where(orders.c.number == number, _OPEN_ORDER)


_same = receipts.alias("same")
"""Every receipt of the same bytes, whoever brought them."""
_named = or_(
    _same.c.received_at >= _BEFORE,
    _same.c.state.in_([literal_column(f"'{each.value}'") for each in _UNFINISHED]),
    exists().where(file_holds.c.receipt == _same.c.id, WAITING),
    exists().where(
        dispatches.c.receipt == _same.c.id, or_(UNDELIVERED, _of_open_order(dispatches.c.order_number))
    ),
    exists().where(
        owed_documents.c.receipt == _same.c.id,
        or_(owed_documents.c.dispatch.is_(None), _of_open_order(owed_documents.c.order_number)),
    ),
    exists().where(
        read_documents.c.receipt == _same.c.id, orders.c.partner == read_documents.c.partner,
        orders.c.po_number == Said(read_documents.c.content, "po_number"), _OPEN_ORDER,
    ),
)  # fmt: skip
"""Whether an open hold, an open order or an answer that did not leave names the bytes, or they came again since."""
_FILES = Prepared(
    select(
        receipts.c.received_at, receipts.c.id, receipts.c.sha256, receipts.c.size,
        _is(~exists().where(_same.c.sha256 == receipts.c.sha256, _named)),
    )
    .where(KEPT_FILE, receipts.c.received_at < _BEFORE, _after(receipts.c.received_at, receipts.c.id))
    .order_by(receipts.c.received_at, receipts.c.id).limit(_MOST)
)  # fmt: skip
_FILES_GONE = Prepared(
    update(receipts).where(Among(receipts.c.sha256, "gone"), receipts.c.received_at < _BEFORE, KEPT_FILE)
    .values(content_removed_at=bindparam("moment"))
)  # fmt: skip
_left = func.coalesce(dispatches.c.delivered_at, dispatches.c.created_at)
_DISPATCHES = Prepared(
    select(
        dispatches.c.created_at, dispatches.c.id, func.length(dispatches.c.content).label("size"),
        _is(and_(
            _left < _BEFORE, dispatches.c.answer_due.is_(None), ~_of_open_order(dispatches.c.order_number),
            ~exists().where(owed_documents.c.dispatch == dispatches.c.id, _of_open_order(owed_documents.c.order_number)),
        )),
    )
    .where(KEPT_DISPATCH, dispatches.c.created_at < _BEFORE, _after(dispatches.c.created_at, dispatches.c.id))
    .order_by(dispatches.c.created_at, dispatches.c.id).limit(_MOST)
)  # fmt: skip
_DISPATCH_GONE = Prepared(
    update(dispatches).where(dispatches.c.id == bindparam("known"))
    .values(content=literal(b""), content_removed_at=bindparam("moment"))
)  # fmt: skip
_ATTEMPTS = Prepared(
    select(
        attempts.c.at, attempts.c.dispatch, attempts.c.number,
        _is(exists().where(dispatches.c.id == attempts.c.dispatch,
                           dispatches.c.state.in_([literal_column("'delivered'"), literal_column("'cancelled'")]))),
    )
    .where(attempts.c.at < _BEFORE, _after(attempts.c.at, attempts.c.dispatch, attempts.c.number))
    .order_by(attempts.c.at, attempts.c.dispatch, attempts.c.number).limit(_MOST)
)  # fmt: skip
_ATTEMPT_GONE = Prepared(
    delete(attempts).where(attempts.c.dispatch == bindparam("of"), attempts.c.number == bindparam("nth"))
)
_NOTICES = Prepared(
    select(alert_notices.c.due_at, alert_notices.c.id, literal(1).label("free"))
    .where(SENT, alert_notices.c.due_at < _BEFORE, _after(alert_notices.c.due_at, alert_notices.c.id))
    .order_by(alert_notices.c.due_at, alert_notices.c.id).limit(_MOST)
)  # fmt: skip
_NOTICE_GONE = Prepared(delete(alert_notices).where(alert_notices.c.id == bindparam("known")))
_ALERTS = Prepared(
    select(alerts.c.closed_at, alerts.c.id, _is(~exists().where(alert_notices.c.alert == alerts.c.id)))
    .where(CLOSED_ALERT, alerts.c.closed_at < _BEFORE, _after(alerts.c.closed_at, alerts.c.id))
    .order_by(alerts.c.closed_at, alerts.c.id).limit(_MOST)
)  # fmt: skip
_ALERT_GONE = Prepared(delete(alerts).where(alerts.c.id == bindparam("known")))


class Pruning:
    """What one unit of work may remove."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def files(self, before: datetime, after: str, most: int) -> Piece:
        """Archived files that are old wherever they came from and that nothing open names, by the hash of their bytes."""
        rows, end = self._looked(_FILES, before, after, most, ("", ""), 2)
        free = {Sha256(row.sha256): int(row.size) for row in rows if row.free}
        return Piece(tuple(free.items()), len(rows), end)

    def files_gone(self, files: Sequence[str], before: datetime, at: datetime) -> None:
        """Say of the old receipts of these files that their content is removed."""
        if files:
            row = {"gone": self._session.listed(files), "before": to_text(before), "moment": to_text(at)}
            self._session.run(_FILES_GONE, [row])

    def dispatches(self, before: datetime, after: str, most: int) -> Piece:
        """Files that left long ago and that nobody has to answer any more."""
        rows, end = self._looked(_DISPATCHES, before, after, most, ("", ""), 2)
        return Piece(tuple((DispatchId(row.id), int(row.size)) for row in rows if row.free), len(rows), end)

    def dispatches_gone(self, gone: Sequence[str], at: datetime) -> None:
        """Remove their bytes."""
        if gone:
            self._session.run(_DISPATCH_GONE, [{"known": each, "moment": to_text(at)} for each in gone])

    def attempts(self, before: datetime, after: str, most: int, *, remove: bool) -> Piece:
        """Tries to hand over what is handed over; removed where that is asked."""
        rows, end = self._looked(_ATTEMPTS, before, after, most, ("", "", 0), 3)
        gone = [{"of": row.dispatch, "nth": row.number} for row in rows if row.free]
        return self._rows(rows, _ATTEMPT_GONE, gone if remove else [], end)

    def notices(self, before: datetime, after: str, most: int, *, remove: bool) -> Piece:
        """Notices that were sent, or given up."""
        return self._by_id(_NOTICES, _NOTICE_GONE, before, after, most, remove=remove)

    def alerts(self, before: datetime, after: str, most: int, *, remove: bool) -> Piece:
        """Alerts that are closed and have no notice any more."""
        return self._by_id(_ALERTS, _ALERT_GONE, before, after, most, remove=remove)

    def _by_id(
        self, find: Prepared, gone: Prepared, before: datetime, after: str, most: int, *, remove: bool
    ) -> Piece:  # fmt: skip
        rows, end = self._looked(find, before, after, most, ("", ""), 2)
        return self._rows(rows, gone, [{"known": row.id} for row in rows if row.free and remove], end)

    def _rows(self, rows: Sequence[Any], gone: Prepared, named: Sequence[Mapping[str, Any]], end: str) -> Piece:
        if named:
            self._session.run(gone, named)
        return Piece(tuple((str(row[1]), 0) for row in rows if row.free), len(rows), end)

    def _looked(
        self, find: Prepared, before: datetime, after: str, most: int, first: tuple[Any, ...], width: int
    ) -> tuple[list[Any], str]:  # fmt: skip
        """The next old rows, and where those after them begin."""
        self._session.flush()
        known = json.loads(after) if after else first
        place = {f"after_{at}": value for at, value in enumerate(known)}
        rows = self._session.rows(find, {"before": to_text(before), "most": most, **place})
        return rows, json.dumps(list(rows[-1][:width])) if len(rows) == most else ""
