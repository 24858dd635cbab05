"""The queue of units in DBOS, seen from outside: what is told to it, what stands in it, what is tried again."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from zlib import crc32

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus
from sqlalchemy import Connection, Engine, inspect, text

from gateway.engine.version import UNIT_VERSION
from gateway.exchange.units import Owed, UnitInfo
from gateway.kernel.ids import PartnerId

APPLICATION, SCHEMA, UNIT = "gateway", "dbos", "unit"
WORK, OUT = "work", "out"
"""The two queues: what is done by so many at once in each process, and what waits for partners."""
SLICES = 64
"""So many slices of big files are done at once in the whole site, at most."""
WAITING, LATER, RUNNING, FAILED, DONE = "waiting", "later", "running", "failed", "done"
STATES: Mapping[str, str] = MappingProxyType(
    {
        "ENQUEUED": WAITING, "DELAYED": LATER, "PENDING": RUNNING, "SUCCESS": DONE, "ERROR": FAILED,
        "CANCELLED": FAILED, "MAX_RECOVERY_ATTEMPTS_EXCEEDED": FAILED,
    }
)  # fmt: skip
"""What people call the states of DBOS."""
LIVE = ("ENQUEUED", "DELAYED", "PENDING")
DEAD = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
DEATHS, REASON = "deaths", "reason"
AT_ONCE = 500
_AT = text(
    "UPDATE workflow_status SET created_at = :at "
    "WHERE workflow_uuid = :name AND status = 'ENQUEUED' AND abs(created_at - :at) <= 1000"
)
_AFTER = text(
    f"UPDATE {SCHEMA}.workflow_status "  # noqa: S608 - the name is ours
    "SET created_at = greatest(CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint), :after) "
    "WHERE workflow_uuid = :name AND status = 'ENQUEUED' AND created_at >= extract(epoch FROM now()) * 1000 - 1 "
    "RETURNING created_at"
)
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('gateway:units-anew', 0))")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands in the queue."""

    owed: Owed
    state: str
    version: str
    worker: str
    attempts: int
    deaths: int
    since: datetime
    error: str

    @property
    def info(self) -> UnitInfo:
        """What the rest of the gateway is told of it."""
        return UnitInfo(
            self.owed.kind, self.owed.key, self.state, self.attempts, self.error, self.owed.partner,
            self.worker if self.state == RUNNING else "", self.since,
        )  # fmt: skip


class UnitQueue:
    """Tells units to DBOS inside our transactions, and asks it about them; runs none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._client = DBOSClient(
            system_database_engine=engine, dbos_system_schema=SCHEMA, serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION, lazy=True,
        )  # fmt: skip
        self._guard = threading.Lock()
        self._last = 0
        self._told: dict[str, int] = {}
        """When the last unit of each part was told by this process."""

    def register(self, workers: int, poll: float) -> None:
        """Make the queues; of each part of one, one unit is done at a time in the whole site."""
        self._client.register_queue(
            WORK, partition_concurrency=1, worker_concurrency=workers, polling_interval_sec=poll
        )
        self._client.register_queue(OUT, partition_concurrency=1, polling_interval_sec=poll)

    def look(self, every: float) -> None:
        """Let all processes look for units so often."""
        for name in (WORK, OUT):
            queue = self._client.retrieve_queue(name)
            if queue is not None and queue.polling_interval_sec != every:
                queue.set_polling_interval_sec(every)

    def moved(self, since: datetime) -> bool:
        """Whether anything was done since a moment, or has yet to be begun, besides what the clock brings."""
        for said in (  # what is done between the two questions is found by the second
            {"status": list(LIVE), "start_time": since.isoformat()},
            {"status": "SUCCESS", "completed_after": since.isoformat()},
        ):
            found = self._client.list_workflows(
                workflow_id_prefix=["in:", "slice:", "out:"], limit=1, load_input=False, load_output=False, **said
            )  # fmt: skip
            if found:
                return True
        return False

    def enqueue(self, connection: Connection, owed: Iterable[Owed]) -> None:
        """Part of the caller's transaction; a unit that is known already stays as it is."""
        for each in owed:
            part = _part(each)
            options = EnqueueOptions(
                workflow_name=UNIT, queue_name=_queue(each), workflow_id=each.name, app_version=UNIT_VERSION,
                queue_partition_key=part, attributes={"partner": each.partner} if each.partner else {},
            )  # fmt: skip
            self._client.enqueue_in_transaction(connection, options, each.kind, each.key)
            self._place(connection, each.name, part)

    def _place(self, connection: Connection, name: str, part: str) -> None:
        """Let units stand in the order in which they were told: DBOS orders by a time that they share.

        That is the second on SQLite and the begin of the transaction on PostgreSQL, where one that began early may have
        waited for another one; among equals their names decide.
        """
        if self._engine.dialect.name == "sqlite":
            with self._guard:
                self._last = max(self._last + 1, time.time_ns() // 1_000_000)
                values = {"name": name, "at": self._last}
            connection.execute(_AT, values)
            return
        with self._guard:
            before = self._told.get(part, 0)
            told = connection.execute(_AFTER, {"name": name, "after": before + 1}).scalar()
            self._told[part] = max(told or 0, before)

    def add(self, owed: Sequence[Owed]) -> None:
        """The same in a transaction of its own."""
        if owed:
            with self._engine.begin() as connection:
                self.enqueue(connection, owed)

    def exists(self) -> bool:
        """Whether there is a queue in this database: it is made, and last of all named, by the first that runs units."""
        schema = None if self._engine.dialect.name == "sqlite" else SCHEMA
        if not inspect(self._engine).has_table("queues", schema=schema):
            return False
        table = "queues" if schema is None else f"{schema}.queues"
        with self._engine.connect() as connection:
            named = text(f"SELECT name FROM {table} WHERE name = :name")  # noqa: S608 - the names are ours
            return connection.execute(named, {"name": OUT}).first() is not None

    def units(self, states: Sequence[str] = (*LIVE, *DEAD), worker: str | None = None) -> list[Unit]:
        """Those in these states of DBOS, the oldest first."""
        found = self._client.list_workflows(
            status=list(states), executor_id=worker, load_input=True, load_output=True, name=UNIT
        )
        return [_unit(each) for each in found]

    def named(self, names: Sequence[str]) -> dict[str, Unit]:
        """Those of these names that are known."""
        return {
            each.workflow_id: _unit(each)
            for some in _parts(names)
            for each in self._client.list_workflows(workflow_ids=some, load_input=True, load_output=True)
        }

    def forget(self, names: Sequence[str]) -> None:
        """Remove units, so that the same names can be told again."""
        for some in _parts(names):
            self._client.delete_workflows(some)

    def again(self, units: Sequence[Unit]) -> None:
        """Try units anew that failed for good."""
        self.forget([each.owed.name for each in units])
        self.add([each.owed for each in units])

    def anew(self, owed: Sequence[Owed], is_stale: Callable[[Unit], bool]) -> int:
        """Tell what is known and stale as if it were not; how many units.

        One process at a time looks and tells: else the second would forget what the first told, which somebody may be doing.
        """
        if not owed:
            return 0
        with self._one_at_a_time():
            known = self.named([each.name for each in owed])
            stale = [each for each in owed if each.name in known and is_stale(known[each.name])]
            self.forget([each.name for each in stale])
            self.add(stale)
        return len(stale)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """On SQLite one process works on a site, and one thread of it tells units anew."""
        if self._engine.dialect.name == "sqlite":
            yield
            return
        with self._engine.begin() as connection:
            connection.execute(_ALONE)
            yield

    def hand_back(self, units: Sequence[Unit]) -> None:
        """Let others do what somebody began and left."""
        for each in units:
            self._client.resume_workflows([each.owed.name], queue_name=_queue(each.owed))

    def died_with(self, unit: Unit) -> int:
        """Count that a process died while it did this unit; how often that happened by now."""
        attributes = {DEATHS: unit.deaths + 1, **({"partner": unit.owed.partner} if unit.owed.partner else {})}
        self._client.update_workflow_attributes(unit.owed.name, attributes)
        return unit.deaths + 1

    def give_up(self, unit: Unit) -> None:
        """Nobody tries this unit any more until somebody says so."""
        self._client.cancel_workflow(unit.owed.name)

    def prune(self, before: datetime) -> int:
        """Forget what was done before a moment; how many units."""
        count = 0
        while True:
            old = self._client.list_workflows(
                status="SUCCESS", completed_before=before.isoformat(), limit=AT_ONCE, load_input=False,
                load_output=False,
            )  # fmt: skip
            self.forget([each.workflow_id for each in old])
            count += len(old)
            if len(old) < AT_ONCE:
                return count


def _unit(status: WorkflowStatus) -> Unit:
    kind, _, key = status.workflow_id.partition(":")
    attributes = status.attributes or {}
    partner = attributes.get("partner")
    deaths = int(attributes.get(DEATHS, 0))
    error = str(status.error) if status.error is not None else ""
    if not error and status.status in DEAD:
        error = f"{deaths} processes ended while they worked on it"
    return Unit(
        owed=Owed(kind, key, PartnerId(partner) if partner else None), state=STATES[status.status],
        version=status.app_version or "", worker=status.executor_id or "", attempts=status.recovery_attempts or 0,
        deaths=deaths, since=datetime.fromtimestamp((status.created_at or 0) / 1000, tz=UTC), error=error,
    )  # fmt: skip


def _queue(owed: Owed) -> str:
    return OUT if owed.kind in ("out", "poll", "notice") else WORK


def _part(owed: Owed) -> str:
    """Files of a partner come one after the other, and leave so; slices side by side; what time brings one by one.

    Each server is asked by itself, and each route told so: one that hangs keeps no other.
    """
    match owed.kind:
        case "in" | "out":
            return f"{owed.kind}:{owed.partner or ''}"
        case "notice":
            return f"notice:{owed.key.rpartition('@')[0]}"
        case "slice":
            return f"slice:{crc32(owed.key.encode()) % SLICES}"
        case "poll":
            return f"poll:{owed.key.rpartition('@')[0]}"
        case _:
            return "due"


def _parts(names: Sequence[str]) -> Iterator[list[str]]:
    yield from (list(names[at : at + AT_ONCE]) for at in range(0, len(names), AT_ONCE))
