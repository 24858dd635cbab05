"""What happens to an order when its invoices are settled, or open again, and when it is closed."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """Everything that was invoiced is settled; ``total`` is what the invoices came to."""

    invoices: tuple[str, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class OrderReopened:
    """An invoice of a paid order is open again."""

    invoice: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderClosed:
    """Nothing more is expected of the order."""

    reason: str
