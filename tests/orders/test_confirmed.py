"""What left is taken as it left, and quantities add up whatever a warehouse ships."""

from dataclasses import replace

import pytest

from gateway.kernel.errors import TransitionError
from gateway.orders import decisions, transitions
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import CancelBalance, ConfirmShipment, Fill, FillBackorder, ReleaseToWarehouse
from gateway.orders.events import LineCancelled, LineOverShipped, OrderHeld, OrderShipped
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import Hold, HoldType, Order
from gateway.orders.shipping import recalling
from gateway.orders.terms import RouteRow, Terms
from tests.orders.build import (
    DAL,
    NOW,
    TENT,
    confirmed,
    do,
    facts,
    follow,
    hold_ids,
    line,
    number,
    placed,
    stock,
)

PARTS = ("cancelled", "rejected", "pending", "backordered", "allocated", "picked", "packed", "shipped")


def released(*lines: object, known: object = None, terms: Terms | None = None) -> Order:
    order = placed(*lines, known=known, terms=terms)  # type: ignore[arg-type]
    return do(order, ReleaseToWarehouse((DAL,)), terms=terms)


def accepted(order: Order, *rows: tuple[str, str], shipment: str = "S1") -> Order:
    return do(order, replace(confirmed(*rows, shipment=shipment), accepted="they keep it"))


def adds_up(order: Order) -> bool:
    return all(
        each.quantity.ordered == sum(getattr(each.quantity, part) for part in PARTS) for each in order.lines
    )  # fmt: skip


def stopped(order: Order) -> Order:
    return follow(order, [OrderHeld(Hold("H-9", HoldType.MANUAL, "C-MANUAL", "wait", NOW))])  # type: ignore[arg-type]


@pytest.mark.parametrize(("percent", "quantity", "taken"), [("5", "10", "yes"), ("9", "11", ""), ("10", "11", "yes")])
def test_more_is_taken_within_the_agreed_percentage_of_what_was_ordered(
    percent: str, quantity: str, taken: str
) -> None:
    terms = Terms(over_ship_percent=number(percent))
    order = released(terms=terms)
    if not taken:
        with pytest.raises(TransitionError, match="11 EA were shipped, 10 EA were to be picked in DAL; 9 percent more"):
            do(order, confirmed(("1", quantity)), terms=terms)
        return

    order = do(order, confirmed(("1", quantity)), terms=terms)

    assert (order.lines[0].quantity.shipped, adds_up(order)) == (int(quantity), True)


def test_the_agreed_percentage_is_of_the_order_not_of_each_shipment() -> None:
    terms = Terms(over_ship_percent=number("10"))
    order = do(released(terms=terms), confirmed(("1", "11")), terms=terms)

    with pytest.raises(TransitionError, match="1 EA were shipped, 0 EA were to be picked"):
        do(order, confirmed(("1", "1"), shipment="S2"), terms=terms)


def test_what_somebody_accepts_comes_out_of_what_waits_before_it_is_ordered_anew() -> None:
    order = accepted(released(line("TENT", "10"), known=facts(stock(("DAL", TENT, 7)))), ("1", "12"))

    quantity = order.lines[0].quantity
    assert (quantity.ordered, quantity.backordered, quantity.shipped, order.lines[0].over_shipped) == (12, 0, 12, 2)
    assert adds_up(order)
    assert stocks.reservations(order) == {}
    assert status(order) is Status.SHIPPED


def test_what_was_ordered_beyond_the_order_is_one_event_with_its_reason() -> None:
    with pytest.raises(TransitionError):
        do(released(), confirmed(("1", "12")))
    event = LineOverShipped("1", TENT, number(2), number(2), DAL, "S1", "taken as shipped: they keep it")

    order = follow(released(), [event])

    assert (order.lines[0].quantity.ordered, order.lines[0].quantity.shipped) == (12, 2)
    assert adds_up(order)


def test_goods_that_were_told_before_a_hold_left_the_house_and_are_taken() -> None:
    order = do(stopped(released()), confirmed(("1", "10")))

    assert (order.lines[0].quantity.shipped, status(order)) == (10, Status.ON_HOLD)


def test_goods_of_a_cancelled_order_are_shipped_when_somebody_says_so() -> None:
    order = released()
    order = follow(order, recalling.recall(order, DAL, {"1": number(10)}, "the buyer called"))
    order = follow(order, [LineCancelled("1", number(10), "allocated", "the buyer called")])
    assert status(order) is Status.CANCELLED

    with pytest.raises(TransitionError, match="line 1 of SO-1 was cancelled") as refused:
        do(order, confirmed(("1", "10")))
    assert refused.value.code == "C-SHIP-STOPPED"

    order = accepted(order, ("1", "10"))
    assert (order.lines[0].quantity.cancelled, order.lines[0].quantity.shipped) == (0, 10)
    assert adds_up(order)


def test_what_was_never_to_be_shipped_nobody_can_accept() -> None:
    order = released(line("TENT", "10"), line("NO-SUCH"))

    with pytest.raises(TransitionError, match="line 2 of SO-1 was refused"):
        accepted(order, ("2", "1"))


def test_a_warehouse_gives_up_what_it_was_told_last() -> None:
    order = released(line("TENT", "10"), line("STOVE", "4"))

    (less,) = recalling.recall(order, DAL, {"1": number(4)}, "less")
    (none,) = recalling.recall(order, DAL, {"1": number(10), "2": number(4)}, "nothing")

    assert (less.action, less.number, [(each.line, each.quantity) for each in less.lines]) == (
        "replace", "SO-1-DAL-2", [("1", 6), ("2", 4)],
    )  # fmt: skip
    assert (none.action, [(each.line, each.quantity) for each in none.lines]) == ("cancel", [("1", 10), ("2", 4)])
    assert transitions.apply(order, less).lines[0].quantity.released == 6


def test_the_carrier_of_the_order_is_that_of_the_shipment_unless_the_warehouse_names_another() -> None:
    terms = Terms(routing=(RouteRow("SAIA", "LTL", transit_days=2),))
    order = do(placed(terms=terms), ReleaseToWarehouse((DAL,)), terms=terms)

    said = [_shipment(order, confirmed(("1", "10")), terms), _shipment(order, replace(confirmed(("1", "10")), carrier_scac="UPGN"), terms)]  # fmt: skip

    assert [(each.carrier_scac, each.service) for each in said] == [("SAIA", "LTL"), ("UPGN", "")]
    assert (said[0].delivery_due, said[0].ship_date) == (said[0].ship_date.replace(day=22), said[0].ship_date)


def _shipment(order: Order, command: ConfirmShipment, terms: Terms) -> OrderShipped:
    events = decisions.decide(order, command, Case(facts(), terms, NOW, hold_ids()))
    return next(event for event in events if isinstance(event, OrderShipped))


def test_what_a_warehouse_did_not_find_may_turn_up_but_no_more_than_that() -> None:
    order = do(released(), confirmed(("1", "7")))
    assert order.lines[0].missed_in(DAL, "") == 3

    with pytest.raises(TransitionError, match="4 EA were shipped, 0 EA were to be picked"):
        do(order, confirmed(("1", "4"), shipment="S2"))
    order = do(order, confirmed(("1", "3"), shipment="S2"))

    assert (order.lines[0].quantity.shipped, order.lines[0].quantity.ordered, order.lines[0].missed) == (10, 10, ())
    assert adds_up(order)


def test_what_was_not_found_is_never_more_than_what_waits() -> None:
    order = do(released(), confirmed(("1", "7")))
    assert order.lines[0].not_found == 3

    order = do(order, FillBackorder((Fill("1", number(2), DAL, "goods came"),)))
    assert (order.lines[0].quantity.backordered, order.lines[0].not_found, order.lines[0].missed_in(DAL, "")) == (
        1,
        1,
        1,
    )

    order = do(order, CancelBalance("no longer wanted"))
    assert (order.lines[0].quantity.backordered, order.lines[0].missed) == (0, ())
