"""What the clock asks and what each order asks never reads a whole table of history."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Dialect, create_engine, event

from gateway.exchange.alerts import Change
from gateway.exchange.dispatch import OPEN
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.kernel.ids import BatchId, ChannelKey, ClaimId, DispatchId, OrderNumber, PartnerId, ReceiptId, Sha256
from gateway.store.migrate import upgrade
from gateway.store.schema import metadata
from gateway.store.statements import Parameters, Prepared
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import DAL, NOW, TENT, TODAY

ACME = PartnerId("acme")
RECEIPT = Receipt(ReceiptId("R1"), ClaimId("C1"), ACME, "po.edi", Sha256("a" * 64), 5, NOW)
KEY = {"po_number": "PO1", "release_number": "", "purpose": "new"}
SINCE = NOW - timedelta(days=400)
HISTORY = (
    "orders", "order_events", "invoices", "invoice_orders", "shipments", "cartons", "tracking_numbers", "receipts",
    "received_control_numbers", "dispatches", "read_documents", "stock_moves", "account_entries", "demand", "returns",
    "attempts", "remote_files", "alerts", "alert_notices", "clocks", "expected_files",
)  # fmt: skip
"""Tables that grow with every order and are never emptied."""

QUESTIONS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "unreleased": lambda work: work.orders.unreleased(),
    "unbilled": lambda work: work.orders.unbilled(),
    "unanswered": lambda work: work.orders.unanswered(),
    "cancellable": lambda work: work.orders.cancellable(TODAY),
    "settled": lambda work: work.receivables.settled_orders(),
    "credits": lambda work: work.receivables.credits_to_apply(),
    "reminders": lambda work: work.receivables.waits_for_reminder(ACME, 1, TODAY),
    "overdue": lambda work: work.shipments.overdue(TODAY),
    "uncredited": lambda work: work.returns.uncredited(),
    "queues": lambda work: work.goods.queues(),
    "received": lambda work: work.exchange.receipts(state=ReceiptState.RECEIVED),
    "batches": lambda work: work.exchange.open_batches(),
    "dispatches": lambda work: work.exchange.open_dispatches(),
    "holds": lambda work: work.exchange.holds(about="S1"),
    "earlier file": lambda work: work.exchange.earlier_receipt(RECEIPT),
    "control number": lambda work: work.exchange.control_number_seen(ACME, "a", "b", "1", since=SINCE),
    "earlier order": lambda work: work.orders.of_key(ACME, KEY, store="", test=False, since=SINCE),
    "exposure": lambda work: work.customers.exposure([ACME], without=OrderNumber("SO-1")),
    "shipment": lambda work: work.orders.orders_of_shipment("S1"),
    "bills": lambda work: work.orders.bills(OrderNumber("SO-1")),
    "bill": lambda work: work.orders.parts("INV1"),
    "cartons": lambda work: work.cartons.shipments(["1"]),
    "waiting": lambda work: work.goods.claimed([TENT]),
    "moves": lambda work: work.moves.since(DAL, TENT, NOW),
    "alerts": lambda work: work.alerts.listed(),
    "notices": lambda work: work.alerts.notices(NOW),
    "next notice": lambda work: work.alerts.next_due(),
    "untold": lambda work: work.notices.untold(),
    "ended holds": lambda work: work.notices.settled(),
    "unrouted": lambda work: work.notices.unrouted(),
    "processes": lambda work: work.notices.processes(),
    "cause": lambda work: work.notices.last_of_cause("office", Change.OPENED, "C-ITEM:acme"),
    "routes": lambda work: work.notices.due_routes(NOW),
    "letters": lambda work: work.notices.letters("office", NOW),
    "failing": lambda work: work.notices.failing("office"),
    "awaited": lambda work: work.awaited.newly_overdue(NOW),
    "late answers": lambda work: work.awaited.overdue(NOW),
    "promises": lambda work: work.clocks.running(),
    "promises of an order": lambda work: work.clocks.running("865_after_860:acme:SO-1"),
    "newly missed": lambda work: work.clocks.newly_overdue(NOW),
    "last days": lambda work: work.expected.last_days(["acme:order:18:00"]),
    "missed": lambda work: work.clocks.overdue(NOW),
    "promise": lambda work: work.clocks.get("855_after_850:acme:SO-1"),
    "expected": lambda work: work.expected.since("acme:purchase_order:18:00", TODAY),
    "remote": lambda work: work.remote.known(ChannelKey("sftp:acme:1"), ["po.edi"]),
    "open remote": lambda work: work.remote.open(ChannelKey("sftp:acme:1")),
    "attempts": lambda work: work.attempts.of(DispatchId("D1")),
    "open attempts": lambda work: work.attempts.open(),
    "files of a batch": lambda work: work.exchange.leaving(batch=BatchId("B")),
    "files through a channel": lambda work: work.exchange.leaving(channel=ChannelKey("outbox/acme")),
    "files to leave": lambda work: work.exchange.files_out(states=OPEN),
    "last attempts": lambda work: work.attempts.last([DispatchId("D1")]),
    "readings": lambda work: work.readings._sequences(ReceiptId("R1")),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('store') / 'gateway.db'}"
    upgrade(found)
    return found


class Anything(dict[str, Any]):
    """A value for every parameter."""

    def __missing__(self, _: str) -> None:
        return None


def plans(work: SqlUnitOfWork, asked: list[tuple[str, Any]]) -> Iterator[str]:
    """How the database finds what was asked, step by step."""
    for sql, given in asked:
        rows = work._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
        yield from (f"{row[3]}  [{sql}]" for row in rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_that_is_asked_all_the_time_scans_a_table_of_history(
    address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Any]] = []
    made = Prepared.sql

    def noted(self: Prepared, dialect: Dialect) -> tuple[str, Parameters]:
        sql, fixed = made(self, dialect)
        asked.append((sql, Anything(fixed)))
        return sql, fixed

    def heard(_connection: Connection, _cursor: object, sql: str, given: object, *_: object) -> None:
        asked.append((sql, given))

    store = SqlStore(address)
    with store.unit() as work:
        work._session.flush()
        monkeypatch.setattr(Prepared, "sql", noted)
        event.listen(store.engine, "before_cursor_execute", heard)
        QUESTIONS[name](work)
        event.remove(store.engine, "before_cursor_execute", heard)
        found = list(plans(work, [each for each in asked if each[0].startswith("SELECT")]))

    assert found
    of_history = rf"SCAN ({'|'.join(HISTORY)})\b"
    bad = [
        each for each in found if re.match(of_history, each) and not re.search(rf"USING .*INDEX ({PARTIAL})\b", each)
    ]
    assert bad == []


PARTIAL = "|".join(
    str(index.name)
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)


def test_a_migrated_database_says_the_conditions_of_its_indexes_as_the_queries_do(address: str, tmp_path: Path) -> None:
    made = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(made)
    said = "SELECT name, substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master WHERE sql LIKE 'CREATE INDEX% WHERE %'"

    with made.connect() as one, create_engine(address).connect() as other:
        wanted = sorted(map(tuple, one.exec_driver_sql(said)))
        found = sorted(map(tuple, other.exec_driver_sql(said)))

    made.dispose()
    assert found == wanted
