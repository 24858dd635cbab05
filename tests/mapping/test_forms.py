"""Date forms are read strictly and written back."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.language import forms
from gateway.mapping.language.forms import Form

MODERN = st.dates(date(1970, 1, 1), date(2069, 12, 31))
DATE_FORMS = [
    "YYYYMMDD",
    "YYMMDD",
    "DD.MM.YYYY",
    "MM/DD/YY",
    "DD-MON-YYYY",
    "YYYY-MM-DD",
    "MONDDYY",
    "{DD}%MM$YYYY",
    "DDMMYYYY",
]


def form(text: str) -> Form:
    found = forms.parse(text)
    assert isinstance(found, Form), found
    return found


@given(day=MODERN, text=st.sampled_from(DATE_FORMS))
def test_a_written_date_is_read_again(day: date, text: str) -> None:
    written = form(text).write(day)

    assert written is not None
    assert form(text).day(written) == day
    assert form(text).read(written) == datetime(day.year, day.month, day.day)  # noqa: DTZ001 - forms know no zones


@given(
    moment=st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31)),  # noqa: DTZ001 - forms know no zones
    text=st.sampled_from(["YYYYMMDDhhmmss", "DD.MM.YYYY hh:mm:ss", "YYYY-MM-DDThh:mm:ss"]),
)
def test_a_written_moment_is_read_again(moment: datetime, text: str) -> None:
    assert form(text).read(form(text).write(moment) or "") == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DD.MM.YYYY", "1.2.2026"), ("DD.MM.YYYY", "01.02.26"), ("DD.MM.YYYY", " 01.02.2026"), ("DD.MM.YYYY", "01-02-2026"), ("DD.MM.YYYY", "01x02x2026"),
        ("DD-MON-YYYY", "01-Mai-2026"), ("DD-MON-YYYY", "01-02-2026"), ("YYYYMMDD", "٢٠٢٦١١٢٠"), ("YYYYMMDD", "2026112"), ("YYYYMMDD", "20261120\n"),
    ],
)  # fmt: skip
def test_nothing_is_guessed(text: str, value: str) -> None:
    assert form(text).read(value) is None
    assert form(text).day(value) is None


def test_names_of_months_are_english_in_any_case() -> None:
    assert form("DD MON YYYY").read("20 Nov 2026") == datetime(2026, 11, 20)  # noqa: DTZ001 - forms know no zones
    assert form("DD MON YYYY").write(date(2026, 3, 1)) == "01 MAR 2026"


@pytest.mark.parametrize("value", ["31.02.2026", "00.01.2026", "01.13.2026", "01.01.0000"])
def test_a_day_that_does_not_exist_is_an_error(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        form("DD.MM.YYYY").day(value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("HHMM", "'H' means nothing in the form 'HHMM'; hours are written hh"),
        ("dd.mm.yyyy", "'d' means nothing in the form 'dd.mm.yyyy'; a day is written DD"),
        ("YYYYMMDDDD", "'DD' stands twice in the form 'YYYYMMDDDD'"),
        ("MON MM YYYY DD", "the form 'MON MM YYYY DD' has the year or the month twice"),
        ("..", "'..' is not the form of a date; write one like DD.MM.YYYY"),
        ("MM.YYYY", "the form 'MM.YYYY' lacks a day (DD)"),
        ("hh:mm", "the form 'hh:mm' lacks a year (YYYY) and a month (MM) and a day (DD)"),
    ],
)
def test_what_is_no_form_of_a_date_is_explained(text: str, sentence: str) -> None:
    assert forms.fault(text, "date") == sentence


def test_a_form_must_fit_what_it_writes() -> None:
    assert forms.fault("hh:mm", "time") is None
    assert forms.fault("DD.MM.YYYY", "datetime") == "the form 'DD.MM.YYYY' lacks hours (hh) and minutes (mm)"
    assert form("hh:mm").write(date(2026, 1, 1)) is None
    assert form("DD.MM.YYYY").write(time(1, 2)) is None
    assert form("hh:mm").write(time(1, 2)) == "01:02"
    assert form("DD.MM.YYYY").write(datetime(2026, 1, 2, 3)) == "02.01.2026"  # noqa: DTZ001 - forms know no zones
