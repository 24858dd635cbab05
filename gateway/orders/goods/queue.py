"""Who gets goods that came: what waits by priority, requested date and age; and when what is left can ship."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from gateway.kernel.ids import OrderNumber, Sku, WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import instructions
from gateway.orders.commands import Fill, FillBackorder, NewDate
from gateway.orders.facts import Facts, StockFacts, SupplyFacts
from gateway.orders.goods import allocation, promising
from gateway.orders.goods.allocation import Need
from gateway.orders.goods.promising import Ledger
from gateway.orders.goods.sourcing import Choice
from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that waits, as it stands in the queue; ``sequence`` is the age of its order."""

    order: OrderNumber
    line: str
    sku: Sku
    quantity: Decimal
    promised_date: date | None = None
    priority: int = 0
    requested_date: date | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """How the queue of one item stands; ``state`` changes whenever one of its orders does."""

    sku: Sku
    lines: int
    unpromised: int
    state: int


@dataclass(frozen=True, slots=True)
class Claimant:
    """An order that waits, with its terms and how its warehouses are chosen."""

    order: Order
    terms: Terms
    choice: Choice


def rank(waiting: Waiting) -> tuple[int, date, int, str]:
    """The higher priority first, then the earlier requested date, then the older order."""
    return (-waiting.priority, waiting.requested_date or date.min, waiting.sequence, waiting.line)


def plan(
    queue: Iterable[Waiting], claimants: Mapping[OrderNumber, Claimant], facts: Facts, reason: str, *, came: bool = True
) -> Mapping[OrderNumber, FillBackorder]:
    """For each order what is filled and what ships on another day; orders without a claimant keep their place in the queue.

    Unless goods ``came``, what a warehouse did not find is not looked for elsewhere.
    """
    planning = _Planning(claimants, facts, reason, came, facts.stock)
    every = sorted(queue, key=rank)
    for sku in sorted({each.sku for each in every}):
        planning.item(sku, [each for each in every if each.sku == sku])
    return planning.commands()


def kept_back(
    waiting: Sequence[Waiting], awaited: Callable[[Waiting], Decimal], supply: Sequence[SupplyFacts]
) -> Decimal:
    """Stock units that others must not take: what was accepted against goods on their way and these do not cover any more."""
    most = wanted = ZERO
    for each in sorted(waiting, key=lambda one: (one.requested_date or date.min, one.sequence)):
        wanted += awaited(each)
        coming = sum((one.quantity for one in supply if one.expected_date <= (each.requested_date or date.max)), ZERO)
        most = max(most, wanted - coming if awaited(each) else ZERO)
    return most


@dataclass(slots=True)
class _Planning:
    """The plan as it grows; ``stock`` is what is left of it."""

    claimants: Mapping[OrderNumber, Claimant]
    facts: Facts
    reason: str
    came: bool
    stock: tuple[StockFacts, ...]
    fills: dict[OrderNumber, list[Fill]] = field(default_factory=dict)
    dates: dict[OrderNumber, list[NewDate]] = field(default_factory=dict)

    def item(self, sku: Sku, queue: Sequence[Waiting]) -> None:
        supply = [each for each in self.facts.supply if each.sku == sku]
        filled: dict[tuple[OrderNumber, str], Decimal] = {}
        back = kept_back(queue, self.awaited, supply)
        for each in (one for one in queue if not self.awaited(one)):
            filled[each.order, each.line] = self.fill(each, self.there(sku) - back)
        for each in (one for one in queue if self.awaited(one)):
            filled[each.order, each.line] = self.fill(each, min(back, self.there(sku)))
            back -= filled[each.order, each.line]
        self.promise(sku, queue, filled)

    def there(self, sku: Sku) -> Decimal:
        return sum((each.available for each in self.stock if each.sku == sku), ZERO)

    def awaited(self, waiting: Waiting) -> Decimal:
        """What of a line waits for goods it was accepted against, in stock units."""
        line = self.line(waiting)
        return line.awaited * line.stock_per_unit if line is not None else ZERO

    def line(self, waiting: Waiting) -> Line | None:
        claimant = self.claimants.get(waiting.order)
        return claimant.order.line(waiting.line) if claimant is not None else None

    def fill(self, waiting: Waiting, there: Decimal) -> Decimal:
        """Fill one line with at most so many stock units; returns how many it took."""
        line, claimant = self.line(waiting), self.claimants.get(waiting.order)
        if line is None or claimant is None or line.sku != waiting.sku:
            return ZERO
        wanted = line.quantity.backordered - (ZERO if self.came else line.not_found)
        units = min(wanted, allocation.whole_units(there, line.stock_per_unit))
        if units <= ZERO:
            return ZERO
        chosen = replace(claimant.choice, only=self.only(claimant))
        need = Need(line.number, waiting.sku, units, line.uom, line.stock_per_unit)
        taken = ZERO
        for share in allocation.allocate([need], self.stock, chosen):
            wait = f"{plain(share.quantity)} of the {plain(line.quantity.backordered)} {line.uom} that wait"
            said = "; ".join(each for each in (self.reason, wait, *share.reason.split("; ")[1:]) if each)
            fill = Fill(line.number, share.quantity, share.warehouse, said)
            self.fills.setdefault(waiting.order, []).append(fill)
            self.take(share.warehouse, waiting.sku, share.quantity * line.stock_per_unit)
            taken += share.quantity * line.stock_per_unit
        return taken

    def only(self, claimant: Claimant) -> WarehouseId | None:
        """The one warehouse of an order that leaves whole, once something of it is reserved there."""
        if not claimant.choice.together:
            return None
        planned = (fill.warehouse for fill in self.fills.get(claimant.order.number, ()))
        reserved = (source.warehouse for line in claimant.order.lines for source in line.sources)
        return next(chain(reserved, planned), None)

    def take(self, warehouse: WarehouseId, sku: Sku, quantity: Decimal) -> None:
        self.stock = tuple(
            replace(each, reserved=each.reserved + quantity) if (each.warehouse, each.sku) == (warehouse, sku) else each
            for each in self.stock
        )

    def promise(self, sku: Sku, queue: Sequence[Waiting], filled: Mapping[tuple[OrderNumber, str], Decimal]) -> None:
        """When what is left can ship: those that have a date keep their turn, the others come after them."""
        ledger = Ledger(self.facts.supply, {})
        for each in sorted(queue, key=lambda one: (one.promised_date or date.max, rank(one))):
            left = each.quantity - filled[each.order, each.line]
            if left <= ZERO:
                continue
            line, claimant = self.line(each), self.claimants.get(each.order)
            supply = ledger.covers(sku, left, self.only(claimant) if claimant is not None else None)
            ledger.claim(sku, left)
            if line is not None and claimant is not None:
                self.dates.setdefault(each.order, []).extend(self.moved(claimant, line, supply))

    def moved(self, claimant: Claimant, line: Line, supply: SupplyFacts | None) -> Iterator[NewDate]:
        if supply is None:
            if line.backorder_date is not None:
                yield NewDate(line.number, None, "no goods on their way cover it any more")
            return
        day = promising.from_supply(claimant.order, line, supply, claimant.terms, self.facts).ship_date
        if day != line.backorder_date:
            coming = f"{supply.reference or 'goods'} expected in {supply.warehouse} on {supply.expected_date}"
            yield NewDate(line.number, day, f"{coming} covers what waits")

    def commands(self) -> Mapping[OrderNumber, FillBackorder]:
        numbers = dict.fromkeys((*self.fills, *self.dates))
        found = {
            number: FillBackorder(tuple(self.fills.get(number, ())), tuple(self.dates.get(number, ())))
            for number in numbers
        }  # fmt: skip
        return {number: command for number, command in found.items() if command.fills or command.dates}


def waits(order: Order) -> Iterator[Waiting]:
    """What of an order waits, in stock units; the age is not known here."""
    if order.test:
        return
    for line in order.lines:
        if line.sku is None or not line.quantity.backordered:
            continue
        asked = order.ship_requested or line.delivery_requested or order.delivery_requested
        wanted = instructions.not_before(order, line) or asked
        yield Waiting(
            order.number, line.number, line.sku, line.quantity.backordered * line.stock_per_unit, line.backorder_date,
            order.priority, wanted or order.placed_at.date(),
        )  # fmt: skip
