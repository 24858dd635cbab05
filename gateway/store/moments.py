"""Moments and days as text that sorts as they do."""

from datetime import UTC, date, datetime
from functools import lru_cache


@lru_cache(maxsize=256)
def to_text(moment: datetime) -> str:
    """A moment in UTC, ISO 8601 with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str) -> datetime:
    """The moment of a row."""
    return datetime.fromisoformat(text)


def day_to_text(day: date | None) -> str:
    """A day, empty for none."""
    return day.isoformat() if day is not None else ""


def to_day(text: str) -> date | None:
    """The day of a row, None for empty."""
    return date.fromisoformat(text) if text else None


def maybe_to_text(moment: datetime | None) -> str | None:
    """A moment as text, None for none."""
    return to_text(moment) if moment is not None else None


def maybe_to_moment(text: str | None) -> datetime | None:
    """The moment of a row that may have none."""
    return to_moment(text) if text is not None else None
