"""Tries to hand over what leaves: rows are only ever added."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, not_, select

from gateway.exchange.dispatch import Attempt, AttemptOutcome, Tried
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import UNDELIVERED, attempts, dispatches
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_OF = Prepared(select(attempts).where(attempts.c.dispatch == bindparam("wanted")).order_by(attempts.c.number))
_OF_SEVERAL = Prepared(
    select(attempts).where(Among(attempts.c.dispatch, "wanted")).order_by(attempts.c.dispatch, attempts.c.number)
)
_LAST = Prepared(select(func.max(attempts.c.number).label("number")).where(attempts.c.dispatch == bindparam("wanted")))
_file = dispatches.alias("file")
_OPEN = Prepared(
    select(attempts, _file.c.partner, _file.c.channel)
    .select_from(attempts.join(_file, _file.c.id == attempts.c.dispatch))
    .where(
        attempts.c.dispatch.in_(
            select(dispatches.c.id).where(UNDELIVERED, not_(Among(dispatches.c.channel, "besides")))
        )
    )
    .order_by(attempts.c.dispatch, attempts.c.number)
)  # what is to leave is looked at first: of what left, there are years of tries
_INSERT = Prepared(insert(attempts))


class Attempts:
    """The tries of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(
        self, dispatch: DispatchId, outcome: AttemptOutcome, *, at: datetime, milliseconds: int, error: str = ""
    ) -> Attempt:
        """One more try, numbered after those before it."""
        self._session.alone_with(f"attempts:{dispatch}")
        self._session.flush()
        last = self._session.first(_LAST, {"wanted": dispatch}).number or 0
        row = {
            "dispatch": dispatch, "number": last + 1, "at": to_text(at), "milliseconds": milliseconds,
            "outcome": outcome.value, "error": error,
        }  # fmt: skip
        self._session.run(_INSERT, [row])
        return Attempt(dispatch, last + 1, at, milliseconds, outcome, error)

    def of(self, dispatch: DispatchId) -> list[Attempt]:
        """The tries of one file, in their order."""
        return [_attempt(row) for row in self._session.rows(_OF, {"wanted": dispatch})]

    def last(self, dispatches: Iterable[DispatchId]) -> Mapping[DispatchId, Attempt]:
        """The last try of each of these files; its number says how many there were."""
        rows = self._session.rows(_OF_SEVERAL, {"wanted": self._session.listed(dispatches)})
        return {DispatchId(row.dispatch): _attempt(row) for row in rows}

    def open(self, besides: Collection[str] = frozenset()) -> list[Tried]:
        """Each file that is still to leave and was tried before, with its last try; none of some channels."""
        rows = self._session.rows(_OPEN, {"besides": self._session.listed(besides)})
        last = {row.dispatch: row for row in rows}
        return [Tried(_attempt(row), PartnerId(row.partner), ChannelKey(row.channel)) for row in last.values()]


def _attempt(row: Any) -> Attempt:
    return Attempt(
        dispatch=DispatchId(row.dispatch), number=row.number, at=to_moment(row.at), milliseconds=row.milliseconds,
        outcome=AttemptOutcome(row.outcome), error=row.error,
    )  # fmt: skip
