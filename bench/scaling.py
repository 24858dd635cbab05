"""The tables of docs/explanation/scaling.md: simulated from costs that were measured and are kept in bench/costs.json.

Usage: python -m bench.scaling --measure renews the costs (PostgreSQL, a quiet machine, some minutes), --write the tables.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from bench import measure, orders, page, server
from bench.measure import MEGABYTE, ROOT
from bench.programs import LONG, module
from bench.simulation import Costs, Demand, House, Seen, simulate, zipf

COSTS = ROOT / "bench" / "costs.json"
PAGE = ROOT / "docs" / "explanation" / "scaling.md"
STATED_ERROR = 0.25
"""How far the simulation may be from what was measured."""
DAY, PEAK = 100_000_000, 0.1
"""Orders of a day, and the part of them that comes in its busiest hour."""
SHORT, LONG_RUN = 300, 1_800
IN_FILE = 100
NODE_CORES, SERVER_CORES = 4, 16
DAY_HEAD = (
    f"databases | orders a second on the fullest | done | its nodes of {NODE_CORES} cores | 99 of 100 within | "
    "its database's cores in use | its log in use"
)
FILES = 2_000
"""So many come while it is looked at: that one more or less comes by chance does not count."""
PARTNERS, ITEMS, WAREHOUSES = 2_000, 100_000, 50
CUSTOMERS = (0.25,) * 4
"""The customers of the site that is measured."""
KEEPS_UP = 0.97
NOT_YET = "Processes at work at once are not measured yet: that needs a machine that does nothing else."
FULL = 0.7
"""How much of their time cores may be in use when a plan is made."""
LATE = 60.0
"""Seconds within which 99 of 100 batches must be through in the busiest hour."""
GIGABYTE, TERABYTE = 1e9, 1e12


@dataclass(frozen=True, slots=True)
class Known:
    """What was measured: ``view`` is what `gateway bench --json` tells, ``server`` the database's seconds of CPU for an order."""

    view: Mapping[str, Any]
    server: float
    at_work: Mapping[int, float]
    on: str
    cores: int

    def costs(self) -> Costs:
        """The same as the simulation wants it; for which other programs had the processor does not count."""
        view, orders_done = self.view, self.view["orders"]
        gateway = view["cpu_seconds"] / orders_done
        return Costs(
            gateway=gateway, server=self.server, counters_held=self.held("counters") * (gateway + self.server),
            stock_held=self.held("stock") * (gateway + self.server), goods=view["goods_seconds"] / view["seconds"],
            goods_held=self.goods_held("stock") * (gateway + self.server), commit=view["commit_ms"] / 1e3, commits=view["commits"] / orders_done,
            files=view["parts"].get("files", 0.0) / orders_done * (1 - min(view["kept_waiting_seconds"] / view["seconds"], 1)),
        )  # fmt: skip

    def held(self, table: str) -> float:
        """The part of the whole time for which orders held rows of a table: as good on a machine that was not quiet."""
        held = self.view["held_ms_per_order"].get(table, 0.0) - self.view["goods_held_ms_per_order"].get(table, 0.0)
        return self._part(held)

    def goods_held(self, table: str) -> float:
        """The same of goods that leave."""
        return self._part(self.view["goods_held_ms_per_order"].get(table, 0.0))

    def _part(self, milliseconds: float) -> float:
        return float(min(max(milliseconds, 0.0) / 1e3 * self.view["orders_per_second"], 1.0))


def load(file: Path = COSTS) -> Known:
    """The costs that are kept."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    at_work = {int(number): rate for number, rate in kept["at_work"].items()}
    return Known(kept["bench"], kept["server_seconds_per_order"], at_work, kept["on"], kept["cores"])


def tables(known: Known) -> str:
    """Everything that the page shows of the simulation and of what it is made of."""
    costs = known.costs()
    parts = [
        f"Measured with {known.on}, {known.cores} cores for everything, {known.view['orders']:,} orders of {known.view['lines']} lines:", "",
        *_table("an order costs | ", _cost_rows(known)), "",
        "Rows written for an order:", "",
        *_table("table | rows | ms until the commit", _row_rows(known.view)), "",
        f"The simulation beside what was measured, all on the {known.cores} cores of one machine; it may be off by {STATED_ERROR:.0%}:", "",
        *(_table("processes | measured, orders a second | simulated | off by", _check_rows(known)) if known.at_work else [NOT_YET]), "",
        f"Workers on one PostgreSQL with {SERVER_CORES} cores of its own, as many orders as it can do:", "",
        *_table("workers | orders a second | times one worker | database in use | waited for rows, s a batch", _worker_rows(costs)), "",
        f"{DAY:,} orders a day, {PEAK:.0%} of them in the busiest hour ({peak_rate():,.0f} a second), on so many databases:", "",
        *_table(DAY_HEAD, _day_rows(costs)), "",
        "And what a day of them leaves on disk, all databases together:", "",
        *_table("what | a day | in the busiest hour", _disk_rows(known.view)),
    ]  # fmt: skip
    return "\n".join(parts)


def checked(known: Known) -> Iterator[tuple[int, float, float]]:
    """Processes, what was measured and what is simulated for them, on one machine with a core for each of them."""
    for number, rate in sorted(known.at_work.items()):
        if number > known.cores:
            continue
        house = House(1, number, known.cores, IN_FILE, shared=True)
        demand = Demand(0, CUSTOMERS, items=(1 / 200,) * 200, batches=known.view["orders"] // IN_FILE)
        yield number, rate, simulate(known.costs(), house, demand).per_second


def long_enough(costs: Costs, workers: int) -> float:
    """Seconds in which so many batches are done that one more or less does not count."""
    return max(60.0, 400 * IN_FILE * (costs.gateway + costs.server) / min(workers, 4))


def peak_rate() -> float:
    """Orders a second in the busiest hour."""
    return DAY * PEAK / 3600


def most_of_one(costs: Costs) -> float:
    """Orders a second that one interchange id may bring: its units follow each other, and are to be in time."""
    return FULL / ((costs.gateway + costs.server) * (1 - costs.goods) + costs.files)


def identities(costs: Costs) -> list[float]:
    """The shares of all interchange ids in the busiest hour; a partner too large for one has one for each of its regions."""
    found = []
    for share in zipf(PARTNERS):
        regions = max(math.ceil(share * peak_rate() / most_of_one(costs)), 1)
        found += [share / regions] * regions
    return sorted(found, reverse=True)


def shards(databases: int, shares: Sequence[float]) -> list[list[float]]:
    """These shares, shared out over databases: the largest first, each to the one that has least."""
    found: list[list[float]] = [[] for _ in range(databases)]
    for share in shares:
        min(found, key=sum).append(share)
    return sorted(found, key=sum, reverse=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """So many nodes on each database, and what is seen on the one that has most to do, in the busiest hour."""

    databases: int
    nodes: int
    rate: float
    seen: Seen

    @property
    def keeps_up(self) -> bool:
        """Whether what comes is done, and in time."""
        return self.seen.per_second > KEEPS_UP * self.rate and self.seen.p99 <= LATE


def plan(costs: Costs, databases: int) -> Plan:
    """The fewest nodes that keep up with the busiest hour; twice what the CPU alone would need is the most that is tried."""
    fullest = shards(databases, identities(costs))[0]
    rate = peak_rate() * sum(fullest)
    seconds = max(60.0, FILES * IN_FILE / rate)
    demand = Demand(rate, tuple(fullest), items=tuple(zipf(ITEMS)), warehouses=WAREHOUSES, seconds=seconds)
    least = max(math.ceil(rate * (costs.gateway + costs.server) / NODE_CORES / FULL), 1)
    for nodes in sorted({least, math.ceil(least * 1.25), math.ceil(least * 1.5), least * 2}):
        found = Plan(databases, nodes, rate, simulate(costs, House(nodes, NODE_CORES, SERVER_CORES, IN_FILE), demand))
        if found.keeps_up:
            break
    return found


def _cost_rows(known: Known) -> Iterator[Sequence[str]]:
    view, costs = known.view, known.costs()
    yield "CPU of the gateway", f"{costs.gateway * 1e3:.2f} ms"
    yield "CPU of the database", f"{costs.server * 1e3:.2f} ms"
    yield "statements", f"{view['statements_per_order']:.1f}"
    yield "rows written", f"{sum(view['rows_per_order'].values()):.1f}"
    yield "commits", f"{costs.commits:.3f}, each {view['commit_ms']:.2f} ms"
    yield "bytes of the database", f"{view['database_bytes_per_order']:,}"
    yield "bytes of its log", f"{view['log_bytes_per_order']:,}"
    yield "bytes of files, received and sent", f"{view['file_bytes_per_order']:,}"


def _row_rows(view: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for table, rows in sorted(view["rows_per_order"].items(), key=lambda each: (-each[1], each[0])):
        yield f"`{table}`", f"{rows:.2f}", f"{view['held_ms_per_order'].get(table, 0.0):.2f}"


def _check_rows(known: Known) -> Iterator[Sequence[str]]:
    for number, rate, simulated in checked(known):
        yield str(number), page.number(rate), page.number(simulated), f"{simulated / rate - 1:+.0%}"
    for number, rate in sorted(known.at_work.items()):
        if number > known.cores:
            yield str(number), page.number(rate), "more than cores", ""


def _worker_rows(costs: Costs) -> Iterator[Sequence[str]]:
    alone = 0.0
    for workers in (1, 2, 4, 8, 16, 32):
        demand = Demand(
            0,
            tuple(zipf(PARTNERS)),
            items=tuple(zipf(ITEMS)),
            warehouses=WAREHOUSES,
            seconds=long_enough(costs, workers),
        )
        seen = simulate(costs, House(1, workers, SERVER_CORES, IN_FILE), demand)
        alone = alone or seen.per_second
        yield (
            str(workers), page.number(seen.per_second), f"{seen.per_second / alone:.1f}", f"{seen.database_busy:.0%}",
            f"{seen.waited_for_rows:.2f}",
        )  # fmt: skip


def _day_rows(costs: Costs) -> Iterator[Sequence[str]]:
    for databases in (1, 2, 4, 8, 16):
        found = plan(costs, databases)
        late = f"{found.seen.p99:.1f} s" if found.keeps_up else "never"
        yield (
            str(databases), page.number(found.rate), page.number(found.seen.per_second), str(found.nodes), late,
            f"{found.seen.database_busy * SERVER_CORES:.1f}", f"{found.seen.log_busy:.0%}",
        )  # fmt: skip


def _disk_rows(view: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    for what, key in (("databases grow by", "database"), ("their logs (WAL)", "log"), ("archive and outboxes", "file")):
        each = view[f"{key}_bytes_per_order"]
        yield what, f"{DAY * each / TERABYTE:.2f} TB", f"{peak_rate() * each / MEGABYTE:,.0f} MB a second"


def _table(head: str, rows: Iterator[Sequence[str]]) -> list[str]:
    titles = [each.strip() for each in head.split("|")]
    return [
        f"| {' | '.join(titles)} |",
        "|---" + "|---:" * (len(titles) - 1) + "|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def measured(folder: Path) -> dict[str, Any]:
    """The costs of this machine, anew: two measurements of different size tell what the database needs for one order."""
    (few, used), (many, used_more) = (_benched(folder, count) for count in (SHORT, LONG_RUN))
    made = orders.chain_files(folder / "orders", orders=LONG_RUN, share=IN_FILE)
    rates = {
        number: measure.run(
            module("at work", "bench.ours.at_work", str(made.path), str(number), "--postgres", tells=True, limit=LONG)
        ).told
        for number in (1, 2, 4)
    }
    return {
        "on": f"gateway-edi {metadata.version('gateway-edi')}, CPython {sys.version.split()[0]}, PostgreSQL", "cores": os.cpu_count(),
        "server_seconds_per_order": round((used_more - used) / (LONG_RUN - SHORT), 6), "at_work": rates, "bench": many,
        "bench_of_few": few["orders_per_second"],
    }  # fmt: skip


def _benched(folder: Path, count: int) -> tuple[dict[str, Any], float]:
    """What `gateway bench` tells of so many orders, and the CPU that its PostgreSQL used."""
    site = folder / f"site-{count}"
    site.mkdir()
    with server.running() as database:
        (site / "gateway.yaml").write_text(
            f"gateway: 1\nsecond_opinion: {{first: 0, sample: 0}}\ndatabase: {{url: '{database.url}'}}\n",
            encoding="utf-8",
        )
        said = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "gateway", "bench", "--json", "--site", str(site), "--orders", str(count)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        used = database.cpu()
    view: dict[str, Any] = json.loads(said.stdout)
    return view, used


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables of docs/explanation/scaling.md.")
    parser.add_argument("--measure", action="store_true", help="measure the costs anew")
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    given = parser.parse_args()
    if given.measure:
        with tempfile.TemporaryDirectory(prefix="gateway-scaling-") as folder:
            costs = measured(Path(folder))
        COSTS.write_text(f"{json.dumps(costs, indent=1)}\n", encoding="utf-8")
    text = tables(load())
    print(text)
    if given.write:
        page.put(text, PAGE)


if __name__ == "__main__":
    main()
