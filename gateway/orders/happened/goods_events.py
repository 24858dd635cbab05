"""What happened to the goods of an order besides its first answer: substituted, awaited, filled, moved, kept for a while."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.order import Reserved


@dataclass(frozen=True, slots=True)
class LineSubstituted:
    """Another item is served than the one that was ordered: at the price of that one, or at its own that is lower (``unit_price``)."""

    line: str
    sku: Sku
    instead_of: Sku
    description: str
    stock_per_unit: Decimal
    tax_code: str
    reason: str
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineAwaits:
    """So much of a line is accepted against goods on their way; it waits for them and takes nothing from stock."""

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    reference: str
    reason: str
    promised_date: date
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class LineFilled:
    """So much of what waited is reserved in a warehouse now."""

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    reason: str
    promised_date: date
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class LineRescheduled:
    """What waits can ship on another day than was promised; None when no incoming goods cover it.

    With ``whole`` the order leaves in one shipment, so that the day counts for what is reserved as well.
    """

    line: str
    promised_date: date | None
    before: date | None
    reason: str
    delivery_date: date | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRenewed:
    """Lines stand otherwise than they were answered; partners who agreed on later answers are told."""

    status: str
    decided_on: date
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoodsReserved:
    """Stock is kept for an order on hold until a moment."""

    goods: tuple[Reserved, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ReservationExpired:
    """What was kept for an order on hold is free again."""

    goods: tuple[Reserved, ...]
    reason: str
