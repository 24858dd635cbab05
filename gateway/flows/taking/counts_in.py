"""An inventory advice of a warehouse is a count: each line replaces on hand, or is refused with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from gateway.canonical.goods import Inventory, InventoryLine, StockAt
from gateway.canonical.house import Stock
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, filling
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import master
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId, Sku
from gateway.orders.facts import ItemFacts
from gateway.orders.stockroom import Occasion

COUNTING = frozenset({"warehouse", "erp"})
"""Kinds of partner whose inventory advice says what we have; a customer's or supplier's says what they have."""


@dataclass(frozen=True, slots=True)
class Counting:
    """One inventory advice being applied."""

    work: UnitOfWork
    source: Source
    document: Inventory
    occasion: Occasion
    counted_at: datetime


def take(bench: Workbench, work: UnitOfWork, source: Source, document: Inventory) -> Iterator[FileHold]:
    """Apply each line alone; one that makes no sense is held with its number, the others count. Then what waits is filled."""
    if source.partner.kind not in COUNTING:
        what = f"{source.name}: it is the inventory advice {document.report_number} of {source.partner.name}, whose stock is not ours"
        yield hold(bench, source.receipt, "P-NOT-ACTED-ON", what, kind="DATA", reference=source.name)
        return
    if source.test:
        return
    now = bench.clock()
    said = f"inventory advice {document.report_number} of {source.partner.name}"
    occasion = Occasion(
        now, f"file {source.receipt.file_name}", document.report_number, said, bench.site.settings.zone()
    )
    counting = Counting(work, source, document, occasion, _counted_at(bench, source, document, now))
    for at, line in enumerate(document.lines, start=1):
        name = f"{source.name}, line {line.number or at}"
        for refusal in _line(counting, line):
            yield hold(bench, source.receipt, "C-ROW", f"{name}: {refusal}", kind="DATA", reference=name)
    step = advance.Step(now=now, who=occasion.who, receipt=source.receipt.id)
    filling.goods_came(bench, work, work.goods.awaited(), step, reason=f"counted ({source.receipt.file_name})")


def _line(counting: Counting, line: InventoryLine) -> Iterator[str]:
    """Count one line in each warehouse it names; why not comes back."""
    item = _item(counting, line)
    if item is None:
        ids = line.ids.model_dump(exclude_none=True)
        said = ", ".join(f"{kind} {value}" for kind, value in ids.items()) or f"sku {line.sku}"
        yield f"there is no item with {said}"
        return
    places = line.warehouses or (
        StockAt(warehouse=counting.document.warehouse, on_hand=line.on_hand, available=line.available, blocked=line.blocked),
    )  # fmt: skip
    for place in places:
        yield from _place(counting, item, place, place.uom or line.uom)


def _place(counting: Counting, item: ItemFacts, place: StockAt, uom: str | None) -> Iterator[str]:
    serves = counting.source.partner.serves
    warehouse = place.warehouse or counting.document.warehouse or (serves[0] if len(serves) == 1 else None)
    if warehouse is None:
        yield f"it does not say in which warehouse {item.sku} was counted"
        return
    factor = Decimal(1) if uom in (None, item.uom) else dict(item.packs).get(str(uom))
    if factor is None:
        yield f"{item.sku} has no unit {uom} (its units: {', '.join(sorted({item.uom, *dict(item.packs)}))})"
        return
    good = place.on_hand if place.on_hand is not None else place.available
    if good is None and place.blocked is None:
        yield f"it says no quantity of {item.sku}"
    if good is not None:
        yield from _count(counting, item.sku, warehouse, good * factor, "available")
    if place.blocked is not None:
        yield from _count(counting, item.sku, warehouse, place.blocked * factor, "blocked")


def _count(
    counting: Counting, sku: Sku, warehouse: str, quantity: Decimal, quality: Literal["available", "blocked"]
) -> Iterator[str]:
    row = Stock(warehouse=warehouse, sku=sku, on_hand=quantity, counted_at=counting.counted_at, quality=quality)
    refusal = master.count(counting.work, row, master.Tally(), counting.occasion)
    if refusal:
        yield refusal


def _item(counting: Counting, line: InventoryLine) -> ItemFacts | None:
    """The item of a line: by our number, else by the first of its other numbers that is known."""
    work, owner = counting.work, PartnerId(counting.source.partner.partner)
    pairs = [(kind, str(value)) for kind, value in line.ids.model_dump(exclude_none=True).items()]
    found = work.master.skus(owner, pairs)
    sku = Sku(line.sku) if line.sku else next((found[pair] for pair in pairs if pair in found), None)
    return work.master.items([sku]).get(sku) if sku is not None else None


def _counted_at(bench: Workbench, source: Source, document: Inventory, now: datetime) -> datetime:
    """The end of the day of the report in the sender's time zone; now, while that day is not over."""
    return min(now, bench.end_of(document.report_date, source.partner))
