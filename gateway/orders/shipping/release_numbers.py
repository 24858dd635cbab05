"""The number of a warehouse order: our order and the warehouse, from the second one on also which one it is."""

from gateway.kernel.ids import WarehouseId
from gateway.orders.order import Order


def release_number(order: Order, warehouse: WarehouseId, *, after: int = 0) -> str:
    """The number of the next one; ``after`` counts those that the same decision makes before it."""
    told = order.released_to.count(warehouse) + after
    return f"{order.number}-{warehouse}" + (f"-{told + 1}" if told else "")
