"""Answering in time: until when a partner waits for our answer, and who is told when it cannot be given."""

from datetime import datetime

from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.config.values import duration
from gateway.exchange.receipt import FileHold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.orders.ledger import Unanswered
from gateway.orders.order import Order

DOCUMENTS = ("acknowledgment", "order_receipt")
"""What answers an order."""
EARLY = 4
"""Who gets no answer on hold is told of by the last quarter of the time."""


def answer_due(bench: Workbench, partner: Partner, now: datetime) -> datetime | None:
    """Until when an order that comes now is to be answered; None when nothing is agreed."""
    spans = [duration(use.within) for use in _clocks(bench, partner, now) if use.within is not None]
    return now + min(spans) if spans else None


def tells(bench: Workbench, partner: Partner, now: datetime) -> bool:
    """Whether an answer that says 'on hold' is wanted of an agreement."""
    return any(use.answers_on_hold for use in _clocks(bench, partner, now))


def is_due(bench: Workbench, order: Unanswered, now: datetime) -> bool:
    """Whether something is to be done about the answer to an order."""
    partner = bench.partner(order.partner)
    if partner is None or now >= order.answer_due:
        return partner is not None
    early = (order.answer_due - order.placed_at) / EARLY
    return now >= order.answer_due - early and not tells(bench, partner, now)


def alert(bench: Workbench, work: UnitOfWork, order: Order, now: datetime) -> None:
    """List that the time for an answer runs out and no answer on hold will leave; once, also when somebody closed it."""
    due = order.answer_due
    if due is None or not order.holds or work.exchange.was_listed(_key(order)):
        return
    codes = ", ".join(hold.code for hold in order.holds)
    hold = FileHold(
        id=bench.new_hold_id(), type="DATA", code="C-ANSWER-LATE",
        reason=f"{order.number} (PO {order.po_number}) is to be answered until {due:%Y-%m-%d %H:%M} UTC and is on hold ({codes}).",
        since=now, partner=order.partner, receipt=None, file_name="", reference=order.number, key=_key(order),
    )  # fmt: skip
    work.exchange.hold(hold)


def end_alert(work: UnitOfWork, order: Order) -> None:
    """The order is answered: what was listed of it is settled."""
    work.exchange.end_listed(_key(order), "The order was answered.")


def _key(order: Order) -> str:
    return f"C-ANSWER-LATE:{order.number}"


def _clocks(bench: Workbench, partner: Partner, now: datetime) -> list[MappingUse]:
    day = bench.today(partner, now)
    found = (use for document in DOCUMENTS for use in partner.outputs(document, day))
    return [use for use in found if use.within is not None]
