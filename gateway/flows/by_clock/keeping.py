"""Remove once a day what is only looked at and old enough, as 'retention' of gateway.yaml says; nothing that is still needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from gateway.config.values import duration
from gateway.exchange.alerts import Alert, Severity
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId

DONE = "pruned"
"""Under which name the site knows its last day, with the round it is at where that day is not done."""
BROKEN = "audit.broken"
AT = time(3, 30)
"""By the clock of the site, from when on a day's work of this kind is done."""
AT_ONCE = 500
"""Files that one transaction removes."""


@dataclass(slots=True)
class Pruned:
    """How much was removed, or would be; ``left``: there is more than one transaction removes."""

    files: int = 0
    file_bytes: int = 0
    dispatches: int = 0
    dispatch_bytes: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    left: bool = False


def due(bench: Workbench, work: UnitOfWork) -> list[str]:
    """The day whose work is to be done, with the round."""
    local = bench.clock().astimezone(bench.site.settings.zone())
    if local.time() < AT:
        return []
    day = local.date().isoformat()
    known, _, turn = (work.site.get(DONE) or "").partition("+")
    if known > day or (known == day and not turn):
        return []
    return [f"{day}+{turn if known == day else 1}"]


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """One round of a day; the last one ends it. The first looks whether the audit trail is whole."""
    day, _, turn = key.partition("+")
    if turn == "1":
        _look_at_trail(bench, work)
    done = prune(bench, work)
    work.site.put(DONE, f"{day}+{int(turn) + 1}" if done.left else day)


def _look_at_trail(bench: Workbench, work: UnitOfWork) -> None:
    """Tell somebody when an entry is not as it was written; it stays told until a person closes it."""
    broken = work.audit.verify()
    if broken is not None:
        reason = f"The audit trail is broken. {broken.reason} 'gateway audit verify' says what to do."
        work.alerts.open(
            Alert(
                id=AlertId(bench.new_id()), key=BROKEN, kind=BROKEN, severity=Severity.CRITICAL, reason=reason,
                opened_at=bench.clock(), cause=BROKEN,
            )
        )  # fmt: skip


def prune(bench: Workbench, work: UnitOfWork, *, dry_run: bool = False) -> Pruned:
    """Remove what is old, up to so much at once; with ``dry_run`` only tell what would be, all of it."""
    keep, now = bench.site.settings.retention, bench.clock()
    most = 1_000_000_000 if dry_run else AT_ONCE
    files = work.pruning.files(_before(keep.archive, now), most)
    sent = work.pruning.dispatches(_before(keep.dispatches, now), most)
    if not dry_run:
        gone = [name for name, _ in files if bench.archive.remove(name)]
        work.pruning.files_gone(gone, _before(keep.archive, now), now)
        work.pruning.dispatches_gone([name for name, _ in sent], now)
    rows = {
        "attempts": work.pruning.attempts(_before(keep.attempts, now), remove=not dry_run),
        "notices": work.pruning.notices(_before(keep.notices, now), remove=not dry_run),
        "alerts": work.pruning.alerts(_before(keep.alerts, now), remove=not dry_run),
    }
    return Pruned(
        len(files), sum(size for _, size in files), len(sent), sum(size for _, size in sent), rows,
        left=not dry_run and most in (len(files), len(sent)),
    )  # fmt: skip


def _before(kept: str, now: datetime) -> datetime:
    """The moment before which something is old."""
    return now - duration(kept)
