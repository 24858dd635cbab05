"""The invoice or credit memo, for the customer and for accounting; every amount is the event's, nothing is reckoned anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.canonical.filling import trusted
from gateway.canonical.invoice import Customer, Invoice, InvoiceLine, InvoiceRow, InvoiceTotals, ShippedTotals
from gateway.canonical.parts import Allowance, Note, PaymentTerms, Tax
from gateway.documents.context import DocumentContext, describe, item_ids, party, store_party, vendor_number
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.billing import taxes
from gateway.orders.bills import BilledAdjustment, BilledTax
from gateway.orders.events import OrderShipped
from gateway.orders.happened.bill_events import Bill, CreditedLine, InvoicedLine, OrderCredited, OrderInvoiced
from gateway.orders.order import Order

new_invoice_line = trusted(InvoiceLine)
new_invoice_row = trusted(InvoiceRow)
new_invoice = trusted(Invoice)
new_customer = trusted(Customer)
new_allowance = trusted(Allowance)
new_tax = trusted(Tax)
new_invoice_totals = trusted(InvoiceTotals)
new_shipped_totals = trusted(ShippedTotals)
new_payment_terms = trusted(PaymentTerms)
new_note = trusted(Note)
NOTHING = Decimal("0.00")
NO_CODE = "ZZZZ"
"""X12 SAC02 of an adjustment that nobody gave a code: mutually defined."""


@dataclass(frozen=True, slots=True)
class BilledPart:
    """What a bill says of one order, and the shipments it bills."""

    order: Order
    bill: Bill
    shipped: tuple[OrderShipped, ...] = ()


def build(parts: list[BilledPart], context: DocumentContext) -> Invoice:
    """The document of an invoice or credit memo; one of several orders names the purchase order at each line."""
    order, bill = parts[0].order, parts[0].bill
    lines = tuple(line for part in parts for line in _lines(part, context, named=len(parts) > 1))
    header = tuple(_merged(each for part in parts for each in part.bill.adjustments))
    taxed = taxes.summed(tax for part in parts for tax in part.bill.taxes)
    credit = bill if isinstance(bill, OrderCredited) else None
    gone = [each for part in parts for each in part.shipped]
    only = gone[0] if len(gone) == 1 else None
    store = order.store if len(parts) == 1 else ""
    marked = store_party(context, store or (_same(each.store for each in gone) or ""))
    at_store = not store and marked is not None and marked.address1
    orders = [part.order for part in parts]
    return new_invoice(
        kind="credit" if credit else "invoice",
        invoice_number=bill.number,
        invoice_date=bill.day,
        due_date=bill.due_date,
        credited_invoice=credit.invoice_number if credit else _replaced(bill),
        credit_reason=_reason(credit) if credit else None, return_number=credit.return_number or None if credit else None,
        po_number=_same(each.po_number for each in orders), order_number=_same(each.number for each in orders),
        po_date=order.po_date if len(parts) == 1 else None, currency=order.currency,
        release_number=_same(each.release_number for each in orders),
        customer=new_customer(partner=order.partner, account=context.account or None, name=context.customer_name or None),
        department=_same(each.department for each in orders), vendor_number=_same(vendor_number(each, context) or "" for each in orders),
        shipment_number=_same(each.shipment_number for each in gone), bill_to=party(order.bill_to),
        ship_to=marked if at_store else party(order.ship_to) if all(each.ship_to == order.ship_to for each in orders) else None,
        mark_for=marked,
        remit_to=context.us, bol=only.bol or None if only else None,
        carrier_scac=_same(each.carrier_scac or order.route.carrier_scac or order.carrier_scac for each in gone),
        fob=_same(each.fob for each in orders) if gone else None,
        ship_date=max((each.ship_date for each in gone), default=None),
        terms=_terms(parts), allowances=tuple(_adjustment(each) for each in header),
        taxes=tuple(_tax(each) for each in taxed), lines=lines, rows=tuple(_rows(parts, lines, header, taxed)),
        notes=(new_note(text=credit.reason),) if credit and credit.reason else (),
        totals=_totals(parts, lines, header), shipped=_shipped(parts, lines),
    )  # fmt: skip


def _replaced(bill: Bill) -> str | None:
    return bill.replaces or None if isinstance(bill, OrderInvoiced) else None


def _same(values: Iterable[str]) -> str | None:
    """The value that all have, None when they differ or are empty."""
    different = set(values)
    return different.pop() or None if len(different) == 1 else None


def _lines(part: BilledPart, context: DocumentContext, *, named: bool) -> Iterator[InvoiceLine]:
    order, known = part.order, {line.number: line for line in part.order.lines}
    billed: tuple[InvoicedLine | CreditedLine, ...] = part.bill.lines
    for each in billed:
        line = known[each.line]
        own = sum((one.signed for one in each.adjustments), ZERO)
        yield new_invoice_line(
            number=line.number, sku=each.sku, quantity=line.quantity.ordered, invoiced=each.quantity, uom=line.uom,
            unit_price=each.unit_price, amount=each.amount, extended_price=each.amount + own if own else None,
            price_basis=line.price_basis or None, description=describe(line, context), ids=item_ids(line, context),
            tax_code=line.tax_code or None, allowances=tuple(_adjustment(one) for one in each.adjustments),
            po_number=order.po_number if named else None, order_number=order.number if named else None,
        )  # fmt: skip


def _merged(adjustments: Iterable[BilledAdjustment]) -> Iterator[BilledAdjustment]:
    """Those of one kind together, so that a bill of several orders names each once."""
    found: dict[tuple[object, ...], BilledAdjustment] = {}
    for each in adjustments:
        key = (each.kind, each.code, each.percent, each.rate, each.description, each.source)
        before = found[key].amount if key in found else ZERO
        found[key] = BilledAdjustment(
            each.kind, each.code, before + each.amount, each.percent, each.rate, None, each.description, each.source
        )
    yield from found.values()


def _adjustment(each: BilledAdjustment) -> Allowance:
    return new_allowance(
        kind=each.kind, code=each.code or NO_CODE, percent=each.percent, rate=each.rate, quantity=each.quantity,
        amount=each.amount, description=_named(each), method="02" if each.kind == "allowance" else "06",
    )  # fmt: skip


def _named(each: BilledAdjustment) -> str:
    return each.description or f"{each.kind.capitalize()} {each.code}".strip()


def _tax(tax: BilledTax) -> Tax:
    return new_tax(kind="TX", rate=tax.percent, amount=tax.amount)


def _reason(credit: OrderCredited) -> str:
    """X12 426: an authorised return, a wrong quantity, a wrong price, or a wrong charge."""
    if credit.return_number:
        return "72"
    if not credit.lines:
        return "02"
    return "06" if any(line.units for line in credit.lines) else "01"


def _terms(parts: list[BilledPart]) -> PaymentTerms:
    """The terms of an invoice; a credit memo has none."""
    bills = [part.bill for part in parts if isinstance(part.bill, OrderInvoiced)]
    if not bills:
        return new_payment_terms()
    first, amounts = bills[0], [bill.discount_amount for bill in bills if bill.discount_amount is not None]
    return new_payment_terms(
        discount_percent=first.discount_percent, discount_days=first.discount_days, net_days=first.net_days,
        discount_due_date=first.discount_due_date, discount_amount=sum(amounts, ZERO) if amounts else None,
    )  # fmt: skip


def _totals(
    parts: list[BilledPart], lines: tuple[InvoiceLine, ...], header: tuple[BilledAdjustment, ...]
) -> InvoiceTotals:
    every = [each for part in parts for line in part.bill.lines for each in line.adjustments]
    return new_invoice_totals(
        goods=sum((part.bill.goods for part in parts), NOTHING),
        lines=sum(((line.amount or ZERO) if line.extended_price is None else line.extended_price for line in lines), NOTHING),
        allowances=_sum("allowance", [*every, *header]), charges=_sum("charge", [*every, *header]),
        header_allowances=_sum("allowance", header), header_charges=_sum("charge", header),
        tax=sum((tax.amount for part in parts for tax in part.bill.taxes), NOTHING),
        amount=sum((part.bill.total for part in parts), NOTHING),
    )  # fmt: skip


def _sum(kind: str, adjustments: Iterable[BilledAdjustment]) -> Decimal:
    return sum((each.amount for each in adjustments if each.kind == kind), NOTHING)


def _shipped(parts: list[BilledPart], lines: tuple[InvoiceLine, ...]) -> ShippedTotals:
    """What left of what is billed; units only where all lines have the same. What is billed again left before."""
    gone = [each for part in parts for each in part.shipped]
    if not gone or any(_replaced(part.bill) for part in parts):
        return new_shipped_totals()
    units, weights = {line.uom for line in lines}, [each.weight for each in gone if each.weight is not None]
    return new_shipped_totals(
        quantity=sum((line.invoiced or ZERO for line in lines), ZERO) if len(units) == 1 else None,
        uom=units.pop() if len(units) == 1 else None, cartons=len({row.sscc for each in gone for row in each.rows}),
        weight=sum(weights, ZERO) if len(weights) == len(gone) else None,
        weight_uom=_same(each.weight_uom for each in gone),
    )  # fmt: skip


def _rows(
    parts: list[BilledPart], lines: tuple[InvoiceLine, ...], header: tuple[BilledAdjustment, ...],
    taxed: tuple[BilledTax, ...],
) -> Iterator[InvoiceRow]:  # fmt: skip
    """The rows of the accounting file; their amounts add up to the total."""
    own = [line.adjustments for part in parts for line in part.bill.lines]
    for line, adjustments in zip(lines, own, strict=True):
        yield new_invoice_row(
            row_type="item", line=line.number, sku=line.sku, description=line.description, quantity=line.invoiced,
            uom=line.uom, unit_price=line.unit_price, amount=line.amount or ZERO, tax_code=line.tax_code,
            po_number=line.po_number, ids=line.ids,
        )  # fmt: skip
        for each in adjustments:
            yield new_invoice_row(
                row_type=each.kind, code=each.code or NO_CODE, line=line.number, sku=line.sku, description=_named(each),
                amount=each.signed, po_number=line.po_number, ids=line.ids,
            )  # fmt: skip
    for each in header:
        yield new_invoice_row(
            row_type=each.kind, code=each.code or NO_CODE, description=_named(each), amount=each.signed
        )  # fmt: skip
    for tax in taxed:
        yield new_invoice_row(row_type="tax", description=f"Tax {plain(tax.percent)}%", amount=tax.amount)
