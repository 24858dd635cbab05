"""Whom to remind of what: each invoice at the highest level it has reached, never twice, never what is disputed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import PartnerId
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables.account import Account, Invoice


@dataclass(frozen=True, slots=True)
class Reminded:
    """One invoice of a letter: what is asked for is ``due``, what is ``disputed`` is not."""

    invoice: Invoice
    days_overdue: int
    disputed: Decimal

    @property
    def due(self) -> Decimal:
        """What we ask for."""
        return self.invoice.open - self.disputed


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter: everything of a partner, in one currency, that has reached a level; ``level`` counts from 1."""

    partner: PartnerId
    level: int
    currency: str
    invoices: tuple[Reminded, ...]

    @property
    def total(self) -> Decimal:
        """All that we ask for."""
        return sum((each.due for each in self.invoices), ZERO)


def level_of(days_overdue: int, levels: tuple[int, ...], grace_days: int) -> int:
    """The highest level reached, counted from 1; 0 for none.

    >>> level_of(12, (10, 25, 45), 3), level_of(13, (10, 25, 45), 3), level_of(60, (10, 25, 45), 3)
    (0, 1, 3)
    """
    return sum(1 for days in levels if days_overdue >= days + grace_days)


def reminders(
    account: Account, sent: Mapping[str, int], today: date, *, levels: tuple[int, ...], grace_days: int
) -> Iterator[Reminder]:
    """The letters that are due; ``sent`` is the highest level each invoice was reminded at."""
    found: dict[tuple[int, str], list[Reminded]] = {}
    for each in account.invoices.values():
        overdue = (today - each.due_date).days
        level = level_of(overdue, tuple(sorted(levels)), grace_days)
        what = Reminded(each, overdue, account.disputed(each.number))
        if not each.is_credit and level > sent.get(each.number, 0) and what.due > ZERO:
            found.setdefault((level, each.currency), []).append(what)
    for (level, currency), invoices in sorted(found.items()):
        ordered = sorted(invoices, key=lambda each: (each.invoice.due_date, each.invoice.number))
        yield Reminder(account.partner, level, currency, tuple(ordered))
