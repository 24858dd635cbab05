"""What a service manager or a person tells a running gateway: end, or read the configuration anew."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType

_OVER = 0
"""No signal has this number."""


class Signals:
    """Heard from the beginning to the end of a run, whichever daemon is at work: what is asked in between is not lost.

    ``listener`` is called after each signal, in a thread of its own: a handler that interrupts another one, or whoever
    has a lock, must not wait for a lock itself.
    """

    def __init__(self) -> None:
        self.ended = False
        self.reload = False
        self.listener: Callable[[], None] = lambda: None
        self._terminal = _has_terminal()
        self._came: SimpleQueue[int] = SimpleQueue()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Obey SIGTERM, SIGINT and SIGHUP while inside; afterwards they are what they were before."""
        obeyed = {signal.SIGTERM: self._end, signal.SIGINT: self._end, signal.SIGHUP: self._hang_up}
        thread = threading.Thread(target=self._tell, name="signals", daemon=True)
        thread.start()
        before = {number: signal.signal(number, handler) for number, handler in obeyed.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._came.put(_OVER)
            thread.join()

    def _tell(self) -> None:
        while self._came.get() != _OVER:
            self.listener()

    def _end(self, number: int, _frame: FrameType | None) -> None:
        self.ended = True
        self._came.put(number)

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        """A terminal that is gone ends what was begun on it; else it means: read the configuration anew."""
        if self._terminal and not _has_terminal():
            self._end(number, frame)
            return
        self.reload = True
        self._came.put(number)


def _has_terminal() -> bool:
    try:
        return os.isatty(sys.stderr.fileno())
    except (OSError, ValueError):  # a stream without a file has none
        return False
