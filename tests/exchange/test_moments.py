"""A time of the day comes once on each day of a zone, whatever its clocks do: never skipped, never doubled."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange.moments import EVERY_DAY, last_moment, moment_of, next_moment

ZONES = sorted(available_timezones() - {"localtime"})
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(1970, 1, 10), date(2069, 12, 1))
weekdays = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
NIGHT = st.sampled_from([time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(23, 30)])


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


@given(zone=zones, day=days, by=times | NIGHT)
def test_the_moment_of_a_day_is_the_first_at_which_its_clock_shows_the_time_or_more(
    zone: ZoneInfo, day: date, by: time
) -> None:
    wanted = datetime.combine(day, by)
    found = moment_of(day, by, zone)
    assert wall(found, zone) >= wanted
    assert wall(found - timedelta(seconds=1), zone) < wanted


@given(zone=zones, day=days, by=times | NIGHT, on=weekdays)
def test_no_day_is_skipped_and_none_comes_twice(zone: ZoneInfo, day: date, by: time, on: frozenset[int]) -> None:
    now = datetime.combine(day, time(12), UTC)
    for _ in range(4):
        coming = next_moment(by, on, zone, now)
        assert coming is not None
        found, moment = coming
        assert found.weekday() in on
        assert moment > now
        # what comes next is what came last once it is there, and not a moment earlier
        assert last_moment(by, on, zone, moment) == coming
        before = last_moment(by, on, zone, moment - timedelta(microseconds=1))
        assert before is not None
        assert before[0] < found
        between = {before[0] + timedelta(days=each) for each in range(1, (found - before[0]).days)}
        assert all(each.weekday() not in on or is_left_out(each, zone) for each in between)
        now = moment


def is_left_out(day: date, zone: ZoneInfo) -> bool:
    """A zone that changed the side of the date line has no such day."""
    noon = datetime.combine(day, time(12), UTC)
    return all(wall(noon + timedelta(hours=each), zone).date() != day for each in range(-36, 37))


@pytest.mark.parametrize(
    ("zone", "day", "by", "when"),
    [
        ("America/Chicago", date(2026, 3, 8), time(2, 30), "2026-03-08T08:00:00+00:00"),  # left out: the first after it
        ("America/Chicago", date(2026, 3, 8), time(1, 59), "2026-03-08T07:59:00+00:00"),
        ("America/Chicago", date(2026, 11, 1), time(1, 30), "2026-11-01T06:30:00+00:00"),  # twice: the first
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00:00+00:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00+00:00"),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0, 0), "2018-11-04T03:00:00+00:00"),  # midnight is left out
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30:00+00:00"),  # half an hour
        ("UTC", date(2026, 3, 8), time(2, 30), "2026-03-08T02:30:00+00:00"),
    ],
)
def test_left_out_and_doubled_times(zone: str, day: date, by: time, when: str) -> None:
    assert moment_of(day, by, ZoneInfo(zone)).isoformat() == when


def test_a_day_that_a_zone_left_out_never_comes() -> None:
    apia = ZoneInfo("Pacific/Apia")
    thursday = next_moment(time(8), EVERY_DAY, apia, datetime(2011, 12, 29, 12, tzinfo=UTC))
    assert thursday is not None
    after = next_moment(time(8), EVERY_DAY, apia, thursday[1])
    assert (thursday[0], after[0] if after else None) == (date(2011, 12, 29), date(2011, 12, 31))


def test_where_no_day_is_named_nothing_comes() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert last_moment(time(8), frozenset(), ZoneInfo("UTC"), now) is None
    assert next_moment(time(8), frozenset(), ZoneInfo("UTC"), now) is None
