"""Which price counts (lifecycle 2 and 7, rulings 34)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.errors import TransitionError
from gateway.orders import decisions
from gateway.orders.case import Case
from gateway.orders.commands import ReleaseHold
from gateway.orders.events import LinePriced
from gateway.orders.facts import PriceFacts
from gateway.orders.order import LineCode
from gateway.orders.terms import Terms
from tests.orders.build import NOW, PRICES, STOVE, TENT, TODAY, codes, do, facts, hold_ids, line, number, placed, wanted


def price(value: str, **more: object) -> PriceFacts:
    return replace(PriceFacts("list", TENT, "EA", number(value)), **more)  # type: ignore[arg-type]


def billed(theirs: str | None, terms: Terms | None = None, *, basis: str = "") -> Decimal | None:
    return placed(line(price=theirs, basis=basis), terms=terms).lines[0].unit_price


def test_without_their_price_ours_stands_and_the_line_is_accepted() -> None:
    assert billed(None) == Decimal("89.95")
    assert placed(line()).lines[0].codes == (LineCode.ACCEPTED,)


def test_a_price_above_ours_is_accepted_and_ours_is_invoiced() -> None:
    assert billed("99.95") == Decimal("89.95")


def test_a_lower_price_without_tolerance_holds_and_names_both() -> None:
    order = placed(line(price="79.95"))
    assert codes(order) == ["C-PRICE"]
    assert "their price 79.95, ours 89.95 per EA" in order.holds[0].reason


@pytest.mark.parametrize(
    ("percent", "amount", "accepted"),
    [("1", None, True), ("0.5", None, False), (None, "0.50", True), ("1", "0.49", False), ("0.55", "0.50", False)],
)
def test_both_limits_of_the_tolerance_must_hold(percent: str | None, amount: str | None, accepted: bool) -> None:  # noqa: FBT001
    terms = Terms(
        tolerance_percent=number(percent) if percent else None, tolerance_amount=number(amount) if amount else None
    )
    order = placed(line(price="89.45"), terms=terms)
    assert (codes(order) == []) is accepted
    if accepted:
        assert order.lines[0].unit_price == Decimal("89.45")


def test_outside_the_tolerance_the_policy_decides() -> None:
    ours = placed(line(price="79.95"), terms=Terms(outside_tolerance="accept_ours")).lines[0]
    assert (ours.unit_price, ours.codes) == (Decimal("89.95"), (LineCode.PRICE_CHANGED,))
    assert billed("79.95", Terms(outside_tolerance="accept_theirs")) == Decimal("79.95")
    refused = placed(line(price="79.95"), terms=Terms(outside_tolerance="reject")).lines[0]
    assert refused.quantity.rejected == 10


@pytest.mark.parametrize(("accept", "expected"), [("ours", "89.95"), ("theirs", "79.95")])
def test_a_price_hold_ends_by_saying_whose_price_counts(accept: str, expected: str) -> None:
    order = placed(line(price="79.95"))
    with pytest.raises(TransitionError, match="whose price counts"):
        do(order, ReleaseHold(order.holds[0].id, "ok"))
    order = do(order, ReleaseHold(order.holds[0].id, "ok", accept))  # type: ignore[arg-type]
    assert (order.decided, order.lines[0].unit_price) == (True, number(expected))


def test_without_a_price_of_ours_the_order_is_held_and_theirs_can_be_accepted() -> None:
    known = facts(prices=())
    order = placed(line(price="5.00"), known=known)
    assert codes(order) == ["C-PRICE"]
    with pytest.raises(TransitionError, match="no price of ours"):
        do(order, ReleaseHold(order.holds[0].id, "ok", "ours"), known)
    assert do(order, ReleaseHold(order.holds[0].id, "ok", "theirs"), known).lines[0].unit_price == number("5.00")


def test_the_first_list_with_a_valid_price_counts_contracts_first() -> None:
    prices = (
        price("80", price_list="acme", contract_number="C1", kind="contract"),
        price("85", price_list="acme-2026"),
        price("89.95"),
    )
    contract = Terms(contracts=("C1",), price_list="acme-2026")
    assert placed(known=facts(prices=prices), terms=contract).lines[0].unit_price == 80
    assert placed(known=facts(prices=prices), terms=Terms(price_list="acme-2026")).lines[0].unit_price == 85
    assert placed(known=facts(prices=prices), terms=Terms(price_list="other")).lines[0].unit_price == Decimal("89.95")


def test_the_largest_quantity_break_reached_counts_and_expired_prices_do_not() -> None:
    prices = (
        price("89.95"), price("85", min_quantity=number(10)), price("70", min_quantity=number(11)),
        price("1", valid_to=TODAY - timedelta(days=1)), price("2", valid_from=TODAY + timedelta(days=1)),
        price("3", currency="CAD"),
    )  # fmt: skip
    assert placed(known=facts(prices=prices)).lines[0].unit_price == 85


def test_a_price_in_another_unit_is_converted_by_the_pack_size() -> None:
    order = placed(
        line("STOVE", "2", uom="CA"), known=facts(prices=(PriceFacts("list", STOVE, "EA", number("32.75")),))
    )
    assert order.lines[0].unit_price == Decimal("196.5")
    order = placed(line("STOVE", "6"), known=facts(prices=(PriceFacts("list", STOVE, "CA", number("180")),)))
    assert order.lines[0].unit_price == 30


@pytest.mark.parametrize(("basis", "theirs"), [("PE", "89.95"), ("HP", "8995"), ("TP", "89950")])
def test_a_price_per_hundred_or_thousand_is_divided(basis: str, theirs: str) -> None:
    order = placed(line(price=theirs, basis=basis))
    assert order.lines[0].unit_price == Decimal("89.95")
    assert order.lines[0].price_basis == "PE"


def test_an_unknown_basis_holds() -> None:
    assert codes(placed(line(price="1", basis="CT"))) == ["C-PRICE"]


def test_ids_that_mean_different_items_are_not_guessed() -> None:
    wanted_line = replace(line(), ids=(("vendor_sku", "TENT"), ("buyer_sku", "X")))
    known = facts()
    known = replace(known, ids={**known.ids, ("buyer_sku", "X"): STOVE})
    order = placed(wanted_line, known=known)
    assert order.lines[0].codes == (LineCode.INVALID_ITEM,)
    assert PRICES


def said(*prices: PriceFacts, terms: Terms | None = None, quantity: str = "10", **more: object) -> str:
    """How the price of one line was found, in words."""
    events = decisions.decide(
        None, wanted(line(quantity=quantity), **more), Case(facts(prices=prices), terms or Terms(), NOW, hold_ids())
    )
    return next(event.figures for event in events if isinstance(event, LinePriced))


def test_a_price_is_told_with_its_contract_its_break_and_its_end() -> None:
    contract = price(
        "11.9", price_list="acme", kind="contract", contract_number="ACME-26", min_quantity=number(100),
        valid_to=date(2026, 12, 31),
    )  # fmt: skip
    told = said(contract, terms=Terms(contracts=("ACME-26",)), quantity="100")
    assert told == "contract ACME-26: 11.90 per EA from 100 EA on, valid to 2026-12-31; the order names no price"


def test_a_promotion_counts_before_the_price_of_its_list_only_where_it_is_lower() -> None:
    def promoted(amount: str) -> PriceFacts:
        return price(amount, kind="promotion", valid_to=TODAY)

    known = (price("89.95"), price("85", min_quantity=number(10)))
    assert "a promotion, valid to 2026-11-20, lower than the usual 85.00 per EA" in said(*known, promoted("80"))
    assert said(*known, promoted("86")).startswith("list: 85.00 per EA from 10 EA on")
    assert placed(known=facts(prices=(promoted("86"),))).lines[0].unit_price == 86


def test_a_promotion_of_the_general_list_does_not_beat_a_contract() -> None:
    prices = (price("80", price_list="x", kind="contract", contract_number="C1"), price("70", kind="promotion"))
    assert placed(known=facts(prices=prices), terms=Terms(contracts=("C1",))).lines[0].unit_price == 80


def test_a_price_of_a_contract_that_is_not_agreed_counts_for_nobody() -> None:
    prices = (price("1", kind="contract", contract_number="OTHER"), price("89.95"))
    assert placed(known=facts(prices=prices)).lines[0].unit_price == number("89.95")


def test_the_contract_that_the_order_names_is_looked_at_first() -> None:
    prices = tuple(
        price(amount, kind="contract", contract_number=name) for amount, name in (("80", "C1"), ("81", "C2"))
    )
    terms = Terms(contracts=("C1", "C2"))
    assert placed(known=facts(prices=prices), terms=terms).lines[0].unit_price == 80
    assert placed(known=facts(prices=prices), terms=terms, contract_number="C2").lines[0].unit_price == 81
    assert placed(known=facts(prices=prices), terms=terms, contract_number="C9").lines[0].unit_price == 80


def test_a_basis_is_converted_once_however_often_the_order_is_looked_at() -> None:
    order = placed(line(price="7995", basis="HP"), unobeyed=("SDQ",))
    assert order.lines[0].partner_price == number("79.95")
    order = do(order, ReleaseHold(next(hold.id for hold in order.holds if hold.code == "C-DATA"), "ok"))
    order = do(order, ReleaseHold(order.holds[0].id, "ok", "theirs"))
    assert order.lines[0].unit_price == number("79.95")


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(0, 60), st.sampled_from(["list", "promotion"])), min_size=1),
    st.integers(1, 60),
)
def test_a_promotion_never_makes_a_price_higher(rows: list[tuple[int, int, str]], quantity: int) -> None:
    prices = tuple(price(str(amount), min_quantity=number(least), kind=kind) for amount, least, kind in rows)
    usual = tuple(each for each in prices if each.kind == "list")
    with_promotion, without = (
        placed(line(quantity=str(quantity)), known=facts(prices=each)).lines[0].our_price for each in (prices, usual)
    )
    assert without is None or (with_promotion is not None and with_promotion <= without)
