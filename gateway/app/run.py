"""Run a site: once until nothing is left to do, or as a daemon with folder hints and a periodic scan."""

import fcntl
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from gateway.app import units
from gateway.app.build import inlets
from gateway.app.health import room
from gateway.app.pulse import Pulse
from gateway.engine.inline import InlineEngine
from gateway.flows import receive
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import GatewayError, RefusedError, TransportError
from gateway.transports.directory import leftovers

log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """What a run did."""

    taken: int = 0
    failed: int = 0


@contextmanager
def site_lock(directory: Path) -> Iterator[None]:
    """One 'gateway run' per site on SQLite; raises RefusedError when another process has it (rulings 7)."""
    path = directory / "var" / "run.lock"
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
        taken = sum(_sweep(bench, tally))
        tally.taken += taken
        tally.failed += engine.drain()
        if not taken or stopping():
            _report_failures(engine)
            return tally


def _report_failures(engine: InlineEngine) -> None:
    for unit in engine.units():
        if unit.last_error:
            log.error("unit.failed", kind=unit.kind, key=unit.key, error=unit.last_error)


def _sweep(bench: Workbench, tally: Tally) -> Iterator[int]:
    """Each folder by itself: one that cannot be read does not keep the others waiting. A full disk takes nothing in."""
    disk = room(bench.site)
    if not disk.ok:
        log.error("disk.full", error=disk.says, next_step=disk.next_step)
        tally.failed += 1
        return
    for inlet in inlets(bench):
        try:
            yield receive.sweep(bench, inlet)
        except TransportError as error:
            log.error("channel.failed", partner=inlet.partner, error=error.sentence)  # noqa: TRY400 - a folder is not a defect
            tally.failed += 1


def inline_engine(bench: Workbench, stopping: Callable[[], bool] = lambda: False) -> InlineEngine:
    """The engine that works in this process; the receipt and dispatch tables are its queue (rulings 4)."""

    def apart(kind: str, key: str) -> Sequence[str]:
        with bench.store.unit() as work:
            members = units.KINDS[kind].apart(work, key)
            work.commit()
        return members

    return InlineEngine(
        sweep=lambda: [(unit.kind, unit.key) for unit in units.found(bench)], apart=apart, stopping=stopping,
        last=[name for name, kind in units.KINDS.items() if kind.last],
        handlers={name: partial(kind.act, bench) for name, kind in units.KINDS.items()},
        together={name: partial(kind.together, bench) for name, kind in units.KINDS.items() if kind.together},
    )  # fmt: skip


def run_forever(bench: Workbench, pulse: Pulse, *, every: float) -> None:
    """The daemon: a scan every so many seconds is the truth, a change in a folder only hastens it."""
    from gateway.schedule.jobs import every as schedule_every  # noqa: PLC0415 - only the daemon needs APScheduler
    from gateway.transports.watch import watch  # noqa: PLC0415 - only the daemon needs watchdog

    wake, stop = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        pulse.stopping()
        stop.set()
        wake.set()

    def turning() -> bool:
        pulse.turn("scan")
        return stop.is_set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    folders = [bench.site.directory / path for partner in bench.site.partners.values() for path, _ in partner.inlets()]
    with schedule_every(every, "scan", wake.set), watch([each for each in folders if each.is_dir()], wake.set):
        pulse.running()
        while not stop.is_set():
            wake.clear()
            try:
                run_once(bench, turning)
            except GatewayError as error:
                log.error("run.failed", code=error.code, error=error.sentence)  # noqa: TRY400 - the sentence says it all
            pulse.turn("scan")
            wake.wait()
