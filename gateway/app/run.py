"""Run a site once, until nothing is left to do."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import structlog

from gateway.app import alarms, units
from gateway.app.channels import inlets, poll, polled
from gateway.app.health import no_room
from gateway.config.load import database_url
from gateway.engine.inline import InlineEngine
from gateway.engine.liveness import Membership, living, new_worker
from gateway.engine.locks import locks_for
from gateway.engine.version import UNIT_VERSION
from gateway.flows import receive, scan_report, sweeping
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import DiskError, RefusedError, StoreError, TransportError
from gateway.store.failures import explaining
from gateway.store.unit_of_work import SqlStore
from gateway.transports.claims import leftovers

log = structlog.get_logger()
LOCK = "run.lock"
RUN, ONCE, HAND = "run", "once", "hand"
"""Who has the lock of a site on SQLite, as its file says."""
PATIENCE = 15.0
"""Seconds for which one waits for a command that another person gave."""


@dataclass(slots=True)
class Tally:
    """What a run did; ``code`` is how it ends: 0, 6 when something failed, 7 when it was the database."""

    taken: int = 0
    failed: int = 0
    code: int = os.EX_OK


@contextmanager
def site_lock(directory: Path, holder: str = ONCE) -> Iterator[None]:
    """One 'gateway run' per site on SQLite; raises RefusedError when another process has it (rulings 7).

    It waits for commands, which take a moment. On PostgreSQL any number work side by side.
    """
    if not database_url(directory, os.environ).startswith("sqlite"):
        yield
        return
    with _lock_file(directory) as handle:
        end = time.monotonic() + PATIENCE
        while not _took(handle, holder):
            if _holder(handle) not in (HAND, "") or time.monotonic() > end:  # empty: somebody only looks who has it
                raise RefusedError(
                    f"Another 'gateway run' works on {directory}.", next_step="Stop it first, or wait until it ends."
                )
            time.sleep(0.1)
        yield
        os.ftruncate(handle, 0)


@contextmanager
def by_hand(directory: Path) -> Iterator[None]:
    """What a person does at a site: beside the process that runs it, or by itself where none does.

    It waits for another command and for 'gateway run --once'; raises RefusedError when that takes too long.
    """
    if not database_url(directory, os.environ).startswith("sqlite"):
        yield
        return
    with _lock_file(directory) as handle:
        end = time.monotonic() + PATIENCE
        while not (taken := _took(handle, HAND)) and _holder(handle) != RUN:
            if time.monotonic() > end:
                raise RefusedError(f"Another command works on {directory}.", next_step="Wait until it ends.")
            time.sleep(0.1)
        yield
        if taken:
            os.ftruncate(handle, 0)


@contextmanager
def _lock_file(directory: Path) -> Iterator[int]:
    path = directory / "var" / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        yield handle
    finally:
        os.close(handle)


def _took(handle: int, holder: str) -> bool:
    """Take the lock and say who has it; False when somebody else does."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    os.ftruncate(handle, 0)
    os.pwrite(handle, holder.encode(), 0)
    return True


def _holder(handle: int) -> str:
    return os.pread(handle, len(ONCE), 0).decode()


def lock_holder(directory: Path) -> str:
    """Who has the lock of a site on SQLite at this moment: RUN, ONCE or HAND; empty where nobody has. It changes nothing."""
    try:
        handle = os.open(directory / "var" / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _holder(handle) or ONCE
    else:
        return ""
    finally:
        os.close(handle)


def run_once(
    bench: Workbench, stopping: Callable[[], bool] = lambda: False, *, members: Membership | None = None
) -> Tally:
    """Take, interpret, advance and deliver until nothing is left to do at this moment, or until it is to stop.

    With ``members`` it first takes over from those of them who died.
    """
    tally = Tally()
    engine = inline_engine(bench, stopping)
    tally.taken += take_left(bench, tally)
    if members is not None:
        tally.taken += _take_over_all(bench, members, tally)
    tally.taken += _poll(bench, tally, stopping)
    while True:
        taken = take(bench, tally)
        tally.taken += taken
        tally.failed += engine.drain()
        if not taken or stopping():
            _report_failures(engine)
            if not stopping():
                failed = {f"{unit.kind}:{unit.key}": unit.last_error for unit in engine.units()}
                alarms.at_end(bench, failed, all_of=units.KINDS.keys())
            tally.code = _code(engine, others=tally.failed)
            return tally


def _code(engine: InlineEngine, *, others: int = 0) -> int:
    """How a run ends: whether everything went well, some may go well later, or the database kept it from being done."""
    faults = engine.faults()
    if any(isinstance(each, StoreError) for each in faults):
        return StoreError.exit_code
    return TransportError.exit_code if faults or others else os.EX_OK


def _report_failures(engine: InlineEngine) -> None:
    for unit in engine.units():
        if unit.last_error:
            log.error("unit.failed", kind=unit.kind, key=unit.key, error=unit.last_error)


def take(bench: Workbench, tally: Tally) -> int:
    """Take what is ready in every folder; one that cannot be read keeps no other waiting. A full disk takes nothing in."""
    found = sweeping.sweep(bench, inlets(bench), partial(no_room, bench.site))
    scan_report.report(bench, found)
    tally.failed += len(found.troubles)
    return found.taken


def take_left(bench: Workbench, tally: Tally) -> int:
    """Take what was claimed before a crash; what the disk does not let us take now is tried again with each scan."""
    with _full_disk_told(tally):
        return len(receive.receive_left(bench, leftovers(bench.work_folder, disk=bench.disk)))
    return 0


def take_over(bench: Workbench, name: str) -> int:
    """Take the files that a dead process had claimed, called under its lock; how many."""
    folder = bench.site.directory / "var" / "work" / name
    taken = len(receive.receive_left(bench, leftovers(folder, disk=bench.disk)))
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    return taken


def tell_of_death(bench: Workbench, name: str) -> None:
    """Somebody must hear that a process died, when everything it had is taken over."""
    log.warning("worker.gone", worker=name)
    alarms.worker_gone(bench, name)


def _take_over_all(bench: Workbench, members: Membership, tally: Tally) -> int:
    """What the dead had claimed; the units in their hands are found in the tables, and whoever has an engine forgets them."""
    taken: list[int] = []

    def taken_over(name: str) -> None:
        taken.append(take_over(bench, name))
        tell_of_death(bench, name)

    with _full_disk_told(tally):
        members.bury(taken_over, set())
    return sum(taken)


@contextmanager
def _full_disk_told(tally: Tally) -> Iterator[None]:
    try:
        yield
    except DiskError as error:
        log.error("disk.full", error=error.sentence, next_step=error.next_step)  # noqa: TRY400 - the sentence says it all
        tally.failed += 1


def _poll(bench: Workbench, tally: Tally, stopping: Callable[[], bool]) -> int:
    """Ask each server for files once; one that cannot be asked keeps no other waiting."""
    taken = 0
    for partner, channel in polled(bench):
        if stopping():
            break
        try:
            taken += poll(bench, partner, channel)
        except DiskError:  # that is told already, and of ours
            tally.failed += 1
        except TransportError as error:
            log.error("channel.failed", partner=partner.partner, channel=channel.key, error=error.sentence)  # noqa: TRY400 - a server is not a defect
            tally.failed += 1
    return taken


def inline_engine(bench: Workbench, stopping: Callable[[], bool] = lambda: False) -> InlineEngine:
    """The engine that works in this process; the receipt and dispatch tables are its queue (rulings 4).

    It tries each channel that waits once, and does not come back to one that failed.
    """
    bench = replace(bench, tried=set())
    return InlineEngine(
        sweep=lambda: [(unit.kind, unit.key) for unit in units.found(bench, asks=False)], stopping=stopping,
        apart=partial(units.apart, bench), last=[name for name, kind in units.KINDS.items() if kind.last],
        handlers={name: partial(kind.act, bench) for name, kind in units.KINDS.items()},
        together={name: partial(kind.together, bench) for name, kind in units.KINDS.items() if kind.together},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ends that somebody gave: the exit code, and why what follows from it waits, if it does."""

    code: int = os.EX_OK
    waits: tuple[str, ...] = ()


def finish(bench: Workbench) -> Finished:
    """Do and deliver all that is due now. Where processes run the site, they do it."""
    try:
        if _is_run(bench):
            return Finished()
        with beside(bench) as alone:  # two commands at once neither deliver a file twice nor tell anybody twice
            engine = inline_engine(alone)
            engine.drain()
    except StoreError as error:  # what was asked for is done, and must be said
        return Finished(StoreError.exit_code, (error.sentence,))
    return Finished(_code(engine), tuple(dict.fromkeys(each.sentence for each in engine.faults())))


def _is_run(bench: Workbench) -> bool:
    """Whether processes run the site besides this command."""
    store = bench.store
    if not isinstance(store, SqlStore) or store.engine.dialect.name == "sqlite":
        with _lock_file(bench.site.directory) as handle:
            return _holder(handle) == RUN
    locks = locks_for(store.engine, bench.work_folder)
    try:
        with explaining(store.url):
            return bool(living(store.engine, locks))
    finally:
        locks.close()


@contextmanager
def beside(bench: Workbench) -> Iterator[Workbench]:
    """What a command works with that must not be where a process that runs the site is: they share their locks."""
    store = bench.store
    if not isinstance(store, SqlStore):
        yield bench
        return
    locks = locks_for(store.engine, bench.work_folder.parent / "locks")
    try:
        yield replace(bench, alone=locks.trying)
    finally:
        locks.close()


@contextmanager
def as_member(bench: Workbench) -> Iterator[tuple[Workbench, Membership | None]]:
    """What a run without an engine works with, and who else works or worked on the site.

    Where others run too, files are claimed and delivered under locks; on SQLite the lock of the site keeps them out.
    """
    store = bench.store
    if not isinstance(store, SqlStore):
        yield bench, None
        return
    locks = locks_for(store.engine, bench.work_folder.parent / "locks")
    member = Membership(store.engine, locks, new_worker(UNIT_VERSION, system_clock()))
    folder = bench.work_folder / member.me.name
    try:
        if store.engine.dialect.name == "sqlite":
            yield bench, member
            return
        with explaining(store.url):
            member.join()
            folder.mkdir(parents=True, exist_ok=True)
            try:
                yield replace(bench, work_folder=folder, alone=locks.trying), member
            finally:
                left = any(folder.iterdir())
                if not left:
                    folder.rmdir()
                member.leave(leaving_work=left)
    finally:
        locks.close()
