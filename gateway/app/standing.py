"""How the work of a site stands: which units wait, run or failed, and which processes do them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.app import units
from gateway.engine.liveness import living
from gateway.engine.locks import locks_for
from gateway.engine.queue import DEAD, FAILED, RUNNING, WAITING, Unit, UnitQueue
from gateway.exchange.units import UnitInfo
from gateway.flows import auditing
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, RefusedError, StoreError
from gateway.store.unit_of_work import SqlStore
from gateway.store.workers import Worker


@dataclass(frozen=True, slots=True)
class AtWork:
    """A process that lives, and the units it does at this moment."""

    worker: Worker
    units: tuple[str, ...]


def standing(bench: Workbench) -> list[UnitInfo]:
    """Every unit that is not done, the oldest first; then what the tables owe and nobody was told of yet."""
    known = [each.info for each in _queued(bench)]
    names = {f"{each.kind}:{each.key}" for each in known}
    untold = [each for each in units.found(bench, by_clock=False) if each.name not in names]
    return [*known, *(UnitInfo(each.kind, each.key, WAITING, 0, partner=each.partner) for each in untold)]


def retry(bench: Workbench, name: str, who: str = auditing.OPERATOR) -> list[str]:
    """Let units be tried anew that failed for good: the one of this name, or all without one; their names."""
    with _queue(bench) as queue:
        failed = [each for each in queue.units(DEAD) if name in ("", each.owed.name)] if queue is not None else []
        if failed and queue is not None:
            with bench.store.unit() as work:  # first: what is noted and was not done harms less than what nobody noted
                for each in failed:
                    auditing.deed(bench, work, who, "unit.retry", each.owed.name)
                work.commit()
            queue.again(failed)
    if name and not failed:
        _refuse(bench, name)
    return [each.owed.name for each in failed]


def at_work(bench: Workbench) -> list[AtWork]:
    """Who works on the site: who lives, its lock says."""
    store = _store(bench)
    locks = locks_for(store.engine, bench.work_folder.parent / "locks")
    try:
        alive = living(store.engine, locks)
    finally:
        locks.close()
    running = [each for each in _queued(bench) if each.state == RUNNING]
    return [AtWork(worker, tuple(each.owed.name for each in running if each.worker == worker.name)) for worker in alive]


def _refuse(bench: Workbench, name: str) -> None:
    found = next((each for each in standing(bench) if f"{each.kind}:{each.key}" == name), None)
    step = "'gateway units list --failed' shows those that can be tried again."
    if found is None or found.state == FAILED:
        raise NotFoundError(f"There is no failed unit '{name}'.", next_step=step)
    raise RefusedError(f"The unit '{name}' has not failed, it is {found.state}.", next_step=step)


def _queued(bench: Workbench) -> list[Unit]:
    with _queue(bench) as queue:
        return queue.units() if queue is not None else []


@contextmanager
def _queue(bench: Workbench) -> Iterator[UnitQueue | None]:
    """The queue, or None where no process made one yet."""
    queue = UnitQueue(_store(bench).engine)
    yield queue if queue.exists() else None


def _store(bench: Workbench) -> SqlStore:
    if not isinstance(bench.store, SqlStore):
        raise StoreError("The units of work of this site are in no database.")
    return bench.store
