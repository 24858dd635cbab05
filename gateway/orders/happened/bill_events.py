"""What was billed of an order, and what was taken back of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import Sku
from gateway.kernel.quantity import ZERO
from gateway.orders.bills import BilledAdjustment, BilledTax


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """One line of an invoice; ``amount`` = quantity x unit price to the cent, before its own ``adjustments``."""

    line: str
    sku: Sku
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    adjustments: tuple[BilledAdjustment, ...] = ()
    tax_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class OrderInvoiced:
    """An invoice was issued, or the part of one that bills this order; amounts in the order's currency, to the cent.

    total = goods - allowances + charges + taxes, those of the lines included; ``shipments`` are those it bears the
    freight of; ``replaces`` is the invoice that was wrong, when this one bills a part of it again.
    """

    invoice_number: str
    shipment_number: str
    invoice_date: date
    due_date: date
    lines: tuple[InvoicedLine, ...]
    goods: Decimal
    total: Decimal
    adjustments: tuple[BilledAdjustment, ...] = ()
    taxes: tuple[BilledTax, ...] = ()
    shipments: tuple[str, ...] = ()
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    discount_due_date: date | None = None
    discount_amount: Decimal | None = None
    net_days: int | None = None
    replaces: str = ""

    @property
    def number(self) -> str:
        """The number of the bill."""
        return self.invoice_number

    @property
    def day(self) -> date:
        """The date of the bill."""
        return self.invoice_date


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """One line of a credit memo; ``units`` of it are credited as goods, none when only the price was wrong."""

    line: str
    sku: Sku
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    units: Decimal
    adjustments: tuple[BilledAdjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderCredited:
    """A credit memo was issued for a part of an invoice; amounts positive, to the cent, added up as an invoice's.

    ``document`` is what the customer gets: an 810 or an 812.
    """

    credit_number: str
    invoice_number: str
    credit_date: date
    lines: tuple[CreditedLine, ...]
    goods: Decimal
    total: Decimal
    reason: str
    who: str
    adjustments: tuple[BilledAdjustment, ...] = ()
    taxes: tuple[BilledTax, ...] = ()
    return_number: str = ""
    document: str = "810"

    @property
    def number(self) -> str:
        """The number of the bill."""
        return self.credit_number

    @property
    def day(self) -> date:
        """The date of the bill; what is credited is due at once."""
        return self.credit_date

    @property
    def due_date(self) -> date:
        """The same."""
        return self.credit_date


Bill = OrderInvoiced | OrderCredited
"""What was billed and what was taken back of it."""
