"""The commands that act on accounts: payments by hand, applying, claims, reminders."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.work import drain
from gateway.flows import auditing, dunning
from gateway.flows.by_hand import accounts
from gateway.flows.by_hand.accounts import Asked
from gateway.flows.showing import account_views
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import PartnerId
from gateway.orders.receivables.incoming import Incoming, Remitted


@dataclass(frozen=True, slots=True)
class Typed:
    """A payment as it was typed."""

    number: str
    partner: str
    amount: str
    paid_on: str
    currency: str
    invoices: tuple[str, ...]


def new(typed: Typed, note: str, who: str, site: Path | None, now: str | None) -> int:
    """Book a payment by hand."""
    asked = _asked(note, who, typed.partner)

    def act(bench: Workbench) -> str:
        day = _day(typed.paid_on) or accounts.today(bench, PartnerId(typed.partner))
        remitted = tuple(_remitted(each) for each in typed.invoices)
        money = Incoming(typed.number, day, typed.currency, _amount(typed.amount), remitted, method="hand")
        return accounts.new(bench, money, asked)

    return _act(act, site, now)


def apply(
    number: str, invoice: str, amount: str, note: str, who: str, partner: str, site: Path | None, now: str | None, *,
    oldest: bool,
) -> int:  # fmt: skip
    """Apply unapplied money to an invoice, or to the oldest ones."""
    asked = _asked(note, who, partner)
    if oldest == bool(invoice):
        raise UsageError("It is not clear what the payment is for.", next_step="Say --invoice NUMBER or --oldest.")
    if oldest:
        return _act(lambda bench: accounts.apply_oldest(bench, number, asked), site, now)
    return _act(lambda bench: accounts.apply(bench, number, invoice, _some(amount), asked), site, now)


def apply_credit(
    number: str, invoice: str, amount: str, note: str, who: str, site: Path | None, now: str | None
) -> int:  # fmt: skip
    """Settle an invoice with a credit."""
    asked = _asked(note, who)
    return _act(lambda bench: accounts.apply_credit(bench, number, invoice, _some(amount), asked), site, now)


def unapply(number: str, invoice: str, note: str, who: str, partner: str, site: Path | None, now: str | None) -> int:
    """Take a payment off its invoices."""
    asked = _asked(note, who, partner)
    return _act(lambda bench: accounts.unapply(bench, number, invoice, asked), site, now)


def refund(number: str, amount: str, note: str, who: str, partner: str, site: Path | None, now: str | None) -> int:
    """Note that money was given back."""
    asked = _asked(note, who, partner)
    return _act(lambda bench: accounts.refund(bench, number, _some(amount), asked), site, now)


def move(
    number: str, target: str, amount: str, note: str, who: str, partner: str, site: Path | None, now: str | None
) -> int:  # fmt: skip
    """Bring money to the account of another partner."""
    asked = _asked(note, who, partner)
    return _act(lambda bench: accounts.move(bench, number, target, _some(amount), asked), site, now)


def accept(number: str, amount: str, note: str, who: str, site: Path | None, now: str | None) -> int:
    """Give up what is claimed."""
    asked = _asked(note, who)
    return _act(lambda bench: accounts.accept(bench, number, _some(amount), asked), site, now)


def reject(number: str, note: str, who: str, site: Path | None, now: str | None) -> int:
    """The claim does not stand."""
    asked = _asked(note, who)
    return _act(lambda bench: accounts.reject(bench, number, asked), site, now)


def dun(site: Path | None, now: str | None, who: str, *, dry_run: bool, as_json: bool) -> int:
    """Show the reminders that are due, and send them unless it is a dry run."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            rows = [account_views.reminder_view(each) for each in dunning.waiting(bench, work)]
            leaving = [row for row in rows if row["to"]]
            if leaving and not dry_run:
                partners = ", ".join(dict.fromkeys(row["partner"] for row in leaving))
                auditing.deed(bench, work, who, "payments.dun", "reminders", letters=len(leaving), partners=partners)
                work.commit()
        if as_json:
            output.data(rows)
        for row in () if as_json else rows:
            numbers = ", ".join(each["invoice_number"] for each in row["invoices"])
            to = ", ".join(row["to"]) or "nobody: no partner file names a mapping for 'dunning'"
            output.line(
                f"{row['partner']} level {row['level']}: {row['total']} {row['currency']} for {numbers}, to {to}"
            )
        if not rows and not as_json:
            output.line("no reminders are due")
        return os.EX_OK if dry_run else drain(bench)


def _act(act: Callable[[Workbench], str], site: Path | None, now: str | None) -> int:
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        output.line(act(bench))
        return drain(bench)


def _asked(note: str, who: str, partner: str = "") -> Asked:
    if not note.strip():
        raise UsageError("It needs a note that says why.", next_step="Add --note TEXT.")
    return Asked(note, who, partner)


def _some(text: str) -> Decimal | None:
    return _amount(text) if text else None


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != round(amount, 2):
        raise UsageError(f"'{text}' is not an amount.", next_step="Write it like 899.50.")
    return amount


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"'{text}' is not a date.", next_step="Write it like 2026-12-01.") from error


def _remitted(text: str) -> Remitted:
    invoice, _, amount = text.partition("=")
    return Remitted(invoice, _amount(amount) if amount else None)
