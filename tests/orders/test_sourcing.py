"""Which warehouse serves: the agreed rules in their order, whole lines first, and the reason in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.facts import StockFacts, WarehouseFacts
from gateway.orders.goods.allocation import Need, Share, allocate
from gateway.orders.goods.sourcing import Choice
from gateway.orders.order import Address
from tests.orders.build import DAL, RNO, STOVE, TENT, number, stock

ATL = WarehouseId("ATL")
PLACES = {
    DAL: WarehouseFacts(DAL, "TX", "75235"),
    RNO: WarehouseFacts(RNO, "NV", "89434"),
    ATL: WarehouseFacts(ATL, "GA", "30303"),
}  # fmt: skip
TEXAS = Address(state="TX", postal_code="76177")
NEVADA = Address(state="NV", postal_code="80001")


def need(quantity: str = "10", sku: Sku = TENT, line: str = "1", size: str = "1") -> Need:
    return Need(line, sku, number(quantity), "EA", number(size))


def choice(*rules: str, ship_to: Address = TEXAS, **more: object) -> Choice:
    return Choice(rules, PLACES, ship_to, {"default": 4, "NV": 1}, **more)  # type: ignore[arg-type]


def places(shares: tuple[Share, ...]) -> list[tuple[str, str, int]]:
    return [(share.line, share.warehouse, int(share.quantity)) for share in shares]


LEVELS = stock(("ATL", TENT, 90), ("DAL", TENT, 40), ("RNO", TENT, 60))


@pytest.mark.parametrize(
    ("rules", "ship_to", "place", "reason"),
    [
        ((), TEXAS, "ATL", "fills the line alone (90 EA available)"),
        (("preferred RNO",), TEXAS, "RNO", "it is preferred"),
        (("nearest",), TEXAS, "DAL", "it is nearest: postal code 75235 to 76177"),
        (("nearest",), NEVADA, "RNO", "it is nearest: postal code 89434 to 80001"),
        (("highest_stock",), TEXAS, "ATL", "it has the highest stock"),
        (("cost",), NEVADA, "RNO", "1 days on the road"),
        (("preferred XYZ", "nearest"), TEXAS, "DAL", "not XYZ, which is preferred: 0 EA available there"),
    ],
)
def test_the_first_rule_that_tells_warehouses_apart_decides(
    rules: tuple[str, ...], ship_to: Address, place: str, reason: str
) -> None:
    (share,) = allocate([need()], LEVELS, choice(*rules, ship_to=ship_to))
    assert share.warehouse == place
    assert reason in share.reason


def test_the_warehouse_of_the_ship_to_comes_before_the_rules_of_the_terms() -> None:
    (share,) = allocate([need()], LEVELS, choice("preferred RNO", home=DAL))
    assert share.warehouse == DAL


def test_a_preferred_warehouse_that_does_not_fill_the_line_is_passed_with_the_reason() -> None:
    (share,) = allocate([need("50")], LEVELS, choice("preferred DAL", "highest_stock"))
    assert share.warehouse == ATL
    assert "not DAL, which is preferred: 40 EA available there of the 50 EA wanted" in share.reason


def test_a_split_begins_where_the_rules_say_else_with_the_largest_share() -> None:
    assert places(allocate([need("120")], LEVELS, choice())) == [("1", "ATL", 90), ("1", "RNO", 30)]
    assert places(allocate([need("120")], LEVELS, choice("preferred DAL"))) == [("1", "DAL", 40), ("1", "ATL", 80)]


def test_fewest_splits_prefers_the_warehouse_that_fills_most_lines() -> None:
    levels = (*LEVELS, *stock(("RNO", STOVE, 5)))
    shares = allocate([need(), need("5", STOVE, "2")], levels, choice("fewest_splits"))
    assert places(shares) == [("1", "RNO", 10), ("2", "RNO", 5)]


def test_an_order_that_leaves_whole_takes_everything_from_one_warehouse() -> None:
    levels = (*LEVELS, *stock(("DAL", STOVE, 3), ("ATL", STOVE, 2)))
    shares = allocate([need("30"), need("5", STOVE, "2")], levels, choice("nearest", together=True))
    assert places(shares) == [("1", "DAL", 30), ("2", "DAL", 3)]
    assert places(allocate([need("30")], levels, choice(together=True, only=RNO))) == [("1", "RNO", 30)]


@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from([1, 6, 12])), min_size=1, max_size=4),
    st.tuples(*[st.integers(0, 60)] * 3),
    st.lists(st.sampled_from(["nearest", "fewest_splits", "highest_stock", "cost", "preferred DAL"]), max_size=3),
    st.booleans(),
)
def test_never_more_than_there_is_never_more_than_wanted_and_whole_units_only(
    wanted: list[tuple[int, int]],
    there: tuple[int, ...],
    rules: list[str],
    together: bool,  # noqa: FBT001
) -> None:
    levels = tuple(
        StockFacts(place, TENT, number(on_hand)) for place, on_hand in zip((DAL, RNO, ATL), there, strict=True)
    )
    needs = [need(str(quantity), line=str(at), size=str(size)) for at, (quantity, size) in enumerate(wanted)]
    shares = allocate(needs, levels, choice(*rules, together=together))
    sizes = {each.line: each.stock_per_unit for each in needs}
    for level in levels:
        taken = sum((s.quantity * sizes[s.line] for s in shares if s.warehouse == level.warehouse), number(0))
        assert taken <= level.on_hand
    for each in needs:
        served = sum((share.quantity for share in shares if share.line == each.line), number(0))
        assert served <= each.quantity
        assert served == served.quantize(Decimal(1))
    assert not together or len({share.warehouse for share in shares}) <= 1
    assert all(share.reason for share in shares)
