"""A copy of the demo site that is measured: its house filled, its orders dropped, its warehouse played, its leaving counted."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.orders import CHAIN_ITEMS

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
DEMO = Path(__file__).parents[2] / "gateway" / "demo" / "site"
UNASKED = "second_opinion: {first: 0, sample: 0}\n"
WAREHOUSES = (
    "warehouse,name,address1,city,state,postal_code",
    "DAL,Dallas,1 A,DALLAS,TX,75201",
    "RNO,Reno,1 B,RENO,NV,89501",
)
SHIPPED = (
    "shipment_number", "order_number", "line", "sku", "quantity", "uom", "ship_date", "carrier_scac", "warehouse",
)  # fmt: skip
OUT = re.compile(r"\{out: ([a-z0-9/-]+)\}")


def make(site: Path, *, bundled: bool = True, asked: bool = False, url: str = "") -> Path:
    """A new site; ``bundled`` sends what is owed to a partner together, ``asked`` shows documents to pyx12 as by default."""
    shutil.copytree(DEMO, site)
    with (site / "gateway.yaml").open("a", encoding="utf-8") as settings:
        settings.write("" if asked else UNASKED)
        settings.write(f"database: {{url: '{url}'}}\n" if url else "")
    for partner in (site / "partners").glob("*.yaml") if bundled else ():
        text = partner.read_text(encoding="utf-8")
        partner.write_text(OUT.sub(r"{out: \1, batch: run}", text), encoding="utf-8")
    return site


def master() -> Iterator[tuple[str, str, bytes]]:
    """The files that fill the house, in their order: items, warehouses and prices, then more stock than is ordered."""
    numbers = range(CHAIN_ITEMS)
    items = [f"SKU{number:04},THING {number},EA" for number in numbers]
    prices = [f"list,SKU{number:04},EA,{1 + number % 9}.95" for number in numbers]
    stock = [f"{place},SKU{number:04},100000000" for number in numbers for place in ("DAL", "RNO")]
    yield "erp", "items.csv", _lines("sku,description,uom", *items)
    yield "erp", "warehouses.csv", _lines(*WAREHOUSES)
    yield "erp", "prices.csv", _lines("price_list,sku,uom,unit_price", *prices)
    yield "warehouse", "stock.csv", _lines("warehouse,sku,on_hand", *stock)


def drop(site: Path, inbox: str, name: str, content: bytes) -> None:
    """Put a file into an inbox as a careful sender does: under another name first."""
    target = site / "inbox" / inbox / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{name}")
    part.write_bytes(content)
    part.rename(target)


def drop_orders(site: Path, source: Path, run: int) -> int:
    """Drop the files of a folder; ``run`` is in their numbers, so that those of another run are others. Returns how many orders."""
    orders = 0
    for file in sorted(source.iterdir()):
        content = file.read_bytes()
        control = 1 + run * 100_000 + int(file.stem.rpartition("-")[2])
        content = re.sub(rb"(?<=\*U\*00401\*)\d{9}|(?<=~\nIEA\*1\*)\d{9}", b"%09d" % control, content)
        orders += content.count(b"~\nST*850*")
        drop(site, "acme", f"{run}-{file.name}", content.replace(b"BEG*00*SA*PO", b"BEG*00*SA*P%d-" % run))
    return orders


def drop_confirmation(site: Path, name: str) -> int:
    """What the warehouse says: everything it was told and has not confirmed left as it was told. Returns how many orders."""
    said = io.StringIO()
    rows = csv.DictWriter(said, SHIPPED, extrasaction="ignore")
    rows.writeheader()
    orders = set()
    for row in _told(site):
        number = f"{row['warehouse']}-{row['order_number']}"
        orders.add(number)
        rows.writerow({**row, "shipment_number": number, "ship_date": "2026-11-20", "carrier_scac": "UPGN"})
    drop(site, "warehouse", f"{name}.csv", said.getvalue().encode())
    return len(orders)


def _told(site: Path) -> Iterator[dict[str, str]]:
    """The rows of the pick lists; each is taken away when it was read, as a warehouse does."""
    for told in sorted((site / "outbox" / "warehouse").glob("*.csv")):
        with told.open(encoding="utf-8", newline="") as source:
            yield from csv.DictReader(source)
        told.unlink()


def left(site: Path) -> dict[str, int]:
    """How many documents lie in the outboxes: sets for the customer, orders for the warehouse, invoices for accounting."""
    sent = [each.read_bytes() for each in (site / "outbox" / "acme").glob("*.edi")]
    counts = {
        name: sum(each.count(b"~\nST*%s*" % name.encode()) for each in sent) for name in ("997", "855", "856", "810")
    }
    return {**counts, "picks": _distinct(site / "outbox" / "warehouse", "order_number"),
            "invoices": _distinct(site / "outbox" / "accounting", "invoice_number")}  # fmt: skip


def _distinct(folder: Path, column: str) -> int:
    found: set[str] = set()
    for each in folder.glob("*.csv"):
        with each.open(encoding="utf-8", newline="") as source:
            found.update(row[column] for row in csv.DictReader(source))
    return len(found)


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
