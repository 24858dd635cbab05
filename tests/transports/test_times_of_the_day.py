"""A job at a time of the day: asked for once on each day, at the start too, whatever the clock on the wall does."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.schedule import jobs
from gateway.schedule.jobs import At, Struck, timetable

CHICAGO = ZoneInfo("America/Chicago")


def at(by: time, days: frozenset[int] = frozenset(range(7)), patience: timedelta = timedelta()) -> At:
    return At(by, CHICAGO, "digest", lambda _day: None, days, patience)


@given(
    by=st.sampled_from([time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(7)]),
    start=st.sampled_from([datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)]),
    steps=st.lists(st.integers(1, 300), min_size=60, max_size=60),
    back=st.integers(0, 59),
)
def test_each_day_is_asked_for_once_over_changes_of_the_clock(
    by: time, start: datetime, steps: list[int], back: int
) -> None:
    struck, now, asked = Struck([at(by)]), start, []
    for number, minutes in enumerate(steps):
        now += timedelta(minutes=minutes) if number != back else timedelta(minutes=-90)
        asked += [day for _, day in struck.due(now)]

    assert asked == [asked[0] + timedelta(days=each) for each in range(len(asked))]
    assert asked[-1] >= now.astimezone(CHICAGO).date() - timedelta(days=1)


def test_the_wait_ends_when_a_time_comes_and_is_never_long() -> None:
    struck = Struck([at(time(7), patience=timedelta(minutes=5))])
    seven = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert struck.wait(seven) == 30.0
    assert struck.wait(seven + timedelta(minutes=4, seconds=50)) == pytest.approx(10.0)


def test_what_came_while_nobody_ran_is_asked_for_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "system_clock", lambda: datetime(2026, 11, 20, 20, tzinfo=UTC))
    asked: list[date] = []
    came = threading.Event()

    def fails(_day: date) -> None:
        raise ZeroDivisionError

    def ask(day: date) -> None:
        asked.append(day)
        came.set()

    failing, other = At(time(7), CHICAGO, "fails", fails), At(time(7), CHICAGO, "digest", ask)
    with timetable([failing, other], CHICAGO):
        assert came.wait(5)
    assert asked == [date(2026, 11, 20)]
