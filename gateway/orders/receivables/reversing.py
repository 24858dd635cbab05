"""Money that is taken back: a cheque or debit that bounced opens again what it had settled."""

from collections.abc import Mapping
from decimal import Decimal

from gateway.kernel.quantity import ZERO
from gateway.orders.receivables.account import ADJUSTMENT, Books
from gateway.orders.receivables.entries import Kind
from gateway.orders.receivables.incoming import Incoming


def take_back(books: Books, money: Incoming, original: Mapping[str, Decimal]) -> None:
    """Open the invoices that are named, else what the payment that is taken back had settled; the rest is said."""
    named = {each.invoice: abs(each.paid) if each.paid else None for each in money.remitted if each.invoice}
    for number, amount in named.items():
        found = books.account.invoices.get(number)
        if found is not None and found.currency == money.currency:
            reopen(books, money.number, number, found.cash if amount is None else amount)
    if not named:
        for number, amount in original.items():
            if number in books.account.payments:
                _offset(books, money.number, number)
            elif number in books.account.invoices:
                reopen(books, money.number, number, amount)
    left = books.account.payments[money.number].unapplied
    if left:
        why = "the invoices named were not paid with so much" if named else "nothing says which payment it takes back"
        books.post(Kind.UNAPPLIED, left, payment=money.number, reason=why)


def reopen(books: Books, payment: str, invoice: str, amount: Decimal) -> None:
    """Open so much of an invoice again; one that has lost all its money loses its discount and its claims too."""
    found = books.account.invoices[invoice]
    back = min(amount, found.cash, -books.account.payments[payment].unapplied)
    if back <= ZERO:
        return
    why = f"taken back with {payment}"
    books.post(Kind.APPLIED, -back, invoice=invoice, payment=payment, reason=why)
    if books.account.invoices[invoice].cash == ZERO:
        undo_discount(books, payment, invoice, found.discounted, why)
        for each in books.account.open_claims(invoice):
            if each.origin != ADJUSTMENT:
                books.post(Kind.WITHDRAWN, each.amount, invoice=invoice, claim=each.number, reason=why)


def undo_discount(books: Books, payment: str, invoice: str, amount: Decimal, why: str) -> None:
    """A discount is not granted for money that is gone."""
    if amount > ZERO:
        books.post(Kind.DISCOUNT, -amount, invoice=invoice, payment=payment, reason=why)


def _offset(books: Books, payment: str, original: str) -> None:
    """What was not used of the payment that is taken back is gone with it."""
    amount = min(books.account.payments[original].unapplied, -books.account.payments[payment].unapplied)
    if amount > ZERO:
        books.post(Kind.OFFSET, amount, payment=original, reason=f"taken back with {payment}")
        books.post(Kind.OFFSET, -amount, payment=payment, reason=f"taken back from {original}")
