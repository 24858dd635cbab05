"""Dates and times as partners write them: forms like DD.MM.YYYY, read strictly and written back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType

LETTERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "YYYY": (r"(?P<year>\d{4})", "{0.year:04d}"),
        "YY": (r"(?P<short>\d{2})", "{1:02d}"),
        "MON": (r"(?P<name>[A-Za-z]{3})", "{2}"),
        "MM": (r"(?P<month>\d{2})", "{0.month:02d}"),
        "DD": (r"(?P<day>\d{2})", "{0.day:02d}"),
        "hh": (r"(?P<hour>\d{2})", "{0.hour:02d}"),
        "mm": (r"(?P<minute>\d{2})", "{0.minute:02d}"),
        "ss": (r"(?P<second>\d{2})", "{0.second:02d}"),
    }
)
"""The letters of a form: what each reads, and how it is written."""

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ANY = "YYYYMMDD"
"""Stands for a form that is wrong, so that this is told where it is written and not at every date."""
_CENTURY_TURNS = 70
_PARTS = re.compile(r"YYYY|YY|MON|MM|DD|hh|mm|ss|.", re.DOTALL)
_HINTS = {"H": "hours are written hh", "S": "seconds are written ss", "D": "a day is written DD", "M": "a month is MM or MON, minutes are mm",
          "Y": "a year is YYYY or YY", "h": "hours are written hh", "m": "minutes are written mm", "s": "seconds are written ss",
          "d": "a day is written DD", "y": "a year is YYYY or YY"}  # fmt: skip
_TIME_OF_DAY = frozenset({"hh", "mm", "ss"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form ready for use."""

    text: str
    letters: frozenset[str]
    pattern: re.Pattern[str]
    template: str
    slices: Mapping[str, slice]

    def day(self, text: str) -> date | None:
        """The date of a text, None when it does not fit; raises ValueError for a day that does not exist."""
        at = self.slices
        if "YYYY" not in at or "MM" not in at or "DD" not in at:
            found = self.read(text)
            return found.date() if found is not None else None
        if self.pattern.fullmatch(text) is None:
            return None
        return date.fromisoformat(text[at["YYYY"]] + text[at["MM"]] + text[at["DD"]])

    def read(self, text: str) -> datetime | None:
        """The moment of a text, parts that the form lacks being the lowest; None when it does not fit.

        Raises ValueError for a day or a time that does not exist.
        """
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        year, short, name = parts.get("year"), parts.get("short"), parts.get("name")
        if name is not None and name.upper() not in MONTHS:
            return None
        return datetime(  # noqa: DTZ001 - the zone is the partner's and comes later
            int(year) if year is not None else full_year(int(short)) if short is not None else 1900,
            MONTHS.index(name.upper()) + 1 if name is not None else int(parts.get("month") or 1),
            int(parts.get("day") or 1), int(parts.get("hour") or 0), int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )  # fmt: skip

    def write(self, value: date | time) -> str | None:
        """A date, a moment or a time of day; None when it lacks what the form asks for."""
        if isinstance(value, time):
            return self.template.format(value) if self.letters <= _TIME_OF_DAY else None
        if self.letters & _TIME_OF_DAY and not isinstance(value, datetime):
            return None
        return self.template.format(value, value.year % 100, MONTHS[value.month - 1])

    def fault(self, kind: str) -> str | None:
        """Why it cannot be the form of a date, a time or a datetime; None when it can."""
        needs: list[str] = []
        if kind in ("date", "datetime"):
            needs += [] if self.letters & {"YYYY", "YY"} else ["a year (YYYY)"]
            needs += [] if self.letters & {"MM", "MON"} else ["a month (MM)"]
            needs += [] if "DD" in self.letters else ["a day (DD)"]
        if kind in ("time", "datetime"):
            needs += [] if "hh" in self.letters else ["hours (hh)"]
            needs += [] if "mm" in self.letters else ["minutes (mm)"]
        return f"the form '{self.text}' lacks {' and '.join(needs)}" if needs else None


def full_year(short: int) -> int:
    """Two digits of a year: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069."""
    return short + (1900 if short >= _CENTURY_TURNS else 2000)


@cache
def parse(text: str) -> Form | str:
    """The form of a text, or why it is none."""
    pattern, template, letters = [], [], []
    slices: dict[str, slice] = {}
    width = 0
    for part in _PARTS.findall(text):
        if part in LETTERS:
            if part in letters:
                return f"'{part}' stands twice in the form '{text}'"
            letters.append(part)
            slices[part] = slice(width, width + len(part))
            pattern.append(LETTERS[part][0])
            template.append(LETTERS[part][1])
        elif part.isalnum() and part != "T":
            hint = _HINTS.get(part, f"the letters are {' '.join(LETTERS)}")
            return f"'{part}' means nothing in the form '{text}'; {hint}"
        else:
            pattern.append(re.escape(part))
            template.append(part.replace("{", "{{").replace("}", "}}"))
        width += len(part)
    if not letters:
        return f"'{text}' is not the form of a date; write one like DD.MM.YYYY"
    if {"YYYY", "YY"} <= set(letters) or {"MM", "MON"} <= set(letters):
        return f"the form '{text}' has the year or the month twice"
    return Form(text, frozenset(letters), re.compile("".join(pattern), re.ASCII), "".join(template), slices)


def fault(text: str, kind: str) -> str | None:
    """Why a text cannot be the form of a date, time or datetime (``kind``); None when it can."""
    found = parse(text)
    return found if isinstance(found, str) else found.fault(kind)
