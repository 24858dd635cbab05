"""A customer who orders by CSV and XML, and what it sends; what a site says of files that wait."""

from pathlib import Path
from typing import Any

from tests.site.harness import PlayedSite

SHOP = """gateway: 1
partner: shop
name: Corner Shop
documents:
  order: {in: [csv/order, shop/xml]}
"""
XML_MAPPING = """gateway: 1
mapping: shop/xml
direction: in
document: order
format: xml
xml:
  document: /s:order
  namespaces: {s: 'urn:shop'}
fields:
  po_number: s:number
  ship_to.name: ='Corner Shop'
  ship_to.address1: ='1 Main Street'
  ship_to.city: ='Dallas'
  ship_to.state: ='TX'
  ship_to.postal_code: ='75201'
  ship_to.country: ='US'
  lines:
    each: s:line
    fields: {number: '@no', ids.vendor_sku: s:sku, quantity: s:quantity, uom: ='EA'}
"""
TITLES = "po_number,ship_to_name,address1,city,state,postal_code,country,line,sku,quantity"
GOOD_XML = (
    '<order xmlns="urn:shop"><number>{}</number><line no="1"><sku>TENT-2P</sku><quantity>1</quantity></line></order>'
)


def open_shop(folder: Path, more: str = "") -> None:
    """Write the files of the customer into a site."""
    (folder / "partners" / "shop.yaml").write_text(SHOP + more)
    (folder / "mappings" / "shop").mkdir(parents=True, exist_ok=True)
    (folder / "mappings" / "shop" / "xml.yaml").write_text(XML_MAPPING)


def row(po_number: str, *, line: str = "1", sku: str = "TENT-2P", quantity: str = "1", city: str = "Dallas") -> str:
    """One row of an order."""
    return f"{po_number},Corner Shop,1 Main Street,{city},TX,75201,US,{line},{sku},{quantity}"


def orders_csv(*rows: str, titles: str = TITLES) -> str:
    """A file of orders."""
    return "\n".join([titles, *rows]) + "\n"


def ordered(site: PlayedSite, partner: str = "shop") -> list[str]:
    """The purchase orders that became orders."""
    return sorted(str(each["po_number"]) for each in site.json("orders", "list") if each["partner"] == partner)


def held(site: PlayedSite) -> list[dict[str, Any]]:
    """What waits of files."""
    return [each for each in site.json("holds", "list") if each["file"]]


def only_hold(site: PlayedSite) -> dict[str, Any]:
    """The one thing that waits."""
    (hold,) = site.json("holds", "list")
    assert hold["next_step"], hold
    found: dict[str, Any] = hold
    return found
