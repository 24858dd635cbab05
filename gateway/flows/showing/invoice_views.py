"""Invoices and credit memos as plain data for lists, tables and JSON; amounts and quantities are text."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import refused_views
from gateway.kernel.ids import PartnerId
from gateway.kernel.quantity import plain
from gateway.orders.billing import standing
from gateway.orders.bills import BilledAdjustment, BilledTax
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.ledger import BillRecord

View = dict[str, Any]


def state(bill: BillRecord, today: date) -> str:
    """How far a bill is settled: open, partly paid, paid, overdue, or credited when a credit took all of it back."""
    if not bill.is_credit and bill.credited >= bill.total > 0:
        return "credited"
    if not bill.is_open or bill.paid >= bill.total:
        return "paid"
    if not bill.is_credit and bill.due_date < today:
        return "overdue"
    return "partly paid" if bill.paid else "open"


def listed(work: UnitOfWork, today: date, partner: str = "", *, open_only: bool = False) -> list[View]:
    """Every bill that fits, one row each; amounts of credit memos are negative."""
    found = work.invoices.find(partner=PartnerId(partner) if partner else None, open_only=open_only)
    refused = work.exchange.refused()
    rows = [
        {**row(work, each, today), "rejected": refused_views.of_bill(refused, each.partner, each.number)}
        for each in found
    ]
    return [each for each in rows if not open_only or each["open"] != "0.00"]


def row(work: UnitOfWork, bill: BillRecord, today: date) -> View:
    """One bill for a list."""
    sign = -1 if bill.is_credit else 1
    orders = [order for number in bill.orders if (order := work.orders.get(number)) is not None]
    return {
        "invoice_number": bill.number, "kind": bill.kind, "partner": bill.partner,
        "order_numbers": list(bill.orders), "po_numbers": [order.po_number for order in orders],
        "invoice_date": bill.day.isoformat(), "due_date": bill.due_date.isoformat(), "currency": bill.currency,
        "total": _money(sign * bill.total), "paid": _money(sign * bill.paid),
        "open": _money(sign * (bill.total - bill.paid)), "credited": _money(bill.credited),
        "state": state(bill, today), "credited_invoice": bill.credited_invoice or None,
    }  # fmt: skip


def shown(work: UnitOfWork, bill: BillRecord, today: date) -> View:
    """One bill whole: what it says of each order, and what is left to be credited."""
    parts = work.orders.parts(bill.number)
    return {
        **row(work, bill, today),
        "rejected": refused_views.of_bill(work.exchange.refused(), bill.partner, bill.number),
        "orders": [
            {"order_number": number, **_part(each, work.orders.bills(number))} for number, each in parts
        ],
        "credits": [
            each.number for number, _ in parts
            for each in standing.credits_of(work.orders.bills(number), bill.number)
        ],
    }  # fmt: skip


def _part(part: Bill, bills: Iterable[Bill]) -> View:
    told = {
        "goods": _money(part.goods), "adjustments": [_adjustment(each) for each in part.adjustments],
        "taxes": [_tax(each) for each in part.taxes], "total": _money(part.total),
    }  # fmt: skip
    if isinstance(part, OrderCredited):
        credited = [
            {
                "line": each.line, "sku": each.sku, "quantity": plain(each.quantity),
                "unit_price": plain(each.unit_price), "amount": _money(each.amount),
                "adjustments": [_adjustment(one) for one in each.adjustments],
            }
            for each in part.lines
        ]  # fmt: skip
        return {"lines": credited, **told, "reason": part.reason, "who": part.who, "return_number": part.return_number}
    gone = standing.taken(part, standing.credits_of(bills, part.invoice_number))
    return {"lines": [_line(part, gone, at) for at in range(len(part.lines))], **told, **_terms(part)}


def _line(part: OrderInvoiced, gone: standing.Taken, at: int) -> View:
    line = part.lines[at]
    units, amount = standing.left(line, gone)
    return {
        "line": line.line, "sku": line.sku, "quantity": plain(line.quantity), "unit_price": plain(line.unit_price),
        "amount": _money(line.amount), "adjustments": [_adjustment(one) for one in line.adjustments],
        "tax_percent": plain(line.tax_percent), "quantity_left": plain(units), "amount_left": _money(amount),
    }  # fmt: skip


def _terms(part: OrderInvoiced) -> View:
    worth, until = part.discount_amount, part.discount_due_date
    return {
        "shipments": list(part.shipments), "replaces": part.replaces or None,
        "discount_amount": _money(worth) if worth is not None else None,
        "discount_due_date": until.isoformat() if until is not None else None,
    }  # fmt: skip


def _adjustment(each: BilledAdjustment) -> View:
    return {
        "kind": each.kind, "code": each.code, "amount": _money(each.amount),
        "percent": plain(each.percent) if each.percent is not None else None,
        "rate": plain(each.rate) if each.rate is not None else None, "description": each.description,
    }  # fmt: skip


def _tax(each: BilledTax) -> View:
    return {"percent": plain(each.percent), "base": _money(each.base), "amount": _money(each.amount)}


def _money(amount: Decimal) -> str:
    return f"{amount or Decimal(0):.2f}"  # never -0.00
