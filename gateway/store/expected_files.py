"""Files that partners are to bring on a day: which came, which did not, which came late."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from gateway.exchange.promises import ExpectedFile, ExpectedState
from gateway.kernel.ids import ReceiptId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import expected_files
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_FIND = Prepared(
    select(expected_files).where(expected_files.c.key == bindparam("wanted"), expected_files.c.day == bindparam("on"))
)
_SINCE = Prepared(
    select(expected_files)
    .where(expected_files.c.key == bindparam("wanted"), expected_files.c.day >= bindparam("on"))
    .order_by(expected_files.c.day)
)
_LAST = Prepared(
    select(expected_files.c.key, func.max(expected_files.c.day).label("last"))
    .where(Among(expected_files.c.key, "wanted"))
    .group_by(expected_files.c.key)
)
_INSERT = Prepared(insert(expected_files))
_UPDATE = Prepared(
    update(expected_files)
    .where(expected_files.c.key == bindparam("known"), expected_files.c.day == bindparam("on"))
    .values(state=bindparam("new_state"), receipt=bindparam("its_receipt"), at=bindparam("moment"))
)


class ExpectedFiles:
    """What one unit of work knows of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str, day: date) -> ExpectedFile | None:
        """What became of the file of a day; None while nothing is known."""
        row = self._session.first(_FIND, {"wanted": key, "on": day.isoformat()})
        return _expected(row) if row is not None else None

    def note(self, expected: ExpectedFile) -> bool:
        """What became of it; False when that was known."""
        self._session.alone_with(f"expected:{expected.key}")
        known = self.get(expected.key, expected.day)
        if known is not None and (known.state, known.receipt) == (expected.state, expected.receipt):
            return False
        own = {"state": expected.state.value, "receipt": expected.receipt, "at": to_text(expected.at)}
        day = expected.day.isoformat()
        if known is None:
            self._session.run(_INSERT, [{"key": expected.key, "day": day, **own}])
        else:
            new = {"new_state": own["state"], "its_receipt": own["receipt"], "moment": own["at"]}
            self._session.run(_UPDATE, [{"known": expected.key, "on": day, **new}])
        return True

    def since(self, key: str, day: date) -> list[ExpectedFile]:
        """What became of the files of a day and all later ones, by day."""
        return [_expected(row) for row in self._session.rows(_SINCE, {"wanted": key, "on": day.isoformat()})]

    def last_days(self, keys: Iterable[str]) -> Mapping[str, date]:
        """The last day of each key of which something is known."""
        found = self._session.rows(_LAST, {"wanted": self._session.listed(keys)})
        return {row.key: date.fromisoformat(row.last) for row in found}


def _expected(row: Any) -> ExpectedFile:
    return ExpectedFile(
        key=row.key, day=date.fromisoformat(row.day), state=ExpectedState(row.state), at=to_moment(row.at),
        receipt=ReceiptId(row.receipt) if row.receipt is not None else None,
    )  # fmt: skip
