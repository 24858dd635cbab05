"""Measure everything and write the tables of docs/explanation/performance.md: `make bench`, or python -m bench.run --quick."""

import argparse
import os
import platform
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from bench import contests, figures, gates, measure, page, programs
from bench.contests import Contest
from bench.figures import Measured
from bench.measure import NotMeasuredError


def main() -> int:
    """0 when everything could be measured; a missed gate is a figure, not a failure."""
    given = _arguments()
    failures: list[str] = []
    chosen = tuple(given.only or contests.MAKERS)
    fresh: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(prefix="gateway-bench-", dir=given.scratch) as folder:
        planned = contests.Plan(Path(folder), contests.QUICK if given.quick else contests.FULL)
        for name in chosen:
            measured = _measured(name, planned, failures)
            if measured is not None:
                fresh[name] = measured
                if not given.quick:
                    _keep(measured, given.page)
    judged = [each for each in page.judged(fresh) if each.gate.contest in chosen]
    print(page.tables(judged, fresh, programs.missing()), end="\n\n")
    print(*page.summary(judged), *failures, sep="\n")
    return 1 if failures or any(each.verdict == gates.NOT_MEASURED for each in judged) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the gateway beside its peers.")
    parser.add_argument("--quick", action="store_true", help="small files and few rounds; nothing is written")
    parser.add_argument(
        "--only", nargs="+", choices=contests.MAKERS, help="these contests; the other rows stay as they are"
    )
    parser.add_argument("--page", type=Path, default=page.PAGE, help="the page to write")
    parser.add_argument("--scratch", type=Path, help="the folder to work in, on the disk that is to be measured")
    return parser.parse_args()


def _measured(name: str, planned: contests.Plan, failures: list[str]) -> Measured | None:
    try:
        contest: Contest = planned.contest(name)
        print(f"{name}: {contest.rounds} rounds of {len(contest.cases)}", file=sys.stderr, flush=True)
        return figures.measured(contest, measure.rounds(contest.cases, contest.rounds), _versions())
    except (NotMeasuredError, OSError) as failure:
        failures.append(f"NOT MEASURED {name}: {failure}")
        return None


def _keep(measured: Measured, target: Path) -> None:
    """Each contest is kept when it is done, so that a long run that is stopped has not been for nothing."""
    known = {**figures.load(), measured.contest: measured}
    figures.save(known)
    page.put(page.tables(page.judged(known), known, programs.LEFT_OUT), target)


def _versions() -> str:
    """Who took part, in their versions, and on what."""
    peers = [f"pyx12 {metadata.version('pyx12')}", *programs.peer_versions()]
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return (
        f"gateway-edi {metadata.version('gateway-edi')}, {', '.join(peers)}, "
        f"{platform.python_implementation()} {platform.python_version()}, {system}."
    )


if __name__ == "__main__":
    sys.exit(main())
