"""Goods on their way and what waits for them on a real SQLite file."""

from collections.abc import Iterator
from datetime import date

import pytest

from gateway.canonical.goods import GoodsReceipt, Incoming
from gateway.canonical.house import Stock
from gateway.kernel.ids import OrderNumber
from gateway.orders import lifecycle
from gateway.orders.commands import CancelBalance, Fill, FillBackorder, ReleaseToWarehouse
from gateway.orders.stockroom import Occasion
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import DAL, NOW, TENT, TODAY, do, facts, line, number, placed, stock

DAY, LATER = date(2026, 11, 27), date(2026, 12, 4)
BY = Occasion(NOW, "jo")


@pytest.fixture
def work(database: str) -> Iterator[SqlUnitOfWork]:
    with SqlStore(database).unit() as unit:
        yield unit


def row(quantity: str, day: date = DAY, reference: str = "PO-7") -> Incoming:
    return Incoming(
        warehouse="DAL", sku="TENT", quantity=number(quantity), expected_date=day, reference=reference or None
    )


def receipt(quantity: str, reference: str = "PO-7") -> GoodsReceipt:
    return GoodsReceipt(warehouse="DAL", sku="TENT", quantity=number(quantity), reference=reference or None)


def told(work: SqlUnitOfWork, file: str, *rows: Incoming) -> list[str]:
    said = [work.goods.expect(each, told_by=file) for each in rows]
    work.goods.replace_earlier(file)
    return said


def to_come(work: SqlUnitOfWork) -> list[tuple[date, int, str]]:
    return [(each.expected_date, int(each.quantity), each.reference) for each in work.goods.supply([TENT])]


def test_the_same_file_again_changes_nothing_and_what_came_stays_deducted(work: SqlUnitOfWork) -> None:
    rows = row("10"), row("20", LATER)
    assert told(work, "R1", *rows) == ["new", "new"]
    work.goods.arrive(receipt("14"))
    assert told(work, "R2", *rows) == ["same", "same"]
    assert to_come(work) == [(LATER, 16, "PO-7")]


def test_another_quantity_is_what_is_still_to_come_and_none_takes_the_row_back(work: SqlUnitOfWork) -> None:
    told(work, "R1", row("10"), row("20", LATER, ""))
    work.goods.arrive(receipt("4"))
    assert told(work, "R2", row("5")) == ["changed"]
    assert to_come(work) == [(DAY, 5, "PO-7"), (LATER, 20, "")]
    assert told(work, "R3", row("0"), row("0", DAY, "PO-9")) == ["changed", "same"]
    assert to_come(work) == [(LATER, 20, "")]


def test_a_reference_told_for_another_day_has_moved_and_is_not_there_twice(work: SqlUnitOfWork) -> None:
    told(work, "R1", row("10"), row("3", DAY, ""))
    work.goods.arrive(receipt("4"))
    told(work, "R2", row("10", LATER), row("3", LATER, ""))
    assert to_come(work) == [(DAY, 3, ""), (LATER, 6, "PO-7"), (LATER, 3, "")]


def test_a_receipt_reduces_only_the_goods_of_its_reference_the_earliest_first(work: SqlUnitOfWork) -> None:
    told(work, "R1", row("10"), row("20", LATER), row("5", DAY, "PO-8"), row("7", DAY, ""))
    work.goods.arrive(receipt("12"))
    work.goods.arrive(receipt("2", ""))
    work.goods.arrive(receipt("50", "PO-99"))
    assert sorted(to_come(work)) == [(DAY, 5, ""), (DAY, 5, "PO-8"), (LATER, 18, "PO-7")]


def on_hand(work: SqlUnitOfWork) -> int:
    return int(work.stock.levels([TENT])[0].on_hand)


def test_goods_add_to_on_hand_unless_they_were_counted_after_they_came(work: SqlUnitOfWork) -> None:
    assert work.stock.receive(receipt("6"), received_on=TODAY, occasion=BY) == 6
    work.stock.count(Stock(warehouse="DAL", sku="TENT", on_hand=number("9"), counted_at=NOW), BY)
    assert work.stock.receive(receipt("6"), received_on=date(2026, 11, 19), occasion=BY) == 9
    assert work.stock.receive(receipt("6"), received_on=TODAY, occasion=BY) == 15
    assert on_hand(work) == 15


def test_what_waits_is_kept_in_step_with_its_order(work: SqlUnitOfWork) -> None:
    order = placed(line(), line("TENT", "5"), known=facts(stock(("DAL", TENT, 4))), ship_not_before=DAY)
    work.orders.add(order, lifecycle.status(order).value, [], at=NOW, who="test")

    def waits() -> list[tuple[str, int]]:
        return [(each.line, int(each.quantity)) for each in work.goods.waiting([TENT])]

    assert waits() == [("1", 6), ("2", 5)]
    (first, _) = work.goods.waiting([TENT])
    assert (first.order, first.requested_date, first.sequence) == (OrderNumber("SO-1"), DAY, 1)
    assert (work.goods.awaited(), dict(work.goods.claimed([TENT]))) == ([TENT], {TENT: 11})
    after = do(order, FillBackorder(fills=(Fill("1", number("6"), DAL, "came"), Fill("2", number("1"), DAL, "came"))))
    work.orders.save(after, "x", [], at=NOW, who="test", expected_version=order.version)
    assert waits() == [("2", 4)]
    last = do(after, CancelBalance("late"))
    work.orders.save(last, "x", [], at=NOW, who="test", expected_version=after.version)
    assert (waits(), work.goods.awaited()) == ([], [])


def test_orders_whose_balance_is_late_are_found_until_it_is_cancelled(work: SqlUnitOfWork) -> None:
    order = placed(known=facts(stock(("DAL", TENT, 4))), cancel_after=DAY)
    work.orders.add(order, "x", [], at=NOW, who="test")
    assert work.orders.cancellable(DAY) == []
    assert [name for name, _ in work.orders.cancellable(LATER)] == ["SO-1"]
    after = do(order, CancelBalance("late"))
    work.orders.save(after, "x", [], at=NOW, who="test", expected_version=order.version)
    assert work.orders.cancellable(LATER) == []


def test_what_a_warehouse_was_told_to_pick_is_no_balance(work: SqlUnitOfWork) -> None:
    order = do(placed(cancel_after=DAY), ReleaseToWarehouse((DAL,)))
    work.orders.add(order, "x", [], at=NOW, who="test")
    assert work.orders.cancellable(LATER) == []
