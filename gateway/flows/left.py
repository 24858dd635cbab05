"""What begins and ends when a file of ours is delivered: its answer is awaited, what was promised is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from gateway.config.values import duration
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.expected import due_when_delivered
from gateway.flows import promised
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId


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


def answer_due(bench: Workbench, partner: PartnerId, document: str, channel: str, now: datetime) -> datetime | None:
    """Until when the 997 to a file is to come that leaves now, as the entries agree that write such documents."""
    known = bench.partner(partner)
    uses = known.uses() if known is not None else ()
    agreed = [
        duration(use.expect_997)
        for use in uses
        if known is not None and use.expect_997 is not None and use.counts_on(bench.today(known, now))
        and bench.mappings[use.mapping].set_id == document and known.outlet(use.channel).key == channel
    ]  # fmt: skip
    return now + min(agreed) if agreed else None


def _documents(work: UnitOfWork, dispatch: Dispatch) -> Iterator[Dispatch]:
    """The document of a file, or each of those that left together in it."""
    if not dispatch.documents:
        yield dispatch
        return
    found = work.exchange.sent(dispatch.partner, control_number=dispatch.control_number)
    yield from (each for each in found if each.id == dispatch.id)
