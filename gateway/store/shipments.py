"""Shipments on their way, to be found by their numbers and by the day they are due; the rest is in the order."""

from datetime import date

from sqlalchemy import insert, or_, select, update

from gateway.kernel.ids import OrderNumber
from gateway.orders.applied import journeys
from gateway.orders.journey import Journey
from gateway.orders.order import Order
from gateway.store.moments import day_to_text
from gateway.store.schema import shipments, tracking_numbers
from gateway.store.session import Session
from gateway.store.statements import Prepared

_INSERT = Prepared(insert(shipments))
_INSERT_TRACKING = Prepared(insert(tracking_numbers))


class Shipments:
    """The shipments of one unit of work; a shipment has a row for each of its orders."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sent(self, order: Order, journey: Journey) -> None:
        """A shipment left."""
        row = {
            "number": journey.shipment, "order_number": order.number, "partner": order.partner,
            "ship_date": journey.ship_date.isoformat(), "delivery_due": day_to_text(journey.due),
            "state": journeys.state(journey), "bol": journey.bol,
        }  # fmt: skip
        self._session.add(_INSERT, row)
        for tracking in dict.fromkeys(each.tracking for each in journey.parcels if each.tracking):
            key = {"tracking": tracking, "shipment_number": journey.shipment, "order_number": order.number}
            self._session.add(_INSERT_TRACKING, key)

    def went_on(self, order: OrderNumber, journey: Journey) -> None:
        """A shipment is in another state."""
        where = (shipments.c.number == journey.shipment) & (shipments.c.order_number == order)
        if journeys.complete(journey):
            state = journeys.DELIVERED  # refused goods are on the way no more either
        else:
            state = journeys.LATE if journey.late else journeys.state(journey)
        self._session.execute(update(shipments).where(where).values(state=state))

    def find(self, *, shipment: str = "", tracking: str = "", bol: str = "") -> list[tuple[str, OrderNumber]]:
        """Each shipment and order that a number names: the shipment's own first, else a carton's, else the bill of lading's."""
        queries = (
            (shipment, select(shipments.c.number, shipments.c.order_number).where(shipments.c.number == shipment)),
            (
                tracking,
                select(tracking_numbers.c.shipment_number, tracking_numbers.c.order_number).where(
                    tracking_numbers.c.tracking == tracking
                ),
            ),
            (bol, select(shipments.c.number, shipments.c.order_number).where(shipments.c.bol == bol)),
        )
        for asked, query in queries:
            found = sorted(self._session.execute(query)) if asked else []
            if found:
                return [(number, OrderNumber(order)) for number, order in found]
        return []

    def overdue(self, before: date) -> list[tuple[str, OrderNumber]]:
        """Shipments that were due before a day and are neither delivered nor called late."""
        open_ones = or_(shipments.c.state == journeys.IN_TRANSIT, shipments.c.state == journeys.EXCEPTION)
        query = select(shipments.c.number, shipments.c.order_number).where(
            open_ones, shipments.c.delivery_due > "", shipments.c.delivery_due < before.isoformat()
        )
        rows = self._session.execute(query.order_by(shipments.c.delivery_due, shipments.c.number))
        return [(number, OrderNumber(order)) for number, order in rows]
