"""Orders with their events: the current row and what happened, always together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.billing import settlement
from gateway.orders.events import Event, OrderShipped
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.ledger import OrderQuery, StoredEvent, Unanswered
from gateway.orders.order import Order
from gateway.store import backorders, codec
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import invoice_orders, invoices, order_events, orders

_LAST_SEQUENCE = select(func.max(orders.c.sequence))
_BODY = select(orders.c.body).where(orders.c.number == bindparam("number"))
_INSERT_ORDER = insert(orders)
_UPDATE_ORDER = (
    update(orders)
    .where(orders.c.number == bindparam("known_number"), orders.c.version == bindparam("known_version"))
    .values(
        {each.name: bindparam(each.name) for each in orders.c if each.name not in ("number", "sequence", "placed_at")}
    )
)
_INSERT_EVENT = insert(order_events)
_BILLS = (
    select(order_events)
    .where(
        order_events.c.order_number == bindparam("wanted"), order_events.c.type.in_(("OrderInvoiced", "OrderCredited"))
    )
    .order_by(order_events.c.sequence)
)
_SHIPPED = (order_events.c.type == "OrderShipped") & (order_events.c.reference == bindparam("shipment"))
_SHIPMENT = select(order_events).where(_SHIPPED, order_events.c.order_number == bindparam("wanted"))
_OF_SHIPMENT = select(order_events.c.order_number).where(_SHIPPED).distinct().order_by(order_events.c.order_number)
_INVOICE_SUMS = select(invoices.c.total, invoices.c.discountable, invoices.c.discount).where(
    invoices.c.number == bindparam("wanted")
)
_INSERT_INVOICE = insert(invoices)
_INSERT_INVOICE_ORDER = insert(invoice_orders)
# the statements of every order are made once: building them costs more than running them


class Orders:
    """The orders of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, order: Order, status: str, events: Sequence[Event], *, at: datetime, who: str) -> None:
        """A new order with its first events."""
        last = self._connection.execute(_LAST_SEQUENCE).scalar() or 0
        row = {
            "number": order.number,
            "sequence": last + 1,
            "placed_at": to_text(order.placed_at),
            **_columns(order, status),
        }
        self._connection.execute(_INSERT_ORDER, row)
        backorders.keep(self._connection, order, last + 1)
        self._append(order, events, at, who)

    def save(
        self, order: Order, status: str, events: Sequence[Event], *, at: datetime, who: str, expected_version: int
    ) -> None:
        """The order after more events; raises ConflictError when somebody else saved in between."""
        same = {"known_number": order.number, "known_version": expected_version}
        done = self._connection.execute(_UPDATE_ORDER, {**_columns(order, status), **same})
        if done.rowcount != 1:
            raise ConflictError(f"{order.number} was changed by somebody else in the meantime.", next_step="Try again.")
        backorders.keep(self._connection, order)
        self._append(order, events, at, who)

    def get(self, number: OrderNumber) -> Order | None:
        """An order by our number."""
        body = self._connection.execute(_BODY, {"number": number}).scalar()
        return codec.order_from_text(body) if body is not None else None

    def find(self, query: OrderQuery) -> list[Order]:
        """The orders that fit, oldest first."""
        chosen = select(orders.c.body).where(orders.c.test == query.test).order_by(orders.c.sequence)
        for column, value in (("partner", query.partner), ("po_number", query.po_number), ("status", query.status)):
            if value is not None:
                chosen = chosen.where(orders.c[column] == value)
        return [codec.order_from_text(body) for body in self._connection.execute(chosen).scalars()]

    def events(self, number: OrderNumber) -> list[StoredEvent]:
        """Everything that happened to an order, in order."""
        query = select(order_events).where(order_events.c.order_number == number).order_by(order_events.c.sequence)
        return [_stored(row) for row in self._connection.execute(query)]

    def unreleased(self) -> list[tuple[OrderNumber, int]]:
        """Orders with goods reserved in a warehouse that was not told to pick yet, each with its version."""
        chosen = select(orders.c.number, orders.c.version).where(orders.c.waits_for_release).order_by(orders.c.sequence)
        return [(OrderNumber(row.number), row.version) for row in self._connection.execute(chosen)]

    def uninvoiced(self) -> list[OrderNumber]:
        """Orders with goods shipped and not invoiced."""
        return self._numbers(orders.c.waits_for_invoice)

    def shipment(self, shipment_number: str, order: OrderNumber) -> OrderShipped | None:
        """What of an order left in a shipment."""
        row = self._connection.execute(_SHIPMENT, {"wanted": order, "shipment": shipment_number}).first()
        event = _stored(row).event if row is not None else None
        return event if isinstance(event, OrderShipped) else None

    def invoice(self, invoice_number: str) -> tuple[OrderNumber, OrderInvoiced] | None:
        """An invoice by its number."""
        query = select(order_events).where(
            order_events.c.type == "OrderInvoiced", order_events.c.reference == invoice_number
        )
        row = self._connection.execute(query).first()
        event = _stored(row).event if row is not None else None
        return (OrderNumber(row.order_number), event) if row is not None and isinstance(event, OrderInvoiced) else None

    def unanswered(self) -> list[Unanswered]:
        """Orders on hold that were not answered yet, of those whose partner waits for an answer until a moment."""
        chosen = (
            select(orders.c.number, orders.c.version, orders.c.partner, orders.c.placed_at, orders.c.answer_due)
            .where(orders.c.answer_due.is_not(None))
            .order_by(orders.c.sequence)
        )
        return [
            Unanswered(
                OrderNumber(row.number), row.version, PartnerId(row.partner), to_moment(row.placed_at),
                to_moment(row.answer_due),
            )
            for row in self._connection.execute(chosen)
        ]  # fmt: skip

    def orders_of_shipment(self, shipment_number: str) -> list[OrderNumber]:
        """The orders that have goods in a shipment."""
        found = self._connection.execute(_OF_SHIPMENT, {"shipment": shipment_number}).scalars()
        return [OrderNumber(each) for each in found]

    def touched_by(self, who: str) -> list[OrderNumber]:
        """The orders that somebody or some file made something happen to."""
        query = select(order_events.c.order_number).where(order_events.c.who == who).distinct()
        return [OrderNumber(each) for each in self._connection.execute(query).scalars()]

    def of_key(
        self, partner: PartnerId, key: Mapping[str, str], *, store: str, test: bool, since: datetime
    ) -> list[Order]:
        """The orders of a partner since a moment whose columns are as in the key, for the same store; newest first."""
        query = (
            select(orders.c.body)
            .where(
                orders.c.partner == partner, orders.c.test == test, orders.c.placed_at >= to_text(since),
                *(orders.c[name] == value for name, value in key.items()),
            )
            .order_by(orders.c.sequence.desc())
        )  # fmt: skip
        found = (codec.order_from_text(body) for body in self._connection.execute(query).scalars())
        return [order for order in found if order.store == store]

    def cancellable(self, before: date) -> list[tuple[OrderNumber, int]]:
        """Orders whose cancel-after lies before a day and that have a balance to cancel, each with its version."""
        late = orders.c.cancel_after < before.isoformat()
        chosen = select(orders.c.number, orders.c.version).where(late).order_by(orders.c.sequence)
        return [(OrderNumber(row.number), row.version) for row in self._connection.execute(chosen)]

    def unbilled(self) -> list[tuple[OrderNumber, int, PartnerId]]:
        """Orders with goods shipped and not invoiced, each with its version and whose it is."""
        chosen = (
            select(orders.c.number, orders.c.version, orders.c.partner)
            .where(orders.c.waits_for_invoice)
            .order_by(orders.c.sequence)
        )
        rows = self._connection.execute(chosen)
        return [(OrderNumber(row.number), row.version, PartnerId(row.partner)) for row in rows]

    def bills(self, order: OrderNumber) -> tuple[Bill, ...]:
        """The invoices and credit memos of an order, in order."""
        rows = self._connection.execute(_BILLS, {"wanted": order})
        found = [_stored(row).event for row in rows]
        return tuple(each for each in found if isinstance(each, OrderInvoiced | OrderCredited))

    def parts(self, bill: str) -> list[tuple[OrderNumber, Bill]]:
        """An invoice or credit memo by its number: its part of each order that it bills."""
        named = order_events.c.type.in_(("OrderInvoiced", "OrderCredited")) & (order_events.c.reference == bill)
        rows = self._connection.execute(select(order_events).where(named)).all()
        found = [(OrderNumber(row.order_number), _stored(row).event) for row in rows]
        return [(number, each) for number, each in found if isinstance(each, OrderInvoiced | OrderCredited)]

    def _bill(self, order: Order, event: Bill) -> None:
        """The row of an invoice or credit memo; one of several orders grows with each part."""
        invoiced = isinstance(event, OrderInvoiced)
        known = self._connection.execute(_INVOICE_SUMS, {"wanted": event.number}).one_or_none()
        sums = {"total": event.total, "discountable": settlement.discountable(event)}
        sums["discount"] = (event.discount_amount or ZERO) if isinstance(event, OrderInvoiced) else ZERO
        if known is None:
            _, body = codec.event_to_text(event)
            self._connection.execute(
                _INSERT_INVOICE,
                {
                    "number": event.number, "order_number": order.number, "partner": order.partner,
                    "currency": order.currency, "kind": "invoice" if invoiced else "credit", "paid": "0", "open": True,
                    "credited_invoice": "" if invoiced else event.invoice_number, "body": body,
                    "invoice_date": event.day.isoformat(), "due_date": event.due_date.isoformat(),
                    **{name: plain(amount) for name, amount in sums.items()},
                },
            )  # fmt: skip
        else:
            grown = {name: plain(Decimal(getattr(known, name)) + amount) for name, amount in sums.items()}
            self._connection.execute(update(invoices).where(invoices.c.number == event.number).values(**grown))
        self._connection.execute(_INSERT_INVOICE_ORDER, {"invoice_number": event.number, "order_number": order.number})

    def _numbers(self, column: Any) -> list[OrderNumber]:
        found = self._connection.execute(select(orders.c.number).where(column).order_by(orders.c.sequence)).scalars()
        return [OrderNumber(number) for number in found]

    def _append(self, order: Order, events: Sequence[Event], at: datetime, who: str) -> None:
        """Each event raises the version of its order by one, so that its sequence is known without asking."""
        first = order.version + 2 - len(events)
        rows = [_event_row(order, sequence, event, at, who) for sequence, event in enumerate(events, start=first)]
        if rows:
            self._connection.execute(_INSERT_EVENT, rows)
        for event in events:
            if isinstance(event, OrderInvoiced | OrderCredited) and not order.test:
                self._bill(order, event)


def _columns(order: Order, status: str) -> dict[str, Any]:
    """What can be asked of an order without reading its body."""
    open_amount = shipped = ZERO
    for line in order.lines:
        price, quantity = line.unit_price or ZERO, line.quantity
        served = quantity.backordered + quantity.allocated + quantity.picked + quantity.packed
        open_amount += price * served
        shipped += price * (quantity.shipped - quantity.invoiced)
    ready = order.decided and not order.holds and not order.rejected and not order.test
    return {
        "partner": order.partner, "po_number": order.po_number, "release_number": order.release_number,
        "purpose": order.purpose, "test": order.test, "status": status, "version": order.version,
        "waits_for_release": ready and bool(order.untold()),
        "waits_for_invoice": any(line.quantity.shipped > line.quantity.invoiced for line in order.lines),
        "open_amount": plain(open_amount), "shipped_amount": plain(shipped), "answer_due": _waits_until(order),
        "cancel_after": order.cancel_after.isoformat() if order.cancel_after is not None and order.has_balance() else None,
        "body": codec.order_to_text(order),
    }  # fmt: skip


def _waits_until(order: Order) -> str | None:
    """Until when the partner waits for an answer; nothing once it has one."""
    answered = order.decided or order.rejected or order.answered_on_hold
    return None if answered or order.answer_due is None else to_text(order.answer_due)


def _event_row(order: Order, sequence: int, event: Event, at: datetime, who: str) -> dict[str, Any]:
    name, body = codec.event_to_text(event)
    return {
        "order_number": order.number, "sequence": sequence, "at": to_text(at), "who": who, "type": name,
        "reference": _reference(event), "body": body,
    }  # fmt: skip


def _reference(event: Event) -> str:
    if isinstance(event, OrderInvoiced | OrderCredited):
        return event.number
    return event.shipment_number if isinstance(event, OrderShipped) else ""


def _stored(row: Row[Any]) -> StoredEvent:
    return StoredEvent(row.sequence, to_moment(row.at), row.who, codec.event_from_text(row.type, row.body))
