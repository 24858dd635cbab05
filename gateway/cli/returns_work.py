"""What the commands of returns and of changes by hand do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.cli.work import drain
from gateway.flows import advance, auditing
from gateway.flows.by_hand import operate
from gateway.flows.showing import returns_view
from gateway.flows.showing.rows import order_row
from gateway.flows.taking import returns_in
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, TransitionError, UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.asked.change_commands import ChangeOrder
from gateway.orders.order import Proposal
from gateway.orders.proposal import LineChange
from gateway.orders.returned import Disposition

LIST = ["rma", "order_number", "po_number", "partner", "return_number", "state", "requested_on"]
MAY_GO = ["return_number", "requested_on", "refurbished", "scrapped", "restocked", "uom"]
LINE = [
    "line",
    "sku",
    "uom",
    "quantity",
    "authorised",
    "received",
    "restocked",
    "scrapped",
    "refurbished",
    "credited",
    "reason",
    "refusal",
]
DISPOSITIONS = ("restock", "scrap", "refurbish")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change as it was said; empty text means no change."""

    line: str
    quantity: str
    price: str
    date: str
    reason: str
    who: str
    delete: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A return as it was asked for."""

    line: str
    quantity: str
    reason: str
    return_number: str
    who: str
    exchange: bool


@dataclass(frozen=True, slots=True)
class Came:
    """What came back, as it was said."""

    line: str
    quantity: str
    disposition: str
    warehouse: str
    reason: str
    who: str
    no_credit: bool


def change(name: str, wanted: Wanted, site: Path | None, partner: str, now: str | None) -> int:
    """Change an order by hand through the same decision as a file."""
    logs.configure(verbose=False)
    proposal = _proposal(wanted)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            order = operate.find_order(work, name, partner)
            owner = bench.partner(order.partner)
            if owner is None:
                raise NotFoundError(f"{order.number} belongs to '{order.partner}', who has no partner file.")
            if wanted.line and order.line(wanted.line) is None:
                # a slip of the hand: nobody asked us for it, so nobody is told a refusal
                numbers = ", ".join(line.number for line in order.lines)
                raise TransitionError(f"{order.number} has no line {wanted.line}.", next_step=f"Its lines: {numbers}.")
            step = advance.Step(now=bench.clock(), who=wanted.who)
            after = advance.act(bench, work, owner, order, ChangeOrder(proposal, wanted.who), step)
            after = advance.release_due(bench, work, owner, after, step)
            auditing.deed(
                bench, work, wanted.who, "order.change", after.number, wanted.reason, partner=after.partner,
                line=wanted.line, quantity=wanted.quantity, price=wanted.price, date=wanted.date, delete=wanted.delete,
            )  # fmt: skip
            work.commit()
        row = order_row(after)
        refused = after.change is None and after.changes[-1].status == "rejected"
        what = (
            "the change waits for a decision"
            if after.change is not None
            else f"the change is answered: {after.changes[-1].status}"
        )
        output.line(f"{row['order_number']} (PO {row['po_number']}) is {row['status']}; {what}")
        for hold in after.holds:
            output.line(f"  on hold {hold.id} {hold.code}: {hold.reason}")
        return drain(bench) or (1 if refused else 0)


def list_all(site: Path | None, partner: str, state: str, *, as_json: bool) -> int:
    """Print the returns that fit."""
    with database(site).unit() as work:
        found = work.returns.find(partner=PartnerId(partner) if partner else None, state=state or None)
        orders = {number: work.orders.get(number) for _, number in found}
    rows = [
        returns_view.return_view(order, returns_in.return_of(order, rma))
        for rma, number in found if (order := orders[number]) is not None
    ]  # fmt: skip
    if as_json:
        output.data(rows)
    elif rows:
        output.table(rows, LIST, may_go=MAY_GO)
        output.suggest(f"gateway returns show {rows[-1]['rma']}")
    else:
        output.line("no returns")
    return 0


def show(rma: str, site: Path | None, *, as_json: bool) -> int:
    """Print one return whole."""
    with database(site).unit() as work:
        order = returns_in.order_of(work, rma)
    view = returns_view.return_view(order, returns_in.return_of(order, rma))
    if as_json:
        output.data(view)
        return 0
    until = f", valid until {view['valid_until']}" if view["valid_until"] else ""
    output.line(f"{rma}  {view['order_number']} (PO {view['po_number']} of {view['partner']}): {view['state']}{until}")
    output.table(view["lines"], LINE, may_go=MAY_GO)
    return 0


def request(name: str, asked: Asked, site: Path | None, partner: str, now: str | None) -> int:
    """Ask for a return; 1 when nothing of it may come back."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            order = operate.find_order(work, name, partner)
            quantity = _number(asked.quantity, "--quantity")
            line = returns_in.wanted_of(work, order, asked.line, quantity, asked.reason, replace=asked.exchange)
            after = returns_in.ask(bench, work, order, asked.return_number, (line,), _step(bench, asked.who))
            rma = after.returns[-1].rma
            more = {"order": after.number, "line": asked.line, "quantity": asked.quantity}
            auditing.deed(bench, work, asked.who, "return.new", rma, asked.reason, partner=after.partner, **more)
            work.commit()
        made = after.returns[-1]
        output.line(
            f"{made.rma}: {'authorised' if made.state == 'open' else made.state}"
            + (f"; {made.reason}" if made.reason else "")
        )
        return drain(bench) or (1 if made.state == "refused" else 0)


def receive(rma: str, came: Came, site: Path | None, now: str | None) -> int:
    """Take goods back."""
    if came.disposition not in DISPOSITIONS:
        raise UsageError(
            f"--disposition '{came.disposition}' is not known.", next_step=f"Say {', '.join(DISPOSITIONS)}."
        )
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        what = returns_in.Received(
            rma, came.line, _number(came.quantity, "--quantity"), cast("Disposition", came.disposition), came.warehouse,
            came.reason, not came.no_credit, came.who,
        )  # fmt: skip
        with bench.store.unit() as work:
            after = returns_in.receive(bench, work, what, _step(bench, came.who))
            more = {"line": came.line, "quantity": came.quantity, "disposition": came.disposition}
            auditing.deed(bench, work, came.who, "return.receive", rma, came.reason, partner=after.partner, **more)
            work.commit()
        made = returns_in.return_of(after, rma)
        output.line(
            f"{rma}: {came.quantity} of line {came.line} received ({came.disposition}); the return is {made.state}"
        )
        return drain(bench)


def end(rma: str, reason: str, who: str, site: Path | None, now: str | None, *, cancels: bool) -> int:
    """End a return."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            after = returns_in.end(bench, work, rma, reason, _step(bench, who), cancels=cancels)
            action = "return.cancel" if cancels else "return.close"
            auditing.deed(bench, work, who, action, rma, reason, partner=after.partner)
            work.commit()
        output.line(f"{rma} is {returns_in.return_of(after, rma).state}")
        return drain(bench)


def _proposal(wanted: Wanted) -> Proposal:
    said = bool(wanted.quantity or wanted.price or wanted.date)
    if wanted.delete and not said:
        lines = (LineChange(wanted.line, "delete", "delete"),) if wanted.line else ()
        return Proposal(lines=lines, cancels=not wanted.line, reason=wanted.reason)
    if wanted.delete or not said or not wanted.line:
        raise UsageError(
            "It is not clear what is to change.",
            next_step="Say --line N with --quantity, --price or --date, or with --delete; --delete alone cancels the order.",
        )
    line = LineChange(
        wanted.line, "change", "change", _number(wanted.quantity, "--quantity") if wanted.quantity else None,
        unit_price=_number(wanted.price, "--price") if wanted.price else None, price_basis="PE" if wanted.price else "",
        delivery_requested=_day(wanted.date) if wanted.date else None,
    )  # fmt: skip
    return Proposal(lines=(line,), reason=wanted.reason)


def _step(bench: Workbench, who: str) -> advance.Step:
    return advance.Step(now=bench.clock(), who=who)


def _number(text: str, option: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"{option} '{text}' is not a number.", next_step="Write it like 12 or 12.5.") from error
    if not number.is_finite() or number < 0:
        raise UsageError(f"{option} '{text}' cannot be.", next_step="Write it like 12 or 12.5.")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--date '{text}' is not a date.", next_step="Write it like 2026-12-01.") from error
