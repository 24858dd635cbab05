"""What the tables say that somebody must be told: each hold that was opened, each that has ended."""

from collections.abc import Iterator
from datetime import datetime

from gateway.exchange.alerts import Alert, Severity, Untold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId, OrderNumber

HOLD = "hold"
"""The kind of an alert that tells of a hold; it ends with the hold."""
OVER = ""
"""What the note of an alert says that ended by itself."""
SEVERITIES = {
    "S-SENDER": Severity.CRITICAL, "S-FILETYPE": Severity.WARNING, "C-ANSWER-LATE": Severity.ERROR,
    "C-DELIVERY-FAILED": Severity.ERROR, "C-DELIVERY-LATE": Severity.ERROR, "C-PREFLIGHT": Severity.ERROR,
    "A-TWICE": Severity.WARNING, "A-ORPHAN": Severity.WARNING, "C-MANUAL": Severity.INFO,
}  # fmt: skip
"""How bad holds of these codes are."""
OF_KIND = {"F": Severity.ERROR, "X": Severity.ERROR, "A": Severity.ERROR, "S": Severity.ERROR, "P": Severity.ERROR,
           "M": Severity.ERROR, "D": Severity.ERROR}  # fmt: skip
"""How bad those are whose codes begin so: a file that cannot be read, a document that cannot leave. What else is on
hold is a decision about business: a warning."""


def severity_of(code: str) -> Severity:
    """How bad a hold is, by its code.

    >>> severity_of("F-UNREADABLE"), severity_of("C-PRICE")
    (<Severity.ERROR: 'error'>, <Severity.WARNING: 'warning'>)
    """
    return SEVERITIES.get(code, OF_KIND.get(code[:1], Severity.WARNING))


def due(work: UnitOfWork) -> str:
    """The first hold that nobody was told of, and the first alert of one that has ended; empty where all is told."""
    untold, settled = work.notices.untold(), work.notices.settled()
    return " ".join([*(each.target for each in untold[:1]), *(each.id for each in settled[:1])])


def act(bench: Workbench, work: UnitOfWork) -> None:
    """Open an alert for each hold that has none, and end those whose hold has ended."""
    now = bench.clock()
    for alert in work.notices.settled():
        work.alerts.close(alert.key, OVER, now)
    for each in work.notices.untold():
        for alert in _alerts(bench, work, each, now):
            work.alerts.open(alert)


def new_id(bench: Workbench) -> AlertId:
    """A short id people can type."""
    return AlertId(f"A-{bench.new_id()[:8]}")


def _alerts(bench: Workbench, work: UnitOfWork, untold: Untold, now: datetime) -> Iterator[Alert]:
    code, reason, reference = untold.code, untold.reason, untold.reference
    document = untold.documents[0] if untold.documents else ""
    if untold.is_order:
        order = work.orders.get(OrderNumber(untold.target))
        if order is None or not order.holds:
            return
        worst = max(order.holds, key=lambda each: severity_of(each.code).rank)
        said = "; ".join(f"{each.code}: {each.reason}" for each in order.holds)
        code, reference, document = worst.code, order.number, "order"
        reason = f"{order.number} (PO {order.po_number}) is on hold: {said}"
    yield Alert(
        id=new_id(bench), key=f"{HOLD}:{untold.target}", kind=HOLD, severity=severity_of(code), reason=reason,
        opened_at=now, code=code[:40], partner=untold.partner, document=document[:40], reference=reference[:200],
        cause=f"{code}:{untold.partner}"[:200],
    )  # fmt: skip
