"""Several processes at once on one house: nothing is promised twice, and no command on an order is lost."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.app.build import load, workbench
from gateway.canonical.order import Order as CanonicalOrder
from gateway.canonical.order import OrderLine
from gateway.canonical.parts import ItemIds
from gateway.flows.by_hand import operate, ordering
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import OrderNumber
from gateway.orders.commands import CancelOrder
from gateway.orders.events import LineCancelled
from gateway.orders.ledger import OrderQuery
from tests import database as databases
from tests.machine import laws
from tests.machine.world import PLACES, SHIP_TO, SKUS, START, World, new
from tests.nursery import AT_ONCE


def opened(folder: Path) -> Workbench:
    return workbench(load(folder, databases.environ(folder)), lambda: START + timedelta(hours=1), {})


def again(doing: Callable[[], object]) -> None:
    """Do something by hand; who met somebody else at the same rows says it once more."""
    for _ in range(60):
        with suppress(ConflictError):
            doing()
            return
    raise AssertionError("sixty attempts met somebody else each time")


def customer(folder: Path, name: str) -> None:
    """Place ten orders through the whole flow."""
    bench = opened(folder)
    for at in range(10):
        lines = tuple(
            OrderLine(number=str(n), quantity=Decimal(at % 4 + 2), uom="EA", ids=ItemIds(vendor_sku=sku))
            for n, sku in enumerate(SKUS, start=1)
        )
        order = CanonicalOrder(po_number=f"{name}-{at}", po_date=START.date(), ship_to=SHIP_TO, lines=lines)
        again(lambda order=order: ordering.place(bench, "acme", [order], name))  # type: ignore[misc]


def canceller(folder: Path, who: str) -> None:
    """Cancel one piece of a line, five times."""
    bench = opened(folder)
    for _ in range(5):
        again(lambda: operate.do(bench, "SO-1", "", CancelOrder("no longer wanted", "1", Decimal(1)), who))


def at_once(world: World, doing: object, names: list[str]) -> None:
    everybody = [AT_ONCE.Process(target=doing, args=(world.folder, name)) for name in names]  # type: ignore[arg-type]
    for each in everybody:
        each.start()
    for each in everybody:
        each.join()
        assert each.exitcode == 0


def house(on_hand: int, dialect: str) -> World:
    world = new("shipped", whole=True, on=dialect)
    rows = [
        {"warehouse": place, "sku": sku, "on_hand": on_hand, "counted_at": START.isoformat()}
        for place in PLACES for sku in SKUS
    ]  # fmt: skip
    world.rows("warehouse", "stock", *rows)
    return world


@pytest.mark.parametrize("dialect", databases.DIALECTS)
def test_processes_that_order_at_once_through_the_flows_are_promised_nothing_twice(dialect: str) -> None:
    world = house(20, dialect)
    at_once(world, customer, ["a", "b", "c"])
    laws.judge(world, {})
    with world.bench.store.unit() as work:
        assert len(work.orders.find(OrderQuery())) == 30
    world.end()


@pytest.mark.parametrize("dialect", databases.DIALECTS)
def test_of_commands_at_once_on_one_order_none_is_lost(dialect: str) -> None:
    world = house(60, dialect)
    line = OrderLine(number="1", quantity=Decimal(30), uom="EA", ids=ItemIds(vendor_sku="TENT"))
    order = CanonicalOrder(po_number="P", po_date=START.date(), ship_to=SHIP_TO, lines=(line,))
    ordering.place(world.bench, "acme", [order], "jo")
    at_once(world, canceller, ["x", "y"])
    laws.judge(world, {})
    with world.bench.store.unit() as work:
        after = work.orders.get(OrderNumber("SO-1"))
        events = [each for each in work.orders.events(OrderNumber("SO-1")) if isinstance(each.event, LineCancelled)]
    assert after is not None
    assert (after.lines[0].quantity.cancelled, len(events)) == (10, 10)
    world.end()
