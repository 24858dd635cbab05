"""Run a site until it is ended: folder hints and a periodic scan bring files in, the durable engine does the rest."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import structlog

from gateway.app import alarms, reloading, sftp_host, units
from gateway.app.build import Loaded
from gateway.app.pulse import Pulse
from gateway.app.run import Tally, take, take_left, take_over, tell_of_death
from gateway.app.signals import Signals
from gateway.app.starting import configuration
from gateway.engine.durable import DbosEngine, Work
from gateway.engine.inline import FAILED, InlineEngine
from gateway.engine.liveness import Membership, new_worker
from gateway.engine.locks import locks_for
from gateway.engine.queue import DEAD
from gateway.engine.version import UNIT_VERSION
from gateway.exchange.units import Owed
from gateway.flows import interpret, silence
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import DiskError, GatewayError, StoreError, TransportError, UnavailableError
from gateway.schedule.jobs import At, Cron, Every, timetable
from gateway.store.failures import explaining
from gateway.store.probe import fault
from gateway.store.unit_of_work import SqlStore
from gateway.transports.claims import leftovers
from gateway.transports.watch import Hints, watch

log = structlog.get_logger()
DUE, PRUNE = "due", "prune"
LEAVING = frozenset({"out", "notice"})
"""Kinds of units that bring nothing that others wait for."""
GRACE, GRACE_LOST = 20.0, 2.0
"""Seconds for which an ending process waits for the units it has begun, and one that others may believe to be dead."""
ASK_AGAIN = 1.0
"""Seconds between two looks whether a database that was away is back."""
DUE_AT_MOST_EVERY = 1.0
"""Seconds between two looks for what follows from what was done; what time alone brings is looked for in each scan."""
CHECK = 2.0
"""Seconds between two looks whether the others still see that this process lives."""


@dataclass(slots=True)
class _Signs:
    """What the loop is told by signals, folders, the clock and units."""

    wake: threading.Event
    stop: threading.Event
    signals: Signals
    lost: bool = False
    folders: bool = True
    scan: bool = True
    due: bool = True

    def signal(self) -> None:
        if self.signals.ended:
            self.stop.set()
        self.wake.set()

    def lose(self) -> None:
        self.lost = True
        self.stop.set()
        self.wake.set()

    def time_to_scan(self) -> None:
        self.folders = self.scan = self.due = True
        self.wake.set()

    def file_came(self) -> None:
        self.folders = True
        self.wake.set()

    def something_changed(self) -> None:
        self.due = True
        self.wake.set()


class Daemon:
    """One process among those that work on a site."""

    def __init__(
        self, bench: Workbench, store: SqlStore, pulse: Pulse, signals: Signals, environ: dict[str, str]
    ) -> None:
        self.renewed: Loaded | None = None
        self._pulse = pulse
        self._environ = environ
        self._locks = locks_for(store.engine, bench.work_folder.parent / "locks")
        self._members = Membership(store.engine, self._locks, new_worker(UNIT_VERSION, system_clock()))
        self._signs = _Signs(threading.Event(), bench.stop, signals)
        folder = bench.work_folder / self._members.me.name
        self._bench = replace(bench, work_folder=folder, alone=self._locks.trying)
        self._store = store
        partners = bench.site.partners.values()
        self._folders = {bench.site.directory / each.path for partner in partners for each in partner.folders()}
        self._watched: Hints | None = None
        self._every = 5.0
        self._last_due = 0.0
        self._failed: dict[str, str] | None = None
        self._trouble = ""
        work = Work(act=self._act, apart=partial(units.apart, bench), found=partial(units.found, bench, by_clock=False))
        self._engine = DbosEngine(store.engine, self._members.me.name, work)

    def run(self, *, every: float, workers: int) -> bool:
        """Work until a signal ends it; True when it is to begin anew.

        That is with the configuration in ``renewed``, or since nobody could see any more that it lives.
        """
        self._signs.signals.listener = self._signs.signal
        self._signs.signal()
        self._every = every
        with (
            self._working(workers),
            self._hints(every),
            sftp_host.serving(self._bench, self._pulse, self._signs.file_came),
        ):
            self._pulse.running()
            while not self._signs.stop.is_set():
                self._pulse.turn("scan")
                self._signs.wake.clear()
                if self._signs.signals.reload:
                    self._reload()
                self._told(self._tried())
                self._signs.wake.wait(DUE_AT_MOST_EVERY if self._signs.due else None)
        return not self._signs.signals.ended

    def _reload(self) -> None:
        """Begin anew with the configuration of now, if it has no mistake; what was begun is finished with that of before."""
        self._signs.signals.reload = False
        self.renewed = reloading.checked(self._bench, self._environ)
        if self.renewed is not None:
            self._signs.stop.set()

    def _tried(self) -> str:
        """One round; why it could not be done, or nothing."""
        try:
            with explaining(self._store.url):
                self._round()
        except GatewayError as error:
            return error.sentence
        except Exception as error:  # noqa: BLE001 - a defect met by one thing must not keep all others waiting
            return f"this is a defect of the gateway: {type(error).__name__}: {error}"
        return ""

    def _told(self, trouble: str) -> None:
        """What keeps the work from being done is told when it begins and when it is over, not in each round."""
        if trouble and trouble != self._trouble:
            log.error("run.failed", error=trouble)
        elif self._trouble and not trouble:
            log.info("run.goes_on")
        self._trouble = trouble

    @contextmanager
    def _working(self, workers: int) -> Iterator[None]:
        """A member with a running engine inside; a unit that does not end is left to others, with the whole process."""
        with explaining(self._store.url):
            self._members.join()
            self._bench.work_folder.mkdir(parents=True, exist_ok=True)
            self._engine.start(workers)
        self._store.enqueue = self._engine.queue.enqueue
        log.info("run.started", worker=self._members.me.name, version=UNIT_VERSION)
        try:
            yield
        finally:
            self._pulse.stopping()
            with explaining(self._store.url):
                self._end()

    def _end(self) -> None:
        if self._signs.lost:
            self._end_lost()
            return
        if not self._engine.stop(GRACE):  # the service manager starts anew what was to go on
            log.warning("run.left", worker=self._members.me.name)
            _leave_at_once(os.EX_OK if self.renewed is None else TransportError.exit_code)
        left = self._has_claims()
        if not left:
            shutil.rmtree(self._bench.work_folder, ignore_errors=True)
        self._members.leave(leaving_work=left or self._members.me.name in self._engine.had_by())
        log.info("run.ended", worker=self._members.me.name)

    def _end_lost(self) -> None:
        """Others may have what was ours by now: nothing of it is done any more, and nothing is said to the database."""
        if not self._engine.abandon(GRACE_LOST):
            _leave_at_once(StoreError.exit_code)
        self._locks.close()

    def _has_claims(self) -> bool:
        """Whether files are left for others; a folder that cannot be read may have some."""
        try:
            return bool(leftovers(self._bench.work_folder))
        except DiskError:
            return True

    @contextmanager
    def _hints(self, every: float) -> Iterator[None]:
        jobs: tuple[Every | Cron | At, ...] = (
            *self._times_of_files(),
            Every(every, "scan", self._signs.time_to_scan),
            Every(CHECK, "alive", self._check),
            Cron(17, PRUNE, self._each_hour),
        )
        with (
            timetable(jobs, self._bench.site.settings.zone()),
            watch(self._folders, self._signs.file_came) as self._watched,
        ):
            yield

    def _times_of_files(self) -> Iterator[At]:
        """Who should have brought a file by now is looked for at once, however seldom the folders are scanned."""
        for partner in self._bench.site.partners.values():
            for each in silence.expectations(self._bench, partner):
                yield At(each.by, each.zone, each.key, lambda _day: self._signs.time_to_scan(), each.days, each.grace)

    def _check(self) -> None:
        try:
            self._members.check()
        except StoreError as error:
            if not self._signs.lost:
                log.error("run.lost", worker=self._members.me.name, error=error.sentence)  # noqa: TRY400 - the sentence says it all
            self._signs.lose()

    def _each_hour(self, unit: str) -> None:
        """A database that is away at that moment is asked an hour later."""
        try:
            with explaining(self._store.url):
                self._schedule(unit)
        except StoreError as error:
            log.error("run.failed", code=error.code, error=error.sentence)  # noqa: TRY400 - the sentence says it all

    def _schedule(self, unit: str) -> None:
        """Each process fires; the unit has one name for all, so that it is done once."""
        kind, _, key = unit.partition(":")
        self._engine.queue.add([Owed(kind, key)])

    def _round(self) -> None:
        """Take what lies in the folders; now and then look at everything else as well."""
        signs = self._signs
        if signs.folders:
            signs.folders = False
            if take(self._bench, Tally()):
                self._engine.hurry()
        scan, signs.scan = signs.scan, False
        if scan and self._watched is not None:
            self._watched.follow()
        if scan:
            self._members.bury(self._take_over, self._engine.had_by())
            self._engine.sweep()
            self._engine.calm()
            self._tell_of_failures()
        if scan or (signs.due and time.monotonic() - self._last_due >= DUE_AT_MOST_EVERY):
            signs.due, self._last_due = False, time.monotonic()
            if units.found(self._bench, by_clock=True):
                self._schedule(f"{DUE}:{self._tick(scan=scan)}")

    def _tick(self, *, scan: bool) -> str:
        """What time brings is looked for once by all processes at each tick; besides when this one did something.

        A tick that was done already comes again where the clock was put back; what is due then does not wait for it.
        """
        now = system_clock()
        tick = datetime.fromtimestamp(now.timestamp() // self._every * self._every, tz=UTC).isoformat()
        if scan and not self._engine.is_done(f"{DUE}:{tick}"):
            return tick
        return f"{now.isoformat()} {self._members.me.name}"

    def _take_over(self, name: str) -> None:
        """What a dead process had: the files it claimed, and the units it was at."""
        take_over(self._bench, name)
        self._engine.take_over(name)
        tell_of_death(self._bench, name)

    def _tell_of_failures(self) -> None:
        """Somebody must look after units that failed for good; only what changed is asked of the tables."""
        failed = {each.owed.name: each.error for each in self._engine.queue.units(DEAD)}
        if failed != self._failed:
            alarms.failed_units(self._bench, failed)
            self._failed = failed

    def _act(self, kind: str, key: str) -> None:
        if kind == DUE:
            self._do_due(hastened=" " in key)
        elif kind == PRUNE:
            self._engine.prune()
        else:
            if kind == "in":
                self._read_before(key)
            units.act(self._bench, kind, key)
            self._pulse.worked()
            if kind not in LEAVING:
                self._signs.something_changed()

    def _read_before(self, batch: str) -> None:
        """What a batch builds on, wherever that stands in the queue, but nothing that failed or that a process died of."""
        first = units.before(self._bench, batch)
        known = self._engine.queue.named(list(first)) if first else {}
        suspect = {name for name, each in known.items() if each.state == "failed" or each.deaths}
        for name, receipts in first.items():
            if name not in suspect:
                interpret.interpret_earlier(self._bench, receipts)

    def _do_due(self, *, hastened: bool) -> None:
        """Do what time brings until nothing new is due; what fails becomes a unit of its own, which fails for good.

        What leaves when nothing else is to be done waits for what was received, but never longer than for a scan.
        """
        dead = self._engine.dead()
        waiting = units.found(self._bench, by_clock=False, asks=False)
        busy = hastened and any(each.kind not in LEAVING for each in waiting)
        inline = InlineEngine(
            sweep=lambda: [
                (each.kind, each.key)
                for each in units.without(units.found(self._bench, by_clock=True), dead)
                if not (busy and units.KINDS[each.kind].last)
            ],
            handlers={name: partial(kind.act, self._bench) for name, kind in units.KINDS.items()},
            last=[name for name, kind in units.KINDS.items() if kind.last],
            apart=partial(units.apart, self._bench), stopping=self._signs.stop.is_set,
        )  # fmt: skip
        inline.drain()
        self._engine.queue.add([Owed(each.kind, each.key) for each in inline.units() if each.state == FAILED])


def run_forever(
    bench: Workbench, pulse: Pulse, signals: Signals, *, every: float, workers: int | None = None,
    environ: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Be one of the processes of a site until a signal ends it; a hang-up lets it read its configuration anew.

    ``signals``: already heard, since whoever sees the pulse may send one; ``workers``: how many units of a kind at once,
    else as the settings say; ``environ``: what goes before gateway.yaml.
    """
    own = dict(environ or {})
    while not signals.ended:
        store = _store_of(bench)
        with explaining(store.url):
            take_left(bench, Tally())
            pulse.configured(bench.site, configuration(bench.site.directory))
            daemon = Daemon(bench, store, pulse, signals, own)
            if not daemon.run(every=every, workers=workers or bench.site.settings.run.workers):
                return
        pulse.anew()
        if daemon.renewed is not None:
            bench = _renewed(bench, daemon.renewed, pulse, signals, own)
        elif _is_back(bench, pulse, signals):
            log.info("run.anew")


def _renewed(bench: Workbench, found: Loaded, pulse: Pulse, signals: Signals, environ: dict[str, str]) -> Workbench:
    """The workbench of a configuration that is in order; a database that is away meanwhile is waited for."""
    while not signals.ended:
        try:
            return reloading.taken(bench, found, environ)
        except UnavailableError as error:
            log.error("run.failed", code=error.code, error=error.sentence)  # noqa: TRY400 - the sentence says it all
            _is_back(bench, pulse, signals)
    return bench


def _store_of(bench: Workbench) -> SqlStore:
    if not isinstance(bench.store, SqlStore):
        raise StoreError("The units of work of this site are in no database.")
    return bench.store


def _is_back(bench: Workbench, pulse: Pulse, signals: Signals) -> bool:
    """Wait until the database answers again; False when a signal ends the process meanwhile."""
    bench.stop.clear()
    while not signals.ended and fault(_store_of(bench).url) is not None:
        pulse.turn("scan")
        bench.stop.wait(ASK_AGAIN)
    return not signals.ended


def _leave_at_once(code: int) -> None:
    """Threads that do not come back must not keep the process: its locks end with it, and others take over."""
    with suppress(OSError):  # its terminal may be gone
        sys.stderr.flush()
    os._exit(code)
