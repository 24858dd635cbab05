"""No statement of a day's work on PostgreSQL reads a big table whole: each has an index that serves it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.dispatch import AttemptOutcome
from gateway.kernel.ids import AlertId
from gateway.store.schema import metadata
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.site.harness import DEMO, FRIDAY, MONDAY, PlayedSite, new_site, order, purchase_order

BIG: Mapping[str, Mapping[str, Any]] = {
    "orders": {"status": "closed", "waits_for_release": False, "waits_for_invoice": False, "answer_due": None,
               "cancel_after": None, "open_amount": "0", "shipped_amount": "0"},
    "order_events": {}, "receipts": {"state": "processed"}, "dispatches": {"state": "delivered"}, "stock_moves": {},
    "invoices": {"open": False}, "invoice_orders": {}, "received_control_numbers": {}, "read_documents": {"hold": None},
    "shipments": {"state": "delivered"}, "cartons": {}, "file_holds": {"open": False}, "attempts": {},
    "alerts": {"closed_at": "2026-11-21T00:00:00.000000+00:00"}, "alert_notices": {"state": "sent"},
}  # fmt: skip
"""The tables that grow with the orders, and what is true of rows that are done with."""
TIMES = 3_000
APART = frozenset({
    "claim", "sequence", "order_number", "number", "po_number", "sha256", "control_number", "reference", "key", "receipt", "sku",
    "alert",
})  # fmt: skip
"""Columns that tell rows apart: each copy has its own, keys besides."""
NAMES = re.compile(r'(?:FROM|UPDATE|JOIN|INTO) "?([a-z_]+)"?')


def fill(url: str) -> None:
    """Multiply the rows of every big table, as years of the same orders would."""
    engine = engine_for(url)
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name, values in BIG.items():
            table = metadata.tables[name]
            apart = {column.name for column in table.primary_key.columns} | APART - {
                "sku" if name != "stock_moves" else ""
            }
            copies = [
                _copied(column.name, values, apart=column.name in apart, number=str(column.type) == "INTEGER")
                for column in table.columns
            ]
            connection.execute(text(
                f"INSERT INTO {name} ({', '.join(column.name for column in table.columns)}) SELECT {', '.join(copies)}"  # noqa: S608 - names of ours
                f" FROM (SELECT * FROM {name} LIMIT 40) AS one, generate_series(1, {TIMES}) AS g"
            ))  # fmt: skip
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _copied(name: str, values: Mapping[str, Any], *, apart: bool, number: bool) -> str:
    if name in values:
        return "NULL" if values[name] is None else f"'{values[name]}'"
    if not apart or name in ("partner", "sender", "receiver"):
        return f'one."{name}"'
    return f'one."{name}" + 1000 * g' if number else f"one.\"{name}\" || '-' || g"


@contextmanager
def watched(found: dict[str, Any]) -> Iterator[None]:
    """Note every statement that goes to the server, each with one set of its parameters."""
    one, many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def execute(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        found.setdefault(str(query), params)
        return one(self, query, params, **more)

    def executemany(self: Any, query: Any, params_seq: Any, **more: Any) -> Any:
        rows = list(params_seq)
        if rows:
            found.setdefault(str(query), rows[0])
        return many(self, query, rows, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", execute)
        patch.setattr(psycopg.Cursor, "executemany", executemany)
        yield


def whole(plan: Any) -> Iterator[str]:
    """The tables that a plan reads from one end to the other."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for each in plan.get("Plans", ()):
        yield from whole(each)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    """A site on PostgreSQL with a hundred thousand rows of finished orders."""
    site = new_site(tmp_path_factory.mktemp("plans") / "site", on=databases.POSTGRESQL)
    site.drop_master()
    site.drop("acme", "po.edi", purchase_order(*(order(f"PO-{at}") for at in range(10))))
    site.drop("acme", "demo.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.run(FRIDAY)
    site.confirm_everything()
    site.run(MONDAY)
    with SqlStore(site.database()).unit() as work:
        for each in work.exchange.files_out():
            work.attempts.note(each.id, AttemptOutcome.DELIVERED, at=datetime.now(UTC), milliseconds=1)
        work.alerts.open(Alert(AlertId("A-1"), "k", "hold", Severity.ERROR, "why", datetime.now(UTC)))
        work.commit()
    fill(site.database())
    return site


def a_night(site: PlayedSite) -> None:
    """What a night looks for that has much to remove, in one piece of each kind."""
    with SqlStore(site.database()).unit() as work:
        later = datetime.now(UTC) + timedelta(days=3_000)
        files, left = (look(later, "", 500) for look in (work.pruning.files, work.pruning.dispatches))
        work.pruning.files_gone([name for name, _ in files.free], later, later)
        work.pruning.dispatches_gone([name for name, _ in left.free], later)
        for remove in (work.pruning.attempts, work.pruning.notices, work.pruning.alerts):
            assert remove(later, "", 500, remove=True).looked == 500
        assert files.looked == left.looked == 500


def test_nothing_of_a_days_work_reads_a_big_table_whole(filled: PlayedSite) -> None:
    statements: dict[str, Any] = {}
    with watched(statements):
        filled.drop("acme", "next.edi", purchase_order(order("PO-N1"), order("PO-N2"), control=7))
        filled.run(MONDAY)
        filled.confirm_everything()
        filled.run("2026-11-24T16:00:00Z")
        filled.gateway("orders", "show", "PO-N1")
        a_night(filled)
    read: dict[str, set[str]] = {}
    with psycopg.connect(filled.database()) as connection:
        rows = connection.execute("SELECT relname FROM pg_class WHERE reltuples > 1000").fetchall()
        large = {name for (name,) in rows}
        for statement, parameters in statements.items():
            if not set(NAMES.findall(statement)) & BIG.keys() or statement.lstrip().startswith("INSERT"):
                continue
            (told,) = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), parameters).fetchone() or ([],)
            if big := set(whole(told[0]["Plan"])) & large:
                read[statement] = big
    assert len(statements) > 50
    assert large >= {"orders", "dispatches", "receipts", "invoices", "shipments", "read_documents"}
    assert read == {}, "\n\n".join(f"{sorted(each)}: {statement}" for statement, each in read.items())
