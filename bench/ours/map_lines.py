"""Documents of many lines mapped by one mapping, or only made ready for it; or one mapping made ready to run.

Usage: python -m bench.ours.map_lines ready:NAME|map:NAME|none:NAME. What a line costs is the second without the first.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import orders
from bench.measure import ROOT
from gateway.canonical.base import Canonical
from gateway.formats.record import Record
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.mapping import inbound, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.generated import inbound as generated_inbound
from gateway.mapping.generated import outbound as generated_outbound
from gateway.mapping.prepare import PreparedMapping, prepare

DOCUMENTS, LINES = orders.MAPPED, orders.MAPPED_LINES
TODAY = date(2026, 3, 2)
ENVIRONMENT = Environment(params={"id": "bench", "dock": "12", "vendor_number": "553311"}, today=TODAY)
SITE = ROOT / "bench" / "site" / "mappings"


def main(what: str, name: str) -> bool:
    """Whether every document was mapped without a problem."""
    if what == "none":
        return True
    mapping, problems = prepare(name, site_mappings=SITE)
    if mapping is None:
        raise SystemExit(f"the mapping is not usable: {problems}")
    made = (
        generated_inbound.of(mapping).why
        if mapping.direction == "in"
        else generated_outbound.of(mapping, mapping.out, "").why
    )
    if what == "compiled":
        return not made
    if mapping.direction == "in":
        done = [what == "ready" or _read(mapping, each) for each in _records()]
    else:
        done = [what == "ready" or _written(mapping, each) for each in _documents(mapping)]
    return all(done)


def _written(mapping: PreparedMapping, document: Canonical) -> bool:
    return not outbound.run(mapping, [document], ENVIRONMENT).problems


def _read(mapping: PreparedMapping, record: Record) -> bool:
    return inbound.run(mapping, record, ENVIRONMENT).document is not None


def _records() -> Iterator[Record]:
    with TemporaryDirectory() as folder:
        made = orders.write(Path(folder) / "orders.edi", orders=DOCUMENTS, lines=LINES)
        content = made.path.read_bytes()
    return (part.record for part in read(content) if isinstance(part, SetRead))


def _documents(mapping: PreparedMapping) -> Iterator[Canonical]:
    source = random.Random(mapping.name)  # noqa: S311 - reproducible, not secret
    for number in range(DOCUMENTS):
        lines = [_line(source, at) for at in range(1, LINES + 1)]
        yield mapping.model.model_validate(BODIES[mapping.document](number, lines))


def _line(source: random.Random, at: int) -> dict[str, object]:
    sku = f"PP-{source.randint(0, 999999):06}"
    ids = {
        "vendor_sku": sku,
        "buyer_sku": f"{source.randint(0, 99999999):08}",
        "upc": f"{source.randint(0, 10**12):012}",
    }
    return {
        "number": str(at), "quantity": Decimal(source.randint(1, 480)), "uom": source.choice(orders.UNITS), "ids": ids,
        "unit_price": Decimal(source.randint(25, 99999)) / 100, "description": f"{source.choice(orders.GOODS)} {at}",
    }  # fmt: skip


def _party(number: int) -> dict[str, str]:
    city, state, code = orders.PLACES[number % len(orders.PLACES)]
    return {
        "name": "KITCHEN RETAIL DC", "id": f"{number:04}", "id_type": "92", "address1": f"{number} MARKET STREET",
        "city": city, "state": state, "postal_code": code, "country": "US",
    }  # fmt: skip


def _head(number: int) -> dict[str, object]:
    return {"po_number": f"PO{7000000 + number}", "po_date": TODAY, "ship_to": _party(number)}


def _invoice(number: int, lines: list[dict[str, object]]) -> dict[str, object]:
    head = {"invoice_number": f"I{number}", "invoice_date": TODAY, "kind": "invoice", "department": "042"}
    return {**_head(number), **head, "lines": lines, "totals": {"amount": Decimal(number)}}


def _acknowledgment(number: int, lines: list[dict[str, object]]) -> dict[str, object]:
    said = [
        {**each, "statuses": [{"code": "accepted", "quantity": each["quantity"], "uom": each["uom"]}]} for each in lines
    ]
    return {**_head(number), "ack_date": TODAY, "status": "accepted", "lines": said}


def _shipment(number: int, lines: list[dict[str, object]]) -> dict[str, object]:
    items = [
        {"line_number": each["number"], **{key: each[key] for key in ("quantity", "uom", "ids", "description")}}
        for each in lines
    ]
    packs = [{"sscc": f"00{number:06}{at:012}", "items": items[at : at + 5]} for at in range(0, len(items), 5)]
    order = {"po_number": f"PO{number}", "po_date": TODAY, "packs": packs}
    return {
        "shipment_number": f"S{number}", "ship_date": TODAY, "carton_count": len(packs), "carrier_scac": "UPSN",
        "bol": f"B{number}", "ship_to": _party(number), "ship_from": _party(number + 1), "orders": [order],
    }  # fmt: skip


BODIES = {"invoice": _invoice, "acknowledgment": _acknowledgment, "shipment": _shipment}


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1].split(":")))
