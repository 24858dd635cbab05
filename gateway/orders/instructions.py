"""The buyer's own instructions, obeyed before our defaults."""

from gateway.orders.order import Order
from gateway.orders.terms import Terms


def waits(order: Order, terms: Terms) -> bool:
    """Whether what is missing waits for goods: by the terms, else by the buyer's instruction, else yes."""
    if terms.backorder in ("always", "never"):
        return terms.backorder == "always"
    return order.backorder != "no_backorder"
