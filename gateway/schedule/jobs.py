"""Recurring jobs; they only ever ask for work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from threading import Event, Thread
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from gateway.exchange.moments import EVERY_DAY, last_moment, next_moment
from gateway.kernel.clock import system_clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Every:
    """A job of this process, so many seconds after it ended last, whatever happens to the clock on the wall."""

    seconds: float
    name: str
    job: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Cron:
    """A job of the site, at a minute of each hour.

    It is given the name of the unit it asks for: its own name with the local time it was for, without offset. All
    processes give the same name, so that the unit is done once; and once only in an hour that comes twice.
    """

    minute: int
    name: str
    ask: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class At:
    """A job at a time of the day in a zone, on some weekdays (Monday 0), so long after it as ``patience`` says.

    It is asked for once for each day, also where the clocks of the zone leave the time out or show it twice, and at the
    start for the last day whose time has come: whoever is asked knows whether that was done.
    """

    by: time
    zone: tzinfo
    name: str
    ask: Callable[[date], object]
    days: frozenset[int] = EVERY_DAY
    patience: timedelta = timedelta()


class Struck:
    """For which day each of several jobs was asked for last."""

    def __init__(self, jobs: Sequence[At]) -> None:
        self._last: dict[int, date] = {}
        self._jobs = jobs

    def due(self, now: datetime) -> list[tuple[At, date]]:
        """The jobs to be asked for now, each with its day; a clock that is put back brings none again."""
        found: list[tuple[At, date]] = []
        for number, each in enumerate(self._jobs):
            last = last_moment(each.by, each.days, each.zone, now - each.patience)
            if last is not None and last[0] > self._last.get(number, date.min):
                self._last[number] = last[0]
                found.append((each, last[0]))
        return found

    def wait(self, now: datetime) -> float:
        """Seconds until one of them may be due; never long, for a clock may be put forward meanwhile."""
        coming = (next_moment(each.by, each.days, each.zone, now - each.patience) for each in self._jobs)
        spans = [
            (each[1] - now).total_seconds() + job.patience.total_seconds()
            for each, job in zip(coming, self._jobs, strict=True)
            if each
        ]
        return min([LOOK, *spans])


LOOK = 30.0
"""Seconds between two looks at the clock on the wall, at most."""


@contextmanager
def timetable(jobs: Sequence[Every | Cron | At], zone: ZoneInfo) -> Iterator[None]:
    """Let jobs recur while inside; none overlaps with itself."""
    scheduler, ended = BackgroundScheduler(timezone=zone), Event()
    beats = [Thread(target=_beat, args=(each, ended), name=each.name) for each in jobs if isinstance(each, Every)]
    at_times = [each for each in jobs if isinstance(each, At)]
    if at_times:
        beats.append(Thread(target=_strike, args=(at_times, ended), name="times of the day"))
    for each in jobs:
        if isinstance(each, Cron):
            scheduler.add_job(_asking(each, zone), "cron", minute=each.minute, id=each.name, coalesce=True)
    scheduler.start()
    for beat in beats:
        beat.start()
    try:
        yield
    finally:
        ended.set()
        for beat in beats:
            beat.join()
        scheduler.shutdown(wait=True)


def _beat(each: Every, ended: Event) -> None:
    """The schedules of APScheduler stand still while a clock that was put back catches up."""
    while not ended.wait(each.seconds):
        try:
            each.job()
        except Exception as error:  # noqa: BLE001 - a job that fails once is tried the next time
            log.error("job.failed", job=each.name, defect=f"{type(error).__name__}: {error}")  # noqa: TRY400 - no traceback at people


def _strike(jobs: Sequence[At], ended: Event) -> None:
    struck = Struck(jobs)
    while True:
        for job, day in struck.due(system_clock()):
            try:
                job.ask(day)
            except Exception as error:  # noqa: BLE001 - one that fails keeps no other waiting
                log.error("job.failed", job=job.name, defect=f"{type(error).__name__}: {error}")  # noqa: TRY400 - same
        if ended.wait(max(0.0, struck.wait(system_clock()))):
            return


def _asking(job: Cron, zone: ZoneInfo) -> Callable[[], None]:
    def ask() -> None:
        job.ask(unit_name(job, system_clock().astimezone(zone)))

    return ask


def unit_name(job: Cron, local: datetime) -> str:
    """The name of the unit that a job asks for: the last time it was for, as a clock on the wall shows it."""
    hour = local.replace(minute=job.minute, second=0, microsecond=0, tzinfo=None)
    return f"{job.name}:{hour.isoformat(timespec='minutes')}"
