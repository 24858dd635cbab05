"""Stock is never promised twice, however many place orders at the same moment."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from gateway.orders.events import Event
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


def known(work: SqlUnitOfWork, *, held: bool) -> Facts:
    return replace(
        facts(work.stock.levels(SKUS, held=held)),
        supply=work.goods.supply(SKUS),
        claimed=dict(work.goods.claimed(SKUS)),
    )


def act(work: SqlUnitOfWork, before: Order | None, command: Command) -> Order:
    """One command as the flows do it: look or read, decide, save and reserve in one transaction."""
    after = applied(work, before, command)
    work.commit()
    return after


def decided(work: SqlUnitOfWork, before: Order | None, command: Command) -> tuple[Order, Sequence[Event]]:
    """A new order is decided on what was looked at, and again on what is held where that does not cover it."""
    events = decide(before, command, known(work, held=before is not None))
    if not work.stock.holds(SKUS) and not stocks.is_covered(follow(before, events), events):
        work.goods.reread()
        events = decide(before, command, known(work, held=True))
    return follow(before, events), events


def decide(before: Order | None, command: Command, on: Facts) -> Sequence[Event]:
    return decisions.decide(before, command, Case(on, Terms(), NOW, lambda: HoldId("H-1")))


def applied(work: SqlUnitOfWork, before: Order | None, command: Command) -> Order:
    after, events = decided(work, before, command)
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


def counted(url: str, tents: int, stoves: int, at: datetime = NOW) -> None:
    with SqlStore(url).unit() as work:
        for place, sku, on_hand in ((DAL, TENT, tents), (RNO, TENT, tents // 2), (DAL, STOVE, stoves)):
            work.stock.count(Stock(warehouse=place, sku=sku, on_hand=Decimal(on_hand), counted_at=at), BY)
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


def order(number: str, quantity: int) -> PlaceOrder:
    return replace(wanted(line("TENT", str(quantity))), number=OrderNumber(number))


def test_orders_that_stock_covers_do_not_wait_for_each_other(postgresql: str) -> None:
    counted(postgresql, 50, 0)
    store = SqlStore(postgresql)
    with store.unit() as slow:
        applied(slow, None, order("SO-1", 20))
        with store.unit() as quick:
            act(quick, None, order("SO-2", 10))
        slow.commit()
    judge(postgresql, 2)
    with store.unit() as work:
        assert sum(each.reserved for each in work.stock.levels([TENT])) == 30


def test_what_was_looked_at_and_is_gone_is_a_conflict_and_decided_again(postgresql: str) -> None:
    counted(postgresql, 10, 0)
    store = SqlStore(postgresql)
    with store.unit() as slow:
        applied(slow, None, order("SO-1", 14))
        with store.unit() as quick:
            act(quick, None, order("SO-2", 9))
        with pytest.raises(ConflictError):
            slow.commit()
    placed = again(store, lambda work: act(work, None, order("SO-1", 14)))
    assert (placed.lines[0].quantity.allocated, placed.lines[0].quantity.backordered) == (6, 8)
    judge(postgresql, 2)


def test_an_order_that_is_short_is_decided_on_what_is_there_when_it_holds_it(postgresql: str) -> None:
    counted(postgresql, 4, 0)
    store = SqlStore(postgresql)
    with store.unit() as slow:
        known(slow, held=False)
        counted(postgresql, 40, 0, NOW + timedelta(hours=1))
        after = applied(slow, None, order("SO-1", 30))
        slow.commit()
    assert after.lines[0].quantity.allocated == 30
    judge(postgresql, 1)


def test_own_reservations_stay_when_what_was_looked_at_is_held(postgresql: str) -> None:
    counted(postgresql, 10, 0)
    store = SqlStore(postgresql)
    with store.unit() as work:
        applied(work, None, order("SO-1", 12))
        assert not work.stock.holds([TENT])
        applied(work, None, order("SO-2", 9))
        assert work.stock.holds([TENT])
        work.commit()
    judge(postgresql, 2)


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
