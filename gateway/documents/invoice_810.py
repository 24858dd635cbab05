"""The invoice: one shipment of one order, for the customer and for accounting; the same figures in both."""

from collections.abc import Iterator
from decimal import Decimal

from gateway.canonical.invoice import Customer, Invoice, InvoiceLine, InvoiceRow, InvoiceTotals
from gateway.canonical.parts import Allowance, PaymentTerms
from gateway.documents.context import DocumentContext, describe, item_ids, party, store_party
from gateway.kernel.quantity import ZERO
from gateway.orders.events import InvoicedLine, OrderInvoiced, OrderShipped
from gateway.orders.order import Order


def build(order: Order, event: OrderInvoiced, shipped: OrderShipped | None, context: DocumentContext) -> Invoice:
    """The invoice document; every amount is the event's, nothing is computed anew."""
    lines = tuple(_line(order, line, context) for line in event.lines)
    allowances = tuple(_allowance(*each) for each in event.allowances)
    deducted = sum((amount for _, _, amount in event.allowances), ZERO)
    return Invoice(
        invoice_number=event.invoice_number, invoice_date=event.invoice_date, due_date=event.due_date,
        po_number=order.po_number, po_date=order.po_date, order_number=order.number,
        release_number=order.release_number or None, currency=order.currency,
        customer=Customer(partner=order.partner, account=context.account or None, name=context.customer_name or None),
        department=order.department or None, vendor_number=order.vendor_number or None,
        shipment_number=event.shipment_number, bill_to=party(order.bill_to), ship_to=party(order.ship_to),
        mark_for=store_party(context, order.store),
        remit_to=context.us, bol=shipped.bol or None if shipped else None,
        carrier_scac=shipped.carrier_scac or None if shipped else None,
        ship_date=shipped.ship_date if shipped else None, terms=_terms(event), allowances=allowances, lines=lines,
        rows=tuple(_rows(lines, allowances)),
        totals=InvoiceTotals(
            goods=event.goods, allowances=deducted, charges=Decimal("0.00"), tax=Decimal("0.00"), amount=event.total
        ),
    )  # fmt: skip


def _line(order: Order, invoiced: InvoicedLine, context: DocumentContext) -> InvoiceLine:
    line = next(line for line in order.lines if line.number == invoiced.line)
    return InvoiceLine(
        number=line.number, sku=invoiced.sku, quantity=line.quantity.ordered, invoiced=invoiced.quantity, uom=line.uom,
        unit_price=invoiced.unit_price, amount=invoiced.amount, price_basis=line.price_basis or None,
        description=describe(line, context), ids=item_ids(line, context), tax_code=line.tax_code or None,
    )  # fmt: skip


def _allowance(code: str, percent: Decimal, amount: Decimal) -> Allowance:
    return Allowance(kind="allowance", code=code, percent=percent, amount=amount, description=f"Allowance {code}")


def _terms(event: OrderInvoiced) -> PaymentTerms:
    return PaymentTerms(
        discount_percent=event.discount_percent, discount_days=event.discount_days, net_days=event.net_days
    )


def _rows(lines: tuple[InvoiceLine, ...], allowances: tuple[Allowance, ...]) -> Iterator[InvoiceRow]:
    """The rows of the accounting file; their amounts add up to the total."""
    for line in lines:
        yield InvoiceRow(
            row_type="item", line=line.number, sku=line.sku, description=line.description, quantity=line.invoiced,
            uom=line.uom, unit_price=line.unit_price, amount=line.amount, tax_code=line.tax_code,
        )  # fmt: skip
    for each in allowances:
        yield InvoiceRow(row_type="allowance", description=each.description, amount=-(each.amount or ZERO))
