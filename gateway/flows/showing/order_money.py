"""The money of one order as plain data: how far it is billed and paid, what is claimed, the terms and the credit it stands on."""

from datetime import date
from decimal import Decimal
from typing import Any

from gateway.config.partner import Partner
from gateway.flows import agreed
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import account_views, invoice_views
from gateway.flows.workbench import Workbench
from gateway.kernel.money import written
from gateway.kernel.quantity import plain
from gateway.orders.billing.invoicing import billing_status
from gateway.orders.facts import Exposure
from gateway.orders.order import Adjustment, Order
from gateway.orders.receivables.ageing import payment_status
from gateway.orders.receivables.entries import EFFECTS
from gateway.orders.terms import Terms

View = dict[str, Any]

_PARTS = ("unpaid_invoices", "open_items", "shipped_not_invoiced", "open_orders", "credits", "unapplied_cash")


def of_order(bench: Workbench, work: UnitOfWork, order: Order, today: date) -> View:
    """Everything about the money of an order, by the keys of its view."""
    partner = bench.partner(order.partner)
    known = agreed.terms(bench, work, partner) if partner is not None else None
    return {
        "billing_status": billing_status(order),
        "payment_status": payment_status(work.receivables.of_order(order.number), today),
        "bills": bills(work, order, today), "payments": payments(work, order), "claims": claims(work, order),
        "adjustments": [adjustment(each) for each in order.adjustments],
        "terms": _terms(order, known) if known is not None else None,
        "credit": _credit(bench, work, order, partner, known),
        "reserved": [
            {"warehouse": each.warehouse, "sku": each.sku, "quantity": plain(each.quantity)} for each in order.reserved
        ],
        "reserved_until": order.reserved_until.isoformat() if order.reserved_until is not None else None,
    }  # fmt: skip


def bills(work: UnitOfWork, order: Order, today: date) -> list[View]:
    """The invoices and credit memos that bill an order, each with the other orders that it bills."""
    found = (work.invoices.find(number=each.number) for each in work.receivables.of_order(order.number))
    return [invoice_views.row(work, bill, today) for records in found for bill in records]


def payments(work: UnitOfWork, order: Order) -> list[View]:
    """Everything that settled invoices of an order: money, discounts, credits and what we gave up, as it was booked."""
    return [
        account_views.entry_view(each)
        for bill in work.receivables.of_order(order.number)
        if not bill.is_credit
        for each in work.receivables.entries(order.partner, invoice=bill.number)
        if EFFECTS[each.entry.kind].paid
    ]


def claims(work: UnitOfWork, order: Order) -> list[View]:
    """What the partner does not mean to pay of the invoices of an order."""
    numbers = {each.number for each in work.receivables.of_order(order.number)}
    return [
        account_views.claim_row(each)
        for each in work.receivables.claims(order.partner)
        if each.claim.invoice in numbers
    ]


def adjustment(each: Adjustment) -> View:
    """An allowance or a charge with how it is reckoned, how much of it is billed, and who says so."""
    return {
        "kind": each.kind, "code": each.code or None, "percent": _number(each.percent), "amount": _money(each.amount),
        "rate": _number(each.rate), "description": each.description or None,
        "origin": "our terms" if each.agreed else "the order", "billed": written(each.billed),
    }  # fmt: skip


def _terms(order: Order, known: Terms) -> View:
    """The payment terms and prices that count for an order, and where each was said when not in the partner file."""
    theirs = order.claimed_terms_count
    return {
        "net_days": order.claimed_net_days if theirs else known.net_days,
        "discount_percent": _number(order.claimed_discount_percent if theirs else known.discount_percent),
        "discount_days": order.claimed_discount_days if theirs else known.discount_days,
        "payment_terms_of": "the order" if theirs else known.origins.get("net_days", "partner file"),
        "price_list": known.price_list, "origins": dict(sorted(known.origins.items())),
    }  # fmt: skip


def _credit(
    bench: Workbench, work: UnitOfWork, order: Order, partner: Partner | None, known: Terms | None
) -> View | None:  # fmt: skip
    """What was checked when the order was decided, and how much the customer owes now; None when nothing is agreed."""
    if partner is None or known is None:
        return None
    owed = agreed.exposure(bench, work, partner, known)
    if not owed.members:
        return None
    limit = known.credit_limit
    return {
        "limit": _money(limit), "status": known.credit_status or None, "group": known.credit_group or None,
        "checked": order.credit_figures or None, "approved_up_to": _money(order.credit_approved),
        "exposure": _exposure(owed), "room": written(limit - owed.total) if limit is not None else None,
    }  # fmt: skip


def _exposure(owed: Exposure) -> View:
    parts = {name: written(getattr(owed, name)) for name in _PARTS}
    return {**parts, "total": written(owed.total), "customers": list(owed.members)}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _money(value: Decimal | None) -> str | None:
    return None if value is None else written(value)
