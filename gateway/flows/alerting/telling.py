"""What is to be told by now: holds become alerts, changes are shared out over the routes, the digest of the day is made."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gateway.flows.alerting import digest, opening, routing
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench

HOLDS, CHANGES, DIGEST = "holds", "changes", "digest"
ACTS: Mapping[str, Callable[[Workbench, UnitOfWork], None]] = MappingProxyType(
    {HOLDS: opening.act, CHANGES: routing.act, DIGEST: digest.act}
)


def find(bench: Workbench, work: UnitOfWork) -> list[str]:
    """What there is to do, each with what tells it from what was to be done before."""
    found: list[str] = []
    if waiting := opening.due(work):
        found.append(f"{HOLDS} {waiting}")
    if unrouted := work.notices.unrouted():
        found.append(f"{CHANGES} {unrouted[0].id}")
    if day := digest.day_due(bench, work):
        found.append(f"{DIGEST} {day.isoformat()}")
    return found


def act(bench: Workbench, key: str) -> None:
    """Do one of them."""
    with bench.store.unit() as work:
        ACTS[key.partition(" ")[0]](bench, work)
        work.commit()
