"""What stands on a bill besides its lines, and the arithmetic of bills: shares to the cent that add up exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO

FREIGHT = "D240"
"""X12 SAC02: freight."""
RESTOCKING = "G470"
"""X12 SAC02: what the return of goods to the shelf costs."""


@dataclass(frozen=True, slots=True)
class BilledAdjustment:
    """One allowance or charge of a bill; ``amount`` is positive, to the cent.

    ``source`` is, on an invoice, the place of the adjustment among those of the order or of its line, and, on a
    credit memo, its place among those of the invoice; -1 when it came from elsewhere (freight, restocking, a rebill).
    """

    kind: Literal["allowance", "charge"]
    code: str
    amount: Decimal
    percent: Decimal | None = None
    rate: Decimal | None = None
    quantity: Decimal | None = None
    description: str = ""
    source: int = -1

    @property
    def signed(self) -> Decimal:
        """What it adds to the bill."""
        return -self.amount if self.kind == "allowance" else self.amount

    @property
    def is_once(self) -> bool:
        """Whether it is an amount of its own and not a part of the price of the goods."""
        return self.percent is None and self.rate is None

    @property
    def follows_goods(self) -> bool:
        """Whether it is credited with the goods; a charge that was made once (freight, handling) is not."""
        return self.kind == "allowance" or not self.is_once


@dataclass(frozen=True, slots=True)
class BilledTax:
    """The tax of one rate (in percent) on a bill; ``base`` is what it was taken of."""

    percent: Decimal
    base: Decimal
    amount: Decimal


def shares(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The amount shared out by the weights, to the cent; they add up to it, and the last one takes what is left over.

    >>> shares(Decimal("0.05"), [Decimal(1)] * 3)
    (Decimal('0.02'), Decimal('0.01'), Decimal('0.02'))
    """
    whole = sum(weights, ZERO)
    parts: list[Decimal] = []
    before = seen = ZERO
    for at, weight in enumerate(weights, start=1):
        seen += weight
        upto = amount if at == len(weights) else (cents(amount * seen / whole) if whole else ZERO)
        parts.append(upto - before)
        before = upto
    return tuple(parts)


def added(adjustments: Iterable[BilledAdjustment]) -> Decimal:
    """What allowances and charges come to: charges less allowances."""
    return sum((each.signed for each in adjustments), ZERO)


def unit_price(amount: Decimal, quantity: Decimal, price: Decimal) -> Decimal:
    """The price that gives the amount: the one billed where it does, else the shortest that comes to it to the cent."""
    if not quantity or cents(quantity * price) == amount:
        return price
    for places in range(2, 12):
        found = (amount / quantity).quantize(Decimal(1).scaleb(-places))
        if cents(quantity * found) == amount:
            return found
    return amount / quantity
