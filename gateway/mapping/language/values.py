"""The values that rules and expressions work with: what is empty, as text, as a number, equal or less."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow, Underflow
from types import MappingProxyType
from typing import Any

from gateway.mapping.language import numerals

PRECISION = 28
LARGEST_EXPONENT = 30
LONGEST_TEXT = 65_536

CONTEXT = Context(
    prec=PRECISION, Emax=LARGEST_EXPONENT, Emin=-LARGEST_EXPONENT,
    traps=[DivisionByZero, InvalidOperation, Overflow, Underflow],
)  # fmt: skip
"""What expressions compute with. Code that runs many of them sets it once for a document: ``localcontext(CONTEXT)``."""

REASONS: Mapping[type[DecimalException], str] = {
    DivisionByZero: "a number is divided by zero",
    InvalidOperation: "a number is divided by zero or has too many digits",
    Overflow: f"a number becomes larger than 10 to the power of {LARGEST_EXPONENT}",
    Underflow: f"a number becomes smaller than 10 to the power of -{LARGEST_EXPONENT}",
}
"""Why a number cannot be computed."""


class StepError(ValueError):
    """A value that a step cannot work with; the sentence tells the clerk what was expected."""


class ExpressionError(ValueError):
    """A value that an expression cannot work with; becomes a located problem of the rule."""


def is_empty(value: object) -> bool:
    """Absent, empty text or an empty list."""
    return value is None or (not value and isinstance(value, str | list | tuple))


def as_text(value: object) -> str:
    """A value as text: empty for nothing, numbers without exponent, dates as ISO 8601, true and false."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value or value.copy_abs(), "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        raise ExpressionError(f"a list of {len(value)} values is not a text; make one of it with join(...)")
    raise ExpressionError("a group of fields is not a text; name one of its fields")


def bounded(text: str) -> str:
    """A text that is not too long."""
    check_length(len(text))
    return text


def check_length(length: int) -> None:
    """Refuses a text that would become too long, before it is made."""
    if length > LONGEST_TEXT:
        raise ExpressionError(f"the text becomes longer than {LONGEST_TEXT} characters")


def number(value: object) -> Decimal:
    """A number, also one that stands in a text."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        found = numerals.with_point(value)
        if found is None:
            raise ExpressionError(f"'{value[:40]}' is not a number")
        return found
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ExpressionError(f"{_shown(value)} is not a number")


def whole(value: object, least: int, most: int) -> int:
    """A whole number between two others."""
    found = number(value)
    if least <= found <= most:
        exact = int(found)
        if exact == found:
            return exact
    raise ExpressionError(f"{_shown(value)} is not a whole number from {least} to {most}")


def day(value: object) -> date:
    """A date, or the date of a moment."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise ExpressionError(f"{_shown(value)} is not a date")


def items(value: object) -> list[object]:
    """A list without what is empty in it; one value is a list of one."""
    if isinstance(value, list | tuple):
        return [each for each in value if not is_empty(each)]
    return [] if is_empty(value) else [value]


def total(found: Iterable[object]) -> Decimal:
    """The sum of what is not empty."""
    result = Decimal(0)
    try:
        for each in found:
            if not is_empty(each):
                result = CONTEXT.add(result, number(each))
    except DecimalException as error:
        raise ExpressionError(REASONS[type(error)]) from error
    return result


def count(found: object) -> Decimal:
    """How many values of a list are not empty."""
    return Decimal(len(items(found)))


def length(found: Sequence[object]) -> Decimal:
    """How many values a list has of which none is empty."""
    return Decimal(len(found))


def added(*chain: object) -> object:
    """``a + b - c & d``: operands and signs in turn, from left to right; an empty summand makes the sum empty."""
    signs = chain[1::2]
    if "&" not in signs:
        return _computed(chain)
    if all(sign == "&" for sign in signs):
        return joined(*chain[::2])
    value = chain[0]
    for sign, other in zip(signs, chain[2::2], strict=True):
        value = joined(value, other) if sign == "&" else _computed((value, sign, other))
    return value


def joined(*parts: object) -> str:
    """``a & b & c``; what is empty counts as an empty text."""
    return bounded("".join([as_text(each) for each in parts]))


def multiplied(*chain: object) -> object:
    """``a * b / c``: operands and signs in turn, from left to right; an empty factor makes the product empty."""
    return _computed(chain)


def negated(value: object) -> Decimal | None:
    """``-a``."""
    return None if is_empty(value) else _computed((0, "-", value))


def equal(left: object, right: object) -> bool:
    """``a == b``: a text and a number as numbers, all that is empty alike, different kinds never."""
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Decimal | int) or isinstance(right, Decimal | int):
        return _equal_numbers(left, right)
    if isinstance(left, date) and isinstance(right, date):
        left, right = _moments(left, right)
    return bool(left == right)


def compared(left: object, sign: str, right: object) -> bool:
    """``a < b`` and the like; false when one side is empty."""
    if sign in ("==", "!="):
        return equal(left, right) == (sign == "==")
    if is_empty(left) or is_empty(right):
        return False
    left, right = _comparable(left, right)
    try:
        return bool(_ORDERS[sign](left, right))
    except TypeError as error:
        raise ExpressionError(f"{_shown(left)} and {_shown(right)} cannot be compared") from error


def among(value: object, others: Iterable[object]) -> bool:
    """``a in (b, c)``."""
    return any(equal(value, other) for other in others)


def _computed(chain: Sequence[object]) -> Decimal | None:
    if any(is_empty(each) for each in chain[::2]):
        return None
    value = number(chain[0])
    try:
        for sign, other in zip(chain[1::2], chain[2::2], strict=True):
            value = _OPERATIONS[str(sign)](value, number(other))
    except DecimalException as error:
        raise ExpressionError(REASONS[type(error)]) from error
    return value


def _equal_numbers(left: object, right: object) -> bool:
    """Two values of which one is a number; what is no number equals none."""
    try:
        return number(left) == number(right)
    except ExpressionError:
        return False


def _comparable(left: object, right: object) -> tuple[object, object]:
    if isinstance(left, Decimal | int) or isinstance(right, Decimal | int):
        return number(left), number(right)
    if isinstance(left, date) and isinstance(right, date):
        return _moments(left, right)
    return left, right


def _moments(left: date, right: date) -> tuple[date, date]:
    """Two moments, or the days of both when one is a day only."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left, right
    return day(left), day(right)


def _shown(value: object) -> str:
    """A value in a sentence."""
    try:
        return f"'{as_text(value)[:40]}'"
    except ExpressionError:
        return "a list" if isinstance(value, list | tuple) else "a group of fields"


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)
_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = MappingProxyType(
    {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}
)
