"""What was promised to be done by when: running, kept, missed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from gateway.exchange.promises import Promise, PromiseState
from gateway.kernel.ids import PartnerId
from gateway.store.moments import maybe_to_moment, maybe_to_text, to_moment, to_text
from gateway.store.schema import RUNNING, clocks
from gateway.store.session import Session
from gateway.store.statements import Prepared

_ORDER = (clocks.c.due_at, clocks.c.key)
_FIND = Prepared(select(clocks).where(clocks.c.key == bindparam("wanted")))
_RUNNING = Prepared(select(clocks).where(RUNNING).order_by(*_ORDER))
_UNDER = Prepared(
    select(clocks)
    .where(RUNNING, clocks.c.key >= bindparam("first"), clocks.c.key < bindparam("beyond"))
    .order_by(*_ORDER)
)
_NEWLY = Prepared(
    select(clocks.c.key)
    .where(RUNNING, clocks.c.due_at < bindparam("now"), clocks.c.state == bindparam("so_far"))
    .order_by(*_ORDER)
)
_ALL = Prepared(select(clocks).order_by(*_ORDER))
_DUE = Prepared(select(clocks).where(RUNNING, clocks.c.due_at < bindparam("now")).order_by(*_ORDER))
_OF_PARTNER = Prepared(select(clocks).where(clocks.c.partner == bindparam("wanted")).order_by(*_ORDER))
_INSERT = Prepared(insert(clocks))
_SET = Prepared(
    update(clocks)
    .where(clocks.c.key == bindparam("known"))
    .values(state=bindparam("new_state"), stopped_at=bindparam("moment"))
)


class Clocks:
    """The promises of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, promise: Promise) -> bool:
        """Measure from now on; False when it is, or was, measured already."""
        self._session.alone_with(f"clock:{promise.key}")
        if self.get(promise.key) is not None:
            return False
        row = {
            "key": promise.key, "measure": promise.measure, "partner": promise.partner, "subject": promise.subject,
            "started_at": to_text(promise.started_at), "due_at": to_text(promise.due_at),
            "stopped_at": maybe_to_text(promise.stopped_at), "state": promise.state.value,
            "risk": str(promise.risk) if promise.risk is not None else None, "currency": promise.currency,
        }  # fmt: skip
        self._session.run(_INSERT, [row])
        return True

    def stop(self, key: str, at: datetime) -> Promise | None:
        """It is done: kept, or missed when it is later than was promised; None when nothing of this key runs."""
        self._session.alone_with(f"clock:{key}")
        known = self.get(key)
        if known is None or known.stopped_at is not None:
            return None
        late = known.state is PromiseState.MISSED or at > known.due_at
        state = PromiseState.MISSED if late else PromiseState.KEPT
        self._session.run(_SET, [{"known": key, "new_state": state.value, "moment": to_text(at)}])
        return self.get(key)

    def miss(self, key: str) -> bool:
        """It was not done in time; it runs on. False when that is known, or nothing of this key runs."""
        self._session.alone_with(f"clock:{key}")
        known = self.get(key)
        if known is None or known.state is not PromiseState.RUNNING:
            return False
        self._session.run(_SET, [{"known": key, "new_state": PromiseState.MISSED.value, "moment": None}])
        return True

    def get(self, key: str) -> Promise | None:
        """A promise by its key."""
        row = self._session.first(_FIND, {"wanted": key})
        return _promise(row) if row is not None else None

    def overdue(self, now: datetime) -> list[Promise]:
        """What should be done by now and is not, the most urgent first; what is known to be missed is among it."""
        return [_promise(row) for row in self._session.rows(_DUE, {"now": to_text(now)})]

    def newly_overdue(self, now: datetime) -> list[str]:
        """The keys of what should be done by now, and is not known to be missed."""
        asked = {"now": to_text(now), "so_far": PromiseState.RUNNING.value}
        return [row.key for row in self._session.rows(_NEWLY, asked)]

    def running(self, under: str = "") -> list[Promise]:
        """What is not done yet, the most urgent first; only keys that begin with a text and go on with a blank."""
        if under:
            asked = {"first": f"{under} ", "beyond": f"{under}!"}
            return [_promise(row) for row in self._session.rows(_UNDER, asked)]
        return [_promise(row) for row in self._session.rows(_RUNNING, {})]

    def all(self) -> list[Promise]:
        """Everything that was ever measured."""
        return [_promise(row) for row in self._session.rows(_ALL, {})]

    def of_partner(self, partner: PartnerId) -> list[Promise]:
        """Everything that was ever measured for a partner."""
        return [_promise(row) for row in self._session.rows(_OF_PARTNER, {"wanted": partner})]


def _promise(row: Any) -> Promise:
    return Promise(
        measure=row.measure, partner=PartnerId(row.partner), subject=row.subject, started_at=to_moment(row.started_at),
        due_at=to_moment(row.due_at), stopped_at=maybe_to_moment(row.stopped_at), state=PromiseState(row.state),
        risk=Decimal(row.risk) if row.risk is not None else None, currency=row.currency,
    )  # fmt: skip
