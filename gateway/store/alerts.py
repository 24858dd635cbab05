"""What somebody must be told, and the notices of it: each change of an alert goes over each route once."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from gateway.exchange.alerts import UNROUTED, Alert, Change, Notice, NoticeState, Severity
from gateway.kernel.ids import AlertId, NoticeId, PartnerId
from gateway.store.moments import maybe_to_moment, maybe_to_text, to_moment, to_text
from gateway.store.schema import OPEN_ALERT, UNSENT, alert_notices, alerts
from gateway.store.session import Session
from gateway.store.statements import Prepared

_ORDER = (alerts.c.opened_at, alerts.c.id)
_OPEN = Prepared(select(alerts).where(OPEN_ALERT).order_by(*_ORDER))
_ALL = Prepared(select(alerts).order_by(*_ORDER))
_FIND = Prepared(select(alerts).where(alerts.c.id == bindparam("wanted")))
_OPEN_OF_KEY = Prepared(select(alerts).where(OPEN_ALERT, alerts.c.key == bindparam("wanted")))
_INSERT = Prepared(insert(alerts))
_MET_AGAIN = Prepared(
    update(alerts).where(alerts.c.id == bindparam("known")).values(times=alerts.c.times + 1, reason=bindparam("why"))
)
_CLOSE = Prepared(
    update(alerts).where(alerts.c.id == bindparam("known")).values(closed_at=bindparam("moment"), note=bindparam("why"))
)
_NOTICE_ORDER = (alert_notices.c.due_at, alert_notices.c.id)
_DUE = Prepared(
    select(alert_notices).where(UNSENT, alert_notices.c.due_at <= bindparam("until")).order_by(*_NOTICE_ORDER)
)
_NEXT = Prepared(select(func.min(alert_notices.c.due_at).label("moment")).where(UNSENT))
_ABOUT = Prepared(select(alert_notices).where(alert_notices.c.alert == bindparam("wanted")).order_by(*_NOTICE_ORDER))
_SAME = Prepared(
    select(alert_notices.c.id).where(
        alert_notices.c.alert == bindparam("of"), alert_notices.c.route == bindparam("over"),
        alert_notices.c.change == bindparam("what"),
    )
)  # fmt: skip
_INSERT_NOTICE = Prepared(insert(alert_notices))
_TRIED = Prepared(
    update(alert_notices)
    .where(UNSENT, alert_notices.c.id == bindparam("known"))
    .values(
        state=bindparam("new_state"), attempts=alert_notices.c.attempts + 1, last_error=bindparam("error"),
        due_at=func.coalesce(bindparam("again"), alert_notices.c.due_at), sent_at=bindparam("moment"),
    )
)  # fmt: skip
_WITHDRAW = Prepared(
    update(alert_notices)
    .where(UNSENT, alert_notices.c.body == literal_column("''"), alert_notices.c.id == bindparam("known"))
    .values(state=bindparam("new_state"), last_error=bindparam("error"))
)


class Alerts:
    """The alerts of one unit of work; they are few and written at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, alert: Alert) -> bool:
        """Tell it, with a notice that is to be shared out; False when its key is open: then it is counted only."""
        self._session.alone_with(f"alert:{alert.key}")
        known = self._session.first(_OPEN_OF_KEY, {"wanted": alert.key})
        if known is not None:
            self._session.run(_MET_AGAIN, [{"known": known.id, "why": alert.reason}])
            return False
        row = {
            "id": alert.id, "key": alert.key, "kind": alert.kind, "code": alert.code,
            "severity": alert.severity.value, "partner": alert.partner, "document": alert.document,
            "reference": alert.reference, "cause": alert.cause, "reason": alert.reason,
            "risk": str(alert.risk) if alert.risk is not None else None, "currency": alert.currency,
            "opened_at": to_text(alert.opened_at), "closed_at": None, "times": 1, "note": None,
        }  # fmt: skip
        self._session.run(_INSERT, [row])
        self._unrouted(alert.id, Change.OPENED, alert.opened_at)
        return True

    def close(self, key: str, note: str, at: datetime) -> bool:
        """It is over, with a notice that is to be shared out; False when nothing of this key was open."""
        self._session.alone_with(f"alert:{key}")
        known = self._session.first(_OPEN_OF_KEY, {"wanted": key})
        if known is None:
            return False
        self._session.run(_CLOSE, [{"known": known.id, "moment": to_text(at), "why": note}])
        self._unrouted(AlertId(known.id), Change.CLOSED, at)
        return True

    def get(self, alert: AlertId) -> Alert | None:
        """An alert by its id, open or not."""
        row = self._session.first(_FIND, {"wanted": alert})
        return alert_of(row) if row is not None else None

    def listed(self, *, open_only: bool = True) -> list[Alert]:
        """The alerts that are open, or all, the oldest first."""
        return [alert_of(row) for row in self._session.rows(_OPEN if open_only else _ALL, {})]

    def notices(self, due: datetime) -> list[Notice]:
        """The notices that are to be sent by now, the oldest first; those without a route are to be shared out."""
        return [notice_of(row) for row in self._session.rows(_DUE, {"until": to_text(due)})]

    def next_due(self) -> datetime | None:
        """When the next notice is to be sent; None when none waits."""
        return maybe_to_moment(self._session.first(_NEXT, {}).moment)

    def notices_of(self, alert: AlertId) -> list[Notice]:
        """Every notice of an alert."""
        return [notice_of(row) for row in self._session.rows(_ABOUT, {"wanted": alert})]

    def add_notice(self, notice: Notice) -> bool:
        """One more; False when this change of the alert has one for this route already."""
        self._session.alone_with(f"notices:{notice.alert or notice.id}")
        same = {"of": notice.alert, "over": notice.route, "what": notice.change.value}
        if notice.alert is not None and self._session.first(_SAME, same) is not None:
            return False
        row = {
            "id": notice.id, "alert": notice.alert, "route": notice.route, "change": notice.change.value,
            "body": notice.body, "due_at": to_text(notice.due_at), "state": notice.state.value,
            "attempts": notice.attempts, "last_error": notice.last_error or None,
            "sent_at": maybe_to_text(notice.sent_at),
        }  # fmt: skip
        self._session.run(_INSERT_NOTICE, [row])
        return True

    def sent(self, notice: NoticeId, at: datetime) -> bool:
        """It left, or was shared out; False when it did not wait any more."""
        return self._tried(notice, NoticeState.SENT, sent_at=at)

    def failed(self, notice: NoticeId, error: str, *, again_at: datetime | None) -> bool:
        """It could not leave and is tried again at a moment, or never where there is none; False when it did not wait."""
        state = NoticeState.WAITING if again_at is not None else NoticeState.FAILED
        return self._tried(notice, state, error=error, again_at=again_at)

    def withdraw(self, notice: NoticeId, why: str) -> bool:
        """Nobody is told it; False when it is put together already, or left."""
        row = {"known": notice, "new_state": NoticeState.FAILED.value, "error": why}
        return self._session.run(_WITHDRAW, [row]) > 0

    def _tried(
        self,
        notice: NoticeId,
        state: NoticeState,
        *,
        error: str | None = None,
        again_at: datetime | None = None,
        sent_at: datetime | None = None,
    ) -> bool:
        moments = {"again": maybe_to_text(again_at), "moment": maybe_to_text(sent_at)}
        row = {"known": notice, "new_state": state.value, "error": error, **moments}
        return self._session.run(_TRIED, [row]) > 0

    def _unrouted(self, alert: AlertId, change: Change, at: datetime) -> None:
        self.add_notice(Notice(NoticeId(uuid.uuid4().hex), alert, UNROUTED, change, at))


def alert_of(row: Any) -> Alert:
    """An alert as it stands in its row."""
    return Alert(
        id=AlertId(row.id), key=row.key, kind=row.kind, severity=Severity(row.severity), reason=row.reason,
        opened_at=to_moment(row.opened_at), code=row.code, partner=PartnerId(row.partner), document=row.document,
        reference=row.reference, cause=row.cause, risk=Decimal(row.risk) if row.risk is not None else None,
        currency=row.currency, closed_at=maybe_to_moment(row.closed_at), times=row.times, note=row.note or "",
    )  # fmt: skip


def notice_of(row: Any) -> Notice:
    """A notice as it stands in its row."""
    return Notice(
        id=NoticeId(row.id), alert=AlertId(row.alert) if row.alert is not None else None, route=row.route,
        change=Change(row.change), due_at=to_moment(row.due_at), body=row.body, state=NoticeState(row.state),
        attempts=row.attempts, last_error=row.last_error or "", sent_at=maybe_to_moment(row.sent_at),
    )  # fmt: skip
