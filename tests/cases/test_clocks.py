"""F-21: the clock jumps back or daylight saving changes; no deadline is skipped and none comes twice."""

from pathlib import Path

import pytest

from tests.site.harness import PlayedSite, new_site, order, purchase_order, site_like

NIGHTLY = "channels: {{expect: [{{document: order, by: '02:30', days: mon-sun}}]}}\ntime_zone: {zone}\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    played = new_site(tmp_path_factory.mktemp("begun") / "site")
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, begun: Path) -> PlayedSite:
    return site_like(begun, tmp_path / "site")


def change(site: PlayedSite, *pairs: tuple[str, str], more: str = "") -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text + more, encoding="utf-8")


def test_f_21_a_clock_that_is_put_back_calls_nothing_late_twice_and_forgets_nothing(site: PlayedSite) -> None:
    change(site, ("acknowledgment: {out: x12/855}", "acknowledgment: {out: x12/855, expect_997: 4h}"))
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))
    site.run("2026-11-01T05:00:00Z")  # midnight in Chicago; due at 09:00 UTC, across the hour that comes twice
    for moment in ("2026-11-01T08:59:59Z", "2026-11-01T09:00:01Z", "2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z"):
        site.run(moment)

    assert site.rows("SELECT answer_due FROM dispatches WHERE document = '855'") == [
        ("2026-11-01T09:00:00.000000+00:00",)
    ]
    told = site.rows("SELECT code, times, opened_at, closed_at FROM alerts WHERE kind = 'ack'")
    assert told == [("A-OVERDUE", 1, "2026-11-01T09:00:01.000000+00:00", None)]


@pytest.mark.parametrize(
    ("zone", "missed"),
    [
        # clocks go forward: 02:30 is left out on the 29th and counts at once after the gap
        ("Europe/Berlin", {"2026-03-28": "01:30", "2026-03-29": "01:00", "2026-03-30": "00:30"}),
        # clocks go back: 02:30 comes twice on the 1st and counts once, the first time it comes
        ("Pacific/Auckland", {"2026-04-04": "13:30", "2026-04-05": "13:30", "2026-04-06": "14:30"}),
    ],
)
def test_f_21_a_nightly_file_is_missed_once_on_each_day_whatever_the_clocks_do(
    site: PlayedSite, zone: str, missed: dict[str, str]
) -> None:
    change(site, more=NIGHTLY.format(zone=zone))
    first = min(missed)
    start = 27 if zone == "Europe/Berlin" else 3
    month = first[:7]
    for day in range(start, start + 4):
        for half_hour in range(48):
            moment = f"{month}-{day:02d}T{half_hour // 2:02d}:{half_hour % 2 * 30:02d}:00Z"
            if moment[11:16] in (
                "00:00",
                "00:30",
                "01:00",
                "01:30",
                "02:00",
                "13:00",
                "13:30",
                "14:00",
                "14:30",
                "15:00",
            ):
                site.run(moment)

    found = dict(site.rows("SELECT day, at FROM expected_files ORDER BY day"))
    assert {day: found[day][11:16] for day in missed} == missed
    assert len(found) == len(set(found))
