"""What an order asks for: its kind, its places, its units, its dates, and the same order twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import OrderNumber
from gateway.orders.commands import ReleaseHold
from gateway.orders.facts import Facts, ItemFacts, LocationFacts, PriceFacts
from gateway.orders.order import Address, LineCode, Order
from gateway.orders.terms import Terms
from tests.orders.build import ITEMS, PRICES, STOVE, TENT, TODAY, codes, do, facts, line, number, placed

CASE = "10614141000316"
CODE = Address(id="0417", id_type="92")
PLACE = Address(id="0417", name="STORE 417", address1="88 ELM ST", city="RENO", state="NV")


def with_codes() -> Facts:
    stove = replace(ITEMS[STOVE], upc="614141000319", pack_codes=((CASE, "CA"),))
    ids = {("gtin", CASE): STOVE, ("vendor_sku", "STOVE"): STOVE, ("upc", "00614141000319"): STOVE}
    return replace(facts(), items={**ITEMS, STOVE: stove}, ids=ids)


def ordered(uom: str, *ids: tuple[str, str]) -> Order:
    return placed(replace(line("STOVE", "2", uom=uom), ids=ids), known=with_codes())


def test_the_barcode_of_a_pack_tells_a_unit_that_the_item_does_not_have() -> None:
    order = ordered("CT", ("gtin", CASE))
    assert (order.lines[0].stock_per_unit, order.lines[0].unit_price) == (6, number("196.5"))


def test_a_unit_that_contradicts_the_barcode_is_asked_and_then_counts() -> None:
    order = ordered("EA", ("gtin", CASE))
    assert codes(order) == ["C-UNIT"]
    assert "barcode of a CA of 6 EA" in order.holds[0].reason
    order = do(order, ReleaseHold(order.holds[0].id, "single ones"), with_codes())
    assert (order.decided, order.lines[0].stock_per_unit) == (True, 1)


@pytest.mark.parametrize(
    "ids", [(("gtin", CASE), ("vendor_sku", "STOVE")), (("upc", "00614141000319"),), (("vendor_sku", "STOVE"),)]
)
def test_another_id_of_the_line_leaves_the_unit_as_ordered(ids: tuple[tuple[str, str], ...]) -> None:
    assert ordered("EA", *ids).lines[0].stock_per_unit == 1


def test_a_discontinued_item_that_is_sold_out_is_refused_as_such() -> None:
    known = replace(facts(()), items={**ITEMS, TENT: ItemFacts(TENT, "EA", status="discontinued")})
    assert placed(known=known).lines[0].codes == (LineCode.DISCONTINUED,)


def test_a_blocked_item_is_refused_whatever_there_is_of_it() -> None:
    known = replace(facts(), items={**ITEMS, TENT: ItemFacts(TENT, "EA", status="blocked")})
    assert placed(known=known).lines[0].codes == (LineCode.REJECTED,)


def test_a_blanket_order_is_held_and_never_shipped_from() -> None:
    order = placed(order_type="blanket")
    assert codes(order) == ["C-CONFLICT"]
    with pytest.raises(TransitionError, match="on its releases only"):
        do(order, ReleaseHold(order.holds[0].id, "ship it"))


@pytest.mark.parametrize("kind", ["release", "rush", "dropship", "standalone", ""])
def test_every_other_kind_of_order_passes(kind: str) -> None:
    assert placed(order_type=kind).decided


def test_a_code_of_a_place_gets_its_address_warehouse_and_tax_region() -> None:
    known = replace(facts(), locations={"0417": LocationFacts("0417", PLACE, "RNO", "NV-WASHOE")})
    order = placed(ship_to=CODE, known=known)
    assert order.ship_to == replace(PLACE, id_type="92")
    assert (order.preferred_warehouse, order.tax_region, order.decided) == ("RNO", "NV-WASHOE", True)


def test_the_address_of_the_order_counts_before_that_of_the_list() -> None:
    own = replace(CODE, name="ANNEX", address1="1 ANNEX RD", city="SPARKS")
    known = replace(facts(), locations={"0417": LocationFacts("0417", PLACE, "RNO")})
    order = placed(ship_to=own, known=known)
    assert (order.ship_to, order.preferred_warehouse) == (own, "RNO")


def test_an_unknown_code_is_held_until_it_is_in_the_list() -> None:
    order = placed(ship_to=CODE)
    assert codes(order) == ["C-ADDRESS"]
    assert "0417 is not in our list" in order.holds[0].reason
    known = replace(facts(), locations={"0417": LocationFacts("0417", PLACE)})
    order = do(order, ReleaseHold(order.holds[0].id, "in the list"), known)
    assert (order.decided, order.ship_to.city) == (True, "RENO")


def test_a_closed_place_is_held() -> None:
    known = replace(facts(), locations={"0417": LocationFacts("0417", PLACE, status="closed")})
    assert codes(placed(ship_to=CODE, known=known)) == ["C-ADDRESS"]


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    "dates",
    [
        {"ship_not_before": day(9), "cancel_after": day(8)},
        {"deliver_not_before": day(9), "deliver_no_later": day(8)},
        {"deliver_no_later": day(-1)},
        {"ship_not_before": day(9), "deliver_no_later": day(8)},
    ],
)
def test_dates_that_cannot_be_met_are_held(dates: dict[str, date]) -> None:
    assert codes(placed(**dates)) == ["C-WINDOW"]  # type: ignore[arg-type]


def test_a_line_cannot_leave_after_the_order_ends() -> None:
    late = replace(line(), ship_not_before=day(9))
    assert codes(placed(late, cancel_after=day(8))) == ["C-WINDOW"]
    assert placed(late, cancel_after=day(9)).lines[0].ship_not_before == day(9)


@pytest.mark.parametrize(
    ("same", "terms", "held", "rejected"),
    [
        (False, Terms(), ["C-DUP-PO"], 0),
        (False, Terms(different_content="reject"), [], 10),
        (True, Terms(same_content="hold"), ["C-DUP-PO"], 0),
        (True, Terms(same_content="reject"), [], 10),
    ],
)
def test_an_order_that_came_before_is_held_or_refused_by_the_terms(
    same: bool, terms: Terms, held: list[str], rejected: int,  # noqa: FBT001
) -> None:  # fmt: skip
    order = placed(duplicate_of=OrderNumber("SO-0"), same_content=same, terms=terms)
    assert (codes(order), order.lines[0].quantity.rejected) == (held, rejected)


@pytest.mark.parametrize(
    ("terms", "asked"),
    [
        (Terms(backorder="never"), {"backorder": "backorder"}),
        (Terms(substitution="never"), {"substitution": "allowed"}),
        (Terms(substitution="always"), {"substitution": "forbidden"}),
    ],
)
def test_an_instruction_that_the_terms_forbid_is_a_conflict_that_names_both(
    terms: Terms, asked: dict[str, str]
) -> None:
    order = placed(terms=terms, **asked)  # type: ignore[arg-type]
    assert codes(order) == ["C-CONFLICT"]
    assert "the order" in order.holds[0].reason
    assert "the terms" in order.holds[0].reason


def test_an_instruction_that_agrees_with_the_terms_is_no_conflict() -> None:
    assert placed(terms=Terms(substitution="always"), substitution="allowed").decided


def test_another_currency_is_held_and_priced_in_it_when_released() -> None:
    known = facts(prices=(*PRICES, PriceFacts("list", TENT, "EA", number(120), currency="CAD")))
    order = placed(currency="CAD", known=known)
    assert codes(order) == ["C-DATA"]
    assert "we have prices in it" in order.holds[0].reason
    assert do(order, ReleaseHold(order.holds[0].id, "agreed"), known).lines[0].unit_price == 120


def test_a_price_without_a_currency_is_in_the_agreed_one() -> None:
    order = placed(line(price="1.00"), currency="CAD")
    assert codes(order) == ["C-DATA", "C-PRICE"]
    assert "no price in CAD" in order.holds[1].reason


@pytest.mark.parametrize(("accept", "waits"), [("", False), ("theirs", True)])
def test_an_accepted_conflict_lets_the_instruction_count_and_a_released_one_the_terms(
    accept: str, waits: bool,  # noqa: FBT001
) -> None:  # fmt: skip
    terms = Terms(backorder="never")
    order = placed(line(quantity="150"), backorder="backorder", terms=terms)
    order = do(order, ReleaseHold(order.holds[0].id, "ok", accept), terms=terms)  # type: ignore[arg-type]
    quantity = order.lines[0].quantity
    assert (quantity.backordered, quantity.cancelled) == ((50, 0) if waits else (0, 50))
