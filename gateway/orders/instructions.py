"""The buyer's own instructions, obeyed before our defaults; where the terms forbid one, somebody must decide."""

from collections.abc import Iterator
from datetime import date

from gateway.orders.order import Line, Order
from gateway.orders.terms import Terms

FROM_ORDER = "from_order"


def waits(order: Order, terms: Terms) -> bool:
    """Whether what is missing waits for goods: by the terms, else by the buyer's instruction, else yes."""
    if terms.backorder in ("always", "never") and not (order.theirs_accepted and order.backorder):
        return terms.backorder == "always"
    return order.backorder != "no_backorder"


def together(order: Order, terms: Terms) -> bool:
    """Whether the order leaves whole, in one shipment."""
    return order.backorder == "ship_complete" or not terms.partial_shipments


def substitutes(order: Order, terms: Terms) -> bool:
    """Whether another item may be served: by the terms, else by the buyer's instruction, else no."""
    if terms.substitution in ("always", "never") and not (order.theirs_accepted and order.substitution):
        return terms.substitution == "always"
    return order.substitution == "allowed"


def conflicts(order: Order, terms: Terms) -> Iterator[str]:
    """The instructions that the terms forbid, each with both sides."""
    if terms.backorder == "never" and order.backorder == "backorder":
        yield "CSH: the order asks for backorders, the terms allow none ('terms.backorder: never')"
    if terms.substitution == "never" and order.substitution == "allowed":
        yield "CSH: the order allows substitutes, the terms allow none ('terms.substitution: never')"
    if terms.substitution == "always" and order.substitution == "forbidden":
        yield "CSH: the order wants no substitutes, the terms always allow them ('terms.substitution: always')"


def not_before(order: Order, line: Line) -> date | None:
    """The first day on which a line may ship, by the line, else by the order."""
    return line.ship_not_before or order.ship_not_before
