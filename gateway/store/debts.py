"""What each customer owes or will owe: read once in a unit of work from what is open, and kept as its orders and bills move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from gateway.kernel.ids import PartnerId
from gateway.kernel.quantity import ZERO
from gateway.orders.facts import Exposure, OpenInvoice
from gateway.orders.happened.bill_events import Bill, OrderInvoiced
from gateway.orders.order import Order
from gateway.store.order_rows import amounts
from gateway.store.schema import OWED, invoices, open_items, orders, payments
from gateway.store.session import Session
from gateway.store.statements import Prepared

_BILLS = Prepared(
    select(invoices.c.number, invoices.c.kind, invoices.c.due_date, invoices.c.total, invoices.c.paid).where(
        invoices.c.partner == bindparam("of"), invoices.c.open
    )
)
_ITEMS = Prepared(
    select(open_items.c.invoice_number, open_items.c.due_date, open_items.c.open_amount).where(
        open_items.c.partner == bindparam("of")
    )
)
_GOODS = Prepared(
    select(orders.c.open_amount, orders.c.shipped_amount).where(
        orders.c.partner == bindparam("of"), OWED, ~orders.c.test
    )
)
_CASH = Prepared(
    select(payments.c.unapplied).where(payments.c.partner == bindparam("of"), payments.c.unapplied != bindparam("none"))
)


@dataclass(slots=True)
class Debt:
    """The parts of what one customer owes; ``oldest`` is what is due longest."""

    bills: Decimal = ZERO
    credits: Decimal = ZERO
    items: Decimal = ZERO
    cash: Decimal = ZERO
    goods: Decimal = ZERO
    shipped: Decimal = ZERO
    oldest: OpenInvoice | None = None

    def is_due(self, invoice: OpenInvoice) -> None:
        """One more invoice of which something is open."""
        self.oldest = min((invoice, self.oldest or invoice), key=_age)


class Debts:
    """The debts that one unit of work asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[PartnerId, Debt] = {}
        session.keeps(forget=self.forget)

    def forget(self) -> None:
        """Something else changed: they are read again."""
        self._known.clear()

    def moved(self, before: Order | None, after: Order) -> None:
        """An order stands otherwise than before, or is new."""
        debt = self._known.get(after.partner)
        if debt is None or after.test:
            return
        for order, sign in ((before, -1), (after, 1)):
            if order is not None:
                goods, shipped = amounts(order)
                debt.goods += sign * goods
                debt.shipped += sign * shipped

    def billed(self, partner: PartnerId, bill: Bill) -> None:
        """A new invoice or credit memo, or one more part of it."""
        debt = self._known.get(partner)
        if debt is None:
            return
        if not isinstance(bill, OrderInvoiced):
            debt.credits += abs(bill.total)
            return
        debt.bills += bill.total
        if bill.total > ZERO:
            debt.is_due(OpenInvoice(partner, bill.number, bill.due_date))

    def exposure(self, partners: Sequence[PartnerId], *, without: Decimal) -> Exposure:
        """What they owe together; ``without`` is what of open orders does not count."""
        names = sorted(set(partners))
        found = [self._debt(name) for name in names]
        return Exposure(
            unpaid_invoices=_sum(each.bills for each in found), open_items=_sum(each.items for each in found),
            shipped_not_invoiced=_sum(each.shipped for each in found),
            open_orders=_sum(each.goods for each in found) - without, credits=_sum(each.credits for each in found),
            unapplied_cash=_sum(each.cash for each in found),
            oldest=min((each.oldest for each in found if each.oldest is not None), key=_age, default=None),
            members=tuple(names),
        )  # fmt: skip

    def _debt(self, partner: PartnerId) -> Debt:
        if partner not in self._known:
            self._session.flush()
            self._known[partner] = self._read(partner)
        return self._known[partner]

    def _read(self, partner: PartnerId) -> Debt:
        debt, own = Debt(), {"of": partner}
        for row in self._session.rows(_BILLS, own):
            left = Decimal(row.total) - Decimal(row.paid)
            if row.kind == "credit":
                debt.credits += abs(left)
                continue
            debt.bills += left
            if left > ZERO:
                debt.is_due(OpenInvoice(partner, row.number, date.fromisoformat(row.due_date)))
        for row in self._session.rows(_ITEMS, own):
            left = Decimal(row.open_amount)
            debt.items += left
            if left > ZERO:
                debt.is_due(OpenInvoice(partner, row.invoice_number, date.fromisoformat(row.due_date)))
        for row in self._session.rows(_GOODS, own):
            debt.goods += Decimal(row.open_amount)
            debt.shipped += Decimal(row.shipped_amount)
        debt.cash = _sum(Decimal(row.unapplied) for row in self._session.rows(_CASH, {**own, "none": "0"}))
        return debt


def _age(invoice: OpenInvoice) -> tuple[date, PartnerId, str]:
    return (invoice.due_date, invoice.partner, invoice.number)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)
