"""The steps of a rule as functions, and the reading and writing of typed values as text."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from gateway.kernel.quantity import plain

Step = Callable[[object], object]

_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORM = re.compile(r"YYYY|YY|MM|DD|hh|mm|ss")
_PARTS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S"}
_LONG_DATE, _SHORT_DATE = 8, 6
_CENTURY_TURNS = 70
ISO = "YYYY-MM-DD"


class StepError(ValueError):
    """A value that a step cannot work with; the sentence tells the clerk what was expected."""


def trim(side: str) -> Step:
    """Cut white space at both sides, left or right."""
    cut = {"both": str.strip, "left": str.lstrip, "right": str.rstrip}[side]
    return lambda value: cut(value) if isinstance(value, str) else value


def cut_out(first: int, last: int | None) -> Step:
    """Characters first to last, 1-based, inclusive."""
    return lambda value: str(value)[first - 1 : last]


def mapped(table: Mapping[str, str]) -> Step:
    """A code list; ``*`` catches the rest, ``*: "="`` keeps it."""
    known = ", ".join(key for key in table if key != "*")

    def step(value: object) -> object:
        code = str(value)
        if code in table:
            return table[code]
        if "*" in table:
            return code if table["*"] == "=" else table["*"]
        raise StepError(f"code '{code}' is not in the list ({known})")

    return step


def joined(by: str) -> Step:
    """A list as one text."""
    return lambda value: by.join(str(each) for each in value) if isinstance(value, list) else value


def rounded(places: int) -> Step:
    """To so many places, half up."""
    return lambda value: _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shortened(length: int) -> Step:
    """Cut to so many characters."""
    return lambda value: str(value)[:length].rstrip()


def padded(width: int, fill: str, side: str) -> Step:
    """Filled up to a width."""
    return lambda value: str(value).rjust(width, fill) if side == "left" else str(value).ljust(width, fill)


def read(kind: str, *, form: str = "", implied_decimals: int = 0, codes: tuple[str, ...] = ()) -> Step:
    """Text to a typed value of the catalogue's kind (mapping language 5.1)."""
    if kind == "date":
        return lambda value: _date(str(value), form)
    if kind == "datetime":
        return lambda value: _moment(str(value))
    if kind == "decimal":
        return lambda value: _implied(str(value), implied_decimals) if implied_decimals else _decimal(value)
    if kind == "code":
        return lambda value: _code(str(value), codes)
    return _READERS[kind]


def write(*, form: str, implied_decimals: int = 0, keeps_zeros: bool = False) -> Step:
    """A typed value to text; dates by their form letters, numbers with the zeros they have or without."""

    def step(value: object) -> object:
        if isinstance(value, datetime | date):
            return value.strftime(_pattern(form))
        if isinstance(value, time):
            return value.strftime("%H%M")
        if implied_decimals:
            return plain(_decimal(value).scaleb(implied_decimals).quantize(Decimal(1), ROUND_HALF_UP))
        if isinstance(value, Decimal):
            return f"{value:f}" if keeps_zeros else plain(value)
        if isinstance(value, bool):
            return "Y" if value else "N"
        return str(value)

    return step


def _text(value: object) -> str:
    text = unicodedata.normalize("NFC", str(value)) if not str(value).isascii() else str(value)
    if _CONTROL.search(text):
        raise StepError(f"{text[:40]!r} contains a control character")
    return text


def _decimal(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    text = str(value)
    if not _NUMBER.fullmatch(text):
        raise StepError(f"'{text[:40]}' is not a number")
    return Decimal(text)


def _implied(text: str, places: int) -> Decimal:
    """N2: digits only have implied decimals; a written decimal point wins."""
    number = _decimal(text)
    return number if "." in text else number.scaleb(-places)


def _integer(value: object) -> int:
    number = _decimal(value)
    try:
        whole = number.to_integral_exact()
    except InvalidOperation as error:
        raise StepError(f"'{value}' is not a whole number") from error
    if whole != number:
        raise StepError(f"'{value}' is not a whole number")
    return int(whole)


def _date(text: str, form: str) -> date:
    if form:
        try:
            return datetime.strptime(text, _pattern(form)).date()  # noqa: DTZ007 - a date has no zone
        except ValueError as error:
            raise StepError(f"'{text[:40]}' is not a date {form}") from error
    if not (text.isascii() and text.isdigit() and len(text) in (_LONG_DATE, _SHORT_DATE)):
        raise StepError(f"'{text[:40]}' is not a date CCYYMMDD")
    if len(text) == _SHORT_DATE:
        text = ("19" if int(text[:2]) >= _CENTURY_TURNS else "20") + text
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise StepError(f"'{text}' is not a date of the calendar") from error


@cache
def _pattern(form: str) -> str:
    return _FORM.sub(lambda match: _PARTS[match[0]], form.replace("%", "%%"))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise StepError(f"'{text[:40]}' is not a moment; write it like 2026-11-20T18:00:00Z") from error
    if moment.tzinfo is None:
        raise StepError(f"'{text}' has no time zone; write it like 2026-11-20T18:00:00Z")
    return moment


def _code(text: str, codes: tuple[str, ...]) -> str:
    if text not in codes:
        raise StepError(f"'{text[:40]}' is not one of {', '.join(codes)}")
    return text


def _yes_or_no(value: object) -> bool:
    known = {"true": True, "y": True, "yes": True, "1": True, "false": False, "n": False, "no": False, "0": False}
    if str(value).lower() not in known:
        raise StepError(f"'{value}' is not yes or no")
    return known[str(value).lower()]


_READERS: Mapping[str, Step] = {"text": _text, "integer": _integer, "bool": _yes_or_no, "time": _text}
