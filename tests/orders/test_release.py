"""A warehouse is told by quantity: what is reserved there and was not told yet, each time under a number of its own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.orders import decisions, lifecycle, transitions
from gateway.orders.case import Case
from gateway.orders.commands import ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import LineCancelled, OrderRecalled, OrderReleased, ReleasedLine
from gateway.orders.order import Order, Source
from gateway.orders.shipping import fulfilment
from gateway.orders.terms import Terms
from tests.orders.build import DAL, NOW, RNO, TENT, TODAY, confirmed, do, facts, hold_ids, line, number, placed, stock


def asked(order: Order, *warehouses: WarehouseId) -> list[OrderReleased]:
    events = decisions.decide(order, ReleaseToWarehouse(warehouses), Case(facts(), Terms(), NOW, hold_ids()))
    return [event for event in events if isinstance(event, OrderReleased)]


def filled(order: Order, quantity: str) -> Order:
    """The order after so much of its backorder came in and was reserved in Dallas."""
    first = order.lines[0]
    more = number(quantity)
    buckets = replace(
        first.quantity, backordered=first.quantity.backordered - more, allocated=first.quantity.allocated + more
    )
    line = replace(first, quantity=buckets, sources=(*first.sources, Source(DAL, more, "goods came")))
    return replace(order, lines=(line, *order.lines[1:]))


def test_what_is_filled_later_is_released_under_a_number_of_its_own() -> None:
    order = do(placed(line("TENT", "10"), known=facts(stock(("DAL", TENT, 7)))), ReleaseToWarehouse((DAL,)))
    assert not fulfilment.release_due(order, Terms(), TODAY)

    order = filled(order, "3")

    assert fulfilment.release_due(order, Terms(), TODAY)
    assert asked(order, DAL) == [OrderReleased(DAL, (ReleasedLine("1", number(3)),), "SO-1-DAL-2")]


def test_each_warehouse_is_counted_alone() -> None:
    order = placed(line("TENT", "10"), known=facts(stock(("DAL", TENT, 7), ("RNO", TENT, 5))))

    assert [(each.number, each.lines[0].quantity) for each in asked(order, DAL, RNO)] == [
        ("SO-1-DAL", 7),
        ("SO-1-RNO", 3),
    ]


def test_a_warehouse_that_was_told_everything_is_not_told_again() -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))

    with pytest.raises(TransitionError, match="not told to pick already"):
        asked(order, DAL)


def test_a_shipment_answers_the_releases_it_reaches_and_leaves_the_later_ones() -> None:
    order = do(placed(line("TENT", "10"), known=facts(stock(("DAL", TENT, 7)))), ReleaseToWarehouse((DAL,)))
    order = do(filled(order, "3"), ReleaseToWarehouse((DAL,)))

    order = do(order, confirmed(("1", "6")))

    quantity = order.lines[0].quantity
    assert (quantity.shipped, quantity.backordered, quantity.released) == (6, 1, 3)
    assert [(told.release, told.quantity) for told in order.lines[0].told] == [("SO-1-DAL-2", 3)]

    order = do(order, confirmed(("1", "3"), shipment="S2"))

    assert (order.lines[0].quantity.shipped, order.lines[0].quantity.released, order.lines[0].told) == (9, 0, ())


def test_a_warehouse_is_told_to_pick_less_by_a_replacement_and_nothing_by_a_cancellation() -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))

    less = transitions.apply(
        order, OrderRecalled(DAL, (ReleasedLine("1", number(4)),), "replace", "6 less", "SO-1-DAL-2")
    )
    none = transitions.apply(less, OrderRecalled(DAL, (ReleasedLine("1", number(4)),), "cancel", "all", "SO-1-DAL-3"))

    assert (less.lines[0].quantity.released, none.lines[0].quantity.released) == (4, 0)
    assert lifecycle.status(none) is lifecycle.Status.ALLOCATED


def test_what_a_warehouse_was_told_to_pick_cannot_lose_its_reservation() -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))

    with pytest.raises(TransitionError, match="cannot be picked in DAL"):
        transitions.apply(order, LineCancelled("1", number(10), "allocated", "no"))


def test_a_line_is_not_picked_before_its_own_day() -> None:
    early = replace(line("STOVE", "4"), ship_not_before=TODAY + timedelta(days=5))
    order = placed(line("TENT", "10"), early)

    assert fulfilment.release_due(order, Terms(), TODAY) == {DAL}
    order = do(order, ReleaseToWarehouse((DAL,)))
    assert [each.quantity.released for each in order.lines] == [10, 0]
    assert not fulfilment.release_due(order, Terms(), TODAY)
    assert fulfilment.release_due(order, Terms(lead_days=5), TODAY) == {DAL}


def test_an_order_that_leaves_whole_waits_for_the_day_of_its_last_line() -> None:
    early = replace(line("STOVE", "4"), ship_not_before=TODAY + timedelta(days=5))
    order = placed(line("TENT", "10"), early, backorder="ship_complete")

    assert not fulfilment.release_due(order, Terms(), TODAY)
    assert fulfilment.release_due(order, Terms(), TODAY + timedelta(days=5)) == {DAL}


def test_a_promise_after_the_last_day_holds_the_order_until_somebody_takes_it() -> None:
    terms, last = Terms(transit_days={"TX": 3}), TODAY + timedelta(days=2)
    order = placed(line(), deliver_no_later=last, terms=terms)

    assert [(each.code, order.decided) for each in order.holds] == [("C-WINDOW", False)]
    assert f"line 1 could be delivered on {TODAY + timedelta(days=3)}" in order.holds[0].reason
    order = do(order, ReleaseHold(order.holds[0].id, "they said yes"), terms=terms)
    assert (order.decided, order.lines[0].quantity.allocated, order.holds) == (True, 10, ())
