"""Fill a site with finished orders, quickly: copies of a real one under new numbers, written by the database itself.

Usage: python -m bench.ours.grown_site SITE ORDERS

The site has taken at least one order through the whole chain. Each copy is paid and delivered and has all that the real one
has in every table and index; of its lines only the first is kept in its events, and what nobody reads of a finished order
(its body, the bytes of its files) is cut short, so that a million take minutes and some gigabytes.
"""

import sqlite3
import sys
from pathlib import Path

AT_ONCE = 20_000
NUMBERS = "WITH RECURSIVE copies(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM copies WHERE n < :last)"
ORDER = "'SO-' || (:orders + n)"
BILL = "'INV' || printf('%07d', :bills + n)"
SHIPMENT = "'OLD-' || n"
RECEIPT = "'old-receipt-' || n"
SHORT = "substr(body, 1, 200)"

COPIES = (
    ("receipts", "id = :receipt", {"id": RECEIPT, "claim": "'old-claim-' || n", "sha256": "printf('%064d', n)", "batch": RECEIPT}),
    (
        "read_documents", 'receipt = :receipt AND "key" = :document',
        {"receipt": RECEIPT, "content": "substr(content, 1, 200)"},
    ),
    (
        "orders", "number = :number",
        {
            "number": ORDER, "sequence": ":ages + n", "po_number": "'OLD' || n", "status": "'paid'", "settled": "0",
            "open_amount": "'0'", "shipped_amount": "'0'", "body": SHORT,
        },
    ),
    (
        "order_events", "order_number = :number AND coalesce(json_extract(body, '$.line'), '1') = '1'",
        {
            "order_number": ORDER, "body": SHORT,
            "reference": f"CASE type WHEN 'OrderShipped' THEN {SHIPMENT} WHEN 'OrderInvoiced' THEN {BILL} ELSE '' END",
        },
    ),
    ("invoices", "order_number = :number", {"number": BILL, "order_number": ORDER, "paid": "total", "open": "0"}),
    ("invoice_orders", "order_number = :number", {"invoice_number": BILL, "order_number": ORDER}),
    ("shipments", "order_number = :number", {"number": SHIPMENT, "order_number": ORDER, "state": "'delivered'"}),
    (
        "cartons", "order_number = :number",
        {"sscc": "printf('9%019d', n)", "shipment_number": SHIPMENT, "order_number": ORDER},
    ),
    (
        "dispatches", "order_number = :number",
        {
            "id": "'old-' || n || '-' || document", "sequence": ":files + 5 * n + row_number() OVER (PARTITION BY n) - 5",
            "control_number": "printf('%09d', 5 * n)", "content": "substr(content, 1, 100)", "receipt": RECEIPT,
            "order_number": ORDER, "batch": "'old-batch-' || n",
        },
    ),
    ("stock_moves", "reference IN (SELECT number FROM shipments WHERE order_number = :number)", {"reference": SHIPMENT}),
)  # fmt: skip
"""Each table, the rows of the real order, and the columns that are other ones in a copy."""


def grow(database: Path, orders: int) -> None:
    """Write so many copies of the newest order of a SQLite database."""
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        known = _known(connection)
        connection.execute("PRAGMA synchronous=OFF")
        for table, rows, _ in COPIES:
            connection.execute(f"CREATE TEMP TABLE real_{table} AS SELECT * FROM {table} WHERE {rows}", known)  # noqa: S608 - names of ours
        for first in range(1, orders + 1, AT_ONCE):
            asked = {**known, "first": first, "last": min(first + AT_ONCE - 1, orders)}
            for table, _, changed in COPIES:
                connection.execute(_copy(connection, table, changed), asked)
            connection.commit()
        connection.execute("UPDATE counters SET value = value + ? WHERE name IN ('order', 'invoice')", (orders,))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _known(connection: sqlite3.Connection) -> dict[str, object]:
    """The real order, and the numbers that come before those of its copies."""
    order = connection.execute("SELECT number, sequence FROM orders ORDER BY sequence DESC LIMIT 1").fetchone()
    document = connection.execute(
        "SELECT receipt, key FROM read_documents WHERE document = 'order' ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return {
        "number": order["number"], "receipt": document["receipt"], "document": document["key"],
        "ages": order["sequence"],
        "orders": connection.execute("SELECT value FROM counters WHERE name = 'order'").fetchone()[0],
        "bills": connection.execute("SELECT value FROM counters WHERE name = 'invoice'").fetchone()[0],
        "files": connection.execute("SELECT max(sequence) FROM dispatches").fetchone()[0],
    }  # fmt: skip


def _copy(connection: sqlite3.Connection, table: str, changed: dict[str, str]) -> str:
    """The statement that copies the rows of one table."""
    found = connection.execute(f"PRAGMA table_info({table})")
    names = [each["name"] for each in found if (table, each["name"]) != ("stock_moves", "sequence")]
    said = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    return f"INSERT INTO {table} ({said}) {NUMBERS} SELECT {values} FROM copies CROSS JOIN real_{table}"  # noqa: S608 - names of ours


if __name__ == "__main__":
    grow(Path(sys.argv[1]) / "var" / "gateway.db", int(sys.argv[2]))
