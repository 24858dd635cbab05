"""What every part relies on: money, plain numbers, causes, the clock."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.causes import CAUSES
from gateway.kernel.clock import fixed_clock
from gateway.kernel.money import Money, cents
from gateway.kernel.problem import Problem, has_errors
from gateway.kernel.quantity import plain

NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


def test_two_currencies_are_never_added_or_compared() -> None:
    with pytest.raises(ValueError, match="USD and CAD"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "CAD")
    with pytest.raises(ValueError, match="USD and CAD"):
        _ = Money(Decimal(1), "USD") < Money(Decimal(1), "CAD")


@given(NUMBERS)
def test_plain_text_of_a_number_is_the_same_number_without_exponent(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
    assert "E" not in plain(number)


@given(NUMBERS)
def test_cents_are_never_more_than_half_a_cent_away(number: Decimal) -> None:
    assert abs(cents(number) - number) <= Decimal("0.005")


def test_half_a_cent_goes_up() -> None:
    assert [cents(Decimal(text)) for text in ("0.005", "2.345", "-0.005")] == [
        Decimal("0.01"),
        Decimal("2.35"),
        Decimal("-0.01"),
    ]


def test_a_fixed_clock_stands_still() -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    assert fixed_clock(moment)() == fixed_clock(moment)() == moment


def test_a_problem_is_shown_as_file_line_column_code_sentence_and_hint() -> None:
    problem = Problem("partners/acme.yaml", 3, 1, "P001", "the key 'statsu' is not known", "did you mean 'status'?")
    assert str(problem) == (
        "partners/acme.yaml:3:1: error P001: the key 'statsu' is not known\n    hint: did you mean 'status'?"
    )
    assert has_errors([problem])
    assert not has_errors([Problem("x", 1, 1, "P1", "s", level="warning")])


def test_every_cause_has_a_title_and_a_next_step_in_words() -> None:
    for code, cause in CAUSES.items():
        assert len(cause.title.split()) > 2, code
        assert cause.next_step.endswith("."), code


def test_every_code_that_a_hold_can_carry_is_in_the_catalogue() -> None:
    package = Path(__file__).parents[2] / "gateway"
    found = {
        code
        for path in package.rglob("*.py")
        for code in re.findall(r"\"([FSXPC]-[A-Z][A-Z-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert found <= set(CAUSES)
