"""Our stock for a customer: what is available of each item that the customer may buy, and what comes when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from gateway.canonical.goods import Inventory, InventoryLine, StockAt
from gateway.canonical.parts import ItemIds
from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.flows import advance, agreed, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.ids import PartnerId, Sku
from gateway.kernel.quantity import ZERO
from gateway.orders.facts import ItemFacts
from gateway.orders.stockroom import Arrival, Level, WaitingLine


def send(bench: Workbench, work: UnitOfWork, partner: Partner, use: MappingUse, now: datetime) -> None:
    """One inventory advice to one partner; none where there is no item that the partner may buy."""
    lines = tuple(_lines(bench, work, partner, bench.today(partner, now)))
    if not lines:
        return
    number = f"STK{work.exchange.next_number('inventory'):07d}"
    document = Inventory(
        report_number=number, report_date=bench.today(partner, now), partner=partner.partner,
        vendor_number=partner.params.get("vendor_number") or None, seller=bench.site.settings.our_party(), lines=lines,
    )  # fmt: skip
    write.several(bench, work, Letter(partner, "inventory", number, now), use, [document])


def _lines(bench: Workbench, work: UnitOfWork, partner: Partner, today: date) -> Iterator[InventoryLine]:
    terms = agreed.terms(bench, work, partner)
    lists = (*terms.contracts, terms.price_list, advance.LIST)
    offer = work.planning.offer(PartnerId(partner.partner), lists, today)
    items = work.master.items(offer)
    known = [items[sku] for sku in sorted(offer) if sku in items and items[sku].status != "blocked"]
    levels, arrivals = _by_item(work.stock.shelves()), _by_item(work.planning.arrivals())
    waiting = _by_item(work.planning.waiting())
    for number, item in enumerate(known, start=1):
        waits = sum((each.quantity for each in waiting.get(item.sku, ())), ZERO)
        coming = _promisable(arrivals.get(item.sku, ()), waits) if item.status == "active" else None
        yield _line(item, offer[item.sku], number, levels.get(item.sku, ()), coming)


Found = TypeVar("Found", Level, Arrival, WaitingLine)


def _by_item(found: Iterable[Found]) -> Mapping[Sku, Sequence[Found]]:
    sorted_out: dict[Sku, list[Found]] = {}
    for each in found:
        sorted_out.setdefault(each.sku, []).append(each)
    return sorted_out


def _line(
    item: ItemFacts, own_number: str, number: int, levels: Iterable[Level], coming: tuple[date, Decimal] | None
) -> InventoryLine:
    here = [(each.warehouse, each.available) for each in levels]
    ids = {"vendor_sku": item.sku, "buyer_sku": own_number, "upc": item.upc, "ean": item.ean, "gtin": item.gtin}
    return InventoryLine(
        number=str(number), sku=item.sku, ids=ItemIds(**{kind: value for kind, value in ids.items() if value}),
        description=item.description or None, uom=item.uom, available=sum((each for _, each in here), ZERO),
        incoming=coming[1] if coming is not None else None, expected_date=coming[0] if coming is not None else None,
        warehouses=tuple(StockAt(warehouse=place, available=each, uom=item.uom) for place, each in here),
    )  # fmt: skip


def _promisable(arrivals: Iterable[Arrival], waits: Decimal) -> tuple[date, Decimal] | None:
    """The first day on which goods come that nobody waits for, and how many."""
    days: dict[date, Decimal] = {}
    for each in arrivals:
        days[each.expected_date] = days.get(each.expected_date, ZERO) + each.quantity
    for day in sorted(days):
        if days[day] > waits:
            return day, days[day] - waits
        waits -= days[day]
    return None
