"""When an invoice is due, and what paying it early is worth."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.bills import FREIGHT
from gateway.orders.considering import payment_terms
from gateway.orders.happened.bill_events import Bill, OrderInvoiced
from gateway.orders.order import Order
from gateway.orders.terms import Terms


def with_terms(bill: OrderInvoiced, order: Order, terms: Terms) -> OrderInvoiced:
    """The invoice with the terms that count for the order; a discount is of everything but freight and taxes, to the cent."""
    counting = payment_terms.counting(order, terms)
    due = bill.invoice_date + timedelta(days=counting.net_days or 0)
    told = replace(bill, due_date=due, net_days=counting.net_days)
    if not counting.discount_percent:
        return told
    return replace(
        told, discount_percent=counting.discount_percent, discount_days=counting.discount_days,
        discount_due_date=bill.invoice_date + timedelta(days=counting.discount_days or 0),
        discount_amount=cents(discountable(bill) * counting.discount_percent / 100),
    )  # fmt: skip


def discountable(bill: Bill) -> Decimal:
    """What of a bill a discount is of: everything but freight and taxes."""
    apart = sum((each.amount for each in bill.taxes), ZERO)
    return bill.total - apart - sum((each.signed for each in bill.adjustments if each.code == FREIGHT), ZERO)
