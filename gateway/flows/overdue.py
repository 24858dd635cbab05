"""Answers to what we sent that should be there by now: each is called overdue once, and told."""

from gateway.documents import answer_words
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.expected import Awaited
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId, DispatchId

OVERDUE = "A-OVERDUE"


def find(bench: Workbench, work: UnitOfWork) -> list[str]:
    """The files of ours whose answer is missing since a moment ago."""
    return list(work.awaited.newly_overdue(bench.clock()))


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Call one overdue and tell it, unless it was answered meanwhile."""
    missing = work.awaited.miss(DispatchId(key))
    if missing is None:
        return
    partner = bench.partner(missing.partner)
    name = partner.name if partner is not None and partner.name else missing.partner
    now = bench.clock()
    work.alerts.open(
        Alert(
            id=AlertId(bench.new_id()), key=alert_key(missing.dispatch), kind="ack", severity=Severity.WARNING,
            reason=f"{name} has not acknowledged the {named(missing)} until {missing.due:%Y-%m-%d %H:%M} UTC.",
            opened_at=now, code=OVERDUE, partner=missing.partner, document=missing.document,
            reference=missing.order_number or missing.number, cause=f"{OVERDUE}:{missing.partner}",
        )
    )  # fmt: skip


def alert_key(dispatch: DispatchId) -> str:
    """What the alert of an overdue answer is known by."""
    return f"{OVERDUE}:{dispatch}"


def named(missing: Awaited) -> str:
    """A file of ours in words."""
    what = answer_words.NAMES.get(missing.document, missing.document)
    if missing.documents:
        return f"file of {missing.documents} documents {missing.document} (control number {missing.control_number})"
    return f"{what} {missing.number} (control number {missing.control_number})"
