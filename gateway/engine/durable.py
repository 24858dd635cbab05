"""The durable engine: DBOS does the units of work of a site, on SQLite and on PostgreSQL, in any number of processes."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from itertools import count

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine

from gateway.engine.queue import APPLICATION, DEAD, SCHEMA, UNIT, Unit, UnitQueue
from gateway.engine.version import UNIT_VERSION
from gateway.exchange.units import Owed, UnitInfo
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import GatewayError, StoreError, TransportError, UnavailableError

log = structlog.get_logger()
POLL, SELDOM = 0.1, 0.8
"""Seconds between two looks of a queue for what is to be done, and between two while nothing was for some time."""
QUIET = timedelta(seconds=10)
STRAY = 15.0
"""Seconds after which a unit that is said to be ours and that no thread does is begun anew."""
ATTEMPTS = 10
"""How often a unit is tried that the database refuses, each time after twice as long."""
FIRST_WAIT, LONGEST_WAIT = 0.2, 60.0
TOLD_AGAIN = ("out", "poll")
"""Kinds that wait for partners: no thread does so, the tables tell them again when their time comes."""
DEATHS_APART, DEATHS_AT_MOST = 2, 10
"""After so many processes that died with it, the members of a unit are tried alone; after so many more, none is."""
KEPT = timedelta(days=1)
"""For how long it is remembered that a unit was done."""


_UNSAID = ("background workflow", "before DBOS was launched")


class LeavingError(BaseException):
    """This process ends: the unit is left as it is for another one, neither done nor failed."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the units of a site are: ``act`` does one, ``apart`` makes units of its members, ``found`` reads the tables.

    ``found`` gives what transactions owe and did not do, never what the clock brings.
    """

    act: Callable[[str, str], None]
    apart: Callable[[str, str], Sequence[str]]
    found: Callable[[], list[Owed]]


class Tried(Enum):
    """What came of one attempt."""

    DONE = auto()
    WAITS = auto()
    REFUSED = auto()


class DbosEngine:
    """Does units in threads of this process; whatever it has not done, another one or a later one does."""

    def __init__(self, engine: Engine, worker: str, work: Work) -> None:
        self._engine = engine
        self._worker = worker
        self._work = work
        self._stopping = threading.Event()
        self._running: dict[int, str] = {}
        self._idle = threading.Condition()
        self._strays: dict[str, float] = {}
        self.queue = UnitQueue(engine)

    def start(self, workers: int) -> None:
        """Begin to do units, so many of a kind at once."""
        _quiet()
        url = self._engine.url.set(drivername=self._engine.url.get_backend_name())
        DBOS.migrate(url.render_as_string(hide_password=False), schema=SCHEMA)
        config = DBOSConfig(
            name=APPLICATION, system_database_engine=self._engine, dbos_system_schema=SCHEMA, run_migrations=False,
            application_version=UNIT_VERSION, executor_id=self._worker, serializer=DBOSPortableJSONSerializer(),
            use_listen_notify=False, log_level="ERROR",
        )  # fmt: skip
        DBOS(config=config)

        @DBOS.workflow(name=UNIT, max_recovery_attempts=DEATHS_AT_MOST)
        def unit(kind: str, key: str) -> None:
            self._unit(kind, key)

        DBOS.launch()
        self.queue.register(workers, POLL)

    def stop(self, seconds: float) -> bool:
        """Begin nothing more, wait so long for what runs, hand back what was left; whether nothing runs any more.

        Where something still runs, only the end of the process ends it.
        """
        is_idle = self.abandon(seconds)
        if is_idle:
            self.queue.hand_back(self.queue.units(("PENDING",), worker=self._worker))
        return is_idle

    def abandon(self, seconds: float) -> bool:
        """The same, but what was left stays ours: whoever takes over from us hands it back."""
        self._stopping.set()
        end = time.monotonic() + seconds
        with self._idle:
            while self._running and (left := end - time.monotonic()) > 0:
                self._idle.wait(left)
            is_idle = not self._running
        if is_idle:
            DBOS.destroy(destroy_registry=True)
        return is_idle

    def hurry(self) -> None:
        """Look often: something came."""
        self.queue.look(POLL)

    def calm(self) -> None:
        """Look seldom where nothing was done for some time: each look costs as much as a small unit."""
        self.queue.look(POLL if self.queue.moved(system_clock() - QUIET) else SELDOM)

    def is_done(self, name: str) -> bool:
        """Whether a unit of this name was done."""
        return any(each.state == "done" for each in self.queue.named([name]).values())

    def sweep(self) -> int:
        """Tell the queue what the tables owe and it does not know, or knows from an earlier version; how many."""
        self._begin_strays()
        owed = self._work.found()
        known = self.queue.named([each.name for each in owed])
        missing = [each for each in owed if each.name not in known]
        self.queue.add(missing)
        stale = [each for each in owed if each.name in known and _is_stale(known[each.name])]
        return len(missing) + self.queue.anew(stale, _is_stale)

    def take_over(self, worker: str) -> None:
        """Let the units be done again that a dead process had; called under its lock."""
        for each in self.queue.units(("PENDING",), worker=worker):
            deaths = self.queue.died_with(each)
            log.warning("unit.left", unit=each.owed.name, worker=worker, deaths=deaths)
            if deaths == DEATHS_APART and self._work.apart(each.owed.kind, each.owed.key):
                self.queue.forget([each.owed.name])
            elif deaths > DEATHS_AT_MOST:
                self.queue.give_up(each)
            else:
                self.queue.hand_back([each])

    def had_by(self) -> set[str]:
        """The names of those in whose hands units are."""
        return {each.worker for each in self.queue.units(("PENDING",))}

    def dead(self) -> set[str]:
        """The names of units that failed for good."""
        return {each.owed.name for each in self.queue.units(DEAD)}

    def units(self) -> list[UnitInfo]:
        """Every unit that is not done."""
        return [each.info for each in self.queue.units()]

    def retry(self, kind: str, key: str) -> None:
        """Try a unit anew that failed for good."""
        self.queue.again([each for each in self.queue.units(DEAD) if (each.owed.kind, each.owed.key) == (kind, key)])

    def prune(self) -> None:
        """Forget what was done long ago."""
        log.info("units.pruned", count=self.queue.prune(system_clock() - KEPT))

    def _begin_strays(self) -> None:
        """A connection that breaks after a unit was claimed leaves it in our name and in no thread."""
        ours = self.queue.units(("PENDING",), worker=self._worker)
        with self._idle:
            running, now = set(self._running.values()), time.monotonic()
        self._strays = {
            each.owed.name: self._strays.get(each.owed.name, now) for each in ours if each.owed.name not in running
        }
        lost = [each for each in ours if now - self._strays.get(each.owed.name, now) >= STRAY]
        for each in lost:
            log.warning("unit.strayed", unit=each.owed.name)
            del self._strays[each.owed.name]
        self.queue.hand_back(lost)

    def _unit(self, kind: str, key: str) -> None:
        """One unit, as DBOS calls it."""
        with self._counted(f"{kind}:{key}"):
            refused = 0
            for attempt in count():
                if self._stopping.is_set():
                    raise LeavingError
                match self._tried(kind, key, refused):
                    case Tried.DONE:
                        return
                    case Tried.REFUSED:
                        refused += 1
                    case Tried.WAITS:
                        pass
                longest = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT)
                self._stopping.wait(longest * random.uniform(0.5, 1.0))  # noqa: S311 - so that not all try at once

    def _tried(self, kind: str, key: str, refused: int) -> Tried:
        """Try once. A database that cannot be reached is worth any number of attempts, a refusal a few."""
        try:
            self._work.act(kind, key)
        except (TransportError, UnavailableError) as error:
            log.warning("unit.waits", unit=f"{kind}:{key}", error=error.sentence)
            leaves = kind in TOLD_AGAIN and isinstance(error, TransportError)
            return Tried.DONE if leaves else Tried.WAITS
        except Exception as error:
            if isinstance(error, StoreError) and refused + 1 < ATTEMPTS:
                log.info("unit.again", unit=f"{kind}:{key}", attempt=refused + 1, error=error.sentence)
                return Tried.REFUSED
            if self._work.apart(kind, key):
                return Tried.DONE
            defect = f"this is a defect of the gateway: {type(error).__name__}: {error}"
            sentence = error.sentence if isinstance(error, GatewayError) else defect
            log.error("unit.failed", kind=kind, key=key, error=sentence)  # noqa: TRY400 - the sentence says it all
            raise GatewayError(sentence) from error
        return Tried.DONE

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        me = threading.get_ident()
        with self._idle:
            self._running[me] = name
        try:
            yield
        finally:
            with self._idle:
                del self._running[me]
                self._idle.notify_all()


def _is_stale(unit: Unit) -> bool:
    """Done although the tables say otherwise, or waiting for a version that is no more."""
    return unit.state == "done" or (unit.state != "failed" and unit.version != UNIT_VERSION)


def _quiet() -> None:
    """What DBOS says of units that fail, or that it claims while the process ends, we say ourselves, in sentences."""

    def keep(record: logging.LogRecord) -> bool:
        record.exc_info, record.exc_text = None, None
        said = record.getMessage()
        return not any(each in said for each in _UNSAID)

    logging.getLogger("dbos").addFilter(keep)
