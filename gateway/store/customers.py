"""What the house says of customers, what they owe elsewhere, and everything they owe."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, or_, select

from gateway.canonical.house import CustomerTerms
from gateway.canonical.money import OpenItem
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import Exposure, OpenInvoice
from gateway.store.master import CHANGED, SAME, put
from gateway.store.schema import customers, invoices, open_items, orders, payments
from gateway.store.session import Session


class Customers:
    """The customers of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[PartnerId, tuple[CustomerTerms, str] | None] = {}

    def put(self, customer: CustomerTerms, origin: str) -> str:
        """What the house says of one customer now, and where that stands."""
        self._known.clear()
        key = {"partner": customer.partner}
        values = {
            "credit_group": customer.credit_group or "",
            "body": customer.model_dump_json(exclude_none=True),
        }
        before = self._session.execute(select(customers).where(customers.c.partner == customer.partner)).first()
        if before is not None and all(getattr(before, name) == value for name, value in values.items()):
            return SAME
        return put(self._session, customers, key, {**values, "origin": origin})

    def get(self, partner: PartnerId) -> tuple[CustomerTerms, str] | None:
        """What the house says of a customer, and where that stood."""
        if partner not in self._known:
            row = self._session.execute(select(customers).where(customers.c.partner == partner)).first()
            said = (CustomerTerms.model_validate_json(row.body), row.origin) if row is not None else None
            self._known[partner] = said
        return self._known[partner]

    def groups(self) -> Mapping[PartnerId, str]:
        """The credit group of each customer for whom the house names one."""
        named = select(customers.c.partner, customers.c.credit_group).where(customers.c.credit_group != "")
        return {PartnerId(row.partner): row.credit_group for row in self._session.execute(named)}

    def put_open_item(self, item: OpenItem) -> str:
        """One receivable billed elsewhere; one of nothing is settled and goes."""
        key = {"partner": item.partner, "invoice_number": item.invoice_number}
        if not item.open_amount:
            where = (open_items.c.partner == item.partner) & (open_items.c.invoice_number == item.invoice_number)
            return CHANGED if self._session.execute(delete(open_items).where(where)).rowcount else SAME
        values = {
            "due_date": item.due_date.isoformat(), "open_amount": plain(item.open_amount),
            "body": item.model_dump_json(exclude_none=True),
        }  # fmt: skip
        return put(self._session, open_items, key, values)

    def open_items(self, partners: Iterable[PartnerId]) -> list[OpenItem]:
        """What these customers owe elsewhere, what is due first before the rest."""
        query = select(open_items.c.body).where(open_items.c.partner.in_(sorted(set(partners))))
        query = query.order_by(open_items.c.due_date, open_items.c.partner, open_items.c.invoice_number)
        return [OpenItem.model_validate_json(body) for body in self._session.execute(query).scalars()]

    def exposure(self, partners: Sequence[PartnerId], *, without: OrderNumber | None = None) -> Exposure:
        """What these customers owe or will owe together; ``without`` names the order whose open goods do not count."""
        names = sorted(set(partners))
        self._session.alone_with(*(f"credit:{each}" for each in names))
        elsewhere = self.open_items(names)
        billed = select(invoices).where(invoices.c.partner.in_(names), invoices.c.open)
        bills = [(row, Decimal(row.total) - Decimal(row.paid)) for row in self._session.execute(billed)]
        goods = select(orders.c.number, orders.c.open_amount, orders.c.shipped_amount).where(
            orders.c.partner.in_(names), ~orders.c.test,
            or_(orders.c.open_amount != "0", orders.c.shipped_amount != "0"),
        )  # fmt: skip
        rows = self._session.execute(goods).all()
        cash = select(payments.c.unapplied).where(payments.c.partner.in_(names), payments.c.unapplied != "0")
        due = [
            *(OpenInvoice(PartnerId(row.partner), row.number, date.fromisoformat(row.due_date)) for row, left in bills
              if row.kind == "invoice" and left > ZERO),
            *(OpenInvoice(PartnerId(each.partner), each.invoice_number, each.due_date) for each in elsewhere
              if each.open_amount > ZERO),
        ]  # fmt: skip
        return Exposure(
            unpaid_invoices=_sum(left for row, left in bills if row.kind == "invoice"),
            open_items=_sum(each.open_amount for each in elsewhere),
            shipped_not_invoiced=_sum(Decimal(row.shipped_amount) for row in rows),
            open_orders=_sum(Decimal(row.open_amount) for row in rows if row.number != without),
            credits=_sum(abs(left) for row, left in bills if row.kind == "credit"),
            unapplied_cash=_sum(Decimal(each) for each in self._session.execute(cash).scalars()),
            oldest=min(due, key=lambda each: (each.due_date, each.partner, each.number), default=None),
            members=tuple(PartnerId(each) for each in names),
        )  # fmt: skip


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
