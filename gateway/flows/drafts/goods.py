"""Draft what a new site needs to take the orders of a sample: their items, numbers and prices as CSV files to look through."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

from gateway.canonical.order import Order, OrderLine

PLACE = "MAIN"
"""The warehouse of a draft."""
PLENTY = "1000"


def goods(partner: str, orders: Iterable[Order], currency: str, now: str) -> Mapping[str, str]:
    """The files by what 'gateway import' calls them, in the order they are to be taken; none where no line names an item.

    Our number of an item is the one they say is ours, else theirs; ``currency`` counts where an order names none.
    """
    lines: dict[str, OrderLine] = {}
    currencies: dict[str, str] = {}
    for order in orders:
        for each in order.lines:
            if sku := _sku(each):
                lines.setdefault(sku, each)
                currencies.setdefault(sku, order.currency or currency)
    if not lines:
        return {}
    pairs = [*lines.items()]
    theirs = [(partner, each.ids.buyer_sku, sku) for sku, each in pairs if each.ids.buyer_sku not in (None, sku)]
    priced = [("list", sku, each.uom, str(each.unit_price), currencies[sku]) for sku, each in pairs if each.unit_price]
    made = {
        "items": _csv(
            ("sku", "description", "uom", "upc"),
            [(sku, each.description or sku, each.uom, each.ids.upc or "") for sku, each in pairs],
        ),
        "item-ids": _csv(("partner", "partner_sku", "sku"), theirs) if theirs else "",
        "prices": _csv(("price_list", "sku", "uom", "unit_price", "currency"), priced) if priced else "",
        "warehouses": _csv(
            ("warehouse", "name", "address1", "city", "state", "postal_code", "country"),
            [(PLACE, "Our warehouse", "1 Main St", "Dallas", "TX", "75201", "US")],
        ),
        "stock": _csv(("warehouse", "sku", "on_hand", "counted_at"), [(PLACE, sku, PLENTY, now) for sku, _ in pairs]),
    }
    return {name: text for name, text in made.items() if text}


def _sku(line: OrderLine) -> str:
    ids = line.ids
    return ids.vendor_sku or ids.buyer_sku or ids.upc or ids.ean or ids.gtin or ""


def _csv(titles: tuple[str, ...], rows: Iterable[tuple[str | None, ...]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return out.getvalue()
