"""Numbers are read as strictly as the language says, and what is written is read again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.language import numerals

NUMBERS = st.decimals(min_value=Decimal("-1e17"), max_value=Decimal("1e17"), places=6) | st.integers(
    -(10**17), 10**17
).map(Decimal)
SIGNS = st.sampled_from(
    [(".", ""), (",", ""), (",", "."), (".", ","), (",", " "), (".", "'"), (",", "\u00a0"), ("|", "^")]
)


@given(number=NUMBERS, signs=SIGNS, keeps_zeros=st.booleans())
def test_a_written_number_is_read_again(number: Decimal, signs: tuple[str, str], *, keeps_zeros: bool) -> None:
    decimal, thousands = signs
    text = numerals.written(number, keeps_zeros=keeps_zeros, decimal=decimal, thousands=thousands)

    found = numerals.reader(decimal, thousands)(text)

    assert found == number
    if keeps_zeros and found:
        assert str(found) == str(number)


@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=4), places=st.integers(4, 6))
def test_implied_decimals_come_back(number: Decimal, places: int) -> None:
    text = numerals.implied(number, places)

    assert text is not None
    assert Decimal(text).scaleb(-places) == number


def test_more_decimals_than_implied_are_not_cut() -> None:
    assert numerals.implied(Decimal("12.505"), 2) is None
    assert numerals.implied(Decimal("12.500"), 2) == "1250"
    assert numerals.implied(Decimal("-0.05"), 2) == "-5"


@pytest.mark.parametrize(
    "text",
    ["", ".", "+", "1e3", "NaN", "Infinity", "1_000", "١٢", "1²", " 1", "1 ", "1,5", "--1", "0x1", "1" * 19, "0." + "1" * 13, "1.2.3", "1-", "1.5 EUR"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert numerals.with_point(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0", "0"), ("007", "7"), ("+5", "5"), ("-5.", "-5"), (".5", "0.5"), ("12.50", "12.50"), ("9" * 18 + "." + "9" * 12, "9" * 18 + "." + "9" * 12)],
)  # fmt: skip
def test_a_number_is_read(text: str, wanted: str) -> None:
    assert str(numerals.with_point(text)) == str(Decimal(wanted))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1.234,50", "1234.50"), ("1234,50", "1234.50"), ("-1.234.567", "-1234567"), ("12.34,5", None), ("1.2345", None), ("1234.567", None),
     (".234", None), ("1..234", None), ("1,234.5", None), (",5", "0.5"), ("1.234,", "1234"), ("1.234.567.890.123.456.789", None)],
)  # fmt: skip
def test_thousands_stand_in_the_right_places(text: str, wanted: str | None) -> None:
    found = numerals.reader(",", ".")(text)

    assert found == (None if wanted is None else Decimal(wanted))


def test_zero_has_no_sign() -> None:
    assert numerals.written(Decimal("-0.00"), keeps_zeros=True) == "0.00"
    assert numerals.written(Decimal("-0.00"), keeps_zeros=False) == "0"


@pytest.mark.parametrize(
    ("decimal", "thousands"), [("", ""), ("..", ""), (".", "."), ("5", ""), ("-", ""), (".", ",,"), (".", "x")]
)
def test_signs_that_cannot_be_are_told(decimal: str, thousands: str) -> None:
    assert numerals.fault(decimal, thousands) is not None
    assert numerals.fault(",", ".") is None
