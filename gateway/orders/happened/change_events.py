"""What has happened to an order when the buyer changed it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import HoldId, WarehouseId
from gateway.orders.order import Address, Line, Proposal
from gateway.orders.proposal import HeadChange, LineRuling


@dataclass(frozen=True, slots=True)
class ChangeProposed:
    """A change waits for somebody; the order goes on as it was when it is refused."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class LineFreed:
    """So much of a line is undecided again, because it is changed: it left a reservation or waits for goods no more."""

    line: str
    quantity: Decimal
    from_bucket: str
    reason: str
    warehouse: WarehouseId | None = None
    store: str = ""
    picking: bool = False


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line was ordered anew: its total, its price or its dates; a difference of the total is or was undecided."""

    line: str
    ordered_before: Decimal
    ordered: Decimal
    reason: str
    partner_price: Decimal | None = None
    price_basis: str = ""
    ship_not_before: date | None = None
    delivery_requested: date | None = None


@dataclass(frozen=True, slots=True)
class LineAdded:
    """The buyer ordered one line more; ``content`` is all of it."""

    line: str
    content: Line


@dataclass(frozen=True, slots=True)
class LineReplaced:
    """The buyer orders something else on a line of which nothing is reserved or shipped; ``content`` is all of it."""

    line: str
    content: Line


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """The buyer changed dates or the place of the whole order; None stayed as it was."""

    head: HeadChange
    ship_to: Address | None = None


@dataclass(frozen=True, slots=True)
class ChangeAnswered:
    """A change was decided; the answer is owed. ``status``: accepted, changed, rejected."""

    status: str
    answered_on: date
    rulings: tuple[LineRuling, ...]
    change_number: str = ""
    request_number: str = ""
    change_date: date | None = None
    content_hash: str = ""
    by_order: bool = False
    holds: tuple[HoldId, ...] = ()
    reasons: tuple[str, ...] = ()
