"""Find what a payment without remittance is for: exactly one open invoice, or all of them; else nobody guesses."""

from decimal import Decimal

from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import discounts
from gateway.orders.receivables.account import Books, Invoice
from gateway.orders.receivables.entries import Kind
from gateway.orders.receivables.incoming import Incoming


def match(books: Books, money: Incoming, *, oldest_first: bool, grace_days: int) -> None:
    """Apply a payment to the invoice of exactly its amount, else to all if it pays all, else oldest first if agreed."""
    still = books.account.open_invoices(money.currency)
    exact = [each for each in still if money.amount in (each.open, each.open - _may(each, money, grace_days))]
    if len(exact) == 1:
        settle(
            books, money.number, exact[0].number, "the only open invoice of exactly this amount", grace_days=grace_days
        )
    elif still and sum((each.open for each in still), ZERO) == money.amount:
        for each in still:
            settle(books, money.number, each.number, "the payment is exactly what is open", grace_days=grace_days)
    elif oldest_first:
        settle_oldest(books, money.number, "oldest first, as agreed", grace_days=grace_days)
        _say(books, money, "nothing more is open")
    elif len(exact) > 1:
        _say(
            books, money, f"several invoices have exactly this amount open: {', '.join(each.number for each in exact)}"
        )
    else:
        _say(books, money, f"no remittance, and no open invoice of exactly {written(money.amount)} {money.currency}")


def _may(invoice: Invoice, money: Incoming, grace_days: int) -> Decimal:
    return discounts.allowed(invoice, money.payment_date, grace_days)


def settle_oldest(books: Books, payment: str, why: str, *, grace_days: int) -> None:
    """Use up a payment on the open invoices of its currency, the oldest due first; what is disputed is left alone."""
    for each in books.account.open_invoices(books.account.payments[payment].currency):
        fits = min(each.open - books.account.disputed(each.number), books.account.payments[payment].unapplied)
        settle(books, payment, each.number, why, grace_days=grace_days, amount=fits)


def settle(
    books: Books, payment: str, invoice: str, why: str, *, grace_days: int, amount: Decimal | None = None
) -> None:  # fmt: skip
    """Apply a payment to an invoice: so much, else all that fits; a discount that alone is missing then is granted."""
    paid = books.account.payments[payment]
    fits = min(books.account.invoices[invoice].open, paid.unapplied) if amount is None else amount
    if fits <= ZERO:
        return
    books.post(Kind.APPLIED, fits, invoice=invoice, payment=payment, reason=why)
    left = books.account.invoices[invoice]
    may = discounts.allowed(left, paid.payment_date, grace_days)
    if may and left.open == may and not books.account.disputed(invoice):
        day = paid.payment_date.isoformat()
        books.post(Kind.DISCOUNT, may, invoice=invoice, payment=payment, reason=f"taken in time, paid on {day}")
    books.settle_claims(invoice, f"paid with {payment}")


def _say(books: Books, money: Incoming, why: str) -> None:
    left = books.account.payments[money.number].unapplied
    if left:
        books.post(Kind.UNAPPLIED, left, payment=money.number, reason=why)
