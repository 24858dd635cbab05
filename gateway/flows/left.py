"""What begins and ends when a file of ours is delivered: its answer is awaited, what was promised is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.exchange.dispatch import Dispatch
from gateway.exchange.expected import due_when_delivered
from gateway.flows import promised
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench


def delivered(bench: Workbench, work: UnitOfWork, dispatches: Sequence[Dispatch], now: datetime) -> None:
    """Files are with their partners; one that left again is awaited no longer than the first time."""
    first = [each for each in dispatches if each.delivered_at is None]
    work.awaited.begin(
        {
            each.id: due_when_delivered(each.answer_due, each.created_at, now)
            for each in first
            if each.answer_due is not None
        }
    )
    for each in first:
        partner = bench.partner(each.partner)
        if partner is not None and promised.promises(partner):
            for one in _documents(work, each):
                promised.kept(bench, work, partner, one, now)


def _documents(work: UnitOfWork, dispatch: Dispatch) -> Iterator[Dispatch]:
    """The document of a file, or each of those that left together in it."""
    if not dispatch.documents:
        yield dispatch
        return
    found = work.exchange.sent(dispatch.partner, control_number=dispatch.control_number)
    yield from (each for each in found if each.id == dispatch.id)
