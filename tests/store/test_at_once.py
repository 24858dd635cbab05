"""Units of work at the same moment, one, two and four of them: no number twice, no change lost, no order beside another."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from multiprocessing.queues import Queue

import pytest

from gateway.canonical.house import Stock
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileHold
from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import DispatchId, HoldId, OrderNumber, PartnerId, Sku
from gateway.orders import lifecycle
from gateway.orders.order import Order
from gateway.orders.stockroom import Asked, Occasion
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.nursery import AT_ONCE
from tests.orders.build import DAL, NOW, TODAY, placed

ACME = PartnerId("acme")
UNITS = 24


def again(store: SqlStore, doing: Callable[[SqlUnitOfWork], object]) -> None:
    """One unit of work, as an engine does it: two that met try once more."""
    for _ in range(60):
        with suppress(ConflictError), store.unit() as work:
            doing(work)
            work.commit()
            return
    raise AssertionError("sixty attempts met somebody else each time")


def letter(name: str, control: int) -> Dispatch:
    return Dispatch(DispatchId(name), ACME, "997", "1", f"{control:09d}", f"{name}.edi", "outbox/acme", b"ISA", NOW)


def worker(url: str, name: str, units: int, given: "Queue[tuple[str, int]]") -> None:
    """Answer files: each unit draws some numbers of each kind, writes a dispatch and notes what was asked for."""
    store = SqlStore(url)
    for at in range(units):
        drawn: list[tuple[str, int]] = []

        def unit(work: SqlUnitOfWork, at: int = at, drawn: list[tuple[str, int]] = drawn) -> None:
            drawn.clear()
            for kind in ("order", "isa13:acme", "isa13:bolt", "invoice"):
                drawn += [(kind, work.exchange.next_number(kind)) for _ in range(at % 3 + 1)]
            work.exchange.add_dispatch(letter(f"{name}-{at}", drawn[-1][1]))
            for sku in ("TENT", "LAMP") if at % 2 else ("LAMP", "TENT"):
                work.planning.ask(Sku(sku), DAL, TODAY, Asked.ORDERED, Decimal(1))
                work.stock.reserve(DAL, Sku(sku), Decimal(1))

        again(store, unit)
        for each in drawn:
            given.put(each)
    store.engine.dispose()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_processes_at_once_draw_no_number_twice_and_lose_no_change(database: str, workers: int) -> None:
    with SqlStore(database).unit() as work:
        for sku in ("TENT", "LAMP"):
            work.stock.count(Stock(warehouse="DAL", sku=sku, on_hand=Decimal(100), counted_at=NOW), Occasion(NOW, "jo"))
        work.commit()
    given: Queue[tuple[str, int]] = AT_ONCE.Queue()
    everybody = [
        AT_ONCE.Process(target=worker, args=(database, f"W{at}", UNITS // workers, given)) for at in range(workers)
    ]
    for each in everybody:
        each.start()
    count = sum(4 * (at % 3 + 1) for _ in range(workers) for at in range(UNITS // workers))
    found = [given.get(timeout=120) for _ in range(count)]
    for each in everybody:
        each.join()
        assert each.exitcode == 0
    assert len(found) == len(set(found))
    invoices = sorted(number for kind, number in found if kind == "invoice")
    assert invoices == list(range(1, len(invoices) + 1))  # never a gap
    with SqlStore(database).unit() as work:
        assert {each.reserved for each in work.stock.levels([Sku("TENT"), Sku("LAMP")])} == {Decimal(UNITS)}
        assert [each[3] for each in work.planning.asked(since=TODAY)] == [UNITS, UNITS]
        assert len(work.exchange.dispatches()) == UNITS
        for kind in ("order", "isa13:acme", "isa13:bolt"):
            assert work.exchange.next_number(kind) > max(number for name, number in found if name == kind)


def meanwhile(doing: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=doing)
    thread.start()
    return thread


def like(order: Order, number: str) -> Order:
    return replace(order, number=OrderNumber(number))


def add(work: SqlUnitOfWork, order: Order) -> None:
    known = work.orders.of_key(
        ACME, {"po_number": order.po_number}, store="", test=False, since=NOW - timedelta(days=9)
    )
    if not known:
        work.orders.add(order, lifecycle.status(order).value, (), at=NOW, who="test")


def test_two_files_with_the_same_order_at_once_make_one_order(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.unit() as first, store.unit() as second:
        add(first, like(placed(), "SO-1"))
        add(second, like(placed(), "SO-2"))
        first.commit()
        with pytest.raises(ConflictError, match="another file at the same moment"):
            second.commit()
    again(store, lambda work: add(work, like(placed(), "SO-2")))
    with store.unit() as work:
        assert work.orders.get(OrderNumber("SO-2")) is None


def test_orders_of_other_keys_are_not_in_each_others_way(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.unit() as first, store.unit() as second:
        add(first, replace(like(placed(), "SO-1"), po_number="P-1"))
        add(second, replace(like(placed(), "SO-2"), po_number="P-2"))
        first.commit()
        second.commit()


def test_who_locks_rows_in_another_order_is_told_to_try_again(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.unit() as work:
        for sku in ("TENT", "LAMP"):
            work.stock.count(Stock(warehouse="DAL", sku=sku, on_hand=Decimal(9), counted_at=NOW), Occasion(NOW, "jo"))
        work.commit()
    met: list[ConflictError] = []

    def both(one: str, other: str, ready: threading.Barrier) -> None:
        try:
            with store.unit() as work:
                work.stock.reserve(DAL, Sku(one), Decimal(1))
                ready.wait(timeout=30)
                work.stock.reserve(DAL, Sku(other), Decimal(1))
                work.commit()
        except ConflictError as error:
            met.append(error)

    ready = threading.Barrier(2)
    other = meanwhile(lambda: both("LAMP", "TENT", ready))
    both("TENT", "LAMP", ready)
    other.join()
    assert [each.sentence for each in met] == ["Somebody else worked on the same at the same moment; nothing was done."]
    with store.unit() as work:
        assert {each.reserved for each in work.stock.levels([Sku("TENT"), Sku("LAMP")])} == {Decimal(1)}


def test_what_is_listed_once_is_listed_once_by_two_at_once(database: str) -> None:
    store = SqlStore(database)

    def list_it(name: str) -> None:
        hold = FileHold(HoldId(name), "FILE", "S-FILETYPE", "a folder", NOW, ACME, None, "a", key="acme/a")
        again(store, lambda work: work.exchange.hold(hold))

    everybody = [meanwhile(lambda at=at: list_it(f"H-{at}")) for at in range(4)]  # type: ignore[misc]
    for each in everybody:
        each.join()
    with store.unit() as work:
        assert len(work.exchange.holds()) == 1


def test_what_is_done_once_a_day_is_done_by_one_of_two(postgresql: str) -> None:
    store = SqlStore(postgresql)
    again(store, lambda work: work.planning.done("stock:acme", TODAY - timedelta(days=1)))
    with store.unit() as first, store.unit() as second:
        for work in (first, second):
            assert work.planning.last_done("stock:acme") == TODAY - timedelta(days=1)
        first.planning.done("stock:acme", TODAY)
        first.commit()
        with pytest.raises(ConflictError):
            second.planning.done("stock:acme", TODAY)


def test_numbers_of_a_unit_that_failed_are_given_again_when_nobody_drew_more(postgresql: str) -> None:
    store = SqlStore(postgresql)
    with store.unit() as work:
        assert [work.exchange.next_number("order") for _ in range(5)] == [1, 2, 3, 4, 5]
    with store.unit() as work:
        assert work.exchange.next_number("order") == 1
        with store.unit() as other:
            assert other.exchange.next_number("order") == 2
            other.commit()
        work.commit()
    with store.unit() as work:
        assert work.exchange.next_number("order") == 3
