"""Rows that are put together leave and answer what they would one by one."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.canonical.base import Canonical
from gateway.canonical.house import Item, ItemId, Location, Price, Stock, Warehouse
from gateway.flows.taking import master
from gateway.kernel.ids import PartnerId, Sku, WarehouseId
from gateway.orders.stockroom import Change, Occasion
from gateway.store.schema import metadata
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import NOW

BY = Occasion(NOW, "file prices.csv")
SKUS = st.sampled_from(["A", "B", "C"])
FEW = st.sampled_from([Decimal(0), Decimal(1), Decimal(12)])
ITEMS = st.builds(
    Item, sku=SKUS, uom=st.sampled_from(["EA", "EA", "LB"]), description=st.sampled_from([None, "tent"]),
    upc=st.sampled_from([None, "1", "2"]), gtin=st.sampled_from([None, "7"]), pack_uom=st.sampled_from([None, "CA", "BX"]),
    pack_quantity=st.sampled_from([None, Decimal(6), Decimal(0)]), weight=st.sampled_from([None, Decimal("1.5")]),
)  # fmt: skip
PRICES = st.builds(
    Price, price_list=st.sampled_from(["list", "west"]), sku=st.sampled_from(["A", "B", "NONE"]),
    uom=st.sampled_from(["EA", "CA"]), unit_price=FEW, min_quantity=st.sampled_from([None, Decimal(12)]),
    valid_from=st.sampled_from([None, date(2026, 1, 1)]), valid_to=st.sampled_from([None, date(2026, 6, 1)]),
    contract_number=st.sampled_from([None, "C-1"]),
)  # fmt: skip
IDS = st.builds(ItemId, partner=st.just("acme"), partner_sku=st.sampled_from(["1", "2"]), sku=SKUS)
PLACES = st.builds(
    Location, partner=st.just("acme"), location_id=st.sampled_from(["0003", "7"]), name=st.sampled_from([None, "DC 3"]),
    warehouse=st.sampled_from([None, "DAL", "NONE"]),
)  # fmt: skip
COUNTS = st.builds(
    Stock, warehouse=st.sampled_from(["DAL", "RNO", "NONE"]), sku=SKUS, on_hand=FEW,
    counted_at=st.sampled_from([None, NOW - timedelta(days=2), NOW - timedelta(hours=1), NOW]),
    quality=st.sampled_from(["available", "blocked"]),
)  # fmt: skip
FILES = st.one_of(*(st.lists(kind, max_size=8) for kind in (ITEMS, PRICES, IDS, PLACES, COUNTS)))


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(database)


def begin(work: SqlUnitOfWork) -> None:
    """A shop in which something happened."""
    for sku in ("A", "B"):
        work.master.put_item(Item(sku=sku, uom="EA", description="tent"))
    work.master.put_item(Item(sku="A", uom="EA", pack_uom="CA", pack_quantity=Decimal(6), gtin="7"))
    for place in ("DAL", "RNO"):
        work.master.put_warehouse(Warehouse(warehouse=place))
    work.master.put_price(Price(price_list="list", sku="A", uom="EA", unit_price=Decimal(1)))
    work.stock.count(Stock(warehouse="DAL", sku="A", on_hand=Decimal(5), counted_at=NOW - timedelta(days=1)), BY)
    work.stock.change(WarehouseId("DAL"), Sku("A"), Decimal(-2), Change.SHIPMENT, BY, NOW.date())
    work.stock.change(WarehouseId("RNO"), Sku("B"), Decimal(3), Change.RECEIPT, BY)
    work.stock.question(WarehouseId("DAL"), Sku("A"), Decimal(1))


def applied(store: SqlStore, files: Sequence[Sequence[Canonical]], opened: Callable[..., Any]) -> list[object]:
    """All that is said while files are applied, and all that is in the database then; nothing of it is kept."""
    with store.unit() as work:
        begin(work)
        said: list[object] = []
        tally = master.Tally()
        for rows in files:
            with opened(work, rows):
                for row in rows:
                    one = (
                        master.count(work, row, tally, BY) if isinstance(row, Stock) else master.apply(work, row, tally)
                    )
                    said.append((one, str(tally)))
            said.append(work.master.items([Sku("A"), Sku("B"), Sku("C")]))
            said.append(work.master.prices([Sku("A"), Sku("B")], ["list", "west", "C-1"]))
            said.append(work.master.skus(PartnerId("acme"), [("buyer_sku", "1"), ("upc", "1"), ("gtin", "7")]))
            said.append(work.master.locations(PartnerId("acme"), ["0003", "7"]))
            said.append(work.stock.levels([Sku("A"), Sku("B"), Sku("C")]))
        work._session.flush()
        for table in metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "sequence"]
            found = work._session.execute(select(*columns).order_by(*table.primary_key.columns))
            said.append([tuple(row) for row in found])
    return said


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FILES, max_size=3))
def test_rows_put_together_say_and_leave_what_they_do_one_by_one(store: SqlStore, files: list[list[Canonical]]) -> None:
    assert applied(store, files, master.together) == applied(store, files, lambda *_: nullcontext())
