"""The store on both databases: all or nothing, exact figures, numbers never given twice."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from gateway.canonical.house import Item, ItemId, Price, Stock, Warehouse
from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState, ReceivedControlNumber, Seen
from gateway.kernel.errors import ConflictError, StoreError
from gateway.kernel.ids import (
    BatchId,
    ClaimId,
    DispatchId,
    HoldId,
    OrderNumber,
    PartnerId,
    ReceiptId,
    Sha256,
    Sku,
    WarehouseId,
)
from gateway.orders import decisions, lifecycle
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, ReleaseToWarehouse
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from gateway.orders.stockroom import Occasion
from gateway.orders.terms import Terms
from gateway.store.archive import FileArchive
from gateway.store.migrate import current, upgrade
from gateway.store.schema import VERSION, metadata
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.orders.build import DAL, NOW, TODAY, confirmed, facts, follow, hold_ids, placed, wanted

ACME = PartnerId("acme")
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=400)
COUNTED = Occasion(NOW, "file stock.csv", "stock.csv", "counted")
SHIPPED = Occasion(NOW, "file confirm.csv", "S1", "shipped for SO-1")


@pytest.fixture
def url(database: str) -> str:
    return database


@pytest.fixture
def store(url: str) -> SqlStore:
    return SqlStore(url)


def receipt(name: str = "po.edi", *, number: str = "1", sha256: str = "a" * 64) -> Receipt:
    return Receipt(ReceiptId(f"R{number}"), ClaimId(f"C{number}"), ACME, name, Sha256(sha256), 5, NOW)


def dispatch(number: str = "1") -> Dispatch:
    return Dispatch(DispatchId(f"D{number}"), ACME, "997", "1", "000000001", "997.edi", "outbox/acme", b"ISA", NOW)


def test_the_migrations_make_exactly_the_tables_of_the_schema(url: str) -> None:
    with engine_for(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert current(url) == VERSION


def test_a_database_of_a_later_version_is_refused_and_left_alone(url: str) -> None:
    with engine_for(url).connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(StoreError, match="schema 9999"):
        upgrade(url)
    assert current(url) == "9999"


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    path.write_bytes(b"this is not a database at all, is it? " * 40)
    with pytest.raises(StoreError, match="cannot be opened"):
        upgrade(f"sqlite:///{path}")


def test_sqlite_writes_ahead_and_syncs_fully(tmp_path: Path) -> None:
    with engine_for(databases.fresh(databases.SQLITE, tmp_path)).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_two_threads_never_get_the_same_number(store: SqlStore) -> None:
    given: list[int] = []

    def take() -> None:
        for _ in range(200):
            with store.unit() as work:
                given.append(work.exchange.next_number("isa13:acme"))
                work.commit()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 401))


def test_what_is_not_committed_never_was(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        work.exchange.next_number("x")
    with store.unit() as work:
        assert work.exchange.receipts() == []
        assert work.exchange.next_number("x") == 1


def test_a_process_killed_inside_a_transaction_leaves_the_database_as_it_was(url: str) -> None:
    script = (
        "import os, signal, sys\n"
        "from gateway.store.unit_of_work import SqlStore\n"
        "with SqlStore(sys.argv[1]).unit() as work:\n"
        "    work.exchange.next_number('x'); work.exchange.next_number('x'); work.exchange.next_number('invoice')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", script, url], env={**os.environ, "PYTHONPATH": root}, check=False)
    assert done.returncode == -signal.SIGKILL
    with SqlStore(url).unit() as work:
        assert work.exchange.receipts() == []
        assert work.exchange.next_number("x") == (1 if url.startswith("sqlite") else 4)  # a gap there, never a repeat
        assert work.exchange.next_number("invoice") == 1  # no gap anywhere


def test_a_claim_is_known_once(store: SqlStore) -> None:
    with store.unit() as work:
        assert work.exchange.add_receipt(receipt())
        assert not work.exchange.add_receipt(receipt())
        work.commit()


def test_a_receipt_is_settled_once_and_may_be_reopened_when_held(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        assert work.exchange.settle(ReceiptId("R1"), ReceiptState.HELD, "why")
        assert not work.exchange.settle(ReceiptId("R1"), ReceiptState.PROCESSED, "again")
        assert work.exchange.reopen(ReceiptId("R1"))
        assert not work.exchange.reopen(ReceiptId("R1"))
        assert [each.id for each in work.exchange.receipts(state=ReceiptState.RECEIVED)] == ["R1"]


def test_an_earlier_file_is_one_with_the_same_bytes_of_the_same_partner_that_was_processed(store: SqlStore) -> None:
    with store.unit() as work:
        first, second = receipt(number="1"), receipt(number="2")
        work.exchange.add_receipt(first)
        work.exchange.add_receipt(second)
        assert work.exchange.earlier_receipt(second) is None
        work.exchange.settle(first.id, ReceiptState.PROCESSED, "")
        earlier = work.exchange.earlier_receipt(second)
        assert earlier is not None
        assert earlier.id == "R1"


def test_a_control_number_is_remembered_within_its_window(store: SqlStore) -> None:
    seen = ReceivedControlNumber(ACME, "THEM", "US", "000000001", Sha256("a" * 64), ReceiptId("R1"), NOW)
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        work.exchange.remember_control_number(seen)
        assert work.exchange.control_number_seen(ACME, "THEM", "US", "000000001", since=LONG_AGO) == seen
        assert work.exchange.control_number_seen(ACME, "THEM", "US", "000000001", since=NOW + timedelta(days=1)) is None
        assert work.exchange.control_number_seen(ACME, "THEM", "US", "000000002", since=LONG_AGO) is None


def test_a_dispatch_keeps_what_had_to_be_changed_in_it(store: SqlStore) -> None:
    notes = ("REF02: 'Cafe' was written.", "PID05: 'a b' was written.")
    with store.unit() as work:
        work.exchange.add_dispatch(dispatch("1"))
        work.exchange.add_dispatch(replace(dispatch("2"), notes=notes))
        assert [each.notes for each in work.exchange.dispatches()] == [(), notes]


def test_a_dispatch_keeps_its_bytes_and_leaves_again_only_after_it_was_delivered(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.add_dispatch(dispatch("1"))
        work.exchange.add_dispatch(dispatch("2"))
        work.exchange.repeat(DispatchId("D1"))
        work.exchange.mark([DispatchId("D1")], DispatchState.DELIVERED, at=NOW)
        assert work.exchange.open_dispatches() == ["D2"]
        work.exchange.repeat(DispatchId("D1"))
        again = work.exchange.dispatch(DispatchId("D1"))
        assert again is not None
        assert (again.state, again.repeats, again.content, again.delivered_at) == (DispatchState.READY, 1, b"ISA", NOW)


def test_a_hold_with_a_key_is_listed_once_while_it_is_open(store: SqlStore) -> None:
    def hold(number: str) -> FileHold:
        return FileHold(HoldId(number), "FILE", "S-FILETYPE", "why", NOW, ACME, None, "x", key="k")

    with store.unit() as work:
        work.exchange.hold(hold("H1"))
        work.exchange.hold(hold("H2"))
        assert [each.id for each in work.exchange.holds()] == ["H1"]
        assert work.exchange.end_hold(HoldId("H1"), "mended")
        assert not work.exchange.end_hold(HoldId("H1"), "mended")
        work.exchange.hold(hold("H3"))
        assert [each.id for each in work.exchange.holds()] == ["H3"]


def test_files_of_a_folder_are_observed_together_by_both_clocks(store: SqlStore) -> None:
    later, clock = NOW + timedelta(minutes=5), NOW + timedelta(days=3)
    with store.unit() as work:
        assert work.exchange.observe_all("in", {"a": "1", "b": "1"}, NOW, observed=clock) == dict.fromkeys(
            "ab", Seen(NOW, clock)
        )
        assert work.exchange.observe_all("in", {"a": "1"}, later, observed=clock + MINUTE) == {"a": Seen(NOW, clock)}
        assert work.exchange.observe_all("in", {"a": "2"}, later, observed=clock + MINUTE) == {
            "a": Seen(later, clock + MINUTE)
        }
        assert work.exchange.observe_all("in", {"b": "1"}, later, observed=clock) == {"b": Seen(later, clock)}, (
            "it was gone"
        )
        assert work.exchange.observe_all("elsewhere", {"b": "1"}, NOW, observed=NOW) == {"b": Seen(NOW, NOW)}


def test_a_clock_that_was_put_back_starves_no_file(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.observe_all("in", {"a": "1"}, NOW, observed=NOW + MINUTE)
        assert work.exchange.observe_all("in", {"a": "1"}, NOW, observed=NOW) == {"a": Seen(NOW, NOW)}
        assert work.exchange.observe_all("in", {"a": "1"}, NOW, observed=NOW + MINUTE) == {"a": Seen(NOW, NOW)}


def saved(store: SqlStore, order: Order) -> None:
    with store.unit() as work:
        work.orders.add(order, lifecycle.status(order).value, (), at=NOW, who="test")
        work.commit()


def test_an_order_comes_back_exactly_with_all_its_events(store: SqlStore) -> None:
    events = decisions.decide(None, wanted(), Case(facts(), Terms(), NOW, hold_ids()))
    order = follow(None, events)
    with store.unit() as work:
        work.orders.add(order, "allocated", events, at=NOW, who="file po.edi")
        work.commit()
    with store.unit() as work:
        assert work.orders.get(order.number) == order
        stored = work.orders.events(order.number)
    assert follow(None, [each.event for each in stored]) == order
    assert [each.sequence for each in stored] == list(range(1, len(events) + 1))
    assert {(each.at, each.who) for each in stored} == {(NOW, "file po.edi")}


def test_a_save_over_somebody_elses_save_is_refused(store: SqlStore) -> None:
    order = placed()
    saved(store, order)
    events = decisions.decide(order, ReleaseToWarehouse((DAL,)), Case(facts(), Terms(), NOW, hold_ids()))
    after = follow(order, events)
    with store.unit() as work:
        work.orders.save(after, "released", events, at=NOW, who="one", expected_version=order.version)
        work.commit()
    with store.unit() as work, pytest.raises(ConflictError, match="somebody else"):
        work.orders.save(after, "released", events, at=NOW, who="two", expected_version=order.version)


def test_orders_are_found_by_partner_po_and_status(store: SqlStore) -> None:
    order = placed()
    saved(store, order)
    with store.unit() as work:
        assert work.orders.find(OrderQuery(status="allocated", po_number="PO1")) == [order]
        assert work.orders.find(OrderQuery(status="shipped")) == []
        assert work.orders.unreleased() == [(order.number, order.version)]
        assert work.orders.uninvoiced() == []


def test_exposure_follows_the_order_from_open_to_shipped_to_invoiced(store: SqlStore) -> None:
    order = placed()
    saved(store, order)
    owed: list[tuple[Decimal, Decimal, Decimal]] = []
    for command in (ReleaseToWarehouse((DAL,)), confirmed(("1", "10")), IssueInvoice("I1", "S1", TODAY)):
        with store.unit() as work:
            exposure = work.customers.exposure([ACME])
            owed.append((exposure.open_orders, exposure.shipped_not_invoiced, exposure.unpaid_invoices))
            events = decisions.decide(order, command, Case(facts(), Terms(), NOW, hold_ids()))
            after = follow(order, events)
            work.orders.save(
                after, lifecycle.status(after).value, events, at=NOW, who="t", expected_version=order.version
            )
            work.commit()
        order = after
    with store.unit() as work:
        final = work.customers.exposure([ACME])
        found = work.orders.invoice("I1")
        assert work.orders.shipment("S1", order.number) is not None
    amount = Decimal("899.5")
    assert owed == [(amount, 0, 0), (amount, 0, 0), (0, amount, 0)]
    assert (final.open_orders, final.shipped_not_invoiced, final.unpaid_invoices) == (0, 0, amount)
    assert found is not None
    assert found[0] == OrderNumber("SO-1")


def test_master_data_is_new_then_the_same_then_changed(store: SqlStore) -> None:
    item = Item(sku="TENT", uom="EA", upc="614141000104")
    price = Price(price_list="list", sku="TENT", uom="EA", unit_price=Decimal("89.95"))
    house = Warehouse(warehouse="DAL", city="Dallas")
    with store.unit() as work:
        assert [work.master.put_item(item), work.master.put_item(item)] == ["new", "same"]
        assert work.master.put_item(item.model_copy(update={"status": "blocked"})) == "changed"
        assert [work.master.put_price(price), work.master.put_price(price)] == ["new", "same"]
        assert work.master.put_price(price.model_copy(update={"unit_price": Decimal(90)})) == "changed"
        assert [work.master.put_warehouse(house), work.master.put_warehouse(house)] == ["new", "same"]
        assert work.master.warehouse(WarehouseId("DAL")) == house
        assert [each.unit_price for each in work.master.prices([Sku("TENT")], ["list"])] == [90]
        assert work.master.prices([Sku("TENT")], ["other"]) == ()


def test_rows_of_one_item_give_several_pack_units(store: SqlStore) -> None:
    with store.unit() as work:
        work.master.put_item(Item(sku="STOVE", uom="EA", gtin="00614141000319"))
        work.master.put_item(
            Item(sku="STOVE", uom="EA", pack_uom="CA", pack_quantity=Decimal(6), gtin="10614141000316")
        )
        facts_of = work.master.items([Sku("STOVE")])[Sku("STOVE")]
        assert facts_of.packs == (("CA", Decimal(6)),)
        assert facts_of.gtin == "00614141000319"
        assert work.master.skus(ACME, [("gtin", "10614141000316")]) == {("gtin", "10614141000316"): "STOVE"}


def test_an_item_is_known_by_each_of_its_ids_and_by_the_partners_own(store: SqlStore) -> None:
    ids = [
        ("vendor_sku", "TENT"),
        ("upc", "614141000104"),
        ("buyer_sku", "A-1"),
        ("buyer_sku", "A-2"),
        ("color", "red"),
    ]
    with store.unit() as work:
        work.master.put_item(Item(sku="TENT", uom="EA", upc="614141000104"))
        work.master.put_item_id(ItemId(partner="acme", partner_sku="A-1", sku="TENT"))
        work.master.put_item_id(ItemId(partner="other", partner_sku="A-2", sku="TENT"))
        assert set(work.master.skus(ACME, ids)) == set(ids[:3])


def test_an_id_that_two_items_share_means_neither(store: SqlStore) -> None:
    with store.unit() as work:
        work.master.put_item(Item(sku="A", uom="EA", upc="1"))
        work.master.put_item(Item(sku="B", uom="EA", upc="1"))
        assert work.master.skus(ACME, [("upc", "1")]) == {}


def test_stock_is_counted_reserved_shipped_and_in_question(store: SqlStore) -> None:
    sku, day = Sku("TENT"), date(2026, 11, 20)
    counted = Stock(warehouse="DAL", sku="TENT", on_hand=Decimal("10.5"), counted_at=datetime(2026, 11, 19, tzinfo=UTC))
    with store.unit() as work:
        assert [work.stock.count(counted, COUNTED), work.stock.count(counted, COUNTED)] == ["new", "same"]
        work.stock.reserve(DAL, sku, Decimal(4))
        work.stock.ship(DAL, sku, Decimal(3), shipped_on=day, occasion=SHIPPED)
        work.stock.question(DAL, sku, Decimal(1))
        (level,) = work.stock.levels([sku])
        assert (level.on_hand, level.reserved, level.in_question) == (Decimal("7.5"), 1, 1)
        assert level.available == Decimal("5.5")
        later = {"on_hand": Decimal(20), "counted_at": datetime(2026, 11, 21, tzinfo=UTC)}
        assert work.stock.count(counted.model_copy(update=later), COUNTED) == "changed"
        (level,) = work.stock.levels([sku])
        assert (level.on_hand, level.reserved, level.in_question) == (20, 1, 0)


def test_a_shipment_from_before_the_count_does_not_lower_it_again(store: SqlStore) -> None:
    sku = Sku("TENT")
    with store.unit() as work:
        work.stock.count(
            Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(10), counted_at=datetime(2026, 11, 22, tzinfo=UTC)),
            COUNTED,
        )
        work.stock.reserve(DAL, sku, Decimal(3))
        work.stock.ship(DAL, sku, Decimal(3), shipped_on=date(2026, 11, 20), occasion=SHIPPED)
        (level,) = work.stock.levels([sku])
    assert (level.on_hand, level.reserved) == (10, 0)


@pytest.mark.parametrize(
    ("told", "day", "on_hand"),
    [
        (datetime(2026, 11, 23, 16, tzinfo=UTC), 23, 7),  # left after the count
        (datetime(2026, 11, 22, 20, tzinfo=UTC), 22, 7),  # on the day of the count, told after it
        (datetime(2026, 11, 22, 10, tzinfo=UTC), 22, 10),  # told before the count, which saw it
        (datetime(2026, 11, 23, 16, tzinfo=UTC), 21, 10),  # told later, and gone the day before the count
    ],
)
def test_a_count_that_comes_late_keeps_what_left_after_it(
    store: SqlStore, told: datetime, day: int, on_hand: int
) -> None:
    sku, moment = Sku("TENT"), datetime(2026, 11, 22, 18, tzinfo=UTC)
    counted = Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(10), counted_at=moment)
    with store.unit() as work:
        work.stock.count(counted.model_copy(update={"counted_at": moment - timedelta(days=9)}), COUNTED)
        left = Occasion(told, "file confirm.csv", "S1", "shipped for SO-1")
        work.stock.ship(DAL, sku, Decimal(3), shipped_on=date(2026, 11, day), occasion=left)
        work.stock.count(counted, COUNTED)
        (level,) = work.stock.levels([sku])
    assert level.on_hand == on_hand


def test_days_of_goods_are_those_of_the_house(store: SqlStore) -> None:
    sku, evening = Sku("TENT"), datetime(2026, 11, 24, 1, tzinfo=UTC)  # still the 23rd in Chicago
    with store.unit() as work:
        work.stock.count(Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(10), counted_at=evening), COUNTED)
        left = Occasion(evening + timedelta(hours=1), "file c.csv", "S1", zone=ZoneInfo("America/Chicago"))
        work.stock.ship(DAL, sku, Decimal(3), shipped_on=date(2026, 11, 23), occasion=left)
        (level,) = work.stock.levels([sku])
    assert level.on_hand == 7


def test_an_older_count_or_the_same_again_does_not_bring_back_what_was_shipped(store: SqlStore) -> None:
    sku, moment = Sku("TENT"), datetime(2026, 11, 20, 18, tzinfo=UTC)
    counted = Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(10), counted_at=moment)
    with store.unit() as work:
        work.stock.count(counted, COUNTED)
        work.stock.ship(DAL, sku, Decimal(4), shipped_on=date(2026, 11, 21), occasion=SHIPPED)
        assert work.stock.count(counted, COUNTED) == "same"
        assert (
            work.stock.count(counted.model_copy(update={"counted_at": moment - timedelta(days=1)}), COUNTED) == "same"
        )
        (level,) = work.stock.levels([sku])
    assert level.on_hand == 6


def test_blocked_goods_are_counted_and_never_available(store: SqlStore) -> None:
    with store.unit() as work:
        work.stock.count(Stock(warehouse="DAL", sku="TENT", on_hand=Decimal(10), quality="blocked"), COUNTED)
        (level,) = work.stock.levels([Sku("TENT")])
    assert level.available == 0


def test_the_archive_gives_back_what_it_was_given_and_notices_a_change(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path / "archive")
    name = archive.put(b"ISA*00")
    assert archive.put(b"ISA*00") == name
    assert archive.get(name) == b"ISA*00"
    (path,) = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert path.name == name
    path.write_bytes(b"changed")
    with pytest.raises(StoreError, match="changed after it was written"):
        archive.get(name)
    path.unlink()
    with pytest.raises(StoreError, match="no readable file"):
        archive.get(name)


def told(store: SqlStore) -> list[tuple[str, str, str | None]]:
    """What an engine is told from now on."""
    heard: list[tuple[str, str, str | None]] = []
    store.enqueue = lambda _connection, owed: heard.extend((each.kind, each.key, each.partner) for each in owed)
    return heard


def test_what_follows_from_a_transaction_is_told_with_its_commit_and_never_without(store: SqlStore) -> None:
    heard = told(store)
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        work.enqueue("slice", "1", ACME)
    assert heard == []
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        work.exchange.add_receipt(receipt())
        work.exchange.add_receipt(replace(receipt(number="2"), state=ReceiptState.PROCESSED))
        work.enqueue("slice", "1", ACME)
        work.enqueue("slice", "1", ACME)
        work.commit()
        work.commit()
    assert heard == [("in", "R1", "acme"), ("slice", "1", "acme")]


def test_what_one_transaction_owes_one_partner_is_a_batch(store: SqlStore) -> None:
    heard = told(store)
    other = replace(dispatch("3"), partner=PartnerId("erp"))
    with store.unit() as work:
        for each in (dispatch("1"), other, dispatch("2")):
            work.exchange.add_dispatch(each)
        work.commit()
    with store.unit() as work:
        (acme, first), (erp, second) = work.exchange.open_batches()
        assert (first, second) == ("acme", "erp")
        assert heard == [("out", acme, "acme"), ("out", erp, "erp")]
        assert work.exchange.open_dispatches(acme) == ["D1", "D2"]
        assert work.exchange.open_dispatches() == ["D1", "D3", "D2"]


def test_what_leaves_or_is_read_again_has_a_new_batch(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.add_receipt(receipt())
        work.exchange.settle(ReceiptId("R1"), ReceiptState.HELD, "why")
        work.exchange.add_dispatch(dispatch())
        ((before, _),) = work.exchange.open_batches()
        work.exchange.mark([DispatchId("D1")], DispatchState.DELIVERED, at=NOW)
        work.commit()
    heard = told(store)
    with store.unit() as work:
        work.exchange.repeat(DispatchId("D1"))
        work.exchange.reopen(ReceiptId("R1"))
        ((after, _),) = work.exchange.open_batches()
        (again,) = work.exchange.receipts(state=ReceiptState.RECEIVED)
        work.commit()
    assert (before != after, again.batch != again.id) == (True, True)
    assert heard == [("out", after, "acme"), ("in", again.batch, "acme")]


def test_members_of_a_batch_are_given_a_batch_each_where_there_are_several(store: SqlStore) -> None:
    together = BatchId("B")
    with store.unit() as work:
        for number in ("1", "2", "3"):
            work.exchange.add_receipt(replace(receipt(number=number), batch=together))
            work.exchange.add_dispatch(replace(dispatch(number), batch=together))
        work.exchange.settle(ReceiptId("R1"), ReceiptState.PROCESSED, "")
        work.exchange.mark([DispatchId("D1")], DispatchState.DELIVERED, at=NOW)
        work.commit()
    heard = told(store)
    with store.unit() as work:
        files, leaving = work.exchange.alone(together), work.exchange.leave_alone(together)
        assert [work.exchange.alone(each) for each in files] == [[], []]
        assert [work.exchange.leave_alone(each) for each in leaving] == [[], []]
        assert [each.id for key in files for each in work.exchange.receipts(batch=key)] == ["R2", "R3"]
        assert [each for key in leaving for each in work.exchange.open_dispatches(key)] == ["D2", "D3"]
        work.commit()
    assert heard == [*(("in", each, "acme") for each in files), *(("out", each, "acme") for each in leaving)]
