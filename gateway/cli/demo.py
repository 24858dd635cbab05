"""The demo: a copy of a site lives through two days, and the story is told from what stands in its folders."""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from gateway.app import demo_sftp, logs
from gateway.app.build import load, workbench
from gateway.app.demo_sftp import Acme, ByFolder
from gateway.app.run import run_once, site_lock
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.cli.moment import clock_of
from gateway.flows.showing import rows as listed
from gateway.flows.showing import views
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.orders.ledger import OrderQuery
from gateway.orders.shipping.sscc import sscc

PLAYERS = ("acme", "warehouse", "accounting", "erp")
COPIED = ("gateway.yaml", "partners", "mappings")
MASTER = ("items", "item-ids", "warehouses", "prices")
ORDERS = ("acme-orders-1.edi", "acme-orders-2.edi")
FRIDAY, MONDAY = "2026-11-20T20:00:00Z", "2026-11-23T16:00:00Z"
SHIP_DATE = "2026-11-23"
WAREHOUSE_PREFIX = "0860001"
ANSWERS = ("TA1", "997")
SHOWN = ("TA1", "997", "855", "warehouse_order", "856", "810", "invoice")


def demo(site: Path | None, keep: Path | None) -> int:
    """Play the demo in a copy of the site and print the story; the copy is kept and its place printed."""
    logs.configure(verbose=False)
    origin = _origin(site)
    folder = _folder(keep)
    _copy(origin, folder)
    with site_lock(folder), demo_sftp.served(folder, dict(os.environ)) as acme:
        _day_one(folder, acme)
        bench = _day_two(folder)
        if isinstance(acme, Acme):
            output.line(f"         ACME fetched {len(acme.fetched())} files over SFTP.")
        _story(bench, folder)
        _way(folder, acme)
    return 0


def _origin(site: Path | None) -> Path:
    """The site named or stood in, if the players of the demo are its partners; else the one that comes with us."""
    try:
        found = site_of(site)
    except NotFoundError:
        if site is not None:
            raise
    else:
        if all((found / "partners" / f"{name}.yaml").is_file() for name in PLAYERS):
            return found
    return Path(str(resources.files("gateway.demo") / "site"))


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="gateway-demo-"))
    if keep.exists() and any(keep.iterdir()):
        raise UsageError(f"{keep} is not empty.", next_step="Name a new folder; the demo overwrites nothing.")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


def _copy(origin: Path, folder: Path) -> None:
    for name in COPIED:
        source = origin / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, folder / name)


def _bench(folder: Path, moment: str) -> Workbench:
    environ = dict(os.environ)
    bench = workbench(load(folder, environ), clock_of(moment), environ)
    for partner in bench.site.partners.values():
        for each in partner.folders():
            (folder / each.path).mkdir(parents=True, exist_ok=True)
    return bench


def _drop(folder: Path, name: str, inbox: str) -> None:
    """Put a file into an inbox as a careful sender does: under another name first."""
    content = _content(name)
    target = folder / "inbox" / inbox / name
    part = target.with_name(name + ".part")
    part.write_bytes(content)
    part.rename(target)


def _content(name: str) -> bytes:
    return resources.files("gateway.demo").joinpath(name).read_bytes()


def _day_one(folder: Path, acme: Acme | ByFolder) -> None:
    bench = _bench(folder, FRIDAY)
    for name in MASTER:
        _drop(folder, f"{name}.csv", "erp")
    run_once(bench)
    _drop(folder, "stock.csv", "warehouse")
    run_once(bench)
    output.line("Friday   the ERP sent items, prices and warehouses; the warehouse sent its stock count.")
    for name in ORDERS:
        if isinstance(acme, Acme):
            acme.put(name, _content(name))
        else:
            _drop(folder, name, "acme")
    run_once(bench)
    how = f" over SFTP, port {acme.port}" if isinstance(acme, Acme) else ""
    output.line(f"         ACME dropped two files of purchase orders{how}; 997s, 855s and pick lists went out.")


def _day_two(folder: Path) -> Workbench:
    bench = _bench(folder, MONDAY)
    confirmations = _play_warehouse(folder)
    run_once(bench)
    output.line(f"Monday   the warehouse confirmed {confirmations} shipments; 856s, 810s and invoice files went out.")
    return bench


def _play_warehouse(folder: Path) -> int:
    """What a 3PL does: read each pick list, pack it, and drop a confirmation; it sees only files."""
    done = 0
    cartons = iter(range(1, 10_000))
    for pick_list in sorted((folder / "outbox" / "warehouse").glob("*.csv")):
        with pick_list.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        shipment = f"{rows[0]['warehouse']}-{rows[0]['order_number']}"
        target = folder / "inbox" / "warehouse" / f"confirmation-{shipment}.csv"
        part = target.with_name(target.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(_row(shipment, rows[0], "")))
            writer.writeheader()
            writer.writerows(_confirmed(shipment, rows, cartons))
        part.rename(target)
        done += 1
    return done


def _confirmed(shipment: str, rows: list[dict[str, str]], cartons: Iterator[int]) -> Iterator[dict[str, str]]:
    """One carton per line with the warehouse's own labels; a single line is left for the gateway to label."""
    for row in rows:
        label = sscc(WAREHOUSE_PREFIX, "1", next(cartons)) if len(rows) > 1 else ""
        yield _row(shipment, row, label)


def _row(shipment: str, row: dict[str, str], label: str) -> dict[str, str]:
    return {
        "shipment_number": shipment, "order_number": row["order_number"], "line": row["line"], "sku": row["sku"],
        "quantity": row["quantity"], "uom": row["uom"], "ship_date": SHIP_DATE, "sscc": label,
        "carrier_scac": row["carrier_scac"] or "UPGN", "bol": f"BOL{row['order_number'].removeprefix('SO-')}",
        "warehouse": row["warehouse"],
    }  # fmt: skip


def _story(bench: Workbench, folder: Path) -> None:
    with bench.store.unit() as work:
        today = bench.today(None, bench.clock())
        orders = [views.order_view(bench, work, order, today) for order in work.orders.find(OrderQuery())]
        holds = listed.holds(work)
        answers = [
            views.dispatch_view(each, work.exchange.answers(each.id))
            for each in work.exchange.dispatches()
            if each.document in ANSWERS
        ]
    output.line()
    columns = ["po_number", "came_in", "order", "status", "lines", "shipped", "sent"]
    output.table([_summary(order) for order in orders], columns)
    output.line()
    for order in orders:
        output.line(f"PO {order['po_number']} ({order['order_number']}): {order['status']}")
        _paths(order["documents"])
    output.line()
    output.line("Answered to ACME's files (a 997 names each faulty segment and element):")
    _paths(answers)
    output.line()
    output.line("Waiting for somebody:" if holds else "Nothing waits.")
    for hold in holds:
        about = f"PO {hold['po_number']}" if hold["po_number"] else hold["file"] or ""
        output.line(f"  {hold['code']:<10} {about}: {hold['reason']}")
        output.line(f"  {'':<10} -> {hold['next_step']}")
    output.line()
    output.line(f"Everything is in {folder}; look around with: gateway orders list --site {folder}")


def _way(folder: Path, acme: Acme | ByFolder) -> None:
    """How ACME's files came and went, and how a person does the same."""
    if isinstance(acme, Acme):
        output.line(f"While 'gateway run --site {folder}' runs, ACME logs in with: {acme.command()}")
    else:
        output.line(acme.why)


def _summary(order: dict[str, Any]) -> dict[str, str]:
    codes = [f"{line['number']} {'+'.join(line['codes'])}" for line in order["lines"]]
    shipped = [f"{line['shipped']}/{line['ordered']}" for line in order["lines"]]
    sent = sorted({document["document"] for document in order["documents"]}, key=_rank)
    return {
        "po_number": order["po_number"],
        "came_in": order["events"][0]["who"].removeprefix("file "), "order": order["order_number"], "status": order["status"],
        "lines": "  ".join(codes), "shipped": " ".join(shipped), "sent": " ".join(sent),
    }  # fmt: skip


def _paths(documents: Iterable[dict[str, Any]]) -> None:
    for document in sorted(documents, key=lambda each: _rank(each["document"])):
        output.line(f"  {document['document']:<16}{document['path']}")


def _rank(document: str) -> int:
    return SHOWN.index(document) if document in SHOWN else len(SHOWN)
