"""kill -9 in every window of ``run --once``: after a restart nothing is lost and nothing doubled."""

import os
from pathlib import Path

import pytest

from tests import database as databases
from tests.nursery import nursery
from tests.site.harness import DEMO, FRIDAY, MONDAY, ROOT, PlayedSite, new_site

WINDOWS = (
    "claimed", "archived", "received", "work-file-removed", "interpreted", "committed",
    "dispatch-written", "dispatch-staged", "dispatch-published", "dispatch-delivered",
)  # fmt: skip
KILLED = -9
ORDERED = 5


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the outbox holds when nobody is killed."""
    site = new_site(tmp_path_factory.mktemp("undisturbed") / "site")
    site.drop_master()
    _orders(site)
    site.run()
    site.confirm_everything()
    site.run(MONDAY)
    return site.outbox()


def _orders(site: PlayedSite) -> None:
    for name in ("acme-orders-1.edi", "acme-orders-2.edi"):
        site.drop("acme", name, (DEMO / name).read_bytes())


def _run_killed(site: PlayedSite, now: str, window: str) -> None:
    answer = site.gateway("run", "--once", "--now", now, crash_at=window)
    assert answer.code == KILLED, f"{window} was never passed: {answer}"


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("window", WINDOWS)
def test_a_kill_while_orders_come_in_and_goods_go_out_changes_no_result(
    site: PlayedSite, undisturbed: dict[str, bytes], window: str, nth: int
) -> None:
    _orders(site)
    _run_killed(site, "2026-11-20T20:00:00Z", f"{window}:{nth}")
    site.run()
    site.confirm_everything()
    _run_killed(site, MONDAY, f"{window}:{nth}")
    site.run(MONDAY)
    outbox, undisturbed = databases.comparable(site.outbox()), databases.comparable(undisturbed)
    assert sorted(outbox) == sorted(undisturbed)
    assert {name: content for name, content in outbox.items() if undisturbed[name] != content} == {}
    assert site.inbox() == []
    assert list((site.folder / "var" / "work").iterdir()) == []


@pytest.mark.parametrize("dialect", databases.DIALECTS)
def test_one_run_takes_over_what_a_process_that_stayed_had_claimed_when_it_died(tmp_path: Path, dialect: str) -> None:
    site = new_site(tmp_path / "site", on=dialect)
    site.drop_master()
    _orders(site)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CRASH_AT": "claimed"} | site.environ()
    environ.pop("GATEWAY_SITE", None)
    process = nursery().start(["run", "--now", FRIDAY], site.folder, environ, site.folder / ".said")
    assert process.wait(60) == KILLED
    assert site.json("orders", "list") == []
    site.run()
    assert len(site.json("orders", "list")) == ORDERED
    assert site.inbox() == []
    assert list((site.folder / "var" / "work").iterdir()) == []
    assert [each["kind"] for each in site.json("alerts", "list")].count("worker") == 1
