"""What it may cost to be late: fines as partner files say them, and the money at risk."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO

_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,4})?) per (order|line|document|day|hour)")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)% of (goods|order)")
_SPANS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Stakes:
    """What a promise is about: the goods, the order they are of, how many lines; zero where that is not known."""

    goods: Decimal = ZERO
    order: Decimal = ZERO
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Fine:
    """``value`` is an amount per ``of``, or with ``is_percent`` so many percent of it."""

    value: Decimal
    of: str
    is_percent: bool

    @property
    def span(self) -> timedelta | None:
        """For which time it is due again and again; None where it is due once."""
        return _SPANS.get(self.of)

    def at_risk(self, stakes: Stakes) -> Decimal:
        """What being late costs at least.

        >>> parsed("3% of goods").at_risk(Stakes(goods=Decimal("179.90")))
        Decimal('5.40')
        """
        if self.is_percent:
            return cents(self.value * (stakes.goods if self.of == "goods" else stakes.order) / 100)
        return cents(self.value * (stakes.lines if self.of == "line" else 1))

    def after(self, risk: Decimal, late: timedelta) -> Decimal:
        """What it costs by now, ``risk`` being what it costs at least: each day or hour that has begun counts.

        >>> parsed("10.00 per day").after(Decimal("10.00"), timedelta(days=1, seconds=1))
        Decimal('20.00')
        """
        if self.span is None or late <= timedelta():
            return risk
        return risk * -(-late // self.span)


def parsed(text: str) -> Fine:
    """A fine as a partner file says it; raises ValueError for anything else.

    >>> parsed("50.00 per order").value
    Decimal('50.00')
    """
    for pattern, is_percent in ((_AMOUNT, False), (_PERCENT, True)):
        found = pattern.fullmatch(text)
        if found is not None:
            return Fine(Decimal(found[1]), found[2], is_percent)
    raise ValueError(f"'{text}' is not a fine; write it like '50.00 per order' or '3% of goods'")
