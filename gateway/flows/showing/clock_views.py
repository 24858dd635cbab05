"""What is awaited from partners, and what was promised to them, as plain data; amounts are text."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.exchange.expected import AnswerState, Awaited
from gateway.exchange.promises import Promise, PromiseState
from gateway.flows import promised
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId

View = dict[str, Any]


def awaited(work: UnitOfWork, now: datetime, partner: PartnerId | None) -> list[View]:
    """Every file of ours to which an answer is awaited."""
    return [_awaited(each, now) for each in work.awaited.listed(partner)]


def overdue(work: UnitOfWork, now: datetime, partner: PartnerId | None) -> list[View]:
    """Every file of ours whose answer should be there by now."""
    return [_awaited(each, now) for each in work.awaited.overdue(now, partner)]


def promises(
    bench: Workbench, work: UnitOfWork, now: datetime, partner: PartnerId | None, *, everything: bool
) -> list[View]:
    """What was promised and is not done, or all that ever was."""
    found = work.clocks.all() if everything else work.clocks.running()
    return [_promise(bench, each, now) for each in found if partner in (None, each.partner)]


def sums(rows: Iterable[View]) -> dict[str, str]:
    """The money at risk by its currency; what was done in time is not."""
    found: dict[str, Decimal] = {}
    for each in rows:
        if each["at_risk"] is not None and each["state"] != PromiseState.KEPT.value:
            found[each["currency"]] = found.get(each["currency"], Decimal(0)) + Decimal(each["at_risk"])
    return {currency: f"{amount:.2f}" for currency, amount in sorted(found.items())}


def _awaited(each: Awaited, now: datetime) -> View:
    late = each.due is not None and each.due < now
    return {
        "id": each.dispatch, "partner": each.partner, "document": each.document, "number": each.number,
        "order_number": each.order_number or None, "control_number": each.control_number, "file": each.file_name,
        "documents": each.documents or 1, "delivered_at": each.delivered_at.isoformat(),
        "due": each.due.isoformat() if each.due is not None else None,
        "state": AnswerState.OVERDUE.value if late else each.state.value,
    }  # fmt: skip


def _promise(bench: Workbench, each: Promise, now: datetime) -> View:
    risk = promised.at_risk(bench.partner(each.partner), each, now)
    is_late = each.stopped_at is None and each.due_at < now
    return {
        "promise": each.measure, "partner": each.partner, "subject": each.subject,
        "started": each.started_at.isoformat(), "due": each.due_at.isoformat(),
        "done": each.stopped_at.isoformat() if each.stopped_at is not None else None,
        "state": PromiseState.MISSED.value if is_late else each.state.value,
        "at_risk": f"{risk:.2f}" if risk is not None else None, "currency": each.currency or None,
    }  # fmt: skip
