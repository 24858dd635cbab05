"""What happens to the processes of a site: killed at any moment, asked to end, stopped for a while, started again; servers fall over."""

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.nursery import ROOT, Child, nursery
from tests.stream.street import MASTER, PLENTY, SKUS, Street
from tests.torture.server import Server

NO_DATABASE = 7
STOPPED = {0, -signal.SIGTERM}


@dataclass(slots=True)
class Running:
    """One 'gateway run', and what it may end with."""

    process: Child
    may_end: set[int]


@dataclass(slots=True)
class Havoc:
    """So many processes on a site, and what is done to them; ``done`` counts it."""

    street: Street
    count: int
    choice: random.Random
    server: Server | None = None
    done: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """What they all say."""
        return self.street.folder.parent / "said.log"

    def begin(self) -> None:
        """Set up the site, then let its processes begin."""
        for name, text in MASTER.items():
            _drop(self.street.folder / "inbox" / "erp" / name, text)
        self.once()
        rows = [f"DAL,{sku},{PLENTY},2026-11-01T00:00:00Z" for sku in SKUS]
        text = "\n".join(["warehouse,sku,on_hand,counted_at", *rows]) + "\n"
        _drop(self.street.folder / "inbox" / "warehouse" / "stock.csv", text)
        self.once()
        self.replace()

    def once(self) -> None:
        """All that is due, in one run."""
        code = self._start("run", "--once").wait(300)
        assert code == 0, (code, self.log.read_text()[-2000:])

    def command(self, *words: str) -> int:
        """What a command ends with."""
        return self._start(*words).wait(120)

    def replace(self) -> None:
        """Another one for each that is not there any more."""
        for each in list(self.running):
            code = each.process.poll()
            if code is not None:
                self.running.remove(each)
                if code not in each.may_end:
                    self.strange.append(f"a process ended with {code}")
                if code == NO_DATABASE:
                    self.done["lost its database"] += 1
        while len(self.running) < self.count:
            may_end = {-signal.SIGKILL} | ({NO_DATABASE} if self.server else set())
            self.running.append(Running(self._start("run", "--every", "0.5"), may_end))

    def strike(self) -> None:
        """One thing that happens."""
        self.replace()
        one = self.choice.choice(self.running)
        at = self.choice.random()
        if at < 0.70:
            one.process.send_signal(signal.SIGKILL)
            self.done["killed"] += 1
        elif at < 0.85:
            one.process.send_signal(signal.SIGTERM)
            one.may_end |= STOPPED
            self.done["asked to end"] += 1
        elif at < 0.91:
            one.process.send_signal(signal.SIGSTOP)
            time.sleep(self.choice.uniform(0.2, 2.5))
            one.process.send_signal(signal.SIGCONT)
            self.done["stood still"] += 1
        elif at < 0.94 and self.server is not None:
            self._fell_over(self.server)
        elif at < 0.97:
            self.street.sshd.stop()
            time.sleep(self.choice.uniform(0.1, 2.0))
            self.street.sshd.start()
            self.done["their server fell over"] += 1
        else:
            time.sleep(5)
            self.done["peace"] += 1

    def _fell_over(self, server: Server) -> None:
        server.crash()
        time.sleep(self.choice.choice([0.0, 0.5, 3.0]))
        server.start()
        self.done["the database fell over"] += 1

    def end_in_peace(self) -> None:
        """Everybody is asked to end, and does."""
        self.replace()
        for each in self.running:
            each.process.send_signal(signal.SIGTERM)
        codes = [each.process.wait(60) for each in self.running]
        self.running.clear()
        assert set(codes) <= STOPPED, codes

    def end(self) -> None:
        """Nobody is left behind."""
        for each in self.running:
            with suppress(ProcessLookupError):
                each.process.send_signal(signal.SIGCONT)
                each.process.send_signal(signal.SIGKILL)

    def asked(self, question: str) -> list[tuple[object, ...]]:
        """What the database says to a stranger."""
        if self.server is None:
            with sqlite3.connect(self.street.folder / "var" / "gateway.db") as connection:
                return connection.execute(question).fetchall()
        with psycopg.connect(self.server.url) as postgresql:
            return postgresql.execute(question.encode()).fetchall()

    def _start(self, *words: str) -> Child:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        for name in ("GATEWAY_SITE", "CRASH_AT", "GATEWAY_DATABASE__URL"):
            environ.pop(name, None)
        return nursery().start(list(words), self.street.folder, environ, self.log)


def _drop(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}")
    part.write_text(text)
    part.rename(path)
