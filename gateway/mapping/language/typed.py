"""Text to typed values and back: numbers, dates, times, codes, yes and no, each read strictly (mapping language 5.1)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from types import MappingProxyType

from gateway.mapping.language import forms, numerals
from gateway.mapping.language.forms import Form
from gateway.mapping.language.values import StepError, as_text

Read = Callable[[object], object]

ISO = "YYYY-MM-DD"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WHOLE = re.compile(r"([+-]?\d{1,18})(?:\.0{0,12})?", re.ASCII)
_TIME = r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?"
_ISO_TIME = re.compile(_TIME, re.ASCII)
_ISO_MOMENT = re.compile(rf"\d{{4}}-\d\d-\d\d[T ]{_TIME}", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_X12_MOMENT = re.compile(r"(\d{8})(\d{4}|\d{6})", re.ASCII)
_YES_OR_NO: Mapping[str, bool] = MappingProxyType(
    {"true": True, "y": True, "yes": True, "1": True, "false": False, "n": False, "no": False, "0": False}
)
_LONG_DATE, _SHORT_DATE = 8, 6
_TIMES = (4, 6, 7, 8)
_SECONDS = 6


def text_of(value: object) -> str:
    """The text that a step works on; numbers without exponent, dates as ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        raise StepError(f"there are {len(value)} values where one is expected; add 'join' to make one text of them")
    return as_text(value)


def clean_text(value: object) -> str:
    """Text in Unicode's composed form (NFC); control characters other than tab, CR and LF are an error."""
    text = value if isinstance(value, str) else text_of(value)
    if text.isascii():
        if text.isprintable():
            return text
    else:
        text = unicodedata.normalize("NFC", text)
    if _CONTROL.search(text):
        raise StepError(f"{text[:40]!r} contains a control character")
    return text


def decimal_number(value: object) -> Decimal:
    """A number with a decimal point, at most 18 digits before and 12 after it."""
    if not isinstance(value, str):
        return any_number(value)
    found = numerals.with_point(value)
    if found is None:
        raise _not_a_number(value, "")
    return found


def any_number(value: object) -> Decimal:
    """A number already, or one in a text."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return decimal_number(text_of(value))


def local_number(decimal: str, thousands: str, implied: int) -> Callable[[object], Decimal]:
    """Reads numbers with other signs, or with implied decimals; a written decimal sign wins over those."""
    read = numerals.reader(decimal, thousands)
    example = "" if decimal == "." else f"; its decimal sign is {decimal}"

    def step(value: object) -> Decimal:
        if not isinstance(value, str):
            return any_number(value)
        found = read(value)
        if found is None:
            raise _not_a_number(value, example)
        return found.scaleb(-implied, numerals.WIDE) if implied and decimal not in value else found

    return step


def whole_number(value: object) -> int:
    """A whole number of at most 18 digits; ``12.00`` is one."""
    if not isinstance(value, str):
        return _whole(any_number(value))
    if len(value) <= numerals.BEFORE and value.isascii() and value.isdigit():
        return int(value)
    found = _WHOLE.fullmatch(value)
    if found is None:
        raise StepError(f"'{value[:40]}' is not a whole number of at most {numerals.BEFORE} digits")
    return int(found[1])


def local_whole(decimal: str, thousands: str) -> Callable[[object], int]:
    """Reads whole numbers with other signs."""
    read = local_number(decimal, thousands, 0)
    return lambda value: _whole(read(value))


def x12_date(value: object) -> date:
    """CCYYMMDD, or YYMMDD from 1970 to 2069."""
    if not isinstance(value, str):
        return _day(value)
    digits = value
    if len(digits) == _SHORT_DATE and digits.isascii() and digits.isdigit():
        digits = f"{forms.full_year(int(digits[:2]))}{digits[2:]}"
    if len(digits) != _LONG_DATE or not (digits.isascii() and digits.isdigit()):
        raise StepError(f"'{value[:40]}' is not a date CCYYMMDD")
    try:
        return date.fromisoformat(digits)
    except ValueError as error:
        raise StepError(f"'{value}' is not a date of the calendar") from error


def iso_date(value: object) -> date:
    """YYYY-MM-DD; a time zone after it, which XML allows, says nothing about the day."""
    if not isinstance(value, str):
        return _day(value)
    found = _ISO_DATE.fullmatch(value)
    if found is None:
        raise StepError(f"'{value[:40]}' is not a date {ISO}")
    try:
        return date.fromisoformat(found[1])
    except ValueError as error:
        raise StepError(f"'{value}' is not a date of the calendar") from error


def formed_date(form: Form) -> Callable[[object], date]:
    """Reads dates of a form; a time of day in it is read and dropped."""

    def step(value: object) -> date:
        if not isinstance(value, str):
            return _day(value)
        try:
            found = form.day(value)
        except ValueError as error:
            raise StepError(f"'{value}' is not a date of the calendar ({form.text})") from error
        if found is None:
            raise StepError(f"'{value[:40]}' is not a date {form.text}")
        return found

    return step


def time_of_day(value: object) -> time:
    """HHMM, HHMMSS, HHMMSSD or HHMMSSDD (decimal seconds), or ISO 8601 like 18:00:00."""
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, time):
        return value
    text = text_of(value)
    try:
        if len(text) in _TIMES and text.isascii() and text.isdigit():
            found = time.fromisoformat(text[:_SECONDS])
            return found.replace(microsecond=int(f"{text[_SECONDS:]:0<6}")) if len(text) > _SECONDS else found
        if _ISO_TIME.fullmatch(text):
            return time.fromisoformat(text)
    except ValueError as error:
        raise StepError(f"'{text}' is not a time of the day") from error
    raise StepError(f"'{text[:40]}' is not a time; write it like 1830 or 18:30:00")


def formed_time(form: Form) -> Callable[[object], time]:
    """Reads times of day of a form; a date in it is read and dropped."""

    def step(value: object) -> time:
        return _formed(value, form, "time").time() if isinstance(value, str) else time_of_day(value)

    return step


def moment(form: Form | None, zone: tzinfo | None) -> Callable[[object], datetime]:
    """Reads moments of a form, of ISO 8601, or CCYYMMDDHHMM; in the zone given where they name none."""

    def step(value: object) -> datetime:
        if isinstance(value, datetime):
            found = value
        elif form is not None:
            found = _formed(text_of(value), form, "moment")
        else:
            found = _plain_moment(text_of(value))
        if found.tzinfo is None and zone is None:
            raise StepError(f"'{as_text(value)}' has no time zone; write it like 2026-11-20T18:00:00Z")
        return found if found.tzinfo is not None else found.replace(tzinfo=zone)

    return step


def code(codes: tuple[str, ...]) -> Callable[[object], str]:
    """Exactly one of the words."""
    known = frozenset(codes)

    def step(value: object) -> str:
        text = text_of(value)
        if text not in known:
            raise StepError(f"'{text[:40]}' is not one of {', '.join(codes)}")
        return text

    return step


def yes_or_no(value: object) -> bool:
    """True, y, yes, 1, and false, n, no, 0, in any case."""
    if isinstance(value, bool):
        return value
    text = text_of(value)
    found = _YES_OR_NO.get(text.lower())
    if found is None:
        raise StepError(f"'{text[:40]}' is not yes or no; known are true, false, Y, N, yes, no, 1, 0")
    return found


def implied_text(value: Decimal | int, places: int) -> str:
    """A number as digits with implied decimals; more decimals than those are an error, never cut."""
    text = numerals.implied(Decimal(value), places)
    if text is None:
        raise StepError(f"'{as_text(value)}' has more than {places} decimals; add 'round: {places}'")
    return text


def moment_text(value: date | time, form: Form | None, *, iso: bool) -> str:
    """A date, a moment or a time of day by its form, as ISO 8601, or as X12 writes it."""
    if form is not None:
        text = form.write(value)
        if text is None:
            what = "time of day" if isinstance(value, time) else "date"
            raise StepError(f"'{value.isoformat()}' is a {what}, which the form '{form.text}' does not fit")
        return text
    if iso:
        return value.isoformat()
    if isinstance(value, time):
        return _x12_time(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat().replace('-', '')}{_x12_time(value.time())[:_SECONDS]}"
    return value.isoformat().replace("-", "")


def _x12_time(value: time) -> str:
    """HHMM, with seconds and hundredths only where there are any."""
    text = f"{value.hour:02d}{value.minute:02d}"
    if value.second or value.microsecond:
        text += f"{value.second:02d}"
    return text + (f"{value.microsecond // 10_000:02d}" if value.microsecond else "")


def _plain_moment(text: str) -> datetime:
    try:
        if _ISO_MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
        found = _X12_MOMENT.fullmatch(text)
        if found is not None:
            return datetime.combine(date.fromisoformat(found[1]), time_of_day(found[2]))
    except (ValueError, StepError) as error:
        raise StepError(f"'{text}' is not a moment of the calendar") from error
    raise StepError(f"'{text[:40]}' is not a moment; write it like 2026-11-20T18:00:00Z")


def _formed(text: str, form: Form, what: str) -> datetime:
    try:
        found = form.read(text)
    except ValueError as error:
        raise StepError(f"'{text}' is not a {what} of the calendar ({form.text})") from error
    if found is None:
        raise StepError(f"'{text[:40]}' is not a {what} {form.text}")
    return found


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise StepError(f"'{text_of(value)[:40]}' is not a date")


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise StepError(f"'{as_text(number)}' is not a whole number")
    return int(number)


def _not_a_number(text: str, hint: str) -> StepError:
    return StepError(f"'{text[:40]}' is not a number{hint}")
