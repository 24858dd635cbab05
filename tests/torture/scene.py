"""A house with three customers who order by X12 and by CSV, on one of the databases, and what each of their files must lead to."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.app.build import load, workbench
from gateway.flows.workbench import Workbench
from tests import database
from tests.machine.world import GATEWAY, HOUSE, MASTER, PLACES, SKUS, START
from tests.site.harness import PlayedSite

X12_CUSTOMER = """gateway: 1
partner: {name}
name: {title}
x12:
  them: {{qualifier: ZZ, id: {title}}}
  separators: {separators}
documents:
  order: {{in: x12/850}}
  acknowledgment: {{out: x12/855}}
  shipment: {{out: x12/856}}
  invoice: {{out: x12/810}}
terms:
  payment: {{net_days: 30}}
"""
CSV_CUSTOMER = """gateway: 1
partner: coop
name: Coop
documents:
  order: {in: csv/order}
  shipment: {out: csv/ship-notice}
  invoice: {out: csv/invoices}
"""
SEPARATORS = {
    "acme": ("*", "~", "{after_segment: LF}"),
    "bolt": ("|", "^", "{element: '|', segment: '^', component: ':', repetition: '!'}"),
}
CUSTOMERS = ("acme", "bolt", "coop")
OUTBOXES = (*CUSTOMERS, "warehouse", "accounting")
PLENTY = 1_000_000
PRICES = {"TENT": "89.95", "STOVE": "32.75", "LAMP": "24.99"}


@dataclass(frozen=True, slots=True, order=True)
class Owed:
    """One document that somebody must get exactly once; ``lines`` is how many lines it has."""

    partner: str
    document: str
    about: str
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a customer: its name, its bytes, the orders in it with the number of their lines."""

    partner: str
    name: str
    content: bytes
    orders: tuple[tuple[str, int], ...]
    control: str

    def owes(self) -> Iterator[Owed]:
        """Everything that somebody must get because of this file."""
        if self.partner != "coop":
            yield from (Owed(self.partner, "997", f"{self.control}/{at:04d}") for at in range(1, len(self.orders) + 1))
        kinds = ("order-receipt", "shipment", "invoice") if self.partner == "coop" else ("855", "856", "810")
        for po_number, lines in self.orders:
            yield from (Owed(self.partner, kind, po_number, lines) for kind in kinds)
            yield Owed("warehouse", "warehouse-order", po_number, lines)
            yield Owed("accounting", "invoice", po_number, lines)


class Customer:
    """Writes files of orders, each with a number of its own; ``seed`` makes the same again."""

    def __init__(self, partner: str, seed: int) -> None:
        self.partner = partner
        self._random = random.Random(f"{partner}-{seed}")
        self._count = 0

    def file(self, orders: int = 0) -> Sent:
        """The next file, with so many orders, or one to four."""
        self._count += 1
        count = orders or self._random.randint(1, 4)
        made = [(f"{self.partner}-{self._count}-{at}", self._lines()) for at in range(1, count + 1)]
        content = self._csv(made) if self.partner == "coop" else self._x12(made)
        name = f"{self.partner}-{self._count}.{'csv' if self.partner == 'coop' else 'edi'}"
        return Sent(self.partner, name, content, tuple((po, len(lines)) for po, lines in made), str(self._count))

    def _lines(self) -> list[tuple[str, int]]:
        skus = self._random.sample(SKUS, self._random.randint(1, len(SKUS)))
        return [(sku, self._random.randint(1, 9)) for sku in skus]

    def _csv(self, orders: list[tuple[str, list[tuple[str, int]]]]) -> bytes:
        rows = ["po_number,line,sku,quantity,uom,unit_price,ship_to_name,address1,city,state,postal_code,country"]
        for po_number, lines in orders:
            for at, (sku, quantity) in enumerate(lines, 1):
                place = "Coop 1,1 Main St,Tulsa,OK,74103,US"
                rows.append(f"{po_number},{at},{sku},{quantity},EA,{PRICES[sku]},{place}")
        return ("\n".join(rows) + "\n").encode()

    def _x12(self, orders: list[tuple[str, list[tuple[str, int]]]]) -> bytes:
        element, terminator, _ = SEPARATORS[self.partner]
        them, control = self.partner.upper(), self._count
        segments = [
            f"ISA*00*          *00*          *ZZ*{them:<15}*ZZ*{'NORTHWIND':<15}*261120*0815*U*00401*{control:09d}*0*P*>",
            f"GS*PO*{them}*NORTHWIND*20261120*0815*{control}*X*004010",
        ]
        for at, (po_number, lines) in enumerate(orders, 1):
            inner = [f"BEG*00*SA*{po_number}**20261120", "N1*ST*DC*92*101", "N3*1 Main St", "N4*Tulsa*OK*74103*US"]
            inner += [f"PO1*{n}*{quantity}*EA*{PRICES[sku]}*PE*VP*{sku}" for n, (sku, quantity) in enumerate(lines, 1)]
            inner += [f"CTT*{len(lines)}"]
            segments += [f"ST*850*{at:04d}", *inner, f"SE*{len(inner) + 2}*{at:04d}"]
        segments += [f"GE*{len(orders)}*{control}", f"IEA*1*{control:09d}"]
        return "".join(f"{each}{terminator}\n" for each in segments).replace("*", element).encode()


@dataclass(frozen=True, slots=True)
class Scene:
    """A site in a folder of its own, on a database of its own."""

    site: PlayedSite
    url: str

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.site.folder

    @property
    def is_sqlite(self) -> bool:
        """Whether one process works on it, and not several."""
        return self.url.startswith("sqlite")

    def opened(self) -> Workbench:
        """The site as the program opens it, to look into its database."""
        return workbench(load(self.folder, {}), lambda: START, {})

    def drop(self, partner: str, name: str, content: bytes) -> None:
        """Bring a file as somebody with manners does: whole, in one rename."""
        self.site.drop(partner, name, content)

    def inbox(self) -> list[str]:
        """What nobody has taken yet."""
        return [name for name in self.site.inbox() if not name.startswith(".")]


def make(folder: Path, dialect: str, *, url: str = "", more: dict[str, str] | None = None) -> Scene:
    """A new house with items, prices and plenty of stock; ``url`` is a database of its own, ``more`` other partner files."""
    url = url or (database.fresh(dialect, folder) if dialect == database.POSTGRESQL else "")
    site = PlayedSite(folder / "site")
    (site.folder / "partners").mkdir(parents=True)
    settings = GATEWAY + (f"database: {{url: {json.dumps(url)}}}\n" if url else "")
    (site.folder / "gateway.yaml").write_text(settings)
    files = {
        name: f"gateway: 1\npartner: {name}\nname: {name}\n{text}" for name, text in HOUSE.items() if name != "carrier"
    }
    files["erp"] = files["erp"].replace("  order: {out: json/order}\n", "")
    files["coop"] = CSV_CUSTOMER
    for name in ("acme", "bolt"):
        files[name] = X12_CUSTOMER.format(name=name, title=name.upper(), separators=SEPARATORS[name][2])
    for name, text in {**files, **(more or {})}.items():
        (site.folder / "partners" / f"{name}.yaml").write_text(text)
        for box in ("inbox", "outbox"):
            (site.folder / box / name).mkdir(parents=True)
    for name, text in MASTER.items():
        site.drop("erp", name, text)
    site.run()
    rows = [f"{place},{sku},{PLENTY},{START.isoformat()}" for place in PLACES for sku in SKUS]
    site.drop("warehouse", "stock.csv", "\n".join(["warehouse,sku,on_hand,counted_at", *rows]) + "\n")
    site.run()
    return Scene(site, url or f"sqlite:///{site.folder / 'var' / 'gateway.db'}")
