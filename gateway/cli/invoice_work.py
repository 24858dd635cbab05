"""The work of ``gateway invoices``."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import order_text, output
from gateway.cli.context import opened, site_of
from gateway.cli.work import drain
from gateway.flows.by_hand import correct
from gateway.flows.by_hand.correct import Correction
from gateway.flows.showing import invoice_views, views
from gateway.flows.showing.invoice_views import View
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, UsageError

COLUMNS = [
    "invoice_number",
    "kind",
    "partner",
    "po_numbers",
    "invoice_date",
    "due_date",
    "currency",
    "total",
    "open",
    "state",
]
MAY_GO = ["kind", "invoice_date", "po_numbers", "partner"]
LINE = ["line", "sku", "quantity", "unit_price", "amount", "quantity_left", "amount_left"]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an invoice, numbers as they were typed."""

    number: str
    reason: str
    line: str
    quantity: str
    price: str
    freight: str
    order: str
    who: str
    everything: bool


def list_all(site: Path | None, partner: str, now: str | None, *, open_only: bool, as_json: bool) -> int:
    """Print the invoices and credit memos that fit."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        rows = invoice_views.listed(work, bench.today(None, bench.clock()), partner, open_only=open_only)
    if as_json:
        output.data(rows)
    elif rows:
        columns = [*COLUMNS, *(["rejected"] if any(row["rejected"] for row in rows) else [])]
        output.table([order_text.marked(row) for row in rows], columns, may_go=MAY_GO)
        output.suggest(f"gateway invoices show {rows[-1]['invoice_number']}")
    else:
        output.line("no invoices")
        output.suggest("gateway orders list")
    return 0


def show(number: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Print one whole."""
    bench = opened(site, now)
    with bench.store.unit() as work:
        found = work.invoices.find(number=number)
        if not found:
            raise NotFoundError(f"There is no invoice '{number}'.", next_step="'gateway invoices list' shows all.")
        sent = work.exchange.sent(found[0].partner, number=number)
        view = {
            **invoice_views.shown(work, found[0], bench.today(None, bench.clock())),
            "documents": [views.dispatch_view(each, work.exchange.answers(each.id)) for each in sent],
        }
    if as_json:
        output.data(view)
    else:
        _print(view)
    return 0


def _print(view: View) -> None:
    corrects = f" on {view['credited_invoice']}" if view["credited_invoice"] else ""
    output.line(
        f"{view['kind']} {view['invoice_number']}{corrects} of {view['partner']}, {view['invoice_date']}: "
        f"{view['total']} {view['currency']}, {view['open']} open, due {view['due_date']}, {view['state']}"
    )
    order_text.rejected(view["rejected"])
    for part in view["orders"]:
        output.line()
        output.line(f"{part['order_number']}:")
        output.table(part["lines"], LINE)
        every = [*(one for line in part["lines"] for one in line["adjustments"]), *part["adjustments"]]
        for each in every:
            named = " ".join(filter(None, (each["kind"], each["code"], each["description"])))
            output.line(f"  {named}: {each['amount']}")
        for each in part["taxes"]:
            output.line(f"  tax {each['percent']}% of {each['base']}: {each['amount']}")
        output.line(f"  total {part['total']}")
    if view["credits"]:
        output.line(f"credited with {', '.join(view['credits'])}")
    for each in view["documents"]:
        answer = each.get("answer_state") or each["answer"]
        if answer:
            output.line(f"{each['document']} {each['control_number']}: {answer}")
    order_text.notes(view["documents"], said={each["reason"] for each in view["rejected"]})


def credit(said: Said, site: Path | None, now: str | None) -> int:
    """Issue a credit memo."""
    return _acted(correct.credit, said, site, now)


def rebill(said: Said, site: Path | None, now: str | None) -> int:
    """Credit and bill right."""
    return _acted(correct.rebill, said, site, now)


def _acted(act: Callable[[Workbench, Correction], str], said: Said, site: Path | None, now: str | None) -> int:
    logs.configure(verbose=False)
    what = Correction(
        said.number, said.reason, said.line, _number("--quantity", said.quantity), _number("--price", said.price),
        _number("--freight", said.freight), said.everything, said.order, said.who,
    )  # fmt: skip
    with by_hand(site_of(site)):
        bench = opened(site, now)
        output.line(act(bench, what))
        return drain(bench)


def _number(option: str, text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation as error:
        raise UsageError(f"{option} '{text}' is not a number.", next_step="Write it like 12.50.") from error
    if number is not None and (not number.is_finite() or number < 0):
        raise UsageError(f"{option} '{text}' is not an amount.", next_step="Write it like 12.50, without a sign.")
    return number
