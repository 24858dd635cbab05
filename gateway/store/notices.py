"""How notices leave: which holds nobody was told of, which notices go over which route, what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, false, func, literal, literal_column, or_, select, update

from gateway.exchange.alerts import Alert, Change, Letter, Notice, NoticeState, Untold
from gateway.kernel.ids import NoticeId, PartnerId
from gateway.store.alerts import alert_of, notice_of
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    OPEN_ALERT,
    UNSENT,
    WAITING,
    alert_notices,
    alerts,
    file_holds,
    order_events,
    orders,
    receipts,
)
from gateway.store.session import Session
from gateway.store.statements import Prepared

HOLD = "hold"
"""The kind of the alerts that tell of a hold; the key is this, a colon, and the id of the hold or the number of the order."""
AT_ONCE, LETTERS_AT_ONCE = 100, 10_000
TOLD_ELSEWHERE = ("A-REJECTED", "D-GIVEN-UP")
"""Codes of holds whose alerts are opened by who lists them, together with more."""
_ON_HOLD = and_(orders.c.status == literal_column("'on_hold'"), orders.c.test.is_(false()))
_told_of_file = exists().where(alerts.c.key == literal(f"{HOLD}:") + file_holds.c.id)
_TARGET = func.substr(alerts.c.key, len(HOLD) + 2)
_held_again = exists().where(
    order_events.c.order_number == _TARGET, order_events.c.type == literal_column("'OrderHeld'"),
    order_events.c.at > alerts.c.closed_at,
)  # fmt: skip
_told_of_order = exists().where(
    alerts.c.key == literal(f"{HOLD}:") + orders.c.number,
    or_(OPEN_ALERT, and_(alerts.c.note != literal_column("''"), ~_held_again)),
)
"""Who ended an alert by hand while the order is on hold is not told again before it is held again."""
_UNTOLD_FILES = Prepared(
    select(
        file_holds.c.id, file_holds.c.partner, file_holds.c.code, file_holds.c.reason, file_holds.c.reference,
        file_holds.c.file_name, receipts.c.documents,
    )
    .select_from(file_holds.outerjoin(receipts, receipts.c.id == file_holds.c.receipt))
    .where(WAITING, file_holds.c.code.not_in([literal_column(f"'{each}'") for each in TOLD_ELSEWHERE]), ~_told_of_file)
    .order_by(file_holds.c.since, file_holds.c.id).limit(AT_ONCE)
)  # fmt: skip
_UNTOLD_ORDERS = Prepared(
    select(orders.c.number, orders.c.partner).where(_ON_HOLD, ~_told_of_order)
    .order_by(orders.c.sequence).limit(AT_ONCE)
)  # fmt: skip
_SETTLED = Prepared(
    select(alerts).where(
        OPEN_ALERT, alerts.c.kind == literal_column(f"'{HOLD}'"),
        ~exists().where(file_holds.c.id == _TARGET, WAITING),
        ~exists().where(orders.c.number == _TARGET, orders.c.status == literal_column("'on_hold'")),
    ).order_by(alerts.c.opened_at, alerts.c.id).limit(AT_ONCE)
)  # fmt: skip
_PROCESSES = Prepared(
    select(alerts.c.key, alerts.c.opened_at)
    .where(OPEN_ALERT, alerts.c.kind == literal_column("'worker'"))
)  # fmt: skip
_ORDER = (alert_notices.c.due_at, alert_notices.c.id)
_ROUTED = alert_notices.c.route != literal_column("''")
_UNROUTED = Prepared(
    select(alert_notices)
    .where(UNSENT, alert_notices.c.route == literal_column("''")).order_by(*_ORDER).limit(AT_ONCE)
)  # fmt: skip
_NOT_FAILED = alert_notices.c.state != literal_column("'failed'")
"""What was over before it was told says nothing about when somebody was told last."""
_OF_CAUSE = Prepared(
    select(alert_notices).select_from(alert_notices.join(alerts, alerts.c.id == alert_notices.c.alert))
    .where(
        alerts.c.cause == bindparam("of"), alert_notices.c.route == bindparam("over"),
        alert_notices.c.change == bindparam("what"), _NOT_FAILED,
    ).order_by(alert_notices.c.due_at.desc()).limit(1)
)  # fmt: skip
_OF_KEY = Prepared(
    select(alert_notices).select_from(alert_notices.join(alerts, alerts.c.id == alert_notices.c.alert))
    .where(
        alerts.c.key == bindparam("of"), alert_notices.c.route == bindparam("over"),
        alert_notices.c.change == bindparam("what"), _NOT_FAILED,
    ).order_by(alert_notices.c.due_at.desc()).limit(1)
)  # fmt: skip
_DUE_ROUTES = Prepared(
    select(alert_notices.c.route, func.min(alert_notices.c.due_at).label("moment"))
    .where(UNSENT, _ROUTED, alert_notices.c.due_at <= bindparam("until"))
    .group_by(alert_notices.c.route).order_by(alert_notices.c.route)
)  # fmt: skip
_LETTERS = Prepared(
    select(alert_notices, alerts.c.cause)
    .select_from(alert_notices.outerjoin(alerts, alerts.c.id == alert_notices.c.alert))
    .where(UNSENT, alert_notices.c.route == bindparam("over"), alert_notices.c.due_at <= bindparam("until"))
    .order_by(*_ORDER).limit(LETTERS_AT_ONCE).with_for_update(of=alert_notices)
)  # fmt: skip
_FAILING = Prepared(
    select(func.max(alert_notices.c.attempts).label("most")).where(UNSENT, alert_notices.c.route == bindparam("over"))
)
_KNOWN = alert_notices.c.id == bindparam("known")
_COMPOSE = Prepared(update(alert_notices).where(UNSENT, _KNOWN).values(body=bindparam("text")))
_SENT = Prepared(
    update(alert_notices).where(UNSENT, _KNOWN)
    .values(state=bindparam("new_state"), attempts=alert_notices.c.attempts + 1, last_error=bindparam("error"),
            sent_at=bindparam("moment"))
)  # fmt: skip
_AGAIN = Prepared(
    update(alert_notices).where(UNSENT, _KNOWN)
    .values(body=bindparam("text"), due_at=bindparam("moment"), attempts=bindparam("tries"))
)  # fmt: skip
_HASTEN = Prepared(
    update(alert_notices)
    .where(
        UNSENT, alert_notices.c.route == bindparam("over"),
        or_(
            alert_notices.c.attempts > literal_column("0"),
            and_(
                alert_notices.c.change.in_([literal_column("'opened'"), literal_column("'closed'")]),
                alert_notices.c.due_at > bindparam("usual"),
            ),
        ),
    ).values(due_at=bindparam("moment"))
)  # fmt: skip


class Notices:
    """The notices of one unit of work, on their way."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def untold(self) -> list[Untold]:
        """Holds of files and orders on hold that have no alert, so many at once."""
        files = [_of_file(row) for row in self._session.rows(_UNTOLD_FILES, {})]
        on_hold = self._session.rows(_UNTOLD_ORDERS, {})
        return [*files, *(Untold(row.number, True, PartnerId(row.partner)) for row in on_hold)]  # noqa: FBT003 - a field

    def settled(self) -> list[Alert]:
        """Open alerts of holds that have ended."""
        return [alert_of(row) for row in self._session.rows(_SETTLED, {})]

    def processes(self) -> Mapping[str, datetime]:
        """Since when alerts are open that tell of processes that died, by their keys."""
        return {row.key: to_moment(row.opened_at) for row in self._session.rows(_PROCESSES, {})}

    def unrouted(self) -> list[Notice]:
        """Changes that are still to be shared out, the oldest first, so many at once."""
        return [notice_of(row) for row in self._session.rows(_UNROUTED, {})]

    def last_of_cause(self, route: str, change: Change, cause: str) -> Notice | None:
        """The latest notice that tells, or told, over a route of such a change of something with the same cause."""
        row = self._session.first(_OF_CAUSE, {"of": cause, "over": route, "what": change.value})
        return notice_of(row) if row is not None else None

    def due_routes(self, now: datetime) -> list[tuple[str, datetime]]:
        """The routes over which something is to leave by now, each with its earliest moment."""
        rows = self._session.rows(_DUE_ROUTES, {"until": to_text(now)})
        return [(row.route, to_moment(row.moment)) for row in rows]

    def letters(self, route: str, now: datetime) -> list[Letter]:
        """What is to leave over a route by now, in its order; nobody takes one back until the end of the transaction."""
        rows = self._session.rows(_LETTERS, {"over": route, "until": to_text(now)})
        return [Letter(notice_of(row), row.cause or "") for row in rows]

    def compose(self, bodies: Mapping[NoticeId, str]) -> None:
        """Keep what notices say from now on, however often they are sent."""
        if bodies:
            self._session.run(_COMPOSE, [{"known": each, "text": body} for each, body in bodies.items()])

    def sent(self, notices: Sequence[NoticeId], at: datetime) -> None:
        """All of these left."""
        row = {"new_state": NoticeState.SENT.value, "error": None, "moment": to_text(at)}
        if notices:
            self._session.run(_SENT, [{"known": each, **row} for each in notices])

    def again(self, notice: NoticeId, at: datetime) -> None:
        """Let one that recurs come again at a moment, and say then what is so then."""
        self._session.run(_AGAIN, [{"known": notice, "text": "", "moment": to_text(at), "tries": 0}])

    def hasten(self, route: str, at: datetime, *, usual: datetime) -> None:
        """A route works: what could not leave over it leaves at once, and with it what waits for longer than is ``usual``."""
        self._session.run(_HASTEN, [{"over": route, "moment": to_text(at), "usual": to_text(usual)}])

    def last_of_key(self, route: str, change: Change, key: str) -> Notice | None:
        """The latest notice that tells, or told, over a route of such a change of what has the same key."""
        row = self._session.first(_OF_KEY, {"of": key, "over": route, "what": change.value})
        return notice_of(row) if row is not None else None

    def failing(self, route: str) -> int:
        """How often that was tried in vain which waits for a route."""
        return self._session.first(_FAILING, {"over": route}).most or 0


def _of_file(row: Any) -> Untold:
    return Untold(
        target=row.id, is_order=False, partner=PartnerId(row.partner), code=row.code, reason=row.reason,
        reference=row.reference or row.file_name, documents=tuple((row.documents or "").split()),
    )  # fmt: skip
