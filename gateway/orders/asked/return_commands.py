"""What can be asked of an order when goods come back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import OrderNumber, WarehouseId
from gateway.orders.returned import Disposition


@dataclass(frozen=True, slots=True)
class WantedReturn:
    """So much of a line the customer wants to send back; ``shipped`` says how much of it left when."""

    line: str
    quantity: Decimal
    reason: str
    uom: str = ""
    replace: bool = False
    shipped: tuple[tuple[date, Decimal], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """The customer asks to send goods back; ``rma`` is the number of our answer, yes or no."""

    rma: str
    return_number: str
    lines: tuple[WantedReturn, ...]
    content_hash: str = ""
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class ReceiveReturn:
    """So much of a line came back and was looked at; ``credited`` is False where the customer is to blame."""

    rma: str
    line: str
    quantity: Decimal
    disposition: Disposition
    warehouse: WarehouseId
    reason: str = ""
    credited: bool = True
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class EndReturn:
    """Nothing more comes of a return: closed with what came, or cancelled when nothing did."""

    rma: str
    reason: str
    cancels: bool = False
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class LinkReplacement:
    """A replacement order was placed for a return."""

    rma: str
    order: OrderNumber
