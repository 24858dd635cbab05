"""Book money that came in: it is always booked; what settles nothing stays unapplied, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.kernel.money import written
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import discounts, matching, reversing
from gateway.orders.receivables.account import ADJUSTMENT, DEDUCTION, UNEARNED, Account, Books, Claim, Invoice, Payment
from gateway.orders.receivables.entries import Entry, Kind
from gateway.orders.receivables.incoming import Incoming, Kept, Remitted


@dataclass(frozen=True, slots=True)
class Rules:
    """What was agreed about payments; ``strange`` names invoices that belong to others, ``new_claim`` numbers claims.

    ``refused`` is why nothing of a payment may be applied: nobody knows the partner, for example. ``original`` says of
    a payment that is taken back how much of which invoice it settled, and its own number what of it is unapplied.
    """

    new_claim: Callable[[], str]
    oldest_first: bool = False
    discount_grace_days: int = 0
    strange: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    original: Mapping[str, Decimal] = field(default_factory=dict)


def received(account: Account, money: Incoming, rules: Rules) -> tuple[Account, tuple[Entry, ...]]:
    """The account after a payment, with the entries that say how it was used."""
    books = Books(account)
    payment = Payment(
        money.number, money.payment_date, money.currency, method=money.method, source=money.source,
        content_hash=money.content_hash,
    )  # fmt: skip
    books.open(payment)
    books.post(Kind.RECEIVED, money.amount, payment=money.number, reason=money.source)
    if rules.refused:
        unapplied(books, money.number, rules.refused)
    elif money.amount < ZERO:
        reversing.take_back(books, money, rules.original)
    elif any(each.invoice or each.po_number for each in money.remitted):
        _by_remittance(books, money, rules)
    else:
        matching.match(books, money, oldest_first=rules.oldest_first, grace_days=rules.discount_grace_days)
    return books.account, tuple(books.entries)


def unapplied(books: Books, number: str, why: str) -> None:
    """Say why what is left of a payment settles nothing."""
    left = books.account.payments[number].unapplied
    if left:
        books.post(Kind.UNAPPLIED, left, payment=number, reason=why)


def _by_remittance(books: Books, money: Incoming, rules: Rules) -> None:
    why: list[str] = []
    taken: dict[str, Decimal] = {}
    # what is taken back gives the money for the rest: a chargeback on one invoice shortens the payment of another
    for each in sorted(money.remitted, key=lambda each: each.paid is None or each.paid >= ZERO):
        fault = _one(books, money, each, rules, taken)
        if fault:
            why.append(fault)
    _keep_of_payment(books, money, rules)
    if books.account.payments[money.number].unapplied:
        unapplied(books, money.number, "; ".join(why) or "more than the remittance names")


def _one(books: Books, money: Incoming, what: Remitted, rules: Rules, taken: dict[str, Decimal]) -> str:
    """One row of the remittance; what it says and cannot be done comes back as a sentence.

    ``taken`` are our credits that the partner uses up with this payment, and how much of each.
    """
    found = _meant(books.account, what)
    if isinstance(found, str):
        return _strange(what, rules) or found
    if found.currency != money.currency:
        return f"invoice {found.number} is in {found.currency}, the payment in {money.currency}"
    if found.is_credit:
        taken[found.number] = min(abs(what.paid or found.open), found.open)
        return "" if taken[found.number] else f"credit {found.number} is used up"
    if what.paid is not None and what.paid < ZERO:
        return _charge_back(books, money, found, what, rules)
    fault = _pay(books, money, found, what, taken)
    _discount(books, money, found.number, what, rules)
    for kept in what.kept:
        open_claim(books, found.number, kept, money, rules)
    books.settle_claims(found.number, f"paid with {money.number}")
    return fault


def _pay(books: Books, money: Incoming, found: Invoice, what: Remitted, taken: dict[str, Decimal]) -> str:
    """Apply what is paid of an invoice, at most what is open: by what the payment has left, then by credits."""
    left = books.account.payments[money.number].unapplied
    meant = found.open - what.discount - what.withheld if what.paid is None else what.paid
    amount = max(min(meant, found.open, left), ZERO)
    if amount:
        books.post(Kind.APPLIED, amount, invoice=found.number, payment=money.number, reason="named in the remittance")
    missing = min(meant, found.open) - amount
    for credit, left_of_it in taken.items():
        used = min(missing, left_of_it)
        if used > ZERO:
            books.post(Kind.CREDITED, used, invoice=found.number, payment=credit, reason=f"taken with {money.number}")
            missing, taken[credit] = missing - used, left_of_it - used
    if meant > found.open and what.paid is not None:
        return f"{written(meant - found.open)} more than was open of {found.number}"
    return f"the payment was used up before {found.number}" if missing > ZERO else ""


def _discount(books: Books, money: Incoming, number: str, what: Remitted, rules: Rules) -> None:
    """Grant what was taken in time and as agreed; the rest stays open and is a claim."""
    found, day, grace = books.account.invoices[number], money.payment_date, rules.discount_grace_days
    may = discounts.allowed(found, day, grace)
    said = what.discount
    if not said and not what.kept and found.open == may:
        said = may  # the payment is short by exactly the discount
    granted = min(said, may)
    if granted:
        books.post(
            Kind.DISCOUNT,
            granted,
            invoice=number,
            payment=money.number,
            reason=f"taken in time, paid on {day.isoformat()}",
        )
    unearned = said - granted
    if unearned > ZERO:
        why = discounts.refusal(found, day, grace)
        open_claim(books, number, Kept(unearned, UNEARNED), money, rules, why=why)


def open_claim(
    books: Books, invoice: str, kept: Kept, money: Incoming, rules: Rules, *, why: str = ""
) -> None:  # fmt: skip
    """A claim over what was kept back, at most what is open and not disputed yet; one announced before stands for it."""
    account = books.account
    room = account.invoices[invoice].open - account.disputed(invoice)
    announced = next((each for each in account.open_claims(invoice) if _announces(each, kept)), None)
    if announced is not None:
        books.claim(replace(announced, payment=money.number))
        said = f"kept back from payment {money.number}, as announced"
        books.post(Kind.NOTED, kept.amount, invoice=invoice, payment=money.number, claim=announced.number, reason=said)
        return
    amount = min(kept.amount, room)
    if amount <= ZERO:
        return
    number = rules.new_claim()
    origin = UNEARNED if kept.reason == UNEARNED else DEDUCTION
    said = why or f"kept back from payment {money.number}"
    books.claim(
        Claim(
            number, invoice, kept.reason, origin, payment=money.number, customer_number=kept.reference, description=said
        )
    )
    books.post(Kind.CLAIMED, amount, invoice=invoice, payment=money.number, claim=number, reason=said)


def _announces(claim: Claim, kept: Kept) -> bool:
    """Whether a deduction is the one that the customer announced."""
    return claim.origin == ADJUSTMENT and not claim.payment and claim.amount == kept.amount


def _keep_of_payment(books: Books, money: Incoming, rules: Rules) -> None:
    """What is kept back of the payment as a whole is disputed where the payment fell short, in the order of its rows."""
    for kept in money.kept:
        left = kept.amount
        for each in money.remitted:
            found = _meant(books.account, each)
            if isinstance(found, str) or found.is_credit or not each.paid or each.paid < ZERO:
                continue
            short = min(left, found.open - books.account.disputed(found.number))
            if short > ZERO:
                open_claim(books, found.number, Kept(short, kept.reason, kept.reference), money, rules)
                left -= short


def _charge_back(books: Books, money: Incoming, found: Invoice, what: Remitted, rules: Rules) -> str:
    """Money taken back on an invoice paid before: it is open again, and disputed."""
    meant = -(what.paid or ZERO)
    # a payment cannot lose what it does not have: the invoice gives back what cash settled it
    amount = min(meant, found.cash)
    if amount > ZERO:
        books.post(
            Kind.APPLIED, -amount, invoice=found.number, payment=money.number, reason=f"taken back with {money.number}"
        )
        reason = next((each.reason for each in what.kept if each.reason), "")
        open_claim(books, found.number, Kept(amount, reason), money, rules, why=f"taken back with {money.number}")
    return f"only {written(amount)} of {written(meant)} could be taken back of {found.number}" if amount < meant else ""


def _meant(account: Account, what: Remitted) -> Invoice | str:
    """The invoice of a row: by its number, else the only open one of the purchase order it names."""
    found = account.invoices.get(what.invoice)
    if found is not None:
        return found
    names = {what.invoice, what.po_number} - {""}
    by_order = [each for each in account.invoices.values() if names & set(each.po_numbers) and not each.is_credit]
    still = [each for each in by_order if each.open > ZERO]
    if len(still) == 1 or (not still and len(by_order) == 1):
        return (still or by_order)[0]
    return f"there is no invoice {what.invoice or 'of order ' + what.po_number}"


def _strange(what: Remitted, rules: Rules) -> str:
    owner = rules.strange.get(what.invoice)
    return f"invoice {what.invoice} belongs to '{owner}'" if owner else ""
