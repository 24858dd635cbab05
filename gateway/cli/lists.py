"""The lists people ask for all day: orders, holds, files."""

import shlex
from pathlib import Path

from gateway.cli import order_text, output
from gateway.cli.reading import database
from gateway.flows.showing import refused_views
from gateway.flows.showing import rows as listed
from gateway.flows.showing.causes import Group, grouped
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import Status

MOST_NAMED = 5
ORDERS = ["order_number", "po_number", "partner", "store", "status", "lines", "holds", "rejected"]


def orders_list(site: Path | None, partner: str, status: str, *, test: bool, as_json: bool) -> int:
    """Print the orders that fit."""
    known = [each.value for each in Status]
    if status and status not in known:
        raise UsageError(f"No order is ever '{status}'.", next_step=f"Say one of: {', '.join(known)}.")
    query = OrderQuery(partner=PartnerId(partner) if partner else None, status=status or None, test=test)
    with database(site).unit() as work:
        refused = work.exchange.refused()
        rows = [
            {**listed.order_row(order), "rejected": refused_views.of_order(refused, order.number)}
            for order in work.orders.find(query)
        ]
    if as_json:
        output.data(rows)
        return 0
    columns = [each for each in ORDERS if each not in ("store", "rejected") or any(row[each] for row in rows)]
    output.listed([order_text.marked(row) for row in rows], columns, "no orders", as_json=False)
    if rows:
        told = next((row for row in rows if row["rejected"]), rows[-1])
        output.suggest(f"gateway orders show {told['order_number']}")
    return 0


def holds_list(site: Path | None, *, as_json: bool) -> int:
    """Print everything that waits."""
    with database(site).unit() as work:
        rows = listed.holds(work)
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


def _show_group(group: Group) -> None:
    """One hold with its reason; several of one cause together, the first of them by name."""
    from gateway.flows.by_hand.operate import REOPENING  # noqa: PLC0415 - knows all that hands can do, and there may be no hold

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
    if len(group.holds) > 1 and first["code"] in REOPENING and first["file"]:
        output.line(f"    -> gateway holds release all --partner {first['partner']} --code {first['code']} --note TEXT")


def files_list(site: Path | None, partner: str, *, as_json: bool) -> int:
    """Print the received files."""
    with database(site).unit() as work:
        holds = work.exchange.holds()
        receipts = work.exchange.receipts(partner=PartnerId(partner) if partner else None)
        rows = [listed.receipt_view(receipt, holds) for receipt in receipts]
    output.listed(rows, ["received_at", "partner", "file", "state", "summary", "code"], "no files", as_json=as_json)
    if rows and not as_json:
        output.suggest(f"gateway trace {shlex.quote(rows[-1]['file'])}")
    return 0
