"""A copy of the demo site that is measured: the house of `gateway bench`, with orders from a folder and its leaving counted."""

import csv
import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gateway.app.speed import house

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "gateway" / "demo" / "site"
UNASKED = "second_opinion: {first: 0, sample: 0}\n"
OUT = re.compile(r"\{out: ([a-z0-9/-]+)\}")
CONTROL = re.compile(rb"(?<=\*U\*00401\*)\d{9}|(?<=~\nIEA\*1\*)\d{9}")


def make(site: Path, *, bundled: bool = True, asked: bool = False, url: str = "") -> Path:
    """A new site; ``bundled`` sends what is owed to a partner together, ``asked`` shows documents to pyx12 as by default."""
    shutil.copytree(DEMO, site)
    house.people(site)
    with (site / "gateway.yaml").open("a", encoding="utf-8") as settings:
        settings.write("" if asked else UNASKED)
        settings.write(f"database: {{url: '{url}'}}\n" if url else "")
    for partner in (site / "partners").glob("*.yaml") if bundled else ():
        text = partner.read_text(encoding="utf-8")
        partner.write_text(OUT.sub(r"{out: \1, batch: run}", text), encoding="utf-8")
    return site


def drop_orders(site: Path, source: Path, run: int, customers: Sequence[str] = (house.CUSTOMER,)) -> int:
    """Drop the files of a folder, shared out to customers. Returns how many orders.

    ``run`` is in their numbers, so that those of another run are others.
    """
    orders = 0
    for at, file in enumerate(sorted(source.iterdir())):
        customer = customers[at % len(customers)]
        name = house.sender(customer).encode()
        content = file.read_bytes()
        control = 1 + run * 100_000 + int(file.stem.rpartition("-")[2])
        content = CONTROL.sub(b"%09d" % control, content)
        content = content.replace(b"%-15s" % house.sender(house.CUSTOMER).encode(), b"%-15s" % name, 1)
        content = content.replace(b"GS*PO*%s*" % house.sender(house.CUSTOMER).encode(), b"GS*PO*%s*" % name, 1)
        orders += content.count(b"~\nST*850*")
        house.drop(
            site,
            customer,
            f"{run}-{file.name}",
            content.replace(b"BEG*00*SA*PO", b"BEG*00*SA*P%d-" % run).decode(),
        )
    return orders


def drop_confirmation(site: Path, name: str) -> int:
    """What the warehouse says: everything it was told left as it was told. Returns how many orders."""
    content = house.confirmation(site)
    house.drop(site, house.WAREHOUSE, f"{name}.csv", content)
    return len({row["order_number"] for row in csv.DictReader(content.splitlines())})


def left(site: Path) -> dict[str, int]:
    """How many documents lie in the outboxes: sets for the customer, orders for the warehouse, invoices for accounting."""
    outbox = site / "outbox"
    return {
        **house.sets(site), "picks": _distinct(outbox / house.WAREHOUSE, "order_number"),
        "invoices": _distinct(outbox / house.ACCOUNTING, "invoice_number"),
    }  # fmt: skip


def _distinct(folder: Path, column: str) -> int:
    found: set[str] = set()
    for each in folder.glob("*.csv"):
        with each.open(encoding="utf-8", newline="") as source:
            found.update(row[column] for row in csv.DictReader(source))
    return len(found)
