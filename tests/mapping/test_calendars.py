"""Working days of calendars that a text names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.language import calendars
from gateway.mapping.language.calendars import Calendar

FRIDAY = date(2026, 11, 20)


def calendar(text: str) -> Calendar:
    found = calendars.parse(text)
    assert isinstance(found, Calendar), found
    return found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon,wed, sat", {0, 2, 5}),
        ("sat-mon", {5, 6, 0}),
        ("MON-THU SAT", {0, 1, 2, 3, 5}),
        ("sun", {6}),
    ],
)
def test_the_days_of_the_week_are_named(text: str, days: set[int]) -> None:
    assert calendar(text).days == days


def test_holidays_do_not_count() -> None:
    found = calendar("mon-fri not 11-23, 2026-11-24")

    assert found.after(FRIDAY, 1) == date(2026, 11, 25)
    assert found.after(date(2027, 11, 22), 2) == date(2027, 11, 25)


@pytest.mark.parametrize(
    "text", ["", "weekdays", "mon-", "mon not", "mon-fri not christmas", "mon-fri not 02-30", "not 12-25"]
)
def test_what_is_no_calendar_is_refused(text: str) -> None:
    assert isinstance(calendars.parse(text), str)


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), count=st.integers(1, 300))
def test_so_many_working_days_lie_between(start: date, count: int) -> None:
    found = calendar("mon-fri")
    end = found.after(start, count)

    assert end is not None
    assert found.works(end)
    passed = (start + timedelta(days=at) for at in range(1, (end - start).days + 1))
    assert sum(found.works(day) for day in passed) == count


def test_a_calendar_without_working_days_for_long_gives_none() -> None:
    dates = " ".join((FRIDAY + timedelta(days=at)).isoformat() for at in range(1, 80))

    assert calendar(f"fri not {dates}").after(FRIDAY, 1) == date(2027, 2, 12)
    assert Calendar(frozenset()).after(FRIDAY, 1) is None
