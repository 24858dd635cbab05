"""Numbers as partners write them: decimal signs, thousands, implied decimals; read strictly and written back."""

import re
from collections.abc import Callable
from decimal import Context, Decimal
from functools import cache

from gateway.kernel.quantity import plain

WIDE = Context(prec=100)
"""For what must not depend on the precision that expressions compute with."""

BEFORE, AFTER = 18, 12
"""The most digits before and after the decimal sign."""
QUICK = 14
"""So few characters cannot break those limits."""

_POINT = re.compile(rf"[+-]?(?:\d{{1,{BEFORE}}}(?:\.\d{{0,{AFTER}}})?|\.\d{{1,{AFTER}}})", re.ASCII)

ReadNumber = Callable[[str], Decimal | None]


def with_point(text: str) -> Decimal | None:
    """A number with a decimal point and no grouping; None for anything else.

    >>> with_point("12.50"), with_point("1e3"), with_point("1,250")
    (Decimal('12.50'), None, None)
    """
    # nearly every number of a document
    if len(text) < QUICK and text.isascii() and text.replace(".", "", 1).isdigit():
        return Decimal(text)
    return Decimal(text) if _POINT.fullmatch(text) else None


@cache
def reader(decimal: str, thousands: str) -> ReadNumber:
    """Reads numbers with a decimal sign, and with groups of three where ``thousands`` is not empty.

    >>> read = reader(",", ".")
    >>> read("1.234,50"), read("1234,50"), read("12.34,50")
    (Decimal('1234.50'), Decimal('1234.50'), None)
    """
    if decimal == "." and not thousands:
        return with_point
    sign, mark = re.escape(decimal), re.escape(thousands)
    grouped = rf"\d{{1,3}}(?:{mark}\d{{3}})+(?:{sign}\d{{0,{AFTER}}})?|" if thousands else ""
    fits = re.compile(
        rf"[+-]?(?:{grouped}\d{{1,{BEFORE}}}(?:{sign}\d{{0,{AFTER}}})?|{sign}\d{{1,{AFTER}}})", re.ASCII
    ).fullmatch

    def read(text: str) -> Decimal | None:
        if not fits(text):
            return None
        digits = text.replace(thousands, "") if thousands else text
        return with_point(digits.replace(decimal, "."))

    return read


def fault(decimal: str, thousands: str) -> str | None:
    """Why two signs cannot be the decimal sign and the thousands sign; None when they can."""
    for name, sign in (("decimal", decimal), ("thousands", thousands)):
        if len(sign) > 1 or sign.isalnum() or sign in ("+", "-") or (name == "decimal" and not sign):
            return f"'{name}' is one character such as . or , and not '{sign}'"
    if decimal == thousands:
        return f"'decimal' and 'thousands' cannot both be '{decimal}'"
    return None


def written(number: Decimal | int, *, keeps_zeros: bool, decimal: str = ".", thousands: str = "") -> str:
    """A number as text, never with an exponent or a minus before zero.

    >>> written(Decimal("-1234.50"), keeps_zeros=True, decimal=",", thousands=".")
    '-1.234,50'
    """
    if isinstance(number, int):
        number = Decimal(number)
    if not number:
        number = number.copy_abs()
    text = format(number, "f") if keeps_zeros else plain(number)
    if not thousands and decimal == ".":
        return text
    whole, point, rest = text.partition(".")
    if thousands:
        whole = format(Decimal(whole), ",f").replace(",", thousands)
    return f"{whole}{decimal if point else ''}{rest}"


def implied(number: Decimal, places: int) -> str | None:
    """Digits with so many implied decimals; None when the number has more decimals than that.

    >>> implied(Decimal("12.5"), 2), implied(Decimal("12.505"), 2)
    ('1250', None)
    """
    shifted = number.scaleb(places, WIDE)
    whole = int(shifted)
    return str(whole) if whole == shifted else None
