"""What has happened to an order when goods of it come back."""

from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.returned import Disposition, Return, ReturnState


@dataclass(frozen=True, slots=True)
class ReturnAuthorised:
    """Goods may come back, all or a part of what was asked; the answer is owed."""

    authorised: Return


@dataclass(frozen=True, slots=True)
class ReturnRefused:
    """Nothing of what was asked may come back; the answer is owed and says why."""

    refused: Return


@dataclass(frozen=True, slots=True)
class ReturnReceived:
    """So much of a line came back; ``restock`` may be sold again, ``refurbish`` is kept apart, ``scrap`` is gone."""

    rma: str
    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    disposition: Disposition
    warehouse: WarehouseId
    credited: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnEnded:
    """Nothing more comes of a return."""

    rma: str
    state: ReturnState
    reason: str


@dataclass(frozen=True, slots=True)
class ReplacementOrdered:
    """The goods of a return are sent once more by an order of their own."""

    rma: str
    order: str
