"""Which payment terms count: the agreed ones, or those that the order names where somebody accepted them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.quantity import plain
from gateway.orders.order import Order
from gateway.orders.terms import Terms


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Discount and days; None where there is none."""

    discount_percent: Decimal | None = None
    discount_days: int | None = None
    net_days: int | None = None

    def __str__(self) -> str:
        """In words: ``2% within 10 days, net 30 days``."""
        days = f" within {self.discount_days} days" if self.discount_days else ""
        discount = f"{plain(self.discount_percent)}%{days}" if self.discount_percent else ""
        net = f"net {self.net_days} days" if self.net_days is not None else ""
        return ", ".join(part for part in (discount, net) if part) or "none"


def agreed(terms: Terms) -> PaymentTerms:
    """What the agreement says."""
    return PaymentTerms(terms.discount_percent, terms.discount_days, terms.net_days)


def claimed(order: Order) -> PaymentTerms:
    """What the order says."""
    return PaymentTerms(order.claimed_discount_percent, order.claimed_discount_days, order.claimed_net_days)


def names_terms(order: Order) -> bool:
    """Whether the order names payment terms at all."""
    return claimed(order) != PaymentTerms()


def counting(order: Order, terms: Terms) -> PaymentTerms:
    """What is invoiced: where the claimed ones count, what the order does not name is as agreed."""
    ours, theirs = agreed(terms), claimed(order)
    if not order.claimed_terms_count:
        return ours
    has_discount = theirs.discount_percent is not None
    return PaymentTerms(
        theirs.discount_percent if has_discount else ours.discount_percent,
        theirs.discount_days if has_discount else ours.discount_days,
        theirs.net_days if theirs.net_days is not None else ours.net_days,
    )


def differ(order: Order, terms: Terms) -> bool:
    """Whether the order names payment terms that are worse for us than the agreed ones.

    What the agreement leaves open is not compared: only a term that was agreed can be contradicted.
    """
    return any(_worse(claimed(order), agreed(terms)))


def _worse(theirs: PaymentTerms, ours: PaymentTerms) -> Iterator[bool]:
    if theirs.net_days is not None and ours.net_days is not None:
        yield theirs.net_days > ours.net_days
    if theirs.discount_percent and ours.discount_percent is not None:
        yield theirs.discount_percent > ours.discount_percent
        yield (theirs.discount_days or 0) > (ours.discount_days or 0)
