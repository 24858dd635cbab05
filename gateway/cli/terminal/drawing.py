"""Progress drawn on stderr while work lasts, only where a line can be drawn anew, and only when it lasts."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.cli.terminal.progress import Progress
from gateway.cli.terminal.screen import can_redraw

PATIENCE = 1.0
"""Seconds before anything is drawn: what is done sooner needs no bar."""


@contextmanager
def shown(progress: Progress, patience: float | None = None) -> Iterator[Progress]:
    """Draw it while the work lasts, if that is longer than a moment; nothing is left of it afterwards."""
    if not can_redraw(sys.stderr):
        yield progress
        return
    drawing = _Drawing(progress)
    waiting = threading.Timer(PATIENCE if patience is None else patience, drawing.start)
    waiting.daemon = True
    waiting.start()
    try:
        yield progress
    finally:
        waiting.cancel()
        drawing.stop()


class _Drawing:
    """The bar on the terminal: started by a timer, stopped by the work, whichever comes first."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._over = False
        self._end: Callable[[], None] = lambda: None

    def start(self) -> None:
        from gateway.cli.terminal.bars import bar  # noqa: PLC0415 - rich takes 0.1 s, and most work is done sooner

        with self._lock:
            if not self._over:
                self._progress.refresh, self._end = bar(self._progress)

    def stop(self) -> None:
        with self._lock:
            self._over = True
            self._progress.refresh = lambda _: None
            self._end()
