"""The work of ``gateway acks`` and ``gateway promises``."""

import shlex
from pathlib import Path

from gateway.cli import output
from gateway.cli.context import opened
from gateway.flows.showing import clock_views
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import PartnerId

ACKS = ["due", "partner", "document", "number", "order_number", "control_number", "delivered_at", "state"]
ACKS_MAY_GO = ["delivered_at", "control_number", "order_number"]
PROMISES = ["due", "partner", "promise", "subject", "state", "at_risk", "currency", "done"]
PROMISES_MAY_GO = ["done", "partner"]
NO_TIME = "no time agreed"


def due(site: Path | None, partner: str, now: str | None, *, as_json: bool) -> int:
    """Print what is awaited."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        rows = clock_views.awaited(work, bench.clock(), _wanted(bench, partner))
    _print_acks(rows, "nothing is awaited", as_json=as_json)
    return 0


def overdue(site: Path | None, partner: str, now: str | None, *, as_json: bool) -> int:
    """Print what is late; 1 when there is something."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        rows = clock_views.overdue(work, bench.clock(), _wanted(bench, partner))
    _print_acks(rows, "nothing is overdue", as_json=as_json)
    return 1 if rows else 0


def promises(site: Path | None, partner: str, now: str | None, *, everything: bool, as_json: bool) -> int:
    """Print what was promised."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        rows = clock_views.promises(bench, work, bench.clock(), _wanted(bench, partner), everything=everything)
    if as_json:
        output.data(rows)
    elif rows:
        output.table(rows, PROMISES if everything else PROMISES[:-1], may_go=PROMISES_MAY_GO)
        for currency, amount in clock_views.sums(rows).items():
            output.line(f"at risk in all: {amount} {currency}")
        output.suggest(f"gateway trace {shlex.quote(rows[0]['subject'])}")
    else:
        output.line("no promises")
    return 0


def _wanted(bench: Workbench, partner: str) -> PartnerId | None:
    if partner and partner not in bench.site.partners:
        raise NotFoundError(f"There is no partner '{partner}'.", next_step="'gateway partner list' shows them.")
    return PartnerId(partner) if partner else None


def _print_acks(rows: list[clock_views.View], nothing: str, *, as_json: bool) -> None:
    if as_json:
        output.data(rows)
    elif rows:
        output.table([{**each, "due": each["due"] or NO_TIME} for each in rows], ACKS, may_go=ACKS_MAY_GO)
        output.suggest(f"gateway trace {shlex.quote(rows[0]['number'])}")
    else:
        output.line(nothing)
