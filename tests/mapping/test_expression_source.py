"""Python source of an expression gives exactly what evaluating it gives."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, DecimalException, localcontext
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mapping.language import signatures
from gateway.mapping.language.expression_source import namespace, python
from gateway.mapping.language.expression_types import check
from gateway.mapping.language.expressions import DEEPEST, Expression, Unparsable, parse
from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.language.signatures import Type, list_of
from gateway.mapping.language.values import CONTEXT, ExpressionError
from tests.mapping.known import names_of

ZONE = ZoneInfo("Europe/Berlin")
NUMBERS = st.one_of(
    st.decimals(min_value=-1000, max_value=1000, places=2),
    st.sampled_from([Decimal(0), Decimal("-0"), Decimal(999999999999999999), Decimal("0.000000000001")]),
)
TEXTS = st.sampled_from(["EA", "5", "-2.50", "012345678905", "Größe", "it's", " x ", "9" * 18, "2026-01-01"])
DATES = st.sampled_from([date(2026, 2, 28), date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)])
MOMENTS = st.sampled_from([datetime(2026, 2, 28, 18, 30, tzinfo=ZONE), datetime(2026, 2, 28, 1, 0, tzinfo=ZONE)])

VALUES: dict[str, tuple[Type, st.SearchStrategy[object]]] = {
    "price": (signatures.NUMBER, NUMBERS),
    "quantity": (signatures.NUMBER, NUMBERS),
    "pack": (signatures.WHOLE, st.integers(-5, 10**18)),
    "$index": (signatures.WHOLE, st.integers(1, 3)),
    "uom": (signatures.TEXT, TEXTS),
    "note": (signatures.TEXT, TEXTS),
    "po_date": (signatures.DATE, DATES),
    "ship_date": (signatures.DATE, DATES),
    "sent": (signatures.MOMENT, MOMENTS),
    "at": (signatures.TIME, st.just(time(18, 30))),
    "flag": (signatures.YES_NO, st.booleans()),
    "lines": (list_of(signatures.GROUP), st.lists(st.just(object()), max_size=3)),
    "lines.quantity": (list_of(signatures.NUMBER), st.lists(NUMBERS | st.none(), max_size=3)),
    "lines.uom": (list_of(signatures.TEXT), st.lists(TEXTS | st.none(), max_size=3).map(tuple)),
    "anything": (signatures.ANY, NUMBERS | TEXTS | DATES | MOMENTS | st.booleans() | st.just("") | st.just([])),
}
NAMES = {name: f"v[{name!r}]" for name in VALUES}
TYPES = {name: kind for name, (kind, _) in VALUES.items()}


def _sums() -> st.SearchStrategy[str]:
    """Expressions that compute with numbers mostly."""
    leaves = st.sampled_from(
        ["price", "quantity", "pack", "$index", "2", "0.50", "count(lines)", "sum(lines.quantity)", "uom", "anything"]
    )

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        compared = st.tuples(inner, st.sampled_from(["==", "!=", "<", ">="]), inner).map(" ".join)
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*/&"), inner).map(lambda each: f"({' '.join(each)})"),
            st.tuples(inner, st.sampled_from("+-&"), inner, st.sampled_from("+-"), inner).map(" ".join),
            st.tuples(inner, st.sampled_from("*/"), inner, st.sampled_from("*/"), inner).map(" ".join),
            st.tuples(compared, inner, inner).map(lambda each: f"({each[0]} ? {each[1]} : {each[2]})"),
            st.sampled_from(
                ["-({})", "round({}, 2)", "abs({})", "max({}, price)", "first({}, 0)", "number({})"]
            ).flatmap(lambda shape: inner.map(lambda each: shape.replace("{}", each))),
        )

    return st.recursive(leaves, grown, max_leaves=6)


def _texts() -> st.SearchStrategy[str]:
    return _sums() | _mixed()


def _mixed() -> st.SearchStrategy[str]:
    """Expressions of anything."""
    leaves = st.sampled_from(
        [*VALUES, "0", "2", "1.50", "'EA'", "''", "'it''s'", "'7'", "'DD.MM.YYYY'", "'mon-fri'", "-1", "''"]
    )

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        signs = st.sampled_from(["+", "-", "&", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or"])
        many = st.lists(inner, min_size=1, max_size=3)
        calls = st.sampled_from(sorted(FUNCTIONS))
        return st.one_of(
            st.tuples(inner, signs, inner).map(lambda each: f"({' '.join(each)})"),
            st.tuples(inner, st.sampled_from("+-&"), inner, st.sampled_from("+-&"), inner).map(lambda each: f"({' '.join(each)})"),
            st.tuples(inner, st.sampled_from("*/"), inner, st.sampled_from("*/"), inner).map(lambda each: f"({' '.join(each)})"),
            st.tuples(inner, inner, inner).map(lambda each: f"({each[0]} ? {each[1]} : {each[2]})"),
            inner.map(lambda each: f"(not {each})"),
            inner.map(lambda each: f"(-{each})"),
            inner.map(lambda each: f"({each} is empty)"),
            inner.map(lambda each: f"({each} is not empty)"),
            st.tuples(inner, many).map(lambda each: f"({each[0]} in ({', '.join(each[1])}))"),
            st.tuples(calls, many).map(lambda each: f"{each[0]}({', '.join(each[1])})"),
        )  # fmt: skip

    return st.recursive(leaves, grown, max_leaves=8)


def _function(source: str) -> Callable[[dict[str, object]], object]:
    scope = namespace()
    exec(compile(f"def found(v):\n    return {source}\n", "<expression>", "exec"), scope)  # noqa: S102 - it is what this module is for
    found: Callable[[dict[str, object]], object] = scope["found"]  # type: ignore[assignment]
    return found


def _outcome(compute: Callable[[], object]) -> object:
    try:
        return compute()
    except (ExpressionError, DecimalException):
        return ExpressionError


def _alike(left: object, right: object) -> bool:
    """The same value of the same kind; a number is the same with other zeros at its end."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left == right and format(left, "f") == format(right, "f")) or (not left and not right)
    return left == right and type(left) is type(right)


def _parsed(text: str) -> Expression:
    found = parse(text)
    assert isinstance(found, Expression), found
    return found


@settings(max_examples=600, deadline=None)
@given(
    text=_texts(),
    values=st.fixed_dictionaries({name: st.none() | each for name, (_, each) in VALUES.items()}),
    typed=st.booleans(),
)
def test_python_source_gives_what_evaluating_gives(text: str, values: dict[str, object], *, typed: bool) -> None:
    expression = parse(text)
    if isinstance(expression, Unparsable) or any(
        use.name != "if" and not FUNCTIONS[use.name].fits(use.arguments) for use in expression.calls
    ):
        return
    if any(use.name == "if" for use in expression.calls):
        return

    source = python(expression, NAMES, TYPES if typed else None)
    condition = python(expression, NAMES, TYPES if typed else None, condition=True)
    with localcontext(CONTEXT):
        found = _outcome(lambda: _function(source)(values))
        truth = _outcome(lambda: bool(_function(condition)(values)))

    wanted = _outcome(lambda: expression.evaluate(values.get))
    assert _alike(found, wanted), source
    assert truth == (wanted if wanted is ExpressionError else bool(wanted)), condition


@settings(max_examples=300, deadline=None)
@given(text=_texts(), values=st.fixed_dictionaries({name: st.none() | each for name, (_, each) in VALUES.items()}))
def test_what_the_checker_passes_has_the_type_it_says(text: str, values: dict[str, object]) -> None:
    expression = parse(text)
    if isinstance(expression, Unparsable):
        return
    checked = check(expression, names_of(TYPES))
    if checked.faults:
        return
    value = _outcome(lambda: expression.evaluate(values.get))
    kinds = {
        "number": Decimal | int, "whole": Decimal | int, "text": str, "bool": bool, "date": date, "datetime": datetime, "time": time,
    }  # fmt: skip
    if value is None or value is ExpressionError or value == "" or checked.type.many or checked.type.name not in kinds:
        return
    assert isinstance(value, kinds[checked.type.name])


@pytest.mark.parametrize("shape", ["({})", "not {}", "-{}", "round({})", "round({}, 2)", "a ? 1 : {}", "a ? {} : 1", "(a + {} * 2)", "(1 + ({} > 2 ? 3 : 4))", "(a in ({}, 1))", "first({}, 1, 2)", "if({}, 1, 2)"])  # fmt: skip
def test_the_deepest_expression_is_a_program_for_python(shape: str) -> None:
    text = "a"
    while not isinstance(parse(shape.replace("{}", text)), Unparsable):
        text = shape.replace("{}", text)
    expression = _parsed(text)
    assert expression.tree.depth >= DEEPEST - 4 or len(text) > 900

    found = _function(python(expression, {"a": "v"}, {"a": signatures.NUMBER}))

    assert callable(found)


def test_the_longest_chain_is_a_program_for_python() -> None:
    expression = _parsed("a" + "+a" * 499)

    assert _function(python(expression, {"a": "v"}, {"a": signatures.NUMBER}))(Decimal(1)) == 500  # type: ignore[arg-type]
    assert _function(python(expression, {"a": "v"}))(Decimal(1)) == 500  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("quantity * price", "((q * p) if q is not None and p is not None else None)"),
        ("quantity > 0", "(q is not None and q > ZERO)"),
        ("uom == 'EA'", "(u == 'EA')"),
        ("quantity is not empty", "(q is not None)"),
        ("count(lines) > 0", "(x_length(n or ()) > ZERO)"),
        ("uom in ('EA', 'CA')", "(u in ('EA', 'CA',))"),
        ("not flag and uom is empty", "((not f) and (not u))"),
    ],
)
def test_what_nearly_every_mapping_computes_is_plain_python(text: str, source: str) -> None:
    names = {"quantity": "q", "price": "p", "uom": "u", "lines": "n", "flag": "f"}

    assert python(_parsed(text), names, TYPES, constant=lambda _number: "ZERO") == source
