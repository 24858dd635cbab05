"""What is billed of a shipment: quantities shipped at the agreed price, to the cent."""

from collections.abc import Iterator
from datetime import timedelta

from gateway.kernel.errors import TransitionError
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice
from gateway.orders.events import Event, InvoicedLine, OrderInvoiced
from gateway.orders.order import Order
from gateway.orders.terms import Terms


def issue(order: Order, command: IssueInvoice, case: Case) -> Iterator[Event]:
    """The invoice of a shipment; raises TransitionError when nothing is to be invoiced."""
    issued = invoice(order, command, case.terms)
    if issued is None:
        raise TransitionError(f"{order.number} has nothing shipped that is not invoiced.")
    yield issued


def invoice(order: Order, command: IssueInvoice, terms: Terms) -> OrderInvoiced | None:
    """The invoice of everything shipped and not invoiced; None when there is nothing.

    total = sum of the lines' amounts, each to the cent, less the agreed allowances, each to the cent.
    """
    lines = tuple(
        InvoicedLine(line.number, line.sku, quantity, line.unit_price, cents(quantity * line.unit_price))
        for line in order.lines
        if line.sku is not None and line.unit_price is not None
        and (quantity := line.quantity.shipped - line.quantity.invoiced) > ZERO
    )  # fmt: skip
    if not lines:
        return None
    goods = sum((line.amount for line in lines), cents(ZERO))
    allowances = tuple((code, percent, cents(goods * percent / 100)) for code, percent in terms.allowances)
    due = command.invoice_date + timedelta(days=terms.net_days or 0)
    return OrderInvoiced(
        invoice_number=command.invoice_number, shipment_number=command.shipment_number,
        invoice_date=command.invoice_date, due_date=due, lines=lines, goods=goods, allowances=allowances,
        total=goods - sum((amount for _, _, amount in allowances), ZERO), discount_percent=terms.discount_percent,
        discount_days=terms.discount_days, net_days=terms.net_days,
    )  # fmt: skip
