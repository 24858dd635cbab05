"""When goods can ship: today's stock by cut-off and working days, incoming goods by what others wait for before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders import instructions
from gateway.orders.facts import Facts, SupplyFacts
from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms
from gateway.orders.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Promise:
    """The incoming goods that cover what waits, and the day on which it can ship."""

    supply: SupplyFacts
    ship_date: date


class Ledger:
    """Goods on their way by item and day, less what others wait for already; what is claimed here comes after them."""

    def __init__(self, supply: Iterable[SupplyFacts], claimed: Mapping[Sku, Decimal]) -> None:
        self._supply: dict[Sku, list[SupplyFacts]] = {}
        for each in sorted(supply, key=lambda one: (one.expected_date, one.warehouse, one.reference)):
            if each.quantity > ZERO:
                self._supply.setdefault(each.sku, []).append(each)
        self._claimed = dict(claimed)

    def covers(self, sku: Sku, quantity: Decimal, only: WarehouseId | None = None) -> SupplyFacts | None:
        """The goods with whose arrival so many stock units are there, after everything that was claimed before.

        ``only`` one warehouse counts for an order that leaves whole from there.
        """
        wanted, there = self._claimed.get(sku, ZERO) + quantity, ZERO
        for each in self._supply.get(sku, ()):
            if only not in (None, each.warehouse):
                continue
            there += each.quantity
            if there >= wanted:
                return each
        return None

    def claim(self, sku: Sku, quantity: Decimal) -> None:
        """So many stock units wait from now on."""
        self._claimed[sku] = self._claimed.get(sku, ZERO) + quantity


def from_stock(order: Order, line: Line, warehouse: WarehouseId, facts: Facts) -> date:
    """When what is reserved in a warehouse today can ship."""
    work = _workdays(facts, warehouse)
    soon = work.ship_day(facts.local) if facts.local is not None else work.at_work(facts.today)
    first = instructions.not_before(order, line)
    return max(soon, work.at_work(first)) if first is not None else soon


def from_supply(order: Order, line: Line, supply: SupplyFacts, terms: Terms, facts: Facts) -> Promise:
    """When what these goods cover can ship: their day, the days they take to be put away, the next working day."""
    work = _workdays(facts, supply.warehouse)
    there = work.at_work(max(supply.expected_date, facts.today) + timedelta(days=terms.receiving_days))
    first = instructions.not_before(order, line)
    return Promise(supply, max(there, work.at_work(first)) if first is not None else there)


def in_time(order: Order, line: Line, supply: SupplyFacts, terms: Terms, facts: Facts) -> bool:
    """Whether goods that are on their way are there when a line of a future order may ship first."""
    first = instructions.not_before(order, line)
    if first is None or first <= facts.today or supply.expected_date < facts.today:
        return False
    there = supply.expected_date + timedelta(days=terms.receiving_days)
    return _workdays(facts, supply.warehouse).at_work(there) <= first


def _workdays(facts: Facts, warehouse: WarehouseId) -> Workdays:
    known = facts.warehouses.get(warehouse)
    return known.workdays if known is not None else Workdays()
