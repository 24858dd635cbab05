"""A site that is measured: a copy of the demo site with items, stock, synthetic orders, and a warehouse that ships all it is told."""

import csv
import io
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

from gateway.config.settings import SecondOpinion

ITEMS = 200
DAY, MOMENT = "20261120", "2026-11-20T20:00:00+00:00"
WAREHOUSES = ("DAL,Dallas,1 A,DALLAS,TX,75201", "RNO,Reno,1 B,RENO,NV,89501")
SETS = ("997", "855", "856", "810")
CONFIRMED = (
    "shipment_number", "order_number", "line", "sku", "quantity", "uom", "ship_date", "carrier_scac", "warehouse",
)  # fmt: skip
CUSTOMER, ERP, WAREHOUSE, ACCOUNTING = "acme", "erp", "warehouse", "accounting"
CUSTOMERS = (CUSTOMER, "acme2", "acme3", "acme4")
"""Several, since the files of one partner are taken one after the other."""
_SENDER, _OF_CUSTOMER = "ACMESTORES", re.compile(r"(?m)^(partner: acme|.*\bid: ACMESTORES)\b")


def make(site: Path, opinion: SecondOpinion) -> None:
    """A new site in a folder that is not there yet; documents are shown to the second opinion as often as said."""
    with resources.as_file(resources.files("gateway.demo") / "site") as demo:
        shutil.copytree(demo, site)
    with (site / "gateway.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"second_opinion: {{first: {opinion.first}, sample: {opinion.sample}}}\n")
    people(site)


def people(site: Path) -> None:
    """The customers besides the first, and an inbox for everybody; other customers of the demo are not measured."""
    for file in (site / "partners").glob("*.yaml"):
        if file.stem not in (CUSTOMER, ERP, WAREHOUSE, ACCOUNTING):
            file.unlink()
    said = (site / "partners" / f"{CUSTOMER}.yaml").read_text(encoding="utf-8")
    for customer in CUSTOMERS[1:]:
        mark = customer.removeprefix(CUSTOMER)
        own = _OF_CUSTOMER.sub(rf"\g<1>{mark}", said)
        (site / "partners" / f"{customer}.yaml").write_text(own, encoding="utf-8")
    for partner in (*CUSTOMERS, ERP, WAREHOUSE, ACCOUNTING):
        (site / "inbox" / partner).mkdir(parents=True, exist_ok=True)


def sender(customer: str) -> str:
    """The interchange id of a customer."""
    return f"{_SENDER}{customer.removeprefix(CUSTOMER)}"


def master() -> Iterator[tuple[str, str, str]]:
    """The files that fill the house, each with its inbox: items, warehouses and prices, then more stock than is ordered."""
    skus = [f"SKU{number:04}" for number in range(ITEMS)]
    yield ERP, "items.csv", _csv("sku,description,uom", (f"{sku},THING {sku},EA" for sku in skus))
    yield ERP, "warehouses.csv", _csv("warehouse,name,address1,city,state,postal_code", WAREHOUSES)
    yield ERP, "prices.csv", _csv("price_list,sku,uom,unit_price", (f"list,{sku},EA,{_price(sku)}" for sku in skus))
    stock = (f"{each.partition(',')[0]},{sku},100000000" for sku in skus for each in WAREHOUSES)
    yield WAREHOUSE, "stock.csv", _csv("warehouse,sku,on_hand", stock)


def drop(site: Path, inbox: str, name: str, content: str) -> None:
    """Put a file into an inbox as a careful sender does: under another name first."""
    target = site / "inbox" / inbox / name
    part = target.with_name(f".{name}")
    part.write_text(content, encoding="utf-8", newline="")
    part.rename(target)


def orders(control: int, first: int, count: int, lines: int, customer: str = CUSTOMER) -> str:
    """One interchange of valid purchase orders at the prices that are agreed; the same for the same numbers."""
    name = sender(customer)
    source = random.Random(control)  # noqa: S311 - reproducible, not secret
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{name:15}*ZZ*{'NORTHWIND':15}*261120*0815*U*00401*{control:09}*0*P*>",
        f"GS*PO*{name}*NORTHWIND*{DAY}*0815*{control}*X*004010",
    ]
    for number in range(count):
        body = [
            f"BEG*00*SA*PO{first + number:08}**{DAY}", f"DTM*010*{DAY}", "N1*ST*ACME DC 3*92*0003", "N3*1400 COMMERCE PARK",
            "N4*FORT WORTH*TX*76177*US", *(_line(source, line) for line in range(1, lines + 1)), f"CTT*{lines}",
        ]  # fmt: skip
        segments += [f"ST*850*{number + 1:04}", *body, f"SE*{len(body) + 2}*{number + 1:04}"]
    segments += [f"GE*{count}*{control}", f"IEA*1*{control:09}"]
    return "".join(f"{each}~\n" for each in segments)


def confirmation(site: Path) -> str:
    """What the warehouse says: everything it was told left as it was told. Its pick lists are taken away, as it does."""
    said = io.StringIO()
    rows = csv.DictWriter(said, CONFIRMED, extrasaction="ignore", lineterminator="\n")
    rows.writeheader()
    for row in taken(site, WAREHOUSE):
        number = f"{row['warehouse']}-{row['order_number']}"
        rows.writerow({**row, "shipment_number": number, "ship_date": "2026-11-20", "carrier_scac": "UPGN"})
    return said.getvalue()


def told(site: Path) -> set[str]:
    """The orders that the warehouse was told of and has not confirmed."""
    found: set[str] = set()
    for file in (site / "outbox" / WAREHOUSE).glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            found.update(row["order_number"] for row in csv.DictReader(source))
    return found


def taken(site: Path, partner: str) -> list[Mapping[str, str]]:
    """The rows of all CSV files for a partner, which are removed: they were taken."""
    found: list[Mapping[str, str]] = []
    for file in sorted((site / "outbox" / partner).glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as source:
            found += csv.DictReader(source)
        file.unlink()
    return found


def sets(site: Path, known: dict[Path, Counter[str]] | None = None) -> Mapping[str, int]:
    """How many transaction sets of each kind lie in the folders of the customers; a file that is ``known`` is not read again."""
    counted = known if known is not None else {}
    for customer in CUSTOMERS:
        for file in (site / "outbox" / customer).glob("*.edi"):
            if file not in counted:
                content = file.read_bytes()
                counted[file] = Counter({name: content.count(b"ST*%s*" % name.encode()) for name in SETS})
    return {name: sum(each[name] for each in counted.values()) for name in SETS}


def _line(source: random.Random, number: int) -> str:
    sku = f"SKU{source.randrange(ITEMS):04}"
    return f"PO1*{number}*{source.randint(1, 20)}*EA*{_price(sku)}*PE*VP*{sku}"


def _price(sku: str) -> str:
    return f"{1 + int(sku.removeprefix('SKU')) % 9}.95"


def _csv(titles: str, rows: Iterable[str]) -> str:
    return "".join(f"{each}\n" for each in (titles, *rows))
