"""What the house says of customers, what they owe elsewhere, and everything they owe."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select

from gateway.canonical.house import CustomerTerms
from gateway.canonical.money import OpenItem
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.facts import Exposure
from gateway.store.debts import Debts
from gateway.store.kept_rows import CHANGED, SAME
from gateway.store.master import put
from gateway.store.order_rows import amounts
from gateway.store.orders import Orders
from gateway.store.schema import customers, open_items
from gateway.store.session import Session


class Customers:
    """The customers of one unit of work."""

    def __init__(self, session: Session, orders: Orders, debts: Debts) -> None:
        self._session = session
        self._orders = orders
        self._debts = debts
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
        self._debts.forget()
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
        own = self._orders.get(without) if without is not None else None
        counts = own is not None and own.partner in names and not own.test
        return self._debts.exposure(names, without=amounts(own)[0] if own is not None and counts else ZERO)
