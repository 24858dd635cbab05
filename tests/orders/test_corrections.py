"""Credits never take back more than was invoiced, add up to it when all is taken back, and change nothing issued."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.kernel.errors import TransitionError
from gateway.orders.billing.invoicing import billing_status
from gateway.orders.commands import CreditInvoice, RebillInvoice, WantedCredit
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.order import Adjustment, Order
from gateway.orders.terms import Terms
from tests.orders.billed import (
    ADJUSTMENTS,
    PRICES,
    TAXES,
    adds_up,
    bill,
    events_of,
    lines_are_priced,
    shipped_order,
    together,
)
from tests.orders.build import TODAY, follow, number

TERMS = Terms(tax=TAXES, net_days=30)
LINES = st.lists(st.tuples(st.integers(1, 40), PRICES), min_size=1, max_size=4)
ASKED = st.tuples(
    st.integers(1, 4), st.none() | st.integers(1, 30), st.none() | st.decimals(0, 400, places=2), st.booleans()
)  # fmt: skip


def credit(number_: str = "CM1", **more: object) -> CreditInvoice:
    return CreditInvoice(number_, "INV1", TODAY, "why", **more)  # type: ignore[arg-type]


def rebill(**more: object) -> RebillInvoice:
    return RebillInvoice("CM1", "INV1", "INV2", TODAY, "why", **more)  # type: ignore[arg-type]


def credited(order: Order, command: CreditInvoice, *bills: Bill) -> tuple[Order, OrderCredited]:
    (event,) = events_of(order, command, TERMS, bills)
    assert isinstance(event, OrderCredited)
    return follow(order, [event]), event


def tents(**more: object) -> tuple[Order, OrderInvoiced]:
    """Ten at 90.00 with 5% off, taxed: 900.00 - 45.00 + 70.54 = 925.54."""
    allowance = Adjustment("allowance", "C310", percent=number(5))
    return bill(shipped_order([(10, 10, number("90.00"))], adjustments=(allowance,), **more), TERMS)  # type: ignore[arg-type]


def test_a_credit_of_a_quantity_takes_its_part_of_allowances_and_taxes_with_it() -> None:
    order, invoice = tents()
    assert invoice.total == number("925.54")
    after, memo = credited(order, credit(lines=(WantedCredit("1", number(2)),)), invoice)
    assert (memo.goods, memo.adjustments[0].amount, memo.taxes[0].amount) == (
        number("180.00"),
        number("9.00"),
        number("14.11"),
    )
    assert memo.total == number("185.11")
    assert after.lines[0].quantity.credited == 2


def test_a_credit_of_a_price_takes_back_no_goods() -> None:
    order, invoice = tents()
    after, memo = credited(order, credit(lines=(WantedCredit("1", price=number("85.50")),)), invoice)
    assert (memo.lines[0].quantity, memo.lines[0].unit_price, memo.goods) == (
        number(10),
        number("4.50"),
        number("45.00"),
    )
    assert memo.total == number("45.00") - number("2.25") + number("3.53")
    assert after.lines[0].quantity.credited == 0


def test_goods_that_come_back_after_their_price_was_lowered_are_credited_at_the_lower_price() -> None:
    order, invoice = tents()
    order, first = credited(order, credit(lines=(WantedCredit("1", price=number("85.50")),)), invoice)
    _, second = credited(order, credit("CM2", lines=(WantedCredit("1", number(1)),)), invoice, first)
    assert (second.lines[0].unit_price, second.goods) == (number("85.50"), number("85.50"))


def test_freight_is_credited_alone_and_its_tax_with_it() -> None:
    order, invoice = tents(fob="PC", freight=(("S1", number("40.00")),))
    _, memo = credited(order, credit(freight=number("15.00")), invoice)
    assert (memo.lines, memo.goods, memo.adjustments[0].code) == ((), number("0.00"), "D240")
    assert memo.total == number("15.00") + number("1.24")


def test_freight_stays_billed_when_goods_are_credited() -> None:
    order, invoice = tents(fob="PC", freight=(("S1", number("40.00")),))
    order, memo = credited(order, credit(lines=(WantedCredit("1"),)), invoice)
    assert [each.code for each in memo.adjustments] == ["C310"]
    _, rest = credited(order, credit("CM2", everything=True), invoice, memo)
    assert [each.code for each in rest.adjustments] == ["D240"]
    assert together([invoice, memo, rest]) == 0


def test_what_is_kept_back_for_restocking_lowers_the_credit() -> None:
    order, invoice = bill(shipped_order([(10, 10, number("90.00"))]), Terms())
    _, memo = credited(order, credit(lines=(WantedCredit("1", number(2)),), restocking_percent=number(15)), invoice)
    assert memo.total == number("180.00") - number("27.00")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (credit(lines=(WantedCredit("1", number(11)),)), "11 of line 1 of INV1 cannot be credited"),
        (credit(lines=(WantedCredit("1", number(0)),)), "0 of line 1"),
        (credit(lines=(WantedCredit("1", number(6)), WantedCredit("1", number(5)))), "4 of them are not credited"),
        (credit(lines=(WantedCredit("7"),)), "has no line 7"),
        (credit(lines=(WantedCredit("1", price=number(90)),)), "is not below the 90"),
        (credit(freight=number(1)), "of freight cannot be credited"),
        (credit(), "Nothing of INV1"),
        (replace(credit(), invoice_number="INV9"), "has no invoice INV9"),
        (rebill(), "Nothing says what"),
        (rebill(lines=(WantedCredit("1", number(12)),)), "12 of line 1 cannot be billed"),
    ],
)
def test_what_cannot_be_credited_is_refused_with_the_figures(command: CreditInvoice, said: str) -> None:
    order, invoice = tents()
    with pytest.raises(TransitionError, match=said) as refused:
        events_of(order, command, TERMS, (invoice,))
    assert refused.value.code == "C-CREDIT-MEMO"


@given(
    LINES, st.lists(ADJUSTMENTS, max_size=3), st.lists(ADJUSTMENTS, max_size=2), st.lists(ASKED, max_size=6),
    st.sampled_from([None, number("18.40")]),
)  # fmt: skip
@settings(deadline=None)
def test_credits_add_up_and_all_of_them_are_exactly_the_invoice(
    lines: list[tuple[int, Decimal]],
    header: list[Adjustment],
    own: list[Adjustment],
    asked: list[tuple[int, int | None, Decimal | None, bool]],
    freight: Decimal | None,
) -> None:
    order = shipped_order(
        [(quantity, quantity, price) for quantity, price in lines], adjustments=tuple(header), own=tuple(own),
        tax_codes=("", "FOOD", "GAS"), fob="PC", freight=(("S1", freight),) if freight else (),
    )  # fmt: skip
    order, invoice = bill(order, TERMS)
    bills: list[Bill] = [invoice]
    for line, quantity, price, with_freight in asked:
        wanted = WantedCredit(str(line), None if quantity is None else Decimal(quantity), price)
        command = credit(f"CM{len(bills)}", lines=(wanted,), freight=number("2.01") if with_freight else None)
        try:
            order, memo = credited(order, command, *bills)
        except TransitionError:
            continue
        bills.append(memo)
        assert adds_up(memo)
        assert lines_are_priced(memo)
        assert all(each.amount >= 0 for each in memo.lines)
        assert all(each.quantity.credited <= each.quantity.invoiced for each in order.lines)
    try:
        order, rest = credited(order, credit("CM99", everything=True), *bills)
        bills.append(rest)
    except TransitionError:
        pass  # all of it was credited before
    assert together(bills) == 0
    assert billing_status(order) == "credited"
    for at, each in enumerate(invoice.taxes):
        taken = (tax.amount for one in bills[1:] for tax in one.taxes if tax.percent == each.percent)
        assert sum(taken, number(0)) == invoice.taxes[at].amount


def test_a_rebill_credits_the_line_and_bills_it_at_the_right_price_without_counting_the_goods_twice() -> None:
    order, invoice = tents()
    events = events_of(order, rebill(lines=(WantedCredit("1", price=number("95.00")),)), TERMS, (invoice,))
    memo, again = events
    assert isinstance(memo, OrderCredited)
    assert isinstance(again, OrderInvoiced)
    assert memo.total == invoice.total
    assert (again.goods, again.adjustments[0].amount, again.taxes[0].amount) == (
        number("950.00"),
        number("47.50"),
        number("74.46"),
    )
    assert (again.total, again.replaces) == (number("976.96"), "INV1")
    after = follow(order, events)
    assert (after.lines[0].quantity.invoiced, after.lines[0].quantity.credited) == (10, 0)
    assert after.invoices == ("INV1", "CM1", "INV2")


def test_a_rebill_of_fewer_goods_leaves_the_others_credited() -> None:
    order, invoice = tents()
    after = follow(order, events_of(order, rebill(lines=(WantedCredit("1", number(8)),)), TERMS, (invoice,)))
    assert (after.lines[0].quantity.invoiced, after.lines[0].quantity.credited) == (10, 2)


def test_a_rebill_of_freight_bills_the_right_amount() -> None:
    order, invoice = tents(fob="PC", freight=(("S1", number("40.00")),))
    memo, again = events_of(order, rebill(freight=number("25.00")), TERMS, (invoice,))
    order = follow(order, (memo, again))
    assert isinstance(memo, OrderCredited)
    assert isinstance(again, OrderInvoiced)
    assert [each.amount for each in memo.adjustments] == [number("40.00")]
    assert [each.amount for each in again.adjustments] == [number("25.00")]
    assert (again.lines, again.total) == ((), number("25.00") + number("2.06"))
    whole = replace(credit("CM2", everything=True), invoice_number="INV2")
    assert credited(order, whole, invoice, memo, again)[1].total == again.total


def test_a_rebill_of_everything_takes_the_taxes_as_they_are_now() -> None:
    order, invoice = bill(shipped_order([(10, 10, number("90.00"))]), TERMS)
    memo, again = events_of(order, rebill(everything=True), Terms(), (invoice,))
    assert isinstance(memo, OrderCredited)
    assert isinstance(again, OrderInvoiced)
    assert (memo.total, again.total) == (number("974.25"), number("900.00"))


@given(LINES, st.lists(ADJUSTMENTS, max_size=3), st.lists(ADJUSTMENTS, max_size=2), st.decimals(0, 400, places=2))
def test_whatever_is_billed_again_adds_up_and_can_be_credited_whole(
    lines: list[tuple[int, Decimal]], header: list[Adjustment], own: list[Adjustment], price: Decimal
) -> None:
    order = shipped_order(
        [(quantity, quantity, each) for quantity, each in lines], adjustments=tuple(header), own=tuple(own),
        tax_codes=("", "GAS"),
    )  # fmt: skip
    order, invoice = bill(order, TERMS)
    memo, again = events_of(order, rebill(lines=(WantedCredit("1", price=price),)), TERMS, (invoice,))
    assert isinstance(memo, OrderCredited)
    assert isinstance(again, OrderInvoiced)
    assert adds_up(memo)
    assert adds_up(again)
    order = follow(order, (memo, again))
    whole = replace(credit("CM2", everything=True), invoice_number="INV2")
    order, rest = credited(order, whole, invoice, memo, again)
    assert rest.total == again.total
