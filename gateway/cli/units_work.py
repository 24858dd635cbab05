"""What the gateway has still to do, what it could not, and which processes do it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from gateway.app import standing
from gateway.app.standing import AtWork
from gateway.cli import output
from gateway.cli.context import opened
from gateway.engine.queue import FAILED
from gateway.exchange.units import UnitInfo
from gateway.kernel.errors import UsageError

UNITS = ["unit", "state", "partner", "since", "attempts", "worker", "error"]
UNITS_MAY_GO = ["worker", "attempts", "partner", "since"]
WORKERS = ["worker", "host", "pid", "version", "since", "units"]
WORKERS_MAY_GO = ["version", "host", "pid"]


def list_all(site: Path | None, *, failed: bool, as_json: bool) -> int:
    """Print the units that are not done."""
    found = [each for each in standing.standing(opened(site)) if not failed or each.state == FAILED]
    rows = [_unit(each) for each in found]
    if as_json:
        output.data(rows)
    elif rows:
        output.table(rows, [each for each in UNITS if any(row[each] for row in rows)], may_go=UNITS_MAY_GO)
    else:
        output.line("no failed units" if failed else "nothing is left to do")
    if any(each.state == FAILED for each in found) and not as_json:
        output.suggest("gateway units retry --all")
    return 0


def retry(site: Path | None, unit: str, who: str, *, every: bool, as_json: bool) -> int:
    """Try units again."""
    if bool(unit) == every:
        raise UsageError("It is not clear which unit is meant.", next_step="Name one, or say --all.")
    names = standing.retry(opened(site), unit, who)
    if as_json:
        output.data({"retried": list(names)})
        return 0
    for name in names:
        output.line(f"{name} is tried again")
    if not names:
        output.line("no failed units")
    return 0


def workers(site: Path | None, *, as_json: bool) -> int:
    """Print the processes that work on the site."""
    found = standing.at_work(opened(site))
    if as_json:
        output.data([_worker(each) | {"units": list(each.units)} for each in found])
    elif found:
        output.table([_worker(each) for each in found], WORKERS, may_go=WORKERS_MAY_GO)
    else:
        output.line("nobody works on this site")
        output.suggest("gateway run")
    return 0


def _unit(each: UnitInfo) -> dict[str, Any]:
    said = asdict(each)
    return {
        "unit": f"{each.kind}:{each.key}", **{name: said[name] for name in ("kind", "key", "state", "partner")},
        "since": each.since.isoformat(timespec="seconds") if each.since is not None else None,
        "attempts": each.attempts, "worker": each.worker, "error": each.last_error,
    }  # fmt: skip


def _worker(each: AtWork) -> dict[str, Any]:
    who = each.worker
    return {
        "worker": who.name, "host": who.host, "pid": who.pid, "version": who.version,
        "since": who.started_at.isoformat(timespec="seconds"), "units": ", ".join(each.units),
    }  # fmt: skip
