"""Expressions: parsed once, their names and functions known before anything runs, evaluated on Decimals and dates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

LONGEST = 1000
_PRECISION = 28

_GRAMMAR = r"""
?expr: or_ | or_ "?" expr ":" expr -> choose
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negated | compared
?compared: added
    | added COMPARE added -> compare
    | added "in" "(" expr ("," expr)* ")" -> among
    | added "is" "empty" -> empty
    | added "is" "not" "empty" -> filled
?added: multiplied (PLUS multiplied)*
?multiplied: unary (TIMES unary)*
?unary: "-" unary -> minus | atom
?atom: NUMBER -> number | TEXT -> text | NAME "(" [expr ("," expr)*] ")" -> call | NAME -> name | "(" expr ")"
COMPARE: "==" | "!=" | "<=" | "<" | ">=" | ">"
PLUS: "+" | "-" | "&"
TIMES: "*" | "/"
NUMBER: /\d+(\.\d+)?/
TEXT: /'(?:[^']|'')*'/
NAME: /\$?(?!(?:or|and|not|in|is|empty)\b)[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/
%ignore /\s+/
"""

Resolve = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Use:
    """A name or function used in an expression; ``column`` is 0-based from its start."""

    name: str
    column: int
    arguments: int = 0


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression."""

    text: str
    tree: Tree[Token]
    names: tuple[Use, ...]
    calls: tuple[Use, ...]

    def evaluate(self, resolve: Resolve) -> object:
        """The value: None when empty, else text, Decimal, bool, date or a list; raises ExpressionError."""
        with localcontext() as context:
            context.prec = _PRECISION
            try:
                return _value(self.tree, resolve)
            except DecimalException as error:
                raise ExpressionError(f"'{self.text}' cannot be computed: {type(error).__name__}") from error

    def holds(self, resolve: Resolve) -> bool:
        """Whether it is true; empty counts as false."""
        return bool(self.evaluate(resolve))


class ExpressionError(ValueError):
    """A value that the expression cannot work with; becomes a located problem of the rule."""


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Why a text is no expression; ``column`` is 0-based."""

    sentence: str
    column: int


def parse(text: str) -> Expression | Unparsable:
    """The expression of a text, or why it is none."""
    if len(text) > LONGEST:
        return Unparsable(f"the expression is longer than {LONGEST} characters", 0)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        ended = getattr(getattr(error, "token", None), "type", "") == "$END"
        at = len(text) if ended or getattr(error, "column", -1) < 1 else error.column - 1
        seen = text[at : at + 12]
        return Unparsable(
            f"the expression cannot be read from {seen!r} on" if seen else "the expression ends too early", at
        )
    if isinstance(tree, Token):
        tree = Tree("name", [tree])
    return Expression(text, tree, tuple(_uses(tree, "name")), tuple(_uses(tree, "call")))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="expr", parser="lalr", maybe_placeholders=False)


def _uses(tree: Tree[Token], kind: str) -> Iterable[Use]:
    for each in tree.find_data(kind):
        token = cast("Token", each.children[0])
        yield Use(str(token), (token.column or 1) - 1, len(each.children) - 1)


def _value(tree: Any, resolve: Resolve) -> Any:
    return _NODES[tree.data](tree.children, resolve)


def _all(children: Sequence[Any], resolve: Resolve) -> list[Any]:
    return [_value(child, resolve) for child in children]


def _choose(children: Sequence[Any], resolve: Resolve) -> Any:
    return _value(children[1] if _value(children[0], resolve) else children[2], resolve)


def _added(children: Sequence[Any], resolve: Resolve) -> Any:
    value = _value(children[0], resolve)
    for sign, other in zip(children[1::2], children[2::2], strict=True):
        right = _value(other, resolve)
        if sign == "&":
            value = as_text(value) + as_text(right)
        elif value is None or right is None:
            value = None
        else:
            left, more = _number(value), _number(right)
            value = left + more if sign == "+" else left - more
    return value


def _multiplied(children: Sequence[Any], resolve: Resolve) -> Any:
    value = _value(children[0], resolve)
    for sign, other in zip(children[1::2], children[2::2], strict=True):
        right = _value(other, resolve)
        if value is None or right is None:
            value = None
        else:
            value = _number(value) * _number(right) if sign == "*" else _number(value) / _number(right)
    return value


def _minus(children: Sequence[Any], resolve: Resolve) -> Any:
    value = _value(children[0], resolve)
    return None if value is None else -_number(value)


def _compare(children: Sequence[Any], resolve: Resolve) -> bool:
    left, right = _value(children[0], resolve), _value(children[2], resolve)
    sign = str(children[1])
    if sign in ("==", "!="):
        return _equal(left, right) == (sign == "==")
    if left is None or right is None:
        return False
    if isinstance(left, Decimal | int) or isinstance(right, Decimal | int):
        left, right = _number(left), _number(right)
    if type(left) is not type(right):
        raise ExpressionError(f"{left!s} and {right!s} cannot be compared")
    order = int(left > right) - int(left < right)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[sign]


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, Decimal | int) and isinstance(right, str):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, Decimal | int):
        try:
            return Decimal(left) == right
        except DecimalException:
            return False
    return (
        bool((left or None) == (right or None)) if not isinstance(left, Decimal | int | bool) else bool(left == right)
    )


def _among(children: Sequence[Any], resolve: Resolve) -> bool:
    value, *others = _all(children, resolve)
    return any(_equal(value, other) for other in others)


def _call(children: Sequence[Any], resolve: Resolve) -> Any:
    name, *arguments = children
    if name == "if":
        return _choose(arguments, resolve)
    return FUNCTIONS[str(name)].call(*_all([each for each in arguments if each is not None], resolve))


def _text_of(token: str) -> str:
    return token[1:-1].replace("''", "'")


def is_empty(value: object) -> bool:
    """Absent, empty text or an empty list."""
    return value is None or value in ("", [], ())


def as_text(value: object) -> str:
    """A value as text; empty for nothing, numbers without exponent."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        raise ExpressionError("a yes or no is not a number")
    if isinstance(value, int):
        return Decimal(value)
    try:
        return Decimal(str(value))
    except DecimalException as error:
        raise ExpressionError(f"'{value}' is not a number") from error


def _items(value: Any) -> list[Any]:
    found = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
    return [each for each in found if not is_empty(each)]


def _round(value: Any, places: Any = Decimal(0)) -> Decimal | None:
    return None if value is None else _number(value).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def _total(value: Any) -> Decimal:
    return sum((_number(each) for each in _items(value)), Decimal(0))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _first(*values: Any) -> Any:
    return next((value for value in values if not is_empty(value)), None)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: how many arguments it takes (``most`` None: any number)."""

    call: Callable[..., Any]
    least: int
    most: int | None


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "trim": Function(lambda v: as_text(v).strip(), 1, 1),
        "upper": Function(lambda v: as_text(v).upper(), 1, 1),
        "lower": Function(lambda v: as_text(v).lower(), 1, 1),
        "left": Function(lambda v, n: as_text(v)[: int(n)], 2, 2),
        "right": Function(lambda v, n: as_text(v)[-int(n) :] if int(n) else "", 2, 2),
        "mid": Function(lambda v, s, n: as_text(v)[int(s) - 1 : int(s) - 1 + int(n)], 3, 3),
        "replace": Function(lambda v, old, new: as_text(v).replace(as_text(old), as_text(new)), 3, 3),
        "digits": Function(lambda v: "".join(c for c in as_text(v) if c.isdigit()), 1, 1),
        "join": Function(lambda v, by: as_text(by).join(as_text(each) for each in _items(v)), 2, 2),
        "length": Function(lambda v: Decimal(len(as_text(v))), 1, 1),
        "contains": Function(lambda v, part: as_text(part) in as_text(v), 2, 2),
        "starts": Function(lambda v, part: as_text(v).startswith(as_text(part)), 2, 2),
        "ends": Function(lambda v, part: as_text(v).endswith(as_text(part)), 2, 2),
        "round": Function(_round, 1, 2),
        "abs": Function(lambda v: None if v is None else abs(_number(v)), 1, 1),
        "number": Function(lambda v: None if is_empty(v) else _number(v), 1, 1),
        "text": Function(as_text, 1, 1),
        "count": Function(lambda v: Decimal(len(_items(v))), 1, 1),
        "sum": Function(_total, 1, 1),
        "min": Function(lambda *v: min((_number(each) for each in v if each is not None), default=None), 1, None),
        "max": Function(lambda *v: max((_number(each) for each in v if each is not None), default=None), 1, None),
        "first": Function(_first, 1, None),
        "if": Function(_first, 3, 3),
        "year": Function(lambda v: None if _day(v) is None else Decimal(cast("date", _day(v)).year), 1, 1),
    }
)
"""The functions obeyed by this version; ``if`` evaluates only the branch it takes."""

LATER_FUNCTIONS = frozenset(
    {"pad_left", "pad_right", "letters", "first_of", "last_of", "any", "all", "days", "workdays", "day", "month",
     "format_date", "gtin14", "check_digit", "upc_to_gtin", "sscc"}
)  # fmt: skip
"""Functions of the language that a later version obeys."""

_NODES: Mapping[str, Callable[[Sequence[Any], Resolve], Any]] = MappingProxyType(
    {
        "choose": _choose,
        "or_": lambda children, resolve: any(_value(child, resolve) for child in children),
        "and_": lambda children, resolve: all(_value(child, resolve) for child in children),
        "negated": lambda children, resolve: not _value(children[0], resolve),
        "compare": _compare,
        "among": _among,
        "empty": lambda children, resolve: is_empty(_value(children[0], resolve)),
        "filled": lambda children, resolve: not is_empty(_value(children[0], resolve)),
        "added": _added,
        "multiplied": _multiplied,
        "minus": _minus,
        "number": lambda children, _resolve: Decimal(str(children[0])),
        "text": lambda children, _resolve: _text_of(str(children[0])),
        "name": lambda children, resolve: resolve(str(children[0])),
        "call": _call,
    }
)
