"""Recurring jobs; they only ever ask for work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

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


@contextmanager
def timetable(jobs: Sequence[Every | Cron], zone: ZoneInfo) -> Iterator[None]:
    """Let jobs recur while inside; none overlaps with itself."""
    scheduler, ended = BackgroundScheduler(timezone=zone), Event()
    beats = [Thread(target=_beat, args=(each, ended), name=each.name) for each in jobs if isinstance(each, Every)]
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


def _asking(job: Cron, zone: ZoneInfo) -> Callable[[], None]:
    def ask() -> None:
        job.ask(unit_name(job, system_clock().astimezone(zone)))

    return ask


def unit_name(job: Cron, local: datetime) -> str:
    """The name of the unit that a job asks for: the last time it was for, as a clock on the wall shows it."""
    hour = local.replace(minute=job.minute, second=0, microsecond=0, tzinfo=None)
    return f"{job.name}:{hour.isoformat(timespec='minutes')}"
