"""What stands in the warehouses and why: levels, every change of on hand, and who asked for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import Enum

from gateway.kernel.ids import OrderNumber, PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO


class Change(Enum):
    """Why on hand changed."""

    COUNT = "count"
    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    RESTOCK = "restock"
    SCRAP = "scrap"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    BLOCK = "block"


class Asked(Enum):
    """What was asked for; everything is ``ordered``, the other kinds say what became of a part of it."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    LOST = "lost"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who changed stock, when, on what paper and why; ``zone`` is that of the house, in which its days are told."""

    at: datetime
    who: str
    reference: str = ""
    reason: str = ""
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class StockMove:
    """One change of on hand: ``quantity`` in stock units, negative when goods left; ``on_hand`` is what stood there after it.

    ``day`` is when the goods came or left, where that was told.
    """

    at: datetime
    who: str
    warehouse: WarehouseId
    sku: Sku
    kind: Change
    quantity: Decimal
    on_hand: Decimal
    reference: str = ""
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One item in one warehouse, in stock units; what is blocked or in question is not available."""

    warehouse: WarehouseId
    sku: Sku
    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    in_question: Decimal = ZERO
    blocked: Decimal = ZERO
    counted_at: datetime | None = None

    @property
    def free(self) -> Decimal:
        """On hand less reserved and in question; below zero when more is promised than there is."""
        return self.on_hand - self.reserved - self.in_question

    @property
    def available(self) -> Decimal:
        """What can be promised today, never below zero."""
        return max(ZERO, self.free)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that are still to come to a warehouse."""

    warehouse: WarehouseId
    sku: Sku
    expected_date: date
    quantity: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """So much of an order line waits for goods, in stock units, since the order was placed."""

    order: OrderNumber
    line: str
    partner: PartnerId
    po_number: str
    sku: Sku
    quantity: Decimal
    since: date
    priority: int = 0
    requested_date: date | None = None
    promised_date: date | None = None


def home(levels: Iterable[Level], wanted: Mapping[WarehouseId, Decimal]) -> WarehouseId | None:
    """Where goods that wait for no warehouse in particular are expected: where the item is asked for most, else lies most."""
    places = {level.warehouse: level.on_hand for level in levels}
    every = places.keys() | wanted.keys()
    if not every:
        return None
    return min(every, key=lambda place: (-wanted.get(place, ZERO), -places.get(place, ZERO), place))
