"""The answer to each line: from stock, from goods on their way, by another item, later or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from gateway.kernel.ids import Sku
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.asked.change_commands import ChangeOrder
from gateway.orders.case import Case
from gateway.orders.commands import CancelBalance, ExpireReservation, ReleaseHold, ReleaseToWarehouse
from gateway.orders.facts import Facts, ItemFacts, PriceFacts, SupplyFacts, WarehouseFacts
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import LineCode, Order, Proposal
from gateway.orders.proposal import LineChange
from gateway.orders.terms import Terms
from gateway.orders.workdays import Workdays
from tests.orders.build import (
    DAL,
    ITEMS,
    NOW,
    RNO,
    STOVE,
    TENT,
    do,
    facts,
    follow,
    hold_ids,
    line,
    number,
    placed,
    stock,
    wanted,
)

WORK = {each: WarehouseFacts(each, workdays=Workdays(frozenset(range(5)), time(16))) for each in (DAL, RNO)}
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BETTER = Sku("TENT-NEW")


def coming(quantity: int, day: int, *, sku: Sku = TENT, month: int = 11, reference: str = "PO-7") -> SupplyFacts:
    return SupplyFacts(DAL, sku, date(2026, month, day), number(quantity), reference)


def known(on_hand: int = 4, *supply: SupplyFacts, claimed: int = 0, moment: datetime = MORNING) -> Facts:
    levels = stock(("DAL", TENT, on_hand), ("DAL", STOVE, 50))
    claims = {TENT: number(claimed)}
    return replace(facts(levels), supply=supply, claimed=claims, warehouses=WORK, local=moment)


def first(order: Order) -> tuple[int, int, date | None, date | None]:
    only = order.lines[0]
    return int(only.quantity.allocated), int(only.quantity.backordered), only.promised_date, only.backorder_date


def test_stock_is_promised_for_today_and_after_the_cut_off_for_the_next_working_day() -> None:
    assert placed(known=known(20)).lines[0].promised_date == date(2026, 11, 20)
    assert placed(known=known(20, moment=MORNING.replace(hour=17))).lines[0].promised_date == date(2026, 11, 23)


def test_nothing_is_promised_before_it_may_ship_nor_on_a_day_off() -> None:
    order = placed(known=known(20), ship_not_before=date(2026, 11, 28))
    assert order.lines[0].promised_date == date(2026, 11, 30)


def test_the_delivery_is_the_ship_date_and_the_days_to_the_state() -> None:
    terms = Terms(transit_days={"default": 5, "TX": 2})
    assert placed(known=known(20), terms=terms).lines[0].delivery_date == date(2026, 11, 22)


def test_a_backorder_is_promised_for_the_goods_that_cover_it_after_what_others_wait_for() -> None:
    supply = (coming(6, 24), coming(10, 27, reference="PO-8"))
    assert first(placed(known=known(4, *supply))) == (4, 6, date(2026, 11, 20), date(2026, 11, 24))
    assert first(placed(known=known(4, *supply, claimed=1)))[3] == date(2026, 11, 27)
    assert first(placed(known=known(4, *supply, claimed=11)))[3] is None


def test_receiving_days_and_working_days_come_on_top() -> None:
    order = placed(known=known(4, coming(6, 27)), terms=Terms(receiving_days=1))
    assert order.lines[0].backorder_date == date(2026, 11, 30)


def test_goods_that_are_overdue_are_not_promised_for_the_past() -> None:
    assert first(placed(known=known(4, coming(6, 10))))[3] == date(2026, 11, 20)


def test_two_lines_of_one_item_wait_one_after_the_other() -> None:
    order = placed(
        line(quantity="6"), line(quantity="6"), known=known(0, coming(6, 24), coming(6, 25, reference="PO-8"))
    )
    assert [each.backorder_date for each in order.lines] == [date(2026, 11, 24), date(2026, 11, 25)]


def test_what_could_only_ship_after_cancel_after_is_cancelled_at_once_with_both_days() -> None:
    order = placed(known=known(4, coming(6, 30)), cancel_after=date(2026, 11, 27))
    only = order.lines[0].quantity
    assert (only.allocated, only.backordered, only.cancelled) == (4, 0, 6)


def test_a_future_order_is_accepted_against_incoming_goods_and_leaves_the_stock() -> None:
    order = placed(known=known(50, coming(10, 24)), ship_not_before=date(2026, 11, 30))
    only = order.lines[0]
    assert (only.quantity.backordered, only.awaited, only.codes) == (10, 10, (LineCode.ACCEPTED,))
    assert only.promised_date == date(2026, 11, 30)
    assert stocks.reservations(order) == {}


@pytest.mark.parametrize(
    ("supply", "claimed", "first_day"),
    [
        ((coming(10, 24),), 0, None),  # no future order
        ((coming(10, 24),), 1, date(2026, 11, 30)),  # others wait for it
        ((coming(10, 24),), 0, date(2026, 11, 23)),  # it comes too late
        ((coming(10, 10),), 0, date(2026, 11, 30)),  # it is overdue: nobody knows when it comes
        ((), 0, date(2026, 11, 30)),
    ],
)
def test_incoming_goods_serve_a_future_order_only_when_they_are_free_and_in_time(
    supply: tuple[SupplyFacts, ...], claimed: int, first_day: date | None
) -> None:
    order = placed(known=known(50, *supply, claimed=claimed), ship_not_before=first_day)
    assert (order.lines[0].quantity.allocated, order.lines[0].awaited) == (10, 0)


def test_an_order_that_ships_complete_has_one_date_for_all_of_it() -> None:
    order = placed(line(), line("STOVE", "2"), known=known(4, coming(6, 24)), backorder="ship_complete")
    assert {each.promised_date for each in order.lines} == {date(2026, 11, 24)}
    unknown = placed(line(), line("STOVE", "2"), known=known(4), backorder="ship_complete")
    assert {each.promised_date for each in unknown.lines} == {None}


def test_an_order_that_ships_complete_is_promised_only_from_goods_for_its_warehouse() -> None:
    elsewhere = replace(coming(6, 24), warehouse=RNO)
    assert placed(known=known(4, elsewhere), backorder="ship_complete").lines[0].backorder_date is None
    assert placed(known=known(4, elsewhere)).lines[0].backorder_date == date(2026, 11, 24)


def test_an_order_that_ships_complete_and_may_not_wait_is_cancelled_whole() -> None:
    terms = Terms(backorder="never")
    order = placed(line(), line("STOVE", "2"), known=known(4), terms=terms, backorder="ship_complete")
    assert status(order) is Status.CANCELLED
    assert stocks.reservations(order) == {}


def swapped(*, on_hand: int, better: int, old: str = "active", units: tuple[tuple[str, int], ...] = ()) -> Facts:
    packs = tuple((unit, number(size)) for unit, size in units)
    items = {**ITEMS, TENT: ItemFacts(TENT, "EA", old, substitute=BETTER), BETTER: ItemFacts(BETTER, "EA", packs=packs)}
    return replace(facts(stock(("DAL", TENT, on_hand), ("DAL", BETTER, better))), items=items, warehouses=WORK)


@pytest.mark.parametrize(
    ("there", "said", "terms", "sku"),
    [
        (swapped(on_hand=0, better=20), "allowed", "from_order", "TENT-NEW"),
        (swapped(on_hand=0, better=20), "", "always", "TENT-NEW"),
        (swapped(on_hand=0, better=20), "", "from_order", "TENT"),
        (swapped(on_hand=0, better=20), "allowed", "never", "TENT"),
        (swapped(on_hand=3, better=20), "allowed", "from_order", "TENT"),
        (swapped(on_hand=0, better=0), "allowed", "from_order", "TENT"),
        (swapped(on_hand=9, better=20, old="discontinued"), "allowed", "from_order", "TENT-NEW"),
        (swapped(on_hand=10, better=20, old="discontinued"), "allowed", "from_order", "TENT"),
        (swapped(on_hand=9, better=4, old="discontinued"), "allowed", "from_order", "TENT"),
        (swapped(on_hand=0, better=0, old="discontinued"), "allowed", "from_order", "TENT-NEW"),
    ],
)
def test_another_item_is_served_where_it_may_be_and_must_be(there: Facts, said: str, terms: str, sku: str) -> None:
    order = placed(known=there, terms=Terms(substitution=terms, backorder="always"), substitution=said)
    if "C-CONFLICT" in [hold.code for hold in order.holds]:
        return
    only = order.lines[0]
    assert only.sku == sku
    assert (only.substitute_for, LineCode.SUBSTITUTED in only.codes) == (
        (TENT, True) if sku == "TENT-NEW" else (None, False)
    )
    assert str(only.unit_price) == "89.95"


def test_a_discontinued_item_is_sold_while_stock_lasts_and_does_not_wait() -> None:
    only = placed(known=swapped(on_hand=4, better=0, old="discontinued"), terms=Terms(backorder="always")).lines[0]
    assert (only.quantity.allocated, only.quantity.cancelled, only.quantity.backordered) == (4, 6, 0)
    there = swapped(on_hand=4, better=0, old="discontinued")
    coming_too = replace(there, supply=(coming(6, 24),))
    assert placed(known=coming_too).lines[0].quantity.backordered == 0
    twice = placed(line(), line(), known=swapped(on_hand=10, better=0, old="discontinued"))
    assert [(each.quantity.allocated, each.codes) for each in twice.lines] == [
        (10, (LineCode.ACCEPTED,)), (0, (LineCode.DISCONTINUED,)),
    ]  # fmt: skip


@pytest.mark.parametrize(("own", "price"), [("79.00", "79.00"), ("99.00", "89.95")])
def test_another_item_is_served_at_the_lower_of_both_prices(own: str, price: str) -> None:
    there = swapped(on_hand=0, better=20)
    there = replace(there, prices=(*there.prices, PriceFacts("list", BETTER, "EA", number(own))))
    order = placed(known=there, substitution="allowed")
    assert (order.lines[0].sku, str(order.lines[0].unit_price)) == (BETTER, price)

    # what is served of it stays that item when the order is considered again
    more = Proposal(lines=(LineChange("1", "change", "change", number(15), price_basis="PE"),))
    changed = do(order, ChangeOrder(more), there).lines[0]
    assert (changed.sku, changed.substitute_for, str(changed.unit_price), changed.quantity.allocated) == (
        BETTER, TENT, price, 15,
    )  # fmt: skip


def test_another_item_that_is_not_sold_in_the_ordered_unit_does_not_stand_in() -> None:
    there = swapped(on_hand=0, better=90)
    there = replace(
        there, items={**there.items, TENT: ItemFacts(TENT, "EA", substitute=BETTER, packs=(("CA", number(4)),))}
    )
    assert placed(line(uom="CA", quantity="2"), known=there, substitution="allowed").lines[0].sku == TENT
    cased = {**there.items, BETTER: ItemFacts(BETTER, "EA", packs=(("CA", number(6)),))}
    order = placed(line(uom="CA", quantity="2"), known=replace(there, items=cased), substitution="allowed")
    assert stocks.reservations(order) == {(DAL, BETTER): 12}


DAY = Terms(reserve_while_held=timedelta(days=1))


def test_an_order_on_hold_keeps_stock_for_as_long_as_was_agreed() -> None:
    held = placed(known=known(8), terms=DAY, unobeyed=("SCH",))
    assert stocks.reservations(held) == {(DAL, TENT): 8}
    assert held.reserved_until == NOW + timedelta(days=1)
    assert stocks.reservations(placed(known=known(8), unobeyed=("SCH",))) == {}
    free = do(held, ExpireReservation("it was kept long enough"))
    assert (stocks.reservations(free), free.reserved_until) == ({}, None)


def test_what_was_kept_serves_the_order_when_it_is_decided() -> None:
    held = placed(known=known(8), terms=DAY, unobeyed=("SCH",))
    taken = known(8)
    taken = replace(taken, stock=tuple(replace(each, reserved=each.on_hand) for each in taken.stock))
    order = do(held, ReleaseHold(held.holds[0].id, "ok"), taken, DAY)
    assert (order.lines[0].quantity.allocated, order.reserved) == (8, ())
    assert stocks.reservations(order) == {(DAL, TENT): 8}


def test_the_balance_is_cancelled_and_what_is_being_picked_goes_on() -> None:
    order = placed(known=known(8), terms=Terms())
    order = do(order, ReleaseToWarehouse((DAL,)))
    order = do(order, CancelBalance("cancel-after 2026-11-24 has passed"))
    only = order.lines[0].quantity
    assert (only.allocated, only.released, only.backordered, only.cancelled) == (8, 8, 0, 2)
    untold = do(placed(known=known(8)), CancelBalance("late"))
    assert (status(untold), stocks.reservations(untold)) == (Status.CANCELLED, {})


def test_a_test_order_promises_nothing_of_the_house() -> None:
    case = Case(known(0, coming(10, 24)), Terms(), NOW, hold_ids())
    order = follow(None, decisions.decide(None, wanted(test=True, ship_not_before=date(2026, 11, 30)), case))
    assert (order.lines[0].quantity.allocated, stocks.reservations(order)) == (10, {})
