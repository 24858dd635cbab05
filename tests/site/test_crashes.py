"""kill -9 in every window of ``run --once``: after a restart nothing is lost and nothing doubled."""

import re
from collections.abc import Mapping

import pytest

from tests import database as databases
from tests.site.harness import DEMO, MONDAY, PlayedSite

WINDOWS = (
    "claimed", "archived", "received", "work-file-removed", "interpreted", "committed",
    "dispatch-written", "dispatch-staged", "dispatch-published", "dispatch-delivered",
)  # fmt: skip
KILLED = -9
NUMBERS = re.compile(r"\d+")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the outbox holds when nobody is killed."""
    from tests.site.harness import new_site  # noqa: PLC0415 - a fixture of its own scope

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


def _told(outbox: Mapping[str, bytes]) -> dict[str, bytes]:
    """What left; on PostgreSQL without numbers, since those that a killed process had reserved are gaps."""
    if databases.EVERYWHERE == databases.SQLITE:
        return dict(outbox)
    told: dict[str, list[bytes]] = {}
    for name, content in outbox.items():
        told.setdefault(NUMBERS.sub("#", name), []).append(
            NUMBERS.sub("#", content.decode("latin-1")).encode("latin-1")
        )
    return {f"{name} {at}": each for name, found in told.items() for at, each in enumerate(sorted(found))}


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
    outbox, undisturbed = _told(site.outbox()), _told(undisturbed)
    assert sorted(outbox) == sorted(undisturbed)
    assert {name: content for name, content in outbox.items() if undisturbed[name] != content} == {}
    assert site.inbox() == []
    assert list((site.folder / "var" / "work").iterdir()) == []
