"""Times of the day in a time zone as moments: each day has one, whatever its clocks do on it."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EVERY_DAY = frozenset(range(7))
_SPAN = 16
"""So many days have at least one moment of a weekly time, also where a zone left out a whole day."""


def moment_of(day: date, by: time, zone: tzinfo) -> datetime:
    """When a time of a day comes, in UTC: the first of two, and where it is left out the first instant after the gap.

    >>> from zoneinfo import ZoneInfo
    >>> moment_of(date(2026, 3, 8), time(2, 30), ZoneInfo("America/Chicago")).isoformat()
    '2026-03-08T08:00:00+00:00'
    """
    wanted = datetime.combine(day, by)
    late = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before, after = 0, int((late - early).total_seconds())
    if after <= 0:
        return late
    while after - before > 1:  # seconds since then at which the clock is before the time, and after it
        middle = (before + after) // 2
        if _wall(early + timedelta(seconds=middle), zone) < wanted:
            before = middle
        else:
            after = middle
    return early + timedelta(seconds=after)


def last_moment(by: time, days: Collection[int], zone: tzinfo, now: datetime) -> tuple[date, datetime] | None:
    """The last day (weekdays, Monday 0) whose time has come, and when that was; None where no day is named."""
    today = now.astimezone(zone).date()
    around = (today - timedelta(days=each) for each in range(-1, _SPAN))
    return next((found for found in _moments(around, by, days, zone) if found[1] <= now), None)


def next_moment(by: time, days: Collection[int], zone: tzinfo, now: datetime) -> tuple[date, datetime] | None:
    """The first day whose time is still to come, and when that is; None where no day is named."""
    today = now.astimezone(zone).date()
    around = (today + timedelta(days=each) for each in range(-1, _SPAN))
    return next((found for found in _moments(around, by, days, zone) if found[1] > now), None)


def _moments(around: Iterator[date], by: time, days: Collection[int], zone: tzinfo) -> Iterator[tuple[date, datetime]]:
    yield from ((day, moment_of(day, by, zone)) for day in around if day.weekday() in days and _exists(day, zone))


def _exists(day: date, zone: tzinfo) -> bool:
    """Whether a zone has a day: where it changed the side of the date line, one was left out."""
    return _wall(moment_of(day, time(), zone), zone).date() == day


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
