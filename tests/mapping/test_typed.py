"""Values of every type are read as 5.1 of the language says, and what is written is read again."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.language import transforms
from gateway.mapping.language.values import StepError

BERLIN = ZoneInfo("Europe/Berlin")


@given(
    value=st.decimals(min_value=-(10**11), max_value=10**11, places=5),
    implied=st.sampled_from([0, 5, 6]),
    keeps=st.booleans(),
)
def test_a_decimal_comes_back(value: Decimal, implied: int, *, keeps: bool) -> None:
    text = transforms.write(implied_decimals=implied, keeps_zeros=keeps)(value)

    assert transforms.read("decimal", implied_decimals=implied)(text) == value


@given(value=st.decimals(min_value=-(10**12), max_value=10**12, places=3), keeps=st.booleans())
def test_a_decimal_with_other_signs_comes_back(value: Decimal, *, keeps: bool) -> None:
    text = transforms.write(decimal=",", thousands=".", keeps_zeros=keeps)(value)

    assert transforms.read("decimal", decimal=",", thousands=".")(text) == value


@given(value=st.integers(-(10**18) + 1, 10**18 - 1), signs=st.sampled_from([(".", ""), (",", ".")]))
def test_an_integer_comes_back(value: int, signs: tuple[str, str]) -> None:
    decimal, thousands = signs
    text = transforms.write(decimal=decimal, thousands=thousands)(value)
    found = transforms.read("integer", decimal=decimal, thousands=thousands)(text)

    assert found == value
    assert type(found) is int


@given(
    value=st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    form=st.sampled_from(["", "YYMMDD", "DD.MM.YYYY", "DD-MON-YY"]),
    iso=st.booleans(),
)
def test_a_date_comes_back(value: date, form: str, *, iso: bool) -> None:
    text = transforms.write(form=form, iso=iso)(value)

    assert transforms.read("date", form=form, iso=iso)(text) == value


@given(value=st.times(), iso=st.booleans())
def test_a_time_comes_back(value: time, *, iso: bool) -> None:
    value = value if iso else value.replace(microsecond=value.microsecond // 10_000 * 10_000)

    assert transforms.read("time", iso=iso)(transforms.write(iso=iso)(value)) == value


@given(value=st.datetimes(datetime(1970, 1, 1), datetime(2069, 1, 1), timezones=st.sampled_from([UTC, BERLIN])))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_moment_comes_back(value: datetime) -> None:
    value = value.replace(microsecond=0).astimezone(UTC)
    read = transforms.read("datetime", zone=BERLIN)
    local = value.astimezone(BERLIN)

    # moments of different zones are compared in UTC: Python never calls them equal in the hour that comes twice
    assert _utc(read(transforms.write(iso=True)(value))) == value
    if not local.fold:
        assert _utc(read(transforms.write(zone=BERLIN)(value))) == value


def _utc(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value.astimezone(UTC)


@given(value=st.booleans(), iso=st.booleans())
def test_yes_and_no_come_back(value: bool, iso: bool) -> None:  # noqa: FBT001 - of hypothesis
    assert transforms.read("bool")(transforms.write(iso=iso)(value)) is value


@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_text_comes_back_and_reading_twice_changes_nothing(value: str) -> None:
    found = transforms.read("text")(value)

    assert transforms.write()(found) == found
    assert transforms.read("text")(found) == found


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("integer", "12.00", 12), ("integer", "-007", -7), ("integer", "+5", 5), ("integer", "9" * 18, 10**18 - 1),
        ("decimal", "-12.50", Decimal("-12.50")), ("date", "20261120", date(2026, 11, 20)), ("date", "700101", date(1970, 1, 1)),
        ("date", "691231", date(2069, 12, 31)), ("time", "1830", time(18, 30)), ("time", "183059", time(18, 30, 59)),
        ("time", "18305912", time(18, 30, 59, 120_000)), ("time", "1830595", time(18, 30, 59, 500_000)), ("time", "18:30", time(18, 30)),
        ("time", "18:30:59Z", time(18, 30, 59, tzinfo=UTC)), ("text", "e\u0301", "é"), ("text", "a\tb\r\nc", "a\tb\r\nc"),
        ("bool", "yes", True), ("bool", "N", False), ("bool", "TRUE", True), ("bool", "0", False),
    ],
)  # fmt: skip
def test_a_text_is_read(kind: str, text: str, wanted: object) -> None:
    found = transforms.read(kind)(text)

    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "12.5"), ("integer", "1" * 19), ("integer", "1e3"), ("integer", "\u0661"), ("integer", ""), ("integer", "1_0"),
        ("decimal", "1,5"), ("decimal", "NaN"), ("decimal", "1e3"), ("date", "2026-11-20"), ("date", "20261301"), ("date", "2026112"), ("date", "20260230"),
        ("date", "\u0662\u0660\u0662\u0666\u0661\u0661\u0662\u0660"), ("time", "2460"), ("time", "18305"), ("time", "2400"), ("time", "6 pm"), ("time", "18:61"), ("text", "a\x00b"), ("text", "\x7f"),
        ("bool", "ja"), ("bool", "2"), ("datetime", "20261120"), ("datetime", "2026-11-20 6 pm"), ("code", "A"),
    ],
)  # fmt: skip
def test_what_does_not_fit_its_type_is_refused(kind: str, text: str) -> None:
    with pytest.raises(StepError):
        transforms.read(kind, codes=("a", "b"), zone=BERLIN)(text)


def test_moments_without_a_zone_are_the_partners() -> None:
    read = transforms.read("datetime", zone=BERLIN)

    assert read("2026-11-20T18:00:00") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert read("2026-07-20 18:00") == datetime(2026, 7, 20, 16, tzinfo=UTC)
    assert read("2026-11-20T18:00:00Z") == datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert read("202611201800") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert transforms.read("datetime", form="DD.MM.YYYY hh:mm", zone=BERLIN)("20.11.2026 18:00") == read(
        "2026-11-20T18:00"
    )
    with pytest.raises(StepError, match="has no time zone"):
        transforms.read("datetime")("2026-11-20T18:00:00")


def test_dates_of_xml_may_have_a_zone() -> None:
    read = transforms.read("date", iso=True)

    assert read("2026-11-20") == read("2026-11-20+02:00") == read("2026-11-20Z") == date(2026, 11, 20)
    with pytest.raises(StepError, match="is not a date YYYY-MM-DD"):
        read("20261120")


@pytest.mark.parametrize(("text", "wanted"), [("1250", "12.50"), ("-5", "-0.05"), ("12.5", "12.5"), ("0", "0.00")])
def test_a_written_point_wins_over_implied_decimals(text: str, wanted: str) -> None:
    assert str(transforms.read("decimal", implied_decimals=2)(text)) == wanted


def test_what_has_its_type_already_stays() -> None:
    assert transforms.read("integer")(Decimal("12.00")) == 12
    assert transforms.read("decimal")(12) == Decimal(12)
    assert transforms.read("date")(datetime(2026, 1, 2, tzinfo=UTC)) == date(2026, 1, 2)
    assert transforms.read("text")(Decimal("12.50")) == "12.50"
    assert transforms.read("bool")(value := True) is value
    with pytest.raises(StepError, match=r"12\.5.*not a whole number"):
        transforms.read("integer")(Decimal("12.5"))


def test_writing_is_for_x12_or_for_people() -> None:
    assert transforms.write()(Decimal("12.50")) == "12.5"
    assert transforms.write(keeps_zeros=True)(Decimal("12.50")) == "12.50"
    assert transforms.write()(time(18, 5)) == "1805"
    assert transforms.write(form="YYYYMMDD")(time(18, 5)) == "1805"
    assert transforms.write(form="hh:mm")(time(18, 5)) == "18:05"
    assert transforms.write(form="YYMMDD")(date(2026, 1, 2)) == "260102"
    assert transforms.write()(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "202601020304"
    assert transforms.write(iso=True)(date(2026, 1, 2)) == "2026-01-02"
    with pytest.raises(StepError, match="has more than 2 decimals; add 'round: 2'"):
        transforms.write(implied_decimals=2)(Decimal("1.005"))
    with pytest.raises(StepError, match="which the form 'hh:mm' does not fit"):
        transforms.write(form="hh:mm")(date(2026, 1, 2))
    with pytest.raises(StepError, match="hours are written hh"):
        transforms.write(form="HHMM")(time(1, 2))
