"""Allowances, charges and payment terms of an order against the agreed ones (lifecycle 2 and 7)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.orders.commands import ReleaseHold
from gateway.orders.considering.payment_terms import PaymentTerms, counting
from gateway.orders.order import Adjustment, Order
from gateway.orders.terms import Terms
from tests.orders.build import codes, do, line, number, placed

AGREED = Terms(allowances=(("C310", number(5)),))
OURS = Adjustment("allowance", "C310", percent=number(5), agreed=True)


def off(percent: str, code: str = "C310") -> Adjustment:
    return Adjustment("allowance", code, percent=number(percent))


def claimed(*adjustments: Adjustment, terms: Terms = AGREED) -> Order:
    return placed(claimed=adjustments, terms=terms)


def test_an_agreed_allowance_is_invoiced_also_where_the_order_does_not_name_it() -> None:
    assert placed(terms=AGREED).adjustments == (OURS,)


@pytest.mark.parametrize("percent", ["5", "3"])
def test_the_same_or_a_smaller_allowance_is_no_question_and_ours_is_invoiced(percent: str) -> None:
    order = claimed(off(percent))
    assert (codes(order), order.adjustments, order.ours_answered) == ([], (OURS,), False)


def test_an_allowance_told_as_an_amount_is_compared_in_money() -> None:
    goods = number("899.50")
    assert codes(claimed(Adjustment("allowance", "C310", amount=goods / 20))) == []
    assert codes(claimed(Adjustment("allowance", "C310", amount=goods / 20 + 1))) == ["C-PRICE"]


def test_two_claims_of_one_code_are_compared_together() -> None:
    assert codes(claimed(off("3"), off("3"))) == ["C-PRICE"]


@pytest.mark.parametrize("claim", [off("7"), off("1", "F800"), Adjustment("allowance", "F800", amount=number(1))])
def test_more_than_agreed_is_held_with_both_named(claim: Adjustment) -> None:
    order = claimed(claim)
    assert codes(order) == ["C-PRICE"]
    assert claim.code in order.holds[0].reason
    assert "agreed:" in order.holds[0].reason


def test_outside_accept_ours_invoices_ours_and_answers_that_something_changed() -> None:
    order = claimed(off("7"), terms=replace(AGREED, outside_tolerance="accept_ours"))
    assert (codes(order), order.adjustments, order.ours_answered) == ([], (OURS,), True)


def test_outside_accept_theirs_invoices_theirs_instead_of_the_agreed_one() -> None:
    order = claimed(off("7"), terms=replace(AGREED, outside_tolerance="accept_theirs"))
    assert order.adjustments == (off("7"),)


def test_outside_reject_refuses_the_order() -> None:
    order = claimed(off("7"), terms=replace(AGREED, outside_tolerance="reject"))
    assert order.lines[0].quantity.rejected == 10


@pytest.mark.parametrize(("accept", "expected"), [("ours", (OURS,)), ("theirs", (off("7"),))])
def test_the_hold_ends_by_saying_whose_allowance_counts(accept: str, expected: tuple[Adjustment, ...]) -> None:
    order = claimed(off("7"))
    order = do(order, ReleaseHold(order.holds[0].id, "ok", accept), terms=AGREED)  # type: ignore[arg-type]
    assert (order.decided, order.adjustments) == (True, expected)


def test_a_charge_that_the_order_offers_is_invoiced() -> None:
    freight = Adjustment("charge", "D240", amount=number(25))
    assert claimed(freight).adjustments == (OURS, freight)


def test_an_allowance_of_a_line_beyond_the_agreed_one_is_invoiced_for_the_line_when_accepted() -> None:
    terms = replace(AGREED, outside_tolerance="accept_theirs")
    order = placed(replace(line(), claimed=(off("8"),)), line(), terms=terms)
    assert order.lines[0].adjustments == (off("3"),)
    assert order.lines[1].adjustments == ()


def test_a_rate_per_unit_counts_for_every_unit_of_the_line() -> None:
    rate = Adjustment("allowance", "C310", rate=number("4.50"))
    assert codes(placed(replace(line(), claimed=(rate,)), terms=AGREED)) == ["C-PRICE"]
    less = replace(rate, rate=number("4.49"))
    assert codes(placed(replace(line(), claimed=(less,)), terms=AGREED)) == []


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_what_takes_no_more_off_than_agreed_is_never_asked(agreed: Decimal, asked: Decimal) -> None:
    order = claimed(off(str(asked)), terms=Terms(allowances=(("C310", agreed),)))
    assert (codes(order) == []) is (asked <= agreed)
    assert [each.percent for each in order.adjustments] == [agreed]


PAYMENT = Terms(discount_percent=number(2), discount_days=10, net_days=30)


def paying(percent: str | None, days: int | None, net: int | None, terms: Terms = PAYMENT) -> Order:
    return placed(
        claimed_discount_percent=number(percent) if percent else None, claimed_discount_days=days,
        claimed_net_days=net, terms=terms,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "days", "net", "fine"),
    [
        ("2", 10, 30, True), (None, None, 30, True), ("1", 10, 30, True), ("2", 5, 20, True), (None, None, None, True),
        ("3", 10, 30, False), ("2", 15, 30, False), ("2", 10, 60, False),
    ],
)  # fmt: skip
def test_payment_terms_worse_for_us_are_a_conflict(percent: str | None, days: int, net: int, fine: bool) -> None:  # noqa: FBT001
    order = paying(percent, days, net)
    assert codes(order) == ([] if fine else ["C-CONFLICT"])


def test_a_term_that_was_never_agreed_is_not_compared() -> None:
    assert codes(paying("2", 10, 30, Terms(net_days=30))) == []
    assert codes(paying("2", 10, 60, Terms())) == []


def test_a_released_conflict_leaves_our_payment_terms_and_says_so() -> None:
    order = paying("2", 10, 60)
    order = do(order, ReleaseHold(order.holds[0].id, "ok"), terms=PAYMENT)
    assert (order.decided, order.ours_answered, counting(order, PAYMENT).net_days) == (True, True, 30)


def test_accepted_payment_terms_are_invoiced_and_what_the_order_leaves_open_is_as_agreed() -> None:
    terms = replace(PAYMENT, outside_tolerance="accept_theirs")
    order = paying(None, None, 60, terms)
    assert counting(order, terms) == PaymentTerms(number(2), 10, 60)


def test_a_conflict_is_accepted_as_theirs_by_saying_so() -> None:
    order = paying("2", 10, 60)
    order = do(order, ReleaseHold(order.holds[0].id, "ok", "theirs"), terms=PAYMENT)
    assert (order.decided, order.ours_answered, counting(order, PAYMENT).net_days) == (True, False, 60)
