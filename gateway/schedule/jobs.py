"""Recurring jobs on a clock of their own; they only ever ask for work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from apscheduler.schedulers.background import BackgroundScheduler


@contextmanager
def every(seconds: float, name: str, job: Callable[[], object]) -> Iterator[None]:
    """Run a job every so many seconds while inside; missed runs are made up for by one, none overlap."""
    scheduler = BackgroundScheduler()
    scheduler.add_job(
        job, "interval", seconds=seconds, id=name, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)
