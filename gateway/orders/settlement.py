"""When an invoice is due, and what paying it early is worth."""

from dataclasses import replace
from datetime import timedelta

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.bills import FREIGHT
from gateway.orders.events import OrderInvoiced
from gateway.orders.terms import Terms


def with_terms(bill: OrderInvoiced, terms: Terms) -> OrderInvoiced:
    """The invoice with its terms; a discount is of everything but freight and taxes, to the cent."""
    due = bill.invoice_date + timedelta(days=terms.net_days or 0)
    told = replace(bill, due_date=due, net_days=terms.net_days)
    if not terms.discount_percent:
        return told
    apart = sum((each.amount for each in bill.taxes), ZERO)
    apart += sum((each.signed for each in bill.adjustments if each.code == FREIGHT), ZERO)
    return replace(
        told, discount_percent=terms.discount_percent, discount_days=terms.discount_days,
        discount_due_date=bill.invoice_date + timedelta(days=terms.discount_days or 0),
        discount_amount=cents((bill.total - apart) * terms.discount_percent / 100),
    )  # fmt: skip
