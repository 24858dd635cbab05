"""The functions of expressions: one table of names, signatures and what they do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from gateway.mapping.language import calendars, forms, numerals
from gateway.mapping.language.signatures import (
    ANY,
    CONDITION,
    DATE,
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Function,
    Parameter,
    Type,
    list_of,
)  # fmt: skip
from gateway.mapping.language.values import (
    ExpressionError,
    as_text,
    bounded,
    check_length,
    count,
    is_empty,
    items,
    number,
    total,
)  # fmt: skip
from gateway.orders.shipping.sscc import check_digit, sscc

WIDEST = 1000
MOST_PLACES = 12
_UNITS = {places: Decimal(1).scaleb(-places) for places in range(-MOST_PLACES, MOST_PLACES + 1)}
_GTIN, _UPC = 14, 12
_GTINS = (8, 12, 13, 14)


def _left(text: str, count: int) -> str:
    return text[: _length(count)]


def _right(text: str, count: int) -> str:
    return text[max(len(text) - _length(count), 0) :]


def _mid(text: str, start: int, count: int) -> str:
    if start < 1:
        raise ExpressionError(f"mid counts characters from 1, not from {start}")
    return text[start - 1 : start - 1 + _length(count)]


def _length(count: int) -> int:
    if count < 0:
        raise ExpressionError(f"a number of characters is 0 or more, not {count}")
    return count


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        return text
    if len(new) > len(old):
        # how long it becomes is known before, and a result that is too long is never made
        check_length(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _joined(texts: Sequence[object], by: str) -> str:
    parts = [as_text(each) for each in texts]
    check_length(sum(map(len, parts)) + len(by) * max(len(parts) - 1, 0))
    return by.join(parts)


def _padded(text: str, width: int, fill: str, side: str) -> str:
    wrong = _width_fault(str(width))
    if wrong:
        raise ExpressionError(wrong)
    if len(fill) != 1:
        raise ExpressionError(f"'{fill[:40]}' is not one character to fill up with")
    if not text:
        return ""
    return text.rjust(width, fill) if side == "left" else text.ljust(width, fill)


def _width_fault(width: str) -> str | None:
    fits = width.isdigit() and int(width) <= WIDEST
    return None if fits else f"a width is a whole number from 0 to {WIDEST}, not {width[:20]}"


def rounded(value: Decimal, places: int = 0) -> Decimal:
    """To so many places, half up."""
    unit = _UNITS.get(places)
    if unit is None:
        raise ExpressionError(_places_fault(str(places)))
    # what has more digits than expressions compute with is a number all the same
    return value.quantize(unit, ROUND_HALF_UP, numerals.WIDE)


def _places_fault(places: str) -> str | None:
    fits = places.removeprefix("-").isdigit() and abs(int(places)) <= MOST_PLACES
    return None if fits else f"places are a whole number from -{MOST_PLACES} to {MOST_PLACES}, not {places[:20]}"


def _numbers(arguments: Sequence[object]) -> list[Decimal]:
    return [number(each) for argument in arguments for each in items(argument)]


def _days(day: date, count: int) -> date:
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        raise ExpressionError(f"{count} days from {day.isoformat()} is no day of the calendar") from error


def _workdays(day: date, count: int, calendar: str = calendars.USUAL) -> date:
    if abs(count) > calendars.FURTHEST:
        raise ExpressionError(f"at most {calendars.FURTHEST} working days can be counted, not {count}")
    known = calendars.parse(calendar)
    if isinstance(known, str):
        raise ExpressionError(known)
    try:
        found = known.after(day, count)
    except OverflowError as error:
        raise ExpressionError(f"{count} days from {day.isoformat()} is no day of the calendar") from error
    if found is None:
        raise ExpressionError(f"the calendar '{calendar[:40]}' has no working day for a hundred days")
    return found


def _calendar_fault(text: str) -> str | None:
    found = calendars.parse(text)
    return found if isinstance(found, str) else None


def _format_date(value: date | time, text: str) -> str:
    form = forms.parse(text)
    if isinstance(form, str):
        raise ExpressionError(form)
    written = form.write(value)
    if written is None:
        raise ExpressionError(f"'{value.isoformat()}' does not have everything that the form '{text}' asks for")
    return written


def _form_fault(text: str) -> str | None:
    found = forms.parse(text)
    return found if isinstance(found, str) else None


def _digits_of(text: str, lengths: Sequence[int], what: str) -> str:
    if not (text.isascii() and text.isdigit()) or len(text) not in lengths:
        sizes = " or ".join(filter(None, (", ".join(map(str, lengths[:-1])), str(lengths[-1]))))
        raise ExpressionError(f"'{text[:40]}' is not {what}: it has {sizes} digits")
    return text


def _gtin14(text: str) -> str:
    return _digits_of(text, _GTINS, "a GTIN").zfill(_GTIN) if text else ""


def _upc_to_gtin(text: str) -> str:
    if not text:
        return ""
    digits = _digits_of(text, (_UPC - 1, _UPC), "a UPC")
    return (digits if len(digits) == _UPC else digits + check_digit(digits)).zfill(_GTIN)


def _check_digit(text: str) -> str:
    if not text:
        return ""
    if not (text.isascii() and text.isdigit()):
        raise ExpressionError(f"'{text[:40]}' has characters other than digits, so it has no check digit")
    return check_digit(text)


def _sscc(prefix: str, serial: int, extension: str = "0") -> str:
    if not prefix:
        return ""
    if not (prefix.isascii() and extension.isascii()) or serial < 0:
        raise ExpressionError(f"no SSCC can be made of prefix '{prefix[:40]}' and serial {serial}")
    try:
        return sscc(prefix, extension, serial)
    except ValueError as error:
        raise ExpressionError(f"no SSCC can be made of prefix '{prefix[:40]}' and serial {serial}") from error


def _is_true(value: object) -> bool:
    return bool(value)


_LIST, _NUMBERS_LIST = list_of(ANY), list_of(NUMBER)
_T, _N, _D = Parameter("text", TEXT), Parameter("number", NUMBER), Parameter("date", DATE)
_COUNT, _PART = Parameter("count", WHOLE), Parameter("part", TEXT)
_WIDTH, _FILL = Parameter("width", WHOLE, fault=_width_fault), Parameter("with", TEXT, optional=True)
_MANY, _VALUE, _SPREAD = Parameter("list", _LIST), Parameter("value", ANY), Parameter("number", NUMBER, spreads=True)


def _table(*rows: tuple[str, str, tuple[Parameter, ...], Type, str, Callable[..., object]]) -> Mapping[str, Function]:
    return MappingProxyType(
        {
            name: Function(name, parameters, returns, said, call, group, name in ("first", "min", "max"))
            for group, name, parameters, returns, said, call in rows
        }
    )


# fmt: off
FUNCTIONS: Mapping[str, Function] = _table(
    ("text", "trim", (_T,), TEXT, "without white space at both ends", str.strip),
    ("text", "upper", (_T,), TEXT, "in capital letters", lambda text: bounded(text.upper())),
    ("text", "lower", (_T,), TEXT, "in small letters", lambda text: bounded(text.lower())),
    ("text", "left", (_T, _COUNT), TEXT, "the first characters", _left),
    ("text", "right", (_T, _COUNT), TEXT, "the last characters", _right),
    ("text", "mid", (_T, Parameter("start", WHOLE), _COUNT), TEXT, "so many characters from a place on, which is counted from 1", _mid),
    ("text", "replace", (_T, Parameter("old", TEXT), Parameter("new", TEXT)), TEXT, "every occurrence of the old text replaced by the new one", _replace),
    ("text", "pad_left", (_T, _WIDTH, _FILL), TEXT, "filled up in front to a width, with spaces or the character given; nothing stays empty", lambda text, width, fill=" ": _padded(text, width, fill, "left")),
    ("text", "pad_right", (_T, _WIDTH, _FILL), TEXT, "filled up at the end to a width, with spaces or the character given; nothing stays empty", lambda text, width, fill=" ": _padded(text, width, fill, "right")),
    ("text", "digits", (_T,), TEXT, "only its digits 0 to 9", lambda text: "".join(each for each in text if "0" <= each <= "9")),
    ("text", "letters", (_T,), TEXT, "only its letters", lambda text: "".join(each for each in text if each.isalpha())),
    ("text", "join", (_MANY, Parameter("by", TEXT)), TEXT, "the values of a list as one text; what is empty is left out", lambda found, by: _joined(items(found), by)),
    ("text", "length", (_T,), NUMBER, "how many characters it has", lambda text: Decimal(len(text))),
    ("text", "contains", (_T, _PART), YES_NO, "whether the part stands anywhere in it", lambda text, part: bool(part) and part in text),
    ("text", "starts", (_T, _PART), YES_NO, "whether it begins with the part", lambda text, part: bool(part) and text.startswith(part)),
    ("text", "ends", (_T, _PART), YES_NO, "whether it ends with the part", lambda text, part: bool(part) and text.endswith(part)),
    ("numbers", "round", (_N, Parameter("places", WHOLE, optional=True, fault=_places_fault)), NUMBER, "to so many places (0 when not given), half up", rounded),
    ("numbers", "abs", (_N,), NUMBER, "without its sign", Decimal.copy_abs),
    ("numbers", "min", (_SPREAD,), NUMBER, "the smallest of all that are not empty", lambda *found: min(_numbers(found), default=None)),
    ("numbers", "max", (_SPREAD,), NUMBER, "the largest of all that are not empty", lambda *found: max(_numbers(found), default=None)),
    ("numbers", "number", (Parameter("value", NUMBER),), NUMBER, "a text as a number; an error when it is none", lambda value: value),
    ("numbers", "text", (Parameter("value", TEXT),), TEXT, "a number as text, without exponent", lambda value: value),
    ("lists", "count", (_MANY,), NUMBER, "how many values are not empty", count),
    ("lists", "sum", (Parameter("list", _NUMBERS_LIST),), NUMBER, "the sum of the values; 0 when there are none", total),
    ("lists", "first_of", (_MANY,), ANY, "the first value that is not empty", lambda found: next(iter(items(found)), None)),
    ("lists", "last_of", (_MANY,), ANY, "the last value that is not empty", lambda found: next(reversed(items(found)), None)),
    ("lists", "any", (_MANY,), YES_NO, "whether one of the values is true or, if not yes or no, filled", lambda found: any(map(_is_true, found))),
    ("lists", "all", (_MANY,), YES_NO, "whether each value is true or, if not yes or no, filled; true when there are none", lambda found: all(map(_is_true, found))),
    ("choice", "first", (_VALUE,), ANY, "the first that is not empty", lambda *found: next((each for each in found if not is_empty(each)), None)),
    ("choice", "if", (Parameter("condition", CONDITION), Parameter("then", ANY), Parameter("else", ANY)), ANY, "the second when the first is true, else the third; the other one is not computed", lambda condition, then, other: then if condition else other),
    ("dates", "days", (_D, _COUNT), DATE, "so many days later, or earlier when negative", _days),
    ("dates", "workdays", (_D, _COUNT, Parameter("calendar", TEXT, optional=True, fault=_calendar_fault)), DATE, "so many working days later, or earlier when negative; for 0 the day itself or the next working day. The calendar names the days that count (mon-fri when not given) and those that do not: 'mon-sat not 12-25 2026-04-03'", _workdays),
    ("dates", "day", (_D,), NUMBER, "the day of the month", lambda day: Decimal(day.day)),
    ("dates", "month", (_D,), NUMBER, "the month, 1 to 12", lambda day: Decimal(day.month)),
    ("dates", "year", (_D,), NUMBER, "the year", lambda day: Decimal(day.year)),
    ("dates", "format_date", (Parameter("date", INSTANT), Parameter("form", TEXT, fault=_form_fault)), TEXT, "as text in a form like DD.MM.YYYY", _format_date),
    ("ids", "gtin14", (_T,), TEXT, "a GTIN of 8, 12, 13 or 14 digits with 14 digits, zeros in front", _gtin14),
    ("ids", "check_digit", (_T,), TEXT, "the GS1 check digit of digits that have none yet", _check_digit),
    ("ids", "upc_to_gtin", (_T,), TEXT, "a UPC of 12 digits, or of 11 without its check digit, as a GTIN of 14 digits", _upc_to_gtin),
    ("ids", "sscc", (Parameter("prefix", TEXT), Parameter("serial", WHOLE), Parameter("extension", TEXT, optional=True)), TEXT, "a container code of 20 digits (00 in front) of a GS1 company prefix, a serial number and an extension digit (0 when not given)", _sscc),
)
# fmt: on
"""Every function, in the order of the language's reference."""
