"""The rows of invoices and credit memos, with what is settled of them and what was credited."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO
from gateway.orders.ledger import BillRecord
from gateway.store.schema import CORRECTS, invoice_orders, invoices
from gateway.store.session import Session


class Invoices:
    """The invoices of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self, *, partner: PartnerId | None = None, number: str = "", open_only: bool = False
    ) -> list[BillRecord]:  # fmt: skip
        """Those that fit, in the order of their dates and numbers."""
        chosen = select(invoices).order_by(invoices.c.invoice_date, invoices.c.number)
        if partner is not None:
            chosen = chosen.where(invoices.c.partner == partner)
        if number:
            chosen = chosen.where(invoices.c.number == number)
        if open_only:
            chosen = chosen.where(invoices.c.open)
        rows = self._session.execute(chosen).all()
        if not rows:
            return []
        credited, orders = self._credited(), self._orders(number)
        return [
            BillRecord(
                number=row.number, kind=row.kind, partner=PartnerId(row.partner), orders=tuple(orders.get(row.number, ())),
                currency=row.currency, day=date.fromisoformat(row.invoice_date),
                due_date=date.fromisoformat(row.due_date), total=Decimal(row.total), paid=Decimal(row.paid),
                is_open=row.open, credited_invoice=row.credited_invoice, credited=credited.get(row.number, ZERO),
            )
            for row in rows if row.invoice_date
        ]  # fmt: skip

    def _credited(self) -> dict[str, Decimal]:
        """What the credit memos took back, by invoice."""
        found: dict[str, Decimal] = {}
        chosen = select(invoices.c.credited_invoice, invoices.c.total).where(CORRECTS)
        for name, total in self._session.execute(chosen):
            found[name] = found.get(name, ZERO) + Decimal(total)
        return found

    def _orders(self, number: str) -> dict[str, list[OrderNumber]]:
        chosen = select(invoice_orders).order_by(invoice_orders.c.invoice_number, invoice_orders.c.order_number)
        if number:
            chosen = chosen.where(invoice_orders.c.invoice_number == number)
        found: dict[str, list[OrderNumber]] = {}
        for row in self._session.execute(chosen):
            found.setdefault(row.invoice_number, []).append(OrderNumber(row.order_number))
        return found
