"""'gateway run' as real processes on both databases: killed, beside each other, of two versions, ended in peace."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from gateway.engine.liveness import Membership, new_worker
from gateway.engine.locks import locks_for
from gateway.kernel.clock import system_clock
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import engine_for
from tests.engine.house import failed_for_good, wait_for
from tests.nursery import Child, nursery
from tests.site.harness import ROOT, PlayedSite, new_site, order, purchase_order

NOW = "2026-11-20T20:00:00Z"
Process = Child | subprocess.Popen[bytes]
Start = Callable[..., Process]


@pytest.fixture
def site(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlayedSite:
    """A site with its master data in a database of either kind."""
    monkeypatch.setenv("GATEWAY_DATABASE__URL", database)
    played = new_site(tmp_path / "site")
    played.drop_master()
    (played.folder / "inbox" / "acme").mkdir(parents=True, exist_ok=True)
    return played


@pytest.fixture
def start(site: PlayedSite) -> Iterator[Start]:
    """Starts processes that do not outlive the test."""
    with ExitStack() as stack:
        yield lambda crash_at="", *, really=False: stack.enter_context(_running(site, crash_at, really=really))


@contextmanager
def _running(site: PlayedSite, crash_at: str, *, really: bool) -> Iterator[Process]:
    """A process that is born of one that has read the program, or ``really`` one that begins as it does for people."""
    words = ["run", "--every", "1", "--now", NOW]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CRASH_AT": crash_at}
    log = site.folder / "var" / "log"
    log.touch()
    process = (_begun if really else nursery().start)(words, site.folder, environ, log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert b"Traceback" not in log.read_bytes(), log.read_text()


def _begun(words: list[str], folder: Path, environ: dict[str, str], log: Path) -> Process:
    with log.open("ab") as said:
        return subprocess.Popen([sys.executable, "-m", "gateway", *words], cwd=folder, env=environ, stderr=said)


def answers(site: PlayedSite) -> Counter[str]:
    """What left for the customer, by document."""
    return Counter(name.partition("_")[0] for name in site.outbox("acme"))


def is_postgresql(database: str) -> bool:
    return database.startswith("postgresql")


@pytest.mark.parametrize("window", ["received", "interpreted", "committed", "dispatch-staged", "dispatch-published"])
def test_what_a_killed_process_had_is_done_by_the_next_one_exactly_once(
    site: PlayedSite, start: Start, window: str, database: str
) -> None:
    if is_postgresql(database) and window not in ("committed", "dispatch-published"):
        pytest.skip("the windows are the same on both; two are enough where starting takes longer")
    site.drop("acme", "one.edi", purchase_order(order("R-1"), control=1))
    first = start(window)
    assert first.wait(60) == -signal.SIGKILL
    second = start()
    assert wait_for(lambda: answers(site) == {"997": 1, "855": 1}, 60)
    assert wait_for(lambda: site.json("units", "list") == [], 30)
    (alive,) = site.json("workers")
    assert alive["pid"] == second.pid
    assert [each["po_number"] for each in site.json("orders", "list")] == ["R-1"]
    assert not [each for each in (site.folder / "var" / "work").rglob("*") if each.is_file()]
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0
    assert site.json("workers") == []


def test_two_processes_share_the_work_of_one_site_and_one_goes_on_when_the_other_dies(
    site: PlayedSite, start: Start, database: str
) -> None:
    one, two = start(really=True), start(really=True)
    if not is_postgresql(database):
        assert wait_for(lambda: 8 in (one.poll(), two.poll()), 60)
        assert None in (one.poll(), two.poll())
        return
    assert wait_for(lambda: len(site.json("workers")) == 2, 60)
    for number in range(1, 9):
        site.drop("acme", f"po{number}.edi", purchase_order(order(f"R-{number}"), control=number))
        if number == 4:
            one.send_signal(signal.SIGKILL)
    assert wait_for(lambda: answers(site) == {"997": 8, "855": 8}, 90)
    assert wait_for(lambda: [each["pid"] for each in site.json("workers")] == [two.pid], 30)
    assert len(site.json("orders", "list")) == 8
    two.send_signal(signal.SIGTERM)
    assert two.wait(60) == 0


def test_a_unit_that_failed_waits_until_somebody_says_that_it_is_to_be_tried_again(
    site: PlayedSite, start: Start, database: str
) -> None:
    site.drop("acme", "one.edi", purchase_order(order("R-1"), control=1))
    assert start("received").wait(60) == -signal.SIGKILL
    (waiting,) = site.json("units", "list")
    assert (waiting["state"], waiting["kind"], waiting["partner"]) == ("waiting", "in", "acme")
    engine = engine_for(database)
    failed_for_good(engine, waiting["unit"])
    engine.dispose()
    start()
    site.drop("acme", "two.edi", purchase_order(order("R-2"), control=2))
    assert wait_for(lambda: answers(site) == {"997": 1, "855": 1}, 60)
    (failed,) = site.json("units", "list", "--failed")
    assert (failed["unit"], failed["state"]) == (waiting["unit"], "failed")
    assert waiting["unit"] in site.gateway("units", "list").out
    assert site.gateway("units", "retry").code == 2
    assert site.gateway("units", "retry", waiting["unit"]).out == f"{waiting['unit']} is tried again\n"
    assert wait_for(lambda: answers(site) == {"997": 2, "855": 2}, 60)
    assert wait_for(lambda: site.json("units", "list") == [], 30)
    refused = site.gateway("units", "retry", waiting["unit"])
    assert (refused.code, "no failed unit" in refused.err) == (5, True)
    assert site.gateway("units", "retry", "--all").out == "no failed units\n"


def test_another_version_neither_joins_nor_upgrades_while_a_process_works(
    site: PlayedSite, start: Start, database: str
) -> None:
    engine = engine_for(database)
    member = Membership(engine, locks_for(engine, site.folder / "var" / "locks"), new_worker("0009.0", system_clock()))
    member.join()
    assert start().wait(60) == 8
    assert site.gateway("orders", "list").code == 0  # the same schema: looking is free
    set_schema(engine, "0009x")
    refused = site.gateway("orders", "list")
    assert (refused.code, "works on it" in refused.err) == (8, True)
    set_schema(engine, VERSION)
    member.leave()
    process = start()
    assert wait_for(lambda: site.json("workers"), 60)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    engine.dispose()


def test_a_process_that_lost_the_connection_of_its_lock_begins_anew_under_another_name(
    site: PlayedSite, start: Start, database: str
) -> None:
    if not is_postgresql(database):
        pytest.skip("the lock of a file is never lost")
    process = start()
    assert wait_for(lambda: site.json("workers"), 60)
    engine = engine_for(database)
    with engine.begin() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway-locks'")
        )
    assert wait_for(lambda: '"event": "run.anew"' in (site.folder / "var" / "log").read_text(), 30)
    site.drop("acme", "one.edi", purchase_order(order("R-1"), control=1))
    assert wait_for(lambda: answers(site) == {"997": 1, "855": 1}, 60)
    assert process.poll() is None
    begun = re.findall(r'"event": "run.started"[^\n]*"worker": "([^"]+)"', (site.folder / "var" / "log").read_text())
    assert len(begun) == len(set(begun)) == 2
    assert '"event": "run.lost"' in (site.folder / "var" / "log").read_text()
    engine.dispose()


def set_schema(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
