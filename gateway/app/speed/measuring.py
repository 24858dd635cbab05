"""Measure a machine: orders through the whole chain in a site of their own, which is gone afterwards."""

import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.app.speed import at_work, house, parts
from gateway.app.speed.measured import ASKING, COMMITS, LOCKS, Goods, Measured
from gateway.config.settings import SecondOpinion
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.errors import GatewayError
from gateway.store import timing
from gateway.store.timing import Timing
from gateway.store.unit_of_work import SqlStore

IN_FILE = 100
WARM_UP = 30
LOOKS_AT_DISK = 50
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: ``folder`` is where the site of the measurement is made, ``url`` a PostgreSQL or nothing for SQLite."""

    folder: Path
    url: str
    opinion: SecondOpinion
    orders: int
    lines: int
    workers: int = 1


class NotFinishedError(GatewayError):
    """Not every order went through; a figure would say nothing."""

    exit_code = 70


def measure(wanted: Wanted) -> Measured:
    """Warm up, run, count, clean up; raises NotFinishedError when something was not done."""
    with ExitStack() as opened:
        folder = opened.enter_context(_own_folder(wanted.folder))
        url = opened.enter_context(timing.own_database(wanted.url)) if wanted.url else ""
        site = folder / "site"
        house.make(site, wanted.opinion)
        bench = _bench(site, url)
        store = _store(bench)
        opened.callback(store.engine.dispose)
        _furnish(bench, site)
        _chain(bench, site, 1, min(WARM_UP, wanted.orders), wanted.lines)
        address = url or f"sqlite:///{site / 'var' / 'gateway.db'}"
        disk = (
            statistics.median(fsync_seconds(folder, LOOKS_AT_DISK)),
            statistics.median(timing.commit_seconds(address, LOOKS_AT_DISK)),
        )
        found = _timed(bench, site, address, timing.watch(store), wanted)
        found = replace(found, fsync=disk[0], commit=disk[1])
        if wanted.workers == 1:
            return found
        first = WARM_UP + 1 + wanted.orders
        together = at_work.rate(
            site, url, wanted.workers, lambda: _drop_orders(site, first, wanted.orders, wanted.lines)
        )
        return replace(found, workers=wanted.workers, together=together)


def _store(bench: Workbench) -> SqlStore:
    if not isinstance(bench.store, SqlStore):
        raise TypeError("only the store of a database can be watched")
    return bench.store


def _timed(bench: Workbench, site: Path, address: str, watched: Timing, wanted: Wanted) -> Measured:
    before = timing.size(address), timing.log_bytes(address), _bytes(site)
    with parts.looking(lambda: watched.inside) as looks:
        begun, used, kept = time.perf_counter(), time.process_time(), _kept_waiting()
        goods = Goods()
        played = _chain(bench, site, WARM_UP + 1, wanted.orders, wanted.lines, lambda: goods.begin(watched.held))
        goods.end(watched.held)
        seconds, cpu = time.perf_counter() - begun - played, time.process_time() - used
        kept = _kept_waiting() - kept
    rows: Counter[str] = Counter()
    for (_, table), count in watched.written.items():
        rows[table] += count
    return Measured(
        database=POSTGRESQL if wanted.url else SQLITE, orders=wanted.orders, lines=wanted.lines, workers=1, seconds=seconds, cpu=cpu, kept_waiting=kept,
        parts=_shared_out(looks.seconds, watched, seconds), fsync=0.0, commit=0.0, commits=watched.commits,
        statements=watched.statements, rows=rows, held=dict(watched.held), database_bytes=timing.size(address) - before[0],
        log_bytes=timing.log_bytes(address) - before[1], file_bytes=_bytes(site) - before[2],
        goods=goods.seconds, goods_held=goods.held,
    )  # fmt: skip


def _shared_out(looked: Mapping[str, float], watched: Timing, seconds: float) -> dict[str, float]:
    """What was timed as it was timed; the rest of the time by what was seen at the looks. The parts add up to all of it."""
    exact = {ASKING: watched.asking, LOCKS: watched.waiting, COMMITS: watched.committing}
    rest = max(seconds - sum(exact.values()), 0.0)
    seen = sum(looked.values()) or 1.0
    return {**{name: rest * each / seen for name, each in looked.items()}, **exact}


def _chain(
    bench: Workbench, site: Path, first: int, count: int, lines: int, leaving: Callable[[], None] = lambda: None
) -> float:
    """Orders in, answered, picked, shipped, noticed, billed; returns the seconds that playing the warehouse took.

    ``leaving`` is called when the warehouse has said that the goods left.
    """
    before = house.sets(site)
    _drop_orders(site, first, count, lines)
    run_once(bench)
    begun = time.perf_counter()
    house.drop(site, house.WAREHOUSE, f"shipped-{first:08}.csv", house.confirmation(site))
    played = time.perf_counter() - begun
    leaving()
    run_once(bench)
    billed = {row["invoice_number"] for row in house.taken(site, house.ACCOUNTING)}
    after = house.sets(site)
    done = {"invoices for accounting": len(billed)} | {
        name: after[name] - before[name] for name in ("855", "856", "810")
    }
    for name, number in done.items():
        if number != count:
            raise NotFinishedError(f"Of {count} orders {number} got their {name}: the measurement says nothing.")
    return played


def _drop_orders(site: Path, first: int, count: int, lines: int) -> int:
    for at in range(0, count, IN_FILE):
        customer = house.CUSTOMERS[at // IN_FILE % len(house.CUSTOMERS)]
        content = house.orders(first + at, first + at, min(IN_FILE, count - at), lines, customer)
        house.drop(site, customer, f"orders-{first + at:08}.edi", content)
    return count


def _furnish(bench: Workbench, site: Path) -> None:
    for inbox, name, content in house.master():
        house.drop(site, inbox, name, content)
        run_once(bench)


def _bench(site: Path, url: str) -> Workbench:
    environ = {"GATEWAY_DATABASE__URL": url} if url else {}
    return workbench(load(site, environ), fixed_clock(datetime.fromisoformat(house.MOMENT)), environ)


@contextmanager
def _own_folder(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def fsync_seconds(folder: Path, times: int) -> list[float]:
    """How long it takes, so many times, until a new small file is on disk under its name, its folder included."""
    found = []
    for number in range(times):
        part, target = folder / f".fsync-{number}", folder / f"fsync-{number}"
        begun = time.perf_counter()
        with part.open("wb") as handle:
            handle.write(b"x" * 4096)
            handle.flush()
            os.fsync(handle.fileno())
        part.rename(target)
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        found.append(time.perf_counter() - begun)
        os.close(descriptor)
        target.unlink()
    return found


def _kept_waiting() -> float:
    """Seconds for which this process could have worked and other programs had the processor; 0 where only Linux would know."""
    told = Path("/proc/self/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.is_file() else 0.0


def _bytes(site: Path) -> int:
    """What is kept of files: the archive and what was sent."""
    folders = (site / "var" / "archive", site / "outbox")
    return sum(each.stat().st_size for folder in folders for each in folder.rglob("*") if each.is_file())
