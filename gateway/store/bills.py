"""The rows of invoices and credit memos, written with the events that make them."""

from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, update

from gateway.kernel.ids import OrderNumber
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.billing import settlement
from gateway.orders.happened.bill_events import Bill, OrderInvoiced
from gateway.orders.order import Order
from gateway.store import codec
from gateway.store.debts import Debts
from gateway.store.schema import invoice_orders, invoices
from gateway.store.session import Session
from gateway.store.statements import Prepared

SUMS = ("total", "discountable", "discount")
_SUMS = Prepared(
    select(invoices.c.total, invoices.c.discountable, invoices.c.discount)
    .where(invoices.c.number == bindparam("wanted"))
    .with_for_update()
)
_INSERT = Prepared(insert(invoices))
_GROW = Prepared(
    update(invoices).where(invoices.c.number == bindparam("wanted")).values({name: bindparam(name) for name in SUMS})
)
_UNSETTLED = Prepared(
    select(invoices.c.number)
    .join_from(invoice_orders, invoices, invoice_orders.c.invoice_number == invoices.c.number)
    .where(invoice_orders.c.order_number == bindparam("wanted"), invoices.c.open)
    .where(invoices.c.kind == literal_column("'invoice'"))
)
_INSERT_PART = Prepared(insert(invoice_orders))


class Bills:
    """The bills of one unit of work that are not written yet; one of several orders grows with each part."""

    def __init__(self, session: Session, debts: Debts) -> None:
        self._session = session
        self._debts = debts
        self._fresh: dict[str, dict[str, Any]] = {}
        self._open: set[OrderNumber] = set()
        session.keeps(write=self._write)

    def note(self, order: Order, event: Bill) -> None:
        """What an order has in a bill."""
        if isinstance(event, OrderInvoiced):
            self._open.add(order.number)
        sums = {"total": event.total, "discountable": settlement.discountable(event)}
        sums["discount"] = (event.discount_amount or ZERO) if isinstance(event, OrderInvoiced) else ZERO
        self._debts.billed(order.partner, event)
        fresh = self._fresh.get(event.number)
        found = self._session.first(_SUMS, {"wanted": event.number}) if fresh is None else None
        if fresh is not None:
            fresh |= {name: plain(Decimal(fresh[name]) + amount) for name, amount in sums.items()}
        elif found is not None:
            grown = {name: plain(Decimal(before) + sums[name]) for name, before in zip(SUMS, found, strict=True)}
            self._session.run(_GROW, [{"wanted": event.number, **grown}])
            self._debts.forget()
        else:
            self._fresh[event.number] = _row(order, event, sums)
        part = {"invoice_number": event.number, "order_number": order.number}
        self._session.add(_INSERT_PART, part, amid=True)

    def are_settled(self, order: OrderNumber) -> bool:
        """Whether no invoice of an order is open."""
        return order not in self._open and self._session.first(_UNSETTLED, {"wanted": order}) is None

    def written(self) -> None:
        """The database knows them all."""
        self._open.clear()

    def _write(self) -> None:
        for row in self._fresh.values():
            self._session.add(_INSERT, row)
        self._fresh.clear()


def _row(order: Order, event: Bill, sums: dict[str, Decimal]) -> dict[str, Any]:
    invoiced = isinstance(event, OrderInvoiced)
    _, body = codec.event_to_text(event)
    return {
        "number": event.number, "order_number": order.number, "partner": order.partner, "currency": order.currency,
        "kind": "invoice" if invoiced else "credit", "paid": "0", "open": True,
        "credited_invoice": "" if invoiced else event.invoice_number, "body": body,
        "invoice_date": event.day.isoformat(), "due_date": event.due_date.isoformat(),
        **{name: plain(amount) for name, amount in sums.items()},
    }  # fmt: skip
