"""How many units stand where, asked of the tables of DBOS without waking it: reading it in takes a second."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, inspect, text

COUNTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "waiting": ("ENQUEUED", "DELAYED"),
        "running": ("PENDING",),
        "failed": ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"),
    }
)
"""What is counted, and what DBOS calls it; what is done is nobody's worry."""
TABLE, SCHEMA = "workflow_status", "dbos"


def standing(connection: Connection) -> Mapping[str, int]:
    """How many units wait, are being done, or failed for good; none of them where no engine ever ran."""
    found = dict.fromkeys(COUNTED, 0)
    schema = None if connection.dialect.name == "sqlite" else SCHEMA
    if not inspect(connection).has_table(TABLE, schema=schema):
        return found
    table = TABLE if schema is None else f"{schema}.{TABLE}"
    counted = text(f"SELECT status, count(*) FROM {table} WHERE status IN :states GROUP BY status")  # noqa: S608 - the names are ours
    asked = counted.bindparams(bindparam("states", expanding=True))
    of = {each: name for name, states in COUNTED.items() for each in states}
    for status, number in connection.execute(asked, {"states": list(of)}):
        found[of[status]] += number
    return found
