"""Labels carry the SSCC as GS1-128, packing slips every item of every carton."""

from decimal import Decimal

from gateway.canonical.parts import Party
from gateway.canonical.shipment import Shipment
from gateway.documents import carton_label, ship_notice_856
from gateway.documents.context import DocumentContext
from gateway.orders.commands import ShippedRow
from gateway.orders.events import OrderShipped
from tests.orders import build

ONE, TWO = "00108600010000000013", "00108600010000000020"


def notice() -> Shipment:
    order = build.placed(build.line("TENT", "10"), build.line("STOVE", "6"))
    rows = (
        ShippedRow("1", Decimal(6), ONE), ShippedRow("1", Decimal(4), TWO), ShippedRow("2", Decimal(6), TWO),
    )  # fmt: skip
    event = OrderShipped("S-1", build.TODAY, build.DAL, rows, "UPGN", bol="B^1")
    return ship_notice_856.build([(order, event)], DocumentContext(us=Party(name="NORTHWIND")))


def test_each_carton_has_one_label_with_its_number_as_gs1_128() -> None:
    first, second = carton_label.labels(notice()).split("^XZ\n")[:2]

    assert f"^BCN,240,N,N,N^FD>;>8{ONE}^FS" in first
    assert "^FD(00) 108600010000000013^FS" in first
    assert "CARTON 1 OF 2" in first
    assert f"^FD>;>8{TWO}^FS" in second
    assert carton_label.labels(notice()).count("^XA") == 2


def test_nothing_that_is_told_can_command_the_printer() -> None:
    assert "BOL B 1^FS" in carton_label.labels(notice())


def test_a_packing_slip_tells_every_item_of_every_carton() -> None:
    assert carton_label.packing_slip(notice()).splitlines() == [
        "PACKING SLIP  shipment S-1  2026-11-20",
        "",
        "From: NORTHWIND",
        "To: ACME DC",
        "1400 COMMERCE PARK",
        "FORT WORTH TX",
        "",
        "Purchase order PO1  our order SO-1",
        f"  Carton 1  {ONE}",
        "       1        6 EA  TENT",
        f"  Carton 2  {TWO}",
        "       1        4 EA  TENT",
        "       2        6 EA  STOVE",
        "  2 cartons, 16 in all",
    ]
