"""Locks that the system gives back when their holder dies: flock beside a SQLite file, advisory locks in PostgreSQL."""

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from gateway.kernel.errors import StoreError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
_FREE = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")
KEEP_ALIVE = {
    "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 10,
    "tcp_user_timeout": 25000,
}  # fmt: skip
"""A connection whose other end is gone is known to be so within half a minute, also while an answer is awaited."""
SERVER_KEEPS = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 25000"
"""The server's side of it: the locks of a machine that lost its power are free as soon, not after two hours."""


class Locks(Protocol):
    """Names that one thread of one process can have at a time."""

    def trying(self, name: str) -> AbstractContextManager[bool]:
        """Whether the name is ours inside; nobody waits for it."""
        ...

    def keep(self, name: str) -> bool:
        """Take a name until the end of this process, or until ``close``; False when somebody else has it."""
        ...

    def check(self) -> None:
        """Raise StoreError when what is held may be somebody else's by now."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class FileLocks:
    """Files of a folder, locked; for the processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: list[tuple[str, int]] = []
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def trying(self, name: str) -> Iterator[bool]:
        """Whether the name is ours inside; nobody waits for it."""
        handle = self._locked(name)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                self._free(name, handle)

    def keep(self, name: str) -> bool:
        """Take a name until the end of this process; False when somebody else has it."""
        handle = self._locked(name)
        if handle is not None:
            self._kept.append((name, handle))
        return handle is not None

    def check(self) -> None:
        """The lock of a file is never lost."""

    def close(self) -> None:
        """Give everything back."""
        while self._kept:
            self._free(*self._kept.pop())

    def _free(self, name: str, handle: int) -> None:
        self._path(name).unlink(missing_ok=True)
        os.close(handle)

    def _locked(self, name: str) -> int | None:
        path = self._path(name)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == path.stat().st_ino:  # else its last holder has just removed it
                return handle
        except OSError:
            pass
        os.close(handle)
        return None

    def _path(self, name: str) -> Path:
        return self._folder / f"{_UNSAFE.sub('-', name)}.lock"


class AdvisoryLocks:
    """Session-level advisory locks of one connection of their own: they end with it, never by a clock."""

    def __init__(self, engine: Engine, site: str) -> None:
        self._engine = create_engine(
            engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT",
            connect_args={**KEEP_ALIVE, "application_name": "gateway-locks"},
        )  # fmt: skip
        self._site = site
        self._guard = threading.Lock()
        self._ours: set[str] = set()
        self._connection: Connection | None = None

    @contextmanager
    def trying(self, name: str) -> Iterator[bool]:
        """Whether the name is ours inside; nobody waits for it."""
        taken = self.keep(name)
        try:
            yield taken
        finally:
            if taken:
                self._free(name)

    def keep(self, name: str) -> bool:
        """Take a name until ``close``; False when somebody else has it, a thread of this process included."""
        with self._guard:
            if name in self._ours or not self._said(_TRY, name):
                return False
            self._ours.add(name)
            return True

    def check(self) -> None:
        """Raise StoreError when the connection is gone, and every lock with it."""
        with self._guard:
            self._said(text("SELECT true"), "")

    def close(self) -> None:
        """Give everything back."""
        with self._guard:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._ours.clear()
        self._engine.dispose()

    def _free(self, name: str) -> None:
        with self._guard:
            self._ours.discard(name)
            self._said(_FREE, name)

    def _said(self, statement: object, name: str) -> bool:
        try:
            if self._connection is None:
                if self._ours:
                    raise _lost("it was closed")
                self._connection = self._engine.connect()
                self._connection.exec_driver_sql(SERVER_KEEPS)
            values = {"name": f"{self._site}:{name}"} if name else {}
            return bool(self._connection.execute(statement, values).scalar())  # type: ignore[call-overload]
        except DBAPIError as error:
            if self._connection is not None:
                self._connection.invalidate()
                self._connection = None
            raise _lost(str(error.orig).partition("\n")[0].rstrip(".")) from error


def _lost(why: str) -> StoreError:
    return StoreError(
        f"The connection by which this process says that it lives is gone: {why}.",
        next_step="Others take over what it had; start it again.",
    )


def locks_for(engine: Engine, folder: Path) -> Locks:
    """The locks of a site on this database; ``folder`` is for those that are files."""
    if engine.dialect.name == "sqlite":
        return FileLocks(folder)
    return AdvisoryLocks(engine, hashlib.sha256(str(engine.url.database).encode()).hexdigest()[:12])
