"""The life of orders as a story in time: what came in, what was decided, what left, what was answered and paid."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import Answer
from gateway.exchange.dispatch import OPEN, Attempt, Dispatch
from gateway.exchange.receipt import Receipt
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import telling
from gateway.kernel.ids import DispatchId
from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.events import Event
from gateway.orders.happened import handled
from gateway.orders.order import Order
from gateway.orders.receivables.book import StoredEntry
from gateway.orders.receivables.entries import Entry, Kind

View = dict[str, Any]

DETAILS: frozenset[type[Event]] = frozenset(
    {
        happened.LinePriced, happened.ShipToFound, happened.OrderAdjusted, happened.LineAllocated, happened.OrderRouted,
        happened.LinePicked, happened.LinePacked, happened.LineShipped, handled.CreditChecked,
    }
)  # fmt: skip
"""Events that ``gateway orders show`` tells and a story leaves out: others say what came of them."""
_VERDICTS = {
    Verdict.ACCEPTED: "accepted", Verdict.ERRORS: "accepted with errors", Verdict.PARTIAL: "partially accepted",
    Verdict.REJECTED: "rejected",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a story is told of."""

    receipts: Sequence[Receipt]
    orders: Sequence[Order]
    dispatches: Sequence[Dispatch]
    answers: Sequence[Answer]
    entries: Sequence[StoredEntry]
    tried: Mapping[DispatchId, Attempt]


@dataclass(frozen=True, slots=True)
class _Moment:
    """One thing that happened; what happened in one moment stands in the order of ``rank``."""

    at: datetime
    rank: int
    who: str
    what: str
    order: str = ""
    file: str = ""


def story(work: UnitOfWork, found: Found) -> list[View]:
    """Everything that happened, the oldest first: time, who, what, whose order, and the file."""
    told = [*_came(found.receipts), *_decided(work, found.orders), *_left(found), *_booked(found.entries)]
    return [
        {"at": each.at.isoformat(), "who": each.who, "what": each.what, "order_number": each.order or None,
         "file": each.file or None}
        for each in sorted(told, key=lambda each: (each.at, each.rank))
    ]  # fmt: skip


def _came(receipts: Iterable[Receipt]) -> Iterator[_Moment]:
    for each in receipts:
        said = f": {each.summary}" if each.summary else ""
        yield _Moment(
            each.received_at, 0, each.partner, f"file received, {each.state.value}{said}", file=each.file_name
        )


def _decided(work: UnitOfWork, orders: Iterable[Order]) -> Iterator[_Moment]:
    for order in orders:
        for each in work.orders.events(order.number):
            if type(each.event) not in DETAILS:
                file = each.who.removeprefix("file ") if each.who.startswith("file ") else ""
                who = "gateway" if file else each.who
                yield _Moment(each.at, 2, who, telling.told(each.event), order.number, file)


def _left(found: Found) -> Iterator[_Moment]:
    for each in found.dispatches:
        name = f"{each.document.replace('_', ' ')} {each.number}".strip()
        number = f" as {each.control_number}" if each.control_number else ""
        number += f", set {each.set_number}" if each.set_number else ""
        tries = _tries(found.tried.get(each.id)) if each.delivered_at is None else ""
        at, path = each.delivered_at or each.created_at, f"{each.channel}/{each.file_name}"
        rank = (
            1 if each.receipt is not None and not each.order_number else 3
        )  # a 997 answers the file before its orders are
        yield _Moment(
            at, rank, "gateway", f"{name} {_stands(each)} to {each.partner}{number}{tries}", each.order_number, path
        )
        for answer in found.answers:
            if answer.is_about(each.id, each.set_number):
                yield _answered(answer, each, name, found.receipts)


def _stands(each: Dispatch) -> str:
    """Whether a file was sent, and else what becomes of it."""
    if each.delivered_at is not None:
        return "sent"
    return (
        f"{each.state.value}, to be sent" if each.state in OPEN else f"{each.state.value.replace('_', ' ')}, not sent"
    )


def _tries(last: Attempt | None) -> str:
    """How often it was tried in vain, and what was said the last time."""
    if last is None:
        return ""
    times = "once" if last.number == 1 else f"{last.number} times"
    return f"; tried {times}{': ' if last.error else ''}{last.error}"


def _answered(answer: Answer, sent: Dispatch, name: str, receipts: Iterable[Receipt]) -> _Moment:
    file = next((one.file_name for one in receipts if one.id == answer.receipt), "")
    why = f": {answer.reason}" if answer.verdict in (Verdict.REJECTED, Verdict.PARTIAL) and answer.reason else ""
    said = f"{name} {_VERDICTS[answer.verdict]} by their {answer.kind}{why}"
    return _Moment(answer.received_at, 4, sent.partner, said, sent.order_number, file)


def _booked(entries: Iterable[StoredEntry]) -> Iterator[_Moment]:
    for each in sorted(entries, key=lambda each: each.sequence):
        file = each.who.removeprefix("file ") if each.who.startswith("file ") else ""
        yield _Moment(each.at, 5, "gateway" if file else each.who, booked(each.entry), file=file)


def booked(entry: Entry) -> str:
    """The sentence of one entry of an account.

    >>> from decimal import Decimal
    >>> booked(Entry(Kind.APPLIED, Decimal("179.9"), invoice="INV1", payment="B1"))
    '179.90 of payment B1 applied to invoice INV1'
    """
    if entry.amount < ZERO:
        return f"taken back: {_SAID[entry.kind](entry, written(-entry.amount))}" + _why(entry)
    return _SAID[entry.kind](entry, written(entry.amount)) + _why(entry)


def _why(entry: Entry) -> str:
    return f" ({entry.reason})" if entry.reason else ""


_SAID: Mapping[Kind, Callable[[Entry, str], str]] = MappingProxyType(
    {
        Kind.RECEIVED: lambda each, amount: f"payment {each.payment} of {amount} received",
        Kind.APPLIED: lambda each, amount: f"{amount} of payment {each.payment} applied to invoice {each.invoice}",
        Kind.CREDITED: lambda each, amount: f"{amount} of credit {each.payment} applied to invoice {each.invoice}",
        Kind.DISCOUNT: lambda each, amount: f"{amount} discount taken on invoice {each.invoice}",
        Kind.ALLOWED: lambda each, amount: f"{amount} of claim {each.claim} on invoice {each.invoice} given up",
        Kind.OFFSET: lambda each, amount: f"{amount} of payment {each.payment} set off against another payment",
        Kind.REFUNDED: lambda each, amount: f"{amount} of payment {each.payment} given back",
        Kind.MOVED: lambda each, amount: f"{amount} of payment {each.payment} moved to another account",
        Kind.CLAIMED: lambda each, amount: f"claim {each.claim} of {amount} on invoice {each.invoice}",
        Kind.REJECTED: lambda each, amount: (
            f"{amount} of claim {each.claim} on invoice {each.invoice} refused: it is owed"
        ),
        Kind.WITHDRAWN: lambda each, amount: f"{amount} of claim {each.claim} on invoice {each.invoice} withdrawn",
        Kind.UNAPPLIED: lambda each, _: f"payment {each.payment} not applied whole",
        Kind.NOTED: lambda each, _: f"claim {each.claim} noted",
    }
)
"""The sentence of each kind of entry."""
