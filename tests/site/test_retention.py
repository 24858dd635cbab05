"""A night goes in pieces, each a transaction of its own; it goes on where it was, and costs nothing when nothing is old."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.app.build import load, workbench
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.flows import auditing
from gateway.flows.by_clock import keeping
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId, Sha256
from gateway.store.unit_of_work import SqlStore, engine_for
from tests.site.harness import PlayedSite, new_site

NIGHT = datetime.fromisoformat("2026-11-23T16:00:00+00:00")
OLD = NIGHT - timedelta(days=800)


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    return new_site(tmp_path / "site")


def opened(site: PlayedSite, now: datetime = NIGHT) -> Workbench:
    environ = {**os.environ, **site.environ()}
    return workbench(load(site.folder, environ), fixed_clock(now), environ)


def filled(bench: Workbench, count: int) -> None:
    """So many files that came long ago, of which only the rows are left to be seen."""
    with bench.store.unit() as work:
        for number in range(count):
            work.exchange.add_receipt(
                Receipt(
                    ReceiptId(f"R{number:06d}"), ClaimId(f"C{number:06d}"), PartnerId("acme"), f"{number}.edi",
                    Sha256(f"{number:064d}"), 5, OLD + timedelta(seconds=number), state=ReceiptState.PROCESSED,
                )
            )  # fmt: skip
        work.commit()


def gone(site: PlayedSite) -> int:
    return int(site.rows("SELECT count(*) FROM receipts WHERE content_removed_at IS NOT NULL")[0][0])


def night(bench: Workbench, site: PlayedSite, most: int = 1_000) -> list[int]:
    """Do what is due of a night, unit by unit; how many files were gone after each."""
    steps: list[int] = []
    while len(steps) < most:
        with bench.store.unit() as work:
            owed = keeping.due(bench, work)
            if not owed:
                break
            keeping.act(bench, work, owed[0])
            work.commit()
        steps.append(gone(site))
    return steps


def test_a_night_with_much_to_remove_goes_in_pieces(site: PlayedSite) -> None:
    bench = opened(site)
    count = 100_000 if "GATEWAY_TORTURE" in os.environ else 1_700
    filled(bench, count)
    steps = night(bench, site)
    assert steps[-1] == count
    assert max(after - before for before, after in zip([0, *steps], steps, strict=False)) <= keeping.AT_ONCE
    assert site.rows("SELECT value FROM site WHERE name = 'pruned'") == [("2026-11-23",)]


def test_a_night_that_breaks_off_goes_on_where_it_was(site: PlayedSite) -> None:
    bench = opened(site)
    filled(bench, 1_200)
    assert night(bench, site, 1) == [500]
    ((said,),) = site.rows("SELECT value FROM site WHERE name = 'pruned'")
    assert said.startswith("2026-11-23+2 files ")
    again = opened(site)
    with again.store.unit() as work:  # it is killed amid the next piece: nothing of it was done
        keeping.act(again, work, keeping.due(again, work)[0])
    assert gone(site) == 500
    assert night(opened(site), site) == [1_000, 1_200]


def test_a_night_that_was_not_ended_begins_anew_the_next_day(site: PlayedSite) -> None:
    bench = opened(site)
    filled(bench, 1_200)
    assert night(bench, site, 1) == [500]
    assert night(opened(site, NIGHT + timedelta(days=1)), site) == [1_000, 1_200]
    assert site.rows("SELECT value FROM site WHERE name = 'pruned'") == [("2026-11-24",)]


def test_a_night_with_nothing_to_remove_is_one_short_unit(site: PlayedSite) -> None:
    bench = opened(site)
    assert isinstance(bench.store, SqlStore)
    filled(bench, 3)
    with engine_for(bench.store.url).begin() as connection:
        connection.execute(text("UPDATE receipts SET received_at = :now"), {"now": NIGHT.isoformat()})
    assert night(bench, site) == [0]


def test_what_is_needed_is_passed_over_and_does_not_end_the_night(site: PlayedSite) -> None:
    bench = opened(site)
    filled(bench, 1_200)
    with engine_for(site.database()).begin() as connection:
        connection.execute(text("UPDATE receipts SET state = 'held' WHERE id < 'R000900'"))
    assert night(bench, site) == [0, 100, 300]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit SET who = 'eve' WHERE sequence = 6", "Entry 6 is not as it was written"),
        ("DELETE FROM audit WHERE sequence = 1", "Entry 1 is not there"),
        ("DELETE FROM audit WHERE sequence > 5", "The entries 6 to 7 were written and are not there"),
    ],
)
def test_s_23_whatever_was_done_to_the_trail_is_told_the_next_night_however_long_it_is(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch, statement: str, named: str
) -> None:
    monkeypatch.setattr(auditing, "ENTRIES_AT_ONCE", 2)
    bench = opened(site)
    with bench.store.unit() as work:
        for number in range(7):
            work.audit.note("jo", "order.hold", f"SO-{number}", at=NIGHT)
        work.commit()
    assert len(night(bench, site)) == 4
    assert site.rows("SELECT 1 FROM alerts") == []
    engine = engine_for(site.database())
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER audit_refuses_update"))
            connection.execute(text("DROP TRIGGER audit_refuses_delete"))
        connection.execute(text(statement))
    engine.dispose()
    night(opened(site, NIGHT + timedelta(days=1)), site)
    ((kind, reason),) = site.rows("SELECT kind, reason FROM alerts")
    assert kind == "audit.broken"
    assert named in reason


def test_what_a_killed_process_had_begun_in_the_archive_is_gone_after_a_night(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = opened(site)
    part = site.folder / "var" / "archive" / f".{'c' * 32}"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"begun")
    night(bench, site)
    assert part.exists()
    monkeypatch.setattr("gateway.store.archive.UNFINISHED", 0.0)
    night(opened(site, NIGHT + timedelta(days=1)), site)
    assert not part.exists()
