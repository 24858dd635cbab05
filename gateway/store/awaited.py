"""Answers to what we sent: which are awaited until when, and what was said at last."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, select, update

from gateway.exchange.expected import AnswerState, Awaited
from gateway.kernel.ids import DispatchId, PartnerId
from gateway.store.moments import maybe_to_moment, to_moment, to_text
from gateway.store.schema import AWAITED, dispatches, owed_documents
from gateway.store.session import Session
from gateway.store.statements import Prepared

_EXPECTED, _OVERDUE, _DELIVERED = "expected", "overdue", "delivered"
_SHOWN = [
    dispatches.c[name] for name in (
        "id", "partner", "document", "number", "order_number", "control_number", "file_name", "documents",
        "delivered_at", "answer_due", "answer_state",
    )
]  # fmt: skip
_ORDER = (dispatches.c.answer_due, dispatches.c.sequence)
_THERE = dispatches.c.delivered_at.is_not(None)
_AGREED = Prepared(select(*_SHOWN).where(AWAITED, _THERE).order_by(*_ORDER))
_LATE = Prepared(select(*_SHOWN).where(AWAITED, _THERE, dispatches.c.answer_due < bindparam("now")).order_by(*_ORDER))
_NOT_AGREED = Prepared(
    select(*_SHOWN)
    .where(
        dispatches.c.answer_due.is_(None), dispatches.c.answer_state == bindparam("awaited"),
        dispatches.c.state == bindparam("there"),
    )
    .order_by(dispatches.c.sequence)
)  # fmt: skip
_NEWLY = Prepared(
    select(dispatches.c.id)
    .where(
        AWAITED, _THERE, dispatches.c.answer_due < bindparam("now"), dispatches.c.answer_state == bindparam("awaited"),
        dispatches.c.state == bindparam("there"),
    )
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)  # fmt: skip
_BEGIN = Prepared(
    update(dispatches).where(dispatches.c.id == bindparam("known_id"), AWAITED).values(answer_due=bindparam("until"))
)
_MISS = Prepared(
    update(dispatches)
    .where(dispatches.c.id == bindparam("known_id"), AWAITED, dispatches.c.answer_state == bindparam("before"))
    .values(answer_state=bindparam("new_state"))
)
_ONE = Prepared(select(*_SHOWN).where(dispatches.c.id == bindparam("wanted")))
_SETTLE = Prepared(
    update(dispatches)
    .where(dispatches.c.id == bindparam("known_id"))
    .values(answer_state=bindparam("new_state"), answer_due=null())
)
_SETTLE_SET = Prepared(
    update(owed_documents)
    .where(owed_documents.c.dispatch == bindparam("file"), owed_documents.c.set_number == bindparam("as_set"))
    .values(answer_state=bindparam("new_state"))
)
_SETS = Prepared(select(owed_documents.c.answer_state).where(owed_documents.c.dispatch == bindparam("file")))
MOST = 1000
"""So many documents are found overdue at once."""


class AwaitedAnswers:
    """The clock of what one unit of work sent."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, due: Mapping[DispatchId, datetime]) -> None:
        """Files are delivered: from now on an answer to each is awaited until a moment.

        A partner who takes a file at once may have answered before its delivery is noted; nothing is awaited then.
        """
        if due:
            self._session.flush()
            self._session.run(_BEGIN, [{"known_id": each, "until": to_text(until)} for each, until in due.items()])

    def newly_overdue(self, now: datetime) -> list[DispatchId]:
        """Files whose answer should be there and of which that is not known yet, the longest due first."""
        asked = {"now": to_text(now), "awaited": _EXPECTED, "there": _DELIVERED, "most": MOST}
        return [DispatchId(row.id) for row in self._session.rows(_NEWLY, asked)]

    def miss(self, dispatch: DispatchId) -> Awaited | None:
        """Call an answer overdue; None when it came, or is called so already."""
        self._session.alone_with(f"answers:{dispatch}")
        row = {"known_id": dispatch, "before": _EXPECTED, "new_state": _OVERDUE}
        if self._session.run(_MISS, [row]) == 0:
            return None
        return self.get(dispatch)

    def get(self, dispatch: DispatchId) -> Awaited | None:
        """A file to which an answer is or was awaited."""
        row = self._session.first(_ONE, {"wanted": dispatch})
        return _awaited(row) if row is not None and row.answer_state and row.delivered_at else None

    def settle(self, dispatch: DispatchId, state: AnswerState) -> None:
        """What the answers make of a file; nothing more is awaited."""
        self._session.flush()
        self._session.run(_SETTLE, [{"known_id": dispatch, "new_state": state.value}])

    def settle_sets(self, dispatch: DispatchId, states: Mapping[str, AnswerState]) -> list[AnswerState]:
        """What the answers make of single documents of a file, by their set numbers; the states of all of them then."""
        self._session.flush()
        if states:
            rows = [{"file": dispatch, "as_set": name, "new_state": each.value} for name, each in states.items()]
            self._session.run(_SETTLE_SET, rows)
        found = self._session.rows(_SETS, {"file": dispatch})
        return [AnswerState(row.answer_state or _EXPECTED) for row in found]

    def listed(self, partner: PartnerId | None = None) -> list[Awaited]:
        """Every file to which an answer is awaited, the first to be due first; then those with no time agreed."""
        found = [*self._session.rows(_AGREED, {})]
        found += self._session.rows(_NOT_AGREED, {"awaited": _EXPECTED, "there": _DELIVERED})
        return list(_of(found, partner))

    def overdue(self, now: datetime, partner: PartnerId | None = None) -> list[Awaited]:
        """The files whose answer should be there, the longest due first."""
        return list(_of(self._session.rows(_LATE, {"now": to_text(now)}), partner))


def _of(rows: list[Any], partner: PartnerId | None) -> Iterator[Awaited]:
    yield from (_awaited(row) for row in rows if partner in (None, row.partner))


def _awaited(row: Any) -> Awaited:
    return Awaited(
        dispatch=DispatchId(row.id), partner=PartnerId(row.partner), document=row.document, number=row.number,
        order_number=row.order_number, control_number=row.control_number, file_name=row.file_name,
        documents=row.documents, delivered_at=to_moment(row.delivered_at), due=maybe_to_moment(row.answer_due),
        state=AnswerState(row.answer_state),
    )  # fmt: skip
