"""Quantities: Decimal with a unit, and the one way to write a Decimal as plain text."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of a unit of measure (X12 element 355 code); units never mix."""

    amount: Decimal
    uom: str

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.uom}"


def plain(number: Decimal) -> str:
    """A Decimal without exponent, without trailing zeros after the point.

    >>> plain(Decimal("12.00")), plain(Decimal("1E+2")), plain(Decimal("0.50"))
    ('12', '100', '0.5')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
