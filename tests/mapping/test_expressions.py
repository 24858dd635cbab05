"""Expressions mean what the language's reference says, and nothing written in one can hurt the machine."""

from datetime import date
from decimal import Decimal

import pytest

from gateway.mapping.language.expressions import LONGEST, Expression, Unparsable, parse
from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.language.signatures import TEXT, Function, Parameter
from gateway.mapping.language.values import ExpressionError

VALUES: dict[str, object] = {
    "quantity": Decimal(12), "price": Decimal("2.50"), "pack": 6, "uom": "EA", "code": "007", "po_date": date(2026, 11, 20),
    "lines": ["a", "b"], "lines.quantity": [Decimal(1), None, Decimal("2.5")], "flag": True, "$index": 3, "notes": "x", "order": "y",
}  # fmt: skip


def value(text: str) -> object:
    found = parse(text)
    assert isinstance(found, Expression), found
    return found.evaluate(VALUES.get)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("quantity * price", Decimal(30)),
        ("quantity - 2 - 1", Decimal(9)),
        ("quantity / 4 * 2", Decimal(6)),
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("-pack - -1", Decimal(-5)),
        ("1 / 3", Decimal("0.3333333333333333333333333333")),
        ("uom & '-' & quantity", "EA-12"),
        ("uom & missing & '!'", "EA!"),
        ("'it''s'", "it's"),
        ("quantity + missing", None),
        ("-missing", None),
        ("missing * 0", None),
        ("code == 7", True),
        ("7 == code", True),
        ("uom == 7", False),
        ("code == '7'", False),
        ("price == '2.5'", True),
        ("missing == ''", True),
        ("missing != 'EA'", True),
        ("missing < 1", False),
        ("missing >= 1", False),
        ("quantity > 2 and uom == 'EA' or missing", True),
        ("not missing", True),
        ("not (quantity > 2)", False),
        ("uom in ('CA', 'EA')", True),
        ("code in (7, 8)", True),
        ("missing is empty", True),
        ("lines is not empty", True),
        ("flag ? 'y' : 'n'", "y"),
        ("missing ? 1 / 0 : 'n'", "n"),
        ("if(quantity > 20, 1 / 0, 'small')", "small"),
        ("missing is empty or 1 / 0 > 1", True),
        ("missing is not empty and 1 / 0 > 1", False),
        ("sum(lines.quantity)", Decimal("3.5")),
        ("count(lines)", Decimal(2)),
        ("$index + 1", Decimal(4)),
        ("notes & order", "xy"),
        ("0 * -1 & ''", "0"),
    ],
)
def test_an_expression_gives(text: str, wanted: object) -> None:
    assert value(text) == wanted
    assert type(value(text)) is type(wanted)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("quantity / 0", "a number is divided by zero"),
        ("0 / (quantity - 12)", "a number is divided by zero or has too many digits"),
        ("uom + 1", "'EA' is not a number"),
        ("uom < 1", "'EA' is not a number"),
        ("flag + 1", "'true' is not a number"),
        ("po_date < uom", "'2026-11-20' and 'EA' cannot be compared"),
        ("lines & ''", "a list of 2 values is not a text; make one of it with join(...)"),
        ("pad_left(uom, 1000000000, '0')", "a width is a whole number from 0 to 1000, not 1000000000"),
        ("* ".join(["999999999999999999 "] * 2), "a number becomes larger than 10 to the power of 30"),
    ],
)
def test_what_cannot_be_computed_is_said(text: str, sentence: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        value(text)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("uom = 'EA'", 4, "equal is written =="),
        ('uom == "EA"', 7, "a text stands in single quotes: 'EA'"),
        ("uom == 'EA", 7, "the text is not closed; a ' inside of a text is written ''"),
        ("uom <> 'EA'", 4, "not equal is written !="),
        ("a && b", 2, "write 'and'"),
        ("a || b", 2, "write 'or'"),
        ("price *", 7, ""),
        ("", 0, ""),
        ("price quantity", 6, ""),
        ("1 2", 2, ""),
        ("1.2.3", 0, "a number is written like 12 or 0.5, with at most 18 digits before and 12 after the point"),
        ("1e5", 0, "a number is written like 12 or 0.5, with at most 18 digits before and 12 after the point"),
        ("count(lines", 11, ""),
    ],
)
def test_what_is_no_expression_is_said_where_it_ends_to_be_one(text: str, column: int, hint: str) -> None:
    found = parse(text)

    assert isinstance(found, Unparsable)
    assert (found.column, found.hint) == (column, hint)


@pytest.mark.parametrize("text", ["(" * 400 + "a" + ")" * 400, "not " * 200 + "a", "-" * 900 + "a", "a ? " * 100 + "1" + " : 2" * 100, "abs(" * 190 + "a" + ")" * 190])  # fmt: skip
def test_no_expression_exhausts_the_stack(text: str) -> None:
    found = parse(text)

    assert isinstance(found, Unparsable)
    assert "nested more than 32 deep" in found.sentence


def test_an_expression_of_ten_thousand_characters_is_refused() -> None:
    found = parse("a" + " + a" * 2500)

    assert found == Unparsable(f"the expression is longer than {LONGEST} characters", 0)


def test_texts_cannot_grow_without_end() -> None:
    grown = parse("x & x & x & x")
    replaced = parse("replace(x, 'a', x)")
    joined = parse("join(list, x)")
    assert isinstance(grown, Expression)
    assert isinstance(replaced, Expression)
    assert isinstance(joined, Expression)
    values: dict[str, object] = {"x": "a" * 30_000, "list": ["a"] * 1000}

    for each in (grown, replaced, joined):
        with pytest.raises(ExpressionError, match="longer than 65536 characters"):
            each.evaluate(values.get)


def test_a_plug_in_comes_in_beside_the_built_in_functions() -> None:
    store = Function("acme_store", (Parameter("code", TEXT),), TEXT, "the store of a code", lambda code: f"S-{code}")
    found = parse("upper(acme_store(uom))", {**FUNCTIONS, "acme_store": store})
    assert isinstance(found, Expression)

    assert found.evaluate({"uom": "ea"}.get) == "S-EA"


def test_names_and_calls_know_their_places() -> None:
    found = parse("round(quantity * line.price, 2)")
    assert isinstance(found, Expression)

    assert [(use.name, use.column) for use in found.names] == [("quantity", 6), ("line.price", 17)]
    assert [(use.name, use.column, use.arguments) for use in found.calls] == [("round", 0, 2)]
