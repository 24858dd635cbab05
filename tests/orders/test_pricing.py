"""Which price counts (lifecycle 2 and 7, rulings 34)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.kernel.errors import TransitionError
from gateway.orders.commands import ReleaseHold
from gateway.orders.facts import PriceFacts
from gateway.orders.order import LineCode
from gateway.orders.terms import Terms
from tests.orders.build import PRICES, STOVE, TENT, TODAY, codes, do, facts, line, number, placed


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
