"""What people do with payments, credits and claims; each in one transaction, with who and why, the orders following."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from gateway.flows import advance, auditing
from gateway.flows.advance import Step
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import payments
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, RefusedError, UsageError
from gateway.kernel.ids import PartnerId
from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import ageing, handwork
from gateway.orders.receivables.account import Books
from gateway.orders.receivables.ageing import Aged
from gateway.orders.receivables.book import OwnClaim, OwnPayment, Wanted
from gateway.orders.receivables.incoming import Incoming
from gateway.orders.terms import Terms


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for something and why; ``partner`` where a number alone does not say whose it is."""

    note: str
    who: str = "operator"
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is noted of it in the audit trail: of what, how much, for which invoice, to whom."""

    action: str
    subject: str
    amount: Decimal | None = None
    invoice: str = ""
    to: str = ""


Work = Callable[[Books, Terms], None]


def new(bench: Workbench, money: Incoming, asked: Asked) -> str:
    """Book a payment by hand, as a file would have brought it; raises RefusedError when its number is taken."""
    owner = PartnerId(asked.partner)
    if bench.partner(owner) is None:
        raise NotFoundError(f"There is no partner '{asked.partner}'.", next_step="'gateway partner list' shows all.")
    with bench.store.unit() as work:
        currency = money.currency or payments.terms_of(bench, work, owner).currency
        said = replace(money, currency=currency, source=f"by hand: {asked.note}")
        other = payments.book(bench, work, owner, said, Step(now=bench.clock(), who=asked.who))
        if other is not None:
            raise RefusedError(
                f"Payment {money.number} of {owner} was booked before: {written(other.amount)} {other.currency} of "
                f"{other.payment_date.isoformat()}.",
                next_step="Give it another number if it is other money.",
            )
        _note(bench, work, owner, Deed("payment.new", money.number, amount=money.amount), asked)
        work.commit()
    return payment_sentence(bench, owner, money.number)


def apply(bench: Workbench, number: str, invoice: str, amount: Decimal | None, asked: Asked) -> str:
    """Apply unapplied money to an invoice."""

    def work_on(books: Books, terms: Terms) -> None:
        handwork.apply(books, number, invoice, amount, asked.note, grace_days=terms.discount_grace_days)

    deed = Deed("payment.apply", number, amount, invoice)
    return _payment(bench, deed, asked, work_on, (invoice,))


def apply_oldest(bench: Workbench, number: str, asked: Asked) -> str:
    """Use up a payment on the oldest open invoices."""

    def work_on(books: Books, terms: Terms) -> None:
        handwork.apply_oldest(books, number, asked.note, grace_days=terms.discount_grace_days)

    return _payment(bench, Deed("payment.apply", number), asked, work_on)


def unapply(bench: Workbench, number: str, invoice: str, asked: Asked) -> str:
    """Take a payment off an invoice, or off all of them."""
    with bench.store.unit() as work:
        used = work.receivables.used(_owner_of_payment(work, number, asked), number)
    chosen = {each: how for each, how in used.items() if invoice in ("", each)}
    deed = Deed("payment.unapply", number, invoice=invoice)
    return _payment(
        bench, deed, asked, lambda books, _: handwork.unapply(books, number, chosen, asked.note), tuple(chosen)
    )


def refund(bench: Workbench, number: str, amount: Decimal | None, asked: Asked) -> str:
    """Note that unapplied money was given back."""
    deed = Deed("payment.refund", number, amount)
    return _payment(bench, deed, asked, lambda books, _: handwork.refund(books, number, amount, asked.note))


def move(bench: Workbench, number: str, target: str, amount: Decimal | None, asked: Asked) -> str:
    """Bring money to the account it belongs to; it keeps its number and is applied there as if it had come there."""
    if bench.partner(PartnerId(target)) is None:
        raise NotFoundError(f"There is no partner '{target}'.", next_step="'gateway partner list' shows all.")
    step = Step(now=bench.clock(), who=asked.who)
    with bench.store.unit() as work:
        owner = _owner_of_payment(work, number, asked)
        if owner == target:
            raise UsageError(f"Payment {number} belongs to {target} already.")
        books, _ = _books(bench, work, owner, Wanted(payments=(number,)))
        before, paid = books.account, books.account.payments[number]
        left = handwork.move(books, number, amount, f"moved to {target}: {asked.note}")
        payments.post(bench, work, before, books.account, books.entries, step)
        source = f"moved from {owner}: {asked.note}"
        money = Incoming(number, paid.payment_date, paid.currency, left, method=paid.method, source=source)
        if payments.book(bench, work, PartnerId(target), money, step) is not None:
            raise RefusedError(f"{target} has a payment {number} already.")
        _note(bench, work, owner, Deed("payment.move", number, amount, to=target), asked)
        work.commit()
    return payment_sentence(bench, PartnerId(target), number)


def apply_credit(bench: Workbench, credit: str, invoice: str, amount: Decimal | None, asked: Asked) -> str:
    """Settle an invoice with a credit."""
    with bench.store.unit() as work:
        owner = work.receivables.owners([credit]).get(credit)
        if owner is None:
            raise NotFoundError(f"There is no credit '{credit}'.")
        done = _on_credit(bench, work, owner, (credit, invoice, amount), asked)
        _note(bench, work, owner, Deed("credit.apply", credit, done, invoice), asked)
        work.commit()
    return f"{credit} applied to {invoice}: {written(done)}"


def accept(bench: Workbench, claim: str, amount: Decimal | None, asked: Asked) -> str:
    """Give up what a claim disputes."""
    deed = Deed("claim.accept", claim, amount)
    found = _claim(bench, deed, lambda books: handwork.accept(books, claim, amount, asked.note), asked)
    return f"{claim} is {found.claim.state}, {written(found.claim.amount)} still open; {found.claim.invoice} is settled by so much"


def reject(bench: Workbench, claim: str, asked: Asked) -> str:
    """A claim does not stand."""
    deed = Deed("claim.reject", claim)
    found = _claim(bench, deed, lambda books: handwork.reject(books, claim, asked.note), asked)
    return f"{claim} is {found.claim.state}; {found.claim.invoice} is owed in full again"


def credits_due(_bench: Workbench, work: UnitOfWork) -> list[str]:
    """Credits whose own invoice is still open."""
    return [" ".join(each) for each in work.receivables.credits_to_apply()]


def apply_due(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """A credit settles the invoice it corrects without being asked."""
    partner, credit, invoice = key.split(" ")
    if (PartnerId(partner), credit, invoice) not in work.receivables.credits_to_apply():
        return  # another credit has settled the invoice since
    asked = Asked(f"the credit of {invoice}", "schedule")
    _on_credit(bench, work, PartnerId(partner), (credit, invoice, None), asked)


def aged(bench: Workbench, work: UnitOfWork, partner: str = "") -> Iterable[Aged]:
    """What everybody, or one partner, owes at this moment by how long it is overdue."""
    for owner in work.receivables.partners():
        if partner in ("", owner):
            terms = payments.terms_of(bench, work, owner)
            account = work.receivables.account(owner, terms.currency)
            yield from ageing.aged(account, today(bench, owner))


def today(bench: Workbench, owner: PartnerId) -> date:
    """The business date of a partner."""
    return bench.today(bench.partner(owner), bench.clock())


def find_payment(work: UnitOfWork, number: str, partner: str = "") -> OwnPayment:
    """A payment by its number; raises when none or those of several partners fit."""
    found = work.receivables.payments(PartnerId(partner) if partner else None, number)
    if not found:
        raise NotFoundError(f"There is no payment '{number}'.", next_step="'gateway payments list' shows all.")
    if len(found) > 1:
        names = ", ".join(each.partner for each in found)
        raise UsageError(f"Several partners have a payment '{number}': {names}.", next_step="Add --partner NAME.")
    return found[0]


def find_claim(work: UnitOfWork, number: str) -> OwnClaim:
    """A claim by its number; raises NotFoundError."""
    found = work.receivables.claims(number=number)
    if not found:
        raise NotFoundError(f"There is no claim '{number}'.", next_step="'gateway claims list' shows all.")
    return found[0]


def payment_sentence(bench: Workbench, owner: PartnerId, number: str) -> str:
    """How far a payment is used."""
    with bench.store.unit() as work:
        paid = find_payment(work, number, owner).payment
    said = f"payment {number} of {owner}: {written(paid.amount)} {paid.currency}, {written(paid.applied)} applied"
    return f"{said}, {written(paid.unapplied)} unapplied"


def _note(bench: Workbench, work: UnitOfWork, owner: PartnerId, deed: Deed, asked: Asked) -> None:
    amount = written(deed.amount) if deed.amount is not None else None
    auditing.deed(
        bench, work, asked.who, deed.action, deed.subject, asked.note, partner=owner, amount=amount,
        invoice=deed.invoice, to=deed.to,
    )  # fmt: skip


def _payment(
    bench: Workbench, deed: Deed, asked: Asked, work_on: Work, invoices: tuple[str, ...] = ()
) -> str:  # fmt: skip
    step, number = Step(now=bench.clock(), who=asked.who), deed.subject
    with bench.store.unit() as work:
        owner = _owner_of_payment(work, number, asked)
        books, terms = _books(bench, work, owner, Wanted(invoices, (number,)))
        before = books.account
        work_on(books, terms)
        payments.post(bench, work, before, books.account, books.entries, step)
        _note(bench, work, owner, deed, asked)
        work.commit()
    return payment_sentence(bench, owner, number)


def _claim(bench: Workbench, deed: Deed, work_on: Callable[[Books], None], asked: Asked) -> OwnClaim:
    step, number = advance.Step(now=bench.clock(), who=asked.who), deed.subject
    with bench.store.unit() as work:
        found = find_claim(work, number)
        books, _ = _books(bench, work, found.partner, Wanted((found.claim.invoice,), claims=(number,)))
        before = books.account
        work_on(books)
        payments.post(bench, work, before, books.account, books.entries, step)
        _note(bench, work, found.partner, deed, asked)
        work.commit()
        return find_claim(work, number)


def _on_credit(
    bench: Workbench, work: UnitOfWork, owner: PartnerId, what: tuple[str, str, Decimal | None], asked: Asked
) -> Decimal:
    credit, invoice, amount = what
    books, _ = _books(bench, work, owner, Wanted((credit, invoice)))
    before = books.account
    handwork.apply_credit(books, credit, invoice, amount, asked.note)
    payments.post(bench, work, before, books.account, books.entries, Step(now=bench.clock(), who=asked.who))
    return sum((each.amount for each in books.entries if each.payment == credit), ZERO)


def _books(bench: Workbench, work: UnitOfWork, owner: PartnerId, wanted: Wanted) -> tuple[Books, Terms]:
    terms = payments.terms_of(bench, work, owner)
    return Books(work.receivables.account(owner, terms.currency, wanted)), terms


def _owner_of_payment(work: UnitOfWork, number: str, asked: Asked) -> PartnerId:
    return find_payment(work, number, asked.partner).partner
