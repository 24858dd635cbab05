"""Documents that leave together: what waits, and in which file and as which set each one left; rows are never deleted."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, literal, select, update

from gateway.exchange.owed import Joining, OwedDocument, WaitingBundle
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import DispatchId, PartnerId, ReceiptId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import owed_documents
from gateway.store.session import Session
from gateway.store.statements import Prepared

_WAITS = owed_documents.c.dispatch.is_(None)
_INSERT = Prepared(
    insert(owed_documents).values(
        {each.name: bindparam(each.name) for each in owed_documents.c if not each.primary_key}
    )
)
_BUNDLES = (
    select(
        owed_documents.c.partner, owed_documents.c.bundle, func.min(owed_documents.c.sequence).label("first"),
        func.min(owed_documents.c.created_at).label("since"),
    )
    .where(_WAITS)
    .group_by(owed_documents.c.partner, owed_documents.c.bundle)
    .order_by(func.min(owed_documents.c.sequence))
)  # fmt: skip
_WAITING = (
    select(owed_documents)
    .where(_WAITS, owed_documents.c.bundle == bindparam("wanted"))
    .order_by(owed_documents.c.sequence)
    .limit(bindparam("most"))
    .with_for_update()
)
_LEAVE = (
    update(owed_documents)
    .where(_WAITS, owed_documents.c.sequence == bindparam("known"))
    .values(dispatch=bindparam("file"), set_number=bindparam("as_set"), content=None)
)
_RENAME = (
    update(owed_documents)
    .where(_WAITS, owed_documents.c.sequence == bindparam("known"))
    .values(bundle=bindparam("own"))
)
_PARTS = select(
    owed_documents.c.dispatch, owed_documents.c.set_number, owed_documents.c.number, owed_documents.c.order_number,
    owed_documents.c.receipt, owed_documents.c.created_at, owed_documents.c.notes, owed_documents.c.answer_state,
).order_by(owed_documents.c.sequence)  # fmt: skip
_MOST_NAMED = 500
_KEPT_OF_NAME = 48
MOST_APART = 1000
"""How many documents that cannot leave together are put apart at once."""
Number = int
"""Names a row."""


class OwedDocuments:
    """The documents of one unit of work that leave together with others."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, document: OwedDocument) -> None:
        """One more that waits."""
        self._session.add(
            _INSERT,
            {
                "partner": document.partner, "bundle": document.bundle, "name": document.name,
                "number": document.number, "joining": document.joining.value, "head": document.head,
                "channel": document.channel, "file_name": document.file_name, "extension": document.extension,
                "content": document.content, "created_at": to_text(document.created_at), "receipt": document.receipt,
                "order_number": document.order_number, "notes": "\n".join(document.notes) or None, "dispatch": None,
                "set_number": "", "answer_state": "",
            },
        )  # fmt: skip

    def bundles(self) -> list[WaitingBundle]:
        """What waits for each other, the oldest first."""
        return [_bundle(row) for row in self._session.execute(_BUNDLES)]

    def waiting(self, bundle: str, *, most: int) -> list[tuple[Number, OwedDocument]]:
        """The oldest documents of a bundle that wait; they are ours until the end of the transaction."""
        found = self._session.execute(_WAITING, {"wanted": bundle, "most": most})
        return [(row.sequence, _document(row)) for row in found]

    def put_apart(self, bundle: str) -> list[WaitingBundle]:
        """Make a bundle of its own of each document of one that waits; none where there are not several."""
        waiting = [number for number, _ in self.waiting(bundle, most=MOST_APART)]
        if len(waiting) <= 1:
            return []
        rows = [{"known": number, "own": f"{bundle[:_KEPT_OF_NAME]}.{number}"} for number in waiting]
        self._session.execute(_RENAME, rows)
        own = {each["own"] for each in rows}
        return [each for each in self.bundles() if each.bundle in own]

    def leave(self, dispatch: DispatchId, numbered: Iterable[tuple[Number, str]]) -> None:
        """Say in which file documents left, and as which set; raises StoreError when one of them left already."""
        rows = [{"known": number, "file": dispatch, "as_set": as_set} for number, as_set in numbered]
        if self._session.execute(_LEAVE, rows).rowcount != len(rows):
            raise StoreError("Documents that were to leave together left already.", next_step="Nothing; the unit ends.")

    def again(self, old: DispatchId, new: DispatchId) -> None:
        """The documents of a file leave once more in another one, as the same sets; nothing was answered to that yet."""
        names = [each.name for each in owed_documents.c if not each.primary_key]
        fixed: dict[str, ColumnElement[Any]] = {"dispatch": literal(new), "answer_state": literal("")}
        columns: list[ColumnElement[Any]] = [fixed.get(name, owed_documents.c[name]) for name in names]
        own = select(*columns).where(owed_documents.c.dispatch == old).order_by(owed_documents.c.sequence)
        self._session.flush()
        self._session.execute(insert(owed_documents).from_select(names, own))


def parts(session: Session, files: Collection[str], *wanted: ColumnElement[bool]) -> Iterator[Any]:
    """The documents of files in which several left, without their bytes, in the order in which they stand there.

    Many files are asked for without naming them: ``wanted`` says enough then, and what is of others is left out.
    """
    named = (owed_documents.c.dispatch.in_(files),) if len(files) <= _MOST_NAMED else ()
    for row in session.execute(_PARTS.where(owed_documents.c.dispatch.is_not(None), *named, *wanted)):
        if row.dispatch in files:
            yield row


def _bundle(row: Any) -> WaitingBundle:
    return WaitingBundle(PartnerId(row.partner), row.bundle, row.first, to_moment(row.since))


def _document(row: Row[Any]) -> OwedDocument:
    return OwedDocument(
        partner=PartnerId(row.partner), bundle=row.bundle, name=row.name, number=row.number,
        joining=Joining(row.joining), head=row.head, channel=row.channel, file_name=row.file_name,
        extension=row.extension, content=bytes(row.content), created_at=to_moment(row.created_at),
        receipt=ReceiptId(row.receipt) if row.receipt is not None else None, order_number=row.order_number,
        notes=tuple(row.notes.split("\n")) if row.notes else (),
    )  # fmt: skip
