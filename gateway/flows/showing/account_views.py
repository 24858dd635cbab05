"""Payments, claims, ageing and reminders as plain data for lists, tables and JSON; amounts are text."""

from datetime import date
from typing import Any

from gateway.flows.dunning import Wanted
from gateway.flows.ports import UnitOfWork
from gateway.kernel.money import written
from gateway.orders.receivables.account import Invoice
from gateway.orders.receivables.ageing import Aged, bucket
from gateway.orders.receivables.book import OwnClaim, OwnPayment, StoredEntry

View = dict[str, Any]


def payment_row(own: OwnPayment) -> View:
    """One payment for a list."""
    paid = own.payment
    return {
        "payment_number": paid.number, "partner": own.partner, "payment_date": paid.payment_date.isoformat(),
        "currency": paid.currency, "amount": written(paid.amount), "applied": written(paid.applied),
        "unapplied": written(paid.unapplied), "refunded": written(paid.refunded), "moved": written(paid.moved),
        "reason": "; ".join(paid.reasons) if paid.unapplied else "",
    }  # fmt: skip


def payment_view(work: UnitOfWork, own: OwnPayment) -> View:
    """One payment with what it settled, and everything that happened to it."""
    used = work.receivables.used(own.partner, own.payment.number)
    return {
        **payment_row(own), "method": own.payment.method, "source": own.payment.source,
        "reasons": list(own.payment.reasons),
        "invoices": [
            {"invoice_number": number, "applied": written(each.cash), "discount": written(each.discount)}
            for number, each in used.items()
            if each.cash or each.discount
        ],
        "entries": [entry_view(each) for each in work.receivables.entries(own.partner, payment=own.payment.number)],
    }  # fmt: skip


def claim_row(own: OwnClaim) -> View:
    """One claim for a list; ``open`` is what is still disputed of ``claimed``."""
    claim = own.claim
    return {
        "claim_number": claim.number, "partner": own.partner, "invoice_number": claim.invoice, "state": claim.state,
        "origin": claim.origin, "reason": claim.reason, "claimed": written(claim.claimed), "open": written(claim.amount),
        "opened_at": own.opened_at.isoformat(), "payment_number": claim.payment or None,
        "customer_number": claim.customer_number or None, "description": claim.description, "note": claim.note,
    }  # fmt: skip


def claim_view(work: UnitOfWork, own: OwnClaim) -> View:
    """One claim with everything that happened to it."""
    entries = work.receivables.entries(own.partner, claim=own.claim.number)
    return {**claim_row(own), "entries": [entry_view(each) for each in entries]}


def entry_view(stored: StoredEntry) -> View:
    """One entry of an account."""
    entry = stored.entry
    return {
        "sequence": stored.sequence, "at": stored.at.isoformat(), "who": stored.who, "kind": entry.kind.value,
        "amount": written(entry.amount), "invoice_number": entry.invoice or None,
        "payment_number": entry.payment or None, "claim_number": entry.claim or None, "reason": entry.reason,
    }  # fmt: skip


def aged_row(aged: Aged) -> View:
    """One row of the ageing; credits and unapplied cash are negative, the total is the sum of all of it."""
    return {
        "partner": aged.partner, "currency": aged.currency, **{name: written(amount) for name, amount in aged.buckets},
        "credits": written(aged.credits), "unapplied": written(aged.unapplied), "total": written(aged.total),
        "disputed": written(aged.disputed),
    }  # fmt: skip


def aged_view(aged: Aged, today: date) -> View:
    """The same with each open invoice."""
    return {**aged_row(aged), "invoices": [_open_invoice(each, today) for each in aged.invoices]}


def reminder_view(wanted: Wanted) -> View:
    """One letter that is due."""
    reminder = wanted.reminder
    return {
        "partner": reminder.partner, "level": reminder.level, "currency": reminder.currency,
        "total": written(reminder.total), "to": [each.partner for each in wanted.addressees],
        "invoices": [
            {
                "invoice_number": each.invoice.number, "due_date": each.invoice.due_date.isoformat(),
                "days_overdue": each.days_overdue, "disputed": written(each.disputed), "due": written(each.due),
            }
            for each in reminder.invoices
        ],
    }  # fmt: skip


def _open_invoice(invoice: Invoice, today: date) -> View:
    return {
        "invoice_number": invoice.number, "due_date": invoice.due_date.isoformat(), "total": written(invoice.total),
        "open": written(invoice.open), "bucket": bucket(invoice.due_date, today), "elsewhere": invoice.elsewhere,
    }  # fmt: skip
