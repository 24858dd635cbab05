"""How orders are asked for, and their events as they were recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO
from gateway.orders.events import Event


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of an order as it was recorded."""

    sequence: int
    at: datetime
    who: str
    event: Event


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An order that waits for its decision, and until when its partner waits for our answer."""

    number: OrderNumber
    version: int
    partner: PartnerId
    placed_at: datetime
    answer_due: datetime


@dataclass(frozen=True, slots=True)
class BillRecord:
    """The row of an invoice or credit memo; ``credited`` is what its own credit memos took back of an invoice."""

    number: str
    kind: str
    partner: PartnerId
    orders: tuple[OrderNumber, ...]
    currency: str
    day: date
    due_date: date
    total: Decimal
    paid: Decimal
    is_open: bool
    credited_invoice: str = ""
    credited: Decimal = ZERO

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit memo."""
        return self.kind == "credit"


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Which orders to list; None means any. ``since`` is when they were placed; only who looks asks for it."""

    partner: PartnerId | None = None
    po_number: str | None = None
    status: str | None = None
    test: bool = False
    since: datetime | None = None
