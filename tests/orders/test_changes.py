"""A change of an order: not picked yes, picked ask, shipped no; every one is answered once."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.kernel.errors import TransitionError
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.asked.change_commands import ChangeOrder, RejectChange
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, RejectOrder, ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import Event, OrderDecided, OrderRecalled
from gateway.orders.facts import Facts
from gateway.orders.happened.change_events import ChangeAnswered
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import Line, LineCode, Order, Proposal
from gateway.orders.proposal import HeadChange, LineChange
from gateway.orders.terms import Terms
from tests.orders.build import (
    DAL,
    NOW,
    PLENTY,
    RNO,
    SHIP_TO,
    STOVE,
    TENT,
    TODAY,
    codes,
    confirmed,
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


def total(quantity: str, name: str = "1", action: str = "change") -> LineChange:
    return LineChange(name, action, action, number(quantity))  # type: ignore[arg-type]


def events_of(
    order: Order, asked: Proposal, known: Facts | None = None, terms: Terms | None = None
) -> tuple[Event, ...]:
    return decisions.decide(order, ChangeOrder(asked), Case(known or facts(), terms or Terms(), NOW, hold_ids()))


def changed(order: Order, *lines: LineChange, known: Facts | None = None, terms: Terms | None = None) -> Order:
    return follow(order, events_of(order, Proposal(lines=lines), known, terms))


def answer(events: Iterable[Event]) -> ChangeAnswered:
    return next(event for event in events if isinstance(event, ChangeAnswered))


def the_line(order: Order, name: str = "1") -> Line:
    found = order.line(name)
    assert found is not None
    return found


def released(*lines: object, **more: object) -> Order:
    return do(placed(*lines, **more), ReleaseToWarehouse((DAL,)))  # type: ignore[arg-type]


def shipped(order: Order) -> Order:
    rows = [(each.number, str(each.quantity.allocated)) for each in order.lines if each.quantity.allocated]
    return do(order, confirmed(*rows))


def test_more_before_the_release_is_reserved_or_waits_for_goods() -> None:
    order = changed(placed(), total("15"), known=facts(stock(("DAL", TENT, 3))))
    quantity = the_line(order).quantity
    assert (quantity.ordered, quantity.allocated, quantity.backordered) == (15, 13, 2)
    assert order.changes[-1].status == "changed"


def test_less_frees_what_waits_before_what_is_reserved() -> None:
    order = changed(placed(line(quantity="120")), total("70"))
    quantity = the_line(order).quantity
    assert (quantity.ordered, quantity.allocated, quantity.backordered) == (70, 70, 0)
    assert the_line(order).codes == (LineCode.ACCEPTED,)
    assert stocks.reservations(order) == {(DAL, TENT): number(70)}


def test_a_quantity_is_the_new_total_unless_the_agreement_says_difference() -> None:
    difference = Terms(change_quantity="difference")
    assert the_line(changed(placed(), total("4", action="increase"), terms=difference)).quantity.ordered == 14
    assert the_line(changed(placed(), total("4", action="decrease"), terms=difference)).quantity.ordered == 6
    assert the_line(changed(placed(), total("4", action="decrease"))).quantity.ordered == 4


def test_an_increase_to_less_than_is_ordered_is_refused_with_both_figures() -> None:
    said = answer(events_of(placed(), Proposal(lines=(total("5", action="increase"),))))
    assert said.status == "rejected"
    assert said.rulings[0].reason == "an increase to 5, but 10 EA are ordered"


def test_what_is_left_to_come_counts_when_no_total_is_said() -> None:
    order = changed(placed(), LineChange("1", "change", quantity_open=number(3)))
    assert the_line(order).quantity.ordered == 3


def test_a_deleted_line_is_cancelled_and_its_stock_is_free() -> None:
    order = changed(placed(line(), line("STOVE")), LineChange("2", "delete"))
    assert the_line(order, "2").quantity.cancelled == 10
    assert stocks.reservations(order) == {(DAL, TENT): number(10)}
    assert status(order) is Status.ALLOCATED


def test_a_line_is_added_with_the_unit_of_the_item_and_answered_like_an_ordered_one() -> None:
    added = LineChange("", "add", "add", number(6), ids=(("vendor_sku", "STOVE"),))
    order = changed(placed(), added)
    assert (the_line(order, "2").uom, the_line(order, "2").quantity.allocated) == ("EA", 6)
    assert the_line(order, "2").unit_price == Decimal("32.75")


def test_an_added_line_with_an_unknown_item_is_refused_alone() -> None:
    lines = (total("12"), LineChange("7", "add", "add", number(6), ids=(("vendor_sku", "NO"),)))
    said = answer(events_of(placed(), Proposal(lines=lines)))
    assert said.status == "changed"
    assert [each.ruling for each in said.rulings] == ["accepted", "rejected"]


def test_another_item_on_a_line_takes_its_place() -> None:
    order = changed(
        placed(), LineChange("1", "replace", "replace", number(4), ids=(("vendor_sku", "STOVE"),), sku="STOVE")
    )
    assert (the_line(order).sku, the_line(order).quantity.allocated) == (STOVE, 4)
    assert stocks.reservations(order) == {(DAL, STOVE): number(4)}


def test_what_a_change_frees_is_there_for_its_other_lines() -> None:
    known = facts(stock(("DAL", TENT, 10)))
    order = placed(line(quantity="10"), line(quantity="5"), known=known)
    full = facts(tuple(replace(each, reserved=number(10)) for each in known.stock))
    order = changed(order, total("6"), total("9", "2"), known=full)
    assert the_line(order, "2").quantity.allocated == 4


def test_a_price_of_theirs_within_the_tolerance_counts_and_one_outside_asks() -> None:
    near = changed(
        placed(), LineChange("1", "change", unit_price=Decimal("89.90")), terms=Terms(tolerance_amount=number(1))
    )
    assert the_line(near).unit_price == Decimal("89.90")
    asked = changed(placed(), LineChange("1", "change", unit_price=Decimal(80)))
    assert codes(asked) == ["C-PRICE"]
    assert the_line(asked).unit_price == Decimal("89.95")
    theirs = do(asked, ReleaseHold(asked.holds[0].id, "agreed", "theirs"))
    assert (the_line(theirs).unit_price, theirs.changes[-1].status) == (80, "accepted")


def test_what_was_released_for_one_change_is_not_waived_for_the_next() -> None:
    terms = Terms(credit_limit=number(1000))
    waits = changed(placed(terms=terms), total("15"), known=facts(owed="899.50"), terms=terms)
    assert codes(waits) == ["C-CREDIT"]
    assert the_line(waits).quantity.ordered == 10
    done = do(waits, ReleaseHold(waits.holds[0].id, "paid"), facts(owed="899.50"), terms)
    assert (the_line(done).quantity.ordered, done.holds) == (15, ())
    again = changed(done, total("20"), known=facts(owed="1349.25"), terms=terms)
    assert codes(again) == ["C-CREDIT"]


def test_a_change_of_what_is_being_picked_asks_and_recalls_the_warehouse_when_it_is_accepted() -> None:
    waits = changed(released(line(), line("STOVE")), total("6"))
    assert codes(waits) == ["C-CHANGE"]
    assert (status(waits), the_line(waits).quantity.ordered) == (Status.ON_HOLD, 10)
    events = decisions.decide(waits, ReleaseHold(waits.holds[0].id, "ok"), Case(facts(), Terms(), NOW, hold_ids()))
    recalled = next(event for event in events if isinstance(event, OrderRecalled))
    assert (recalled.action, [(each.line, each.quantity) for each in recalled.lines]) == (
        "replace",
        [("1", 6), ("2", 10)],
    )
    assert the_line(follow(waits, events)).told_in(DAL) == 6


def test_a_cancellation_of_what_is_being_picked_recalls_everything() -> None:
    order = released()
    waits = follow(order, events_of(order, Proposal(cancels=True)))
    events = decisions.decide(waits, ReleaseHold(waits.holds[0].id, "ok"), Case(facts(), Terms(), NOW, hold_ids()))
    assert [event.action for event in events if isinstance(event, OrderRecalled)] == ["cancel"]
    assert status(follow(waits, events)) is Status.CANCELLED


def test_a_change_that_somebody_refuses_leaves_the_order_as_it_was() -> None:
    before = released()
    waits = changed(before, total("6"))
    after = do(waits, RejectChange(waits.holds[0].id, "on the truck"))
    assert after.lines == before.lines
    assert (after.holds, after.change, after.changes[-1].status) == ((), None, "rejected")


def test_goods_that_left_while_a_change_waited_are_not_changed() -> None:
    waits = changed(released(), total("6"))
    waits = do(waits, replace(confirmed(("1", "10")), accepted="it had left before"))
    after = do(waits, ReleaseHold(waits.holds[0].id, "ok"))
    assert the_line(after).quantity.shipped == 10
    assert after.changes[-1].status == "rejected"


@pytest.mark.parametrize(
    "asked", [total("6"), total("20"), LineChange("1", "delete"), LineChange("1", "change", unit_price=Decimal(80))]
)
def test_nothing_is_changed_after_the_shipment(asked: LineChange) -> None:
    order = shipped(released())
    said = answer(events_of(order, Proposal(lines=(asked,))))
    assert said.status == "rejected"
    assert "left the house" in said.rulings[0].reason


def test_a_change_of_an_order_on_hold_is_done_at_once_and_looked_at_anew() -> None:
    order = placed(line(price="80"))
    assert codes(order) == ["C-PRICE"]
    order = changed(order, LineChange("1", "change", unit_price=Decimal("89.95")))
    assert (order.holds, order.decided, the_line(order).quantity.allocated) == ((), True, 10)


def test_a_change_of_an_order_on_hold_does_not_end_a_hold_of_another_kind() -> None:
    order = changed(placed(unobeyed=("SCH",)), total("12"))
    assert codes(order) == ["C-DATA"]
    assert the_line(order).quantity.pending == 12


def test_other_dates_promise_other_dates() -> None:
    later = TODAY + timedelta(days=9)
    order = placed()
    order = follow(order, events_of(order, Proposal(head=HeadChange(ship_not_before=later))))
    assert (order.ship_not_before, the_line(order).promised_date) == (later, later)
    assert the_line(order).quantity.allocated == 10


def test_another_place_is_asked_for_while_a_warehouse_picks() -> None:
    order = released()
    waits = follow(order, events_of(order, Proposal(ship_to=replace(SHIP_TO, city="TACOMA"))))
    assert codes(waits) == ["C-CHANGE"]
    after = do(waits, ReleaseHold(waits.holds[0].id, "ok"))
    assert after.ship_to.city == "TACOMA"


def test_what_a_change_asks_for_and_is_not_done_waits_for_somebody() -> None:
    order = placed()
    waits = follow(order, events_of(order, Proposal(lines=(total("12"),), unobeyed=("SDQ: stores",))))
    assert codes(waits) == ["C-CHANGE"]
    assert "SDQ: stores" in waits.holds[0].reason


def test_one_change_waits_at_a_time() -> None:
    waits = changed(released(), total("6"))
    with pytest.raises(TransitionError, match="waits already"):
        changed(waits, total("7"))


def test_a_change_of_an_order_that_is_over_is_refused_with_its_status() -> None:
    order = do(placed(), RejectOrder("no"))
    said = answer(events_of(order, Proposal(lines=(total("6"),))))
    assert {each.reason for each in said.rulings} == {"the order is rejected"}


def test_a_refused_order_answers_the_change_that_waits_too() -> None:
    terms = Terms(credit_limit=number(1000))
    waits = changed(placed(terms=terms), total("15"), known=facts(owed="899.50"), terms=terms)
    after = do(waits, RejectOrder("no"))
    assert (after.change, after.changes[-1].status) == (None, "rejected")


def test_a_purchase_order_that_cancels_is_answered_as_one() -> None:
    events = events_of(placed(), Proposal(cancels=True, by_order=True))
    decided = next(event for event in events if isinstance(event, OrderDecided))
    assert decided.status == "changed"
    assert the_line(follow(placed(), events)).deleted


def test_a_change_without_effect_is_accepted() -> None:
    order = changed(
        placed(line(price="89.95")), LineChange("1", "change", "price_change", number(10), unit_price=Decimal("89.95"))
    )
    assert (order.lines, order.changes[-1].status) == (placed(line(price="89.95")).lines, "accepted")


def test_an_invoiced_order_is_not_changed_by_a_refused_change() -> None:
    order = do(shipped(released()), IssueInvoice("INV1", "S1", TODAY))
    assert replace(changed(order, total("3")), changes=(), version=0) == replace(order, version=0)


def test_lines_in_two_warehouses_are_freed_where_nobody_picks_first() -> None:
    known = facts(stock(("DAL", TENT, 6), ("RNO", TENT, 7)))
    order = do(do(None, wanted(), known), ReleaseToWarehouse((RNO,)), known)
    order = changed(order, total("7"), known=known)
    assert {each.warehouse: each.quantity for each in the_line(order).sources} == {RNO: 7}
    assert PLENTY


@pytest.mark.parametrize("name", [each.name for each in fields(HeadChange)])
def test_every_date_of_the_order_may_become_another(name: str) -> None:
    day = TODAY + timedelta(days=9)
    order = follow(placed(), events_of(placed(), Proposal(head=HeadChange(**{name: day}))))
    assert (getattr(order, name), order.changes[-1].status) == (day, "accepted")
