"""What those around the gateway do in the demo: they read the files that lie there for them, and bring their own.

A deed is done at a stage and says how many it was that it brought or did, for the sentence of its step.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from gateway.app.demo.stage import Stage, content
from gateway.flows import advance, auditing
from gateway.flows.taking import returns_in
from gateway.flows.taking.returns_in import Received
from gateway.orders.shipping.sscc import sscc

Deed = Callable[[Stage], int]
WAREHOUSE_PREFIX = "0860001"
INSPECTOR = "Lou at the dock"


def brings(partner: str, *names: str) -> Deed:
    """A partner drops files of the demo."""

    def deed(stage: Stage) -> int:
        for name in names:
            stage.bring(partner, name, content(name))
        return len(names)

    return deed


def ships(stage: Stage) -> int:
    """The warehouse packs each pick list that it has not packed yet, and says so; it sees only files."""
    new = [each for each in stage.outbox("warehouse", "*.csv") if each.name not in stage.packed]
    for path in new:
        rows = _read(path)
        pallet = f"{rows[0]['warehouse']}-{rows[0]['order_number']}"
        again = sum(name.startswith(f"{pallet} ") for name in stage.packed.values())
        stage.packed[path.name] = f"{pallet} packed"
        shipment = f"{pallet}-{again + 1}" if again else pallet
        stage.bring("warehouse", f"confirmation-{shipment}.csv", _written(_confirmed(stage, shipment, rows)))
    return len(new)


def pays(partner: str, po_number: str) -> Deed:
    """The bank says that a customer paid all invoices of an order; accounting knows their numbers from our files."""

    def deed(stage: Stage) -> int:
        rows = [row for path in stage.outbox("accounting", "*.csv") for row in _read(path)]
        owed = {row["invoice_number"]: Decimal(row["total"]) for row in rows if row["po_number"] == po_number}
        paid = {
            "payment_number": "BK-1201", "payment_date": _today(stage), "partner": partner,
            "amount": str(sum(owed.values())),
        }  # fmt: skip
        each = [{**paid, "invoice_number": number, "paid": str(total)} for number, total in owed.items()]
        stage.bring("accounting", "bank.csv", _written(each))
        return len(owed)

    return deed


def takes_back(line: str, quantity: str) -> Deed:
    """Somebody of ours looks at what came back of the first return, and says that it may be sold again."""

    def deed(stage: Stage) -> int:
        bench, rma = stage.bench, "RMA-1"
        with bench.store.unit() as work:
            what = Received(rma, line, Decimal(quantity), "restock", who=INSPECTOR)
            after = returns_in.receive(bench, work, what, advance.Step(now=bench.clock(), who=INSPECTOR))
            more = {"line": line, "quantity": quantity, "disposition": "restock"}
            auditing.deed(bench, work, INSPECTOR, "return.receive", rma, partner=after.partner, **more)
            work.commit()
        return int(quantity)

    return deed


def _confirmed(stage: Stage, shipment: str, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """One carton per line with the warehouse's own labels; a single line is left for the gateway to label."""
    return [
        {
            "shipment_number": shipment, "order_number": row["order_number"], "line": row["line"], "sku": row["sku"],
            "quantity": row["quantity"], "uom": row["uom"], "ship_date": _today(stage),
            "sscc": sscc(WAREHOUSE_PREFIX, "1", next(stage.cartons)) if len(rows) > 1 else "",
            "carrier_scac": row["carrier_scac"] or "UPGN", "bol": f"BOL{row['order_number'].removeprefix('SO-')}",
            "warehouse": row["warehouse"],
        }
        for row in rows
    ]  # fmt: skip


def _today(stage: Stage) -> str:
    return stage.bench.clock().date().isoformat()


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _written(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
