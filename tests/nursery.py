"""A process that has read the program and forks: a 'gateway run' that starts in a moment, since here they start all the time.

It reads one JSON line after the other: what to start, answered by its process id, or the id of one to look after, answered
by how it ended, or null while it lives.
"""

import atexit
import importlib
import io
import json
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = (
    "gateway.cli.main", "gateway.cli.work", "gateway.cli.look", "gateway.cli.lists", "gateway.cli.partners", "gateway.cli.mapping_look",
    "gateway.cli.mapping_run", "gateway.app.build", "gateway.app.opening", "gateway.app.run", "gateway.app.daemon",
    "gateway.store.unit_of_work", "gateway.store.archive", "gateway.store.migrate", "gateway.schedule.jobs",
    "gateway.transports.watch", "alembic.command", "sqlite3", "psycopg", "pyx12", "_strptime",
)  # fmt: skip

AT_ONCE = multiprocessing.get_context("forkserver")
"""Makes processes that run functions of tests at the same moment; what they import is read once."""
AT_ONCE.set_forkserver_preload(
    ["gateway.app.build", "gateway.app.run", "gateway.store.unit_of_work", "tests.machine.world"]
)


class Child:
    """One process that the nursery started; as much of a Popen as is needed here."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self._nursery = nursery
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, or None."""
        if self.returncode is None:
            self.returncode = self._nursery.ask(self.pid)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """How it ended; raises TimeoutError when it does not."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"process {self.pid} lives after {timeout} s")
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """Started once, asked by any thread."""

    def __init__(self) -> None:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"], cwd=ROOT, env=environ, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._lock = threading.Lock()

    def start(self, arguments: list[str], folder: Path, environ: Mapping[str, str], log: Path) -> Child:
        """A new 'gateway' with these arguments."""
        asked = {"arguments": arguments, "folder": str(folder), "environ": dict(environ), "log": str(log)}
        pid = self.ask(asked)
        assert pid is not None
        return Child(self, pid)

    def ask(self, question: object) -> int | None:
        """One line there and one back."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        with self._lock:
            asked.write(f"{json.dumps(question)}\n")
            asked.flush()
            answer = json.loads(answered.readline())
        return None if answer is None else int(answer)

    def end(self) -> None:
        """Send it home; its children end with it only when they were ended before."""
        self._process.kill()
        self._process.communicate()


@cache
def nursery() -> Nursery:
    """The one of this test process, which ends with it."""
    found = Nursery()
    atexit.register(found.end)
    return found


def _start(asked: dict[str, object]) -> int:
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = _become(asked)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(asked: dict[str, object]) -> int:
    """Be the program: its folder, its environment, its log, nothing of ours."""
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(dict(asked["environ"]))  # type: ignore[call-overload]
    sys.path[1:1] = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    random.seed()
    log = os.open(str(asked["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - ends with the process
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115 - same
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115 - same
    code: int = importlib.import_module("gateway.cli.main").run_app(asked["arguments"])
    return code


def _ended(pid: int) -> int | None:
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 70
    return os.waitstatus_to_exitcode(status) if found else None


def _serve() -> None:
    for name in MODULES:
        importlib.import_module(name)
    preparing = importlib.import_module("tests.preparing")
    vars(importlib.import_module("gateway.app.build"))["prepare"] = preparing.prepared_once
    preparing.built_in()  # what a child would find out each time; a site with mappings of its own still does
    with redirect_stdout(io.StringIO()):
        importlib.import_module("gateway.cli.main").run_app(["--help"])
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _ended(asked) if isinstance(asked, int) else _start(asked)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
