"""What a database is like and what waits in it, asked without waiting long and without changing anything."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, create_engine, func, inspect, select, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gateway.exchange.channels import ChannelState
from gateway.kernel.errors import StoreError
from gateway.store.channels import Channels
from gateway.store.failures import existing, explained, readable
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    KEPT_FILE,
    OPEN_ALERT,
    UNDELIVERED,
    UNREAD,
    UNSENT,
    VERSION,
    WAITING,
    alerts,
    audit,
    dispatches,
    file_holds,
    items,
    orders,
    receipts,
)
from gateway.store.schema import alert_notices as notices
from gateway.store.session import Session

PATIENCE = 1.0
"""Seconds for which a look waits for somebody who has the database."""
SERVER_PATIENCE = 2
"""Seconds for which it waits for a server to answer."""
_ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the tables; ``old`` are those of them that came before the moment that was asked for."""

    holds: int = 0
    old_holds: int = 0
    held_orders: int = 0
    unread: int = 0
    undelivered: int = 0
    old_undelivered: int = 0
    serious_alerts: int = 0
    untold: int = 0
    unwell: tuple[ChannelState, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspected:
    """A database as it was found; ``schema`` is empty where it has no tables of ours yet.

    ``newest`` is the last moment that anything was written at, ``now`` the clock of its server where there is one.
    """

    schema: str = ""
    journal: str = ""
    writes: bool = True
    newest: datetime | None = None
    now: datetime | None = None
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def is_ours(self) -> bool:
        """Whether it has exactly the tables of this version."""
        return self.schema == VERSION

    @property
    def is_newer(self) -> bool:
        """Whether a later version of the gateway made its tables."""
        return self.schema > VERSION


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for one on a server."""
    name = make_url(url).database if url.startswith("sqlite") else None
    return Path(name) if name else None


def inspected(url: str, old: datetime, undelivered_since: datetime) -> Inspected | StoreError:
    """What a database is like, or why that cannot be said."""
    try:
        engine = engine_to_look(url)
    except StoreError as error:
        return error
    try:
        with engine.connect() as connection:
            return _look(connection, old, undelivered_since)
    except DBAPIError as error:
        return explained(error, url)
    finally:
        engine.dispose()


def engine_to_look(url: str) -> Engine:
    """Connections that wait for nobody for long; raises StoreError for an address of no database."""
    file = file_of(url)
    if file is not None:
        return create_engine(existing(file), poolclass=NullPool, connect_args={"timeout": PATIENCE})
    address = readable(url, make_url).set(drivername="postgresql+psycopg")
    return create_engine(address, poolclass=NullPool, connect_args={"connect_timeout": SERVER_PATIENCE})


def has_items(url: str) -> bool:
    """Whether a database knows any item; one that is not there or cannot be used knows none."""
    file = file_of(url)
    if file is not None and not file.exists():
        return False
    try:
        engine = engine_to_look(url)
    except StoreError:
        return False
    try:
        with engine.connect() as connection:
            return (
                schema_of(connection) == VERSION
                and connection.execute(select(items.c.sku).limit(1)).first() is not None
            )
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def _look(connection: Connection, old: datetime, undelivered_since: datetime) -> Inspected:
    is_file = connection.dialect.name == "sqlite"
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()) if is_file else ""
    now = None if is_file else connection.execute(text("SELECT clock_timestamp()")).scalar()
    writes = _writes(connection, is_file=is_file)
    schema = schema_of(connection)
    if schema != VERSION:
        return Inspected(schema, journal, writes, now=now)
    return Inspected(schema, journal, writes, _newest(connection), now, _waiting(connection, old, undelivered_since))


def schema_of(connection: Connection) -> str:
    """The schema that a database has; empty where it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _writes(connection: Connection, *, is_file: bool) -> bool:
    """Whether it can be written now: SQLite gives us its lock within the time, a server is no copy that only reads."""
    if not is_file:
        return not connection.execute(text("SELECT pg_is_in_recovery()")).scalar()
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except DBAPIError as error:
        if "locked" in str(error.orig):
            return False
        raise
    connection.exec_driver_sql("ROLLBACK")
    return True


def _newest(connection: Connection) -> datetime | None:
    """The moment of the last file that came, or of the last deed; each is found at the end of an index."""
    last = (
        select(receipts.c.received_at).where(KEPT_FILE).order_by(receipts.c.received_at.desc()).limit(1),
        select(audit.c.at).order_by(audit.c.sequence.desc()).limit(1),
    )
    known = [to_moment(found) for each in last if (found := connection.execute(each).scalar())]
    return max(known) if known else None


def _waiting(connection: Connection, old: datetime, undelivered_since: datetime) -> Waiting:
    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)

    return Waiting(
        holds=count(file_holds, WAITING),
        old_holds=count(file_holds, WAITING, file_holds.c.since < to_text(old)),
        held_orders=count(orders, orders.c.status == _ON_HOLD),
        unread=count(receipts, UNREAD),
        undelivered=count(dispatches, UNDELIVERED),
        old_undelivered=count(dispatches, UNDELIVERED, dispatches.c.created_at < to_text(undelivered_since)),
        serious_alerts=count(alerts, OPEN_ALERT, alerts.c.severity.in_(["error", "critical"])),
        untold=count(notices, UNSENT, notices.c.attempts > 0),
        unwell=tuple(Channels(Session(connection)).unwell()),
    )
