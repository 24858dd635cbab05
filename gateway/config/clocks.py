"""What a partner file says about time: when files are expected, and how fast answers were promised."""

import re
from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator

from gateway.config.located import Section
from gateway.config.marks import OneOrMany
from gateway.config.partner_documents import DocumentName
from gateway.config.values import Duration, TimeOfDay, duration, moment_of_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FINE = re.compile(r"\d{1,12}(\.\d{1,4})? per (order|line|document|day|hour)|\d{1,3}(\.\d{1,4})?% of (goods|order)")
Measure = Literal[
    "997_after_receipt", "855_after_850", "865_after_860", "856_after_ship", "810_after_ship"
]  # fmt: skip


def days_of(value: str) -> frozenset[int]:
    """``mon-fri`` or ``sat`` as numbers of weekdays, Monday 0; a range may go over Sunday. Raises ValueError.

    >>> sorted(days_of("mon-wed")), sorted(days_of("sat-mon"))
    ([0, 1, 2], [0, 5, 6])
    """
    first, dash, last = value.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"'{value}' is not a day of the week; write mon, tue, wed, thu, fri, sat, sun or mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return frozenset((start + each) % len(WEEKDAYS) for each in range((end - start) % len(WEEKDAYS) + 1))


def _days(value: str) -> str:
    days_of(value)
    return value


def _fine(value: str) -> str:
    if not _FINE.fullmatch(value):
        raise ValueError(f"'{value}' is not a fine; write it like '50.00 per order' or '3% of goods'")
    return value


class Expect(Section):
    """A file of a document is expected on certain days by a time of the partner's zone; silence then is told."""

    document: DocumentName
    by: TimeOfDay
    days: Annotated[tuple[Annotated[str, AfterValidator(_days)], ...], OneOrMany()] = ("mon-fri",)
    grace: Duration = "0m"

    def weekdays(self) -> frozenset[int]:
        """The weekdays it is expected on, Monday 0."""
        return frozenset().union(*(days_of(each) for each in self.days))

    def moment(self) -> time:
        """By when, in the partner's zone."""
        return moment_of_day(self.by)

    def patience(self) -> timedelta:
        """How much later it may be before anybody is told."""
        return duration(self.grace)


class Sla(Section):
    """A promise: how long something may take, and what it costs when it takes longer. It is only reported."""

    measure: Measure
    limit: Duration
    fine: Annotated[str, AfterValidator(_fine)] | None = None
