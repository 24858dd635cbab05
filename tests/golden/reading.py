"""Invoices read back from the files that left, with nothing of the gateway: X12, CSV and UBL by their own rules."""

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree as ET

CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CENT = Decimal("0.01")


@dataclass
class Told:
    """What one file says of one bill; amounts positive as the file means them, quantities by item."""

    number: str
    is_credit: bool
    total: Decimal
    goods: Decimal = Decimal(0)
    allowances: Decimal = Decimal(0)
    charges: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    shipment: str = ""
    quantities: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def adds_up(self) -> bool:
        return self.total == self.goods - self.allowances + self.charges + self.tax


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def segments(content: bytes) -> list[list[str]]:
    return [each.strip().split("*") for each in content.decode().split("~") if each.strip()]


def documents(name: str, content: bytes) -> list[bytes]:
    """The documents of a file, each as a file of its own: sets of an interchange, rows of one invoice of a CSV file."""
    if name.endswith(".edi"):
        found = re.findall(rb"ST\*.*?~\s*SE\*[^~]*~", content, re.DOTALL)
        return found if len(found) > 1 else [content]
    if re.match(r"invoice_.*\.csv$", name.rpartition("/")[2]):
        head, *rows = content.splitlines(keepends=True)
        apart: dict[str, list[bytes]] = defaultdict(list)
        for row in rows:
            apart[next(csv.reader([row.decode()]))[1]].append(row)
        return [head + b"".join(each) for each in apart.values()]
    return [content]


def of_810(content: bytes) -> Told:
    told: Told | None = None
    for name, *values in segments(content):
        if name == "BIG":
            told = Told(values[1], values[6] == "CR", Decimal(0))
        if told is None:
            continue
        if name == "IT1":
            told.goods += cents(Decimal(values[1]) * Decimal(values[3]))
            told.quantities[values[values.index("VN") + 1]] += Decimal(values[1])
        elif name == "SAC" and values[0] == "A":
            told.allowances += Decimal(values[4]) / 100
        elif name == "SAC":
            told.charges += Decimal(values[4]) / 100
        elif name == "TXI":
            told.tax += Decimal(values[1])
        elif name == "TDS":
            told.total = Decimal(values[0]) / 100
        elif name == "REF" and values[0] == "SI":
            told.shipment = values[1]
    assert told is not None
    return told


def of_812(content: bytes) -> Told:
    """A credit told by an 812: each CDD raises the total by the flag of the whole, or lessens it."""
    told = Told("", is_credit=True, total=Decimal(0))
    flag, quantity = "C", Decimal(0)
    for name, *values in segments(content):
        if name == "BCD":
            flag = values[4]
            told = Told(values[1], flag == "C", Decimal(values[3]) / 100)
        elif name == "CDD":
            amount, lessens = Decimal(values[3]) / 100, values[1] != flag
            quantity = Decimal(values[6]) if len(values) > 6 and values[6] else Decimal(0)
            if values[0] == "55":
                told.tax += amount
            elif quantity:
                told.goods += amount
                assert amount == cents(quantity * Decimal(values[10]))
            elif lessens:
                told.allowances += amount
            else:
                told.charges += amount
        elif name == "LIN" and quantity:
            told.quantities[values[values.index("VN") + 1]] += quantity
    return told


def prices(content: bytes) -> dict[str, Decimal]:
    """What each line of an 855, 865 or 810 costs, by its number."""
    told = {}
    for name, *values in segments(content):
        number, price = (values[0], values[5]) if name == "POC" and len(values) > 5 else ("", "")
        if name in ("PO1", "IT1"):
            number, price = values[0], values[3]
        if price:
            told[number] = Decimal(price)
    return told


def order_of(content: bytes) -> str:
    """The purchase order an 855, 865 or 810 is about, our number where it has one: one purchase order may be several orders."""
    for name, *values in segments(content):
        if name == "BAK":
            return values[7] or values[2]
        if name == "BCA":
            return values[8] or values[2]
        if name == "REF" and values[0] == "VN":
            return values[1]
    return ""


def of_csv(content: bytes) -> Told:
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    sign = -1 if rows[0]["kind"] == "credit" else 1
    told = Told(rows[0]["invoice_number"], sign < 0, sign * Decimal(rows[0]["total"]))
    for row in rows:
        amount = sign * Decimal(row["amount"])
        if row["row_type"] == "item":
            assert amount == cents(Decimal(row["quantity"]) * Decimal(row["unit_price"]))
            told.goods += amount
            told.quantities[row["sku"]] += Decimal(row["quantity"])
        elif row["row_type"] == "allowance":
            told.allowances -= amount
        elif row["row_type"] == "charge":
            told.charges += amount
        else:
            told.tax += amount
    return told


def of_ubl(content: bytes) -> Told:
    root = ET.fromstring(content)  # noqa: S314 - our own file

    def amount(node: ET.Element, path: str) -> Decimal:
        return Decimal(node.findtext(path) or "0")

    totals = root.find(f"{CAC}LegalMonetaryTotal")
    assert totals is not None
    told = Told(
        root.findtext(f"{CBC}ID") or "", root.findtext(f"{CBC}InvoiceTypeCode") == "381",
        amount(totals, f"{CBC}PayableAmount"), tax=amount(root, f"{CAC}TaxTotal/{CBC}TaxAmount"),
    )  # fmt: skip
    lines = root.findall(f"{CAC}InvoiceLine")
    for line in lines:
        quantity = amount(line, f"{CBC}InvoicedQuantity")
        told.goods += cents(quantity * amount(line, f"{CAC}Price/{CBC}PriceAmount"))
        told.quantities[line.findtext(f"{CAC}Item/{CAC}SellersItemIdentification/{CBC}ID") or ""] += quantity
    for holder in (root, *lines):
        for each in holder.findall(f"{CAC}AllowanceCharge"):
            if each.findtext(f"{CBC}ChargeIndicator") == "true":
                told.charges += amount(each, f"{CBC}Amount")
            else:
                told.allowances += amount(each, f"{CBC}Amount")
    # the rules of the standard itself: lines are net of their own, the total has only the header's
    net = sum((amount(line, f"{CBC}LineExtensionAmount") for line in lines), Decimal(0))
    before_tax = net - amount(totals, f"{CBC}AllowanceTotalAmount") + amount(totals, f"{CBC}ChargeTotalAmount")
    assert amount(totals, f"{CBC}LineExtensionAmount") == net
    assert amount(totals, f"{CBC}TaxExclusiveAmount") == before_tax
    assert told.total == amount(totals, f"{CBC}TaxInclusiveAmount") == before_tax + told.tax
    return told


def shipped(content: bytes) -> tuple[str, dict[str, Decimal]]:
    """The shipment of an 856 and what of each item is in it."""
    number, item = "", ""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for name, *values in segments(content):
        if name == "BSN":
            number = values[1]
        elif name == "LIN":
            item = values[values.index("VN") + 1]
        elif name == "SN1":
            found[item] += Decimal(values[1])
    return number, found


def told_by(name: str, content: bytes) -> Told | None:
    """What a file of an outbox says when it is an invoice or credit memo."""
    base = name.rpartition("/")[2]
    if base.startswith(("810_", "812_")):
        return of_810(content) if base.startswith("810_") else of_812(content)
    if re.match(r"invoice_.*\.csv$", base):
        return of_csv(content)
    return of_ubl(content) if re.match(r"invoice_.*\.xml$", base) else None
