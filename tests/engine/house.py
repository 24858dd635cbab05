"""A durable engine on a database of its own, with units whose key says what is to happen."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from dbos import DBOS
from sqlalchemy import Engine, text

from gateway.engine.durable import DbosEngine, Work
from gateway.engine.queue import SCHEMA, UnitQueue
from gateway.exchange.units import Owed
from gateway.kernel.errors import StoreError, TransportError, UnavailableError
from gateway.kernel.ids import PartnerId
from gateway.store.unit_of_work import engine_for

ACME, BIGMART = PartnerId("acme"), PartnerId("bigmart")


def wait_for(condition: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@dataclass(slots=True)
class House:
    """What its units did: each run of a unit is noted when it begins and when it ends."""

    runs: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    owed: list[Owed] = field(default_factory=list)
    cured: set[str] = field(default_factory=set)
    gate: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def act(self, kind: str, key: str) -> None:
        """Do a unit: ``poison`` fails for good, ``busy`` and ``away`` twice, ``down`` until it is cured, ``stays`` waits at the gate."""
        with self.lock:
            self.runs.append(key)
            self.at_once[kind] += 1
            self.most[kind] = max(self.most[kind], self.at_once[kind])
        try:
            self._do(key)
        finally:
            with self.lock:
                self.at_once[kind] -= 1
        self.ends.append(key)

    def _do(self, key: str) -> None:
        seen = self.runs.count(key)
        time.sleep(0.02)
        if "poison" in key and key not in self.cured:
            raise ZeroDivisionError("oh")
        if "busy" in key and seen <= 2:
            raise StoreError("Somebody else was at it.")
        if "down" in key and key not in self.cured:
            raise UnavailableError("The server is down.")
        if "away" in key and seen <= 2:
            raise TransportError("The folder is gone.")
        if "stays" in key:
            self.gate.wait(30)

    def apart(self, kind: str, key: str) -> Sequence[str]:
        members = key.split("+") if "+" in key else ()
        self.owed.extend(Owed(kind, each, ACME) for each in members)
        return members


def queue_of(url: str) -> tuple[Engine, UnitQueue]:
    """The queue of a database in which no process runs."""
    engine = engine_for(url)
    address = engine.url.set(drivername=engine.url.get_backend_name())
    DBOS.migrate(address.render_as_string(hide_password=False), schema=SCHEMA)
    return engine, UnitQueue(engine)


@contextmanager
def working(url: str, house: House, *, worker: str = "one", workers: int = 4) -> Iterator[DbosEngine]:
    """An engine that does what it is told."""
    engine = engine_for(url)
    dbos = DbosEngine(engine, worker, Work(act=house.act, apart=house.apart, found=lambda: list(house.owed)))
    dbos.start(workers)
    try:
        yield dbos
    finally:
        house.gate.set()
        assert dbos.stop(10)
        engine.dispose()


def states(queue: UnitQueue) -> dict[str, str]:
    """How everything stands that is known, what is done included."""
    return {
        each.owed.key: each.state
        for each in queue.units(("ENQUEUED", "DELAYED", "PENDING", "SUCCESS", "ERROR", "CANCELLED"))
    }


def begun_by(engine: Engine, name: str, worker: str) -> None:
    """Make a unit look as if a process had begun it and died."""
    _change(engine, name, "status = 'PENDING', executor_id = :value", worker)


def failed_for_good(engine: Engine, name: str) -> None:
    """Make a unit look as if it had failed."""
    _change(engine, name, "status = 'ERROR', completed_at = created_at, error = NULLIF(:value, '')", "")


def done(engine: Engine, name: str) -> None:
    """Make a unit look as if it were done."""
    _change(engine, name, "status = 'SUCCESS', completed_at = created_at, output = NULLIF(:value, '')", "")


def of_version(engine: Engine, name: str, version: str) -> None:
    """Make a unit look as if a process of another version had told it."""
    _change(engine, name, "application_version = :value", version)


def _change(engine: Engine, name: str, what: str, value: str) -> None:
    table = "workflow_status" if engine.dialect.name == "sqlite" else f"{SCHEMA}.workflow_status"
    statement = text(f"UPDATE {table} SET {what} WHERE workflow_uuid = :name")  # noqa: S608 - the words are ours
    with engine.begin() as connection:
        assert connection.execute(statement, {"name": name, "value": value}).rowcount == 1
