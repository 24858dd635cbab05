"""Stores of the buyer: their shares add up, are served in their order, and no shipment mixes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO
from gateway.orders import decisions, stores
from gateway.orders.case import Case
from gateway.orders.commands import ConfirmShipment, ReleaseHold, ReleaseToWarehouse, ShippedRow, WantedLine
from gateway.orders.events import OrderReleased
from gateway.orders.order import Order, StoreShare
from gateway.orders.terms import Terms
from tests.orders.build import DAL, NOW, RNO, TENT, TODAY, codes, do, facts, hold_ids, number, placed, stock

SHARES = st.lists(
    st.tuples(st.sampled_from(["0101", "0102", "0103", "0104"]), st.integers(1, 20)),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each[0],
)


def split(*shares: tuple[str, int], ordered: int | None = None) -> WantedLine:
    total = sum(quantity for _, quantity in shares) if ordered is None else ordered
    named = tuple(StoreShare(store, number(quantity)) for store, quantity in shares)
    return WantedLine("1", number(total), "EA", (("vendor_sku", "TENT"),), stores=named)


def shipped(order: Order, store: str, quantity: int, shipment: str = "S1", warehouse: object = DAL) -> Order:
    row = ShippedRow("1", number(quantity), "00006141410000000012", store=store)
    return do(order, ConfirmShipment(shipment, TODAY, warehouse, (row,)))  # type: ignore[arg-type]


def told(order: Order) -> list[tuple[str, str, Decimal]]:
    return [(each.warehouse, each.store, each.quantity) for line in order.lines for each in line.told]


def test_stores_that_do_not_add_up_hold_the_order_in_words() -> None:
    order = placed(split(("0101", 4), ("0102", 5), ordered=8))

    assert codes(order) == ["C-SDQ-SUM"]
    assert order.holds[0].reason == (
        "Line 1: the store quantities add up to 9, but 8 were ordered (SDQ 4 + 5, PO102 = 8)"
    )


def test_released_with_the_ordered_quantity_the_last_store_gets_less_and_a_rest_goes_to_the_ship_to() -> None:
    for ordered, last in ((8, ("DAL", "0102", 4)), (10, ("DAL", "", 1))):
        order = placed(split(("0101", 4), ("0102", 5), ordered=ordered))
        order = do(order, ReleaseHold(order.holds[0].id, "the ordered quantity counts"))
        order = do(order, ReleaseToWarehouse((DAL,)))
        assert told(order)[-1] == last
        assert order.lines[0].quantity.released == ordered


def test_each_store_is_told_to_the_warehouse_alone_and_short_supply_serves_them_in_their_order() -> None:
    known = facts(stock(("DAL", TENT, 7), ("RNO", TENT, 3)))
    order = placed(split(("0101", 4), ("0102", 5), ("0103", 3)), known=known)
    case = Case(known, Terms(), NOW, hold_ids())

    events = decisions.decide(order, ReleaseToWarehouse((DAL, RNO)), case)

    assert [(each.number, each.store) for each in events if isinstance(each, OrderReleased)] == [
        ("SO-1-DAL", "0101"), ("SO-1-DAL-2", "0102"), ("SO-1-RNO", "0102"), ("SO-1-RNO-2", "0103"),
    ]  # fmt: skip
    order = do(order, ReleaseToWarehouse((DAL, RNO)), known)
    assert told(order) == [("DAL", "0101", 4), ("DAL", "0102", 3), ("RNO", "0102", 2), ("RNO", "0103", 1)]
    assert stores.lacking(order.lines[0]) == "store 0103 (2 EA)"


def test_a_shipment_answers_for_its_store_alone() -> None:
    order = do(placed(split(("0101", 4), ("0102", 6))), ReleaseToWarehouse((DAL,)))

    order = shipped(order, "0102", 5)

    assert [(each.store, each.shipped) for each in order.lines[0].stores] == [("0101", 0), ("0102", 5)]
    assert (order.lines[0].quantity.shipped, order.lines[0].quantity.backordered) == (5, 1)
    assert told(order) == [("DAL", "0101", 4)]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (("0101", "0102"), "a shipment has goods of one store only, and this one names 0101, 0102"),
        (("", ""), "SO-1 is picked for the stores 0101, 0102; the file must name one"),
        (("0109", "0109"), "line 1 of SO-1 has no goods for store 0109"),
    ],
)
def test_goods_of_several_stores_or_of_none_are_refused(named: tuple[str, str], words: str) -> None:
    order = do(placed(split(("0101", 4), ("0102", 6))), ReleaseToWarehouse((DAL,)))
    rows = tuple(ShippedRow("1", number(1), "00006141410000000012", store=store) for store in named)

    with pytest.raises(TransitionError, match=words) as refused:
        do(order, ConfirmShipment("S1", TODAY, DAL, rows))
    assert refused.value.code == "C-STORE"


def test_an_order_of_one_store_is_not_shipped_to_another() -> None:
    order = do(placed(store="0101"), ReleaseToWarehouse((DAL,)))

    with pytest.raises(TransitionError, match="SO-1 is for store 0101, not for 0102"):
        shipped(order, "0102", 1)
    assert shipped(order, "0101", 10).lines[0].quantity.shipped == 10


@given(shares=SHARES, dallas=st.integers(0, 40), reno=st.integers(0, 40))
def test_what_the_stores_get_adds_up_and_nobody_gets_more_than_its_share(
    shares: list[tuple[str, int]], dallas: int, reno: int
) -> None:
    known = facts(stock(("DAL", TENT, dallas), ("RNO", TENT, reno)))
    order = placed(split(*shares), known=known)
    if not order.untold():
        return
    order = do(order, ReleaseToWarehouse(tuple(sorted(order.untold()))), known)

    line = order.lines[0]
    assert sum((each.quantity for each in line.told), ZERO) == line.quantity.allocated == line.quantity.released
    for each in line.stores:
        assert sum((one.quantity for one in line.told if one.store == each.store), ZERO) <= each.quantity
    served = [sum((one.quantity for one in line.told if one.store == each.store), ZERO) for each in line.stores]
    full = [part == each.quantity for part, each in zip(served, line.stores, strict=True)]
    assert full == sorted(full, reverse=True)  # who comes first is served first
    for at, each in enumerate(line.stores):
        for place in sorted({one.warehouse for one in line.told if one.store == each.store}):
            quantity = order.lines[0].told_in(place, each.store)
            order = shipped(order, each.store, int(quantity), f"S{at}{place}", place)
    assert sum((each.shipped for each in order.lines[0].stores), ZERO) == order.lines[0].quantity.shipped
