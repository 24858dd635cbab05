"""What carriers and customers say of shipments: tracked, delivered whole or short, late."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.applied import journeys
from gateway.orders.case import Case
from gateway.orders.commands import ConfirmDelivery, MarkLate, ReceivedRow, RecordTracking
from gateway.orders.events import Event
from gateway.orders.happened.delivery_events import ShipmentDelivered, ShipmentLate, ShipmentTracked
from gateway.orders.journey import Arrived, Journey
from gateway.orders.order import Order

CODE = "C-DELIVERY"


def track(order: Order, command: RecordTracking, _case: Case) -> Iterator[Event]:
    """A message of the carrier, kept once; one that says delivered brings the goods of its carton to the customer."""
    journey, scan = _journey(order, command.shipment), command.scan
    if scan in journey.scans:
        return
    fresh = () if scan.event != journeys.DELIVERED else tuple(_handed_over(order, journey, command))
    yield ShipmentTracked(
        command.shipment, scan.event, scan.at, scan.tracking, scan.eta, scan.reason, scan.signed_by
    )  # fmt: skip
    if fresh:
        carton = scan.tracking if any(each.tracking == scan.tracking for each in journey.parcels) else ""
        yield ShipmentDelivered(command.shipment, command.day, fresh, carton, scan.signed_by)


def confirm(order: Order, command: ConfirmDelivery, _case: Case) -> Iterator[Event]:
    """A delivery: everything that left arrived, unless rows say otherwise; what was said before is corrected by rows only."""
    journey = _journey(order, command.shipment)
    left, said = journeys.contents(journey), _by_line(command.rows)
    for number in said:
        if number not in left:
            raise TransitionError(f"{order.number}: line {number} is not in shipment {command.shipment}.", code=CODE)
    if not said and journeys.complete(journey):
        return
    told = (_received(order, number, quantity, said.get(number)) for number, quantity in left.items())
    lines = tuple(each for each in told if each != journeys.arrived(journey, each.line))
    if lines:
        yield ShipmentDelivered(command.shipment, command.delivered_on, lines, signed_by=command.signed_by)


def mark_late(order: Order, command: MarkLate, case: Case) -> Iterator[Event]:
    """A shipment that is not there on the day after it was due; said once."""
    journey = _journey(order, command.shipment)
    due = journey.due
    if due is not None and due < case.today and not journey.late and not journeys.complete(journey):
        yield ShipmentLate(command.shipment, due)


def _journey(order: Order, shipment: str) -> Journey:
    journey = journeys.journey_of(order, shipment)
    if journey is None:
        raise TransitionError(f"{order.number} has no shipment {shipment}.", code=CODE)
    return journey


def _handed_over(order: Order, journey: Journey, command: RecordTracking) -> Iterator[Arrived]:
    """What a carton that was handed over adds to what arrived before."""
    tracking = command.scan.tracking
    if tracking and tracking in journey.arrived_cartons:
        return
    goods = journeys.contents(journey, tracking)
    if command.quantity is not None and len(goods) > 1:
        sentence = f"{plain(command.quantity)} were delivered of {len(goods)} different lines of shipment {journey.shipment}; it does not say of which"
        raise TransitionError(f"{order.number}: {sentence}.", code=CODE)
    left = journeys.contents(journey)
    for number, quantity in goods.items():
        before = journeys.arrived(journey, number)
        room = left[number] - before.delivered - before.short
        here = min(quantity, room)
        given = here if command.quantity is None else command.quantity
        if given > here or given < ZERO:
            raise TransitionError(_too_much(order, number, given, here), code=CODE)
        if here:
            reason = command.scan.reason or "short" if given < here else before.reason
            yield replace(before, delivered=before.delivered + given, short=before.short + here - given, reason=reason)


def _received(order: Order, number: str, shipped: Decimal, row: ReceivedRow | None) -> Arrived:
    """What arrived of one line in all; what is neither good nor refused is short."""
    if row is None:
        return Arrived(number, shipped)
    if row.accepted < ZERO or row.refused < ZERO or row.accepted + row.refused > shipped:
        raise TransitionError(_too_much(order, number, row.accepted + row.refused, shipped), code=CODE)
    reason = row.reason or ("refused" if row.refused else "short")
    short = shipped - row.accepted
    return Arrived(number, row.accepted, short, reason if short else "")


def _too_much(order: Order, number: str, said: Decimal, shipped: Decimal) -> str:
    return f"{order.number}, line {number}: {plain(said)} were delivered, {plain(shipped)} were on the way."


def _by_line(rows: tuple[ReceivedRow, ...]) -> Mapping[str, ReceivedRow]:
    """One row for each line; several of one line are added up."""
    found: dict[str, ReceivedRow] = {}
    for row in rows:
        before = found.get(row.line, ReceivedRow(row.line, ZERO))
        reasons = dict.fromkeys(each for each in (before.reason, row.reason) if each)
        found[row.line] = ReceivedRow(
            row.line, row.accepted + before.accepted, row.refused + before.refused, "; ".join(reasons)
        )
    return found
