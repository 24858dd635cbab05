"""What a partner file says about fines, and the money at risk."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange.fines import Stakes, parsed

STAKES = Stakes(goods=Decimal("179.90"), order=Decimal(1000), lines=3)


@pytest.mark.parametrize(
    ("said", "at_risk", "after_two_days"),
    [
        ("50.00 per order", "50.00", "50.00"),
        ("50 per document", "50.00", "50.00"),
        ("1.5 per line", "4.50", "4.50"),
        ("25 per day", "25.00", "75.00"),
        ("0.25 per hour", "0.25", "12.25"),
        ("3% of goods", "5.40", "5.40"),
        ("0.5% of order", "5.00", "5.00"),
    ],
)
def test_each_fine_has_its_amount(said: str, at_risk: str, after_two_days: str) -> None:
    fine = parsed(said)
    risk = fine.at_risk(STAKES)
    assert f"{risk:.2f}" == at_risk
    assert f"{fine.after(risk, timedelta(days=2, minutes=1)):.2f}" == after_two_days
    assert fine.after(risk, timedelta()) == fine.after(risk, timedelta(hours=-5)) == risk


@pytest.mark.parametrize("said", ["", "50", "50 per week", "-3% of goods", "3 % of goods", "1000% of stars"])
def test_what_is_no_fine_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="is not a fine"):
        parsed(said)


@given(hours=st.integers(1, 2000), amount=st.integers(1, 9999))
def test_a_fine_that_grows_never_shrinks_and_counts_what_has_begun(hours: int, amount: int) -> None:
    fine = parsed(f"{amount} per day")
    risk = fine.at_risk(Stakes())
    costs = [fine.after(risk, timedelta(hours=each)) for each in (hours, hours + 1)]
    assert costs == sorted(costs)
    assert costs[0] == risk * ((hours + 23) // 24)
