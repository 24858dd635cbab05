"""Moments as people read them: short, to the minute, in the time zone of the site they look at."""

import re
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo

ZONE: ContextVar[tzinfo] = ContextVar("zone", default=UTC)
"""The time zone of the site that this command opened."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def short(text: str) -> str:
    """A moment for a list; what is none stays as it is.

    >>> _ = ZONE.set(UTC)
    >>> short("2026-11-20T20:00:00+00:00"), short("no time agreed")
    ('2026-11-20 20:00', 'no time agreed')
    """
    return f"{_local(text):%Y-%m-%d %H:%M}" if _MOMENT.match(text) else text


def spoken(text: str) -> str:
    """A moment for a sentence, with the name of its time.

    >>> _ = ZONE.set(UTC)
    >>> spoken("2026-11-20T20:00:00+00:00")
    '2026-11-20 20:00 UTC'
    """
    return f"{_local(text):%Y-%m-%d %H:%M %Z}" if _MOMENT.match(text) else text


def _local(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE.get())
