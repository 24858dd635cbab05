"""Shipments on their way: how far each is, and what the customer has of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from gateway.kernel.quantity import ZERO
from gateway.orders.events import OrderShipped
from gateway.orders.happened.delivery_events import ShipmentDelivered, ShipmentLate, ShipmentTracked
from gateway.orders.journey import Arrived, Journey, Parcel, Scan
from gateway.orders.order import Line, Order

EXCEPTION, DELIVERED, LATE, IN_TRANSIT = "exception", "delivered", "late", "in_transit"


def begun(event: OrderShipped) -> Journey:
    """A shipment that just left: what is in it, by line and tracking number."""
    parcels: dict[tuple[str, str], Decimal] = {}
    for row in event.rows:
        key = (row.line, row.tracking)
        parcels[key] = parcels.get(key, ZERO) + row.quantity
    return Journey(
        event.shipment_number, event.ship_date, due=event.delivery_due, bol=event.bol,
        parcels=tuple(Parcel(line, quantity, tracking) for (line, tracking), quantity in parcels.items()),
    )  # fmt: skip


def journey_of(order: Order, shipment: str) -> Journey | None:
    """A shipment of the order by its number."""
    return next((each for each in order.journeys if each.shipment == shipment), None)


def contents(journey: Journey, tracking: str = "") -> Mapping[str, Decimal]:
    """What left in a shipment, or in one carton of it, by line; an unknown carton stands for the whole."""
    parcels = [each for each in journey.parcels if tracking and each.tracking == tracking] or journey.parcels
    found: dict[str, Decimal] = {}
    for each in parcels:
        found[each.line] = found.get(each.line, ZERO) + each.quantity
    return found


def arrived(journey: Journey, line: str) -> Arrived:
    """What of one line of a shipment is accounted for so far."""
    return next((each for each in journey.arrived if each.line == line), Arrived(line, ZERO))


def complete(journey: Journey) -> bool:
    """Whether everything that left is accounted for: with the customer, refused or short."""
    told = ((arrived(journey, line), quantity) for line, quantity in contents(journey).items())
    return all(each.delivered + each.short == quantity for each, quantity in told)


def latest(journey: Journey) -> Scan | None:
    """What was said last, by the moment it is about; a message that comes late changes nothing."""
    return max(journey.scans, key=lambda scan: scan.at, default=None)


def state(journey: Journey) -> str:
    """How far a shipment is: delivered, exception, late or in_transit."""
    if complete(journey):
        return DELIVERED if any(each.delivered for each in journey.arrived) else EXCEPTION
    if any(_is_stuck(journey, scan) for scan in journey.scans):
        return EXCEPTION
    return LATE if journey.late else IN_TRANSIT


def _is_stuck(journey: Journey, scan: Scan) -> bool:
    """Whether a message says that goods could not be delivered, and nothing was said of the same goods since."""
    if scan.event != EXCEPTION or (scan.tracking and scan.tracking in journey.arrived_cartons):
        return False
    since = (each for each in journey.scans if each.at > scan.at)
    return not any(each.tracking in ("", scan.tracking) or not scan.tracking for each in since)


def delivery_status(order: Order) -> str:
    """How far the whole order is: none, in_transit, partially_delivered, delivered, exception or late."""
    states = [state(journey) for journey in order.journeys]
    worst = next((each for each in (EXCEPTION, LATE) if each in states), "")
    if worst or not states:
        return worst or "none"
    if not any(line.quantity.delivered for line in order.lines):
        return IN_TRANSIT
    everything = all(line.quantity.shipped == line.quantity.open for line in order.lines)
    return DELIVERED if everything and set(states) == {DELIVERED} else "partially_delivered"


def tracked(order: Order, event: ShipmentTracked) -> Order:
    """The order after a message of the carrier."""
    scan = Scan(event.event, event.at, event.tracking, event.eta, event.reason, event.signed_by)
    return _changed(order, event.shipment_number, lambda journey: replace(journey, scans=(*journey.scans, scan)))


def late(order: Order, event: ShipmentLate) -> Order:
    """The order after a shipment was not there in time."""
    return _changed(order, event.shipment_number, lambda journey: replace(journey, late=True))


def delivered(order: Order, event: ShipmentDelivered) -> Order:
    """The order after goods arrived; the counter ``delivered`` of each line follows what is told of the shipment."""
    before = journey_of(order, event.shipment_number)
    if before is None:
        return order
    told = {each.line: each for each in event.lines}
    grown = {number: each.delivered - arrived(before, number).delivered for number, each in told.items()}

    def after(journey: Journey) -> Journey:
        lines = {each.line: each for each in journey.arrived} | told
        cartons = (*journey.arrived_cartons, event.tracking) if event.tracking else journey.arrived_cartons
        return replace(
            journey, arrived=tuple(lines.values()), arrived_cartons=cartons, delivered_on=event.delivered_on,
            signed_by=event.signed_by or journey.signed_by,
        )  # fmt: skip

    lines = tuple(_counted(line, grown.get(line.number, ZERO)) for line in order.lines)
    return _changed(replace(order, lines=lines), event.shipment_number, after)


def _counted(line: Line, grown: Decimal) -> Line:
    return replace(line, quantity=replace(line.quantity, delivered=line.quantity.delivered + grown)) if grown else line


def _changed(order: Order, shipment: str, change: Callable[[Journey], Journey]) -> Order:
    changed = (change(each) if each.shipment == shipment else each for each in order.journeys)
    return replace(order, journeys=tuple(changed))
