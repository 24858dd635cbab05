"""The commands that only look: orders, holds, files, traces."""

from pathlib import Path

from gateway.cli import order_text, output
from gateway.cli.context import opened
from gateway.flows.by_hand import operate
from gateway.flows.showing import hold_view, views
from gateway.flows.showing import trace as tracing

PAYMENT = ["payment_number", "payment_date", "partner", "amount", "applied", "unapplied", "currency"]
TRACED = ["order_number", "po_number", "partner", "status", "billing_status", "payment_status"]


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
    return 0


def trace(name: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Print the life of a document."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        view = tracing.trace(work, name, bench.today(None, bench.clock()))
    if as_json:
        output.data(view)
        return 0
    several = len(view["orders"]) > 1
    for title, rows, columns in (
        ("orders", view["orders"], TRACED),
        ("story", view["story"], ["at", "who", *(["order_number"] if several else []), "what", "file"]),
        ("invoices and credits", view["bills"], order_text.BILL), ("payments", view["payments"], PAYMENT),
        ("claims", view["claims"], order_text.CLAIM),
    ):  # fmt: skip
        if rows:
            output.line(f"{title}:")
            output.table(rows, columns, indent="  ")
            output.line()
    order_text.notes(view["documents"])
    if not view["orders"] and not view["documents"]:
        output.line("No order and no document of ours belongs to it.")
    elif len(view["orders"]) == 1:
        output.line(f"-> gateway orders show {view['orders'][0]['order_number']} shows the order with its lines")
    return 0
