"""A small house with two customers, three items and two warehouses, worked on through the flows."""

import shutil
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import event

from gateway.app.build import load, workbench
from gateway.app.run import inline_engine
from gateway.canonical.parts import Party
from gateway.flows import interpret, receive
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId
from gateway.store.archive import FileArchive
from gateway.store.unit_of_work import SqlStore
from gateway.transports.claims import ClaimedFile
from gateway.transports.directory_out import DirectoryOutlet
from tests import database as databases

START = datetime(2026, 11, 20, 15, tzinfo=UTC)
SKUS = ("TENT", "STOVE", "LAMP")
PLACES = ("DAL", "RNO")
CUSTOMERS = ("acme", "bolt")
SHIP_TO = Party(name="DC", address1="1 Main St", city="Fort Worth", state="TX", postal_code="76177", country="US")
CASE = 6
"""How many stoves are in a case."""

GATEWAY = """gateway: 1
us: {qualifier: ZZ, id: NORTHWIND, name: Northwind, address1: 2200 Mockingbird Ln, city: Dallas, state: TX, postal_code: "75235", country: US}
time_zone: America/Chicago
currency: USD
labels: {gs1_prefix: "0614141", extension_digit: 0}
second_opinion: {first: 0, sample: 0}
"""
CUSTOMER = """gateway: 1
partner: {name}
name: {title}
x12:
  them: {{qualifier: ZZ, id: {title}}}
  acknowledge: {{functional: {{kind: none}}}}
documents:
  order: {{in: x12/850}}
  order_change: {{in: csv/order-changes}}
  return_request: {{in: csv/returns}}
  acknowledgment: {{out: x12/855, later: {later}, within: 24h}}
  change_acknowledgment: {{out: x12/865}}
  return_answer: {{out: csv/return-answer}}
  shipment: {{out: {shipment}}}
  invoice: {{out: {invoice}, when: {when}}}
terms:
  payment: {{net_days: 30, discount_percent: 2, discount_days: 10}}
  over_ship: {{percent: 10}}
{terms}
"""
FREE = """  partial_shipments: true
  reserve_while_held: 1d
  allowances:
  - {code: A260, percent: 5}
  returns: {restocking_percent: 10}
"""
STRICT = """  stores: order_per_store
  price_tolerance: {outside: accept_ours}
  backorder: always
  transit_days: {default: 2}
  returns: {exchange: at_once, credit: "812"}
  credit: {limit: 3000}
  dunning: {levels: [5, 20]}
"""
WHOLE = """  partial_shipments: false
  change_quantity: difference
  lead_days: 2
"""
HOUSE = {
    "accounting": "kind: accounting\ndocuments:\n  invoice: {out: csv/invoices}\n  payment: {in: csv/payments}\n",
    "warehouse": (
        "kind: warehouse\nserves: [DAL, RNO]\ndocuments:\n  warehouse_order: {out: csv/warehouse-orders}\n"
        "  ship_confirmation: {in: csv/ship-confirmations}\n  stock: {in: csv/stock}\n  goods_receipt: {in: csv/goods-receipts}\n"
    ),
    "erp": (
        "kind: erp\ndocuments:\n  item: {in: csv/items}\n  price: {in: csv/prices}\n  warehouse: {in: csv/warehouses}\n"
        "  location: {in: csv/locations}\n  incoming: {in: csv/incoming}\n  order: {out: json/order}\n"
    ),
    "carrier": "kind: carrier\ndocuments:\n  tracking: {in: csv/tracking}\n  delivery: {in: csv/deliveries}\n",
}
MASTER = {
    "items.csv": (
        "sku,description,uom,pack_uom,pack_quantity,weight,weight_uom,upc,gtin,substitute_sku\n"
        "TENT,Tent,EA,,,5.2,LB,614141000104,,LAMP\n"
        f"STOVE,Stove,EA,CA,{CASE},1.85,LB,614141000319,10614141000316,\nLAMP,Lamp,EA,,,0.95,LB,614141000388,,\n"
    ),
    "prices.csv": (
        "price_list,sku,uom,unit_price,currency,min_quantity\nlist,TENT,EA,89.95,USD,\nlist,STOVE,EA,32.75,USD,\n"
        "list,LAMP,EA,24.99,USD,\nlist,LAMP,EA,22.49,USD,20\n"
    ),
    "warehouses.csv": (
        "warehouse,name,address1,city,state,postal_code,country,cutoff,working_days\n"
        "DAL,Dallas,2200 Mockingbird Ln,Dallas,TX,75235,US,16:00,mon-fri\nRNO,Reno,480 Vista Blvd,Reno,NV,89434,US,15:00,mon-fri\n"
    ),
    "locations.csv": (
        "partner,location_id,name,address1,city,state,postal_code,country\n"
        + "".join(f"{who},{at},Store {at},{at} Main St,Tulsa,OK,74103,US\n" for who in CUSTOMERS for at in (101, 102))
    ),
}  # fmt: skip
VARIANTS = ("shipped", "complete", "delivered", "daily")
"""What differs between the houses: what is agreed with the customers."""


def partners(variant: str) -> dict[str, str]:
    """The partner files of one kind of house."""
    first = {"shipped": FREE, "complete": WHOLE, "delivered": STRICT, "daily": FREE}[variant]
    second = {"shipped": STRICT, "complete": FREE, "delivered": WHOLE, "daily": STRICT}[variant]
    when = {"daily": "daily 18:00"}.get(variant, variant)
    later = {"shipped": '"855"', "daily": '"855"'}.get(variant, "none")
    acme = CUSTOMER.format(
        name="acme", title="ACME", later=later, shipment="x12/856", invoice="x12/810", when=when, terms=first
    )
    bolt = CUSTOMER.format(
        name="bolt", title="BOLT", later="none", shipment="csv/ship-notice", invoice="csv/invoices", when="shipped",
        terms=second,
    )  # fmt: skip
    house = {name: f"gateway: 1\npartner: {name}\nname: {name}\n{text}" for name, text in HOUSE.items()}
    return {"acme": acme, "bolt": bolt, **house}


@cache
def prepared(variant: str, on: str = databases.EVERYWHERE) -> tuple[Workbench, Path]:
    """A house that is set up once: its configuration, read, and its database with the master data."""
    folder = Path(mkdtemp(prefix="machine-"))
    (folder / "gateway.yaml").write_text(GATEWAY)
    (folder / "partners").mkdir()
    for name, text in partners(variant).items():
        (folder / "partners" / f"{name}.yaml").write_text(text)
    databases.place(on, folder, stays=True)
    bench = workbench(load(folder, databases.environ(folder)), lambda: START, {})
    world = World(bench, folder)
    for name, text in MASTER.items():
        world.file("erp", name, text)
    bench.store.engine.dispose()  # type: ignore[attr-defined]
    return bench, folder


@dataclass(slots=True)
class World:
    """One house at work: what the clock says, what happened that should not."""

    bench: Workbench
    folder: Path
    now: datetime = START
    count: int = 0
    taken: list[ReceiptId] = field(default_factory=list)

    def number(self, name: str) -> str:
        """A number that was not used yet."""
        self.count += 1
        return f"{name}{self.count}"

    def later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def file(self, partner: str, name: str, text: str) -> None:
        """A file of a partner is read; whatever it says, it is taken or held, and never fails."""
        claim = ClaimId(uuid.uuid4().hex)
        path = self.bench.work_folder / claim
        path.write_text(text)
        claimed = ClaimedFile(claim, PartnerId(partner), name, path, path.with_suffix(".json"))
        receipt = receive.receive(self.bench, claimed)
        interpret.interpret(self.bench, receipt)
        self.taken.append(receipt)

    def rows(self, partner: str, name: str, *rows: dict[str, Any]) -> None:
        """The same with rows of values; no two files are the same."""
        titles = list(dict.fromkeys(title for row in rows for title in row))
        lines = [",".join([*titles, "nothing"])]
        lines += [
            ",".join([*("" if row.get(title) is None else str(row[title]) for title in titles), ""]) for row in rows
        ]
        self.file(partner, self.number(name) + ".csv", "\n".join(lines) + "\n")

    def drain(self) -> None:
        """Do all that is due; a unit that fails is a defect."""
        engine = inline_engine(self.bench)
        failed = engine.drain()
        errors = [(each.kind, each.key, each.last_error) for each in engine.units() if each.last_error]
        assert (failed, errors) == (0, [])

    def end(self) -> None:
        """Leave nothing behind."""
        self.bench.store.engine.dispose()  # type: ignore[attr-defined]
        shutil.rmtree(self.folder, ignore_errors=True)


def new(variant: str, *, whole: bool = False, on: str = databases.EVERYWHERE) -> World:
    """A house of its own with master data and nothing in stock; ``whole`` when other processes are to open it too.

    ``on`` is the kind of its database.
    """
    bench, origin = prepared(variant, on)
    folder = Path(mkdtemp(prefix="machine-"))
    work = folder / "var" / "work"
    work.mkdir(parents=True)
    if whole:
        shutil.copy(origin / "gateway.yaml", folder)
        shutil.copytree(origin / "partners", folder / "partners")
    url = databases.beside(origin, folder)
    store = SqlStore(url)
    if url.startswith("sqlite"):

        @event.listens_for(store.engine, "connect")
        def fast(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")  # nobody pulls the plug here

    archive = FileArchive(folder / "var" / "archive")
    for each in (origin / "var" / "archive").rglob("*"):
        if each.is_file():
            archive.put(each.read_bytes())
    world = World(bench, folder)
    world.bench = replace(
        bench, store=store, archive=archive, outlet=lambda channel: DirectoryOutlet(folder / channel, work),
        clock=lambda: world.now, work_folder=work,
    )  # fmt: skip
    return world
