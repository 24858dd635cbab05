"""The commands that only look: orders, holds, files, traces."""

from pathlib import Path

from gateway.cli import output
from gateway.cli.context import opened
from gateway.flows.by_hand import operate
from gateway.flows.showing import hold_view, views
from gateway.flows.showing import trace as tracing
from gateway.flows.showing.causes import Group, grouped
from gateway.flows.showing.views import View
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import Status

LINE = [
    "number",
    "sku",
    "ordered",
    "uom",
    "unit_price",
    "allocated",
    "backordered",
    "shipped",
    "invoiced",
    "rejected",
    "codes",
    "promised_date",
]
MOST_NAMED = 5
DAYS = ("ship_date", "delivery_due", "eta", "delivered_on", "signed_by")
DOCUMENT = ["document", "number", "control_number", "partner", "state", "answer", "path"]


def orders_list(site: Path | None, partner: str, status: str, *, test: bool, as_json: bool) -> int:
    """Print the orders that fit."""
    known = [each.value for each in Status]
    if status and status not in known:
        raise UsageError(f"No order is ever '{status}'.", next_step=f"Say one of: {', '.join(known)}.")
    query = OrderQuery(partner=PartnerId(partner) if partner else None, status=status or None, test=test)
    with opened(site).store.unit() as work:
        rows = [views.order_row(order) for order in work.orders.find(query)]
    _show(rows, ["order_number", "po_number", "partner", "status", "lines", "holds"], "no orders", as_json=as_json)
    return 0


def orders_show(name: str, site: Path | None, partner: str, *, as_json: bool) -> int:
    """Print one order whole."""
    with opened(site).store.unit() as work:
        view = views.order_view(work, operate.find_order(work, name, partner))
    if as_json:
        output.data(view)
        return 0
    output.line(
        f"{view['order_number']}  PO {view['po_number']} of {view['partner']}, {view['po_date']}: {view['status']}"
    )
    for hold in view["holds"]:
        output.line(f"  on hold {hold['id']} {hold['code']}: {hold['reason']}")
    output.line()
    output.table(view["lines"], LINE)
    for line in view["lines"]:
        for source in line["warehouses"]:
            output.line(f"  line {line['number']}: {source['quantity']} from {source['warehouse']}, {source['reason']}")
    for each in view["shipments"]:
        days = ", ".join(f"{name.replace('_', ' ')} {each[name]}" for name in DAYS if each[name])
        output.line(f"  shipment {each['shipment_number']}: {each['state'].replace('_', ' ')}, {days}")
    output.line()
    output.table(view["documents"], DOCUMENT)
    _notes(view["documents"])
    output.line()
    output.table(view["events"], ["sequence", "at", "who", "told"])
    return 0


def _notes(documents: list[View]) -> None:
    """What of our data could not leave as it was, and why a partner did not take a document."""
    for each in documents:
        for note in each["notes"]:
            output.line(f"  {each['document']} {each['control_number']}: {note}")
        for answer in each["answers"]:
            if answer["verdict"] in ("R", "P"):
                output.line(f"  {each['document']} {each['control_number']}: {answer['reason']}")


def holds_list(site: Path | None, *, as_json: bool) -> int:
    """Print everything that waits."""
    with opened(site).store.unit() as work:
        rows = views.holds(work)
    if as_json:
        output.data(rows)
        return 0
    for group in grouped(rows):
        _show_group(group)
    if not rows:
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
    return 0


def trace(name: str, site: Path | None, *, as_json: bool) -> int:
    """Print the life of a document."""
    with opened(site).store.unit() as work:
        view = tracing.trace(work, name)
    if as_json:
        output.data(view)
        return 0
    for title, columns in (
        ("files", ["received_at", "partner", "file", "state", "summary"]),
        ("orders", ["order_number", "po_number", "partner", "status"]),
        ("documents", DOCUMENT),
    ):
        output.line(f"{title}:")
        output.table(view[title], columns)
        if title == "documents":
            _notes(view[title])
        output.line()
    return 0


def _show(rows: list[views.View], columns: list[str], nothing: str, *, as_json: bool) -> None:
    if as_json:
        output.data(rows)
    elif rows:
        output.table(rows, columns)
    else:
        output.line(nothing)
