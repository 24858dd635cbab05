"""Find files and orders by whatever name a person has, by the indexes where there are some, and never all of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from gateway.exchange.answers import Answer
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileQuery, Lying, Receipt
from gateway.kernel.ids import DispatchId, OrderNumber, ReceiptId
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from gateway.store import answers, codec, dispatched
from gateway.store.exchange import receipt_of
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    WAITING,
    dispatch_answers,
    dispatches,
    file_holds,
    observations,
    order_events,
    orders,
    owed_documents,
    receipts,
    received_control_numbers,
)
from gateway.store.session import Session

AT_ONCE = 500
"""So many values are named in one question."""
_LONGEST_NUMBER, _LEAST_OF_A_HASH = 9, 8
_HEX = frozenset("0123456789abcdef")
Found = TypeVar("Found")


class Looking:
    """Looks; changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def orders(self, query: OrderQuery, *, code: str, last: int | None) -> tuple[list[Order], int]:
        """The newest orders that fit, the oldest of them first, and how many fit in all; ``code`` is that of a hold."""
        where = [orders.c.test == query.test]
        for column, value in (("partner", query.partner), ("po_number", query.po_number), ("status", query.status)):
            if value is not None:
                where.append(orders.c[column] == value)
        if code:
            where += [orders.c.status == "on_hold", orders.c.body.contains(f'"{code}"', autoescape=True)]
        if query.since is not None:
            where.append(orders.c.placed_at >= to_text(query.since))
        total = self._session.execute(select(func.count()).select_from(orders).where(*where)).scalar_one()
        newest = _newest(select(orders.c.body).where(*where), (orders.c.sequence,), last)
        found = [codec.order_from_text(body) for body in self._session.execute(newest).scalars()]
        return list(reversed(found)), total

    def received(self, query: FileQuery, *, last: int | None) -> tuple[list[Receipt], int]:
        """The newest files that fit, the oldest of them first, and how many fit in all."""
        where: list[ColumnElement[bool]] = []
        if query.partner is not None:
            where.append(receipts.c.partner == query.partner)
        if query.state:
            where.append(receipts.c.state == query.state)
        if query.named:
            where.append(receipts.c.file_name.contains(query.named, autoescape=True))
        if query.code:
            held = select(file_holds.c.receipt).where(WAITING, file_holds.c.code == query.code)
            where.append(receipts.c.id.in_(held))
        if query.since is not None:
            where.append(receipts.c.received_at >= to_text(query.since))
        total = self._session.execute(select(func.count()).select_from(receipts).where(*where)).scalar_one()
        order = (receipts.c.received_at, receipts.c.file_name, receipts.c.id)
        newest = _newest(select(receipts).where(*where), order, last)
        return [receipt_of(row) for row in reversed(self._session.execute(newest).all())], total

    def lying(self) -> list[Lying]:
        """Files that were seen and were not received since, the longest waiting first. Some may be gone again by now."""
        since = observations.c.first_seen
        came = exists().where(receipts.c.file_name == observations.c.name, receipts.c.received_at >= since)
        query = select(observations).where(~observations.c.channel.startswith("gone:"), ~came).order_by(since)
        return [Lying(row.channel, row.name, to_moment(row.first_seen)) for row in self._session.execute(query)]

    def receipts(self, receipts_: Iterable[ReceiptId]) -> list[Receipt]:
        """Files by their ids."""
        return self._each(receipts_, lambda some: self._receipts(receipts.c.id.in_(some)))

    def receipts_called(self, name: str) -> list[Receipt]:
        """Files by their name, their id, the beginning of the hash of their bytes, or the number of their interchange."""
        where = [receipts.c.file_name == name, receipts.c.id == name]
        if len(name) >= _LEAST_OF_A_HASH and set(name.lower()) <= _HEX:
            low = name.lower()
            where.append((receipts.c.sha256 >= low) & (receipts.c.sha256 < f"{low}g"))
        if numbers := _numbers(name):
            known = received_control_numbers.c
            where.append(receipts.c.id.in_(select(known.receipt).where(known.control_number.in_(numbers))))
        return self._receipts(or_(*where))

    def receipts_of(self, file_names: Iterable[str]) -> list[Receipt]:
        """Files by their names."""
        return self._each(file_names, lambda some: self._receipts(receipts.c.file_name.in_(some)))

    def sent_as(self, name: str) -> list[Dispatch]:
        """What left under a number of ours: of the document, the interchange, or under this file name or id."""
        file = [dispatches.c.id == name, dispatches.c.file_name == name]
        if numbers := _numbers(name):
            file.append(dispatches.c.control_number.in_(numbers))
        whole = select(dispatches.c.id).where(or_(*file))
        return dispatched.fitting(
            self._session, or_(*file, dispatches.c.number == name),
            or_(owed_documents.c.number == name, owed_documents.c.dispatch.in_(whole)),
        )  # fmt: skip

    def sent(self, files: Iterable[DispatchId]) -> list[Dispatch]:
        """What left in these files."""
        return self._each(
            files,
            lambda some: dispatched.fitting(
                self._session, dispatches.c.id.in_(some), owed_documents.c.dispatch.in_(some)
            ),
        )

    def sent_for(self, receipts_: Iterable[ReceiptId]) -> list[Dispatch]:
        """What left in answer to files, or to what stood in them."""
        return self._each(
            receipts_,
            lambda some: dispatched.fitting(
                self._session, dispatches.c.receipt.in_(some), owed_documents.c.receipt.in_(some)
            ),
        )

    def answers_in(self, receipts_: Iterable[ReceiptId]) -> list[Answer]:
        """What partners said in these files."""
        return self._each(receipts_, lambda some: self._answers(dispatch_answers.c.receipt.in_(some)))

    def answers_to(self, files: Iterable[DispatchId]) -> list[Answer]:
        """What partners said about these files."""
        return self._each(files, lambda some: self._answers(dispatch_answers.c.dispatch.in_(some)))

    def of_hold(self, hold: str) -> tuple[ReceiptId | None, OrderNumber | None]:
        """The file or the order that a hold is or was about."""
        about = select(file_holds.c.receipt, file_holds.c.reference).where(file_holds.c.id == hold)
        if (row := self._session.execute(about).first()) is not None:
            ours = OrderNumber(row.reference) if row.reference.startswith("SO-") else None
            return (ReceiptId(row.receipt) if row.receipt else None), ours
        said = select(order_events.c.order_number).where(
            order_events.c.type == "OrderHeld", order_events.c.body.contains(f'"{hold}"', autoescape=True)
        )
        held = self._session.execute(said.limit(1)).scalar() if hold.startswith("H-") else None
        return None, OrderNumber(held) if held is not None else None

    def names_like(self, part: str, *, last: int) -> list[str]:
        """Names of files in and out that a text is a part of, the newest first."""
        came = select(receipts.c.file_name, receipts.c.received_at).where(
            receipts.c.file_name.icontains(part, autoescape=True)
        )
        left = select(dispatches.c.file_name, dispatches.c.created_at).where(
            dispatches.c.file_name.icontains(part, autoescape=True)
        )
        found: list[tuple[str, str]] = []
        for query, at in ((came, receipts.c.received_at), (left, dispatches.c.created_at)):
            rows = self._session.execute(query.order_by(at.desc()).limit(last + 1)).all()
            found += [(row[1], row[0]) for row in rows]
        return list(dict.fromkeys(name for _, name in sorted(found, reverse=True)))[: last + 1]

    def _receipts(self, where: ColumnElement[bool]) -> list[Receipt]:
        query = select(receipts).where(where).order_by(receipts.c.received_at, receipts.c.file_name, receipts.c.id)
        return [receipt_of(row) for row in self._session.execute(query)]

    def _answers(self, where: ColumnElement[bool]) -> list[Answer]:
        query = select(dispatch_answers).where(where)
        query = query.order_by(dispatch_answers.c.dispatch, dispatch_answers.c.sequence)
        return [answers.answer(row) for row in self._session.execute(query)]

    @staticmethod
    def _each(names: Iterable[str], find: Callable[[Sequence[str]], list[Found]]) -> list[Found]:
        return [each for some in _pieces(sorted(set(names))) for each in find(some)]


def _newest(query: Select[Any], order: Sequence[Any], last: int | None) -> Select[Any]:
    ordered = query.order_by(*(each.desc() for each in order))
    return ordered if last is None else ordered.limit(last)


def _pieces(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))


def _numbers(name: str) -> list[str]:
    """How a control number may be written: 7 is also 000000007; empty for what is none."""
    bare = name.lstrip("0")
    if not name.isascii() or not name.isdigit() or not bare or len(bare) > _LONGEST_NUMBER:
        return []
    return [bare.zfill(width) for width in range(len(bare), _LONGEST_NUMBER + 1)]
