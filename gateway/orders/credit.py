"""May this customer owe us more?"""

from decimal import Decimal

from gateway.kernel.money import Money
from gateway.orders.facts import Exposure
from gateway.orders.terms import Terms


def check(exposure: Exposure, amount: Decimal, terms: Terms) -> str | None:
    """The sentence of a credit hold with its figures, or None when the order fits under the limit."""
    limit = terms.credit_limit
    if limit is None or exposure.total + amount <= limit:
        return None
    have, want, most = (Money(each, terms.currency) for each in (exposure.total, amount, limit))
    return f"credit: exposure {have} + order {want} is above the limit of {most}"
