"""Files that came together: whichever unit is done first, what others build on is read before them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.app import units
from gateway.app.build import load, workbench
from gateway.app.run import Tally, take
from gateway.exchange.receipt import ReceiptState
from gateway.flows import interpret
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.orders import lifecycle
from gateway.orders.ledger import OrderQuery
from tests.site.harness import DEMO, MASTER, PlayedSite, new_site, order, purchase_order

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)


@pytest.fixture
def bench(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A new site for which everybody has dropped everything, and all of it is taken and nothing read."""
    monkeypatch.setenv("GATEWAY_DATABASE__URL", database)
    site = new_site(tmp_path / "site")
    site.drop("acme", "po.edi", purchase_order(order("R-1"), control=1))
    for name in MASTER:
        site.drop("erp", f"{name}.csv", (DEMO / f"{name}.csv").read_bytes())
    return taken(site)


def taken(site: PlayedSite) -> Workbench:
    opened = workbench(load(site.folder, {"GATEWAY_DATABASE__URL": site.database()}), fixed_clock(NOW), {})
    take(opened, Tally())
    return opened


def read(bench: Workbench, batch: str) -> None:
    """As a process does that begins with this one."""
    for receipts in units.before(bench, batch).values():
        interpret.interpret_earlier(bench, receipts)
    units.act(bench, "in", batch)


def status(bench: Workbench) -> str:
    with bench.store.unit() as work:
        (found,) = work.orders.find(OrderQuery())
        return lifecycle.status(found).value


def states(bench: Workbench, partner: str) -> set[ReceiptState]:
    with bench.store.unit() as work:
        return {each.state for each in work.exchange.receipts() if each.partner == partner}


def test_an_order_is_judged_after_the_items_that_came_with_it_whichever_unit_is_begun_first(bench: Workbench) -> None:
    (ordered,) = [each for each in units.found(bench, by_clock=False) if each.partner == "acme"]
    read(bench, ordered.key)
    assert status(bench) == "backordered"  # no stock was counted, but everything else is known
    assert states(bench, "erp") == {ReceiptState.PROCESSED}
    with bench.store.unit() as work:
        assert work.exchange.holds() == []


def test_items_that_cannot_be_read_keep_no_order_waiting(bench: Workbench) -> None:
    with bench.store.unit() as work:
        items = next(each for each in work.exchange.receipts() if each.file_name == "items.csv")
    (kept,) = (path for path in (bench.work_folder.parent / "archive").rglob("*") if path.name == items.sha256)
    kept.unlink()
    found = {each.partner: each for each in units.found(bench, by_clock=False)}
    read(bench, found["acme"].key)  # type: ignore[index]
    assert status(bench) == "rejected"
    assert states(bench, "erp") == {ReceiptState.PROCESSED, ReceiptState.RECEIVED}
