"""What is billed of what was shipped: goods at the agreed price, allowances, charges, freight and taxes, to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from gateway.kernel.errors import TransitionError
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.billing import freight, settlement, taxes
from gateway.orders.bills import BilledAdjustment, added
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice
from gateway.orders.events import Event
from gateway.orders.happened.bill_events import InvoicedLine, OrderInvoiced
from gateway.orders.order import Adjustment, Line, Order
from gateway.orders.terms import Terms

BillingStatus = Literal["none", "partially_invoiced", "invoiced", "credited"]


def issue(order: Order, command: IssueInvoice, case: Case) -> Iterator[Event]:
    """The invoice of what was shipped; raises TransitionError when nothing is to be invoiced."""
    issued = invoice(order, command, case)
    if issued is None:
        raise TransitionError(f"{order.number} has nothing shipped that is not invoiced.")
    yield issued


def billing_status(order: Order) -> BillingStatus:
    """How far an order is billed, whatever else it waits for; credited when all that was billed was taken back."""
    buckets = [line.quantity for line in order.lines]
    invoiced = sum((each.invoiced for each in buckets), ZERO)
    if not invoiced:
        return "none"
    if invoiced == sum((each.credited for each in buckets), ZERO):
        return "credited"
    return "invoiced" if invoiced == sum((each.open for each in buckets), ZERO) else "partially_invoiced"


def is_complete(order: Order) -> bool:
    """Whether nothing of an order is open any more: all of it is shipped, cancelled or rejected."""
    return all(line.quantity.shipped == line.quantity.open for line in order.lines)


def invoice(order: Order, command: IssueInvoice, case: Case) -> OrderInvoiced | None:
    """The invoice of everything shipped and not invoiced, or less when the command says so; None when there is nothing.

    total = the lines' amounts, each to the cent, less allowances, plus charges and taxes, each to the cent.
    """
    wanted = None if command.quantities is None else dict(command.quantities)
    goes_to = (order.tax_region, order.ship_to.state)
    lines: list[InvoicedLine] = []
    for line in order.lines:
        quantity = line.quantity.shipped - line.quantity.invoiced
        if wanted is not None:
            quantity = min(quantity, wanted.get(line.number, ZERO))
        if line.sku is not None and line.unit_price is not None and quantity > ZERO:
            amount = cents(quantity * line.unit_price)
            own = tuple(_of_line(line, quantity, amount))
            rate = taxes.rate(case.terms.tax, goes_to, line.tax_code)
            lines.append(InvoicedLine(line.number, line.sku, quantity, line.unit_price, amount, own, rate))
    if not lines:
        return None
    goods = sum((line.amount for line in lines), cents(ZERO))
    shipments = command.shipments or _shipments(order, command)
    header = (*_of_order(order, case.terms, goods, lines), *freight.charge(order, shipments))
    parts = [(line.amount, added(line.adjustments)) for line in lines]
    bases = taxes.bases(parts, header)
    taxed = taxes.taxes(zip((line.tax_percent for line in lines), bases, strict=True), command.before)
    net = goods + added(header) + sum((own for _, own in parts), ZERO)
    return settlement.with_terms(
        OrderInvoiced(
            invoice_number=command.invoice_number, shipment_number=command.shipment_number,
            invoice_date=command.invoice_date, due_date=command.invoice_date, lines=tuple(lines), goods=goods,
            total=net + sum((tax.amount for tax in taxed), ZERO), adjustments=header, taxes=taxed, shipments=shipments,
        ),
        order, case.terms,
    )  # fmt: skip


def _shipments(order: Order, command: IssueInvoice) -> tuple[str, ...]:
    """The shipment billed, and those before it whose freight waits for an invoice."""
    named = (command.shipment_number, *(name for name, _ in order.freight))
    return tuple(dict.fromkeys(each for each in named if each))


def _of_line(line: Line, quantity: Decimal, amount: Decimal) -> Iterator[BilledAdjustment]:
    """The adjustments of a line: a percentage of its amount, a rate for each unit, a fixed amount once."""
    for at, each in enumerate(line.adjustments):
        if each.percent is not None:
            billed = cents(amount * each.percent / 100)
        elif each.rate is not None:
            billed = cents(quantity * each.rate)
        else:
            billed = _left(each)
        if billed > ZERO:
            yield _billed(each, billed, at, quantity if each.rate is not None else None)


def _of_order(order: Order, terms: Terms, goods: Decimal, lines: list[InvoicedLine]) -> Iterator[BilledAdjustment]:
    """The adjustments of the whole order that this invoice bears."""
    now = {line.line: line.quantity for line in lines}
    for at, each in enumerate(order.adjustments):
        if each.percent is not None:
            billed = cents(goods * each.percent / 100)
        elif each.rate is not None:
            billed = cents(sum(now.values(), ZERO) * each.rate)
        else:
            billed = _fixed(order, each, terms.header_charges, goods, now)
        if billed > ZERO:
            yield _billed(each, billed, at)


def _fixed(order: Order, adjustment: Adjustment, way: str, goods: Decimal, now: dict[str, Decimal]) -> Decimal:
    """What of a fixed amount the invoice bears: all at first, all at last, or in proportion to the goods billed."""
    left = _left(adjustment)
    whole = billed = ZERO
    is_last = True
    for line in order.lines:
        upto = line.quantity.invoiced + now.get(line.number, ZERO)
        is_last = is_last and upto == line.quantity.open
        whole += line.quantity.open * (line.unit_price or ZERO)
        billed += upto * (line.unit_price or ZERO)
    if is_last:
        return left
    if way == "first":  # an allowance is never more than the goods it is taken from; the next invoice bears the rest
        return min(left, goods) if adjustment.kind == "allowance" else left
    if way == "last" or not whole:
        return ZERO
    return min(left, max(ZERO, cents((adjustment.amount or ZERO) * billed / whole) - adjustment.billed))


def _left(adjustment: Adjustment) -> Decimal:
    return cents(adjustment.amount or ZERO) - adjustment.billed


def _billed(what: Adjustment, amount: Decimal, source: int, quantity: Decimal | None = None) -> BilledAdjustment:
    return BilledAdjustment(
        what.kind, what.code, amount, what.percent, what.rate, quantity, what.description, source
    )  # fmt: skip
