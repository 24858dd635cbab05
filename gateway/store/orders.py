"""Orders with their events: the current row and what happened, always together.

What a unit of work read and changed is its own until it ends: an order is read once, and written once as it then stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.events import Event, OrderShipped
from gateway.orders.goods import queue
from gateway.orders.goods.queue import Waiting
from gateway.orders.happened.bill_events import Bill, OrderCredited, OrderInvoiced
from gateway.orders.ledger import OrderQuery, StoredEvent, Unanswered
from gateway.orders.order import Order
from gateway.store import codec, order_rows
from gateway.store.at_once import KeysOfOrders
from gateway.store.backorders import Backorders
from gateway.store.bills import Bills
from gateway.store.debts import Debts
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    CANCELLABLE,
    NAMED,
    TO_INVOICE,
    TO_RELEASE,
    UNANSWERED,
    order_events,
    orders,
)
from gateway.store.session import Session
from gateway.store.statements import Prepared

MOST_HELD, KEPT = 100, 50
"""With how many orders the older ones that are written are forgotten, and how many stay; who goes on with another reads it again."""
BILLS = ("OrderInvoiced", "OrderCredited")
_BODY = Prepared(select(orders.c.body).where(orders.c.number == bindparam("wanted")))
_STANDS = Prepared(select(orders.c.version, orders.c.sequence).where(orders.c.number == bindparam("wanted")))
_INSERT_ORDER = Prepared(insert(orders))
_UPDATE_ORDER = Prepared(
    update(orders)
    .where(orders.c.number == bindparam("known_number"), orders.c.version == bindparam("known_version"))
    .values(
        {each.name: bindparam(each.name) for each in orders.c if each.name not in ("number", "sequence", "placed_at")}
    )
)
_INSERT_EVENT = Prepared(insert(order_events))
_BILLS = Prepared(
    select(order_events.c.type, order_events.c.body)
    .where(order_events.c.order_number == bindparam("wanted"), or_(*(order_events.c.type == each for each in BILLS)))
    .order_by(order_events.c.sequence)
)
_SHIPPED = Prepared(
    select(order_events.c.order_number, order_events.c.body)
    .where(NAMED, order_events.c.type == "OrderShipped", order_events.c.reference == bindparam("shipment"))
    .order_by(order_events.c.order_number, order_events.c.sequence)
)


@dataclass(slots=True)
class Held:
    """An order that this unit read or changed; ``stored`` is the version in the database, None when it is not there."""

    order: Order
    stored: int | None
    status: str = ""
    waits: tuple[Waiting, ...] | None = None
    """What the database says it waits for; None when that was not read."""


class Orders:
    """The orders of one unit of work."""

    def __init__(self, session: Session, backorders: Backorders, debts: Debts) -> None:
        self._session = session
        self._backorders = backorders
        self._debts = debts
        self._keys = KeysOfOrders(session.connection)
        self._invoices = Bills(session, debts)
        self._held: dict[OrderNumber, Held] = {}
        self._changed: dict[OrderNumber, Held] = {}
        self._saved = False
        self._new: dict[str, dict[OrderNumber, Held]] = {}
        self._events: list[tuple[OrderNumber, int, Event, datetime, str]] = []
        self._shipments: dict[str, dict[OrderNumber, OrderShipped]] = {}
        self._bills: dict[OrderNumber, tuple[Bill, ...]] = {}
        session.keeps(write=self._write, forget=self._forget)

    def check(self) -> None:
        """Raise ConflictError when somebody else placed an order that this unit of work should have known; before a commit."""
        self._keys.check()

    def add(self, order: Order, status: str, events: Sequence[Event], *, at: datetime, who: str) -> None:
        """A new order with its first events."""
        held = self._held[order.number] = Held(order, None, waits=())
        self._debts.moved(None, order)
        self._bills[order.number] = ()
        self._keys.added(order.number)
        self._change(held, order, status, events, at, who)

    def save(
        self, order: Order, status: str, events: Sequence[Event], *, at: datetime, who: str, expected_version: int
    ) -> None:
        """The order after more events; raises ConflictError when somebody else saved in between."""
        held = self._held.get(order.number)
        if held is None:
            found = self._session.first(_STANDS, {"wanted": order.number})
            stored = found[0] if found is not None else None
            held = Held(order, stored)
            version = stored
        else:
            version = held.order.version
        if version != expected_version:
            raise _overtaken(order.number)
        self._held[order.number] = held
        if held.order is order:
            self._debts.forget()  # how it stood before was not read
        else:
            self._debts.moved(held.order, order)
        self._change(held, order, status, events, at, who)

    def get(self, number: OrderNumber) -> Order | None:
        """An order by our number."""
        held = self._held.get(number)
        if held is None:
            found = self._session.first(_BODY, {"wanted": number})
            if found is None:
                return None
            order = codec.order_from_text(found[0])
            held = self._held[number] = Held(order, order.version, waits=tuple(queue.waits(order)))
        return held.order

    def find(self, query: OrderQuery) -> list[Order]:
        """The orders that fit, oldest first."""
        chosen = select(orders.c.body).where(orders.c.test == query.test).order_by(orders.c.sequence)
        for column, value in (("partner", query.partner), ("po_number", query.po_number), ("status", query.status)):
            if value is not None:
                chosen = chosen.where(orders.c[column] == value)
        return [codec.order_from_text(body) for body in self._session.execute(chosen).scalars()]

    def events(self, number: OrderNumber) -> list[StoredEvent]:
        """Everything that happened to an order, in order."""
        query = select(order_events).where(order_events.c.order_number == number).order_by(order_events.c.sequence)
        return [order_rows.stored(row) for row in self._session.execute(query)]

    def unreleased(self) -> list[tuple[OrderNumber, int]]:
        """Orders with goods reserved in a warehouse that was not told to pick yet, each with its version."""
        chosen = select(orders.c.number, orders.c.version).where(TO_RELEASE).order_by(orders.c.sequence)
        return [(OrderNumber(row.number), row.version) for row in self._session.execute(chosen)]

    def uninvoiced(self) -> list[OrderNumber]:
        """Orders with goods shipped and not invoiced."""
        return [number for number, _, _ in self.unbilled()]

    def shipment(self, shipment_number: str, order: OrderNumber) -> OrderShipped | None:
        """What of an order left in a shipment."""
        return self._parts(shipment_number).get(order)

    def invoice(self, invoice_number: str) -> tuple[OrderNumber, OrderInvoiced] | None:
        """An invoice by its number."""
        found = (each for each in self.parts(invoice_number) if isinstance(each[1], OrderInvoiced))
        return next(((number, bill) for number, bill in found if isinstance(bill, OrderInvoiced)), None)

    def unanswered(self) -> list[Unanswered]:
        """Orders on hold that were not answered yet, of those whose partner waits for an answer until a moment."""
        chosen = (
            select(orders.c.number, orders.c.version, orders.c.partner, orders.c.placed_at, orders.c.answer_due)
            .where(UNANSWERED)
            .order_by(orders.c.sequence)
        )
        return [
            Unanswered(
                OrderNumber(row.number), row.version, PartnerId(row.partner), to_moment(row.placed_at),
                to_moment(row.answer_due),
            )
            for row in self._session.execute(chosen)
        ]  # fmt: skip

    def orders_of_shipment(self, shipment_number: str) -> list[OrderNumber]:
        """The orders that have goods in a shipment."""
        return sorted(self._parts(shipment_number))

    def touched_by(self, who: str) -> list[OrderNumber]:
        """The orders that somebody or some file made something happen to."""
        query = select(order_events.c.order_number).where(order_events.c.who == who).distinct()
        return [OrderNumber(each) for each in self._session.execute(query).scalars()]

    def of_key(
        self, partner: PartnerId, key: Mapping[str, str], *, store: str, test: bool, since: datetime
    ) -> list[Order]:
        """The orders of a partner since a moment whose columns are as in the key, for the same store; newest first."""
        if self._saved:
            self._session.flush()
        moment = to_text(since)
        asked = {"partner": partner, "test": test, "moment": moment, **{f"own_{name}": key[name] for name in key}}
        rows = self._session.rows(_of_key(tuple(key)), asked)
        self._keys.seen(partner, key, test=test, since=moment, found=(row.number for row in rows))
        written = (self._known(OrderNumber(number)) or codec.order_from_text(body) for number, body in rows)
        new = self._new.get(key["po_number"], {}) if "po_number" in key else self._changed
        waiting = (
            each.order
            for each in reversed(new.values())
            if each.order.partner == partner and each.order.test == test and to_text(each.order.placed_at) >= moment
            and all(getattr(each.order, name) == value for name, value in key.items())
        )  # fmt: skip
        return [order for order in (*waiting, *written) if order.store == store]

    def cancellable(self, before: date) -> list[tuple[OrderNumber, int]]:
        """Orders whose cancel-after lies before a day and that have a balance to cancel, each with its version."""
        late = CANCELLABLE & (orders.c.cancel_after < before.isoformat())
        chosen = select(orders.c.number, orders.c.version).where(late).order_by(orders.c.sequence)
        return [(OrderNumber(row.number), row.version) for row in self._session.execute(chosen)]

    def unbilled(self) -> list[tuple[OrderNumber, int, PartnerId]]:
        """Orders with goods shipped and not invoiced, each with its version and whose it is."""
        chosen = (
            select(orders.c.number, orders.c.version, orders.c.partner).where(TO_INVOICE).order_by(orders.c.sequence)
        )
        rows = self._session.execute(chosen)
        return [(OrderNumber(row.number), row.version, PartnerId(row.partner)) for row in rows]

    def bills(self, order: OrderNumber) -> tuple[Bill, ...]:
        """The invoices and credit memos of an order, in order."""
        if order not in self._bills:
            found = (codec.event_from_text(*row) for row in self._session.rows(_BILLS, {"wanted": order}))
            self._bills[order] = tuple(each for each in found if isinstance(each, OrderInvoiced | OrderCredited))
        return self._bills[order]

    def parts(self, bill: str) -> list[tuple[OrderNumber, Bill]]:
        """An invoice or credit memo by its number: its part of each order that it bills."""
        named = NAMED & order_events.c.type.in_(BILLS) & (order_events.c.reference == bill)
        rows = self._session.execute(select(order_events).where(named)).all()
        found = [(OrderNumber(row.order_number), order_rows.stored(row).event) for row in rows]
        return [(number, each) for number, each in found if isinstance(each, OrderInvoiced | OrderCredited)]

    def _parts(self, shipment: str) -> dict[OrderNumber, OrderShipped]:
        """What of each order left in a shipment; asked of the database once."""
        if shipment not in self._shipments:
            known = self._shipments[shipment] = {}
            for number, body in self._session.rows(_SHIPPED, {"shipment": shipment}):
                event = codec.event_from_text("OrderShipped", body)
                if isinstance(event, OrderShipped):
                    known.setdefault(OrderNumber(number), event)
        return self._shipments[shipment]

    def _known(self, number: OrderNumber) -> Order | None:
        held = self._held.get(number)
        return held.order if held is not None else None

    def _change(self, held: Held, order: Order, status: str, events: Sequence[Event], at: datetime, who: str) -> None:
        """Each event raises the version of its order by one, so that its sequence is known without asking."""
        held.order, held.status = order, status
        self._changed[order.number] = held
        if held.stored is not None:
            self._saved = True
        else:
            self._new.setdefault(order.po_number, {})[order.number] = held
        if held.waits is None or held.waits != tuple(queue.waits(order)):
            self._backorders.moved()
        first = order.version + 2 - len(events)
        for sequence, event in enumerate(events, start=first):
            if isinstance(event, OrderShipped):
                self._parts(event.shipment_number).setdefault(order.number, event)
            elif isinstance(event, OrderInvoiced | OrderCredited):
                self._bills[order.number] = (*self.bills(order.number), event)
                if not order.test:
                    self._invoices.note(order, event)
            self._events.append((order.number, sequence, event, at, who))
        self._session.kept(len(events) + 1)

    def _write(self) -> None:
        """Every order that changed as it stands now, and all that happened."""
        changed, self._changed = self._changed, {}
        self._new.clear()
        self._saved = False
        known = [held for held in changed.values() if held.stored is not None]
        if known:
            self._update(known)
        for held in changed.values():
            order = held.order
            if held.stored is None:
                sequence = self._session.numbers.next_row(orders.c.sequence)
                row = {"number": order.number, "sequence": sequence, "placed_at": to_text(order.placed_at)}
                self._session.add(_INSERT_ORDER, {**row, **self._columns(held)})
                self._wait(held, sequence)
            else:
                self._wait(held, None)
            held.stored = order.version
        happened, self._events = self._events, []
        for each in happened:
            self._session.add(_INSERT_EVENT, order_rows.event_row(*each))
        self._invoices.written()
        if len(self._held) > MOST_HELD:
            self._forget_older()

    def _columns(self, held: Held) -> dict[str, Any]:
        settled = held.status == "invoiced" and not held.order.test and self._invoices.are_settled(held.order.number)
        return order_rows.columns(held.order, held.status) | {"settled": settled}

    def _update(self, known: list[Held]) -> None:
        rows = [
            {
                **self._columns(held), "known_number": held.order.number,
                "known_version": held.stored,
            }
            for held in known
        ]  # fmt: skip
        if self._session.run(_UPDATE_ORDER, rows) != len(rows):
            # somebody who brought an order to the same version as we is not to be told from us afterwards
            raise _overtaken(next(self._overtaken(known), known[0].order.number))

    def _overtaken(self, known: list[Held]) -> Iterator[OrderNumber]:
        """The orders that are not in the database as they stand here."""
        for held in known:
            found = self._session.first(_STANDS, {"wanted": held.order.number})
            if found is None or found[0] != held.order.version:
                yield held.order.number

    def _wait(self, held: Held, sequence: int | None) -> None:
        """Bring what an order waits for to what it says."""
        waits = tuple(queue.waits(held.order))
        if waits == held.waits:
            return
        if sequence is None:
            sequence = self._session.first(_STANDS, {"wanted": held.order.number})[1]
        self._backorders.replace(held.order.number, waits, sequence)
        held.waits = waits

    def _forget_older(self) -> None:
        """Nothing of a large batch stays in memory but what is at work."""
        stay = dict(list(self._held.items())[-KEPT:])
        self._forget()
        self._held.update(stay)

    def _forget(self) -> None:
        self._held.clear()
        self._shipments.clear()
        self._bills.clear()


@cache
def _of_key(names: tuple[str, ...]) -> Prepared:
    """The orders of a partner whose columns are as asked for, newest first."""
    own = [orders.c[name] == bindparam(f"own_{name}") for name in names]
    since = orders.c.placed_at >= bindparam("moment")
    mine = (orders.c.partner == bindparam("partner"), orders.c.test == bindparam("test"))
    return Prepared(select(orders.c.number, orders.c.body).where(*mine, since, *own).order_by(orders.c.sequence.desc()))


def _overtaken(number: OrderNumber) -> ConflictError:
    return ConflictError(f"{number} was changed by somebody else in the meantime.", next_step="Try again.")
