"""The account of one partner: invoices and credits, payments and claims, each as its entries made it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables.entries import EFFECTS, Entry, Kind

OPEN, ACCEPTED, REJECTED, WITHDRAWN, NOTED = "open", "accepted", "rejected", "withdrawn", "noted"
"""The states of a claim."""
DEDUCTION, UNEARNED, ADJUSTMENT = "deduction", "unearned_discount", "adjustment"
"""Where a claim comes from: kept back, a discount taken wrongly, or announced by the customer (X12 812)."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was billed, or credited (``kind`` credit); total = open + paid, where ``paid`` is all that settles it.

    ``cash`` and ``discounted`` are the parts of ``paid`` that came as money and as discount; ``discount`` is what
    may be taken in time of what was not credited; ``elsewhere`` says that another system billed it and keeps its total.
    """

    number: str
    currency: str
    invoice_date: date
    due_date: date
    total: Decimal
    paid: Decimal = ZERO
    cash: Decimal = ZERO
    discounted: Decimal = ZERO
    kind: str = "invoice"
    orders: tuple[OrderNumber, ...] = ()
    po_numbers: tuple[str, ...] = ()
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    discount: Decimal = ZERO
    credited_invoice: str = ""
    elsewhere: bool = False

    @property
    def open(self) -> Decimal:
        """What is not settled yet."""
        return self.total - self.paid

    @property
    def is_credit(self) -> bool:
        """Whether it is money that we owe."""
        return self.kind == "credit"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received, negative when it was taken back; amount = applied + unapplied + refunded + moved.

    ``moved`` left for another payment or account; ``reasons`` say why something of it is not applied;
    ``content_hash`` recognises the same payment sent again.
    """

    number: str
    payment_date: date
    currency: str
    amount: Decimal = ZERO
    unapplied: Decimal = ZERO
    refunded: Decimal = ZERO
    moved: Decimal = ZERO
    method: str = ""
    source: str = ""
    content_hash: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def applied(self) -> Decimal:
        """What of it settled invoices."""
        return self.amount - self.unapplied - self.refunded - self.moved


@dataclass(frozen=True, slots=True)
class Claim:
    """An amount the partner does not mean to pay, and why; while it is open that much of the invoice is not dunned.

    ``amount`` is what is still open of ``claimed``;
    ``customer_number`` is the partner's own; ``note`` is the last thing said about it.
    """

    number: str
    invoice: str
    reason: str
    origin: str = DEDUCTION
    claimed: Decimal = ZERO
    amount: Decimal = ZERO
    state: str = OPEN
    payment: str = ""
    customer_number: str = ""
    description: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What is open between us and a partner, and what else was asked for."""

    partner: PartnerId
    invoices: Mapping[str, Invoice] = field(default_factory=dict)
    payments: Mapping[str, Payment] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)

    def open_invoices(self, currency: str) -> list[Invoice]:
        """Invoices with something open in a currency, oldest due first."""
        found = (each for each in self.invoices.values() if not each.is_credit and each.open > ZERO)
        chosen = (each for each in found if each.currency == currency)
        return sorted(chosen, key=lambda each: (each.due_date, each.invoice_date, each.number))

    def open_claims(self, invoice: str) -> list[Claim]:
        """The claims that stand against an invoice, in the order they came."""
        return [each for each in self.claims.values() if each.invoice == invoice and each.state == OPEN]

    def disputed(self, invoice: str) -> Decimal:
        """How much of what is open of an invoice somebody must judge first."""
        found = self.invoices.get(invoice)
        claimed = sum((each.amount for each in self.open_claims(invoice)), ZERO)
        return min(claimed, max(found.open, ZERO)) if found is not None else claimed


class Books:
    """An account that is worked on: an entry counts as soon as it is posted."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.entries: list[Entry] = []

    def post(self, kind: Kind, amount: Decimal, **more: str) -> None:
        """One entry more; raises TransitionError when the account does not allow it."""
        entry = Entry(kind, amount, **more)
        self.account = after(self.account, entry)
        self.entries.append(entry)

    def open(self, payment: Payment) -> None:
        """A payment that is not booked yet."""
        self.account = replace(self.account, payments={**self.account.payments, payment.number: payment})

    def claim(self, claim: Claim) -> None:
        """A claim that is not booked yet."""
        self.account = replace(self.account, claims={**self.account.claims, claim.number: claim})

    def settle_claims(self, invoice: str, why: str) -> None:
        """Claims against what was paid in the meantime end: never more is disputed than is open, the newest first."""
        found = self.account.invoices[invoice]
        too_much = sum((each.amount for each in self.account.open_claims(invoice)), ZERO) - found.open
        for each in reversed(self.account.open_claims(invoice)):
            ended = min(each.amount, too_much)
            if ended > ZERO:
                self.post(Kind.WITHDRAWN, ended, invoice=invoice, claim=each.number, reason=why)
                too_much -= ended


def after(account: Account, entry: Entry) -> Account:
    """The account after an entry; raises TransitionError for more than is open or was received."""
    for change in (_payments, _invoices, _claims):
        account = change(account, entry)
    return account


def replay(blank: Account, entries: Iterator[Entry]) -> Account:
    """The account that entries make of one whose rows say nothing of money yet."""
    for entry in entries:
        blank = after(blank, entry)
    return blank


def _payments(account: Account, entry: Entry) -> Account:
    effect = EFFECTS[entry.kind]
    found = account.payments.get(entry.payment)
    if found is None or entry.kind is Kind.CREDITED:
        return account
    reasons = (*found.reasons, entry.reason) if entry.kind is Kind.UNAPPLIED else found.reasons
    changed = replace(
        found, amount=found.amount + effect.amount * entry.amount,
        unapplied=found.unapplied + effect.unapplied * entry.amount,
        refunded=found.refunded + effect.refunded * entry.amount, moved=found.moved + effect.moved * entry.amount,
        reasons=reasons,
    )  # fmt: skip
    if changed.unapplied * (1 if changed.amount >= ZERO else -1) < ZERO:
        raise TransitionError(
            f"Payment {found.number} has {written(found.unapplied)} unapplied, not {written(entry.amount)}.",
            next_step=f"'gateway payments show {found.number}' shows how it was used.",
        )
    return replace(account, payments={**account.payments, found.number: changed})


def _invoices(account: Account, entry: Entry) -> Account:
    effect = EFFECTS[entry.kind]
    if not effect.paid:
        return account
    numbers = [entry.invoice, *([entry.payment] if entry.kind is Kind.CREDITED else [])]
    invoices = dict(account.invoices)
    for number in numbers:
        found = invoices[number]
        changed = replace(
            found, paid=found.paid + entry.amount,
            cash=found.cash + (entry.amount if entry.kind is Kind.APPLIED else ZERO),
            discounted=found.discounted + (entry.amount if entry.kind is Kind.DISCOUNT else ZERO),
        )  # fmt: skip
        if not ZERO <= changed.paid <= changed.total:
            raise TransitionError(
                f"{number} has {written(found.open)} open and {written(found.paid)} settled; {written(entry.amount)} does not fit.",
                next_step="Say a smaller --amount.",
            )
        invoices[number] = changed
    return replace(account, invoices=invoices)


_ENDS = {Kind.ALLOWED: ACCEPTED, Kind.REJECTED: REJECTED, Kind.WITHDRAWN: WITHDRAWN}


def _claims(account: Account, entry: Entry) -> Account:
    found = account.claims.get(entry.claim)
    effect = EFFECTS[entry.kind]
    if found is None or not effect.claimed:
        return account
    amount = found.amount + effect.claimed * entry.amount
    if amount < ZERO:
        raise TransitionError(f"Claim {found.number} has {written(found.amount)} open, not {written(entry.amount)}.")
    claimed = found.claimed + (entry.amount if entry.kind is Kind.CLAIMED else ZERO)
    state = found.state if amount > ZERO else _ENDS.get(entry.kind, found.state)
    note = entry.reason if entry.kind is not Kind.CLAIMED else found.note
    changed = replace(found, amount=amount, claimed=claimed, state=state, note=note)
    return replace(account, claims={**account.claims, found.number: changed})
