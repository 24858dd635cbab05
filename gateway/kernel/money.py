"""Money: a Decimal amount that always knows its currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217); arithmetic between currencies is refused.

    >>> Money(Decimal("9.95"), "USD") * Decimal(12)
    Money(amount=Decimal('119.40'), currency='USD')
    """

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, factor: Decimal) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other).amount

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"

    def rounded(self) -> "Money":
        """To the cent, half up (commercial rounding)."""
        return Money(cents(self.amount), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added or compared")
        return other


def cents(amount: Decimal) -> Decimal:
    """The amount to two places, half up.

    >>> cents(Decimal("2.345"))
    Decimal('2.35')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def price_text(price: Decimal) -> str:
    """A price for a person: two places, more only where it has more.

    >>> price_text(Decimal("82")), price_text(Decimal("11.905")), price_text(Decimal("0.50"))
    ('82.00', '11.905', '0.50')
    """
    rounded = price.quantize(CENT)
    return format(rounded if rounded == price else price.normalize(), "f")


def written(amount: Decimal) -> str:
    """The amount as text with its cents.

    >>> written(Decimal("899.5")), written(Decimal("-0"))
    ('899.50', '0.00')
    """
    return f"{cents(amount) or cents(Decimal(0)):.2f}"
