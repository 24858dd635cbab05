"""What partners answered: one row for each verdict on a dispatch; rows are only ever added."""

from typing import Any

from sqlalchemy import func, insert, select

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import Answer
from gateway.kernel.ids import DispatchId, ReceiptId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import dispatch_answers
from gateway.store.session import Session


def add(session: Session, new: Answer) -> None:
    """One more answer about a dispatch."""
    own = dispatch_answers.c.dispatch == new.dispatch
    session.alone_with(f"answers:{new.dispatch}")
    last = session.execute(select(func.max(dispatch_answers.c.sequence)).where(own)).scalar() or 0
    session.execute(
        insert(dispatch_answers).values(
            dispatch=new.dispatch, sequence=last + 1, kind=new.kind, verdict=new.verdict.value,
            codes=" ".join(new.codes), reason=new.reason, receipt=new.receipt,
            received_at=to_text(new.received_at), set_number=new.set_number,
        )
    )  # fmt: skip


def find(session: Session, dispatch: DispatchId | None) -> list[Answer]:
    """The answers about a dispatch in the order they came, or about all."""
    query = select(dispatch_answers).order_by(dispatch_answers.c.dispatch, dispatch_answers.c.sequence)
    if dispatch is not None:
        query = query.where(dispatch_answers.c.dispatch == dispatch)
    return [answer(row) for row in session.execute(query)]


def answer(row: Any) -> Answer:
    """A row as what it is."""
    return Answer(
        dispatch=DispatchId(row.dispatch), kind=row.kind, verdict=Verdict(row.verdict),
        codes=tuple(row.codes.split()), reason=row.reason, receipt=ReceiptId(row.receipt),
        received_at=to_moment(row.received_at), set_number=row.set_number,
    )  # fmt: skip
