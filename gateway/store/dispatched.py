"""Find dispatches by what they are about: a document that left together with others is found as if it were alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, true

from gateway.exchange.dispatch import OPEN, Dispatch, DispatchState
from gateway.kernel.ids import BatchId, DispatchId, PartnerId, ReceiptId
from gateway.store import owed
from gateway.store.moments import maybe_to_moment, to_moment
from gateway.store.schema import UNDELIVERED, dispatches, owed_documents
from gateway.store.session import Session


def of(session: Session, **wanted: str | None) -> list[Dispatch]:
    """Dispatches of one document with the values that are given, and documents with them in files of several."""
    given = {name: value for name, value in wanted.items() if value is not None}
    alone = [dispatches.c[name] == value for name, value in given.items()]
    own = [owed_documents.c[name] == value for name, value in given.items()]
    return fitting(session, and_(true(), *alone), and_(true(), *own))


def fitting(session: Session, alone: ColumnElement[bool], own: ColumnElement[bool]) -> list[Dispatch]:
    """Dispatches of one document that are so ``alone``, and documents of files with several that are so of their ``own``."""
    rows: Sequence[Row[Any]] = session.execute(select(dispatches).where(dispatches.c.documents == 0, alone)).all()
    found = [(row.sequence, dispatch(row)) for row in rows]
    files = select(owed_documents.c.dispatch).where(owed_documents.c.dispatch.is_not(None), own)
    together = session.execute(select(dispatches).where(dispatches.c.id.in_(files))).all()
    told = _documents_of(session, together, own)
    found += [(row.sequence, each) for row in together for each in told[row.id]]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def files(
    session: Session, *, partner: PartnerId | None, document: str, states: Sequence[DispatchState], named: str,
    resends: DispatchId | None, last: int | None,
) -> list[Dispatch]:  # fmt: skip
    """Files as wholes, the oldest first: of a partner, a document, in these states, of this name."""
    query = select(dispatches).order_by(dispatches.c.sequence.desc())
    if partner is not None:
        query = query.where(dispatches.c.partner == partner)
    if document:
        query = query.where(dispatches.c.document == document)
    if states:
        query = query.where(UNDELIVERED if states == OPEN else dispatches.c.state.in_([each.value for each in states]))
    if named:
        query = query.where(dispatches.c.file_name == named)
    if resends is not None:
        query = query.where(dispatches.c.resends == resends)
    if last is not None:
        query = query.limit(last)
    return [dispatch(row) for row in reversed(session.execute(query).all())]


def numbered(session: Session, partner: PartnerId, control_number: str) -> list[Dispatch]:
    """What left for a partner under a control number, each document of a file by itself."""
    same = (dispatches.c.partner == partner, dispatches.c.control_number == control_number)
    rows = session.execute(select(dispatches).where(*same).order_by(dispatches.c.sequence)).all()
    told = _documents_of(session, (row for row in rows if row.documents))
    return [each for row in rows for each in (told[row.id] if row.documents else [dispatch(row)])]


def _documents_of(
    session: Session, rows: Iterable[Row[Any]], *wanted: ColumnElement[bool]
) -> dict[str, list[Dispatch]]:
    """The documents of files with several, each as a dispatch that stands for it."""
    files = {row.id: dispatch(row) for row in rows}
    found: dict[str, list[Dispatch]] = {name: [] for name in files}
    for part in owed.parts(session, files, *wanted) if files else ():
        found[part.dispatch].append(
            replace(
                files[part.dispatch], number=part.number, order_number=part.order_number,
                receipt=ReceiptId(part.receipt) if part.receipt is not None else None,
                created_at=to_moment(part.created_at), set_number=part.set_number, answer_state=part.answer_state,
                notes=tuple(part.notes.split("\n")) if part.notes else (),
            )
        )  # fmt: skip
    return found


def dispatch(row: Row[Any]) -> Dispatch:
    """A row as what it is."""
    return Dispatch(
        id=DispatchId(row.id), partner=PartnerId(row.partner), document=row.document, number=row.number,
        control_number=row.control_number, file_name=row.file_name, channel=row.channel, content=bytes(row.content),
        created_at=to_moment(row.created_at), state=DispatchState(row.state),
        receipt=ReceiptId(row.receipt) if row.receipt is not None else None, order_number=row.order_number,
        delivered_at=to_moment(row.delivered_at) if row.delivered_at else None, repeats=row.repeats,
        notes=tuple(row.notes.split("\n")) if row.notes else (), batch=BatchId(row.batch), documents=row.documents,
        answer_due=maybe_to_moment(row.answer_due), answer_state=row.answer_state, given_up_at=maybe_to_moment(row.given_up_at),
        resends=DispatchId(row.resends) if row.resends is not None else None,
        content_removed_at=maybe_to_moment(row.content_removed_at),
    )  # fmt: skip
