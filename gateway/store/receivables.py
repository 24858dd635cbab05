"""Accounts: what is owed, what was paid and what is disputed, as rows; and the entries that made them, only ever added."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, insert, or_, select, update

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.receivables import discounts
from gateway.orders.receivables.account import Account, Claim, Invoice, Payment
from gateway.orders.receivables.book import OwnClaim, OwnPayment, StoredEntry, Wanted
from gateway.orders.receivables.entries import EFFECTS, Entry, Kind
from gateway.orders.receivables.handwork import Used
from gateway.store.debts import Debts
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    CORRECTS,
    OPEN_CREDIT,
    SETTLED,
    account_entries,
    claims,
    invoice_orders,
    invoices,
    open_items,
    orders,
    payments,
    reminders,
)
from gateway.store.session import Session

NOTHING_MORE = Wanted()
_OPEN_BILLS = (
    select(invoice_orders.c.order_number)
    .join_from(invoice_orders, invoices, invoice_orders.c.invoice_number == invoices.c.number)
    .where(invoice_orders.c.order_number == orders.c.number, invoices.c.kind == "invoice", invoices.c.open)
    .correlate(orders)
)
IS_SETTLED = (orders.c.status == "invoiced") & ~orders.c.test & ~_OPEN_BILLS.exists()
"""Everything of an order is invoiced and no invoice is open; the column ``settled`` says it."""


class Receivables:
    """The accounts of one unit of work."""

    def __init__(self, session: Session, debts: Debts) -> None:
        self._session = session
        self._debts = debts

    def account(self, partner: PartnerId, currency: str, wanted: Wanted = NOTHING_MORE) -> Account:
        """What is open with a partner and what is wanted besides; ``currency`` is that of open items that name none."""
        self._session.alone_with(f"account:{partner}")
        found = {**self._elsewhere(partner, currency, wanted), **self._billed(partner, wanted)}
        named = payments.c.number.in_(wanted.payments)
        rows = self._rows(payments, partner, or_(payments.c.unapplied != "0", named))
        claimed = or_(claims.c.invoice_number.in_(sorted(found)), claims.c.number.in_(wanted.claims))
        return Account(
            partner, found, {row.number: _payment(row) for row in rows},
            {row.number: _claim(row) for row in self._rows(claims, partner, claimed, claims.c.opened_at, claims.c.number)},
        )  # fmt: skip

    def save(self, account: Account, entries: Sequence[Entry], *, at: datetime, who: str) -> None:
        """Record entries and bring the rows they change to what the account says."""
        self._debts.forget()
        for each in entries:
            row = {
                "at": to_text(at), "who": who, "partner": account.partner, "kind": each.kind.value,
                "invoice_number": each.invoice, "payment_number": each.payment, "claim_number": each.claim,
                "amount": plain(each.amount), "reason": each.reason,
            }  # fmt: skip
            self._session.execute(insert(account_entries).values(**row))
        settling = [each for each in entries if EFFECTS[each.kind].paid]
        numbers = {each.invoice for each in settling} | {each.payment for each in settling}
        for number in sorted(numbers & account.invoices.keys()):
            self._save_invoice(account, account.invoices[number])
        for number in sorted({each.payment for each in entries} & account.payments.keys()):
            self._put(payments, account.partner, number, _payment_row(account.payments[number]))
        for number in sorted({each.claim for each in entries} & account.claims.keys()):
            self._put_claim(account.partner, account.claims[number], at)

    def entries(
        self, partner: PartnerId, *, invoice: str = "", payment: str = "", claim: str = ""
    ) -> list[StoredEntry]:
        """What happened to a partner's account, to one invoice, payment or claim of it."""
        query = select(account_entries).where(account_entries.c.partner == partner)
        for column, value in (("invoice_number", invoice), ("payment_number", payment), ("claim_number", claim)):
            if value:
                query = query.where(account_entries.c[column] == value)
        return [_stored(row) for row in self._session.execute(query.order_by(account_entries.c.sequence))]

    def booked_by(self, who: str) -> list[StoredEntry]:
        """What somebody or some file made happen to any account."""
        query = select(account_entries).where(account_entries.c.who == who).order_by(account_entries.c.sequence)
        return [_stored(row) for row in self._session.execute(query)]

    def used(self, partner: PartnerId, payment: str) -> dict[str, Used]:
        """What a payment has settled, by invoice, in the order it was applied."""
        found: dict[str, Used] = {}
        for each in (stored.entry for stored in self.entries(partner, payment=payment)):
            before = found.get(each.invoice, Used())
            if each.kind is Kind.APPLIED:
                found[each.invoice] = Used(before.cash + each.amount, before.discount)
            elif each.kind is Kind.DISCOUNT:
                found[each.invoice] = Used(before.cash, before.discount + each.amount)
        return found

    def payments(self, partner: PartnerId | None = None, number: str = "") -> list[OwnPayment]:
        """Payments, the newest last."""
        query = select(payments).order_by(payments.c.payment_date, payments.c.partner, payments.c.number)
        query = query.where(payments.c.partner == partner) if partner else query
        query = query.where(payments.c.number == number) if number else query
        return [OwnPayment(PartnerId(row.partner), _payment(row)) for row in self._session.execute(query)]

    def claims(self, partner: PartnerId | None = None, number: str = "") -> list[OwnClaim]:
        """Claims, the newest last."""
        query = select(claims).order_by(claims.c.opened_at, claims.c.number)
        query = query.where(claims.c.partner == partner) if partner else query
        query = query.where(claims.c.number == number) if number else query
        rows = self._session.execute(query)
        return [OwnClaim(PartnerId(row.partner), to_moment(row.opened_at), _claim(row)) for row in rows]

    def owners(self, numbers: Iterable[str]) -> dict[str, PartnerId]:
        """Who owes which of these invoices, ours and those billed elsewhere."""
        wanted = sorted(set(numbers))
        elsewhere = select(open_items.c.invoice_number, open_items.c.partner).where(
            open_items.c.invoice_number.in_(wanted)
        )
        ours = select(invoices.c.number, invoices.c.partner).where(invoices.c.number.in_(wanted))
        found = {number: PartnerId(owner) for number, owner in self._session.execute(elsewhere)}
        return found | {number: PartnerId(owner) for number, owner in self._session.execute(ours)}

    def partners(self) -> list[PartnerId]:
        """Everybody with something open, or with money that is not applied."""
        found: set[str] = set()
        for table, is_open in (
            (invoices, invoices.c.open), (open_items, open_items.c.open_amount != "0"),
            (payments, payments.c.unapplied != "0"),
        ):  # fmt: skip
            found.update(self._session.execute(select(table.c.partner).where(is_open).distinct()).scalars())
        return [PartnerId(each) for each in sorted(found)]

    def of_order(self, order: OrderNumber) -> list[Invoice]:
        """The invoices and credits of an order."""
        mine = select(invoice_orders.c.invoice_number).where(invoice_orders.c.order_number == order)
        query = select(invoices).where(invoices.c.number.in_(mine)).order_by(invoices.c.number)
        return [_invoice(row) for row in self._session.execute(query)]

    def credits_to_apply(self) -> list[tuple[PartnerId, str, str]]:
        """Open credits with the open invoice that each corrects, or that took its place: partner, credit, invoice."""
        query = select(invoices).where(OPEN_CREDIT).order_by(invoices.c.number)
        given = list(self._session.execute(query))
        named, mine = {row.credited_invoice for row in given}, {row.order_number for row in given}
        still = select(invoices.c.number, invoices.c.body).where(
            invoices.c.kind == "invoice", invoices.c.open,
            or_(invoices.c.number.in_(sorted(named)), invoices.c.order_number.in_(sorted(mine))),
        )  # fmt: skip
        owed: dict[str, list[str]] = {}
        for number, body in self._session.execute(still.order_by(invoices.c.number)) if given else ():
            owed.setdefault(number, []).insert(0, number)
            owed.setdefault(json.loads(body).get("replaces", ""), []).append(number)
        return [
            (PartnerId(row.partner), row.number, invoice)
            for row in given for invoice in owed.get(row.credited_invoice, ())[:1]
        ]  # fmt: skip

    def settled_orders(self) -> list[tuple[OrderNumber, int]]:
        """Orders of which everything is invoiced and no invoice is open, that are not paid yet, with their versions."""
        found = select(orders.c.number, orders.c.version).where(SETTLED)
        rows = self._session.execute(found.order_by(orders.c.sequence))
        return [(OrderNumber(row.number), row.version) for row in rows]

    def waits_for_reminder(self, partner: PartnerId, level: int, due_by: date) -> bool:
        """Whether anything of a partner that was due by a day is open and was not reminded of at a level or above."""
        for table, number, is_open in (
            (invoices, invoices.c.number, invoices.c.open & (invoices.c.kind == "invoice")),
            (open_items, open_items.c.invoice_number, open_items.c.open_amount != "0"),
        ):
            sent = select(reminders.c.level).where(
                reminders.c.partner == partner, reminders.c.invoice_number == number, reminders.c.level >= level
            )
            late = (table.c.partner == partner) & is_open & (table.c.due_date <= due_by.isoformat())
            if self._session.execute(select(number).where(late, ~sent.exists()).limit(1)).first() is not None:
                return True
        return False

    def reminded(self, partner: PartnerId) -> dict[str, int]:
        """The highest level at which each invoice of a partner was reminded of."""
        query = select(reminders.c.invoice_number, reminders.c.level).where(reminders.c.partner == partner)
        found: dict[str, int] = {}
        for number, level in self._session.execute(query):
            found[number] = max(level, found.get(number, 0))
        return found

    def remind(self, partner: PartnerId, invoice: str, level: int, *, at: datetime) -> None:
        """A reminder left."""
        row = {"partner": partner, "invoice_number": invoice, "level": level, "sent_at": to_text(at)}
        self._session.execute(insert(reminders).values(**row))

    def _billed(self, partner: PartnerId, wanted: Wanted) -> dict[str, Invoice]:
        """Our own invoices and credits that are open or wanted, with their orders."""
        joined = select(invoice_orders.c.invoice_number, invoice_orders.c.order_number, orders.c.po_number).join_from(
            invoice_orders, orders, invoice_orders.c.order_number == orders.c.number
        )
        by_order = joined.where(orders.c.partner == partner, orders.c.po_number.in_(wanted.orders))
        more = {*wanted.invoices, *(row.invoice_number for row in self._session.execute(by_order))}
        found = {
            row.number: row
            for row in self._rows(invoices, partner, or_(invoices.c.open, invoices.c.number.in_(sorted(more))))
        }
        bills: dict[str, list[Any]] = {}
        for row in self._session.execute(joined.where(invoice_orders.c.invoice_number.in_(sorted(found)))):
            bills.setdefault(row.invoice_number, []).append(row)
        parts, credited = self._parts(partner, found), self._credited(found.values())
        return {
            number: _invoice(row, bills.get(number, []), parts.get(number, {}), credited.get(number, ZERO))
            for number, row in found.items()
        }

    def _credited(self, found: Iterable[Row[Any]]) -> dict[str, Decimal]:
        """What credit memos took back of what a discount was told of, by invoice."""
        told = sorted(row.number for row in found if row.discount != "0")
        query = select(invoices.c.credited_invoice, invoices.c.discountable)
        sums: dict[str, Decimal] = {}
        for number, amount in self._session.execute(query.where(CORRECTS, invoices.c.credited_invoice.in_(told))):
            sums[number] = sums.get(number, ZERO) + Decimal(amount)
        return sums

    def _elsewhere(self, partner: PartnerId, currency: str, wanted: Wanted) -> dict[str, Invoice]:
        """What another system billed; its total is what is open by the last word of that system and what we booked."""
        named = open_items.c.invoice_number.in_(wanted.invoices)
        rows = {
            row.invoice_number: row
            for row in self._rows(open_items, partner, or_(open_items.c.open_amount != "0", named))
        }
        parts = self._parts(partner, rows)
        return {number: _open_item(row, currency, parts.get(number, {})) for number, row in rows.items()}

    def _parts(self, partner: PartnerId, numbers: Iterable[str]) -> dict[str, dict[Kind, Decimal]]:
        """What settled each of these invoices, by kind."""
        mine = (account_entries.c.partner == partner) & account_entries.c.invoice_number.in_(sorted(numbers))
        found: dict[str, dict[Kind, Decimal]] = {}
        for row in self._session.execute(select(account_entries).where(mine)):
            sums, kind = found.setdefault(row.invoice_number, {}), Kind(row.kind)
            if EFFECTS[kind].paid:
                sums[kind] = sums.get(kind, ZERO) + Decimal(row.amount)
        return found

    def _rows(
        self, table: Table, partner: PartnerId, which: ColumnElement[bool], *order: ColumnElement[Any]
    ) -> list[Row[Any]]:  # fmt: skip
        query = select(table).where(table.c.partner == partner, which).order_by(*(order or table.primary_key.columns))
        return list(self._session.execute(query))

    def _save_invoice(self, account: Account, invoice: Invoice) -> None:
        if invoice.elsewhere:
            same = (open_items.c.partner == account.partner) & (open_items.c.invoice_number == invoice.number)
            body = json.loads(self._session.execute(select(open_items.c.body).where(same)).scalar() or "{}")
            said = json.dumps({**body, "open_amount": plain(invoice.open)}, ensure_ascii=False)
            values: dict[str, Any] = {"open_amount": plain(invoice.open), "body": said}
            self._session.execute(update(open_items).where(same).values(**values))
            return
        values = {"paid": plain(invoice.paid), "open": invoice.open != ZERO}
        self._session.execute(update(invoices).where(invoices.c.number == invoice.number).values(**values))
        mine = select(invoice_orders.c.order_number).where(invoice_orders.c.invoice_number == invoice.number)
        self._session.execute(update(orders).where(orders.c.number.in_(mine)).values(settled=IS_SETTLED))

    def _put(self, table: Table, partner: PartnerId, number: str, values: dict[str, Any]) -> None:
        same = (table.c.partner == partner) & (table.c.number == number)
        if self._session.execute(update(table).where(same).values(**values)).rowcount == 0:
            self._session.execute(insert(table).values(partner=partner, number=number, **values))

    def _put_claim(self, partner: PartnerId, claim: Claim, at: datetime) -> None:
        values = _claim_row(claim)
        same = claims.c.number == claim.number
        if self._session.execute(update(claims).where(same).values(**values)).rowcount == 0:
            row = {"number": claim.number, "partner": partner, "opened_at": to_text(at), **values}
            self._session.execute(insert(claims).values(**row))


def _invoice(
    row: Row[Any], bills: Sequence[Any] = (), parts: dict[Kind, Decimal] | None = None, credited: Decimal = ZERO
) -> Invoice:
    body = json.loads(row.body)
    percent, parts = body.get("discount_percent"), parts or {}
    return Invoice(
        number=row.number, currency=row.currency, invoice_date=date.fromisoformat(row.invoice_date),
        due_date=date.fromisoformat(row.due_date), total=abs(Decimal(row.total)), paid=abs(Decimal(row.paid)),
        cash=parts.get(Kind.APPLIED, ZERO), discounted=parts.get(Kind.DISCOUNT, ZERO), kind=row.kind,
        orders=tuple(OrderNumber(each.order_number) for each in bills), po_numbers=tuple(each.po_number for each in bills),
        discount_percent=Decimal(percent) if percent is not None else None, discount_days=body.get("discount_days"),
        discount=discounts.of_the_rest(Decimal(row.discount), Decimal(row.discountable), credited),
        credited_invoice=row.credited_invoice,
    )  # fmt: skip


def _open_item(row: Row[Any], currency: str, parts: dict[Kind, Decimal]) -> Invoice:
    body, paid = json.loads(row.body), sum(parts.values(), ZERO)
    return Invoice(
        number=row.invoice_number, currency=body.get("currency") or currency,
        invoice_date=date.fromisoformat(body.get("invoice_date") or row.due_date),
        due_date=date.fromisoformat(row.due_date), total=Decimal(row.open_amount) + paid, paid=paid,
        cash=parts.get(Kind.APPLIED, ZERO), discounted=parts.get(Kind.DISCOUNT, ZERO), elsewhere=True,
    )  # fmt: skip


def _payment(row: Row[Any]) -> Payment:
    body = json.loads(row.body)
    return Payment(
        number=row.number, payment_date=date.fromisoformat(row.payment_date), currency=row.currency,
        amount=Decimal(row.amount), unapplied=Decimal(row.unapplied), refunded=Decimal(body["refunded"]),
        moved=Decimal(body["moved"]), method=body["method"], source=body["source"],
        content_hash=body["content_hash"], reasons=tuple(body["reasons"]),
    )  # fmt: skip


def _payment_row(payment: Payment) -> dict[str, Any]:
    body = {
        "refunded": plain(payment.refunded), "moved": plain(payment.moved), "method": payment.method,
        "source": payment.source, "content_hash": payment.content_hash, "reasons": payment.reasons,
    }  # fmt: skip
    return {
        "payment_date": payment.payment_date.isoformat(), "currency": payment.currency, "amount": plain(payment.amount),
        "unapplied": plain(payment.unapplied), "body": json.dumps(body, ensure_ascii=False),
    }  # fmt: skip


def _claim(row: Row[Any]) -> Claim:
    body = json.loads(row.body)
    return Claim(
        number=row.number, invoice=row.invoice_number, reason=body["reason"], origin=body["origin"],
        claimed=Decimal(body["claimed"]), amount=Decimal(row.amount), state=row.state, payment=body["payment"],
        customer_number=body["customer_number"], description=body["description"], note=body["note"],
    )  # fmt: skip


def _claim_row(claim: Claim) -> dict[str, Any]:
    body = {
        "reason": claim.reason, "origin": claim.origin, "claimed": plain(claim.claimed), "payment": claim.payment,
        "customer_number": claim.customer_number, "description": claim.description, "note": claim.note,
    }  # fmt: skip
    return {
        "invoice_number": claim.invoice, "state": claim.state, "amount": plain(claim.amount),
        "body": json.dumps(body, ensure_ascii=False),
    }  # fmt: skip


def _stored(row: Row[Any]) -> StoredEntry:
    return StoredEntry(row.sequence, to_moment(row.at), row.who, PartnerId(row.partner), _entry(row))


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        Kind(row.kind), Decimal(row.amount), row.invoice_number, row.payment_number, row.claim_number, row.reason
    )
