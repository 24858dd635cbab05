"""Scenes in which partners bring files that cannot be taken, all of them into one site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.shops import GOOD_XML, open_shop, orders_csv, row
from tests.codes.seen import Seen, looked, validated
from tests.site.harness import PlayedSite, new_site, order, purchase_order

NEXT_DAY, MONDAY_MORNING = "2026-11-21T20:00:00Z", "2026-11-23T15:00:00Z"
GOOD = purchase_order(order("GOOD-1"), control=500)
X12 = """gateway: 1
partner: {name}
name: {title}
x12:
  them: {{qualifier: ZZ, id: {id}}}
  version: 004010
{more}"""
GUIDE = "gateway: 1\nguide: bigmart/850\nextends: 004010/850\nrules:\n  REF(DP): required\n"
MAPPING = """gateway: 1
mapping: bigmart/850
extends: x12/850
x12: {guide: bigmart/850}
settings: {unmapped: hold}
checks: [{that: po_number != 'CHECKED', say: this number is none of theirs}]
fields: {}
"""
RECORDS = """gateway: 1
mapping: shop/records
direction: in
document: order
format: fixed
fixed:
  document: H
  records:
    H: {when: 1-1 = H, columns: {po: 2-9}}
    L: {when: 1-1 = L, columns: {sku: 2-9, quantity: 10-12}}
fields:
  po_number: H.po
  ship_to.name: ='Corner Shop'
  ship_to.address1: ='1 Main'
  ship_to.city: ='Dallas'
  ship_to.state: ='TX'
  ship_to.postal_code: ='75201'
  ship_to.country: ='US'
  lines:
    each: L
    fields: {ids.vendor_sku: sku, quantity: quantity, uom: ='EA'}
"""


def x12_partner(site: PlayedSite, name: str, title: str, more: str) -> None:
    text = X12.format(name=name, title=title, id=name.upper(), more=more)
    (site.folder / "partners" / f"{name}.yaml").write_text(text, encoding="utf-8")


def of_bigmart(po_number: str, control: int, more: str = "REF*DP*45", *lines: str) -> str:
    return purchase_order(order(po_number, *lines, more=more), control=control, sender="BIGMART")


def opened(folder: Path) -> PlayedSite:
    """A site with the demo's items and prices and partners of every kind."""
    site = new_site(folder / "site")
    site.drop_master()
    open_shop(
        site.folder, "  inventory: {in: shop/stock}\nchannels: {in: [{path: inbox/shop, trailer: 'EOF,{count+1}'}]}\n"
    )
    own = site.folder / "mappings"
    (own / "bigmart" / "guides").mkdir(parents=True)
    (own / "bigmart" / "guides" / "850.yaml").write_text(GUIDE)
    (own / "bigmart" / "850.yaml").write_text(MAPPING)
    (own / "shop" / "records.yaml").write_text(RECORDS)
    (own / "shop" / "stock.yaml").write_text(
        "gateway: 1\nmapping: shop/stock\ndirection: in\ndocument: inventory\nformat: csv\ncsv: {dates: YYYY-MM-DD}\n"
        "fields:\n  report_number: number\n  report_date: day\n"
    )
    x12_partner(site, "bigmart", "BigMart", "documents: {order: {in: bigmart/850}}\n")
    x12_partner(site, "strict", "Strict Ltd", "  charset: basic\n  repairs: []\ndocuments: {order: {in: x12/850}}\n")
    x12_partner(site, "gone", "Gone Inc", "status: suspended\ndocuments: {order: {in: x12/850}}\n")
    (site.folder / "partners" / "kiosk.yaml").write_text(
        "gateway: 1\npartner: kiosk\nname: Kiosk\ndocuments: {order: {in: shop/records}}\n"
        "channels: {in: [{path: inbox/kiosk, file_limit: 10kB, ready: [rename, content, 'marker {name}.done']}]}\n"
    )
    (site.folder / "partners" / "lines.yaml").write_text(
        "gateway: 1\npartner: lines\nname: Line Printers\ndocuments: {order: {in: shop/records}}\n"
        "channels: {in: [{path: inbox/lines, trailer: 'END*'}]}\n"
    )
    acme = site.folder / "partners" / "acme.yaml"
    expected = "channels: {expect: [{document: order, by: '08:00', days: mon-fri}]}\ntime_zone: America/Chicago\n"
    acme.write_text(acme.read_text() + expected)
    return site


def x12_files(site: PlayedSite) -> None:
    whole = purchase_order(order("T-1"), control=20)
    site.drop("acme", "empty.edi", b"")
    site.drop("acme", "order.zip", b"PK\x03\x04" + b"\x00" * 60)
    site.drop("acme", "stranger.edi", purchase_order(order("X"), sender="STRANGER", control=21))
    site.drop("acme", "letter.edi", b"ISA*00*nonsense~")
    site.drop("acme", "same-signs.edi", purchase_order(order("P-1"), control=22).replace("~", "*"))
    site.drop("acme", "cut.edi", whole[: whole.index("N1*ST")])
    site.drop("acme", "bad-date.edi", purchase_order(order("D-1").replace("20261130", "20261304"), control=23))
    site.drop("acme", "no-head.edi", purchase_order(order("S-1").replace("BEG*00*SA*S-1**20261120\n", ""), control=24))
    (site.folder / "inbox" / "acme" / "link.edi").symlink_to("/nowhere")
    site.drop(
        "strict",
        "cafe.edi",
        purchase_order(order("CAF", more="REF*DP*CAF\xc9"), control=1, sender="STRICT").encode("latin-1"),
    )
    damaged = purchase_order(order("R-1"), control=2, sender="STRICT").replace("CTT*", "   CTT*").upper()
    site.drop("strict", "blanks.edi", damaged)
    site.drop("gone", "po.edi", purchase_order(order("G-1"), control=1, sender="GONE"))
    site.drop("bigmart", "plain.edi", of_bigmart("GUIDED", 1, ""))
    site.drop("bigmart", "checked.edi", of_bigmart("CHECKED", 2))
    site.drop("bigmart", "tax.edi", of_bigmart("TAXED", 3, "REF*DP*45\nTAX*77"))
    shipped = purchase_order("BSN*00*S1*20261120*0815\nDTM*011*20261120\nHL*1**S", control=4, sender="BIGMART")
    site.drop("bigmart", "856.edi", shipped.replace("GS*PO", "GS*SH").replace("ST*850", "ST*856"))


def other_files(site: PlayedSite) -> None:
    end = "EOF,{}\n"
    good = orders_csv(row("A-1")) + end.format(2)
    site.drop("shop", "latin.csv", orders_csv(row("E-1", city="M\xfcnster")).encode("latin-1") + end.format(2).encode())
    site.drop("shop", "quote.csv", good.replace("Corner Shop", '"Corner Shop'))
    site.drop("shop", "count.csv", orders_csv(row("F-1")) + end.format(9))
    site.drop("shop", "broken.xml", GOOD_XML.format("B-1").replace("</line>", ""))
    site.drop("shop", "doctype.xml", '<!DOCTYPE o [<!ENTITY e "E-1">]>' + GOOD_XML.format("&e;"))
    site.drop("shop", "two.csv", orders_csv(row("G-1"), row("G-1", line="2", city="Austin")) + end.format(3))
    site.drop("shop", "many.csv", orders_csv(row("N-1", quantity="many")) + end.format(2))
    site.drop("shop", "stock.csv", "number,day\nX1,2026-11-20\n" + end.format(2))
    site.drop("lines", "strange.txt", "HPO-1    \nLTENT-2P 002\nZwhat is this\nEND\n")
    site.drop("lines", "endless.txt", "H" + "x" * 8_100_000 + "\nEND\n")
    for name in ("lonely.txt", "large.txt"):
        site.drop("kiosk", name, "HPO-2    \nLTENT-2P 002\n" * (1 if name == "lonely.txt" else 1_000))
    site.drop("kiosk", "large.txt.done", "")
    site.drop("warehouse", "stock2.csv", "warehouse,sku,on_hand\nDAL,NO-SUCH,5\n")


def brought(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Everything that is wrong with files themselves, and with what was agreed about them."""
    site = opened(folder)
    x12_files(site)
    other_files(site)
    site.run()
    site.run(NEXT_DAY)
    site.run(MONDAY_MORNING)
    yield from looked(site)


def reported(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """The same files, shown to 'gateway validate'."""
    site = new_site(folder / "site")
    acme = site.folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text().replace("x12:\n", "x12:\n  charset: basic\n", 1))
    whole = purchase_order(order("T-1"))
    yield from validated(
        site, b"", b"PK\x03\x04" + b"\x00" * 60, "hello", whole.replace("~", "*"), whole[: whole.index("N1*ST")]
    )
    yield from validated(site, purchase_order(order("C", more="REF*DP*CAF\xc9")).encode("latin-1"), partner="acme")


def disks(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Our own disk is full; a file cannot be read; a folder is none."""
    site = new_site(folder / "site")
    site.drop("acme", "po.edi", GOOD)
    with patch.context() as broken:
        broken.setenv("GATEWAY_FAULT", "write:1:ENOSPC+")
        site.run(expect=6)
    yield from looked(site)
    for at in (1, 2):
        site.drop("acme", f"po-{at}.edi", purchase_order(order(f"R-{at}"), control=at))
    with patch.context() as broken:
        broken.setenv("GATEWAY_FAULT", "open:4:EIO+")
        site.run()
    yield from looked(site)
    inbox = site.folder / "inbox" / "acme"
    inbox.rename(inbox.with_name("away"))
    inbox.write_text("a file stands where the folder belongs")
    site.run(expect=6)
    yield from looked(site)


def gap(folder: Path, _patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """A database of yesterday in today's place."""
    site = new_site(folder / "site", on="sqlite")
    site.drop("acme", "PO-1.edi", purchase_order(order("PO-1"), control=1))
    site.run()
    assert site.gateway("db", "backup", str(folder / "yesterday.db")).code == 0
    site.drop("acme", "PO-2.edi", purchase_order(order("PO-2"), control=2))
    site.run()
    var = site.folder / "var"
    for end in ("", "-wal", "-shm"):
        (var / f"gateway.db{end}").unlink(missing_ok=True)
    (var / "gateway.db").write_bytes((folder / "yesterday.db").read_bytes())
    site.run()
    yield from looked(site)
