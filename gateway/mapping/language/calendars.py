"""Working days: which days of the week count, which dates do not, and so many of them from a date on."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

USUAL = "mon-fri"
FURTHEST = 3660
"""The most working days that are counted, about ten years."""

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_YEAR = re.compile(r"\d\d-\d\d", re.ASCII)
_ONE_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LEAP_YEAR = 2000
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the week that count (Monday is 0), and the dates that do not: of every year, and single ones."""

    days: frozenset[int]
    every_year: frozenset[tuple[int, int]] = frozenset()
    once: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() in self.days and (day.month, day.day) not in self.every_year and day not in self.once

    def after(self, day: date, count: int) -> date | None:
        """So many working days later, earlier when negative; for 0 the day itself or the next working day.

        None when a hundred days in a row are none.
        """
        step = timedelta(days=-1 if count < 0 else 1)
        left, idle = abs(count), 0
        if not left and self.works(day):
            return day
        left = left or 1
        while left:
            day += step
            works = self.works(day)
            left -= works
            idle = 0 if works else idle + 1
            if idle > 100:  # noqa: PLR2004 - as the docstring says
                return None
        return day


@cache
def parse(text: str) -> Calendar | str:
    """The calendar of a text like ``mon-fri`` or ``mon-thu sat not 12-25 2026-04-03``, or why it is none.

    >>> parse("mon-fri not 12-25").after(date(2026, 12, 24), 1)
    datetime.date(2026, 12, 28)
    """
    working, _, holidays = text.lower()[:_LONGEST].replace(",", " ").partition(" not ")
    days: set[int] = set()
    for word in working.split():
        first, dash, last = word.partition("-")
        if first not in _WEEK or (dash and last not in _WEEK):
            return f"'{word}' in the calendar '{text[:40]}' is no day of the week; write it like mon-fri or mon,wed,sat"
        start = _WEEK.index(first)
        span = (_WEEK.index(last or first) - start) % len(_WEEK) + 1
        days |= {(start + at) % len(_WEEK) for at in range(span)}
    if not days:
        return f"the calendar '{text[:40]}' has no day of the week; write it like mon-fri or mon,wed,sat"
    every_year: set[tuple[int, int]] = set()
    once: set[date] = set()
    for word in holidays.split():
        day = _holiday(word)
        if day is None:
            return f"'{word}' in the calendar is no day; after 'not' write 12-25 or 2026-04-03"
        if _EVERY_YEAR.fullmatch(word):
            every_year.add((day.month, day.day))
        else:
            once.add(day)
    return Calendar(frozenset(days), frozenset(every_year), frozenset(once))


def _holiday(word: str) -> date | None:
    try:
        if _EVERY_YEAR.fullmatch(word):
            return date.fromisoformat(f"{_LEAP_YEAR}-{word}")
        return date.fromisoformat(word) if _ONE_DAY.fullmatch(word) else None
    except ValueError:
        return None
