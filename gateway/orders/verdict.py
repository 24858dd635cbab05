"""What an order is answered as a whole."""

from gateway.orders.order import LineCode, Order

CHANGES = frozenset({LineCode.PRICE_CHANGED, LineCode.SUBSTITUTED})
"""Answers to a line that make the whole a change, even where the whole quantity is served."""


def verdict(order: Order) -> str:
    """accepted, changed or rejected: what BAK02 will say."""
    quantities = [line.quantity for line in order.lines]
    if not any(quantity.open for quantity in quantities):
        return "rejected"
    if order.ours_answered or any(CHANGES & set(line.codes) for line in order.lines):
        return "changed"
    for line in order.lines:
        q = line.quantity
        if q.backordered and LineCode.RESCHEDULED in line.codes:
            return "changed"
        if q.allocated + q.picked + q.packed + q.shipped + line.awaited != q.ordered:
            return "changed"
    return "accepted"
