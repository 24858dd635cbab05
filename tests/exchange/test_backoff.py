"""When what failed is tried again: the law of every back-off that a partner file can say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange import backoff
from gateway.exchange.backoff import Backoff

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPANS = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
LOTS = st.fractions(0, 1)


@st.composite
def backoffs(draw: st.DrawFn) -> Backoff:
    first, longest, give_up = sorted(draw(st.tuples(SPANS, SPANS, SPANS)))
    factor = draw(st.decimals(1, 100, places=2))
    return Backoff(first, Decimal(factor), longest, give_up)


@given(backoffs(), st.integers(1, 10**6), LOTS)
def test_every_wait_is_as_long_as_agreed_give_or_take_a_quarter(agreed: Backoff, failures: int, lot: Fraction) -> None:
    waited = backoff.wait(agreed, failures, lot)

    assert agreed.first * 0.75 - timedelta(microseconds=1) <= waited <= agreed.longest * 1.25
    assert NOON + waited == backoff.next_try(agreed, failures, NOON, lot) <= backoff.latest(agreed, NOON)


@given(backoffs(), st.integers(1, 60), LOTS)
def test_no_wait_is_shorter_than_the_one_before_it_where_chance_is_the_same(
    agreed: Backoff, failures: int, lot: Fraction
) -> None:
    assert backoff.wait(agreed, failures, lot) <= backoff.wait(agreed, failures + 1, lot)


@given(backoffs(), st.lists(LOTS, min_size=1, max_size=8))
def test_a_thing_that_never_works_is_given_up_once_after_the_time_agreed_and_not_before(
    agreed: Backoff, lots: list[Fraction]
) -> None:
    now, failures = NOON, 1
    while not backoff.is_over(agreed, NOON, now) and failures < 500:
        before, now = now, backoff.next_try(agreed, failures, now, lots[failures % len(lots)])
        assert now > before
        failures += 1

    if failures < 500:
        assert agreed.give_up <= now - NOON <= agreed.give_up + agreed.longest * 1.25
    assert not backoff.is_over(agreed, now, now) or agreed.give_up == timedelta()
