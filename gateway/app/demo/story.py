"""What came of the demo, read from the site that it left: the orders, and the files that are worth a look."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from gateway.app.demo.script import LOOKS, Look
from gateway.app.demo.stage import Stage
from gateway.exchange.receipt import FileHold
from gateway.flows.showing import views
from gateway.orders.ledger import OrderQuery

SHOWN = {
    "acknowledgment": "answer", "order_receipt": "receipt", "shipment": "notice", "return_answer": "180",
}  # fmt: skip
"""What a customer gets of an order, as people call it; the table fits a terminal of 80 columns."""
FORMATS = {"edi": "X12", "csv": "CSV", "xml": "UBL"}


def orders(stage: Stage) -> list[dict[str, str]]:
    """One row for each order: whose it is, how it came, what was special, how it stands, and what went back."""
    bench = stage.bench
    with bench.store.unit() as work:
        found = work.orders.find(OrderQuery())
        seen = [views.order_view(bench, work, order, bench.today(None, bench.clock())) for order in found]
        refused = [each for each in work.exchange.holds() if each.code in ("X-REJECTED", "X-STRUCTURE")]
    return [*(_row(order) for order in seen), *(_refused(each) for each in refused)]


def looks(stage: Stage) -> list[tuple[str, str]]:
    """Of each file that is worth a look the path and why; one that is not there is left out."""
    return [(path, look.says) for look in LOOKS for path in _paths(stage, look)]


def _paths(stage: Stage, look: Look) -> list[str]:
    return [str(path.relative_to(stage.folder)) for path in sorted(stage.folder.glob(look.path))][:1]


def _row(order: dict[str, Any]) -> dict[str, str]:
    file = str(order["events"][0]["who"]).removeprefix("file ")
    to_customer = (each for each in order["documents"] if each["partner"] == order["partner"])
    sent = Counter(SHOWN.get(each["document"], each["document"]) for each in to_customer)
    return {
        "partner": order["partner"], "order": order["po_number"], "form": FORMATS.get(file.rpartition(".")[2], file),
        "status": order["status"], "special": ", ".join(_special(order)) or "-",
        "went_back": ", ".join(f"{times}x{name}" if times > 1 else name for name, times in sent.items()),
    }  # fmt: skip


def _refused(hold: FileHold) -> dict[str, str]:
    """A set that was rejected: no order came of it."""
    return {
        "partner": str(hold.partner), "order": f"set {hold.reference}", "form": "X12", "status": "rejected",
        "special": "breaks X12", "went_back": "997",
    }  # fmt: skip


def _special(order: dict[str, Any]) -> Iterator[str]:
    for hold in order["holds"]:
        yield f"held: {hold['code']}"
    for line in order["lines"]:
        if "backordered" in line["codes"]:
            yield "backorder" + (" came" if line["shipped"] == line["ordered"] else "")
        if "invalid_item" in line["codes"]:
            yield "unknown item"
    for each in order["returns"]:
        yield f"{each['rma']} credited" if each["state"] == "closed" else each["rma"]
