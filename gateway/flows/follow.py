"""What follows from the events of an order beside it: what was asked for is noted, shipments are listed, alerts come and go."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial

from gateway.exchange.receipt import FileHold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import Sku, WarehouseId
from gateway.kernel.quantity import plain
from gateway.orders import stockroom
from gateway.orders.applied import journeys
from gateway.orders.events import (
    Event,
    LineAllocated,
    LineBackordered,
    LineCancelled,
    LineRejected,
    LineShipped,
    LineShortPicked,
    OrderRejected,
    OrderShipped,
)
from gateway.orders.happened.delivery_events import ShipmentDelivered, ShipmentLate, ShipmentTracked
from gateway.orders.happened.goods_events import LineAwaits
from gateway.orders.journey import Journey
from gateway.orders.order import Line, LineCode, Order
from gateway.orders.stockroom import Asked
from gateway.orders.terms import Terms
from gateway.orders.transitions import Applied

LATE, FAILED, SHORT = "C-DELIVERY-LATE", "C-DELIVERY-FAILED", "C-DELIVERY-SHORT"
UNAVAILABLE = frozenset({LineCode.DISCONTINUED})
"""Answers that refuse an item because we have it no more."""


def demand(work: UnitOfWork, terms: Terms, steps: Sequence[Applied], today: date) -> None:
    """Note what was asked for, and what of it left, was lost or was refused; each quantity counts as asked for once."""
    refused = any(isinstance(each.event, OrderRejected) for each in steps)
    home = cache(partial(_home, work, terms))  # no step changes what lies where
    for each in steps:
        event = each.event
        if each.line is not None and each.before is not None and isinstance(event, Asking):
            _ask(work, home, each.before, event, each.line, today, refused=refused)


Asking = LineAllocated | LineAwaits | LineBackordered | LineCancelled | LineRejected | LineShortPicked | LineShipped


Home = Callable[[Sku], WarehouseId]


def _ask(work: UnitOfWork, home: Home, old: Line, event: Asking, line: Line, today: date, *, refused: bool) -> None:
    if line.sku is None:
        return
    undecided = old.quantity.pending - line.quantity.pending
    fresh = undecided * line.stock_per_unit
    if isinstance(event, LineShipped):
        work.planning.ask(line.sku, event.warehouse, today, Asked.SHIPPED, event.stock_quantity)
        return
    kind = None if refused else _lost(event)
    unwanted = refused or (isinstance(event, LineRejected) and kind is None)
    place = event.warehouse if isinstance(event, LineAllocated | LineAwaits | LineShortPicked) else home(line.sku)
    if fresh and not unwanted:
        work.planning.ask(line.sku, place, today, Asked.ORDERED, fresh)
    if kind is not None:
        lost = fresh if isinstance(event, LineRejected) else event.quantity * line.stock_per_unit
        work.planning.ask(line.sku, place, today, kind, lost)


def _lost(event: Asking) -> Asked | None:
    """Whether an event says that somebody wanted goods and will not get them from us."""
    if isinstance(event, LineRejected):
        return Asked.REJECTED if event.code in UNAVAILABLE else None
    if isinstance(event, LineCancelled):
        return Asked.LOST if event.from_bucket in ("pending", "backordered") else None
    return Asked.LOST if isinstance(event, LineShortPicked) and event.to_bucket == "cancelled" else None


def _home(work: UnitOfWork, terms: Terms, sku: Sku) -> WarehouseId:
    """Where goods that were not there would have come from: the preferred warehouse, else where most of them lies."""
    preferred = [each.removeprefix("preferred ") for each in terms.sourcing if each.startswith("preferred ")]
    if preferred:
        return WarehouseId(preferred[0])
    return stockroom.home(work.stock.shelves(sku=sku), {}) or WarehouseId("")


def shipments(bench: Workbench, work: UnitOfWork, steps: Sequence[Applied], now: datetime) -> None:
    """List shipments where numbers and days find them; say once what is late, failed or short, and end it when it is there."""
    for event, order in ((each.event, each.order) for each in steps):
        if isinstance(event, OrderShipped):
            work.shipments.sent(order, journeys.begun(event))
        if not isinstance(event, ShipmentTracked | ShipmentDelivered | ShipmentLate):
            continue
        journey = journeys.journey_of(order, event.shipment_number)
        if journey is None:
            continue
        work.shipments.went_on(order.number, journey)
        for code, reason in _alerts(order, journey, event):
            work.exchange.hold(_alert(bench, order, journey, code, reason, now))
        if journeys.complete(journey) and isinstance(event, ShipmentDelivered):
            _end(work, order, journey)


def _alerts(order: Order, journey: Journey, event: Event) -> Iterator[tuple[str, str]]:
    about = f"Shipment {journey.shipment} of {order.number} (PO {order.po_number})"
    if isinstance(event, ShipmentLate):
        yield LATE, f"{about} was due on {event.due} and is not delivered.{_last(journey)}"
    if isinstance(event, ShipmentTracked) and event.event == journeys.EXCEPTION and not journeys.complete(journey):
        where = f", carton {event.tracking}" if event.tracking else ""
        yield FAILED, f"{about}{where}: the carrier could not deliver it: {event.reason or 'no reason was given'}."
    if isinstance(event, ShipmentDelivered):
        for each in event.lines:
            line = order.line(each.line)
            if each.short and line is not None:
                sent = journeys.contents(journey)[each.line]
                yield (
                    SHORT,
                    f"{about}, line {each.line}: {plain(each.short)} of {plain(sent)} {line.uom} did not reach the customer: {each.reason}.",
                )


def _last(journey: Journey) -> str:
    scan = journeys.latest(journey)
    if scan is None:
        return " The carrier has said nothing of it."
    eta = f", expected on {scan.eta}" if scan.eta is not None else ""
    return (
        f" The carrier said last: {scan.event.replace('_', ' ')} at {scan.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{eta}."
    )


def _alert(bench: Workbench, order: Order, journey: Journey, code: str, reason: str, now: datetime) -> FileHold:
    more = f":{reason}" if code == SHORT else ""
    return FileHold(
        id=bench.new_hold_id(), type="DATA", code=code, reason=reason, since=now, partner=order.partner, receipt=None,
        file_name="", reference=order.number, key=f"{_key(code, order, journey)}{more}"[:500],
    )  # fmt: skip


def _key(code: str, order: Order, journey: Journey) -> str:
    return f"{code}:{order.number}:{journey.shipment}"


def _end(work: UnitOfWork, order: Order, journey: Journey) -> None:
    """Nobody has to look after a shipment that is there."""
    if not journey.late and not any(scan.event == journeys.EXCEPTION for scan in journey.scans):
        return
    for code in (LATE, FAILED):
        work.exchange.end_listed(_key(code, order, journey), f"delivered on {journey.delivered_on}")
