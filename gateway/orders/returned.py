"""Goods that come back: what was authorised under which number (RMA), what came, and what became of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from gateway.kernel.quantity import ZERO

Disposition = Literal["restock", "scrap", "refurbish"]
ReturnState = Literal["refused", "open", "closed", "cancelled"]


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line of a return in its ordered unit: asked for, authorised, received; what is refused says why.

    received = restocked + scrapped + refurbished; ``creditable`` is what of the received is to be credited,
    ``credited`` what a credit memo told; ``replace`` says that the customer wants the goods again instead of money.
    """

    line: str
    quantity: Decimal
    reason: str
    authorised: Decimal = ZERO
    refusal: str = ""
    replace: bool = False
    received: Decimal = ZERO
    restocked: Decimal = ZERO
    scrapped: Decimal = ZERO
    refurbished: Decimal = ZERO
    creditable: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def waits(self) -> Decimal:
        """What is authorised and not received."""
        return self.authorised - self.received


@dataclass(frozen=True, slots=True)
class Return:
    """One return of an order; ``rma`` is our number, ``return_number`` the customer's."""

    rma: str
    return_number: str
    requested_on: date
    state: ReturnState
    lines: tuple[ReturnedLine, ...]
    valid_until: date | None = None
    reason: str = ""
    content_hash: str = ""
    replacements: tuple[str, ...] = ()

    def line(self, number: str) -> ReturnedLine | None:
        """The line with this number, or None."""
        return next((line for line in self.lines if line.line == number), None)
