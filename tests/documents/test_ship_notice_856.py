"""The ship notice tells the same goods three ways: by carton, by pallet, and without packing."""

from decimal import Decimal

from gateway.canonical.parts import Party
from gateway.canonical.shipment import ShippedOrder
from gateway.documents import ship_notice_856
from gateway.documents.context import DocumentContext
from gateway.orders.commands import ShippedRow
from gateway.orders.events import OrderShipped
from tests.orders import build


def row(line: str, quantity: int, carton: str, pallet: str = "") -> ShippedRow:
    return ShippedRow(line=line, quantity=Decimal(quantity), sscc=carton, pallet_sscc=pallet)


def told(*rows: ShippedRow) -> ShippedOrder:
    order = build.placed(build.line("TENT", "10"), build.line("STOVE", "6"))
    event = OrderShipped("S-1", build.TODAY, build.DAL, rows)
    notice = ship_notice_856.build([(order, event)], DocumentContext(us=Party(name="NORTHWIND")))
    return notice.orders[0]


def test_cartons_stand_on_the_pallets_they_were_confirmed_on() -> None:
    shipped = told(row("1", 4, "C1", "P2"), row("1", 3, "C2", "P1"), row("2", 6, "C3", "P2"))

    assert [(pallet.sscc, [pack.sscc for pack in pallet.packs]) for pallet in shipped.pallets] == [
        ("P2", ["C1", "C3"]), ("P1", ["C2"]),
    ]  # fmt: skip


def test_a_carton_beside_the_pallets_is_told_without_a_label_and_not_lost() -> None:
    shipped = told(row("1", 4, "C1", "P1"), row("2", 6, "C2"))

    assert [(pallet.sscc, len(pallet.packs)) for pallet in shipped.pallets] == [("P1", 1), (None, 1)]


def test_goods_without_pallets_have_none() -> None:
    assert told(row("1", 4, "C1")).pallets == ()


def test_items_without_their_cartons_add_up() -> None:
    shipped = told(row("1", 4, "C1"), row("2", 6, "C1"), row("1", 3, "C2"))

    assert [(item.line_number, item.quantity) for item in shipped.items] == [("1", 7), ("2", 6)]
    assert sum(item.quantity or 0 for pack in shipped.packs for item in pack.items) == 13
