"""The processes that said they work on a site; whether one still lives, only its lock tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gateway.store.moments import to_moment, to_text
from gateway.store.schema import workers


@dataclass(frozen=True, slots=True)
class Worker:
    """One process: its name, where it runs, which version it is, since when."""

    name: str
    host: str
    pid: int
    version: str
    started_at: datetime


def add(connection: Connection, worker: Worker) -> None:
    """Somebody begins to work."""
    values = {"name": worker.name, "host": worker.host, "pid": worker.pid, "version": worker.version}
    connection.execute(insert(workers).values(**values, started_at=to_text(worker.started_at)))


def remove(connection: Connection, name: str) -> None:
    """Somebody ended, and nothing is left of what it had."""
    connection.execute(delete(workers).where(workers.c.name == name))


def known(connection: Connection) -> Iterator[Worker]:
    """Everybody who began and was not removed, the oldest first."""
    for row in connection.execute(select(workers).order_by(workers.c.started_at, workers.c.name)):
        yield Worker(row.name, row.host, row.pid, row.version, to_moment(row.started_at))
