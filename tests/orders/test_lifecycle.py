"""The lifecycle table: what may follow what, and how the status is told."""

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args

import pytest

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import HoldId
from gateway.orders import decisions, transitions
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import Command, IssueInvoice, PlaceOrder, RejectOrder, ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import Event, LineAllocated, LineShortPicked, OrderDecided
from gateway.orders.lifecycle import ALLOWED, MOVES, Status, status
from gateway.orders.order import Buckets, LineCode, Order
from gateway.orders.shipping import fulfilment
from gateway.orders.terms import Terms
from gateway.orders.transitions import APPLIED, OF_LINES
from tests.orders.build import (
    DAL,
    NOW,
    RNO,
    STOVE,
    TENT,
    TODAY,
    codes,
    confirmed,
    do,
    facts,
    hold_ids,
    line,
    number,
    placed,
    stock,
    wanted,
)


def decided(order: PlaceOrder, known: object = None, terms: Terms | None = None) -> OrderDecided:
    events = decisions.decide(None, order, Case(known or facts(), terms or Terms(), NOW, hold_ids()))  # type: ignore[arg-type]
    return next(event for event in events if isinstance(event, OrderDecided))


def shipped(order: Order) -> Order:
    order = do(order, ReleaseToWarehouse((DAL,)))
    return do(order, confirmed(*((each.number, str(each.quantity.allocated)) for each in order.lines)))


def test_every_command_but_the_first_has_its_row_in_the_table() -> None:
    assert set(ALLOWED) == set(decisions.POLICIES) == set(get_args(Command)) - {PlaceOrder}
    assert set(APPLIED) | set(OF_LINES) == set(get_args(Event))
    assert not set(APPLIED) & set(OF_LINES)


def test_every_move_is_between_buckets_that_add_up_and_belongs_to_an_event() -> None:
    names = {each.name for each in fields(Buckets)}
    for event, origin, target in MOVES:
        assert event in get_args(Event)
        assert {origin, target} <= names


def test_an_order_goes_from_placed_to_invoiced() -> None:
    order = placed(line(price="89.95"))
    assert (status(order), order.decided) == (Status.ALLOCATED, True)
    order = do(order, ReleaseToWarehouse((DAL,)))
    assert status(order) is Status.RELEASED
    order = do(order, confirmed(("1", "10")))
    assert (status(order), order.shipments) == (Status.SHIPPED, ("S1",))
    order = do(order, IssueInvoice("INV1", "S1", TODAY))
    assert (status(order), order.invoices) == (Status.INVOICED, ("INV1",))


def test_what_the_table_does_not_allow_is_refused_with_the_way_on() -> None:
    order = placed()
    with pytest.raises(TransitionError, match=r"SO-1 is allocated; an invoice is not possible") as refused:
        do(order, IssueInvoice("INV1", "S1", TODAY))
    assert "shipped" in refused.value.next_step


def test_a_quantity_never_leaves_a_bucket_that_has_less() -> None:
    order = placed()
    with pytest.raises(TransitionError, match="cannot leave pending"):
        transitions.apply(order, LineAllocated("1", TENT, number(1), number(1), DAL, "", TODAY))


def test_a_clean_order_is_accepted_and_any_difference_makes_it_changed_or_rejected() -> None:
    assert decided(wanted()).status == "accepted"
    assert decided(wanted(line(quantity="200"))).status == "changed"
    assert decided(wanted(line("NO-SUCH"))).status == "rejected"
    assert decided(wanted(line(), line("NO-SUCH"))).status == "changed"


def test_an_unknown_item_is_rejected_on_its_line_and_the_others_go_on() -> None:
    order = placed(line(), line("NO-SUCH"))
    assert [each.codes for each in order.lines] == [(LineCode.ACCEPTED,), (LineCode.INVALID_ITEM,)]
    assert [each.quantity.allocated for each in order.lines] == [10, 0]


def test_an_unknown_item_may_hold_the_order_and_is_looked_up_again_on_release() -> None:
    terms = Terms(unknown_item="hold_until_deadline")
    order = placed(line("NO-SUCH"), terms=terms)
    assert codes(order) == ["C-ITEM"]
    order = do(order, ReleaseHold(order.holds[0].id, "answer it"), terms=terms)
    assert order.lines[0].codes == (LineCode.INVALID_ITEM,)


def test_an_unknown_unit_is_rejected_and_a_pack_unit_reserves_stock_units() -> None:
    order = placed(line("STOVE", "2", uom="CA"), line("STOVE", "1", uom="PL"))
    assert order.lines[1].codes == (LineCode.INVALID_UNIT,)
    assert stocks.reservations(order) == {(DAL, STOVE): number(12)}
    assert order.lines[0].unit_price == Decimal("196.50")


@pytest.mark.parametrize("quantity", ["0", "-3"])
def test_a_quantity_of_nothing_or_less_holds_the_order_and_is_never_served(quantity: str) -> None:
    order = placed(line(quantity=quantity), line())
    assert codes(order) == ["C-DATA"]
    assert f"line 1, PO102: the quantity is {quantity}" in order.holds[0].reason
    order = do(order, ReleaseHold(order.holds[0].id, "the second line only"))
    assert order.lines[0].codes == (LineCode.REJECTED,)
    assert [each.quantity.allocated for each in order.lines] == [0, 10]


def test_what_is_short_waits_and_both_parts_are_answered() -> None:
    order = placed(line(quantity="150"))
    assert order.lines[0].codes == (LineCode.ACCEPTED, LineCode.BACKORDERED)
    assert (order.lines[0].quantity.allocated, order.lines[0].quantity.backordered) == (number(100), number(50))
    assert status(order) is Status.PARTIALLY_ALLOCATED


def test_the_buyers_instruction_decides_whether_what_is_short_waits() -> None:
    order = placed(line(quantity="150"), backorder="no_backorder")
    assert order.lines[0].quantity.cancelled == 50
    assert (
        placed(line(quantity="150"), backorder="no_backorder", terms=Terms(backorder="always"))
        .lines[0]
        .quantity.backordered
        == 50
    )


def test_an_order_that_must_ship_complete_is_not_released_while_goods_are_missing() -> None:
    short = placed(line(quantity="150"), backorder="ship_complete")
    assert not fulfilment.release_due(short, Terms(), TODAY)
    assert fulfilment.release_due(placed(line(quantity="150")), Terms(), TODAY)
    assert not fulfilment.release_due(placed(line(quantity="150")), Terms(partial_shipments=False), TODAY)


def test_a_release_waits_for_ship_not_before_and_ends_with_cancel_after() -> None:
    early = placed(ship_not_before=TODAY + timedelta(days=3))
    assert not fulfilment.release_due(early, Terms(), TODAY)
    assert fulfilment.release_due(early, Terms(lead_days=3), TODAY)
    late = placed(cancel_after=TODAY + timedelta(days=1))
    assert not fulfilment.release_due(late, Terms(), TODAY + timedelta(days=2))


def test_a_warehouse_that_fills_all_lines_comes_before_one_with_more_stock() -> None:
    levels = stock(("DAL", TENT, 500), ("RNO", TENT, 50), ("RNO", STOVE, 50))
    order = placed(line(), line("STOVE"), known=facts(levels))
    assert [source.warehouse for each in order.lines for source in each.sources] == [RNO, RNO]
    assert "alone" in order.lines[0].sources[0].reason


def test_a_preferred_warehouse_comes_first() -> None:
    levels = stock(("DAL", TENT, 500), ("RNO", TENT, 50))
    order = placed(known=facts(levels), terms=Terms(sourcing=("preferred RNO",)))
    assert order.lines[0].sources[0].warehouse == RNO


def test_a_line_is_split_only_when_no_warehouse_fills_it() -> None:
    levels = stock(("DAL", TENT, 6), ("RNO", TENT, 7))
    order = placed(known=facts(levels))
    assert [(source.warehouse, source.quantity) for source in order.lines[0].sources] == [
        (RNO, number(7)),
        (DAL, number(3)),
    ]


def test_two_lines_of_one_item_share_what_there_is() -> None:
    order = placed(line(quantity="60"), line(quantity="60"))
    assert [each.quantity.backordered for each in order.lines] == [0, 60 - 40]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"unobeyed": ("SDQ: ...",)}, "C-DATA"),
        ({"currency": "CAD"}, "C-DATA"),
        ({"duplicate_of": "SO-0"}, "C-DUP-PO"),
        ({"ship_to": None}, "C-ADDRESS"),
        ({"ship_not_before": TODAY + timedelta(days=9), "ship_no_later": TODAY}, "C-WINDOW"),
        ({"cancel_after": TODAY - timedelta(days=1)}, "C-WINDOW"),
        ({"ship_no_later": TODAY - timedelta(days=1)}, "C-WINDOW"),
    ],
)
def test_each_reason_to_wait_is_a_hold_of_its_own(more: dict[str, object], code: str) -> None:
    if more.get("ship_to", "") is None:
        more = {"ship_to": replace(wanted().ship_to, address1="", city="")}
    order = do(None, wanted(**more))
    assert code in codes(order)
    assert status(order) is Status.ON_HOLD
    assert not order.decided


def test_several_reasons_hold_at_once_and_the_last_release_decides() -> None:
    terms = Terms(credit_limit=number(100))
    order = placed(unobeyed=("SCH",), terms=terms)
    assert codes(order) == ["C-DATA", "C-CREDIT"]
    order = do(order, ReleaseHold(order.holds[0].id, "by hand"), terms=terms)
    assert status(order) is Status.ON_HOLD
    order = do(order, ReleaseHold(order.holds[0].id, "paid"), terms=terms)
    assert order.decided
    assert status(order) is Status.ALLOCATED


def test_a_credit_hold_names_its_figures() -> None:
    order = placed(known=facts(owed="200"), terms=Terms(credit_limit=number(1000)))
    assert order.holds[0].reason == (
        "credit: 200.00 USD are open (unpaid invoices 200.00) and this order is 899.50 USD, together 1,099.50 USD; the limit is 1,000.00 USD"
    )


def test_an_order_in_another_currency_names_the_key_that_agrees_on_one() -> None:
    order = placed(currency="CAD")
    assert order.holds[0].reason == (
        "the order is in CAD, agreed is USD ('terms.currency' of the partner file); we have no price in it; "
        "released, it is priced and billed in CAD"
    )


def test_an_order_below_the_minimum_is_held() -> None:
    assert codes(placed(line(quantity="1"), terms=Terms(minimum_order=number(100)))) == ["C-MINIMUM"]


def test_a_test_order_reserves_nothing_and_finds_everything_in_stock() -> None:
    order = placed(line(quantity="9999"), known=facts(()), test=True, terms=Terms(credit_limit=number(1)))
    assert order.lines[0].quantity.allocated == 9999
    assert stocks.reservations(order) == {}


def test_on_line_error_may_reject_the_whole_order() -> None:
    order = placed(line(), line("NO-SUCH"), terms=Terms(on_line_error="reject_order"))
    assert [each.quantity.rejected for each in order.lines] == [10, 10]
    assert status(order) is Status.REJECTED


def test_line_numbers_are_theirs_when_all_are_there_and_distinct() -> None:
    assert [each.number for each in placed(line(name="10"), line(name="20")).lines] == ["10", "20"]
    assert [each.number for each in placed(line(name="10"), line(name="10")).lines] == ["1", "2"]
    assert [each.number for each in placed(line(name="10"), line()).lines] == ["1", "2"]


def test_rejecting_ends_holds_answers_and_frees_the_stock() -> None:
    held = placed(unobeyed=("SCH",))
    refused = do(held, RejectOrder("no"))
    assert (status(refused), refused.decided, refused.holds) == (Status.REJECTED, True, ())
    allocated = do(placed(line(quantity="150")), RejectOrder("no"))
    assert stocks.reservations(allocated) == {}
    assert status(allocated) is Status.REJECTED


def test_what_is_being_picked_is_not_rejected_any_more() -> None:
    with pytest.raises(TransitionError):
        do(do(placed(), ReleaseToWarehouse((DAL,))), RejectOrder("no"))


def test_a_warehouse_is_told_once() -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))
    with pytest.raises(TransitionError, match="not told to pick already"):
        do(order, ReleaseToWarehouse((DAL,)))


def test_a_short_pick_is_in_question_and_the_rest_waits() -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))
    events = decisions.decide(order, confirmed(("1", "7")), Case(facts(), Terms(), NOW, hold_ids()))
    (short,) = [event for event in events if isinstance(event, LineShortPicked)]
    assert (short.quantity, short.to_bucket) == (number(3), "backordered")
    order = do(order, confirmed(("1", "7")))
    assert (order.lines[0].quantity.shipped, order.lines[0].quantity.backordered) == (number(7), number(3))
    assert stocks.reservations(order) == {}


@pytest.mark.parametrize(
    ("rows", "warehouse", "code"),
    [
        ((("1", "11"),), DAL, "C-OVER-SHIP"),
        ((("1", "6"), ("1", "5")), DAL, "C-OVER-SHIP"),
        ((("9", "1"),), DAL, "C-SHIP-UNKNOWN"),
        ((("1", "0"),), DAL, "C-SHIP-UNKNOWN"),
        ((("1", "1"),), RNO, "C-SHIP-UNKNOWN"),
    ],
)
def test_a_shipment_that_cannot_be_is_refused_whole(
    rows: tuple[tuple[str, str], ...], warehouse: object, code: str
) -> None:
    order = do(placed(), ReleaseToWarehouse((DAL,)))
    with pytest.raises(TransitionError) as refused:
        do(order, confirmed(*rows, warehouse=warehouse))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_an_invoice_bills_what_was_shipped_at_the_agreed_price_to_the_cent() -> None:
    terms = Terms(allowances=(("C310", number("2.5")),), net_days=30)
    order = shipped(placed(line(quantity="3"), line("STOVE", "7"), terms=terms))
    (event,) = decisions.decide(order, IssueInvoice("I1", "S1", TODAY), Case(facts(), terms, NOW, hold_ids()))
    assert event.goods == Decimal("499.10")  # type: ignore[union-attr]
    (allowance,) = event.adjustments  # type: ignore[union-attr]
    assert (allowance.code, allowance.percent, allowance.amount) == ("C310", number("2.5"), Decimal("12.48"))
    assert event.total == Decimal("486.62")  # type: ignore[union-attr]
    assert event.due_date == TODAY + timedelta(days=30)  # type: ignore[union-attr]


def test_the_same_goods_are_never_invoiced_twice() -> None:
    order = do(shipped(placed()), IssueInvoice("I1", "S1", TODAY))
    with pytest.raises(TransitionError):
        do(order, IssueInvoice("I2", "S1", TODAY))


def test_releasing_a_hold_that_is_not_there_is_refused() -> None:
    with pytest.raises(TransitionError, match="no open hold H-9"):
        do(placed(unobeyed=("SCH",)), ReleaseHold(HoldId("H-9"), "why"))
