"""When what failed is tried again: later with each failure, not all at one moment, and not for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

SPREAD = Fraction(1, 4)
"""Each wait is longer or shorter by up to this part of it, so that those who failed together do not come back together."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """The wait after the first failure, how much longer each next one is, the longest, and when it is over."""

    first: timedelta
    factor: Decimal
    longest: timedelta
    give_up: timedelta


def wait(backoff: Backoff, failures: int, lot: Fraction) -> timedelta:
    """How long to wait after so many failures in a row; ``lot`` from 0 to 1 says where in the spread.

    >>> usual = Backoff(timedelta(seconds=30), Decimal(2), timedelta(hours=1), timedelta(days=3))
    >>> [str(wait(usual, failures, Fraction(1, 2))) for failures in (1, 2, 3, 9)]
    ['0:00:30', '0:01:00', '0:02:00', '1:00:00']
    >>> str(wait(usual, 1, Fraction(0))), str(wait(usual, 1, Fraction(1)))
    ('0:00:22.500000', '0:00:37.500000')
    """
    plain = min(backoff.first, backoff.longest)
    for _ in range(1, failures):
        if plain >= backoff.longest or backoff.factor == 1:
            break
        plain = min(_times(plain, Fraction(backoff.factor)), backoff.longest)
    return _times(plain, 1 - SPREAD + 2 * SPREAD * lot)


def next_try(backoff: Backoff, failures: int, now: datetime, lot: Fraction) -> datetime:
    """The moment of the next try after a failure, so many in a row."""
    return now + wait(backoff, failures, lot)


def is_over(backoff: Backoff, since: datetime, now: datetime) -> bool:
    """Whether it was tried in vain for as long as was agreed; asked after a failure, so that there always is a last try.

    >>> noon = datetime(2026, 11, 20, 12)
    >>> usual = Backoff(timedelta(seconds=30), Decimal(2), timedelta(hours=1), timedelta(days=3))
    >>> is_over(usual, noon, noon + timedelta(days=2, hours=23)), is_over(usual, noon, noon + timedelta(days=3))
    (False, True)
    """
    return now - since >= backoff.give_up


def latest(backoff: Backoff, now: datetime) -> datetime:
    """The last moment that a next try can be at; one beyond it was written under another clock."""
    return now + _times(backoff.longest, 1 + SPREAD)


def _times(span: timedelta, factor: Fraction) -> timedelta:
    """Exact to the microsecond, whatever the factor."""
    whole = span // timedelta(microseconds=1)
    return timedelta(microseconds=int(whole * factor))
