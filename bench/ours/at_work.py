"""Processes of `gateway run` at work on one site: how many orders go through the whole chain in a second of wall time.

Usage: python -m bench.ours.at_work FOLDER PROCESSES [--postgres]; prints orders per second. The processes are started and
idle before the orders are dropped; the warehouse confirms when it was told of all of them.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import server
from bench.ours import chain_site
from gateway.app import logs
from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.app.speed import at_work, house


def main(source: Path, processes: int, *, postgres: bool) -> float:
    """Orders per second."""
    logs.configure(verbose=False)
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(dir=source.parent)))
        url = opened.enter_context(server.running()).url if postgres else ""
        site = chain_site.make(folder / "site", url=url)
        for inbox, name, content in house.master():
            house.drop(site, inbox, name, content)
            run_once(workbench(load(site, {}), lambda: chain_site.NOW, {}))
        return at_work.rate(site, url, processes, lambda: chain_site.drop_orders(site, source, 1, house.CUSTOMERS))


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), postgres="--postgres" in sys.argv[3:]))
