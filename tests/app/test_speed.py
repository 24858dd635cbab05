"""What `gateway bench` tells is what happened: every order went through, the parts are all of the time, nothing is left."""

import csv
import io
import json
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from gateway.app.speed import house, parts
from gateway.app.speed.measured import BOUNDS, ORDER, Measured
from gateway.app.speed.measuring import Wanted, measure
from gateway.config.settings import SecondOpinion
from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.flows.judging.examine import examine
from gateway.kernel.errors import StoreError
from tests import database as databases
from tests.site.harness import PlayedSite, new_site

DATABASE = {databases.SQLITE: "SQLite", databases.POSTGRESQL: "PostgreSQL"}[databases.EVERYWHERE]
ORDERS = 7
UNASKED = SecondOpinion(first=0, sample="0")


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, Path]:
    folder = tmp_path_factory.mktemp("measured")
    return measure(Wanted(folder, "", UNASKED, ORDERS, 3)), folder


def test_the_parts_are_all_of_the_time(on_sqlite: tuple[Measured, Path]) -> None:
    found, _ = on_sqlite

    assert sum(found.parts.values()) == pytest.approx(found.seconds)
    assert sum(found.shares().values()) == pytest.approx(1)
    assert set(found.parts) <= set(ORDER)
    assert all(seconds >= 0 for seconds in found.parts.values())


def test_every_part_counts_for_one_bound() -> None:
    assert sorted(part for parts_of in BOUNDS.values() for part in parts_of) == sorted(ORDER)
    assert set(parts.NAMES) <= set(ORDER)


def test_what_bounds_the_machine_is_what_takes_most_of_the_time(on_sqlite: tuple[Measured, Path]) -> None:
    found, _ = on_sqlite
    bound = max(found.shares(), key=lambda name: found.shares()[name])

    assert found.verdict().startswith(f"What bounds it: {bound}, ")


def test_every_order_and_its_invoice_is_among_the_rows_that_were_counted(on_sqlite: tuple[Measured, Path]) -> None:
    found, _ = on_sqlite

    assert found.rows["orders"] >= ORDERS
    assert found.rows["invoices"] == ORDERS
    assert found.rows["order_events"] >= 3 * ORDERS
    assert found.statements > 0
    assert found.commits >= 4  # received and interpreted, twice


def test_a_disk_takes_time_and_a_commit_too(on_sqlite: tuple[Measured, Path]) -> None:
    found, _ = on_sqlite

    assert 0 < found.fsync < 5
    assert 0 < found.commit < 5
    assert found.database_bytes > 0
    assert found.file_bytes > 0


def test_nothing_is_left_behind(on_sqlite: tuple[Measured, Path]) -> None:
    assert list(on_sqlite[1].iterdir()) == []


def databases_of(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        told = "SELECT datname FROM pg_database WHERE datname LIKE 'gateway_bench%'"
        return {name for (name,) in connection.execute(told)}


def test_on_postgresql_a_database_of_its_own_is_made_and_removed(postgresql: str, tmp_path: Path) -> None:
    before = databases_of(postgresql)
    found = measure(Wanted(tmp_path / "measured", postgresql, UNASKED, 3, 2))

    assert found.database == "PostgreSQL"
    assert found.rows["invoices"] == 3
    assert found.log_bytes > 0
    until = time.monotonic() + 60
    while databases_of(postgresql) - before and time.monotonic() < until:
        time.sleep(0.5)  # that of another test that measures at this moment goes as well
    assert databases_of(postgresql) <= before
    with psycopg.connect(postgresql) as connection:
        assert connection.execute("SELECT COUNT(*) FROM orders").fetchone() == (0,)


def test_a_server_that_gives_no_database_is_refused_with_a_sentence(postgresql: str, tmp_path: Path) -> None:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS clerk")
        connection.execute("CREATE ROLE clerk LOGIN")
    clerk = make_url(postgresql).set(username="clerk").render_as_string(hide_password=False)

    with pytest.raises(StoreError) as refused:
        measure(Wanted(tmp_path / "measured", clerk, UNASKED, 3, 2))

    assert "permission denied" in refused.value.sentence
    assert "CREATEDB" in refused.value.next_step
    assert list((tmp_path / "measured").iterdir()) == []


def test_time_is_counted_for_what_is_being_done() -> None:
    with parts.looking(lambda: False) as looks:
        until = time.perf_counter() + 0.3
        while time.perf_counter() < until:
            pass

    assert sum(looks.seconds.values()) == pytest.approx(0.3, rel=0.2)
    assert set(looks.seconds) == {parts.REST}


@pytest.mark.parametrize(
    ("modules", "part"),
    [
        (["gateway.app.run", "gateway.flows.advance", "gateway.store.orders", "sqlalchemy.engine"], "database"),
        (["gateway.app.run", "gateway.flows.receive", "gateway.store.archive"], "files"),
        (["gateway.flows.interpret", "gateway.flows.judging.examine", "gateway.formats.x12.reader"], "reading"),
        (["gateway.flows.write", "gateway.formats.x12.reader"], "writing"),
        (["gateway.flows.write", "gateway.mapping.outbound"], "mapping"),
        (["gateway.flows.write", "gateway.flows.second_opinion", "pyx12.x12file"], "second opinion"),
        (["gateway.flows.advance", "gateway.orders.lifecycle"], "deciding"),
        (["gateway.app.run"], "the rest"),
    ],
)
def test_the_part_is_that_of_the_work_not_of_what_it_uses(modules: list[str], part: str) -> None:
    """A stack made of real calls: each module calls the next."""
    seen: list[str] = []
    looks = parts.Looks(lambda: False)

    def innermost() -> None:
        seen.append(looks.part(sys._getframe(1)))

    call = innermost
    for module in reversed(modules):
        scope: dict[str, object] = {"__name__": module, "inner": call}
        exec("def outer():\n    inner()", scope)  # noqa: S102 - a function that lives in a module of that name
        call = scope["outer"]  # type: ignore[assignment]
    call()

    assert seen == [part]


def test_the_orders_are_accepted_by_the_check() -> None:
    seen = examine(house.orders(7, 1, 5, 3).encode(), AckRules())

    assert not seen.issues
    assert [each.verdict.verdict for each in seen.interchanges[0].sets] == [Verdict.ACCEPTED] * 5


def test_the_same_numbers_give_the_same_orders_and_others_give_others() -> None:
    assert house.orders(1, 1, 5, 3) == house.orders(1, 1, 5, 3)
    assert house.orders(1, 1, 5, 3) != house.orders(2, 6, 5, 3)


def test_the_warehouse_confirms_what_it_was_told_once(tmp_path: Path) -> None:
    told = tmp_path / "outbox" / "warehouse" / "pick.csv"
    told.parent.mkdir(parents=True)
    told.write_text("order_number,line,sku,quantity,uom,warehouse\nSO-1,1,SKU0001,2,EA,DAL\n", encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(house.confirmation(tmp_path))))

    assert [(row["shipment_number"], row["quantity"]) for row in rows] == [("DAL-SO-1", "2")]
    assert house.confirmation(tmp_path).count("\n") == 1


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    return new_site(tmp_path / "site")


def test_the_command_measures_beside_a_site_and_leaves_it_as_it_was(site: PlayedSite) -> None:
    site.drop("acme", "waiting.edi", house.orders(1, 1, 1, 1))
    before = {path.name for path in (site.folder / "var").rglob("*")}
    said = site.gateway("bench", "--orders", "3", "--lines", "2", "--json")
    found = json.loads(said.out)

    assert said.code == 0
    assert (found["orders"], found["lines"], found["database"]) == (3, 2, DATABASE)
    assert found["orders_per_second"] > 0
    assert site.inbox() == ["waiting.edi"]
    assert site.outbox() == {}
    assert {path.name for path in (site.folder / "var").rglob("*")} == {*before, "bench"}


def test_the_command_tells_people_a_short_table(site: PlayedSite) -> None:
    said = site.gateway("bench", "--orders", "2", "--lines", "1")

    assert said.code == 0
    assert f"orders a second on {DATABASE} with one process: 2 orders of 1 lines" in said.out
    assert "where the time goes" in said.out
    assert "What bounds it: " in said.out
    assert "your own data is not touched" in said.err


def test_several_workers_need_a_database_for_several(site: PlayedSite) -> None:
    said = site.gateway("bench", "--workers", "2", "--sqlite")

    assert said.code == 2
    assert "needs PostgreSQL" in said.err


def test_processes_at_work_at_once_do_all_orders(postgresql: str, tmp_path: Path) -> None:
    found = measure(Wanted(tmp_path / "measured", postgresql, UNASKED, 3, 2, workers=2))

    assert found.workers == 2
    assert found.together > 0
    assert list((tmp_path / "measured").iterdir()) == []


@pytest.mark.parametrize("wrong", [("--orders", "0"), ("--lines", "0"), ("--orders", "2000000"), ("--workers", "0")])
def test_numbers_that_cannot_be_measured_are_refused(site: PlayedSite, wrong: tuple[str, str]) -> None:
    said = site.gateway("bench", *wrong)

    assert said.code == 2
    assert "cannot be measured" in said.err
