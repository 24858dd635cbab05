"""Items, barcodes, places and earlier orders in the store."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.canonical.house import Item, Location
from gateway.kernel.ids import OrderNumber, PartnerId, Sku
from gateway.orders.order import Address
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import NOW, placed

ACME = PartnerId("acme")
STOVE = Sku("STOVE")


@pytest.fixture
def work(database: str) -> Iterator[SqlUnitOfWork]:
    with SqlStore(database).unit() as opened:
        yield opened


def test_a_pack_row_leaves_what_it_does_not_say_as_it_is(work: SqlUnitOfWork) -> None:
    base = Item(
        sku="STOVE", uom="EA", description="Gas stove", upc="614141000319", weight=Decimal("1.85"), weight_uom="LB",
        substitute_sku="STOVE-2", reorder_point=Decimal(20), order_up_to=Decimal(80), lead_time_days=9,
        gtin="00614141000319",
    )  # fmt: skip
    work.master.put_item(base)
    work.master.put_item(Item(sku="STOVE", uom="EA", pack_uom="CA", pack_quantity=Decimal(6), gtin="10614141000316"))

    stove = work.master.items([STOVE])[STOVE]
    assert (stove.description, stove.upc, stove.weight, stove.substitute) == (
        "Gas stove", "614141000319", Decimal("1.85"), "STOVE-2",
    )  # fmt: skip
    assert (stove.reorder_point, stove.order_up_to, stove.lead_time_days) == (20, 80, 9)
    assert (stove.gtin, stove.packs, stove.pack_codes) == (
        "00614141000319", (("CA", Decimal(6)),), (("10614141000316", "CA"),),
    )  # fmt: skip
    assert work.master.item(STOVE) == base


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("upc", "614141000319"), ("ean", "0614141000319"), ("gtin", "00614141000319"), ("upc", "0614141000319"),
        ("gtin", "10614141000316"), ("case_code", "10614141000316"), ("upc", "10614141000316"),
    ],
)  # fmt: skip
def test_a_barcode_is_one_code_however_it_is_written_and_whatever_it_is_called(
    work: SqlUnitOfWork, kind: str, value: str
) -> None:
    work.master.put_item(
        Item(sku="STOVE", uom="EA", upc="614141000319", pack_uom="CA", pack_quantity=Decimal(6), gtin="10614141000316")
    )
    assert work.master.skus(ACME, [(kind, value)]) == {(kind, value): "STOVE"}


def test_a_barcode_of_zeros_or_letters_is_no_other_one(work: SqlUnitOfWork) -> None:
    work.master.put_item(Item(sku="STOVE", uom="EA", upc="12"))
    assert work.master.skus(ACME, [("upc", "000"), ("upc", "A12"), ("upc", "120")]) == {}


def test_a_place_belongs_to_its_partner_and_is_looked_up_by_its_code(work: SqlUnitOfWork) -> None:
    said = Location(
        partner="acme", location_id="0417", name="Store 417", address1="88 Elm St", city="Reno", warehouse="RNO",
        tax_region="NV", status="active",
    )  # fmt: skip
    assert [work.master.put_location(said), work.master.put_location(said)] == ["new", "same"]
    assert work.master.put_location(said.model_copy(update={"tax_region": "NV-WASHOE"})) == "changed"

    place = work.master.locations(ACME, ["0417", "9999", ""])["0417"]
    assert place.address == Address(id="0417", name="Store 417", address1="88 Elm St", city="Reno")
    assert (place.warehouse, place.tax_region, place.status) == ("RNO", "NV-WASHOE", "active")
    assert work.master.locations(PartnerId("other"), ["0417"]) == {}


def test_earlier_orders_are_found_by_the_agreed_key_for_the_same_store(work: SqlUnitOfWork) -> None:
    order = placed(release_number="7")
    work.orders.add(order, "allocated", (), at=NOW, who="file")
    key = {"po_number": "PO1", "release_number": "7", "purpose": "original"}

    def found(**more: object) -> list[OrderNumber]:
        said = {"store": "", "test": False, "since": NOW - timedelta(days=1), "key": key, **more}
        return [each.number for each in work.orders.of_key(ACME, **said)]  # type: ignore[arg-type]

    assert found() == found(key={"po_number": "PO1"}) == [order.number]
    assert found(key={**key, "release_number": "8"}) == found(store="0417") == found(test=True) == []
    assert found(since=NOW + timedelta(days=1)) == []
