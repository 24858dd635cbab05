"""What was promised and is not done in time: each is told once, with the money at risk."""

from gateway.flows import promised
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench


def find(bench: Workbench, work: UnitOfWork) -> list[str]:
    """What should be done by now and is not, and of which that is not known yet."""
    return work.clocks.newly_overdue(bench.clock())


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Call one missed and tell it, unless it was done meanwhile."""
    if not work.clocks.miss(key):
        return
    promise = work.clocks.get(key)
    if promise is not None:
        work.alerts.open(promised.alert(bench, promise))
