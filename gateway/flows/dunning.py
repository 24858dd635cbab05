"""Remind partners of what they owe too long: a letter for each level, to them and to accounting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.canonical.money import DunnedInvoice, Dunning
from gateway.config.partner import Partner
from gateway.flows import agreed, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.ids import PartnerId
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import dunning
from gateway.orders.receivables.account import Account
from gateway.orders.receivables.dunning import Reminder

DOCUMENT = "dunning"
ALSO_TO = "accounting"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter that is due, and who gets it; nobody when no partner file names a mapping for it."""

    reminder: Reminder
    account: Account
    addressees: tuple[Partner, ...]


def due(bench: Workbench, work: UnitOfWork) -> list[str]:
    """Partners who get a letter, each with the day."""
    return [
        f"{partner.partner}@{today.isoformat()}"
        for partner, today in _overdue(bench, work)
        if _addressees(bench, partner, today)
    ]


def remind(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Send what is due to one partner, and remember it."""
    partner = bench.partner(PartnerId(key.partition("@")[0]))
    if partner is None:
        return
    now = bench.clock()
    for wanted in letters(bench, work, partner, bench.today(partner, now)):
        if wanted.addressees:
            number = f"DUN{work.exchange.next_number('dunning'):07d}"
            document = _document(bench, partner, wanted, number, bench.today(partner, now))
            for each in wanted.addressees:
                letter = Letter(partner=each, document=DOCUMENT, number=number, now=now)
                write.letter(bench, work, letter, document)
            for one in wanted.reminder.invoices:
                work.receivables.remind(wanted.account.partner, one.invoice.number, wanted.reminder.level, at=now)


def waiting(bench: Workbench, work: UnitOfWork) -> Iterator[Wanted]:
    """Every letter that is due at this moment."""
    for partner, today in _overdue(bench, work):
        yield from letters(bench, work, partner, today)


def letters(bench: Workbench, work: UnitOfWork, partner: Partner, today: date) -> Iterator[Wanted]:
    """The letters due to one partner."""
    terms, owner = agreed.terms(bench, work, partner), PartnerId(partner.partner)
    account = work.receivables.account(owner, terms.currency)
    found = dunning.reminders(
        account, work.receivables.reminded(owner), today, levels=terms.dunning_levels,
        grace_days=terms.dunning_grace_days,
    )  # fmt: skip
    addressees = _addressees(bench, partner, today)
    for reminder in found:
        yield Wanted(reminder, account, addressees)


def _overdue(bench: Workbench, work: UnitOfWork) -> Iterator[tuple[Partner, date]]:
    """Partners with an invoice that has reached a level at which it was not reminded of."""
    for partner in bench.site.partners.values():
        agreed_on = partner.terms.dunning
        if partner.status == "live":
            today = bench.today(partner, bench.clock())
            by = [today - timedelta(days=days + agreed_on.grace_days) for days in sorted(agreed_on.levels)]
            owner = PartnerId(partner.partner)
            if any(work.receivables.waits_for_reminder(owner, level, day) for level, day in enumerate(by, start=1)):
                yield partner, today


def _addressees(bench: Workbench, partner: Partner, today: date) -> tuple[Partner, ...]:
    """The partner and accounting, where their files name a mapping for it."""
    also = (each for each in bench.site.partners.values() if each.kind == ALSO_TO and each is not partner)
    return tuple(each for each in (partner, *also) if each.outputs(DOCUMENT, today))


def _document(bench: Workbench, partner: Partner, wanted: Wanted, number: str, today: date) -> Dunning:
    reminder = wanted.reminder
    payments = wanted.account.payments.values()
    return Dunning(
        letter_number=number, letter_date=today, level=reminder.level, partner=partner.partner,
        account=partner.terms.account, name=partner.name or None, currency=reminder.currency, total=cents(reminder.total),
        unapplied=sum((each.unapplied for each in payments if each.currency == reminder.currency), ZERO),
        remit_to=bench.site.settings.our_party(),
        invoices=tuple(
            DunnedInvoice(
                invoice_number=each.invoice.number, invoice_date=each.invoice.invoice_date,
                due_date=each.invoice.due_date, po_number=next(iter(each.invoice.po_numbers), None),
                days_overdue=each.days_overdue, amount=cents(each.invoice.total), open=cents(each.invoice.open),
                disputed=cents(each.disputed), due=cents(each.due),
            )
            for each in reminder.invoices
        ),
    )  # fmt: skip
