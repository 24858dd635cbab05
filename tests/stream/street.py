"""A site with eight customers of every kind, on folders, on its own SFTP server and on a real one, and what each of them orders."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.sshd import Sshd, new_key

SKUS = {"TENT": "89.95", "STOVE": "32.75", "LAMP": "24.99"}
PLENTY = 1_000_000
X12, CSV, XML = "x12", "csv", "xml"
KINDS = {
    "acme": X12, "bolt": X12, "cira": X12, "gabi": X12, "coop": CSV, "dora": CSV, "emil": XML, "faye": XML,
}  # fmt: skip
"""What each customer speaks."""
ON_THEIR_SERVER = ("cira", "faye")
ON_OUR_SERVER = ("bolt",)
HOUSE = ("warehouse", "accounting")
_SETTINGS = """gateway: 1
us: {{qualifier: ZZ, id: NORTHWIND, name: Northwind, address1: 2200 Mockingbird Ln, city: Dallas, state: TX, postal_code: "75235", country: US}}
time_zone: America/Chicago
currency: USD
labels: {{gs1_prefix: "0614141", extension_digit: 0}}
second_opinion: {{first: 0, sample: 0}}
run: {{disk_reserve: 1MB}}
sftp_server: {{listen: "127.0.0.1:{port}", rate: 9000/m, sessions: 40}}
{more}"""
_X12_DOCUMENTS = """documents:
  order: {{in: x12/850}}
  acknowledgment: {{out: x12/855{ack}}}
  shipment: {{out: x12/856{ship}}}
  invoice: {{out: x12/810{bill}}}
terms: {{payment: {{net_days: 30}}}}
"""
_PLAIN_DOCUMENTS = """documents:
  order: {{in: {order}}}
  shipment: {{out: csv/ship-notice}}
  invoice: {{out: csv/invoices}}
"""
SEPARATORS = {"bolt": ("|", "^"), "gabi": ("*", "\n")}
_SEPARATORS = {
    "bolt": "  separators: {element: '|', segment: '^', component: ':', repetition: '!'}\n",
    "cira": "  separators: {after_segment: CRLF}\n",
}
_READY = {"coop": "ready: [rename, content, stable 2s]", "dora": 'ready: [rename, content, "marker {name}.done"]'}
_INSIDE = {
    "erp": "kind: erp\ndocuments:\n  item: {in: csv/items}\n  price: {in: csv/prices}\n  warehouse: {in: csv/warehouses}\n  location: {in: csv/locations}\n",
    "warehouse": "kind: warehouse\nserves: [DAL]\ndocuments:\n  warehouse_order: {out: csv/warehouse-orders}\n  ship_confirmation: {in: csv/ship-confirmations}\n  stock: {in: csv/stock}\n",
    "accounting": "kind: accounting\ndocuments:\n  invoice: {out: csv/invoices}\n",
}
MASTER = {
    "items.csv": "sku,description,uom,upc\n" + "".join(f"{sku},{sku.title()},EA,\n" for sku in SKUS),
    "prices.csv": "price_list,sku,uom,unit_price,currency\n" + "".join(f"list,{k},EA,{v},USD\n" for k, v in SKUS.items()),
    "warehouses.csv": "warehouse,name,address1,city,state,postal_code,country\nDAL,Dallas,2200 Mockingbird Ln,Dallas,TX,75235,US\n",
    "locations.csv": "partner,location_id,name,address1,city,state,postal_code,country\n"
    + "".join(f"{who},101,Store 101,1 Main St,Tulsa,OK,74103,US\n" for who in KINDS),
}  # fmt: skip


def partner_file(name: str, sshd: Sshd, key: Path) -> str:
    """The partner file of a customer."""
    said = [f"gateway: 1\npartner: {name}\nname: {name.title()}\n"]
    if KINDS[name] == X12:
        said.append(f"x12:\n  them: {{qualifier: ZZ, id: {name.upper()}}}\n{_SEPARATORS.get(name, '')}")
        each = ", expect_997: 4h" if name == "acme" else ""
        run = ", batch: run" if name == "gabi" else ""
        said.append(_X12_DOCUMENTS.format(ack=each + run, ship=each, bill=each + run))
    else:
        order = "csv/order" if KINDS[name] == CSV else "xml/ubl-order"
        said.append(_PLAIN_DOCUMENTS.format(order=order))
    if name in ON_OUR_SERVER:
        said.append(f"sftp: {{keys: ['{key.with_name(f'{key.name}.pub').read_text().strip()}']}}\n")
    said.append(_channels(name, sshd))
    return "".join(said)


def _channels(name: str, sshd: Sshd) -> str:
    if name in ON_THEIR_SERVER:
        login = (
            f"kind: sftp, host: 127.0.0.1, port: {sshd.port}, user: {sshd.user}, key: {{file: {sshd.client_key}}}, "
            f"host_key: {sshd.host_key_line}, timeout: 5s"
        )
        after = "move done/" if name == "faye" else "delete"
        base, retry = sshd.files / name, "retry: {first: 1s, factor: 1.5, max: 5s, give_up: 3d}"
        text = f"  in:\n    - {{{login}, path: {base}/out, every: 30s, after: {after}}}\n"
        text += f"  out:\n    - {{{login}, path: {base}/in, {retry}}}\n"
    else:
        ready = _READY.get(name, "ready: [rename, content]")
        text = f"  in:\n    - {{path: inbox/{name}, {ready}}}\n  out:\n    - {{path: outbox/{name}}}\n"
    receipts = "  receipts: {for: [csv, xml], format: xml}\n" if KINDS[name] == XML else ""
    return f"channels:\n{text}{receipts}"


@dataclass(frozen=True, slots=True)
class Street:
    """The site, the server of those who have their own, the port of ours, and the key of who logs in there."""

    folder: Path
    sshd: Sshd
    port: int
    key: Path

    def incoming(self, name: str) -> Path:
        """Where a customer brings its files, where that is a folder that we see."""
        return self.sshd.files / name / "out" if name in ON_THEIR_SERVER else self.folder / "inbox" / name

    def outgoing(self, name: str) -> Path:
        """Where somebody finds what is for it."""
        return self.sshd.files / name / "in" if name in ON_THEIR_SERVER else self.folder / "outbox" / name


def make(folder: Path, sshd: Sshd, port: int, *, database: str = "") -> Street:
    """The site without master data."""
    street = Street(folder, sshd, port, new_key(folder.parent / "keys" / "bolt"))
    (folder / "partners").mkdir(parents=True)
    more = f"database: {{url: {json.dumps(database)}}}\n" if database else ""
    (folder / "gateway.yaml").write_text(_SETTINGS.format(port=port, more=more))
    for name in KINDS:
        (folder / "partners" / f"{name}.yaml").write_text(partner_file(name, sshd, street.key))
    for name, text in _INSIDE.items():
        (folder / "partners" / f"{name}.yaml").write_text(f"gateway: 1\npartner: {name}\nname: {name}\n{text}")
    for name in (*KINDS, *_INSIDE):
        street.incoming(name).mkdir(parents=True, exist_ok=True)
        street.outgoing(name).mkdir(parents=True, exist_ok=True)
    return street


@dataclass(frozen=True, slots=True)
class Ordered:
    """One purchase order: how much of what, by line."""

    partner: str
    po_number: str
    lines: tuple[tuple[str, int], ...]
    control: str = ""
    """The group and the set in which it was sent, of X12."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a customer."""

    partner: str
    name: str
    content: bytes
    orders: tuple[Ordered, ...]


class Customer:
    """Writes the files of a customer, no two alike."""

    def __init__(self, name: str, seed: int) -> None:
        self.name = name
        self._random = random.Random(f"{name} {seed}")
        self._files = 0
        self.control = 0

    def files(self, most: int) -> Iterator[Sent]:
        """So many files, one after the other."""
        for _ in range(most):
            yield self.file()

    def file(self) -> Sent:
        """The next file."""
        self._files += 1
        most = {CSV: 4, XML: 1}.get(KINDS[self.name], 12 if self.name == "gabi" else 3)
        orders = [self._order(at) for at in range(1, self._random.randint(1, most) + 1)]
        name = f"{self.name}-{self._files:05d}"
        match KINDS[self.name]:
            case "x12":
                self.control += 1
                orders = [
                    Ordered(each.partner, each.po_number, each.lines, f"{self.control}/{at:04d}")
                    for at, each in enumerate(orders, 1)
                ]
                bodies = [("850", list(_sets(each))) for each in orders]
                return Sent(self.name, f"{name}.edi", interchange(self.name, self.control, "PO", bodies), tuple(orders))
            case "csv":
                return Sent(self.name, f"{name}.csv", _csv(orders), tuple(orders))
            case _:
                return Sent(self.name, f"{name}.xml", _ubl(orders[0]), tuple(orders))

    def _order(self, at: int) -> Ordered:
        skus = self._random.sample(list(SKUS), self._random.randint(1, len(SKUS)))
        lines = tuple((sku, self._random.randint(1, 9)) for sku in skus)
        return Ordered(self.name, f"{self.name.upper()}-{self._files}-{at}", lines)


def interchange(name: str, control: int, functional: str, sets: list[tuple[str, list[str]]]) -> bytes:
    """An interchange of a customer with one group; bodies have stars, whatever its separators are."""
    element, terminator = SEPARATORS.get(name, ("*", "~"))
    now, them = datetime.now(UTC), name.upper()
    segments = [
        f"ISA*00*          *00*          *ZZ*{them:<15}*ZZ*{'NORTHWIND':<15}*{now:%y%m%d}*{now:%H%M}*U*00401*{control:09d}*0*P*>",
        f"GS*{functional}*{them}*NORTHWIND*{now:%Y%m%d}*{now:%H%M}*{control}*X*004010",
    ]
    for at, (kind, body) in enumerate(sets, 1):
        segments += [f"ST*{kind}*{at:04d}", *body, f"SE*{len(body) + 2}*{at:04d}"]
    segments += [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    return "".join(f"{each}{terminator}" for each in segments).replace("*", element).encode()


def _sets(order: Ordered) -> Iterator[str]:
    yield from (f"BEG*00*SA*{order.po_number}**{datetime.now(UTC):%Y%m%d}", "N1*ST*Store 101*92*101")
    yield from ("N3*1 Main St", "N4*Tulsa*OK*74103*US")
    for at, (sku, quantity) in enumerate(order.lines, 1):
        yield f"PO1*{at}*{quantity}*EA*{SKUS[sku]}*PE*VP*{sku}"
    yield f"CTT*{len(order.lines)}"


def _csv(orders: list[Ordered]) -> bytes:
    rows = ["po_number,line,sku,quantity,uom,unit_price,ship_to_name,address1,city,state,postal_code,country"]
    for order in orders:
        for at, (sku, quantity) in enumerate(order.lines, 1):
            rows.append(f"{order.po_number},{at},{sku},{quantity},EA,{SKUS[sku]},Shop,1 Main St,Tulsa,OK,74103,US")
    return ("\n".join(rows) + "\n").encode()


def _ubl(order: Ordered) -> bytes:
    urn = "urn:oasis:names:specification:ubl:schema:xsd"
    address = (
        "<cac:Delivery><cac:DeliveryLocation><cbc:Name>Shop</cbc:Name><cac:Address><cbc:StreetName>1 Main St</cbc:StreetName>"
        "<cbc:CityName>Tulsa</cbc:CityName><cbc:PostalZone>74103</cbc:PostalZone><cbc:CountrySubentity>OK</cbc:CountrySubentity>"
        "<cac:Country><cbc:IdentificationCode>US</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>"
    )
    lines = "".join(
        f'<cac:OrderLine><cac:LineItem><cbc:ID>{at}</cbc:ID><cbc:Quantity unitCode="EA">{quantity}</cbc:Quantity><cac:Price>'
        f'<cbc:PriceAmount currencyID="USD">{SKUS[sku]}</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>{sku}</cbc:Name>'
        f"<cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>\n"
        for at, (sku, quantity) in enumerate(order.lines, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Order xmlns="{urn}:Order-2" xmlns:cac="{urn}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{urn}:CommonBasicComponents-2"><cbc:ID>{order.po_number}</cbc:ID><cbc:IssueDate>'
        f"{datetime.now(UTC):%Y-%m-%d}</cbc:IssueDate>{address}\n{lines}</Order>\n"
    ).encode()
