"""What partners did not take of ours: the documents whose last answer is a no, unless another one left in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import exists, literal_column, select

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import Answer, Refused, standing
from gateway.kernel.ids import DispatchId, OrderNumber, PartnerId
from gateway.store import answers
from gateway.store.schema import dispatch_answers, dispatches, invoice_orders, owed_documents, shipments
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_NO = (Verdict.REJECTED, Verdict.PARTIAL)
_later, _later_document = dispatches.alias("later"), owed_documents.alias("later_document")
_FILES = dispatches.join(dispatch_answers, dispatch_answers.c.dispatch == dispatches.c.id)
_LATER = (_later.c.sequence > dispatches.c.sequence, _later.c.state != literal_column("'cancelled'"))
_SENT_ANEW = exists().where(
    dispatches.c.documents == literal_column("0"), _later.c.order_number == dispatches.c.order_number,
    _later.c.partner == dispatches.c.partner, _later.c.document == dispatches.c.document,
    _later.c.number == dispatches.c.number, *_LATER,
)  # fmt: skip
_FILE_SENT_ANEW = exists().where(
    dispatches.c.documents != literal_column("0"), _later.c.partner == dispatches.c.partner,
    _later.c.resends == dispatches.c.id, *_LATER,
)  # fmt: skip
_REFUSED = Prepared(
    select(
        dispatch_answers, dispatches.c.partner, dispatches.c.document, dispatches.c.number, dispatches.c.control_number,
        dispatches.c.order_number, dispatches.c.documents,
    )
    .select_from(_FILES)
    .where(
        dispatches.c.id.in_(
            select(dispatch_answers.c.dispatch).where(
                dispatch_answers.c.verdict.in_([literal_column(f"'{each.value}'") for each in _NO])
            )
        ),
        ~_SENT_ANEW, ~_FILE_SENT_ANEW,
    )
    .order_by(dispatches.c.sequence, dispatch_answers.c.sequence)
)  # fmt: skip
_DOCUMENT_LEFT_ANEW = exists().where(
    _later_document.c.partner == owed_documents.c.partner, _later_document.c.number == owed_documents.c.number,
    _later_document.c.name == owed_documents.c.name, _later_document.c.sequence > owed_documents.c.sequence,
)  # fmt: skip
_DOCUMENTS = Prepared(
    select(
        owed_documents.c.dispatch, owed_documents.c.set_number, owed_documents.c.number, owed_documents.c.order_number
    )
    .where(Among(owed_documents.c.dispatch, "files"), ~_DOCUMENT_LEFT_ANEW)
    .order_by(owed_documents.c.sequence)
)
_SHIPPED = Prepared(select(shipments.c.number, shipments.c.order_number).where(Among(shipments.c.number, "wanted")))
_BILLED = Prepared(
    select(invoice_orders.c.invoice_number, invoice_orders.c.order_number)
    .where(Among(invoice_orders.c.invoice_number, "wanted"))
)  # fmt: skip
_SHARED = {"856": _SHIPPED, "810": _BILLED}
"""What several orders may have in common, and where it stands which."""


def found(session: Session) -> list[Refused]:
    """Each document that stands refused, in the order they left."""
    session.flush()
    told: dict[str, list[Any]] = {}
    for row in session.rows(_REFUSED, {}):
        told.setdefault(row.dispatch, []).append(row)
    several = [name for name, rows in told.items() if rows[0].documents]
    inside: dict[str, list[Any]] = {}
    if several:
        for row in session.rows(_DOCUMENTS, {"files": session.listed(several)}):
            inside.setdefault(row.dispatch, []).append(row)
    refused = [each for name, rows in told.items() for each in _standing(rows, inside.get(name, ()))]
    return list(_with_orders(session, refused))


def _standing(rows: list[Any], documents: Iterable[Any]) -> Iterable[Refused]:
    """What of one file stands refused: it, or those of its documents."""
    first, said = rows[0], [answers.answer(row) for row in rows]
    whole = _refused(first, said, number=first.number, order_number=first.order_number)
    if not first.documents:
        return [whole] if whole is not None else []
    parts = (
        _refused(
            first, [each for each in said if each.is_about(DispatchId(first.dispatch), part.set_number)],
            number=part.number, order_number=part.order_number,
        )
        for part in documents
    )  # fmt: skip
    return [each for each in parts if each is not None]


def _refused(row: Any, said: list[Answer], *, number: str, order_number: str) -> Refused | None:
    stands = standing(said)
    if stands is None or stands.verdict not in _NO:
        return None
    return Refused(
        answer=stands, partner=PartnerId(row.partner), document=row.document, number=number,
        control_number=row.control_number, order_number=order_number,
    )  # fmt: skip


def _with_orders(session: Session, refused: list[Refused]) -> Iterable[Refused]:
    shared = {name: _orders(session, name, refused) for name in _SHARED}
    for each in refused:
        yield replace(each, orders=tuple(shared.get(each.document, {}).get(each.number, ())))


def _orders(session: Session, document: str, refused: list[Refused]) -> Mapping[str, list[OrderNumber]]:
    numbers = {each.number for each in refused if each.document == document}
    known: dict[str, list[OrderNumber]] = {}
    if numbers:
        for number, order in session.rows(_SHARED[document], {"wanted": session.listed(numbers)}):
            known.setdefault(number, []).append(OrderNumber(order))
    return known
