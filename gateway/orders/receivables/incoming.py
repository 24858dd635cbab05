"""Money as it came in: what was paid, for which invoices, what was kept back, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.quantity import ZERO, plain


@dataclass(frozen=True, slots=True)
class Kept:
    """An amount that the partner keeps back, and the reason code it names."""

    amount: Decimal
    reason: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Remitted:
    """What is meant for one invoice; ``paid`` is None where only the invoice is named."""

    invoice: str
    paid: Decimal | None = None
    discount: Decimal = ZERO
    kept: tuple[Kept, ...] = ()
    po_number: str = ""

    @property
    def withheld(self) -> Decimal:
        """All that is kept back."""
        return sum((each.amount for each in self.kept), ZERO)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A payment to be booked; ``amount`` is negative when money is taken back. ``source`` says how it came."""

    number: str
    payment_date: date
    currency: str
    amount: Decimal
    remitted: tuple[Remitted, ...] = ()
    kept: tuple[Kept, ...] = ()
    method: str = ""
    source: str = ""
    content_hash: str = ""

    @property
    def content(self) -> str:
        """The same for the same payment, however it came."""
        return "|".join(self._facts())

    def _facts(self) -> Iterator[str]:
        yield from (self.payment_date.isoformat(), self.currency, plain(self.amount))
        for each in self.remitted:
            paid = "" if each.paid is None else plain(each.paid)
            yield from (each.invoice, paid, plain(each.discount), *_kept(each.kept))
        yield from _kept(self.kept)


def _kept(kept: tuple[Kept, ...]) -> Iterator[str]:
    for each in kept:
        yield from (plain(each.amount), each.reason, each.reference)
