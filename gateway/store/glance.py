"""Names out of a SQLite database at a glance, for what must answer between two keys: no library, no lock, no waiting."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

NAMES = MappingProxyType(
    {
        "orders": "SELECT number FROM orders ORDER BY sequence DESC LIMIT 500",
        "po_numbers": "SELECT po_number FROM orders ORDER BY sequence DESC LIMIT 500",
        "held_orders": "SELECT number FROM orders WHERE status = 'on_hold' ORDER BY sequence DESC LIMIT 200",
        "holds": "SELECT id FROM file_holds WHERE open ORDER BY rowid DESC LIMIT 200",
        "invoices": "SELECT number FROM invoices ORDER BY rowid DESC LIMIT 500",
        "alerts": "SELECT id FROM alerts ORDER BY rowid DESC LIMIT 200",
        "dispatches": "SELECT file_name FROM dispatches ORDER BY rowid DESC LIMIT 500",
    }
)
"""What can be asked for, the newest first."""


def names(database: Path, *wanted: str) -> list[str]:
    """The names of each kind in turn; raises sqlite3.Error or OSError where the database cannot be read at once."""
    if not database.is_file():
        return []
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=0.1)) as connection:
        return [str(row[0]) for each in wanted for row in connection.execute(NAMES[each])]
