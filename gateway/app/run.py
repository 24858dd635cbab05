"""Run a site once, until nothing is left to do."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import structlog

from gateway.app import units
from gateway.app.build import inlets
from gateway.app.health import room
from gateway.config.load import database_url
from gateway.engine.inline import InlineEngine
from gateway.engine.liveness import Membership, living, new_worker
from gateway.engine.locks import locks_for
from gateway.engine.version import UNIT_VERSION
from gateway.flows import receive
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import RefusedError, TransportError
from gateway.store.unit_of_work import SqlStore
from gateway.store.workers import Worker
from gateway.transports.directory import leftovers

log = structlog.get_logger()
LOCK = "run.lock"


@dataclass(slots=True)
class Tally:
    """What a run did."""

    taken: int = 0
    failed: int = 0


@contextmanager
def site_lock(directory: Path) -> Iterator[None]:
    """One 'gateway run' per site on SQLite; raises RefusedError when another process has it (rulings 7).

    On PostgreSQL any number work side by side.
    """
    if not database_url(directory, os.environ).startswith("sqlite"):
        yield
        return
    path = directory / "var" / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RefusedError(
                f"Another 'gateway run' works on {directory}.", next_step="Stop it first, or wait until it ends."
            ) from error
        yield


def run_once(bench: Workbench, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Take, interpret, advance and deliver until nothing is left to do at this moment, or until it is to stop."""
    tally = Tally()
    engine = inline_engine(bench, stopping)
    tally.taken += len(receive.receive_all(bench, leftovers(bench.work_folder)))
    while True:
        taken = take(bench, tally)
        tally.taken += taken
        tally.failed += engine.drain()
        if not taken or stopping():
            _report_failures(engine)
            return tally


def _report_failures(engine: InlineEngine) -> None:
    for unit in engine.units():
        if unit.last_error:
            log.error("unit.failed", kind=unit.kind, key=unit.key, error=unit.last_error)


def take(bench: Workbench, tally: Tally) -> int:
    """Take what is ready in every folder; one that cannot be read keeps no other waiting. A full disk takes nothing in."""
    disk = room(bench.site)
    if not disk.ok:
        log.error("disk.full", error=disk.says, next_step=disk.next_step)
        tally.failed += 1
        return 0
    taken = 0
    for inlet in inlets(bench):
        try:
            taken += receive.sweep(bench, inlet)
        except TransportError as error:
            log.error("channel.failed", partner=inlet.partner, error=error.sentence)  # noqa: TRY400 - a folder is not a defect
            tally.failed += 1
    return taken


def inline_engine(bench: Workbench, stopping: Callable[[], bool] = lambda: False) -> InlineEngine:
    """The engine that works in this process; the receipt and dispatch tables are its queue (rulings 4)."""
    return InlineEngine(
        sweep=lambda: [(unit.kind, unit.key) for unit in units.found(bench)], stopping=stopping,
        apart=partial(units.apart, bench), last=[name for name, kind in units.KINDS.items() if kind.last],
        handlers={name: partial(kind.act, bench) for name, kind in units.KINDS.items()},
        together={name: partial(kind.together, bench) for name, kind in units.KINDS.items() if kind.together},
    )  # fmt: skip


def finish(bench: Workbench) -> int:
    """Do and deliver all that is due now; how many units failed. Where processes run the site, they do it."""
    return 0 if workers_of(bench) else inline_engine(bench).drain()


def workers_of(bench: Workbench) -> list[Worker]:
    """The processes that run the site besides this one; on SQLite there is none while a command works on it."""
    store = bench.store
    if not isinstance(store, SqlStore) or store.engine.dialect.name == "sqlite":
        return []
    locks = locks_for(store.engine, bench.work_folder)
    try:
        return living(store.engine, locks)
    finally:
        locks.close()


@contextmanager
def as_member(bench: Workbench) -> Iterator[Workbench]:
    """What a run without an engine works with: where others run too, files are claimed and delivered under locks."""
    store = bench.store
    if not isinstance(store, SqlStore) or store.engine.dialect.name == "sqlite":
        yield bench
        return
    locks = locks_for(store.engine, bench.work_folder)
    member = Membership(store.engine, locks, new_worker(UNIT_VERSION, system_clock()))
    member.join()
    folder = bench.work_folder / member.me.name
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield replace(bench, work_folder=folder, alone=locks.trying)
    finally:
        left = any(folder.iterdir())
        if not left:
            folder.rmdir()
        member.leave(leaving_work=left)
