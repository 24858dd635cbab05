"""Holds by hand, corrections, cancellations and answers in time: each with what it does and what it refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.kernel.errors import TransitionError
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import (
    AnswerInTime,
    CancelOrder,
    Command,
    CorrectedValue,
    CorrectOrder,
    HoldOrder,
    RejectOrder,
    ReleaseHold,
    ReleaseToWarehouse,
    WantedLine,
)
from gateway.orders.events import Event, OrderDecided, OrderRecalled
from gateway.orders.facts import Facts
from gateway.orders.happened.handled import HoldEnded, LineCorrected, OrderAnsweredOnHold, OrderCorrected
from gateway.orders.holds.hold_rules import RULES
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import Address, HoldType, LineCode, Order
from gateway.orders.terms import Terms
from tests.orders.build import (
    DAL,
    NOW,
    RNO,
    STOVE,
    TENT,
    TODAY,
    codes,
    confirmed,
    facts,
    follow,
    hold_ids,
    line,
    number,
    stock,
    wanted,
)

IDS = hold_ids()
HOLDING = Terms(unknown_item="hold_until_deadline")


def do(order: Order | None, command: Command, known: Facts | None = None, terms: Terms | None = None) -> Order:
    """As the one of build, with an id of its own for each hold of a test."""
    return follow(order, decisions.decide(order, command, Case(known or facts(), terms or Terms(), NOW, IDS)))


def placed(*lines: WantedLine, known: Facts | None = None, terms: Terms | None = None, **more: object) -> Order:
    return do(None, wanted(*lines, **more), known, terms)


def events_of(order: Order, command: Command, terms: Terms | None = None) -> tuple[Event, ...]:
    return decisions.decide(order, command, Case(facts(), terms or Terms(), NOW, IDS))


def correct(order: Order, *values: tuple[str, str, str], terms: Terms | None = None) -> Order:
    said = tuple(CorrectedValue(field, value, of) for of, field, value in values)
    return do(order, CorrectOrder(said, "typing error", "jim"), terms=terms)


def released(*lines: object, **more: object) -> Order:
    return do(placed(*lines, **more), ReleaseToWarehouse((DAL,)))  # type: ignore[arg-type]


def test_every_type_of_hold_has_an_owner_a_way_to_end_it_and_an_effect() -> None:
    assert set(RULES) == set(HoldType)
    assert all(each.owner and each.ends and each.effect for each in RULES.values())


def test_a_hold_by_hand_keeps_goods_from_warehouses_and_ends_by_a_release() -> None:
    order = do(placed(), HoldOrder("the buyer asked", "anna"))
    assert [(each.code, each.reason) for each in order.holds] == [("C-MANUAL", "the buyer asked (anna)")]
    with pytest.raises(TransitionError, match="on_hold; a release to a warehouse"):
        do(order, ReleaseToWarehouse((DAL,)))
    order = do(order, ReleaseHold(order.holds[0].id, "they called"))
    assert status(do(order, ReleaseToWarehouse((DAL,)))) is Status.RELEASED


def test_a_hold_by_hand_before_the_decision_stops_the_decision_too() -> None:
    order = do(placed(unobeyed=("SCH",)), HoldOrder("wait", "anna"))
    order = do(order, ReleaseHold(order.holds[0].id, "by hand"))
    assert (codes(order), order.decided) == (["C-MANUAL"], False)
    order = do(order, ReleaseHold(order.holds[0].id, "go on"))
    assert order.decided


def test_an_order_is_held_by_hand_once_and_only_while_something_is_here() -> None:
    order = do(placed(), HoldOrder("wait"))
    with pytest.raises(TransitionError, match="on hold by hand already"):
        do(order, HoldOrder("again"))
    gone = do(released(), confirmed(("1", "10")))
    with pytest.raises(TransitionError, match="is shipped; putting it on hold is not possible"):
        do(gone, HoldOrder("too late"))


def test_several_holds_end_one_by_one_and_each_by_its_own_rule() -> None:
    order = placed(line(price="50"), unobeyed=("SCH",), terms=Terms(credit_limit=number(100)))
    assert set(codes(order)) == {"C-PRICE", "C-DATA", "C-CREDIT"}
    ids = {each.code: each.id for each in order.holds}
    with pytest.raises(TransitionError, match="whose price counts"):
        do(order, ReleaseHold(ids["C-PRICE"], "no answer"))
    with pytest.raises(TransitionError, match="a price or a conflict"):
        do(order, ReleaseHold(ids["C-DATA"], "whose", "theirs"))
    terms = Terms(credit_limit=number(100))
    for code in ("C-DATA", "C-CREDIT"):
        order = do(order, ReleaseHold(ids[code], "fine"), terms=terms)
    assert (codes(order), order.decided) == (["C-PRICE"], False)
    order = do(order, ReleaseHold(ids["C-PRICE"], "fine", "theirs"), terms=terms)
    assert (order.decided, order.lines[0].unit_price) == (True, 50)


def test_a_corrected_price_ends_its_hold_and_decides_the_order() -> None:
    order = correct(placed(line(price="8.99")), ("1", "price", "89.95"))
    assert (codes(order), order.decided, order.lines[0].codes) == ([], True, (LineCode.ACCEPTED,))


def test_a_correction_is_recorded_with_old_and_new_value_and_waives_nothing() -> None:
    order = placed(line(price="8.99"), ship_to=Address(name="ACME"))
    values = (CorrectedValue("price", "89.95", "1"), CorrectedValue("ship_to.city", "Austin"))
    events = events_of(order, CorrectOrder(values, "typing error", "jim"))
    assert events[0] == LineCorrected("1", "price", "8.99", "89.95", "typing error", "jim")
    assert events[1] == OrderCorrected("ship_to.city", "", "Austin", "typing error", "jim")
    ended = [each.code for each in events if isinstance(each, HoldEnded)]
    assert ended == ["C-PRICE"]
    after = follow(order, events)
    assert (codes(after), after.waived) == (["C-ADDRESS"], ())


def test_a_corrected_item_is_recognised_and_priced_again_and_the_rejected_line_comes_back() -> None:
    order = placed(line("NO-SUCH", price="32.75"), line(price="8.99"))
    assert order.lines[0].quantity.rejected == 10
    order = correct(order, ("1", "sku", "STOVE"), ("2", "price", "89.95"))
    assert [(each.sku, each.quantity.allocated) for each in order.lines] == [(STOVE, 10), (TENT, 10)]


def test_another_item_of_the_same_price_is_another_item() -> None:
    order = correct(placed(line("STOVE", price="1")), ("1", "sku", "TENT"), ("1", "price", "89.95"))
    assert (order.lines[0].sku, stocks.reservations(order)) == (TENT, {(DAL, TENT): number(10)})


def test_a_corrected_unit_counts_stock_in_it() -> None:
    order = correct(placed(line("STOVE", "2", uom="CA", price="32.75")), ("1", "uom", "EA"))
    assert stocks.reservations(order) == {(DAL, STOVE): number(2)}


def test_a_corrected_quantity_ends_the_complaint_about_it() -> None:
    order = placed(line(quantity="0"), line())
    order = correct(order, ("1", "quantity", "5"))
    assert (codes(order), [each.quantity.allocated for each in order.lines]) == ([], [5, 10])


def test_corrected_dates_end_the_hold_of_the_ship_window() -> None:
    order = placed(ship_no_later=TODAY - timedelta(days=1))
    assert codes(order) == ["C-WINDOW"]
    assert correct(order, ("", "ship_no_later", "2026-12-24")).decided
    assert correct(order, ("", "ship_no_later", "")).ship_no_later is None


def test_a_hold_whose_cause_changed_is_put_on_anew_with_the_new_reason() -> None:
    order = placed(line(price="8.99"), line("STOVE", price="1"))
    (before,) = order.holds
    (after,) = correct(order, ("1", "price", "89.95")).holds
    assert (after.code, after.id != before.id, "line 1" in after.reason) == ("C-PRICE", True, False)


def test_holds_that_no_check_finds_stay_until_somebody_ends_them() -> None:
    order = do(placed(line(price="8.99")), HoldOrder("wait"))
    order = correct(order, ("1", "price", "89.95"))
    assert (codes(order), order.decided) == (["C-MANUAL"], False)


@pytest.mark.parametrize(("of", "field", "value", "said"), [
    ("9", "price", "1", "has no line 9"), ("1", "price", "abc", "not a number"), ("1", "price", "NaN", "not a number"),
    ("1", "price", "-1", "below zero"), ("1", "quantity", "0", "cannot be served"), ("1", "sku", " ", "cannot be empty"),
    ("", "cancel_after", "tomorrow", "not a date"), ("", "po_number", "X", "is not corrected"),
    ("", "currency", "", "cannot be empty"),
])  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused(of: str, field: str, value: str, said: str) -> None:
    with pytest.raises(TransitionError, match=said):
        correct(placed(line(price="8.99")), (of, field, value))


def test_a_decided_order_is_not_corrected() -> None:
    order = do(placed(), HoldOrder("wait"))
    with pytest.raises(TransitionError, match="decided and answered"):
        correct(order, ("1", "quantity", "5"))


def test_what_waits_is_cancelled_before_what_is_reserved_and_that_before_what_is_picked() -> None:
    levels = facts(stock(("DAL", TENT, 60), ("RNO", TENT, 30)))
    order = placed(line(quantity="100"), known=levels)
    order = do(order, ReleaseToWarehouse((DAL,)), levels)
    order = do(order, CancelOrder("less", "1", number(25)), levels)
    assert (order.lines[0].quantity.backordered, stocks.reservations(order)[RNO, TENT]) == (0, 15)
    assert order.lines[0].quantity.released == 60
    events = events_of(order, CancelOrder("less", "1", number(20)))
    (recall,) = (each for each in events if isinstance(each, OrderRecalled))
    assert (recall.warehouse, recall.action, recall.lines[0].quantity) == (DAL, "replace", 55)
    order = follow(order, events)
    assert (order.lines[0].quantity.allocated, order.lines[0].quantity.released) == (55, 55)


def test_a_warehouse_with_nothing_left_to_pick_is_told_so_and_may_be_told_again() -> None:
    order = released()
    (recall, *_) = events_of(order, CancelOrder("closed"))
    assert isinstance(recall, OrderRecalled)
    assert recall.action == "cancel"
    assert status(do(order, CancelOrder("closed"))) is Status.CANCELLED


@pytest.mark.parametrize(("command", "said"), [
    (CancelOrder("x", "9"), "has no line 9"), (CancelOrder("x", "1", number(11)), "11 EA cannot be cancelled; 10 EA"),
    (CancelOrder("x", "1", number(0)), "0 EA cannot be cancelled"), (CancelOrder("x", "", number(1)), "belongs to a line"),
])  # fmt: skip
def test_more_than_there_is_cannot_be_cancelled(command: CancelOrder, said: str) -> None:
    with pytest.raises(TransitionError, match=said):
        do(placed(), command)


def test_an_order_that_is_not_decided_is_not_cancelled_but_rejected() -> None:
    order = placed(unobeyed=("SCH",))
    with pytest.raises(TransitionError, match="is not decided yet"):
        do(order, CancelOrder("x"))
    assert status(do(order, RejectOrder("x"))) is Status.REJECTED


def test_at_the_deadline_an_order_on_hold_is_answered_so_once_and_decided_later() -> None:
    order = placed(unobeyed=("SCH",))
    (answer,) = events_of(order, AnswerInTime())
    assert isinstance(answer, OrderAnsweredOnHold)
    order = follow(order, (answer,))
    assert events_of(order, AnswerInTime()) == ()
    events = events_of(order, ReleaseHold(order.holds[0].id, "by hand"))
    assert any(isinstance(each, OrderDecided) for each in events)


def test_nothing_is_answered_on_hold_where_the_agreement_takes_no_such_answer() -> None:
    assert events_of(placed(unobeyed=("SCH",)), AnswerInTime(tells=False)) == ()


def test_at_the_deadline_an_unknown_item_is_refused_and_the_order_goes_on() -> None:
    order = placed(line("NO-SUCH"), line(), terms=HOLDING)
    assert codes(order) == ["C-ITEM"]
    events = events_of(order, AnswerInTime(), HOLDING)
    assert not any(isinstance(each, OrderAnsweredOnHold) for each in events)
    order = follow(order, events)
    assert [each.codes for each in order.lines] == [(LineCode.INVALID_ITEM,), (LineCode.ACCEPTED,)]
    assert order.decided


def test_at_the_deadline_an_unknown_item_is_refused_although_something_else_holds_the_order() -> None:
    order = placed(line("NO-SUCH"), line(), unobeyed=("SCH",), terms=HOLDING)
    order = do(order, AnswerInTime(), terms=HOLDING)
    assert (codes(order), order.answered_on_hold) == (["C-DATA"], True)
    assert [each.quantity.pending for each in order.lines] == [0, 10]


def test_the_worth_of_what_somebody_approved_is_kept_with_the_order() -> None:
    terms = Terms(credit_limit=number(1))
    order = placed(line(quantity="2"), terms=terms)
    assert do(order, ReleaseHold(order.holds[0].id, "ok"), terms=terms).credit_approved == Decimal("179.90")


def test_at_the_deadline_lines_that_nobody_asks_about_are_known_and_stay_reserved() -> None:
    order = placed(line(price="50.00", name="1"), line(name="2"))
    assert codes(order) == ["C-PRICE"]
    order = follow(order, events_of(order, AnswerInTime()))
    assert [each.quantity.pending for each in order.lines] == [order.lines[0].quantity.ordered, 0]
    assert order.lines[1].codes == (LineCode.ACCEPTED,)
    assert status(order) is Status.ON_HOLD
    with pytest.raises(TransitionError, match="answered at the deadline already"):
        do(order, CorrectOrder((CorrectedValue("quantity", "1", "2"),), "less"))


def test_at_the_deadline_every_line_is_on_hold_while_the_order_as_a_whole_waits() -> None:
    order = placed(line(price="50.00", name="1"), line(name="2"), unobeyed=("SCH",))
    (answer,) = events_of(order, AnswerInTime())
    assert isinstance(answer, OrderAnsweredOnHold)
