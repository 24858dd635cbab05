"""Discounts for paying early: how much may be taken of an invoice on a day."""

from datetime import date, timedelta
from decimal import Decimal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.receivables.account import Invoice


def last_day(invoice: Invoice, grace_days: int) -> date | None:
    """The last day on which the discount is taken in time; None when none was agreed."""
    if not invoice.discount_percent or invoice.discount_days is None:
        return None
    return invoice.invoice_date + timedelta(days=invoice.discount_days + grace_days)


def allowed(invoice: Invoice, paid_on: date, grace_days: int) -> Decimal:
    """What may still be taken of an invoice that is paid on a day; at most what is open."""
    last = last_day(invoice, grace_days)
    if last is None or paid_on > last or invoice.discount_percent is None:
        return ZERO
    return max(min(invoice.discount - invoice.discounted, invoice.open), ZERO)


def of_the_rest(told: Decimal, discountable: Decimal, credited: Decimal) -> Decimal:
    """What of the discount that an invoice told is for what credit memos left of the amount it is of.

    >>> of_the_rest(Decimal("17.99"), Decimal("899.50"), Decimal("449.75"))
    Decimal('9.00')
    """
    return cents(told * max(discountable - credited, ZERO) / discountable) if discountable > ZERO else ZERO


def refusal(invoice: Invoice, paid_on: date, grace_days: int) -> str:
    """Why a discount that was taken is not granted, or not all of it."""
    last = last_day(invoice, grace_days)
    if last is None:
        return "no discount was agreed"
    if paid_on > last:
        return f"paid on {paid_on.isoformat()}, the discount ended on {last.isoformat()}"
    return f"more than the agreed {plain(invoice.discount_percent or ZERO)} %"
