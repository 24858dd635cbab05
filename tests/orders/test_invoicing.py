"""What is billed: goods, allowances, charges, freight and taxes, to the cent, once each."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.orders.billing import taxes
from gateway.orders.billing.invoicing import billing_status
from gateway.orders.bills import BilledTax, shares
from gateway.orders.commands import IssueInvoice
from gateway.orders.happened.bill_events import OrderInvoiced
from gateway.orders.order import Adjustment, Buckets, Order, Route
from gateway.orders.terms import TaxRow, Terms
from tests.orders.billed import (
    ADJUSTMENTS,
    PRICES,
    TAXES,
    adds_up,
    bill,
    events_of,
    lines_are_priced,
    ship_more,
    shipped_order,
)
from tests.orders.build import TODAY, follow, number

LINES = st.lists(st.tuples(st.integers(1, 40), PRICES), min_size=1, max_size=5)
TAKEN = st.lists(st.integers(0, 15), min_size=5, max_size=5)


@given(number=st.decimals(0, 1000, places=2), weights=st.lists(st.decimals(0, 99, places=2), min_size=1, max_size=9))
def test_shares_add_up_and_none_is_negative(number: Decimal, weights: list[Decimal]) -> None:
    parts = shares(number, weights)
    assert sum(parts) == number
    assert all(part >= 0 for part in parts)


@given(
    LINES, st.lists(ADJUSTMENTS, max_size=3), st.lists(ADJUSTMENTS, max_size=2), st.lists(TAKEN, max_size=4),
    st.sampled_from(["first", "pro_rata", "last"]),
)  # fmt: skip
def test_whatever_is_shipped_when_every_invoice_adds_up_and_fixed_amounts_are_billed_exactly_once(
    lines: list[tuple[int, Decimal]],
    header: list[Adjustment],
    own: list[Adjustment],
    waves: list[list[int]],
    way: str,
) -> None:
    terms = Terms(header_charges=way, tax=TAXES)
    order = shipped_order(
        [(quantity, 0, price) for quantity, price in lines], adjustments=tuple(header), own=tuple(own),
        tax_codes=("", "FOOD", "GAS"),
    )  # fmt: skip
    issued: list[OrderInvoiced] = []
    for wave in [*waves, [99] * 5]:
        order = ship_more(order, wave)
        if any(line.quantity.shipped > line.quantity.invoiced for line in order.lines):
            order, event = bill(order, terms, f"INV{len(issued)}")
            issued.append(event)
            assert adds_up(event)
            assert lines_are_priced(event)
    assert all(line.quantity.invoiced == line.quantity.ordered for line in order.lines)
    for at, each in enumerate(header):
        if each.amount is not None:
            billed = sum((one.amount for event in issued for one in event.adjustments if one.source == at), number(0))
            assert billed == each.amount == order.adjustments[at].billed
    for line in order.lines:
        for at, each in enumerate(own):
            if each.amount is not None:
                there = [
                    one
                    for event in issued
                    for mine in event.lines
                    if mine.line == line.number
                    for one in mine.adjustments
                ]
                assert [one.amount for one in there if one.source == at] == [each.amount]


@pytest.mark.parametrize(
    ("way", "expected"),
    [("first", ["25.00", None]), ("last", [None, "25.00"]), ("pro_rata", ["8.33", "16.67"])],
)
def test_a_charge_of_a_fixed_amount_goes_to_the_first_the_last_or_all_invoices(
    way: str, expected: list[str | None]
) -> None:
    terms = Terms(header_charges=way)
    order = shipped_order(
        [(3, 1, number("100.00"))], adjustments=(Adjustment("charge", "D500", amount=number("25.00")),)
    )
    order, first = bill(order, terms, "INV1")
    _, second = bill(ship_more(order, [2]), terms, "INV2")
    billed = [next((str(each.amount) for each in event.adjustments), None) for event in (first, second)]
    assert billed == expected


def test_an_allowance_larger_than_the_first_goods_goes_on_with_the_next_invoice() -> None:
    order = shipped_order([(10, 1, number("10.00"))], adjustments=(Adjustment("allowance", "C310", amount=number(25)),))
    order, first = bill(order, Terms(), "INV1")
    _, second = bill(ship_more(order, [9]), Terms(), "INV2")
    assert [first.total, second.total] == [number("0.00"), number("75.00")]


def test_tax_is_taken_of_goods_less_allowances_plus_charges_for_each_rate() -> None:
    order = shipped_order(
        [(3, 3, number("33.33")), (1, 1, number("100.00"))], tax_codes=("FOOD", ""),
        adjustments=(Adjustment("allowance", "C310", percent=number(10)), Adjustment("charge", "D500", amount=number(20))),
    )  # fmt: skip
    _, event = bill(order, Terms(tax=TAXES))
    # 99.99 of 199.99 is taxed: less its half of 20.00 (10.00), plus its half of 20.00 (10.00)
    assert event.taxes == (BilledTax(number("8.25"), number("99.99"), number("8.25")),)
    assert event.total == number("199.99") - number("20.00") + number("20.00") + number("8.25")


@pytest.mark.parametrize(
    ("places", "code", "expected"),
    [
        (("", "TX"), "FOOD", "0"), (("", "TX"), "CLOTHES", "8.25"), (("DALLAS", "TX"), "CLOTHES", "8.25"),
        (("AUSTIN", "TX"), "CLOTHES", "8.5"), (("", "OR"), "FOOD", "0"), (("", "tx"), "", "8.25"),
    ],
)  # fmt: skip
def test_the_most_exact_row_of_the_tax_table_counts(places: tuple[str, str], code: str, expected: str) -> None:
    rows = (*TAXES, TaxRow("AUSTIN", "", number("8.5")))
    assert taxes.rate(rows, places, code) == number(expected)


def test_no_tax_is_billed_for_goods_that_are_resold() -> None:
    _, event = bill(shipped_order([(3, 3, number("33.33"))]), Terms())
    assert event.taxes == ()


@pytest.mark.parametrize(
    ("fob", "routed", "expected"),
    [("PC", "", "18.40"), ("PP", "", None), ("CC", "", None), ("", "PC", "18.40"), ("CC", "PC", None), ("", "", None)],
)
def test_freight_is_billed_only_when_it_is_prepaid_and_added(fob: str, routed: str, expected: str | None) -> None:
    order = shipped_order(
        [(1, 1, number("10.00"))], fob=fob, route=Route(freight_terms=routed), freight=(("S1", number("18.40")),)
    )
    after, event = bill(order, Terms())
    assert next((str(each.amount) for each in event.adjustments if each.code == "D240"), None) == expected
    assert after.freight == ()


def test_the_freight_of_a_shipment_that_is_not_billed_yet_waits() -> None:
    order = shipped_order([(2, 2, number(10))], fob="PC", freight=(("S1", number(5)), ("S2", number(7))))
    command = IssueInvoice("INV1", "S1", TODAY, shipments=("S1",), quantities=(("1", number(1)),))
    (event,) = events_of(order, command, Terms())
    assert isinstance(event, OrderInvoiced)
    assert [each.amount for each in event.adjustments] == [number(5)]
    assert follow(order, [event]).freight == (("S2", number(7)),)


def test_the_discount_is_of_the_goods_and_has_its_last_day() -> None:
    terms = Terms(discount_percent=number(2), discount_days=10, net_days=30, tax=TAXES)
    order = shipped_order([(1, 1, number("150.00"))], fob="PC", freight=(("S1", number("50.00")),))
    _, event = bill(order, terms)
    assert (event.discount_amount, event.discount_due_date) == (number("3.00"), TODAY + timedelta(days=10))
    assert (event.due_date, event.net_days) == (TODAY + timedelta(days=30), 30)


@given(st.lists(st.decimals("0.01", 999, places=2), min_size=1, max_size=6), st.decimals("0.1", 20, places=3))
def test_the_tax_of_an_invoice_of_many_orders_is_right_to_the_cent(bases: list[Decimal], percent: Decimal) -> None:
    before: tuple[BilledTax, ...] = ()
    for base in bases:
        before += taxes.taxes([(percent, base)], before)
    (whole,) = taxes.taxes([(percent, sum(bases, number(0)))])
    assert taxes.summed(before) == (whole,)


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        (Buckets(number(5), shipped=number(5)), "none"),
        (Buckets(number(5), shipped=number(5), invoiced=number(3)), "partially_invoiced"),
        (Buckets(number(5), cancelled=number(2), shipped=number(3), invoiced=number(3)), "invoiced"),
        (Buckets(number(5), shipped=number(5), invoiced=number(5), credited=number(2)), "invoiced"),
        (Buckets(number(5), shipped=number(5), invoiced=number(5), credited=number(5)), "credited"),
    ],
)
def test_the_billing_status_is_told_by_the_counters(buckets: Buckets, expected: str) -> None:
    order: Order = shipped_order([(5, 5, number(1))])
    assert billing_status(replace(order, lines=(replace(order.lines[0], quantity=buckets),))) == expected
