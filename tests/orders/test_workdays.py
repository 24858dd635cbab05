"""When a warehouse works: the day on which goods leave follows its working days and its cut-off time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.orders.workdays import EVERY_DAY, Workdays, known_workdays, workdays

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
DALLAS = Workdays(frozenset(range(5)), time(16))


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri", {0, 1, 2, 3, 4}), ("sun-tue", {6, 0, 1}), ("Mon, wed", {0, 2}), ("sat", {5}), ("", set(range(7)))],
)
def test_working_days_are_names_and_spans_of_names(text: str, days: set[int]) -> None:
    found = workdays(text, "")
    assert isinstance(found, Workdays)
    assert found.days == days


@pytest.mark.parametrize(
    ("days", "cutoff", "said"),
    [("monday", "", "working_days 'monday'"), ("mon-", "", "'mon-'"), ("mon-fri", "4pm", "cutoff '4pm'")],
)
def test_what_cannot_be_understood_is_told_with_an_example(days: str, cutoff: str, said: str) -> None:
    found = workdays(days, cutoff)
    assert isinstance(found, str)
    assert said in found
    assert "for example" in found
    assert known_workdays(days, cutoff) == Workdays(EVERY_DAY, None)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), FRIDAY),
        (datetime(2026, 11, 20, 16, 1, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), MONDAY),
    ],
)
def test_after_the_cut_off_goods_leave_on_the_next_working_day(moment: datetime, day: date) -> None:
    assert DALLAS.ship_day(moment) == day


@given(st.sets(st.integers(0, 6), min_size=1), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_next_working_day_is_the_first_one_and_never_before(days: set[int], day: date) -> None:
    found = Workdays(frozenset(days)).at_work(day)
    assert found.weekday() in days
    assert not any((day + timedelta(days=n)).weekday() in days for n in range((found - day).days))
