"""When an invoice is due, and what paying it early is worth."""

from dataclasses import replace
from datetime import timedelta

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.bills import FREIGHT
from gateway.orders.considering import payment_terms
from gateway.orders.happened.bill_events import OrderInvoiced
from gateway.orders.order import Order
from gateway.orders.terms import Terms


def with_terms(bill: OrderInvoiced, order: Order, terms: Terms) -> OrderInvoiced:
    """The invoice with the terms that count for the order; a discount is of everything but freight and taxes, to the cent."""
    counting = payment_terms.counting(order, terms)
    due = bill.invoice_date + timedelta(days=counting.net_days or 0)
    told = replace(bill, due_date=due, net_days=counting.net_days)
    if not counting.discount_percent:
        return told
    apart = sum((each.amount for each in bill.taxes), ZERO)
    apart += sum((each.signed for each in bill.adjustments if each.code == FREIGHT), ZERO)
    return replace(
        told, discount_percent=counting.discount_percent, discount_days=counting.discount_days,
        discount_due_date=bill.invoice_date + timedelta(days=counting.discount_days or 0),
        discount_amount=cents((bill.total - apart) * counting.discount_percent / 100),
    )  # fmt: skip
