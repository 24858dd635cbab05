"""The pulse of a running gateway: what turns in it and since when, in memory and in a small file for others to read."""

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from gateway.config.load import Site

FOLDER = "pulse"
SUFFIX = ".json"
EVERY = 1.0
"""Seconds between two notes in the file."""
LATE = 20.0
"""Seconds without a note after which a process is not only busy but stopped."""
FORGOTTEN = 3600.0
"""Seconds after which the file of a process that was killed is removed."""
NOTE_BYTES = 1024
STARTING, RUNNING, STOPPING = "starting", "running", "stopping"


@dataclass(frozen=True, slots=True)
class Beat:
    """What a pulse says at one moment; ages are in seconds. ``settings`` is what the configuration it works with is known by."""

    executor: str
    host: str
    pid: int
    state: str
    up: float
    turned: dict[str, float]
    units: int
    last_unit: float | None
    holds_lock: bool
    lost: tuple[str, ...] = ()
    settings: str = ""

    def stuck(self, after: float) -> list[str]:
        """What has not come round for longer than ``after`` seconds, each as a sentence."""
        late = [f"The {part} has not come round for {age:.0f} s." for part, age in self.turned.items() if age > after]
        gone = [f"The thread '{name}' has ended." for name in self.lost]
        begun = self.state == STARTING and self.up > after
        return [*late, *gone, *([f"The start takes {self.up:.0f} s already."] if begun else [])]


class Pulse:
    """Updated by the loops of a running gateway from any thread; every update is cheap.

    ``turn`` says that a named loop came round, ``worked`` that units were done; ``watch`` adds a question whose answer,
    if it is not empty, makes the gateway not ready; ``guard`` names a thread that must not end.
    """

    def __init__(self, executor: str) -> None:
        self.executor = executor
        self._began = time.monotonic()
        self._state = STARTING
        self._turned: dict[str, float] = {}
        self._guarded: list[threading.Thread] = []
        self._watched: dict[str, Callable[[], str]] = {}
        self._units = 0
        self._last_unit: float | None = None
        self._holds_lock = False
        self._settings = ""
        self.site: Site | None = None

    def configured(self, site: Site, known_by: str) -> None:
        """The work goes on with this configuration."""
        self.site, self._settings = site, known_by

    def turn(self, part: str) -> None:
        """A loop came round."""
        self._turned[part] = time.monotonic()

    def worked(self, units: int = 1) -> None:
        """So many units were done."""
        self._units += units
        self._last_unit = time.monotonic()

    def running(self, *, holds_lock: bool = True) -> None:
        """The engine is launched, and this process has its lock."""
        self._state, self._holds_lock = RUNNING, holds_lock

    def anew(self) -> None:
        """The work begins anew: threads that ended with it are not missed."""
        self._state, self._holds_lock = STARTING, False
        self._began = time.monotonic()
        self._guarded.clear()

    def stopping(self) -> None:
        """What is begun is finished, nothing new is taken."""
        self._state = STOPPING

    def guard(self, *threads: threading.Thread) -> None:
        """Threads without which the work does not go on."""
        self._guarded.extend(threads)

    def watch(self, name: str, fault: Callable[[], str]) -> None:
        """A question to be asked when somebody wants to know whether we are ready; empty means in order."""
        self._watched[name] = fault

    def watched(self) -> dict[str, Callable[[], str]]:
        """The questions that were added."""
        return dict(self._watched)

    def beat(self) -> Beat:
        """How things are now."""
        now = time.monotonic()
        lost = () if self._state == STOPPING else tuple(each.name for each in self._guarded if not each.is_alive())
        return Beat(
            executor=self.executor, host=socket.gethostname(), pid=os.getpid(), state=self._state,
            up=round(now - self._began, 1), turned={part: round(now - at, 1) for part, at in list(self._turned.items())},
            units=self._units, last_unit=None if self._last_unit is None else round(now - self._last_unit, 1),
            holds_lock=self._holds_lock, lost=lost, settings=self._settings,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noted:
    """A pulse as its file has it; ``age`` is how long ago it was noted."""

    beat: Beat
    age: float
    stuck_after: float

    def faults(self) -> list[str]:
        """What is wrong with this process, each as a sentence."""
        if self.age > LATE:
            return [f"The process {self.beat.pid} has given no sign of life for {self.age:.0f} s."]
        return self.beat.stuck(self.stuck_after)


@contextmanager
def noted(pulse: Pulse, var: Path, stuck_after: float, environ: dict[str, str]) -> Iterator[None]:
    """Keep the pulse in a file of its own below ``var`` while inside, and tell the service manager, if there is one.

    The file is locked as long as the process lives, so that nobody has to guess from process ids.
    """
    folder = var / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _forget(folder)
    path = folder / f"{socket.gethostname()}-{os.getpid()}{SUFFIX}"
    tell = _teller(environ.get("NOTIFY_SOCKET", ""))
    ended = threading.Event()
    with path.open("w+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        ticker = threading.Thread(
            target=_tick, args=(pulse, handle, stuck_after, tell, ended), name="pulse", daemon=True
        )
        ticker.start()
        try:
            yield
        finally:
            ended.set()
            ticker.join(EVERY)
            tell("STOPPING=1")
            path.unlink(missing_ok=True)


def _tick(
    pulse: Pulse, handle: IO[str], stuck_after: float, tell: Callable[[str], None], ended: threading.Event
) -> None:
    told = False
    while True:
        beat = pulse.beat()
        if beat.state == RUNNING and not told:
            tell("READY=1")
            told = True
        if not beat.stuck(stuck_after):
            tell("WATCHDOG=1")
        said = json.dumps({"at": time.time(), "stuck_after": stuck_after, **asdict(beat)})
        with suppress(OSError, ValueError):  # a full disk makes the note old, which is what it then is
            os.pwrite(handle.fileno(), said.ljust(NOTE_BYTES).encode(), 0)
        if ended.wait(EVERY if told else EVERY / 10):
            return


def read(var: Path, host: str | None = None) -> list[Noted]:
    """The pulses of the processes that live, of one machine or of all that share the folder."""
    found: list[Noted] = []
    for path in sorted((var / FOLDER).glob(f"*{SUFFIX}")):
        said = _said(path)
        if said is None:
            continue
        at, stuck_after = said.pop("at"), said.pop("stuck_after")
        beat = Beat(**{**said, "lost": tuple(said["lost"])})
        if host in (None, beat.host):
            found.append(Noted(beat, max(0.0, time.time() - at), stuck_after))
    return found


def _said(path: Path) -> dict[str, Any] | None:
    """What a file says whose process lives; None for others."""
    for _ in range(3):
        try:
            with path.open("r+") as handle:
                if _is_free(handle):
                    return None
                return dict(json.loads(handle.read()))
        except OSError:
            return None
        except ValueError:  # read while it was written
            time.sleep(EVERY / 20)
    return None


def _is_free(handle: IO[str]) -> bool:
    """Whether nobody has the lock; it is given back at once."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True


def _forget(folder: Path) -> None:
    """Remove what killed processes left behind long ago."""
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            old = time.time() - path.stat().st_mtime > FORGOTTEN
            if old and _said(path) is None:
                path.unlink(missing_ok=True)
        except OSError:
            continue


def _teller(address: str) -> Callable[[str], None]:
    """How the service manager is told something; nothing where there is none."""
    if not address:
        return lambda _said: None
    to = f"\0{address[1:]}" if address.startswith("@") else address
    talk = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)

    def tell(said: str) -> None:
        with suppress(OSError):
            talk.sendto(said.encode(), to)

    return tell
