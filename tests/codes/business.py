"""Scenes of orders and goods: what warehouses, customers and clerks do that cannot be taken as it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.codes.seen import Seen, looked, said
from tests.site.harness import MONDAY, PlayedSite, new_site, order, purchase_order
from tests.site.test_ack_clock import agree
from tests.site.test_answers import answer_file

LATER, DAYS_LATER = "2026-11-24T16:00:00Z", "2026-11-26T16:00:00Z"
CONFIRMED = "shipment_number,order_number,line,sku,quantity,uom,ship_date,sscc,store,warehouse\n"
SLA = 'sla:\n  - {measure: 810_after_ship, limit: 1h, fine: "10.00 per day"}\n'


def confirm(site: PlayedSite, name: str, *rows: str, now: str = MONDAY) -> None:
    site.drop("warehouse", name, CONFIRMED + "\n".join(rows) + "\n")
    site.run(now)


def goods(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A warehouse tells of shipments that cannot be; a clerk credits too much; a customer claims what was never billed."""
    site = new_site(folder / "site")
    site.drop_master()
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text().replace("documents:\n", "documents:\n  claim: {in: x12/812}\n") + SLA)
    to_stores = order("ST-1", "PO1*1*10*EA*89.95*PE*VP*TENT-2P\nSDQ*EA*92*0101*6*0102*4")
    site.drop("acme", "po.edi", purchase_order(order("W-1"), order("W-2"), order("W-3"), to_stores))
    site.run()
    confirm(site, "first.csv", "S1,SO-1,1,TENT-2P,2,EA,2026-11-23,,,DAL")
    confirm(site, "again.csv", "S1,SO-2,1,TENT-2P,2,EA,2026-11-23,,,DAL")
    confirm(site, "carton.csv", "S2,SO-2,1,TENT-2P,2,EA,2026-11-23,123456789012345678,,DAL")
    confirm(
        site, "mixed.csv", "S3,SO-4,1,TENT-2P,5,EA,2026-11-23,,0101,DAL", "S3,SO-4,1,TENT-2P,5,EA,2026-11-23,,0102,DAL"
    )
    assert site.gateway("orders", "cancel", "W-3", "--reason", "the buyer called", "--now", MONDAY).code == 0
    confirm(site, "stopped.csv", "S5,SO-3,1,TENT-2P,2,EA,2026-11-23,,,DAL", now=LATER)
    claim = answer_file(
        77, "CD", "BCD*20261130*DM-55*L*3000*D**INV0000099", "N1*BY*ACME STORES*92*0001", "CDD*01*D**3000", set_id="812"
    )
    site.drop("acme", "claim.edi", claim)
    site.run(DAYS_LATER)
    yield from said(
        site, "gateway invoices credit", "invoices", "credit", "INV0000001", "--line", "1", "--quantity", "900", "--reason", "lost"
    )  # fmt: skip
    yield from looked(site)


def waiting(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """An invoice is late; a warehouse has nobody; partners answer late, twice and without a verdict; nothing can be delivered."""
    site = new_site(folder / "site")
    site.drop_master()
    agree(site)
    names = ("TWICE", "MUTE", "LATE")
    site.drop("acme", "po.edi", purchase_order(*(order(name) for name in names)))
    site.run()
    texts = [content.decode() for name, content in site.outbox("acme").items() if name.startswith("855")]
    number = {text.split("~")[3].split("*")[3]: str(int(re.findall(r"IEA\*1\*(\d+)", text)[0])) for text in texts}
    for control, verdict in ((911, "AK9*A*1*1*1"), (912, "AK9*R*1*1*0")):
        site.drop("acme", f"{control}.edi", answer_file(control, "FA", f"AK1*PR*{number['TWICE']}", verdict))
        site.run()
    site.drop("acme", "mute.edi", answer_file(913, "FA", f"AK1*PR*{number['MUTE']}"))
    site.run(MONDAY)
    yield from looked(site)


def late(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """What was promised is not done, and goods are in a warehouse that nobody serves."""
    site = new_site(folder / "site")
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text() + 'sla:\n  - {measure: 855_after_850, limit: 24h, fine: "50.00 per order"}\n')
    site.drop_master()
    site.drop("acme", "held.edi", purchase_order(order("HELD", "PO1*1*2*EA*19.95*PE*VP*TENT-2P")))
    site.run()
    warehouse = site.folder / "partners" / "warehouse.yaml"
    warehouse.write_text(warehouse.read_text().replace("serves: [DAL, RNO]", "serves: [RNO]"))
    site.drop("acme", "po.edi", purchase_order(order("NOBODY"), control=2))
    site.run(MONDAY)
    yield from looked(site)


def undelivered(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A folder of a partner that is away for days, and one in which our name is taken."""
    site = new_site(folder / "site")
    away = site.folder / "outbox" / "acme"
    away.write_text("no folder")
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    for now in ("2026-11-20T20:00:00Z", "2026-11-23T21:00:00Z"):
        site.run(now, expect=6)
    yield from looked(site, channels=True)
    away.unlink()
    assert site.gateway("dispatch", "retry", "--partner", "acme", "--now", LATER).code == 0
    sent = next(path for path in away.iterdir() if "997" in path.name)
    sent.write_bytes(b"another file of that name")
    assert site.gateway("dispatch", "resend", sent.name, "--note", "they lost it", "--now", LATER).code == 0
    yield from looked(site)
