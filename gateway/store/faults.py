"""The hook of the fault tests for the database: the nth statement or commit of this process fails, or is its last one.

What stands in ``FAULTS`` is done as the database itself would do it. PostgreSQL is made to raise the error, to end our
connection, or its connection is cut, so that driver and server are left as they would be. SQLite gives up the whole
transaction when its disk is full or broken; so does this hook, and then raises what SQLite raises. Whatever is asked
counts: what sets a connection up, and what others than we ask through SQLAlchemy.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Dialect, Engine, event

from gateway.kernel.fault_plan import COMMIT, STATEMENT, FaultPlan, no_plan, plan_of

KILL_BEFORE, KILL_AFTER = "KILL_BEFORE", "KILL_AFTER"
LOST, LOST_AFTER = "LOST", "LOST_AFTER"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as each database has it: the code and the words of SQLite, the state of PostgreSQL."""

    code: int
    words: str
    state: str = ""


_IO_ERROR = Fault(10, "disk I/O error", "58030")
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "FULL": Fault(13, "database or disk is full", "53100"),
        "BROKEN": _IO_ERROR,
        "BUSY": Fault(5, "database is locked", "55P03"),
        "CONFLICT": Fault(5, "database is locked", "40001"),
        "DEADLOCK": Fault(5, "database is locked", "40P01"),
        LOST: _IO_ERROR,
        LOST_AFTER: _IO_ERROR,
    }
)
"""What may befall a statement or a commit, besides a kill; a file has no server that could be lost, and fails instead."""
_BUSY = 5
"""The one of these errors of SQLite after which the transaction goes on."""
_WAITS_MS = 5000
_ENDED = "SELECT pg_terminate_backend(%s, %s)"
_LISTENING: dict[str, Callable[..., Any]] = {}
_MET: list[str] = []
_GUARD = threading.Lock()


def begin(said: str) -> None:
    """Let this process meet a fault from now on, or none any more; a plan that is at work goes on. Raises ValueError."""
    if said in _LISTENING:
        return
    plan = plan_of(said)
    _MET.clear()
    while _LISTENING:
        event.remove(Engine, "do_connect", _LISTENING.popitem()[1])
    if plan is None or not plan.of_database:
        return
    if plan.fault not in FAULTS and plan.fault not in (KILL_BEFORE, KILL_AFTER):
        raise no_plan(said)
    _LISTENING[said] = _connects(plan)
    event.listen(Engine, "do_connect", _LISTENING[said])


def met() -> bool:
    """Whether what this process is to meet was met."""
    return bool(_MET)


def _connects(plan: FaultPlan) -> Callable[..., Any]:
    """What makes connections that count together."""
    number = 0

    def is_hit(counted: str) -> bool:
        nonlocal number
        if counted != plan.counted:
            return False
        with _GUARD:
            number += 1
            hit = plan.hits(number)
        if hit:
            _MET.append(counted)
        return hit

    def connect(dialect: Dialect, _record: object, arguments: Any, named: Any) -> Any:
        met_by = _Sqlite if dialect.name == "sqlite" else _Postgresql
        return met_by(dialect.loaded_dbapi, plan.fault, is_hit).connected(arguments, named)

    return connect


class _Database:
    """The connections of one driver, that meet a fault."""

    def __init__(self, driver: Any, fault: str, is_hit: Callable[[str], bool]) -> None:
        self.driver, self.fault, self._is_hit = driver, fault, is_hit

    def meets(self, counted: str, connection: Any, act: Callable[[], Any]) -> Any:
        """What a statement or commit comes to."""
        if not self._is_hit(counted):
            return act()
        if self.fault == KILL_BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fault in (KILL_AFTER, LOST_AFTER):
            act()
        if self.fault == KILL_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.strike(connection, act)

    def strike(self, connection: Any, act: Callable[[], Any]) -> Any:
        """Raise the error as this database does."""
        raise NotImplementedError

    def cursors(self) -> Any:
        """Cursors that count what is asked."""
        meets = self.meets

        class Cursor(self.driver.Cursor):  # type: ignore[misc,name-defined]
            def execute(self, *arguments: Any, **named: Any) -> Any:
                return meets(STATEMENT, self.connection, lambda: super(Cursor, self).execute(*arguments, **named))

            def executemany(self, *arguments: Any, **named: Any) -> Any:
                return meets(STATEMENT, self.connection, lambda: super(Cursor, self).executemany(*arguments, **named))

        return Cursor

    def connections(self) -> Any:
        """Connections that count what is committed."""
        meets = self.meets

        class Connection(self.driver.Connection):  # type: ignore[misc,name-defined]
            def commit(self) -> Any:
                return meets(COMMIT, self, lambda: super(Connection, self).commit())

        Connection.__module__, Connection.__qualname__ = self.driver.__name__, "Connection"
        return Connection


class _Sqlite(_Database):
    def connected(self, arguments: Any, named: Any) -> Any:
        """A connection to a file."""
        cursors = self.cursors()

        class Connection(self.connections()):  # type: ignore[misc]
            def cursor(self, factory: Any = cursors) -> Any:
                return super().cursor(factory)

            def execute(self, *arguments: Any) -> Any:
                return self.cursor().execute(*arguments)

        return self.driver.connect(*arguments, factory=Connection, **named)

    def strike(self, connection: Any, _act: Callable[[], Any]) -> Any:
        fault = FAULTS[self.fault]
        if fault.code != _BUSY:
            connection.rollback()
        error = self.driver.OperationalError(fault.words)
        error.sqlite_errorcode = fault.code
        raise error


class _Postgresql(_Database):
    def connected(self, arguments: Any, named: Any) -> Any:
        """A connection to a server."""
        self._address = (arguments, dict(named))
        return self.connections().connect(*arguments, cursor_factory=self.cursors(), **named)

    def strike(self, connection: Any, act: Callable[[], Any]) -> Any:
        plain = self.driver.Cursor(connection)
        if self.fault == LOST:
            self._end(connection)
            return act()
        if self.fault == LOST_AFTER:
            with socket.socket(fileno=os.dup(connection.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)
            return plain.execute("SELECT true")
        state = FAULTS[self.fault].state
        return plain.execute(f"DO $$ BEGIN RAISE 'a fault of the tests' USING ERRCODE = '{state}'; END $$")

    def _end(self, connection: Any) -> None:
        """Let the server end this connection, as its administrator does."""
        arguments, named = self._address
        with self.driver.connect(*arguments, **named) as other:
            other.execute(_ENDED, [connection.info.backend_pid, _WAITS_MS])
