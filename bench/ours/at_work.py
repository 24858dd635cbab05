"""Processes of `gateway run` at work on one site: how many orders go through the whole chain in a second of wall time.

Usage: python -m bench.ours.at_work FOLDER PROCESSES [--postgres]; prints orders per second. The processes are started and
idle before the orders are dropped; the warehouse confirms when it was told of all of them.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import server
from bench.ours import chain_site
from gateway.app.speed import house

LONGEST = 1200.0


def main(source: Path, processes: int, *, postgres: bool) -> float:
    """Orders per second."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(dir=source.parent)))
        url = opened.enter_context(server.running()).url if postgres else ""
        site = chain_site.make(folder / "site", url=url)
        for inbox, name, content in house.master():
            house.drop(site, inbox, name, content)
            _gateway(site, "--once").wait()
        with _at_work(site, processes):
            time.sleep(5)
            begun = time.perf_counter()
            orders = chain_site.drop_orders(site, source, 1)
            _until(lambda: chain_site.left(site)["picks"] == orders)
            chain_site.drop_confirmation(site, "shipped")
            _until(lambda: (left := chain_site.left(site))["810"] == left["856"] == left["invoices"] == orders)
            return orders / (time.perf_counter() - begun)


@contextmanager
def _at_work(site: Path, processes: int) -> Iterator[None]:
    daemons = [_gateway(site) for _ in range(processes)]
    try:
        yield
    finally:
        for each in daemons:
            each.terminate()
        for each in daemons:
            each.wait()


def _gateway(site: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "gateway", "run", "--site", str(site), *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command


def _until(done: Callable[[], bool]) -> None:
    begun = time.perf_counter()
    while not done():
        if time.perf_counter() - begun > LONGEST:
            raise SystemExit(f"the work was not done within {LONGEST:.0f} s")
        time.sleep(0.1)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), postgres="--postgres" in sys.argv[3:]))
