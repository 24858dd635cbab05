"""Money comes in: booked at once and always, applied by what it says it is for; orders follow."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from gateway.canonical.money import Adjustment, Remittance
from gateway.canonical.money import Payment as PaymentDocument
from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, agreed
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.money import cents, written
from gateway.kernel.quantity import ZERO
from gateway.orders.billing import settling
from gateway.orders.commands import ReopenOrder, SettleOrder
from gateway.orders.receivables import applying
from gateway.orders.receivables.account import Account, Payment
from gateway.orders.receivables.applying import Rules
from gateway.orders.receivables.book import Wanted
from gateway.orders.receivables.entries import EFFECTS, Entry
from gateway.orders.receivables.incoming import Incoming, Kept, Remitted
from gateway.orders.terms import Terms

FOR_OTHERS = frozenset({"accounting", "bank", "erp"})
"""Kinds of partners who tell of the payments of others."""
OLDEST_FIRST = "oldest_first"
TAKEN_BACK = "-DEBIT"
"""What follows the number of a payment that is taken back under its own number."""


def take(bench: Workbench, work: UnitOfWork, source: Source, document: PaymentDocument) -> Iterator[FileHold]:
    """Book one payment of a file; only the same number with other content waits for somebody."""
    if source.test:
        return
    owner, refused = _owner(bench, source.partner, document)
    terms = terms_of(bench, work, owner)
    receipt = source.receipt
    money = incoming(document, terms.currency, f"file {receipt.file_name} of {source.partner.partner}")
    step = advance.Step(now=bench.clock(), who=f"file {receipt.file_name}", receipt=receipt.id)
    other = book(bench, work, owner, money, step, refused=refused)
    if other is not None:
        reason = (
            f"Payment {money.number} of {owner} was booked before: {written(other.amount)} {other.currency} of "
            f"{other.payment_date.isoformat()}; now it is {written(money.amount)} {money.currency} of "
            f"{money.payment_date.isoformat()}, or for other invoices."
        )
        yield hold(bench, receipt, "C-DUP-PAYMENT", reason, kind="DATA", reference=money.number)


def book(
    bench: Workbench, work: UnitOfWork, owner: PartnerId, money: Incoming, step: advance.Step, *, refused: str = ""
) -> Payment | None:
    """Book a payment once; the one of the same number that says something else comes back, and nothing is booked."""
    terms = terms_of(bench, work, owner)
    money = _own_number(work, owner, money)
    money = replace(money, content_hash=sha256(money.content.encode()).hexdigest())
    earlier = work.receivables.payments(owner, money.number)
    if earlier:
        same = earlier[0].payment.content_hash == money.content_hash
        return None if same else earlier[0].payment
    original = money.number.removesuffix(TAKEN_BACK) if money.amount < ZERO else ""
    settled = work.receivables.used(owner, original) if original else {}
    named = tuple({each.invoice for each in money.remitted if each.invoice})
    orders = tuple({each.po_number or each.invoice for each in money.remitted if each.po_number or each.invoice})
    wanted = Wanted((*named, *settled), (original,) if original else (), orders=orders)
    account = work.receivables.account(owner, terms.currency, wanted)
    strange = {number: each for number, each in work.receivables.owners(named).items() if each != owner}
    rules = Rules(
        new_claim=lambda: new_claim(work), oldest_first=terms.apply_payments == OLDEST_FIRST,
        discount_grace_days=terms.discount_grace_days, strange=strange, refused=refused,
        original={original: ZERO, **{number: each.cash for number, each in reversed(settled.items()) if each.cash}},
    )  # fmt: skip
    after, entries = applying.received(account, money, rules)
    post(bench, work, account, after, entries, step)
    return None


def post(
    bench: Workbench, work: UnitOfWork, before: Account, after: Account, entries: Iterable[Entry], step: advance.Step
) -> None:
    """Record what happened to an account, and let the orders follow."""
    made = tuple(entries)
    work.receivables.save(after, made, at=step.now, who=step.who)
    touched = {each.invoice for each in made if EFFECTS[each.kind].paid} & before.invoices.keys()
    orders_follow(bench, work, {number for each in touched for number in after.invoices[each].orders}, step)


def orders_follow(bench: Workbench, work: UnitOfWork, numbers: Collection[OrderNumber], step: advance.Step) -> None:
    """Orders of which every invoice is settled are paid; paid ones of which one opened again are not."""
    for number in sorted(numbers):
        order = work.orders.get(number)
        partner = bench.partner(order.partner) if order is not None else None
        if order is None or partner is None or order.test:
            continue
        bills = [each for each in work.receivables.of_order(number) if not each.is_credit]
        still = next((each for each in bills if each.open > ZERO), None)
        if still is not None and order.paid:
            reason = f"{written(still.open)} of {still.number} is open again"
            advance.act(bench, work, partner, order, ReopenOrder(still.number, reason), step)
        elif bills and still is None and not order.paid and settling.is_billed(order):
            total = sum((each.total for each in bills), ZERO)
            command = SettleOrder(tuple(each.number for each in bills), total)
            advance.act(bench, work, partner, order, command, step)


def new_claim(work: UnitOfWork) -> str:
    """The number of a new claim."""
    return f"CL-{work.exchange.next_number('claim')}"


def terms_of(bench: Workbench, work: UnitOfWork, owner: PartnerId) -> Terms:
    """The terms of a partner; of one without a partner file, those that count where nothing is agreed."""
    partner = bench.partner(owner)
    if partner is None:
        return Terms(currency=bench.site.settings.currency)
    return agreed.terms(bench, work, partner)


def incoming(document: PaymentDocument, currency: str, source: str) -> Incoming:
    """What a payment document says, as money to be booked, to the cent; money taken back is negative."""
    sign = -1 if document.kind == "debit" and document.amount > ZERO else 1
    header = tuple(_kept(each) for each in document.adjustments if each.amount < ZERO)
    return Incoming(
        number=document.payment_number, payment_date=document.payment_date, currency=document.currency or currency,
        amount=cents(sign * document.amount), remitted=tuple(_remitted(each) for each in document.remittances), kept=header,
        method=document.method or "", source=source,
    )  # fmt: skip


def _remitted(row: Remittance) -> Remitted:
    kept: list[Kept] = [_kept(each) for each in row.adjustments if each.amount < ZERO]
    if row.deduction:
        kept.insert(0, Kept(cents(abs(row.deduction)), row.reason or ""))
    elif row.reason and not kept and row.paid is not None and row.paid < ZERO:
        kept.append(Kept(ZERO, row.reason))  # why an invoice that was paid is charged back
    discount = cents(abs(row.discount)) if row.discount else ZERO
    paid = None if row.paid is None else cents(row.paid)
    return Remitted(row.invoice_number or "", paid, discount, tuple(kept), row.po_number or "")


def _kept(adjustment: Adjustment) -> Kept:
    return Kept(cents(abs(adjustment.amount)), adjustment.reason or "", adjustment.reference or "")


def _own_number(work: UnitOfWork, owner: PartnerId, money: Incoming) -> Incoming:
    """Money taken back under the number of the payment itself is booked beside that payment."""
    if money.amount >= ZERO:
        return money
    earlier = work.receivables.payments(owner, money.number)
    if earlier and earlier[0].payment.amount > ZERO:
        return replace(money, number=f"{money.number}{TAKEN_BACK}")
    return money


def _owner(bench: Workbench, sender: Partner, document: PaymentDocument) -> tuple[PartnerId, str]:
    """Whose payment it is, and why nothing of it may be applied: a trading partner speaks for itself only."""
    named = document.partner
    if sender.kind not in FOR_OTHERS:
        own = PartnerId(sender.partner)
        foreign = named not in (sender.partner, sender.terms.account or sender.partner)
        return own, f"it names the partner '{named}', but {own} sent it" if foreign else ""
    if PartnerId(named) in bench.site.partners:
        return PartnerId(named), ""
    by_account = [each.partner for each in bench.site.partners.values() if each.terms.account == named]
    if len(by_account) == 1:
        return PartnerId(by_account[0]), ""
    return PartnerId(named), f"there is no partner '{named}'; 'gateway payments move' brings it to the right one"
