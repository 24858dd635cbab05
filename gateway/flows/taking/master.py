"""Master data and stock counts: apply one row, or say in a sentence why it makes no sense."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from gateway.canonical.base import Canonical
from gateway.canonical.goods import Incoming
from gateway.canonical.house import Item, ItemId, Location, Price, Stock, Warehouse
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import goods_in
from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.stockroom import Occasion
from gateway.orders.workdays import workdays


@dataclass(slots=True)
class Tally:
    """How many rows were new, changed, the same, or refused."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"{self.new} new, {self.changed} changed, {self.same} the same, {self.refused} refused"

    def count(self, what: str) -> None:
        """Count one applied row."""
        setattr(self, what, getattr(self, what) + 1)


@contextmanager
def together(work: UnitOfWork, rows: Sequence[Canonical]) -> Iterator[None]:
    """Apply these rows one after the other inside; what they need of the store is read and written together."""
    counts = [each for each in rows if isinstance(each, Stock)]
    with ExitStack() as stack:
        stack.enter_context(work.master.together(rows))
        if counts:
            stack.enter_context(work.stock.together(counts))
        yield


def apply(work: UnitOfWork, row: Canonical, tally: Tally, *, told_by: str = "") -> str:
    """Apply one row of a file (``told_by``); the empty text when it was applied, else the reason of its refusal."""
    refusal = _refusal(work, row)
    if not refusal:
        tally.count(_put(work, row, told_by))
    return refusal


def count(work: UnitOfWork, row: Stock, tally: Tally, occasion: Occasion) -> str:
    """Take one count of stock, with who counted on which paper; the empty text, or the reason of its refusal."""
    refusal = _stock(work, row)
    if not refusal:
        tally.count(work.stock.count(row, occasion))
    return refusal


def _put(work: UnitOfWork, row: Canonical, told_by: str) -> str:
    if isinstance(row, Incoming):
        return work.goods.expect(row, told_by=told_by)
    if isinstance(row, Item):
        return work.master.put_item(row)
    if isinstance(row, ItemId):
        return work.master.put_item_id(row)
    if isinstance(row, Price):
        return work.master.put_price(row)
    if isinstance(row, Warehouse):
        return work.master.put_warehouse(row)
    if isinstance(row, Location):
        return work.master.put_location(row)
    raise TypeError(f"{type(row).__name__} is not master data")


def _refusal(work: UnitOfWork, row: Canonical) -> str:
    if isinstance(row, Item):
        return _item(work, row)
    if isinstance(row, Price):
        return _price(work, row)
    if isinstance(row, ItemId):
        return _known(work, row.sku)
    if isinstance(row, Location):
        return _location(work, row)
    if isinstance(row, Incoming):
        return goods_in.refused(work, row)
    if isinstance(row, Warehouse):
        found = workdays(row.working_days or "", row.cutoff or "")
        return found if isinstance(found, str) else ""
    return ""


def _price(work: UnitOfWork, row: Price) -> str:
    item = work.master.items([Sku(row.sku)]).get(Sku(row.sku))
    if item is None:
        return f"there is no item '{row.sku}'"
    units = {item.uom, *(unit for unit, _ in item.packs)}
    if row.uom not in units:
        return f"{row.sku} has no unit {row.uom} (its units: {', '.join(sorted(units))})"
    if row.unit_price < 0:
        return f"the price {row.unit_price} of {row.sku} is negative"
    if row.min_quantity is not None and row.min_quantity < 0:
        return f"min_quantity {row.min_quantity} of {row.sku} is negative"
    if row.valid_from is not None and row.valid_to is not None and row.valid_to < row.valid_from:
        return f"the price of {row.sku} ends on {row.valid_to}, before it begins on {row.valid_from}"
    return ""


def _item(work: UnitOfWork, row: Item) -> str:
    before = work.master.items([Sku(row.sku)]).get(Sku(row.sku))
    if before is not None and before.uom != row.uom:
        return f"the stock unit of {row.sku} is {before.uom} and cannot become {row.uom}; stock is counted in it"
    if (row.pack_uom is None) != (row.pack_quantity is None):
        return "pack_uom and pack_quantity go together"
    if row.pack_quantity is not None and row.pack_quantity <= 0:
        return f"pack_quantity {row.pack_quantity} must be above zero"
    if row.pack_uom == row.uom and row.pack_quantity != 1:
        return f"{row.pack_uom} is the stock unit of {row.sku} and cannot be a pack of {row.pack_quantity}"
    if row.substitute_sku == row.sku:
        return f"{row.sku} cannot be its own substitute"
    return _figures(row)


def _figures(row: Item) -> str:
    """A weight or a reorder figure below zero."""
    for name in ("weight", "reorder_point", "order_up_to", "lead_time_days"):
        value = getattr(row, name)
        if value is not None and value < 0:
            return f"{name} {value} of {row.sku} is negative"
    return ""


def _location(work: UnitOfWork, row: Location) -> str:
    if row.warehouse is not None and work.master.warehouse(WarehouseId(row.warehouse)) is None:
        return f"there is no warehouse '{row.warehouse}'"
    return ""


def _stock(work: UnitOfWork, row: Stock) -> str:
    if row.on_hand < 0:
        return f"the count {row.on_hand} of {row.sku} is negative"
    if work.master.warehouse(WarehouseId(row.warehouse)) is None:
        return f"there is no warehouse '{row.warehouse}'"
    return _known(work, row.sku)


def _known(work: UnitOfWork, sku: str) -> str:
    return "" if work.master.items([Sku(sku)]) else f"there is no item '{sku}'"
