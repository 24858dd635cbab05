"""Recurring jobs on a clock of their own; they only ever ask for work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler


@dataclass(frozen=True, slots=True)
class Every:
    """A job of this process, every so many seconds; missed runs are made up for by one."""

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
    scheduler = BackgroundScheduler(timezone=zone)
    for each in jobs:
        if isinstance(each, Every):
            scheduler.add_job(
                each.job, "interval", seconds=each.seconds, id=each.name, coalesce=True, max_instances=1,
                misfire_grace_time=None,
            )  # fmt: skip
        else:
            scheduler.add_job(_asking(each, zone), "cron", minute=each.minute, id=each.name, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _asking(job: Cron, zone: ZoneInfo) -> Callable[[], None]:
    def ask() -> None:
        job.ask(unit_name(job, datetime.now(zone)))

    return ask


def unit_name(job: Cron, local: datetime) -> str:
    """The name of the unit that a job asks for: the last time it was for, as a clock on the wall shows it."""
    hour = local.replace(minute=job.minute, second=0, microsecond=0, tzinfo=None)
    return f"{job.name}:{hour.isoformat(timespec='minutes')}"
