"""What the documents found are waiting for: who must act, until when, whether that is late, and the command that helps."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from gateway.exchange.dispatch import OPEN, Dispatch
from gateway.exchange.expected import AnswerState
from gateway.exchange.receipt import FileHold
from gateway.flows.showing.rows import View
from gateway.flows.showing.story import Found
from gateway.kernel.ids import ReceiptId
from gateway.orders import lifecycle
from gateway.orders.holds.hold_rules import RULES
from gateway.orders.lifecycle import Status
from gateway.orders.order import HoldType, Order

_OF_STATUS = {
    Status.BACKORDERED: ("the house", "goods, for what is backordered", "gateway stock backorders"),
    Status.PARTIALLY_ALLOCATED: ("the house", "goods, for what is backordered", "gateway stock backorders"),
    Status.RELEASED: ("the warehouse", "its confirmation of what left", "gateway orders show {number}"),
    Status.PICKING: ("the warehouse", "its confirmation of what left", "gateway orders show {number}"),
    Status.PACKED: ("the warehouse", "its confirmation of what left", "gateway orders show {number}"),
    Status.PARTIALLY_SHIPPED: ("the warehouse", "its confirmation of the rest", "gateway orders show {number}"),
    Status.SHIPPED: ("the gateway", "the invoice, when it is due", "gateway orders show {number}"),
}
"""What an order waits for by itself: who must act, what is awaited, the command that tells more."""


def next_steps(
    found: Found, named: Collection[ReceiptId], holds: Sequence[FileHold], bills: Iterable[View], now: datetime, today: date
) -> list[View]:  # fmt: skip
    """What is awaited, what is late first; of files the holds of those ``named`` and of the orders found."""
    told = [
        *_file_holds(found, named, holds), *(each for order in found.orders for each in _of_order(order)),
        *(each for file in found.dispatches for each in _of_file(file, now)), *_of_bills(bills, today),
    ]  # fmt: skip
    return sorted(told, key=lambda each: not each["late"])


def _step(who: str, what: str, command: str, *, order: str = "", due: str | None = None, late: bool = False) -> View:
    return {"who": who, "what": what, "order_number": order or None, "due": due, "late": late, "command": command}


def _file_holds(found: Found, named: Collection[ReceiptId], holds: Sequence[FileHold]) -> Iterator[View]:
    orders = {each.number for each in found.orders}
    for each in holds:
        if each.receipt in named or each.reference in orders:
            owner = RULES[HoldType(each.type)].owner
            yield _step(owner, f"a decision: {each.code}: {each.reason}", f"gateway holds show {each.id}")


def _of_order(order: Order) -> Iterator[View]:
    for hold in order.holds:
        said = f"a decision: {hold.code}: {hold.reason}"
        yield _step(RULES[hold.type].owner, said, f"gateway holds show {hold.id}", order=order.number)
    waits = _OF_STATUS.get(lifecycle.status(order))
    if waits is not None:
        yield _step(waits[0], waits[1], waits[2].format(number=order.number), order=order.number)


def _of_file(file: Dispatch, now: datetime) -> Iterator[View]:
    name = f"{file.document.replace('_', ' ')} {file.number}".strip()
    if file.state in OPEN:
        yield _step(
            "the gateway", f"that {name} can leave", f"gateway dispatch show {file.id}", order=file.order_number
        )
    elif file.answer_due is not None and file.delivered_at is not None:
        late = file.answer_due < now or file.answer_state == AnswerState.OVERDUE.value
        yield _step(
            file.partner, f"an acknowledgment of {name}", f"gateway acks {'overdue' if late else 'due'} --partner {file.partner}",
            order=file.order_number, due=file.answer_due.isoformat(), late=late,
        )  # fmt: skip


def _of_bills(bills: Iterable[View], today: date) -> Iterator[View]:
    for each in bills:
        if each["kind"] == "invoice" and each["state"] in ("open", "partly paid", "overdue", "partially_paid"):
            late = date.fromisoformat(each["due_date"]) < today
            number, owed = each["invoice_number"], f"{each['open']} {each['currency']}"
            yield _step(
                "the customer",
                f"{owed} for invoice {number}",
                f"gateway invoices show {number}",
                due=each["due_date"],
                late=late,
            )
