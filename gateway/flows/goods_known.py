"""What is known of goods at a moment: stock, what is to come, what waits for it, and the warehouses they are in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.facts import Facts, ItemFacts, StockFacts, WarehouseFacts
from gateway.orders.workdays import known_workdays


@dataclass(frozen=True, slots=True)
class KnownItems:
    """The items of an order, those that may stand in for them, and the stock of all."""

    items: Mapping[Sku, ItemFacts]
    stock: tuple[StockFacts, ...]


def of_items(work: UnitOfWork, skus: Iterable[Sku], *, held: bool = True) -> KnownItems:
    """Items with their stand-ins and the stock of both, which is ``held`` until the end or only looked at."""
    own = work.master.items(skus)
    others = {item.substitute for item in own.values() if item.substitute} - own.keys()
    known = {**own, **work.master.items(others)} if others else own
    return KnownItems(known, work.stock.levels(sorted(known), held=held))


def warehouses(work: UnitOfWork, places: Iterable[WarehouseId]) -> Mapping[WarehouseId, WarehouseFacts]:
    """Where warehouses are and when they work."""
    found: dict[WarehouseId, WarehouseFacts] = {}
    for place in set(places):
        known = work.master.warehouse(place)
        if known is not None:
            days = known_workdays(known.working_days or "", known.cutoff or "")
            found[place] = WarehouseFacts(place, known.state or "", known.postal_code or "", days)
    return found


def local(bench: Workbench, now: datetime) -> datetime:
    """A moment in the time zone of the house, which the cut-off times of its warehouses are told in."""
    return now.astimezone(bench.site.settings.zone())


def to_fill(bench: Workbench, work: UnitOfWork, skus: Iterable[Sku], now: datetime) -> Facts:
    """Everything that says who gets which goods of these items."""
    known = sorted(set(skus))
    stock, supply = work.stock.levels(known), work.goods.supply(known)
    places = {each.warehouse for each in stock} | {each.warehouse for each in supply}
    here = local(bench, now)
    return Facts(
        today=here.date(), items=work.master.items(known), stock=stock, supply=supply, local=here,
        warehouses=warehouses(work, places),
    )  # fmt: skip
