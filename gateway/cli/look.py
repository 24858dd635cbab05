"""The commands that only look: orders, holds, files, traces."""

import shlex
from pathlib import Path

from gateway.cli import order_text, output
from gateway.cli.context import opened
from gateway.flows.by_hand import operate
from gateway.flows.showing import hold_view, views


def orders_show(name: str, site: Path | None, partner: str, now: str | None, *, as_json: bool) -> int:
    """Print one order whole."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        order = operate.find_order(work, name, partner)
        view = views.order_view(bench, work, order, bench.today(bench.partner(order.partner), bench.clock()))
    if as_json:
        output.data(view)
    else:
        order_text.show(view)
        output.suggest(f"gateway trace {view['order_number']}")
    return 0


def holds_show(target: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Print one hold whole."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        view = hold_view.hold_view(work, target, bench.clock())
    if as_json:
        output.data(view)
        return 0
    output.line(
        f"{view['id']}  {view['type']} {view['code']}  {view['partner']}  {view['order_number'] or view['file'] or ''}"
    )
    for name in ("reason", "owner", "age", "release", "effect"):
        output.line(f"  {name}: {view[name]}")
    for name, value in view["figures"].items():
        output.line(f"  {name}: {value}")
    if view["difference"]:
        output.line("  difference:")
        rows = [{name: "-" if value is None else value for name, value in row.items()} for row in view["difference"]]
        output.table(rows, ["field", "earlier", "now"], indent="    ")
    output.line(f"  -> {view['next_step']}")
    output.suggest(f"gateway explain-code {view['code']}")
    about = view["order_number"] or view["file"]
    if about:
        output.suggest(f"gateway trace {shlex.quote(about)}")
    return 0
