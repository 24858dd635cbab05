"""A catalogue comes in (832): each line is a row of the item master and rows of prices; what makes no sense is refused alone."""

from collections.abc import Iterator
from typing import Literal, cast

from gateway.canonical.base import Canonical
from gateway.canonical.catalog import Catalog, CatalogLine, CatalogPrice
from gateway.canonical.house import Item, Price
from gateway.canonical.parts import ItemIds
from gateway.exchange.receipt import FileHold
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import master
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId, Sku

Kind = Literal["contract", "promotion", "list"]
LIST = "list"
OURS = frozenset({"contract", "promotion", "list"})
"""The prices that are what a customer pays us; what a shop asks of its own customers is not."""
CODES = ("upc", "ean", "gtin", "case_code")


def take(bench: Workbench, work: UnitOfWork, source: Source, catalog: Catalog) -> Iterator[FileHold]:
    """Apply a catalogue line by line; a line or a price that is refused is held and the others are applied."""
    tally = master.Tally()
    for index, line in enumerate(catalog.lines, start=1):
        where = f"line {line.number or index}"
        for refusal in _line(work, source, catalog, line, tally):
            tally.refused += 1
            reason = f"{source.name}: catalogue {catalog.catalog_number or ''} {where}: {refusal}"
            yield hold(bench, source.receipt, "C-ROW", reason, kind="DATA", reference=where)


def _line(
    work: UnitOfWork, source: Source, catalog: Catalog, line: CatalogLine, tally: master.Tally
) -> Iterator[str]:  # fmt: skip
    """Apply one line; each reason why something of it was refused."""
    sku = _sku(work, PartnerId(source.partner.partner), line.ids)
    if sku is None:
        yield "it names none of our items: no vendor's number (VN), and no barcode that we know"
        return
    item = _item(work, sku, line)
    if isinstance(item, str):
        yield item
        return
    prices = [price for price in line.prices if price.kind in OURS]
    if any(price.kind == "contract" for price in prices) and not (catalog.contract_number or catalog.price_list):
        yield f"a contract price of {sku} names neither a contract nor a price list"
        prices = [price for price in prices if price.kind != "contract"]
    rows: list[Canonical] = [item, *(_price(catalog, line, item, price) for price in prices)]
    for row in rows:
        refusal = master.apply(work, row, tally)
        if refusal:
            yield refusal
            if isinstance(row, Item):
                return


def _sku(work: UnitOfWork, partner: PartnerId, ids: ItemIds) -> Sku | None:
    """Our item: the vendor's number is ours, else the item that carries the barcode."""
    if ids.vendor_sku:
        return Sku(ids.vendor_sku)
    known = work.master.skus(partner, [(kind, value) for kind in CODES if (value := getattr(ids, kind))])
    return next(iter(set(known.values()))) if len(set(known.values())) == 1 else None


def _item(work: UnitOfWork, sku: Sku, line: CatalogLine) -> Item | str:
    """The row of the item master; what the catalogue does not say of a known item stays as it is."""
    before = work.master.item(sku)
    uom = before.uom if before is not None else line.uom
    if uom is None:
        return f"the new item {sku} has no unit of measure"
    said = {
        "description": line.description, "upc": line.ids.upc, "ean": line.ids.ean, "weight": line.weight,
        "weight_uom": line.weight_uom, "lead_time_days": line.lead_time_days,
    }  # fmt: skip
    told = {name: value for name, value in said.items() if value is not None}
    if "status" in line.model_fields_set or before is None:
        told["status"] = line.status
    pack = {"pack_uom": line.pack_uom, "pack_quantity": line.pack_quantity} if line.pack_uom is not None else {}
    code = line.ids.case_code if pack else line.ids.gtin
    codes = {"gtin": code} if code is not None else {}
    start = before if before is not None else Item(sku=sku, uom=uom)
    return start.model_copy(update={**told, **pack, **codes})


def _price(catalog: Catalog, line: CatalogLine, item: Item, price: CatalogPrice) -> Price:
    """A price with what its line and the whole catalogue say for it."""
    return Price(
        price_list=catalog.price_list or catalog.contract_number or LIST, sku=item.sku,
        uom=price.uom or line.uom or item.uom, unit_price=price.unit_price,
        kind=cast("Kind", "contract" if catalog.contract_number else price.kind),
        contract_number=catalog.contract_number, currency=price.currency or catalog.currency,
        min_quantity=price.min_quantity, valid_from=price.valid_from or line.valid_from or catalog.valid_from,
        valid_to=price.valid_to or line.valid_to or catalog.valid_to,
    )  # fmt: skip
