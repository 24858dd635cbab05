"""Processes of `gateway run` at work on one site: how many orders go through the whole chain in a second of wall time."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.app.speed import house
from gateway.kernel.errors import GatewayError

LONGEST = 1800.0
SETTLED = 3.0
"""Seconds after which a process that was started is idle; several that start at once share the cores."""
LOOK = 0.25


class NotDoneError(GatewayError):
    """The work was not done in time, or a process ended; a figure would say nothing."""

    exit_code = 70


def rate(site: Path, url: str, processes: int, drop: Callable[[], int]) -> float:
    """Orders per second; ``drop`` drops the orders and says how many. The warehouse confirms what it is told while others come."""
    known: dict[Path, Counter[str]] = {}
    before = house.sets(site, known)
    with _at_work(site, url, processes) as running:
        begun = time.perf_counter()
        orders, shipped = drop(), _Shipping(site)

        def done() -> bool:
            shipped.go_on()
            after = house.sets(site, known)
            return all(after[name] - before[name] == orders for name in ("810", "856"))

        _until(running, done)
        seconds = time.perf_counter() - begun
    return orders / seconds


class _Shipping:
    """The warehouse: what it was told in one look leaves together."""

    def __init__(self, site: Path) -> None:
        self._site, self._files = site, 0

    def go_on(self) -> None:
        """Confirm what lies in its folder."""
        if house.told(self._site):
            self._files += 1
            house.drop(self._site, house.WAREHOUSE, f"shipped-{self._files:06}.csv", house.confirmation(self._site))


@contextmanager
def _at_work(site: Path, url: str, processes: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    environ = {**os.environ, "GATEWAY_DATABASE__URL": url} if url else dict(os.environ)
    command = [sys.executable, "-m", "gateway", "run", "--site", str(site), "--every", "1"]
    running = [
        subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ourselves
        for _ in range(processes)
    ]
    try:
        time.sleep(SETTLED * processes)
        yield running
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait()


def _until(running: list["subprocess.Popen[bytes]"], done: Callable[[], bool]) -> None:
    begun = time.perf_counter()
    while not done():
        ended = [each.returncode for each in running if each.poll() is not None]
        if ended:
            raise NotDoneError(f"A 'gateway run' that was measured ended with {ended[0]}.")
        if time.perf_counter() - begun > LONGEST:
            raise NotDoneError(f"The work was not done within {LONGEST:.0f} seconds.")
        time.sleep(LOOK)
