"""Credit: what counts, what stops an order, what somebody released, and when it is asked again."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.ids import PartnerId
from gateway.orders import decisions, worth
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import OrderDecided, OrderHeld
from gateway.orders.facts import Exposure, Facts, OpenInvoice
from gateway.orders.happened.handled import CreditChecked
from gateway.orders.holds import credit
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import Order
from gateway.orders.terms import Terms
from tests.orders.build import DAL, NOW, TODAY, codes, confirmed, do, facts, hold_ids, line, number, placed, wanted

ACME, WEST = PartnerId("acme"), PartnerId("acme-west")
AMOUNTS = st.decimals(0, 5000, places=2)


def owing(exposure: Exposure) -> Facts:
    return replace(facts(), exposure=exposure)


def overdue(days: int) -> Exposure:
    return Exposure(oldest=OpenInvoice(WEST, "INV7", TODAY - timedelta(days=days)), members=(ACME, WEST))


def refusal(order: Order, exposure: Exposure, terms: Terms) -> str:
    verdict = credit.check(order, exposure, terms, TODAY)
    return verdict.refusal if verdict is not None else ""


def test_nothing_is_checked_where_nothing_is_agreed() -> None:
    assert credit.check(placed(), Exposure(unpaid_invoices=number(10**9)), Terms(), TODAY) is None


def test_what_is_owed_and_the_order_together_may_reach_the_limit_and_not_a_cent_more() -> None:
    order = placed(line(price="89.95"))  # 10 x 89.95
    for limit, held in (("999.50", False), ("999.49", True)):
        terms = Terms(credit_limit=Decimal(limit))
        assert bool(refusal(order, Exposure(open_items=number(100)), terms)) is held


def test_a_hold_says_every_part_that_counts_the_group_and_the_figures_one_by_one() -> None:
    exposure = Exposure(
        unpaid_invoices=number(400), open_items=number(300), shipped_not_invoiced=number(20), open_orders=number(10),
        credits=number(50), unapplied_cash=number(30), members=(ACME, WEST),
    )  # fmt: skip
    order = placed(known=owing(exposure), terms=Terms(credit_limit=number(1000)))
    (hold,) = order.holds
    assert hold.reason == (
        "credit: 650.00 USD are open (unpaid invoices 400.00, open items 300.00, shipped not invoiced 20.00, "
        "open orders 10.00, credits -50.00, unapplied cash -30.00; group of acme, acme-west) and this order is 899.50 USD, "
        "together 1,549.50 USD; the limit is 1,000.00 USD"
    )
    assert dict(hold.figures)["exposure"] == "650.00"
    assert dict(hold.figures)["room"] == "-549.50"


def test_a_check_that_passes_is_an_event_with_the_room_that_is_left() -> None:
    case = Case(facts(owed="50"), Terms(credit_limit=number(1000)), NOW, hold_ids())
    events = decisions.decide(None, wanted(), case)
    (checked,) = (each for each in events if isinstance(each, CreditChecked))
    assert (checked.exposure, checked.order, checked.room) == (50, Decimal("899.50"), Decimal("50.50"))
    assert "room left 50.50 USD" in checked.figures


@given(st.tuples(*(AMOUNTS,) * 7))
def test_the_exposure_is_the_sum_of_its_parts(parts: tuple[Decimal, ...]) -> None:
    unpaid, items, shipped, orders, credited, cash, limit = parts
    exposure = Exposure(unpaid, items, shipped, orders, credited, cash)
    order, terms = placed(), Terms(credit_limit=limit)
    total = unpaid + items + shipped + orders - credited - cash
    assert exposure.total == total
    assert bool(refusal(order, exposure, terms)) is (total + worth.to_ship(order) > limit)


@pytest.mark.parametrize(("word", "held"), [
    ("", False), ("ok", False), ("OK ", False), ("good", False), ("stop", True), ("Hold", True), ("blocked", True),
    ("cash only", True),
])  # fmt: skip
def test_a_credit_status_lets_the_limit_decide_or_stops_every_order(word: str, held: bool) -> None:  # noqa: FBT001
    terms = Terms(credit_limit=number(10**6), credit_status=word)
    assert (codes(placed(terms=terms)) == ["C-CREDIT"]) is held


def test_a_status_that_nobody_knows_stops_the_order_and_is_named_with_those_we_know() -> None:
    said = placed(terms=Terms(credit_status="cash only")).holds[0].reason
    assert "'cash only' is none we know (active, bad, block, blocked, good, hold, ok, open, stop)" in said


def test_an_invoice_stops_orders_when_it_is_overdue_for_more_days_than_agreed() -> None:
    terms = Terms(overdue_days=20)
    assert codes(placed(known=owing(overdue(20)), terms=terms)) == []
    (hold,) = placed(known=owing(overdue(21)), terms=terms).holds
    assert (
        hold.reason == "credit: invoice INV7 of acme-west is overdue (due 2026-10-30, 21 days ago); 20 days are agreed"
    )


def test_several_reasons_are_one_hold() -> None:
    terms = Terms(credit_limit=number(1), credit_status="stop", overdue_days=1)
    (hold,) = placed(known=owing(overdue(9)), terms=terms).holds
    assert hold.reason.count("credit:") == 3


def test_test_orders_never_count_nor_wait_for_credit() -> None:
    assert codes(placed(test=True, terms=Terms(credit_limit=number(0), credit_status="stop"))) == []


def test_a_released_order_stays_released_until_it_is_worth_more() -> None:
    terms = Terms(credit_limit=number(100))
    order = placed(terms=terms)
    order = do(order, ReleaseHold(order.holds[0].id, "agreed"), terms=terms)
    assert (order.decided, order.credit_approved) == (True, Decimal("899.50"))
    assert refusal(order, Exposure(open_items=number(10**6)), terms) == ""
    (first,) = order.lines
    more = replace(first, quantity=replace(first.quantity, ordered=number(11), pending=number(1)))
    assert refusal(replace(order, lines=(more,)), Exposure(), terms) != ""


def test_credit_is_asked_again_before_a_warehouse_is_told_to_pick() -> None:
    terms = Terms(credit_limit=number(1000))
    order = placed(terms=terms)
    order = do(order, ReleaseToWarehouse((DAL,)), facts(owed="500"), terms)
    assert (codes(order), order.lines[0].quantity.released) == (["C-CREDIT"], 0)
    order = do(order, ReleaseHold(order.holds[0].id, "agreed"), facts(owed="500"), terms)
    order = do(order, ReleaseToWarehouse((DAL,)), facts(owed="500"), terms)
    assert order.lines[0].quantity.released == 10


def test_a_decided_order_whose_hold_ends_is_not_answered_a_second_time() -> None:
    terms = Terms(credit_limit=number(1000))
    order = do(placed(terms=terms), ReleaseToWarehouse((DAL,)), facts(owed="500"), terms)
    case = Case(facts(owed="500"), terms, NOW, hold_ids())
    events = decisions.decide(order, ReleaseHold(order.holds[0].id, "agreed"), case)
    assert not any(isinstance(each, OrderDecided | OrderHeld) for each in events)


def test_goods_that_left_are_billed_whatever_holds_the_rest() -> None:
    terms = Terms(credit_limit=number(10**6))
    order = do(placed(line(quantity="120"), terms=terms), ReleaseToWarehouse((DAL,)), terms=terms)
    order = do(order, confirmed(("1", "100")), terms=terms)
    held = replace(order, holds=placed(terms=Terms(credit_status="stop")).holds)
    billed = do(held, IssueInvoice("INV1", "S1", date(2026, 11, 21)), terms=terms)
    assert (status(billed), billed.lines[0].quantity.invoiced) == (Status.ON_HOLD, 100)
