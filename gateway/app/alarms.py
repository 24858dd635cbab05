"""What the machine itself has to tell people: units that failed for good, a process that died, settings that were refused."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType

from gateway.config.finding import FILE
from gateway.exchange.alerts import NOBODY, Alert, Severity
from gateway.exchange.units import Owed
from gateway.flows.alerting import notifying, telling
from gateway.flows.alerting.opening import OVER, new_id
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import StoreError

ALERT = "alert"
"""The kind of the units that open alerts and share them out."""
UNIT, WORKER, CONFIGURATION = "unit", "worker", "config"
LEFT_ALONE = frozenset({"out", "poll", ALERT, notifying.NOTICE})
"""Kinds of units that fail for something that is told by itself: a channel, a route."""
FORGOTTEN = timedelta(days=1)
"""A process that died is told of for so long: what it had, others have done."""
MOST_SAID, MOST_ROUNDS = 1000, 1000


def find(bench: Workbench, work: UnitOfWork) -> list[Owed]:
    """What there is to tell, and what is over."""
    found = telling.find(bench, work)
    old = bench.clock() - FORGOTTEN
    found += [f"{WORKER} {key.partition(':')[2]}" for key, since in work.notices.processes().items() if since < old]
    return [Owed(ALERT, key) for key in found]


def act(bench: Workbench, key: str) -> None:
    """Do one of them."""
    own = ACTS.get(key.partition(" ")[0])
    if own is None:
        telling.act(bench, key)
        return
    with bench.store.unit() as work:
        own(bench, work, key)
        work.commit()


def _forgotten(bench: Workbench, work: UnitOfWork, key: str) -> None:
    work.alerts.close(f"{WORKER}:{key.partition(' ')[2]}", OVER, bench.clock())


ACTS: Mapping[str, Callable[[Workbench, UnitOfWork, str], None]] = MappingProxyType({WORKER: _forgotten})


def failed_units(bench: Workbench, failed: Mapping[str, str], *, all_of: Collection[str] | None = None) -> None:
    """Open an alert for each unit that failed for good, by its name, and end those of units that did not.

    An empty error is that of a unit that was done; ``all_of``: of which kinds these are all that there is to do, where
    it is not of every kind.
    """
    wanted = {
        f"{UNIT}:{name}"[:500]: error for name, error in failed.items() if error and _kind(name) not in LEFT_ALONE
    }
    with bench.store.unit() as work:
        known = {each.key for each in work.alerts.listed() if each.kind == UNIT}
        over = {each for each in known - wanted.keys() if all_of is None or _kind(each.partition(":")[2]) in all_of}
        for key in sorted(over):
            work.alerts.close(key, OVER, bench.clock())
        for key in sorted(wanted.keys() - known):
            name = key.partition(":")[2]
            reason = f"The unit {name} failed for good: {wanted[key]}"[:MOST_SAID]
            work.alerts.open(
                Alert(new_id(bench), key, UNIT, Severity.ERROR, reason, bench.clock(), partner=NOBODY,
                      reference=name[:200], cause=f"{UNIT}:{_kind(name)}")
            )  # fmt: skip
        if over or wanted.keys() - known:
            work.commit()


def _kind(name: str) -> str:
    return name.partition(":")[0]


def worker_gone(bench: Workbench, name: str) -> None:
    """Say that a process died and that its work was taken over; a database that refuses this keeps nothing else waiting."""
    reason = f"The process {name} ended without finishing; its files and units were taken over, nothing is lost."
    with suppress(StoreError), bench.store.unit() as work:
        work.alerts.open(
            Alert(new_id(bench), f"{WORKER}:{name}"[:500], WORKER, Severity.WARNING, reason, bench.clock(),
                  reference=name[:200], cause=WORKER)
        )  # fmt: skip
        work.commit()


def configuration_refused(bench: Workbench, mistakes: list[str]) -> None:
    """Say that changed files have mistakes and that the settings of before still count; the newest mistakes are told."""
    more = f" And {len(mistakes) - 1} more." if len(mistakes) > 1 else ""
    reason = f"The configuration was not read anew, for it has a mistake; the settings of before still count. {mistakes[0]}{more}"
    with suppress(StoreError), bench.store.unit() as work:
        work.alerts.close(CONFIGURATION, OVER, bench.clock())
        work.alerts.open(
            Alert(new_id(bench), CONFIGURATION, CONFIGURATION, Severity.ERROR, reason[:MOST_SAID], bench.clock(),
                  partner=NOBODY, reference=FILE, cause=CONFIGURATION)
        )  # fmt: skip
        work.commit()


def configuration_taken(bench: Workbench) -> None:
    """The configuration is in order and counts: what was told of its mistakes is over."""
    with suppress(StoreError), bench.store.unit() as work:
        if any(each.key == CONFIGURATION for each in work.alerts.listed()):
            work.alerts.close(CONFIGURATION, OVER, bench.clock())
            work.commit()


def at_end(bench: Workbench, failed: Mapping[str, str], all_of: Collection[str]) -> None:
    """Before a run ends, tell all that happened in it; a database that refuses this was told of by the units themselves.

    A unit of one of these kinds that is no more to be done was done, whoever did it and whatever it said then.
    """
    with suppress(StoreError):
        failed_units(bench, failed, all_of=all_of)
        for _ in range(MOST_ROUNDS):
            with bench.store.unit() as work:
                due = find(bench, work)
            if not due:
                break
            for each in due:
                act(bench, each.key)
        notifying.at_end(bench)
