"""A purchase order split into one for each store adds up to what was ordered, quantities and amounts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gateway.canonical.order import Order, OrderLine
from gateway.canonical.parts import Allocation, Allowance, Party
from gateway.flows.taking import per_store
from gateway.orders.facts import LocationFacts
from gateway.orders.order import Address

STORES = ["0101", "0102", "0103"]
CENTS = st.integers(1, 99_999).map(lambda cents: Decimal(cents) / 100)
SPLITS = st.lists(st.tuples(st.sampled_from(STORES), st.integers(1, 30)), max_size=4)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    lines = []
    for number, split in enumerate(draw(st.lists(SPLITS, min_size=1, max_size=4)), start=1):
        total = sum(quantity for _, quantity in split) or draw(st.integers(1, 30))
        shares = tuple(Allocation(location=store, quantity=Decimal(quantity), uom="EA") for store, quantity in split)
        allowances = (Allowance(kind="allowance", code="C310", amount=draw(CENTS)),) if draw(st.booleans()) else ()
        lines.append(
            OrderLine(
                number=str(number), quantity=Decimal(total), uom="EA", unit_price=draw(CENTS), allocations=shares,
                allowances=allowances,
            )
        )  # fmt: skip
    header = (
        Allowance(kind="charge", code="D240", amount=draw(CENTS)),
        Allowance(kind="allowance", percent=Decimal(5)),
    )
    return Order(po_number="1", lines=tuple(lines), allowances=header, ship_to=Party(id="DC", address1="1 A ST"))


def amounts(allowances: tuple[Allowance, ...]) -> Decimal:
    return sum((each.amount or Decimal(0) for each in allowances), Decimal(0))


@given(order=orders())
def test_what_the_stores_order_is_what_was_ordered(order: Order) -> None:
    if not per_store.can_be_split(order):
        assert not any(line.allocations for line in order.lines)
        return
    parts = dict(per_store.split(order, {}))

    for line in order.lines:
        own = [each for part in parts.values() for each in part.lines if each.number == line.number]
        assert sum(each.quantity for each in own) == line.quantity
        assert sum(amounts(each.allowances) for each in own) == amounts(line.allowances)
    assert sum(amounts(part.allowances) for part in parts.values()) == amounts(order.allowances)
    assert all(len(part.allowances) == len(order.allowances) for part in parts.values())
    assert all(part.lines and not any(line.allocations for line in part.lines) for part in parts.values())


def line(*shares: tuple[str, int], ordered: int) -> OrderLine:
    named = tuple(Allocation(location=store, quantity=Decimal(quantity)) for store, quantity in shares)
    return OrderLine(quantity=Decimal(ordered), uom="EA", allocations=named)


def test_an_order_whose_stores_do_not_add_up_is_not_split() -> None:
    assert not per_store.can_be_split(Order(po_number="1", lines=(line(("0101", 4), ("0102", 5), ordered=8),)))
    assert not per_store.can_be_split(Order(po_number="1", lines=(line(ordered=8),)))


def test_goods_go_to_the_store_where_its_address_is_known_else_to_the_ship_to() -> None:
    order = Order(
        po_number="1", ship_to=Party(id="DC", address1="1 A ST"),
        lines=(line(("0101", 4), ("0102", 4), ordered=8), line(ordered=2)),
    )  # fmt: skip
    places = {"0101": LocationFacts("0101", Address(id="0101", name="ACME DALLAS", address1="100 ELM ST"))}

    parts = dict(per_store.split(order, places))

    assert [(store, part.ship_to.id) for store, part in parts.items() if part.ship_to] == [
        ("0101", "0101"), ("0102", "DC"), ("", "DC"),
    ]  # fmt: skip
    assert [[each.number for each in part.lines] for part in parts.values()] == [["1"], ["1"], ["2"]]


def test_a_purchase_order_that_names_nothing_but_stores_goes_to_them() -> None:
    (_, part), *_ = per_store.split(Order(po_number="1", lines=(line(("0101", 4), ordered=4),)), {})

    assert part.ship_to == Party(id="0101", id_type="92")
