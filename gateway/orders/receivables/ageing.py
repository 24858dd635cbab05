"""What is owed by how long it is overdue: buckets for each partner and currency, credits and unapplied cash apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import PartnerId
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables.account import Account, Invoice, Payment

BUCKETS: tuple[tuple[str, int], ...] = (("current", 0), ("1-30", 30), ("31-60", 60), ("61-90", 90))
"""Each bucket with the last day overdue that belongs to it."""
OLDEST = "over_90"


@dataclass(frozen=True, slots=True)
class Aged:
    """What one partner owes in one currency: ``buckets`` by name, ``credits`` and ``unapplied`` negative."""

    partner: PartnerId
    currency: str
    buckets: tuple[tuple[str, Decimal], ...]
    credits: Decimal
    unapplied: Decimal
    disputed: Decimal
    invoices: tuple[Invoice, ...]

    @property
    def total(self) -> Decimal:
        """The sum of everything: what the partner owes after all."""
        return sum((amount for _, amount in self.buckets), self.credits + self.unapplied)


def bucket(due: date, today: date) -> str:
    """The bucket of an invoice on a day.

    >>> bucket(date(2026, 11, 1), date(2026, 11, 1)), bucket(date(2026, 11, 1), date(2026, 12, 2))
    ('current', '31-60')
    """
    overdue = (today - due).days
    return next((name for name, last in BUCKETS if overdue <= last), OLDEST)


def aged(account: Account, today: date) -> Iterator[Aged]:
    """One row for each currency in which something is open."""
    invoices = [each for each in account.invoices.values() if each.open != ZERO]
    payments = [each for each in account.payments.values() if each.unapplied != ZERO]
    for currency in sorted({each.currency for each in invoices} | {each.currency for each in payments}):
        yield _row(account, currency, today, invoices, payments)


def _row(
    account: Account, currency: str, today: date, invoices: Iterable[Invoice], payments: Iterable[Payment]
) -> Aged:  # fmt: skip
    mine = [each for each in invoices if each.currency == currency]
    owed = sorted((each for each in mine if not each.is_credit), key=lambda each: (each.due_date, each.number))
    sums = dict.fromkeys([*(name for name, _ in BUCKETS), OLDEST], ZERO)
    for each in owed:
        sums[bucket(each.due_date, today)] += each.open
    return Aged(
        account.partner, currency, tuple(sums.items()),
        credits=-sum((each.open for each in mine if each.is_credit), ZERO),
        unapplied=-sum((each.unapplied for each in payments if each.currency == currency), ZERO),
        disputed=sum((account.disputed(each.number) for each in owed), ZERO), invoices=tuple(owed),
    )  # fmt: skip


def payment_status(invoices: Iterable[Invoice], today: date) -> str:
    """How far an order is paid by its invoices: none, partially_paid, paid, or overdue when one is open too long."""
    bills = [each for each in invoices if not each.is_credit]
    if bills and all(each.open <= ZERO for each in bills):
        return "paid"
    if any(each.open > ZERO and each.due_date < today for each in bills):
        return "overdue"
    return "partially_paid" if any(each.paid for each in bills) else "none"
