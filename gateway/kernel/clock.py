"""The only caller of now; everything else takes the time as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(tz=UTC)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still, for ``--now`` and for tests."""
    return lambda: moment
