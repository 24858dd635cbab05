"""Stock is never promised twice, however many place orders at the same moment."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.canonical.house import Stock
from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import HoldId, OrderNumber, Sku
from gateway.orders import decisions, lifecycle
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import CancelBalance, Command, PlaceOrder
from gateway.orders.facts import Facts
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from gateway.orders.stockroom import Occasion
from gateway.orders.terms import Terms
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests import database as databases
from tests.nursery import AT_ONCE
from tests.orders.build import DAL, RNO, STOVE, TENT, facts, follow, line, wanted

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
SKUS = [TENT, STOVE]

BY = Occasion(NOW, "jo")
TAKE_BACK = CancelBalance("no longer wanted")


def known(work: SqlUnitOfWork) -> Facts:
    return replace(
        facts(work.stock.levels(SKUS)), supply=work.goods.supply(SKUS), claimed=dict(work.goods.claimed(SKUS))
    )


def act(work: SqlUnitOfWork, before: Order | None, command: Command) -> Order:
    """One command as the flows do it: read, decide, save and reserve in one transaction."""
    events = decisions.decide(before, command, Case(known(work), Terms(), NOW, lambda: HoldId("H-1")))
    after = follow(before, events)
    status = lifecycle.status(after).value
    if before is None:
        work.orders.add(after, status, events, at=NOW, who="test")
    else:
        work.orders.save(after, status, events, at=NOW, who="test", expected_version=before.version)
    held, holds = stocks.reservations(before) if before else {}, stocks.reservations(after)
    for place, sku in sorted(held.keys() | holds.keys()):
        change = holds.get((place, sku), Decimal(0)) - held.get((place, sku), Decimal(0))
        if change:
            work.stock.reserve(place, sku, change)
    work.commit()
    return after


def customer(url: str, name: str, orders: list[tuple[str, int]]) -> None:
    """Somebody who places orders one after the other and takes every third one back."""
    store = SqlStore(url)
    for at, (sku, quantity) in enumerate(orders):
        command: PlaceOrder = replace(wanted(line(sku, str(quantity))), number=OrderNumber(f"{name}-{at}"))
        placed = again(store, lambda work, command=command: act(work, None, command))  # type: ignore[misc]
        if at % 3 == 2 and placed.has_balance():
            again(store, lambda work, number=placed.number: act(work, work.orders.get(number), TAKE_BACK))  # type: ignore[misc]
    store.engine.dispose()


def again(store: SqlStore, doing: Callable[[SqlUnitOfWork], Order]) -> Order:
    """One unit of work, as an engine does it: two that met at the same rows try once more."""
    for _ in range(40):
        with suppress(ConflictError), store.unit() as work:
            return doing(work)
    raise AssertionError("forty attempts met somebody else each time")


def counted(url: str, tents: int, stoves: int) -> None:
    with SqlStore(url).unit() as work:
        for place, sku, on_hand in ((DAL, TENT, tents), (RNO, TENT, tents // 2), (DAL, STOVE, stoves)):
            work.stock.count(Stock(warehouse=place, sku=sku, on_hand=Decimal(on_hand), counted_at=NOW), BY)
        work.commit()


def judge(url: str, placed: int) -> None:
    """What is reserved is what the orders hold, and never more than is there."""
    with SqlStore(url).unit() as work:
        orders = work.orders.find(OrderQuery())
        assert len(orders) == placed
        for level in work.stock.levels(SKUS):
            held = sum(
                (stocks.reservations(each).get((level.warehouse, level.sku), Decimal(0)) for each in orders), Decimal(0)
            )
            assert level.reserved == held
            assert level.reserved <= level.on_hand
        for sku, waits in work.goods.claimed(SKUS).items():
            lines = (each for order in orders for each in order.lines if each.sku == sku)
            assert waits == sum((each.quantity.backordered for each in lines), Decimal(0))


WANTED = st.lists(st.tuples(st.sampled_from(["TENT", "STOVE"]), st.integers(1, 9)), min_size=1, max_size=6)


@pytest.mark.parametrize("dialect", databases.DIALECTS)
@given(st.lists(WANTED, min_size=2, max_size=4), st.integers(0, 40), st.integers(0, 20))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_threads_that_order_at_once_never_reserve_more_than_there_is(
    dialect: str,
    tmp_path_factory: pytest.TempPathFactory,
    everybody: list[list[tuple[str, int]]],
    tents: int,
    stoves: int,
) -> None:
    url = databases.fresh(dialect, tmp_path_factory.mktemp("threads"))
    counted(url, tents, stoves)
    threads = [
        threading.Thread(target=customer, args=(url, f"SO-{at}", orders)) for at, orders in enumerate(everybody)
    ]  # fmt: skip
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    judge(url, sum(len(orders) for orders in everybody))


def test_processes_that_order_at_once_never_reserve_more_than_there_is(database: str) -> None:
    counted(database, 50, 12)
    wants: list[tuple[str, int]] = [("TENT" if at % 2 else "STOVE", at % 7 + 1) for at in range(12)]
    everybody = [AT_ONCE.Process(target=customer, args=(database, f"SO-{at}", wants)) for at in range(3)]
    for each in everybody:
        each.start()
    for each in everybody:
        each.join()
        assert each.exitcode == 0
    judge(database, 36)
    with SqlStore(database).unit() as work:
        assert all(level.available == 0 for level in work.stock.levels([Sku("STOVE")]))
