"""What to move and buy: positions come up to where they should be, nothing negative, nobody gives what it needs."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.facts import ItemFacts
from gateway.orders.goods.replenishment import HISTORY_DAYS, Plan, Position, figures, plan
from tests.orders.build import DAL, RNO, TODAY

CHI = WarehouseId("CHI")
CASES = (("CA", Decimal(12)), ("PL", Decimal(480)))


def item(
    point: str | None = "20", up_to: str | None = "60", *, lead: int | None = 10, packs: object = (), **more: object
) -> ItemFacts:
    return ItemFacts(
        Sku("LAMP"), "EA", packs=packs, reorder_point=Decimal(point) if point is not None else None,  # type: ignore[arg-type]
        order_up_to=Decimal(up_to) if up_to is not None else None, lead_time_days=lead, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def at(
    warehouse: WarehouseId, available: int, of: ItemFacts | None = None, *, incoming: int = 0, backordered: int = 0,
    demand: Sequence[int] = (),
) -> Position:  # fmt: skip
    return Position(
        warehouse, of or item(), on_hand=Decimal(available), available=Decimal(available), incoming=Decimal(incoming),
        backordered=Decimal(backordered), demand=tuple(Decimal(each) for each in demand),
    )  # fmt: skip


def bought(found: Plan) -> list[tuple[str, Decimal]]:
    return [(each.position.warehouse, each.quantity) for each in found.purchases]


def moved(found: Plan) -> list[tuple[str, str, Decimal]]:
    return [(each.origin, each.target, each.quantity) for each in found.transfers]


def test_a_position_at_its_reorder_point_is_brought_up_to_the_order_up_to_quantity() -> None:
    assert bought(plan([at(DAL, 20)], TODAY)) == [("DAL", 40)]
    assert bought(plan([at(DAL, 21)], TODAY)) == []


def test_what_comes_counts_and_what_waits_counts_against_it() -> None:
    assert bought(plan([at(DAL, 10, incoming=11)], TODAY)) == []
    assert bought(plan([at(DAL, 30, backordered=15)], TODAY)) == [("DAL", 45)]


def test_whole_packs_are_bought_the_smallest_that_there_is() -> None:
    (only,) = plan([at(DAL, 15, item(packs=CASES))], TODAY).purchases
    assert only.quantity == 48
    assert "45 EA are missing, in packs of 12" in only.reason


def test_backorders_are_bought_even_of_an_item_without_figures_and_without_demand() -> None:
    found = plan([at(DAL, 0, item(None, None), backordered=7)], TODAY)
    assert bought(found) == [("DAL", 7)]
    assert found.purchases[0].needed_by == TODAY


def test_without_figures_the_reorder_point_comes_from_demand_lead_time_and_safety() -> None:
    steady = at(DAL, 100, item(None, None, lead=10), demand=[2] * HISTORY_DAYS)
    told = figures(steady, TODAY)
    assert (told.daily_demand, told.safety_stock, told.reorder_point, told.order_up_to) == (2, 0, 20, 76)
    assert told.stockout_date == TODAY + timedelta(days=50)
    uneven = figures(at(DAL, 100, item(None, None, lead=16), demand=[56]), TODAY)
    # 56 pieces on one of 56 days: 1 a day, standard deviation 7.4162, times 1.65 and the root of 16 days
    assert (uneven.daily_demand, uneven.safety_stock, uneven.reorder_point) == (1, 49, 65)


def test_what_another_warehouse_has_beyond_its_own_is_moved_before_anything_is_bought() -> None:
    found = plan([at(DAL, 5), at(RNO, 90)], TODAY)
    assert (moved(found), bought(found)) == ([("RNO", "DAL", 30)], [("DAL", 25)])
    assert "30 of it by transfer" in found.purchases[0].reason
    everything = plan([at(DAL, 5), at(RNO, 120)], TODAY)
    assert (moved(everything), bought(everything)) == ([("RNO", "DAL", 55)], [])


def test_goods_that_are_only_on_their_way_are_not_moved() -> None:
    assert moved(plan([at(DAL, 5), at(RNO, 10, incoming=100)], TODAY)) == []


def test_an_order_is_placed_in_time_and_at_once_where_it_is_late_already() -> None:
    slow = at(DAL, 20, demand=[1] * HISTORY_DAYS)
    (only,) = plan([slow], TODAY).purchases
    assert (only.needed_by, only.order_by) == (TODAY + timedelta(days=20), TODAY + timedelta(days=10))
    fast = at(DAL, 20, demand=[4] * HISTORY_DAYS)
    (only,) = plan([fast], TODAY).purchases
    assert (only.needed_by, only.order_by) == (TODAY + timedelta(days=5), TODAY)


def test_an_item_that_is_not_made_any_more_is_moved_and_never_bought() -> None:
    gone = item(status="discontinued")
    found = plan([at(DAL, 0, gone), at(RNO, 70, gone)], TODAY)
    assert (moved(found), bought(found)) == ([("RNO", "DAL", 10)], [])


QUANTITIES = st.integers(0, 200)
FIGURES = st.builds(
    item, st.none() | QUANTITIES.map(str), st.none() | QUANTITIES.map(str), lead=st.none() | st.integers(0, 60),
    packs=st.sampled_from([(), (("EA", Decimal(1)),), CASES]),
)  # fmt: skip


@st.composite
def positions(draw: st.DrawFn) -> list[Position]:
    of = draw(FIGURES)
    places = draw(st.lists(st.sampled_from([DAL, RNO, CHI]), unique=True, min_size=1))
    return [
        at(
            place, draw(st.integers(-20, 300)), of, incoming=draw(st.integers(0, 50)),
            backordered=draw(st.integers(0, 50)), demand=draw(st.lists(st.integers(1, 30), max_size=HISTORY_DAYS)),
        )
        for place in places
    ]  # fmt: skip


@given(positions(), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_every_position_that_is_low_is_brought_up_and_transfers_conserve_what_there_is(
    found: list[Position], today: date
) -> None:
    suggested = plan(found, today)
    pack = min((size for _, size in found[0].item.packs if size > 1), default=Decimal(1))
    assert all(each.quantity > 0 for each in suggested.transfers)
    assert all(each.quantity > 0 for each in suggested.purchases)
    for each in found:
        told = figures(each, today)
        came = sum(move.quantity for move in suggested.transfers if move.target == each.warehouse)
        gone = sum(move.quantity for move in suggested.transfers if move.origin == each.warehouse)
        buys = sum(one.quantity for one in suggested.purchases if one.position.warehouse == each.warehouse)
        after = each.position + came - gone + buys
        if each.position <= told.reorder_point and each.position < told.order_up_to:
            assert told.order_up_to <= after < told.order_up_to + pack
            assert buys % pack == 0
            assert not gone
        else:
            assert not came
            assert not buys
        if gone:
            assert after >= told.order_up_to
            assert each.available - gone >= 0
    for one in suggested.purchases:
        assert today <= one.order_by <= max(today, one.needed_by)
