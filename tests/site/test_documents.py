"""Orders as XML, CSV and records from the inbox to the answers in the sender's own format, and what is held on the way."""

import json

import pytest

from tests.site.harness import PlayedSite

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>U-1</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate><cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
 <cac:BuyerCustomerParty><cac:Party><cac:PartyName><cbc:Name>Bygg &amp; Co</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
 <cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:StreetName>Storgatan 1</cbc:StreetName><cbc:CityName>Lund</cbc:CityName><cbc:PostalZone>22350</cbc:PostalZone><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>
 <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="C62">2</cbc:Quantity><cac:Item><cbc:Name>Tent</cbc:Name><cac:SellersItemIdentification><cbc:ID>TENT-2P</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>
</Order>
"""
PARTNER = """gateway: 1
partner: bygg
name: Bygg & Co
documents:
  order:
    in: [xml/ubl-order, csv/order, bygg/records]
  order_receipt: {out: csv/order-receipt}
  shipment: {out: csv/ship-notice}
  invoice: {out: xml/ubl-invoice}
"""
RECORDS = """gateway: 1
mapping: bygg/records
direction: in
document: order
format: fixed
fixed:
  dates: YYYYMMDD
  document: H
  records:
    H: {when: 1-1 = H, columns: {po: 2-11, date: 12-19}}
    L: {when: 1-1 = L, columns: {line: 2-4, sku: 5-14, qty: 15-19}}
fields:
  po_number: po
  po_date: date
  ship_to.name: ='Bygg'
  ship_to.address1: ='Storgatan 1'
  ship_to.city: ='Lund'
  ship_to.country: ='SE'
  lines:
    each: L
    fields: {number: line, ids.vendor_sku: sku, quantity: qty, uom: ='EA'}
"""


@pytest.fixture
def bygg(site: PlayedSite) -> PlayedSite:
    (site.folder / "partners" / "bygg.yaml").write_text(PARTNER)
    (site.folder / "mappings" / "bygg").mkdir(parents=True)
    (site.folder / "mappings" / "bygg" / "records.yaml").write_text(RECORDS)
    answer = site.gateway("config", "check")
    assert answer.code == 0, answer.out
    return site


def made(site: PlayedSite) -> list[dict[str, object]]:
    return [each for each in site.json("orders", "list") if each["partner"] == "bygg"]


def test_a_ubl_order_is_answered_with_a_receipt_in_csv(bygg: PlayedSite) -> None:
    bygg.drop(
        "bygg",
        "order.xml",
        UBL.replace("", ""),
    )
    bygg.run()
    assert [each["po_number"] for each in made(bygg)] == ["U-1"], bygg.json("holds", "list")
    ((name, content),) = bygg.outbox("bygg").items()
    assert name.startswith("order_receipt")
    assert name.endswith(".csv")
    titles, *rows = content.decode().splitlines()
    assert titles == "po_number,line,sku,status,quantity,unit_price,promised_date,reason"
    assert rows[0].startswith("U-1,1,TENT-2P,accepted,2,"), rows


def test_orders_in_csv_and_records_come_through_the_same_folder(bygg: PlayedSite) -> None:
    bygg.drop(
        "bygg",
        "a.csv",
        "po_number,ship_to_name,address1,city,country,line,sku,quantity\nC-1,Bygg,Storgatan 1,Lund,SE,1,TENT-2P,1\nC-2,Bygg,Storgatan 1,Lund,SE,1,TENT-2P,1\n",
    )
    bygg.drop("bygg", "b.txt", "HR-1       20261120\nL001TENT-2P   00002\n")
    bygg.run()
    assert sorted(str(each["po_number"]) for each in made(bygg)) == ["C-1", "C-2", "R-1"], bygg.json("holds", "list")


def test_a_bad_document_of_a_file_is_held_where_it_stands_and_its_neighbour_goes_on(bygg: PlayedSite) -> None:
    bygg.drop("bygg", "a.csv", "po_number,line,sku,quantity\nC-1,1,TENT-2P,x\nC-2,1,TENT-2P,1\n")
    bygg.run()
    assert [each["po_number"] for each in made(bygg)] == ["C-2"]
    held = [each for each in bygg.json("holds", "list") if each["code"] == "C-MAPPING"]
    (hold,) = held
    assert "'x' is not a number" in hold["reason"]
    assert "row 2" in hold["reason"]


def test_xml_with_an_entity_is_refused_and_nothing_is_read_for_it(bygg: PlayedSite) -> None:
    bygg.drop("bygg", "x.xml", '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY e SYSTEM "file:///etc/passwd">]><o>&e;</o>')
    bygg.run()
    (hold,) = bygg.json("holds", "list")
    assert hold["code"] in ("S-XML-DTD", "P-NO-MAPPING")
    assert "root:" not in json.dumps(hold)
