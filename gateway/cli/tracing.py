"""The command that tells the life of a document, what it waits for, and what to do next."""

from datetime import datetime, tzinfo
from pathlib import Path

from gateway.cli import order_text, output
from gateway.cli.moment import clock_of
from gateway.cli.reading import looked
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import trace as tracing
from gateway.flows.showing.rows import View
from gateway.kernel.errors import NotFoundError

PAYMENT = ["payment_number", "payment_date", "partner", "amount", "applied", "unapplied", "currency"]
TRACED = ["order_number", "po_number", "partner", "status", "billing_status", "payment_status"]
STEP = ["who", "what", "order_number", "due", "late"]
MAY_GO = ["billing_status", "payment_status", "order_number", "who", "kind", "invoice_date", "paid", "payment_date"]
MOST_LISTED, MOST_COMMANDS = 10, 3


def trace(name: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Print the life of a document."""
    found, store = looked(site)
    moment = clock_of(now)()
    with store.unit() as work:
        view = _found(work, name, moment, found.settings.zone())
    if as_json:
        output.data(view)
        return 0
    _tables(view)
    order_text.notes(view["documents"])
    if not view["orders"] and not view["documents"]:
        output.line("No order and no document of ours belongs to it.")
    _next(view)
    return 0


def _found(work: UnitOfWork, name: str, now: datetime, zone: tzinfo) -> View:
    """What is called so, or the only file whose name it is a part of."""
    try:
        return tracing.trace(work, name, now, zone)
    except NotFoundError:
        alike = tracing.alike(work, name)
        if len(alike) != 1:
            raise
        output.talk(f"Nothing is called '{name}'; this is {alike[0]}.")
        return tracing.trace(work, alike[0], now, zone)


def _tables(view: View) -> None:
    several = len(view["orders"]) > 1
    steps = [{**each, "late": "late" if each["late"] else ""} for each in view["next_steps"]]
    used = [each for each in STEP if each in ("who", "what") or any(row[each] for row in steps)]
    used = used if several else [each for each in used if each != "order_number"]
    for title, rows, columns in (
        ("orders", view["orders"], TRACED),
        ("story", view["story"], ["at", "who", *(["order_number"] if several else []), "what", "file"]),
        ("invoices and credits", view["bills"], order_text.BILL), ("payments", view["payments"], PAYMENT),
        ("claims", view["claims"], order_text.CLAIM), ("awaited next", steps, used),
    ):  # fmt: skip
        if rows:
            output.line(f"{title}:")
            output.table(rows, columns, indent="  ", may_go=MAY_GO)
            output.line()


def _next(view: View) -> None:
    """What to type next: for what is late or waits, else for the order; of several orders each has its own story."""
    numbers = [each["order_number"] for each in view["orders"]]
    if len(numbers) == 1:
        output.line(f"-> gateway orders show {numbers[0]} shows the order with its lines")
    for number in numbers[:MOST_LISTED] if len(numbers) > 1 else ():
        output.line(f"-> gateway trace {number} tells the story of this order alone")
    if len(numbers) > MOST_LISTED:
        output.line(f"   and so on for {len(numbers) - MOST_LISTED} more orders")
    commands = dict.fromkeys(each["command"] for each in view["next_steps"])
    for command in [each for each in commands if not each.startswith("gateway orders show")][:MOST_COMMANDS]:
        output.suggest(command)
