"""The gateway's whole chain in one process, all of it persisted: orders in, answered, picked, shipped, noticed, billed.

Usage: python -m bench.ours.whole_chain FOLDER [--loose] [--asked] [--postgres] [--site SITE --filled ORDERS]

The folder is one that ``bench.orders.chain_files`` filled. Its files are dropped into a fresh copy of the demo site, or into
SITE, which holds ORDERS finished orders from the first run on; the warehouse ships everything it is told to pick. Documents
leave bundled unless ``--loose``; ``--asked`` shows them to pyx12 as by default.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench import server
from bench.ours import chain_site, grown_site
from gateway.app import collecting, logs
from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.app.speed import house


def main(arguments: list[str]) -> bool:
    """Whether every order left with its invoice."""
    logs.configure(verbose=False)
    given = _arguments(arguments)
    if given.site is not None:
        return _chain(_filled(given.site, given.filled, given.folder), given.folder)
    with tempfile.TemporaryDirectory(dir=given.folder.parent) as folder:
        site = Path(folder) / "site"
        if not given.postgres:
            return _chain(_fresh(site, given, ""), given.folder)
        with server.running() as database:
            done = _chain(_fresh(site, given, database.url), given.folder)
            spend(database.cpu())
    return done


def spend(seconds: float) -> None:
    """Use that much CPU: what the database's own processes used counts as ours that way."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for name in ("loose", "asked", "postgres"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--site", type=Path)
    parser.add_argument("--filled", type=int, default=0)
    return parser.parse_args(arguments)


def _fresh(site: Path, given: argparse.Namespace, url: str) -> Path:
    chain_site.make(site, bundled=not given.loose, asked=given.asked, url=url)
    _house(site)
    return site


def _filled(site: Path, orders: int, source: Path) -> Path:
    if not site.is_dir():
        part = site.with_name(f"{site.name}.part")
        chain_site.make(part)
        _house(part)
        if orders:
            _chain(part, source)  # the order that all others are copies of
            grown_site.grow(part / "var" / "gateway.db", orders)
        part.rename(site)
    return site


def _house(site: Path) -> None:
    for inbox, name, content in house.master():
        house.drop(site, inbox, name, content)
        _run(site)


def _chain(site: Path, source: Path) -> bool:
    run = 1 + len(list(site.glob("run-*")))
    (site / f"run-{run}").touch()
    before = chain_site.left(site)
    orders = chain_site.drop_orders(site, source, run)
    _run(site)
    picked = chain_site.drop_confirmation(site, f"shipped-{run}")
    _run(site)
    after = chain_site.left(site)
    made = {name: after[name] - before[name] for name in ("855", "856", "810", "invoices")}
    return picked == orders and set(made.values()) == {orders}


def _run(site: Path) -> None:
    run_once(workbench(load(site, {}), lambda: chain_site.NOW, {}))


if __name__ == "__main__":
    collecting.seldom()
    sys.exit(not main(sys.argv[1:]))
