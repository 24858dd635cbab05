"""The lists people ask for all day: orders and files."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from gateway.cli import lying_files, order_text, output
from gateway.cli.reading import looked
from gateway.cli.terminal.screen import is_watched
from gateway.exchange.receipt import FileHold, FileQuery, ReceiptState
from gateway.flows.showing import refused_views
from gateway.flows.showing import rows as listed
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.ledger import OrderQuery
from gateway.orders.lifecycle import Status

ORDERS = ["order_number", "po_number", "partner", "store", "status", "lines", "holds", "rejected"]
ORDERS_MAY_GO = ["store", "lines", "rejected"]
FILES = ["received_at", "partner", "file", "state", "summary", "code"]
FILES_MAY_GO = ["state", "code"]
MOST_AT_A_TERMINAL = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for of a list, as it was said; what is empty means any. ``which`` is a PO number or part of a name."""

    partner: str = ""
    state: str = ""
    code: str = ""
    which: str = ""
    since: str = ""
    last: int | None = None

    def most(self, *, as_json: bool) -> int | None:
        """How many rows are shown; None is all: programs get all that they do not say otherwise of."""
        return self.last if self.last is not None or as_json or not is_watched() else MOST_AT_A_TERMINAL

    def moment(self, zone: tzinfo) -> datetime | None:
        """Since when; a day begins at midnight of the site. Raises UsageError for what is none."""
        try:
            found = datetime.fromisoformat(self.since) if self.since else None
        except ValueError as error:
            raise UsageError(
                f"--since '{self.since}' is no day and no moment.",
                next_step="Write it like 2026-11-20 or 2026-11-20T14:00.",
            ) from error
        return found if found is None or found.tzinfo is not None else found.replace(tzinfo=zone)


def orders_list(site: Path | None, wanted: Wanted, *, test: bool, as_json: bool) -> int:
    """Print the orders that fit, the newest last."""
    _known("order", wanted.state, [each.value for each in Status])
    found, store = looked(site)
    query = OrderQuery(
        partner=PartnerId(wanted.partner) if wanted.partner else None, po_number=wanted.which or None,
        status=wanted.state or None, test=test, since=wanted.moment(found.settings.zone()),
    )  # fmt: skip
    with store.unit() as work:
        refused = work.exchange.refused()
        orders, total = work.looking.orders(query, code=wanted.code, last=wanted.most(as_json=as_json))
        rows = [
            {**listed.order_row(order), "rejected": refused_views.of_order(refused, order.number)} for order in orders
        ]
        tests = not (rows or test) and bool(work.looking.orders(replace(query, test=True), code=wanted.code, last=1)[0])
    if as_json:
        output.data(rows)
        return 0
    columns = [each for each in ORDERS if each not in ("store", "rejected") or any(row[each] for row in rows)]
    output.listed([order_text.marked(row) for row in rows], columns, "no orders", as_json=False, may_go=ORDERS_MAY_GO)
    left_out(len(rows), total, "orders")
    if rows:
        told = next((row for row in rows if row["rejected"]), None) or next(
            (row for row in rows if row["holds"]), rows[-1]
        )
        output.suggest(f"gateway orders show {told['order_number']}")
    else:
        output.suggest("gateway orders list --test" if tests else "gateway files list")
    return 0


def files_list(site: Path | None, wanted: Wanted, *, as_json: bool) -> int:
    """Print the received files that fit, the newest last."""
    _known("file", wanted.state, [each.value for each in ReceiptState])
    found, store = looked(site)
    query = FileQuery(
        PartnerId(wanted.partner) if wanted.partner else None, wanted.state, wanted.code, wanted.which,
        wanted.moment(found.settings.zone()),
    )  # fmt: skip
    with store.unit() as work:
        holds = _by_receipt(work.exchange.holds())
        files, total = work.looking.received(query, last=wanted.most(as_json=as_json))
        rows = [listed.receipt_view(file, holds.get(file.id, [])) for file in files]
        lying = [] if as_json or wanted.state or wanted.code or wanted.since else work.looking.lying()
    if as_json:
        output.data(rows)
        return 0
    columns = [each for each in FILES if each != "code" or any(row["code"] for row in rows)]
    output.listed(rows, columns, "no files", as_json=False, may_go=FILES_MAY_GO)
    left_out(len(rows), total, "files")
    lying_files.show(lying_files.rows(found, lying, partner=wanted.partner, named=wanted.which))
    if rows:
        told = next((row for row in reversed(rows) if row["code"]), rows[-1])
        output.suggest(f"gateway trace {shlex.quote(told['file'])}")
    else:
        output.suggest("gateway run --once")
    return 0


def left_out(shown: int, total: int, what: str) -> None:
    """Say how many rows are not shown; part of the result, so that nobody takes a part for the whole."""
    if shown < total:
        output.line(f"{total - shown:,} older {what} are not shown; --last {total} shows all {total:,}")


def _known(what: str, state: str, known: Sequence[str]) -> None:
    if state and state not in known:
        raise UsageError(f"No {what} is ever '{state}'.", next_step=f"Say one of: {', '.join(known)}.")


def _by_receipt(holds: Sequence[FileHold]) -> dict[str | None, list[FileHold]]:
    found: dict[str | None, list[FileHold]] = {}
    for each in holds:
        found.setdefault(each.receipt, []).append(each)
    return found
