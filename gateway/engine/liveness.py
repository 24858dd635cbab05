"""Who works on a site: a process lives as long as it holds the lock of its name, whatever any clock says."""

import os
import platform
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from gateway.engine.locks import Locks
from gateway.kernel.errors import RefusedError
from gateway.store import workers
from gateway.store.workers import Worker


def new_worker(version: str, now: datetime) -> Worker:
    """This process, under a name that no other has or had."""
    host = platform.node() or "localhost"
    name = f"{host.partition('.')[0][:40]}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    return Worker(name, host, os.getpid(), version, now)


class Membership:
    """This process among those that work on a site."""

    def __init__(self, engine: Engine, locks: Locks, me: Worker) -> None:
        self._engine = engine
        self._locks = locks
        self.me = me

    def join(self) -> None:
        """Be known from now on; raises RefusedError while a process of another version works on the site."""
        self._locks.keep(_lock(self.me.name))
        with self._engine.begin() as connection:
            workers.add(connection, self.me)
        other = next((each for each in self.living() if each.version != self.me.version), None)
        if other is not None:
            self.leave()
            raise RefusedError(
                f"A gateway of version {other.version} works on this database on {other.host} (process {other.pid}); "
                f"this one is version {self.me.version}.",
                next_step="End all of the old version first, then start the new one.",
            )

    def living(self) -> list[Worker]:
        """Those who hold their lock, this process included."""
        return living(self._engine, self._locks, self.me.name)

    def bury(self, take_over: Callable[[str], None], also: set[str]) -> list[str]:
        """Take over, under the lock of each, from those who died: of those known, and of ``also`` named elsewhere."""
        with self._engine.connect() as connection:
            names = {each.name for each in workers.known(connection)} | also
        buried: list[str] = []
        for name in sorted(names - {self.me.name}):
            with self._locks.trying(_lock(name)) as is_dead:
                if is_dead:
                    take_over(name)
                    with self._engine.begin() as connection:
                        workers.remove(connection, name)
                    buried.append(name)
        return buried

    def check(self) -> None:
        """Raise StoreError when others may think that this process is dead."""
        self._locks.check()

    def leave(self, *, leaving_work: bool = False) -> None:
        """Be gone; where work is left, whoever buries this name takes it."""
        if not leaving_work:
            with self._engine.begin() as connection:
                workers.remove(connection, self.me.name)
        self._locks.close()


def living(engine: Engine, locks: Locks, me: str = "") -> list[Worker]:
    """Those who hold their lock."""
    with engine.connect() as connection:
        known = list(workers.known(connection))
    found: list[Worker] = []
    for each in known:
        with locks.trying(_lock(each.name)) as is_dead:
            if each.name == me or not is_dead:
                found.append(each)
    return found


def refuse_beside(engine: Engine, locks: Locks, doing: str) -> None:
    """Raise RefusedError while anybody works on the site, who could not go on."""
    alive = living(engine, locks)
    if alive:
        other = alive[0]
        raise RefusedError(
            f"{doing}, but a gateway of version {other.version} works on it on {other.host} (process {other.pid}).",
            next_step="End all of the old version first, then start the new one.",
        )


def _lock(name: str) -> str:
    return f"worker:{name}"
