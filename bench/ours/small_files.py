"""The whole small-file job: `gateway run --once` takes a file for each order and leaves its 997 and 855.

Usage: python -m bench.ours.small_files FOLDER
"""

import sys
import tempfile
from pathlib import Path

from bench.ours import chain_site
from gateway.app import logs
from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.app.speed import house


def main(source: Path) -> bool:
    """Whether every order was acknowledged and answered."""
    logs.configure(verbose=False)
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        site = chain_site.make(Path(folder) / "site", bundled=False)
        for inbox, name, content in house.master():
            house.drop(site, inbox, name, content)
            _run(site)
        orders = chain_site.drop_orders(site, source, 1)
        _run(site)
        left = chain_site.left(site)
    return left["997"] == left["855"] == orders


def _run(site: Path) -> None:
    run_once(workbench(load(site, {}), lambda: chain_site.NOW, {}))


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1])))
