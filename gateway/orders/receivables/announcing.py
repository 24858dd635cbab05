"""Claims that a customer announces (X12 812): a debit disputes the invoice, a credit only informs."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.quantity import ZERO
from gateway.orders.receivables.account import ADJUSTMENT, NOTED, OPEN, Books, Claim
from gateway.orders.receivables.entries import Kind


@dataclass(frozen=True, slots=True)
class Announced:
    """One adjustment: of which invoice, how much, why; ``debit``: the customer pays us less."""

    number: str
    invoice: str
    amount: Decimal
    reason: str = ""
    debit: bool = True
    description: str = ""


def fault(books: Books, what: Announced) -> str:
    """Why it cannot be a claim; empty when it can."""
    if not what.invoice:
        return "it names no invoice"
    found = books.account.invoices.get(what.invoice)
    if found is None or found.is_credit:
        return f"there is no invoice {what.invoice}"
    return "it says no amount" if what.amount <= ZERO else ""


def announce(books: Books, what: Announced, new_claim: Callable[[], str]) -> None:
    """Book a claim once; a deduction of the same amount that came with a payment before is the same thing."""
    for each in books.account.claims.values():
        same = (each.invoice, each.customer_number, each.reason) == (what.invoice, what.number, what.reason)
        taken = each.invoice == what.invoice and each.state == OPEN and each.payment and each.claimed == what.amount
        if (same and each.claimed == what.amount) or (taken and what.debit):
            return
    number = new_claim()
    state = OPEN if what.debit else NOTED
    books.claim(
        Claim(
            number,
            what.invoice,
            what.reason,
            ADJUSTMENT,
            state=state,
            customer_number=what.number,
            description=what.description,
        )
    )
    kind = Kind.CLAIMED if what.debit else Kind.NOTED
    books.post(
        kind, what.amount, invoice=what.invoice, claim=number, reason=f"adjustment {what.number} of the customer"
    )
