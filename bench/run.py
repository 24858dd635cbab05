"""Measure everything and write the tables of docs/performance.md: `make bench`, or python -m bench.run --quick."""

import argparse
import os
import platform
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from bench import contests, gates, measure, page
from bench.contests import Contest
from bench.measure import NotMeasuredError, Sample


def main() -> int:
    """0 when everything could be measured; a missed gate is a figure, not a failure."""
    parser = argparse.ArgumentParser(description="Measure the gateway beside its peers.")
    parser.add_argument("--quick", action="store_true", help="small files and few rounds; the page is left alone")
    parser.add_argument(
        "--only", default="", choices=contests.MAKERS, help="one contest by name; the page is left alone"
    )
    parser.add_argument("--page", type=Path, default=page.PAGE, help="the page to write")
    given = parser.parse_args()
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        planned = contests.contests(Path(folder), contests.QUICK if given.quick else contests.FULL, given.only)
        found = {each.name: samples for each in planned if (samples := _measured(each, failures))}
    chosen = [gate for gate in gates.GATES if not given.only or gate.contest == given.only]
    judged = [gates.judge(gate, found) for gate in chosen]
    text = page.figures(judged, planned, found, _versions(), contests.missing())
    print(text, end="\n\n")
    print(*page.summary(judged), *failures, sep="\n")
    failed = bool(failures) or any(each.verdict == gates.NOT_MEASURED for each in judged)
    if not (given.quick or given.only or failed):
        page.put(text, given.page)
    return 1 if failed else 0


def _measured(contest: Contest, failures: list[str]) -> dict[str, list[Sample]]:
    print(f"{contest.name}: {contest.rounds} rounds of {len(contest.cases)}", file=sys.stderr, flush=True)
    try:
        return measure.rounds(contest.cases, contest.rounds)
    except (NotMeasuredError, OSError) as failure:
        failures.append(f"NOT MEASURED {contest.name}: {failure}")
        return {}


def _versions() -> str:
    """Who took part, in their versions, and on what."""
    peers = [f"pyx12 {metadata.version('pyx12')}"]
    if contests.has_linuxforhealth():
        peers.append(f"linuxforhealth-x12 {_peer_version('linuxforhealth-x12')}")
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return (
        f"gateway-edi {metadata.version('gateway-edi')}, {', '.join(peers)}, "
        f"{platform.python_implementation()} {platform.python_version()}, {system}."
    )


def _peer_version(name: str) -> str:
    return next(each.version for each in metadata.distributions(name=name, path=[str(contests.PEERS)]))


if __name__ == "__main__":
    sys.exit(main())
