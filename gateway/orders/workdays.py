"""When a warehouse works: its working days and its cut-off time, and the first day on which goods can leave it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Workdays:
    """The days of the week a warehouse works on (0 is Monday), and until when goods still leave on the same day."""

    days: frozenset[int] = EVERY_DAY
    cutoff: time | None = None

    def at_work(self, day: date) -> date:
        """The day itself when the warehouse works on it, else the next one on which it does."""
        return next(later for later in (day + timedelta(days=n) for n in range(7)) if later.weekday() in self.days)

    def ship_day(self, moment: datetime) -> date:
        """The day on which goods reserved at a moment (in the warehouse's time zone) can leave."""
        today = moment.date()
        late = self.cutoff is not None and moment.time() > self.cutoff
        return self.at_work(today + timedelta(days=1) if late and today.weekday() in self.days else today)


def workdays(working_days: str, cutoff: str) -> Workdays | str:
    """The working days and the cut-off time as a file says them, or a sentence about what cannot be understood.

    >>> workdays("mon-wed, sat", "16:00").days == frozenset({0, 1, 2, 5})
    True
    """
    days = _days(working_days)
    if isinstance(days, str):
        return days
    at = _time(cutoff)
    return at if isinstance(at, str) else Workdays(days, at)


def known_workdays(working_days: str, cutoff: str) -> Workdays:
    """The same of values that were checked when they came; what cannot be understood does not limit."""
    found = workdays(working_days, cutoff)
    return Workdays() if isinstance(found, str) else found


def _days(text: str) -> frozenset[int] | str:
    found: set[int] = set()
    for part in text.replace(",", " ").lower().split():
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            return f"working_days '{text}' is not understood; write for example mon-fri or mon-wed,sat"
        begin, end = DAYS.index(first), DAYS.index(last) if dash else DAYS.index(first)
        found |= {(begin + n) % 7 for n in range((end - begin) % 7 + 1)}
    return frozenset(found) or EVERY_DAY


def _time(text: str) -> time | str | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        return f"cutoff '{text}' is not a time of day; write for example 16:00"
