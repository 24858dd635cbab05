"""The commands that only look: orders, holds, files, traces."""

import shlex
from pathlib import Path

from gateway.cli import order_text, output
from gateway.cli.context import opened
from gateway.flows.by_hand import operate
from gateway.flows.showing import hold_view, refused_views, views
from gateway.flows.showing import trace as tracing
from gateway.flows.showing.causes import Group, grouped
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import Status

MOST_NAMED = 5
PAYMENT = ["payment_number", "payment_date", "partner", "amount", "applied", "unapplied", "currency"]
ORDERS = ["order_number", "po_number", "partner", "store", "status", "lines", "holds", "rejected"]
TRACED = ["order_number", "po_number", "partner", "status", "billing_status", "payment_status"]


def orders_list(site: Path | None, partner: str, status: str, *, test: bool, as_json: bool) -> int:
    """Print the orders that fit."""
    known = [each.value for each in Status]
    if status and status not in known:
        raise UsageError(f"No order is ever '{status}'.", next_step=f"Say one of: {', '.join(known)}.")
    query = OrderQuery(partner=PartnerId(partner) if partner else None, status=status or None, test=test)
    with opened(site).store.unit() as work:
        refused = work.exchange.refused()
        rows = [
            {**views.order_row(order), "rejected": refused_views.of_order(refused, order.number)}
            for order in work.orders.find(query)
        ]
    if as_json:
        output.data(rows)
        return 0
    columns = [each for each in ORDERS if each not in ("store", "rejected") or any(row[each] for row in rows)]
    _show([order_text.marked(row) for row in rows], columns, "no orders", as_json=False)
    if rows:
        told = next((row for row in rows if row["rejected"]), rows[-1])
        output.suggest(f"gateway orders show {told['order_number']}")
    return 0


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


def holds_list(site: Path | None, *, as_json: bool) -> int:
    """Print everything that waits."""
    with opened(site).store.unit() as work:
        rows = views.holds(work)
    if as_json:
        output.data(rows)
        return 0
    for group in grouped(rows):
        _show_group(group)
    if rows:
        output.suggest(f"gateway holds show {rows[0]['id']}")
    else:
        output.line("no holds")
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


def _show_group(group: Group) -> None:
    """One hold with its reason; several of one cause together, the first of them by name."""
    first, more = group.holds[0], len(group.holds) - MOST_NAMED
    if len(group.holds) == 1:
        output.line(
            f"{first['id']}  {first['code']}  {first['partner']}  {first['order_number'] or first['file'] or ''}"
        )
        output.line(f"    {first['reason']}")
    else:
        output.line(f"{len(group.holds)} documents of {first['partner']}, one cause: {first['code']}")
        output.line(f"    {group.cause}")
        for each in group.holds[:MOST_NAMED]:
            output.line(f"    {each['id']}  {each['order_number'] or each['file'] or ''}")
        if more > 0:
            output.line(f"    and {more} more; --json shows all")
    output.line(f"    -> {first['next_step']}")
    if len(group.holds) > 1 and first["code"] in operate.REOPENING and first["file"]:
        output.line(f"    -> gateway holds release all --partner {first['partner']} --code {first['code']} --note TEXT")


def files_list(site: Path | None, partner: str, *, as_json: bool) -> int:
    """Print the received files."""
    with opened(site).store.unit() as work:
        holds = work.exchange.holds()
        receipts = work.exchange.receipts(partner=PartnerId(partner) if partner else None)
        rows = [views.receipt_view(receipt, holds) for receipt in receipts]
    _show(rows, ["received_at", "partner", "file", "state", "summary", "code"], "no files", as_json=as_json)
    if rows and not as_json:
        output.suggest(f"gateway trace {shlex.quote(rows[-1]['file'])}")
    return 0


def trace(name: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Print the life of a document."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        view = tracing.trace(work, name, bench.today(None, bench.clock()))
    if as_json:
        output.data(view)
        return 0
    story = [{**each, "at": order_text.moment(each["at"])} for each in view["story"]]
    several = len(view["orders"]) > 1
    for title, rows, columns in (
        ("orders", view["orders"], TRACED),
        ("story", story, ["at", "who", *(["order_number"] if several else []), "what", "file"]),
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


def _show(rows: list[views.View], columns: list[str], nothing: str, *, as_json: bool) -> None:
    if as_json:
        output.data(rows)
    elif rows:
        output.table(rows, columns)
    else:
        output.line(nothing)
