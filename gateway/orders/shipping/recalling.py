"""A warehouse is to pick less than it was told: what it is told instead, for each store of the buyer it picks for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.events import OrderRecalled, ReleasedLine
from gateway.orders.order import Line, Order
from gateway.orders.shipping.release_numbers import release_number


def recall(order: Order, warehouse: WarehouseId, less: Mapping[str, Decimal], reason: str) -> Iterator[OrderRecalled]:
    """What a warehouse is told when it is to pick so much less of each line; who was told last gives up first.

    These events come before those that cancel: what a warehouse was told to pick keeps its reservation.
    """
    left = dict(less)
    stores = list(
        dict.fromkeys(told.store for line in order.lines for told in line.told if told.warehouse == warehouse)
    )
    changed: list[tuple[str, tuple[ReleasedLine, ...], tuple[ReleasedLine, ...]]] = []
    for store in reversed(stores):
        told = tuple(_told(order.lines, warehouse, store))
        stays: list[ReleasedLine] = []
        for each in told:
            taken = min(each.quantity, left.get(each.line, ZERO))
            left[each.line] = left.get(each.line, ZERO) - taken
            if each.quantity > taken:
                stays.append(ReleasedLine(each.line, each.quantity - taken))
        if tuple(stays) != told:
            changed.append((store, told, tuple(stays)))
    for before, (store, told, remaining) in enumerate(reversed(changed)):
        number = release_number(order, warehouse, after=before)
        yield OrderRecalled(warehouse, remaining or told, "replace" if remaining else "cancel", reason, number, store)


def _told(lines: tuple[Line, ...], warehouse: WarehouseId, store: str) -> Iterator[ReleasedLine]:
    for line in lines:
        quantity = line.told_in(warehouse, store)
        if quantity > ZERO:
            yield ReleasedLine(line.number, quantity)
