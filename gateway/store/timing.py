"""Count what a store asks of its database and how long that takes; a database of its own for whoever measures."""

import re
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from gateway.kernel.errors import StoreError
from gateway.store.unit_of_work import SqlStore, engine_for

_WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
_FROM = re.compile(r"\sFROM\s+\"?(\w+)", re.IGNORECASE)
_LOCKING = re.compile(r"\s*BEGIN", re.IGNORECASE)
POSTGRESQL = "postgresql"


@dataclass(slots=True)
class Timing:
    """What was asked of the database since it is watched: statements, rows written by verb and table, seconds.

    ``waiting`` are the seconds until a transaction had its lock (SQLite), ``asking`` those of all other statements,
    ``committing`` those until a commit was on disk. ``inside`` is true while any of them passes. ``held`` says for each table
    how long its rows were held, from the first that a transaction wrote or locked to the end of its commit.
    """

    statements: int = 0
    commits: int = 0
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: float = 0.0
    asking: float = 0.0
    committing: float = 0.0
    inside: bool = False
    held: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    since: dict[str, float] = field(default_factory=dict)
    """When this transaction held a table first."""


def watch(store: SqlStore) -> Timing:
    """Count and time everything that this store does from now on, on the driver's own cursors; for one thread."""
    timing, engine = Timing(), store.engine
    engine.dispose()  # connections that are open already have cursors that are not watched
    driver: Any = engine.dialect.dbapi
    cursor = _timed_cursor(driver.Cursor, timing)

    @event.listens_for(engine, "do_connect")
    def connecting(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
        if engine.dialect.name == POSTGRESQL:
            named["cursor_factory"] = cursor
        else:
            watched = {"cursor": lambda connection: driver.Connection.cursor(connection, cursor)}
            named["factory"] = type("Watched", (driver.Connection,), watched)

    engine.dialect.do_commit = _timed(engine.dialect.do_commit, timing)  # type: ignore[method-assign]
    return timing


def _timed_cursor(base: Any, timing: Timing) -> Any:
    """A cursor of the driver that counts what it does."""

    def execute(cursor: Any, statement: Any, *parameters: Any, **how: Any) -> Any:
        with _inside(timing) as begun:
            done = base.execute(cursor, statement, *parameters, **how)
        _count(timing, str(statement), max(cursor.rowcount, 0), time.perf_counter() - begun)
        return done

    def executemany(cursor: Any, statement: Any, parameters: Any, **how: Any) -> Any:
        rows = list(parameters)
        with _inside(timing) as begun:
            done = base.executemany(cursor, statement, rows, **how)
        _count(timing, str(statement), len(rows), time.perf_counter() - begun)
        return done

    def fetchall(cursor: Any) -> Any:
        with _inside(timing) as begun:
            found = base.fetchall(cursor)
        timing.asking += time.perf_counter() - begun
        return found

    return type("WatchedCursor", (base,), {"execute": execute, "executemany": executemany, "fetchall": fetchall})


@contextmanager
def _inside(timing: Timing) -> Iterator[float]:
    timing.inside = True
    try:
        yield time.perf_counter()
    finally:
        timing.inside = False


def _count(timing: Timing, statement: str, rows: int, seconds: float) -> None:
    if _LOCKING.match(statement):
        timing.waiting += seconds
        return
    timing.statements += 1
    timing.asking += seconds
    wrote = _WRITE.match(statement)
    if wrote is not None:
        timing.written[wrote[1].split()[0].lower(), wrote[2]] += rows
    holds = wrote[2] if wrote is not None else _locked(statement)
    if holds:
        timing.since.setdefault(holds, time.perf_counter())


def _locked(statement: str) -> str:
    """The table whose rows a query locks, or nothing."""
    if "FOR UPDATE" not in statement:
        return ""
    read = _FROM.search(statement)
    return read[1] if read is not None else ""


def _timed(commit: Callable[..., None], timing: Timing) -> Callable[..., None]:
    @wraps(commit)
    def timed(connection: Any) -> None:
        timing.inside = True
        begun = time.perf_counter()
        commit(connection)
        ended = time.perf_counter()
        timing.committing += ended - begun
        for table, since in timing.since.items():
            timing.held[table] += ended - since
        timing.since.clear()
        timing.inside = False
        timing.commits += 1

    return timed


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """The URL of an empty database beside the one of a URL, on the same server; it is removed at the end.

    Raises StoreError where the server does not let us make one.
    """
    name = f"gateway_bench_{uuid.uuid4().hex[:12]}"
    _administer(url, f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    engine = engine_for(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
    except SQLAlchemyError as error:
        reason = str(error.orig).strip().splitlines()[0] if isinstance(error, DatabaseError) else str(error)
        raise StoreError(
            f"No database of its own could be made for the measurement: {reason}.",
            next_step="Nothing was measured and nothing changed. Give the user of 'database.url' the right CREATEDB, or "
            "measure on SQLite: gateway bench --sqlite",
        ) from error
    finally:
        engine.dispose()


def commit_seconds(url: str, times: int) -> list[float]:
    """How long each of so many commits of one small row takes, in a table of its own that is gone at the end."""
    engine = engine_for(url)
    found = []
    try:
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE bench_commits (number INTEGER, body TEXT)"))
            connection.commit()
            for number in range(times):
                connection.execute(
                    text("INSERT INTO bench_commits VALUES (:number, :body)"), {"number": number, "body": "x" * 200}
                )
                begun = time.perf_counter()
                connection.commit()
                found.append(time.perf_counter() - begun)
            connection.execute(text("DROP TABLE bench_commits"))
            connection.commit()
    finally:
        engine.dispose()
    return found


def size(url: str) -> int:
    """The bytes of a database, once what SQLite has in its log is merged into it."""
    engine = engine_for(url)
    try:
        if engine.dialect.name == POSTGRESQL:
            with engine.connect() as connection:
                return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        return Path(engine.url.database or "").stat().st_size
    finally:
        engine.dispose()


def log_bytes(url: str) -> int:
    """The bytes that a PostgreSQL server has written to its log (WAL) so far; 0 on SQLite, which writes each page once more."""
    engine = engine_for(url)
    try:
        if engine.dialect.name != POSTGRESQL:
            return 0
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")).scalar_one())
    finally:
        engine.dispose()
