"""The gateway's whole chain in one process, all of it persisted: orders in, answered, picked, shipped, noticed, billed.

Usage: python -m bench.ours.whole_chain FILE

The file is one that ``bench.orders.chain`` wrote. It is dropped into a fresh copy of the demo site; the warehouse ships
everything it is told to pick; every file that leaves is written to its folder.
"""

import csv
import io
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.orders import CHAIN_ITEMS
from gateway.app import collecting, logs
from gateway.app.build import load, workbench
from gateway.app.run import run_once

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
SITE = Path(__file__).parents[2] / "gateway" / "demo" / "site"
WAREHOUSES = (
    "warehouse,name,address1,city,state,postal_code",
    "DAL,Dallas,1 A,DALLAS,TX,75201",
    "RNO,Reno,1 B,RENO,NV,89501",
)
SHIPPED = (
    "shipment_number",
    "order_number",
    "line",
    "sku",
    "quantity",
    "uom",
    "ship_date",
    "carrier_scac",
    "warehouse",
)


def main(file: Path) -> bool:
    """Whether every order left with its invoice."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        site = Path(folder) / "site"
        shutil.copytree(SITE, site)
        _house(site)
        _drop(site, "acme", "orders.edi", file.read_bytes())
        _run(site)
        _drop(site, "warehouse", "shipped.csv", _confirmed(site))
        _run(site)
        orders = file.read_text(encoding="ascii").count("~\nST*850*")
        left = {
            kind: len(list((site / "outbox").glob(f"{kind}"))) for kind in ("accounting/*", "warehouse/*", "acme/*")
        }
    return left == {"accounting/*": orders, "warehouse/*": orders, "acme/*": 1 + 3 * orders}


def _house(site: Path) -> None:
    """Items, prices and more stock than is ordered."""
    items = [f"SKU{number:04},THING {number},EA" for number in range(CHAIN_ITEMS)]
    prices = [f"list,SKU{number:04},EA,{1 + number % 9}.95" for number in range(CHAIN_ITEMS)]
    stock = [f"{place},SKU{number:04},100000000" for number in range(CHAIN_ITEMS) for place in ("DAL", "RNO")]
    _drop(site, "erp", "items.csv", _lines("sku,description,uom", *items))
    _drop(site, "erp", "warehouses.csv", _lines(*WAREHOUSES))
    _drop(site, "erp", "prices.csv", _lines("price_list,sku,uom,unit_price", *prices))
    _run(site)
    _drop(site, "warehouse", "stock.csv", _lines("warehouse,sku,on_hand", *stock))
    _run(site)


def _confirmed(site: Path) -> bytes:
    """What the warehouse says: everything left as it was told."""
    said = io.StringIO()
    rows = csv.DictWriter(said, SHIPPED, extrasaction="ignore")
    rows.writeheader()
    for told in sorted((site / "outbox" / "warehouse").iterdir()):
        with told.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                number = f"{row['warehouse']}-{row['order_number']}"
                rows.writerow({**row, "shipment_number": number, "ship_date": "2026-11-20", "carrier_scac": "UPGN"})
    return said.getvalue().encode()


def _run(site: Path) -> None:
    run_once(workbench(load(site, {}), lambda: NOW, {}))


def _drop(site: Path, inbox: str, name: str, content: bytes) -> None:
    target = site / "inbox" / inbox / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


if __name__ == "__main__":
    collecting.seldom()
    logs.configure(verbose=False)
    sys.exit(not main(Path(sys.argv[1])))
