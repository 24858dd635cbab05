"""Every function of the language, each by examples."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gateway.mapping.language.expressions import Expression, parse
from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.language.values import ExpressionError

VALUES: dict[str, object] = {
    "d": date(2026, 11, 20), "m": datetime(2026, 11, 20, 18, 5, tzinfo=ZoneInfo("Europe/Berlin")), "t": time(18, 5), "l": ["b", None, "", "a"],
    "n": [Decimal(2), None, Decimal("0.5")], "f": [True, False], "none": [],
}  # fmt: skip

EXAMPLES: list[tuple[str, object]] = [
    ("trim('  a b ')", "a b"),
    ("upper('größe')", "GRÖSSE"),
    ("lower('ABC')", "abc"),
    ("left('abcd', 2)", "ab"), ("left('a', 5)", "a"), ("left('a', missing)", None), ("left(125, 2)", "12"),
    ("right('abcd', 2)", "cd"), ("right('abcd', 0)", ""), ("right('a', 5)", "a"),
    ("mid('abcdef', 2, 3)", "bcd"), ("mid('abc', 9, 3)", ""),
    ("replace('a-b-c', '-', '')", "abc"), ("replace('abc', '', 'x')", "abc"),
    ("pad_left('7', 3, '0')", "007"), ("pad_left('7', 3)", "  7"), ("pad_left(missing, 3, '0')", ""), ("pad_left('1234', 3, '0')", "1234"),
    ("pad_right('7', 3, 'x')", "7xx"),
    ("digits('+49 (0)30/12²')", "4903012"),
    ("letters('A1-ö2')", "Aö"),
    ("join(l, ', ')", "b, a"),
    ("length('Größe')", Decimal(5)), ("length(missing)", Decimal(0)),
    ("contains('abc', 'b')", True), ("contains('abc', missing)", False),
    ("starts('abc', 'ab')", True), ("ends('abc', 'ab')", False),
    ("round(2.345, 2)", Decimal("2.35")), ("round(-2.5)", Decimal(-3)), ("round(125, -1)", Decimal(130)), ("round(missing, 2)", None),
    ("abs(-2)", Decimal(2)), ("abs(missing)", None),
    ("min(3, missing, 2)", Decimal(2)), ("min(missing)", None), ("min(n, 1)", Decimal("0.5")), ("max(n)", Decimal(2)),
    ("number('1.50')", Decimal("1.50")), ("number('')", None), ("text(1.50)", "1.50"),
    ("count(l)", Decimal(2)), ("sum(n)", Decimal("2.5")), ("sum(none)", Decimal(0)),
    ("first_of(l)", "b"), ("last_of(l)", "a"), ("first_of(none)", None),
    ("any(f)", True), ("all(f)", False), ("any(none)", False), ("all(none)", True), ("all(l)", False), ("any(l)", True),
    ("first(missing, '', 'x', 'y')", "x"), ("first(missing)", None),
    ("if(missing, 1, 2)", Decimal(2)),
    ("days(d, 30)", date(2026, 12, 20)), ("days(m, -1)", date(2026, 11, 19)), ("days(missing, 1)", None),
    ("workdays(d, 1)", date(2026, 11, 23)), ("workdays(d, 1, 'mon-sat')", date(2026, 11, 21)), ("workdays(d, -5)", date(2026, 11, 13)),
    ("workdays(d, 0)", date(2026, 11, 20)), ("workdays(days(d, 1), 0)", date(2026, 11, 23)), ("workdays(d, 1, 'mon-fri not 11-23')", date(2026, 11, 24)),
    ("day(d)", Decimal(20)), ("month(d)", Decimal(11)), ("year(m)", Decimal(2026)),
    ("format_date(d, 'DD-MON-YY')", "20-NOV-26"), ("format_date(m, 'YYYYMMDDhhmm')", "202611201805"), ("format_date(t, 'hh:mm')", "18:05"),
    ("gtin14('036000291452')", "00036000291452"), ("gtin14(missing)", ""),
    ("check_digit('03600029145')", "2"),
    ("upc_to_gtin('03600029145')", "00036000291452"), ("upc_to_gtin('036000291452')", "00036000291452"),
    ("sscc('0614141', 1)", "00006141410000000012"), ("sscc('0614141', 1, '3')", "00306141410000000013"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), EXAMPLES)
def test_a_function_gives(text: str, wanted: object) -> None:
    found = parse(text)
    assert isinstance(found, Expression)
    value = found.evaluate(VALUES.get)

    assert value == wanted
    assert type(value) is type(wanted)


def test_every_function_has_an_example() -> None:
    assert {text.partition("(")[0] for text, _ in EXAMPLES} == set(FUNCTIONS)


@pytest.mark.parametrize(
    "text",
    ["left('a', -1)", "left('a', 1.5)", "mid('a', 0, 1)", "round(1, 99)", "pad_left('a', 5, 'xy')", "pad_left('a', 1001, 'x')", "number('x')",
     "days(d, 9999999)", "workdays(d, 99999)", "workdays(d, 1, 'noday')", "workdays(d, 1, 'mon not 13-45')", "day('2026-11-20')",
     "format_date(d, 'hh:mm')", "format_date(t, 'DD')", "format_date(d, 'x')", "gtin14('12')", "gtin14('1234567890123x')", "check_digit('a')",
     "upc_to_gtin('1')", "sscc('123456789012345678', 1)", "sscc('0614141', -1)", "text(l)", "sum(l)"],
)  # fmt: skip
def test_a_function_refuses_what_it_cannot_work_with(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Expression)

    with pytest.raises(ExpressionError):
        found.evaluate(VALUES.get)


def test_every_function_is_described_for_the_reference() -> None:
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert function.group in ("text", "numbers", "lists", "choice", "dates", "ids")
        assert function.description
        assert function.signature.startswith(f"{name}(")
        assert [each.optional for each in function.parameters] == sorted(each.optional for each in function.parameters)
