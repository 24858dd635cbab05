"""What people do with payments, credits and claims; each with a note, each refused where the account does not allow it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.errors import NotFoundError, TransitionError
from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import matching, reversing
from gateway.orders.receivables.account import OPEN, Books, Claim, Invoice, Payment
from gateway.orders.receivables.entries import Kind


@dataclass(frozen=True, slots=True)
class Used:
    """What a payment settled of one invoice: in money, and as discount granted for it."""

    cash: Decimal = ZERO
    discount: Decimal = ZERO


def apply(books: Books, payment: str, invoice: str, amount: Decimal | None, note: str, *, grace_days: int) -> None:
    """Apply unapplied money to an invoice: so much, else all that fits; money taken back opens it again."""
    paid, owed = _payment(books, payment), _invoice(books, invoice)
    if paid.currency != owed.currency:
        raise TransitionError(f"{invoice} is in {owed.currency}, payment {payment} in {paid.currency}.")
    if paid.unapplied == ZERO:
        raise TransitionError(
            f"Nothing of payment {payment} is unapplied.", next_step="'gateway payments list' shows what is."
        )
    if paid.unapplied < ZERO:
        reversing.reopen(books, payment, invoice, -paid.unapplied if amount is None else _positive(amount))
    elif owed.is_credit:
        raise TransitionError(f"{invoice} is a credit; money is applied to invoices.")
    elif owed.open == ZERO:
        raise TransitionError(f"Nothing of {invoice} is open.")
    else:
        chosen = None if amount is None else _positive(amount)
        matching.settle(books, payment, invoice, note, grace_days=grace_days, amount=chosen)
    if not books.entries:
        raise TransitionError(f"{invoice} was not paid with money; there is nothing to take back.")


def apply_oldest(books: Books, payment: str, note: str, *, grace_days: int) -> None:
    """Use up a payment on the oldest open invoices."""
    _payment(books, payment)
    matching.settle_oldest(books, payment, note, grace_days=grace_days)
    if not books.entries:
        raise TransitionError(f"Payment {payment} has nothing unapplied, or no invoice in its currency is open.")


def unapply(books: Books, payment: str, used: Mapping[str, Used], note: str) -> None:
    """Take a payment off invoices: they are open again, the money is unapplied."""
    _payment(books, payment)
    done = {number: each for number, each in used.items() if each.cash}
    if not done:
        raise TransitionError(
            f"Nothing of payment {payment} is applied there.",
            next_step=f"'gateway payments show {payment}' shows where.",
        )
    for number, each in done.items():
        books.post(Kind.APPLIED, -each.cash, invoice=number, payment=payment, reason=note)
        reversing.undo_discount(books, payment, number, each.discount, note)
        for claim in books.account.open_claims(number):
            if claim.payment == payment:
                books.post(Kind.WITHDRAWN, claim.amount, invoice=number, claim=claim.number, reason=note)
        books.settle_claims(number, note)  # of money taken back less is open without it


def apply_credit(books: Books, credit: str, invoice: str, amount: Decimal | None, note: str) -> None:
    """Settle an invoice with a credit: so much, else all that fits."""
    given, owed = _invoice(books, credit), _invoice(books, invoice)
    if not given.is_credit or owed.is_credit:
        raise TransitionError(
            f"{credit if not given.is_credit else invoice} is {'no' if not given.is_credit else 'a'} credit."
        )
    if given.currency != owed.currency:
        raise TransitionError(f"{invoice} is in {owed.currency}, {credit} in {given.currency}.")
    fits = min(given.open, owed.open) if amount is None else _positive(amount)
    if fits <= ZERO:
        raise TransitionError(f"Nothing is open of {credit if given.open <= ZERO else invoice}.")
    books.post(Kind.CREDITED, fits, invoice=invoice, payment=credit, reason=note)
    books.settle_claims(invoice, f"settled with {credit}")


def refund(books: Books, payment: str, amount: Decimal | None, note: str) -> None:
    """Money given back to the partner."""
    _leave(books, Kind.REFUNDED, payment, amount, note)


def move(books: Books, payment: str, amount: Decimal | None, note: str) -> Decimal:
    """Money that belongs to another account; how much left comes back."""
    return _leave(books, Kind.MOVED, payment, amount, note)


def accept(books: Books, claim: str, amount: Decimal | None, note: str) -> None:
    """Give up what is claimed: so much of the invoice is settled, the order may be paid with it."""
    found = _claim(books, claim)
    invoice = _invoice(books, found.invoice)
    fits = min(found.amount, invoice.open) if amount is None else _positive(amount)
    if fits <= ZERO:
        raise TransitionError(
            f"Nothing of {found.invoice} is open that could be given up.",
            next_step=f"Write a credit for it, or say 'gateway claims reject {claim}'.",
        )
    books.post(Kind.ALLOWED, fits, invoice=found.invoice, claim=claim, reason=note)
    books.settle_claims(found.invoice, f"settled with {claim}")


def reject(books: Books, claim: str, note: str) -> None:
    """The claim does not stand; what it disputed is owed."""
    found = _claim(books, claim)
    books.post(Kind.REJECTED, found.amount, invoice=found.invoice, claim=claim, reason=note)


def _leave(books: Books, kind: Kind, payment: str, amount: Decimal | None, note: str) -> Decimal:
    paid = _payment(books, payment)
    fits = paid.unapplied if amount is None else _positive(amount)
    if not ZERO < fits <= paid.unapplied:
        raise TransitionError(
            f"Payment {payment} has {written(paid.unapplied)} unapplied.",
            next_step="Say a smaller --amount, or unapply first.",
        )
    books.post(kind, fits, payment=payment, reason=note)
    return fits


def _positive(amount: Decimal) -> Decimal:
    if amount <= ZERO:
        raise TransitionError(f"The amount {written(amount)} must be greater than zero.")
    return amount


def _payment(books: Books, number: str) -> Payment:
    found = books.account.payments.get(number)
    if found is None:
        raise NotFoundError(
            f"There is no payment '{number}' of {books.account.partner}.",
            next_step="'gateway payments list' shows all.",
        )
    return found


def _invoice(books: Books, number: str) -> Invoice:
    found = books.account.invoices.get(number)
    if found is None:
        raise NotFoundError(
            f"{books.account.partner} has no invoice '{number}'.",
            next_step="'gateway payments ageing --json' shows the open ones.",
        )
    return found


def _claim(books: Books, number: str) -> Claim:
    found = books.account.claims.get(number)
    if found is None:
        raise NotFoundError(f"There is no claim '{number}'.", next_step="'gateway claims list' shows all.")
    if found.state != OPEN:
        raise TransitionError(f"Claim {number} is {found.state} already.")
    return found
