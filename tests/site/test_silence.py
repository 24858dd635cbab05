"""A file that is to come by a time of the day: in time, late or not at all, each told once."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest

from tests.site.harness import DEMO, PlayedSite, order, purchase_order

EXPECTED = "channels: {expect: [{document: order, by: '08:00', days: mon-fri%s}]}\ntime_zone: America/Chicago\n"
"""08:00 in Chicago is 14:00 UTC in winter."""


def watch(site: PlayedSite, more: str = "", partner: str = "acme") -> None:
    path = site.folder / "partners" / f"{partner}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + EXPECTED % more, encoding="utf-8")


def brought(site: PlayedSite, number: int, now: str) -> None:
    site.drop("acme", f"po-{number}.edi", purchase_order(order(f"PO-{number}"), control=number))
    site.run(now)


def days(site: PlayedSite) -> list[tuple[Any, ...]]:
    return site.rows("SELECT day, state FROM expected_files ORDER BY day")


def alerts(site: PlayedSite) -> list[tuple[Any, ...]]:
    found = site.rows("SELECT code, reference, closed_at, times FROM alerts WHERE kind = 'silence' ORDER BY opened_at")
    return [(code, reference, closed is not None, times) for code, reference, closed, times in found]


def test_a_file_that_comes_in_time_is_met_and_nobody_is_told(site: PlayedSite) -> None:
    watch(site)
    brought(site, 1, "2026-11-23T13:59:00Z")
    site.run("2026-11-23T14:01:00Z")

    assert days(site) == [("2026-11-23", "met")]
    assert alerts(site) == []
    assert site.rows("SELECT documents FROM receipts WHERE file_name = 'po-1.edi'") == [("order",)]


def test_silence_is_told_once_and_is_over_when_the_file_comes(site: PlayedSite) -> None:
    watch(site)
    site.run("2026-11-23T13:59:00Z")
    assert days(site) == []
    site.run("2026-11-23T14:00:00Z")
    site.run("2026-11-23T14:00:05Z")
    assert days(site) == [("2026-11-23", "missed")]
    assert alerts(site) == [("F-SILENT", "2026-11-23", False, 1)]
    (reason,) = site.rows("SELECT reason FROM alerts WHERE kind = 'silence'")[0]
    assert reason == "No file with 'order' came from Acme Stores until 2026-11-23 08:00 (14:00 UTC)."

    brought(site, 1, "2026-11-23T15:00:00Z")
    assert days(site) == [("2026-11-23", "late")]
    assert alerts(site) == [("F-SILENT", "2026-11-23", True, 1)]

    brought(site, 2, "2026-11-23T16:00:00Z")  # another one the same day is nothing new
    site.run("2026-11-24T14:00:00Z")  # and is not the file of Tuesday
    assert days(site) == [("2026-11-23", "late"), ("2026-11-24", "missed")]


def test_patience_is_waited_out_before_anybody_is_told(site: PlayedSite) -> None:
    watch(site, ", grace: 30m")
    site.run("2026-11-23T14:29:00Z")
    assert days(site) == []
    brought(site, 1, "2026-11-23T14:29:30Z")
    site.run("2026-11-23T14:31:00Z")

    assert days(site) == [("2026-11-23", "met")]
    assert alerts(site) == []


def test_days_that_are_not_named_are_not_looked_at(site: PlayedSite) -> None:
    watch(site)
    site.run("2026-11-21T20:00:00Z")
    site.run("2026-11-22T20:00:00Z")
    assert days(site) == []


def test_a_file_of_the_evening_before_is_the_one_of_the_morning(site: PlayedSite) -> None:
    watch(site)
    brought(site, 1, "2026-11-23T04:30:00Z")  # Sunday, 22:30 in Chicago
    site.run("2026-11-23T14:00:00Z")
    assert days(site) == [("2026-11-23", "met")]


def test_what_was_missed_while_nothing_ran_is_found_at_the_start(site: PlayedSite) -> None:
    watch(site)
    brought(site, 1, "2026-11-23T13:00:00Z")
    site.run("2026-11-26T20:00:00Z")  # down from Monday to Thursday evening

    assert days(site) == [
        ("2026-11-23", "met"), ("2026-11-24", "missed"), ("2026-11-25", "missed"), ("2026-11-26", "missed"),
    ]  # fmt: skip
    assert alerts(site) == [("F-SILENT", "2026-11-24", False, 3)]


def test_a_file_that_was_there_when_it_started_again_leaves_out_no_day(site: PlayedSite) -> None:
    watch(site)
    brought(site, 1, "2026-11-23T13:00:00Z")
    brought(site, 2, "2026-11-25T05:00:00Z")  # of Wednesday; nobody looked on Tuesday

    assert days(site) == [("2026-11-23", "met"), ("2026-11-24", "missed"), ("2026-11-25", "met")]
    assert alerts(site) == [("F-SILENT", "2026-11-24", True, 1)]


def test_the_same_bytes_again_are_not_the_file_of_the_day(site: PlayedSite) -> None:
    watch(site)
    brought(site, 1, "2026-11-23T13:00:00Z")
    site.drop("acme", "again.edi", purchase_order(order("PO-1"), control=1))
    site.run("2026-11-24T13:00:00Z")
    site.run("2026-11-24T14:00:00Z")
    assert days(site) == [("2026-11-23", "met"), ("2026-11-24", "missed")]


def test_a_file_that_is_rejected_was_no_silence(site: PlayedSite) -> None:
    watch(site)
    site.drop("acme", "bad.edi", purchase_order("BEG*00*SA*X**20261399\nPO1*1*2*EA*89.95*PE*VP*TENT-2P\nCTT*1"))
    site.run("2026-11-23T13:00:00Z")
    site.run("2026-11-23T14:00:00Z")
    assert days(site) == [("2026-11-23", "met")]


def test_rows_of_the_house_are_watched_as_well(site: PlayedSite) -> None:
    path = site.folder / "partners" / "warehouse.yaml"
    more = "channels: {expect: [{document: stock, by: '06:00', days: [mon-sun]}]}\ntime_zone: Europe/Berlin\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    site.run("2026-11-22T05:00:00Z")
    rows = list(csv.reader(io.StringIO((DEMO / "stock.csv").read_text(encoding="utf-8"))))
    site.drop("warehouse", "stock-2.csv", "\n".join(",".join(row) for row in rows) + "\n")
    site.run("2026-11-22T06:00:00Z")
    assert days(site) == [("2026-11-22", "late")]


@pytest.mark.parametrize(
    ("before", "due", "zone", "by"),
    [
        ("2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "Europe/Berlin", "02:30"),  # left out: at once after the gap
        ("2026-10-25T00:29:00Z", "2026-10-25T00:30:00Z", "Europe/Berlin", "02:30"),  # twice: the first
    ],
)
def test_a_time_that_is_left_out_or_comes_twice_is_told_once(
    site: PlayedSite, before: str, due: str, zone: str, by: str
) -> None:
    path = site.folder / "partners" / "acme.yaml"
    more = f"channels: {{expect: [{{document: order, by: '{by}', days: mon-sun}}]}}\ntime_zone: {zone}\n"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    site.run(before)
    assert days(site) == []
    site.run(due)
    day = due[:10]
    assert days(site) == [(day, "missed")]
    again = datetime.fromisoformat(due).replace(hour=int(due[11:13]) + 1).isoformat()
    site.run(again)
    assert days(site) == [(day, "missed")]
    assert [each[3] for each in alerts(site)] == [1]
