"""What the goods of an order are worth at the agreed prices, before allowances, charges and taxes."""

from decimal import Decimal

from gateway.kernel.quantity import ZERO
from gateway.orders.order import Order


def to_ship(order: Order) -> Decimal:
    """What is ordered and did not leave the house: what credit has to cover besides what is owed already."""
    return sum(
        (
            (line.unit_price or ZERO) * (q.pending + q.backordered + q.allocated + q.picked + q.packed)
            for line in order.lines
            for q in (line.quantity,)
        ),
        ZERO,
    )


def whole(order: Order) -> Decimal:
    """Everything that is served or still owed."""
    return sum(((line.unit_price or ZERO) * line.quantity.open for line in order.lines), ZERO)
