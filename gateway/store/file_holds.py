"""Files and documents that wait for somebody."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from gateway.exchange.receipt import FileHold
from gateway.kernel.ids import HoldId, PartnerId, ReceiptId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import WAITING, file_holds
from gateway.store.session import Session
from gateway.store.statements import Prepared

_INSERT_HOLD = Prepared(insert(file_holds))
_TOLD = [file_holds.c[name] for name in ("since", "partner", "file_name", "reference", "code", "reason", "id")]
_HOLDS = Prepared(select(file_holds).where(WAITING).order_by(*_TOLD))
_HOLDS_ABOUT = Prepared(
    select(file_holds).where(WAITING, file_holds.c.reference == bindparam("about")).order_by(*_TOLD)
)
_LISTED = Prepared(select(file_holds.c.id, file_holds.c.open).where(file_holds.c.key == bindparam("wanted")))
_END_LISTED = Prepared(
    update(file_holds)
    .where(file_holds.c.key == bindparam("listed_key"), file_holds.c.open)
    .values(open=bindparam("still"), note=bindparam("why"))
)


class FileHolds:
    """The file holds of one unit of work; they are few and written at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, hold: FileHold) -> None:
        """A file or document that waits; one with a key that is listed already is not listed again."""
        if hold.key:
            self._session.alone_with(f"hold:{hold.key}")
        listed = self._session.rows(_LISTED, {"wanted": hold.key}) if hold.key else ()
        if any(each.open for each in listed):
            return
        row = {
            "id": hold.id, "type": hold.type, "code": hold.code, "reason": hold.reason, "since": to_text(hold.since),
            "partner": hold.partner, "receipt": hold.receipt, "file_name": hold.file_name, "reference": hold.reference,
            "key": hold.key, "open": True, "note": None, "figures": hold.figures or None,
        }  # fmt: skip
        self._session.run(_INSERT_HOLD, [row])

    def holds(self, *, about: str | None = None) -> list[FileHold]:
        """The open holds, or those about one shipment, order or document; oldest first."""
        rows = self._session.rows(_HOLDS, {}) if about is None else self._session.rows(_HOLDS_ABOUT, {"about": about})
        return [_hold(row) for row in rows]

    def end_listed(self, key: str, note: str) -> bool:
        """Close what is listed once under a key; False when nothing is."""
        if not any(each.open for each in self._session.rows(_LISTED, {"wanted": key})):
            return False
        return self._session.run(_END_LISTED, [{"listed_key": key, "still": False, "why": note}]) > 0

    def was_listed(self, key: str) -> bool:
        """Whether something was ever listed under a key, open or not."""
        return self._session.first(_LISTED, {"wanted": key}) is not None

    def open_keys(self, codes: Iterable[str]) -> list[str]:
        """Under which keys holds of some codes are open."""
        keys = select(file_holds.c.key).where(WAITING, file_holds.c.code.in_(list(codes)), file_holds.c.key != "")
        return [each.key for each in self._session.execute(keys)]

    def end_hold(self, hold: HoldId, note: str) -> bool:
        """Close a hold, with the reason that was given; False when it was not open."""
        where = (file_holds.c.id == hold) & file_holds.c.open
        return self._session.execute(update(file_holds).where(where).values(open=False, note=note)).rowcount == 1


def _hold(row: Any) -> FileHold:
    return FileHold(
        id=HoldId(row.id), type=row.type, code=row.code, reason=row.reason, since=to_moment(row.since),
        partner=PartnerId(row.partner), receipt=ReceiptId(row.receipt) if row.receipt is not None else None,
        file_name=row.file_name, reference=row.reference, key=row.key, figures=row.figures or "",
    )  # fmt: skip
