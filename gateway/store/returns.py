"""Which order a return belongs to, and how far it is; the return itself is in the order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.order import Order
from gateway.store.moments import to_text
from gateway.store.schema import orders, returns
from gateway.store.session import Session


class Returns:
    """The returns of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, order: Order, *, at: datetime) -> None:
        """The rows of an order's returns as they are now."""
        known = {row.rma: (row.state, row.credit_due) for row in self._session.execute(self._of(order.number))}
        for each in order.returns:
            due = not order.test and any(line.creditable > line.credited for line in each.lines)
            now = {"state": each.state, "credit_due": due}
            if each.rma not in known:
                row = {
                    "rma": each.rma, "order_number": order.number, "partner": order.partner,
                    "return_number": each.return_number, "requested_at": to_text(at), **now,
                }  # fmt: skip
                self._session.execute(insert(returns).values(**row))
            elif known[each.rma] != (each.state, due):
                self._session.execute(update(returns).where(returns.c.rma == each.rma).values(**now))

    def order_of(self, rma: str) -> OrderNumber | None:
        """The order that a return belongs to."""
        number = self._session.execute(select(returns.c.order_number).where(returns.c.rma == rma)).scalar()
        return OrderNumber(number) if number is not None else None

    def find(
        self, *, partner: PartnerId | None = None, state: str | None = None, return_number: str | None = None
    ) -> Sequence[tuple[str, OrderNumber]]:
        """The returns that fit, oldest first, each with its order."""
        chosen = select(returns.c.rma, returns.c.order_number).order_by(returns.c.requested_at, returns.c.rma)
        for column, value in (("partner", partner), ("state", state), ("return_number", return_number)):
            if value is not None:
                chosen = chosen.where(returns.c[column] == value)
        return [(row.rma, OrderNumber(row.order_number)) for row in self._session.execute(chosen)]

    def uncredited(self) -> Sequence[tuple[str, OrderNumber, int]]:
        """Returns of which something is to be credited and is not, each with its order and the order's version."""
        chosen = (
            select(returns.c.rma, returns.c.order_number, orders.c.version)
            .join(orders, orders.c.number == returns.c.order_number)
            .where(returns.c.credit_due)
            .order_by(returns.c.requested_at, returns.c.rma)
        )
        return [(row.rma, OrderNumber(row.order_number), row.version) for row in self._session.execute(chosen)]

    def _of(self, number: OrderNumber) -> Any:
        return select(returns.c.rma, returns.c.state, returns.c.credit_due).where(returns.c.order_number == number)
