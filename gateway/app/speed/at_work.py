"""Processes of `gateway run` at work on one site: how many orders go through the whole chain in a second of wall time."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gateway.app.speed import house
from gateway.kernel.errors import GatewayError

LONGEST = 1800.0
SETTLED = 3.0
"""Seconds after which a process that was started is idle."""
LOOK = 0.05


class NotDoneError(GatewayError):
    """The work was not done in time, or a process ended; a figure would say nothing."""

    exit_code = 70


def rate(site: Path, url: str, processes: int, drop: Callable[[], int]) -> float:
    """Orders per second; ``drop`` drops the orders and says how many. The warehouse confirms when it was told of all of them."""
    before = house.sets(site)
    with _at_work(site, url, processes) as running:
        begun = time.perf_counter()
        orders = drop()
        _until(running, lambda: len(house.told(site)) == orders)
        house.drop(site, house.WAREHOUSE, f"shipped-{processes}.csv", house.confirmation(site))
        _until(running, lambda: _new(site, before, "810") == _new(site, before, "856") == orders)
        seconds = time.perf_counter() - begun
    return orders / seconds


@contextmanager
def _at_work(site: Path, url: str, processes: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    environ = {**os.environ, "GATEWAY_DATABASE__URL": url} if url else dict(os.environ)
    command = [sys.executable, "-m", "gateway", "run", "--site", str(site), "--every", "1"]
    running = [
        subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ourselves
        for _ in range(processes)
    ]
    try:
        time.sleep(SETTLED)
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


def _new(site: Path, before: Mapping[str, int], name: str) -> int:
    return house.sets(site)[name] - before[name]
