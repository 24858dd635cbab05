"""A wrong expression is found when the mapping is checked, with its place and what was probably meant."""

import pytest

from gateway.mapping.language.expression_types import check
from gateway.mapping.language.expressions import Expression, parse
from gateway.mapping.language.signatures import DATE, GROUP, NUMBER, TEXT, WHOLE, YES_NO, Type, list_of, of_kind
from tests.mapping.known import names_of

NAMES = names_of(
    {"quantity": NUMBER, "unit_price": NUMBER, "pack": WHOLE, "po_date": DATE, "kind": of_kind("code", codes=("invoice", "credit")),
     "lines": list_of(GROUP), "lines.quantity": list_of(NUMBER), "flag": YES_NO, "uom": TEXT}
)  # fmt: skip


def faults(text: str, *, condition: bool = False) -> list[tuple[str, int, str, str]]:
    found = parse(text)
    assert isinstance(found, Expression), found
    return [
        (each.code, each.column, each.sentence, each.hint) for each in check(found, NAMES, condition=condition).faults
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("quantity * unitprice", ("M031", 11, "unknown name 'unitprice'", "did you mean 'unit_price'?")),
        ("uper(uom)", ("M032", 0, "unknown function 'uper'", "did you mean 'upper'?")),
        ("left(uom)", ("M033", 0, "'left' takes 2 arguments, not 1", "it is written left(text, count)")),
        ("round()", ("M033", 0, "'round' takes 1 to 2 arguments, not 0", "it is written round(number, places?)")),
        ("first()", ("M033", 0, "'first' takes 1 or more arguments, not 0", "it is written first(value, ...)")),
        ("if(flag, 1)", ("M033", 0, "'if' takes 3 arguments, not 2", "it is written if(condition, then, else)")),
        ("quantity + 'x'", ("M035", 11, "'x' is not a number", "")),
        ("quantity == 'x'", ("M035", 12, "'x' is not a number", "")),
        ("quantity / 0", ("M035", 11, "a number is divided by zero", "")),
        ("pad_left(uom, 1000000000, '0')", ("M035", 14, "a width is a whole number from 0 to 1000, not 1000000000", "")),
        ("po_date == '20260101'", ("M035", 11, "a date and a text cannot be compared", "write format_date(..., 'YYYYMMDD') to make a text of it")),
        ("uom & po_date", ("M035", 6, "'&' wants a text, and this is a date", "write format_date(..., 'YYYYMMDD') to make a text of it")),
        ("flag == 'Y'", ("M035", 8, "yes or no and a text cannot be compared", "yes or no is written alone, or with 'not' before it")),
        ("not quantity", ("M035", 4, "a condition is wanted, and this is a number", "write quantity > 0 or quantity is not empty")),
        ("left(lines, 2)", ("M035", 5, "'left' wants a text as 'text', and this is a list of groups of fields", "a list is used with count, sum, join, first_of, last_of, any, all")),
        ("count(uom)", ("M035", 6, "'count' wants a list of values as 'list', and this is a text", "")),
        ("day(uom)", ("M035", 4, "'day' wants a date as 'date', and this is a text", "")),
        ("format_date(po_date, 'HHMM')", ("M035", 21, "'H' means nothing in the form 'HHMM'; hours are written hh", "")),
        ("kind == 'credt'", ("M052", 8, "'credt' is not one of invoice, credit", "did you mean 'credit'?")),
        ("kind in ('invoice', 'x')", ("M052", 20, "'x' is not one of invoice, credit", "")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, wanted: tuple[str, int, str, str]) -> None:
    assert faults(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("quantity * unit_price", NUMBER),
        ("uom * 2", NUMBER),
        ("uom & quantity", TEXT),
        ("quantity == '2'", YES_NO),
        ("kind == ''", YES_NO),
        ("quantity == ''", YES_NO),
        ("first(quantity, 0)", NUMBER),
        ("first(uom, kind)", TEXT),
        ("first_of(lines.quantity)", NUMBER),
        ("if(flag, quantity, pack)", NUMBER),
        ("if(flag, quantity, uom)", Type("any")),
        ("flag ? 'a' : 'b'", TEXT),
        ("days(po_date, 2)", DATE),
        ("min(lines.quantity, 2)", NUMBER),
        ("uom and flag", YES_NO),
    ],
)
def test_what_is_right_has_a_type(text: str, kind: Type) -> None:
    found = parse(text)
    assert isinstance(found, Expression)
    checked = check(found, NAMES)

    assert (checked.faults, checked.type) == ((), kind)


def test_a_number_is_no_condition() -> None:
    assert [each[0] for each in faults("quantity", condition=True)] == ["M035"]
    assert faults("uom", condition=True) == []
    assert faults("quantity > 0", condition=True) == []


def test_every_fault_of_an_expression_is_found() -> None:
    assert [each[0] for each in faults("nam & uper(uom) & left(uom)")] == ["M031", "M032", "M033"]
