"""A site with a history moves from SQLite to PostgreSQL and goes on as if nothing had happened."""

import fcntl
from pathlib import Path

import pytest

from gateway.store.moving import copy
from tests import database as databases
from tests.site.harness import DEMO, FRIDAY, MONDAY, PlayedSite, new_site, order, purchase_order

ASKED = ("PO-1", "SO-1", "INV0000001")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """Orders that were answered, shipped and billed, one with a hold."""
    site = new_site(tmp_path_factory.mktemp("moving") / "site", on=databases.SQLITE)
    site.drop_master()
    site.drop("acme", "demo.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.drop("acme", "po.edi", purchase_order(order("PO-1"), order("PO-2", "PO1*1*99999*EA*1.00*PE*VP*TENT-2P")))
    site.run(FRIDAY)
    site.confirm_everything()
    site.run(MONDAY)
    return site


@pytest.fixture
def site(played: PlayedSite, tmp_path: Path) -> PlayedSite:
    return played.copy(tmp_path / "site")


@pytest.fixture
def target(tmp_path: Path) -> str:
    return databases.fresh(databases.POSTGRESQL, tmp_path, migrated=False)


def moved(site: PlayedSite, target: str) -> None:
    (site.folder / databases.NAMED).write_text(target)


def test_a_moved_site_tells_the_same_and_goes_on_with_the_next_numbers(site: PlayedSite, target: str) -> None:
    told = [site.gateway("trace", name).out for name in ASKED]
    assert "INV0000001" in told[2]
    before = databases.dump(site.database())
    answer = site.gateway("db", "copy", "--to", target, "--json")
    assert answer.code == 0, answer
    rows = databases.dump(site.database())

    moved(site, target)

    assert [site.gateway("trace", name).out for name in ASKED] == told
    assert databases.dump(target) == rows
    assert [each for each in rows if "'database.copy'" not in each] == before
    there = set(site.outbox())
    site.drop("acme", "next.edi", purchase_order(order("PO-3"), control=2))
    site.run(MONDAY)
    names = {name.rsplit("_", 1)[-1] for name in set(site.outbox()) - there if name.startswith("acme/")}
    earlier = {name.rsplit("_", 1)[-1] for name in there if name.startswith("acme/")}
    last = max(int(name.partition(".")[0]) for name in earlier)
    assert names
    assert {int(name.partition(".")[0]) for name in names} == set(range(last + 1, last + 1 + len(names)))
    numbers = [int(each["order_number"].removeprefix("SO-")) for each in site.json("orders", "list")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_copy_stays_the_same_as_the_site_that_was_not_moved(site: PlayedSite, target: str) -> None:
    assert site.gateway("db", "copy", "--to", target).code == 0
    other = site.copy(site.folder.parent / "other")
    moved(other, target)
    for each in (site, other):
        each.drop("acme", "next.edi", purchase_order(order("PO-3"), control=2))
        each.run(MONDAY)
    assert site.outbox() == other.outbox()


def test_what_is_unfinished_is_named_and_nothing_is_copied(site: PlayedSite, target: str) -> None:
    site.drop("acme", "next.edi", purchase_order(order("PO-3"), control=2))
    site.gateway("run", "--once", "--now", MONDAY, crash_at="received")
    answer = site.gateway("db", "copy", "--to", target)
    assert (answer.code, answer.err.splitlines()[0]) == (
        8, "gateway: The site has something unfinished: files that are not read yet (1).",
    )  # fmt: skip
    site.run(MONDAY)
    assert site.gateway("db", "copy", "--to", target).code == 0


def test_a_running_gateway_and_a_filled_target_refuse_a_copy(site: PlayedSite, target: str) -> None:
    with (site.folder / "var" / "run.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert site.gateway("db", "copy", "--to", target).code == 8
    assert site.gateway("db", "copy", "--to", target).code == 0
    answer = site.gateway("db", "copy", "--to", target)
    assert answer.code == 8
    assert "is not empty: there are rows in" in answer.err


def test_a_copy_that_breaks_off_is_begun_again(site: PlayedSite, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("the line was cut")

    with monkeypatch.context() as patch:
        patch.setattr("gateway.store.moving._prove", breaks)
        with pytest.raises(RuntimeError):
            copy(site.database(), target)
    assert site.gateway("db", "copy", "--to", target).code == 0


def test_a_password_does_not_stand_on_the_command_line(site: PlayedSite) -> None:
    answer = site.gateway("db", "copy", "--to", "postgresql://gw:s3cret@db/gateway")
    assert answer.code == 2
    assert "s3cret" not in answer.out + answer.err


def test_the_months_of_a_moved_site_are_listed_and_old_ones_taken_out(site: PlayedSite, target: str) -> None:
    assert site.gateway("db", "partitions").code == 2
    assert site.gateway("db", "copy", "--to", target).code == 0
    moved(site, target)
    found = site.json("db", "partitions")["months"]
    assert {(each["table"], each["month"]) for each in found} >= {("order_events", "rest"), ("stock_moves", "rest")}
    assert site.json("db", "partitions", "--detach-before", "2020-01") == {"detached": []}
    assert site.gateway("db", "partitions", "--detach-before", "soon").code == 2
