"""The processes under torture: started, killed at any moment or in a named window, started again."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.machine.world import START
from tests.nursery import Child, nursery
from tests.site.harness import ROOT
from tests.torture.scene import Scene

PACKAGES = "GATEWAY_TEST_PACKAGES"
"""Names a folder with packages that a process has besides."""
NOW = START.isoformat()
SCALE = int(os.environ.get("GATEWAY_TORTURE", "1"))
"""How much longer than in every test run."""
REALLY = SCALE > 1
"""Whether each process is started anew as people do, and not forked, which is quicker."""
KILLED = -signal.SIGKILL
NOTHING: Mapping[str, str] = MappingProxyType({})
_NUMBERS = itertools.count(1)


@dataclass(slots=True)
class Worker:
    """One 'gateway run', by a name that only we know it by."""

    name: str
    process: "subprocess.Popen[bytes] | Child"

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number: int) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def stopped_in_peace(self, seconds: float = 60) -> int:
        """Its exit code after it was asked to end."""
        if self.lives:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def _born(words: list[str], scene: Scene, environ: dict[str, str], log: Path) -> Child:
    return nursery().start(words, scene.folder, environ, log)


def _really(words: list[str], scene: Scene, environ: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway", *words], cwd=scene.folder, env=environ, stdin=subprocess.DEVNULL,
            stdout=said, stderr=said,
        )  # fmt: skip


@dataclass(slots=True)
class Workers:
    """The processes that work on a scene; ``kills`` counts by window, or by ``outside``."""

    scene: Scene
    all: list[Worker] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    _windows: dict[str, str] = field(default_factory=dict)

    def start(self, *, crash_at: str = "", every: float = 0.5, environ: Mapping[str, str] = NOTHING) -> Worker:
        """One more, that dies in a window when one is named."""
        name = f"worker-{next(_NUMBERS)}"
        paths = os.pathsep.join([str(ROOT), *([environ[PACKAGES]] if PACKAGES in environ else [])])
        said = {**os.environ, "PYTHONPATH": paths, "CRASH_AT": crash_at}
        said.pop("GATEWAY_SITE", None)
        words = ["run", "--every", str(every), "--now", NOW]
        process = _really(words, self.scene, said, self.log) if REALLY else _born(words, self.scene, said, self.log)
        worker = Worker(name, process)
        self._windows[name] = crash_at
        self.all.append(worker)
        return worker

    @property
    def log(self) -> Path:
        """What they all say."""
        return self.scene.folder / "workers.log"

    def kill_one(self, choice: random.Random) -> None:
        """End one of those that live from outside."""
        living = [each for each in self.all if each.lives]
        if living:
            one = choice.choice(living)
            one.kill()
            self._windows[one.name] = "outside"

    def replace_dead(self, choice: random.Random, windows: tuple[str, ...] = ()) -> None:
        """Start another for each that is dead, to die in a window of its own or not."""
        for _ in self.bury():
            window = f"{choice.choice(windows)}:{choice.randint(1, 6)}" if windows else ""
            self.start(crash_at=window)

    def bury(self) -> list[Worker]:
        """Those that are dead and were not replaced; nobody comes in their place."""
        dead = [each for each in self.all if not each.lives]
        for each in dead:
            self.all.remove(each)
            self._note(each)
        return dead

    def _note(self, dead: Worker) -> None:
        code = dead.process.returncode
        window = self._windows.pop(dead.name, "")
        if code != KILLED:
            self.strange.append(f"{dead.name} ended with {code}")
        elif window:
            self.kills[window.partition(":")[0]] += 1

    def complaints(self) -> str:
        """What they warned of last, for whoever has to find out why something is missing."""
        lines = self.log.read_text().splitlines() if self.log.is_file() else []
        return "\n".join([line[:400] for line in lines if '"level": "info"' not in line][-30:])

    def end(self) -> None:
        """Nobody is left behind."""
        for each in self.all:
            if each.lives:
                each.process.send_signal(signal.SIGCONT)
                each.kill()

    def end_in_peace(self) -> None:
        """Everybody ends by itself, and well."""
        living = [each for each in self.all if each.lives]
        for each in living:
            each.process.send_signal(signal.SIGTERM)
        codes = {each.name: each.process.wait(60) for each in living}
        assert set(codes.values()) <= {0, -signal.SIGTERM}, codes  # asked to end while it was starting, it just ends


def wait_until(condition: "object", seconds: float, what: object = "") -> None:
    """Wait until something is so; what is missing is said when it does not become so."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(0.05)
