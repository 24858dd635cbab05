"""Where the time goes: a look at what the program is doing every other millisecond, each weighed by the time since the last."""

import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

EVERY = 0.002
"""Seconds between two looks."""
REST = "the rest"
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("second opinion", ("gateway.formats.x12.second_opinion", "gateway.flows.second_opinion", "pyx12")),
    ("files", ("gateway.store.archive", "gateway.transports")),
    ("database", ("gateway.store", "sqlalchemy")),
    ("mapping", ("gateway.mapping", "gateway.canonical")),
    ("writing", ("gateway.flows.write", "gateway.documents", "gateway.formats.x12.emit", "gateway.formats.x12.verify")),
    ("reading", ("gateway.formats",)),
    ("judging", ("gateway.flows.judging", "gateway.exchange")),
    ("deciding", ("gateway.orders", "gateway.flows")),
)
"""What the parts are called, and the modules whose work they are: the first that anything on the stack belongs to counts."""
NAMES = (*(name for name, _ in PARTS), REST)


class Looks:
    """Seconds by part, while somebody looks."""

    def __init__(self, elsewhere: Callable[[], bool]) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._elsewhere = elsewhere
        self._last = time.perf_counter()
        self._known: dict[str, int] = {}

    def look(self, _number: int, frame: FrameType | None) -> None:
        """Count the time since the last look for what is being done; what ``elsewhere`` counts itself is left to it."""
        now = time.perf_counter()
        if not self._elsewhere():
            self.seconds[self.part(frame)] += now - self._last
        self._last = now

    def part(self, frame: FrameType | None) -> str:
        """The part that a stack belongs to."""
        best = len(PARTS)
        while frame is not None:
            best = min(best, self._rank(frame.f_globals.get("__name__", "")))
            frame = frame.f_back
        return NAMES[best]

    def _rank(self, module: str) -> int:
        known = self._known.get(module)
        if known is None:
            known = next(
                (at for at, (_, homes) in enumerate(PARTS) if any(_within(module, home) for home in homes)), len(PARTS)
            )
            self._known[module] = known
        return known


@contextmanager
def looking(elsewhere: Callable[[], bool]) -> Iterator[Looks]:
    """Look at this process's main thread until the end of the block."""
    looks = Looks(elsewhere)
    before = signal.signal(signal.SIGALRM, looks.look)
    signal.siginterrupt(signal.SIGALRM, False)  # noqa: FBT003 - what is interrupted goes on by itself
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield looks
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _within(module: str, home: str) -> bool:
    return module == home or module.startswith((f"{home}.", f"{home}_"))
