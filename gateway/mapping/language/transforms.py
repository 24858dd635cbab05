"""The steps of a rule as functions, and the reading and writing of typed values as text."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from gateway.kernel.quantity import plain
from gateway.mapping.language import check_digits, forms, numerals, typed
from gateway.mapping.language.forms import Form
from gateway.mapping.language.patterns import Pattern
from gateway.mapping.language.typed import text_of
from gateway.mapping.language.values import StepError

Step = Callable[[object], object]

WIDEST_PAD = 1000
"""The widest ``pad``."""
MODES: Mapping[str, str] = {"half_up": ROUND_HALF_UP, "even": ROUND_HALF_EVEN}
"""How ``round`` may round."""

_SHOWN = 12


def trim(side: str) -> Step:
    """Cut white space: both, left, right or none; in a list of every text."""
    cuts: Mapping[str, Callable[[str], str]] = {
        "both": str.strip, "left": str.lstrip, "right": str.rstrip, "none": str,
    }  # fmt: skip
    cut = cuts[side]

    def step(value: object) -> object:
        if isinstance(value, str):
            return cut(value)
        return [step(each) for each in value] if isinstance(value, list) else value

    return step


def joined(by: str) -> Step:
    """A list as one text; what is empty in it is left out."""

    def step(value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        return by.join(text for each in value if (text := text_of(each)))

    return step


def matched(pattern: Pattern) -> Step:
    """What group 1 of the pattern found, without groups the whole match; no match is an error."""

    def step(value: object) -> object:
        text = text_of(value)
        found = pattern.find(text)
        if found is None:
            raise StepError(f"'{text[:40]}' does not fit the pattern {pattern.text}")
        return _or_nothing(found)

    return step


def cut_out(first: int, last: int | None) -> Step:
    """Characters first to last, 1-based, inclusive."""
    return lambda value: _or_nothing(text_of(value)[first - 1 : last])


def split(by: str, part: int) -> Step:
    """One part of a text, counted from 1, negative from the end; empty when there are not so many."""

    def step(value: object) -> object:
        parts = text_of(value).split(by)
        at = part - 1 if part > 0 else len(parts) + part
        return _or_nothing(parts[at]) if 0 <= at < len(parts) else ""

    return step


def _or_nothing(cut: str) -> str:
    """What was cut out of a text; nothing but blanks is nothing."""
    return "" if cut.isspace() else cut


def mapped(table: Mapping[str, str]) -> Step:
    """A code list; ``*`` catches the rest, ``*: "="`` keeps it."""
    codes = {key: target for key, target in table.items() if key != "*"}
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    known = ", ".join(list(codes)[:_SHOWN]) + more
    rest = table.get("*")

    def step(value: object) -> object:
        code = value if isinstance(value, str) else text_of(value)
        found = codes.get(code)
        if found is not None:
            return found
        if rest is None:
            raise StepError(f"code '{code[:40]}' is not in the list ({known})")
        return code if rest == "=" else rest

    return step


def rounded(places: int, mode: str = "half_up") -> Step:
    """To so many places: half up, or half to even."""
    unit, how = Decimal(1).scaleb(-places), MODES[mode]
    return lambda value: typed.any_number(value).quantize(unit, how, numerals.WIDE)


def shortened(length: int) -> Step:
    """Cut to so many characters."""
    return lambda value: text_of(value)[:length].rstrip()


def padded(width: int, fill: str, side: str) -> Step:
    """Filled up to a width; zeros go between the sign and the digits of a number."""
    if side == "left" and fill == "0":
        return lambda value: _filled(text_of(value), width)
    if side == "left":
        return lambda value: text_of(value).rjust(width, fill)
    return lambda value: text_of(value).ljust(width, fill)


def validated(kind: str) -> Step:
    """Leaves an id as it is when its check digit is right: gtin, upc, sscc or gln."""

    def step(value: object) -> object:
        wrong = check_digits.fault(kind, text_of(value))
        if wrong is not None:
            raise StepError(wrong)
        return value

    return step


def read(
    kind: str, *, form: str = "", implied_decimals: int = 0, codes: tuple[str, ...] = (),
    decimal: str = ".", thousands: str = "", zone: tzinfo | None = None, iso: bool = False,
) -> Step:  # fmt: skip
    """Text to a typed value of the catalogue's kind (mapping language 5.1); what has its type already stays.

    ``form`` is checked with ``forms.fault`` when the mapping is prepared; without it dates and times are those of X12, with
    ``iso`` those of ISO 8601. ``zone`` is the partner's, for moments that name none.
    """
    fitted, usual = forms.parse(form) if form else None, decimal == "." and not thousands
    if isinstance(fitted, str):
        return _refused(fitted)
    if kind == "decimal":
        return (
            typed.decimal_number
            if usual and not implied_decimals
            else typed.local_number(decimal, thousands, implied_decimals)
        )
    if kind == "integer":
        return typed.whole_number if usual else typed.local_whole(decimal, thousands)
    if kind == "date":
        return typed.formed_date(fitted) if fitted is not None else typed.iso_date if iso else typed.x12_date
    if kind == "time":
        return typed.formed_time(fitted) if fitted is not None else typed.time_of_day
    if kind == "datetime":
        return typed.moment(fitted, zone)
    if kind == "code":
        return typed.code(codes)
    return {"text": typed.clean_text, "bool": typed.yes_or_no}[kind]


def write(
    *, form: str = "", implied_decimals: int = 0, keeps_zeros: bool = False, decimal: str = ".", thousands: str = "",
    zone: tzinfo | None = None, iso: bool = False,
) -> Callable[[object], str]:  # fmt: skip
    """A typed value to text; numbers with the zeros they have or without, moments in the zone given.

    ``form`` is for dates and moments, and for times of day when it has nothing but those; without it they are written
    as X12 does, with ``iso`` as ISO 8601 does. Yes and no are Y and N, with ``iso`` true and false.
    """
    fitted = forms.parse(form) if form else None
    if isinstance(fitted, str):
        return _refused(fitted)
    numbers = _number_writer(decimal, thousands, implied_decimals, keeps_zeros=keeps_zeros)
    moments = _moment_writer(fitted, zone, iso=iso)
    plain_date = form in ("", "YYYYMMDD") and not iso

    def step(value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Decimal):
            return numbers(value)
        if plain_date and value.__class__ is date:
            return str(value).replace("-", "")
        if isinstance(value, date | time):
            return moments(value)
        if isinstance(value, bool):
            return ("true" if value else "false") if iso else ("Y" if value else "N")
        return numbers(Decimal(value)) if isinstance(value, int) else text_of(value)

    return step


def _number_writer(decimal: str, thousands: str, implied: int, *, keeps_zeros: bool) -> Callable[[Decimal], str]:
    usual = decimal == "." and not thousands

    def step(value: Decimal) -> str:
        if implied:
            return typed.implied_text(value, implied)
        if usual and value:
            return format(value, "f") if keeps_zeros else plain(value)
        return numerals.written(value, keeps_zeros=keeps_zeros, decimal=decimal, thousands=thousands)

    return step


def _moment_writer(form: Form | None, zone: tzinfo | None, *, iso: bool) -> Callable[[date | time], str]:
    of_day = form if form is not None and not form.fault("time") else None

    def step(value: date | time) -> str:
        if isinstance(value, time):
            return typed.moment_text(value, of_day, iso=iso)
        if isinstance(value, datetime) and zone is not None and value.tzinfo is not None:
            value = value.astimezone(zone)
        return typed.moment_text(value, form, iso=iso)

    return step


def _refused(sentence: str) -> Callable[[object], str]:
    """What a form that is none does to every value; preparation tells it before any value comes."""

    def step(_value: object) -> str:
        raise StepError(sentence)

    return step


def _filled(text: str, width: int) -> str:
    signed = text[:1] in ("+", "-") and text[1:2].isdigit()
    return text.zfill(width) if signed else text.rjust(width, "0")
