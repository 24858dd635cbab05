"""What happened to an order in words: one sentence for each event, with the figures it was decided on."""

from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gateway.flows.showing import returns_view
from gateway.kernel.money import written
from gateway.kernel.quantity import plain
from gateway.orders import events as happened
from gateway.orders.events import Event
from gateway.orders.happened import bill_events, delivery_events, handled
from gateway.orders.happened import goods_events as goods
from gateway.orders.happened import settling_events as settled
from gateway.orders.order import Reserved

Say = Callable[[Any], str]


def told(event: Event) -> str:
    """The sentence of one event."""
    return WORDS[type(event)](event)


def _amount(value: Decimal | None) -> str:
    return plain(value) if value is not None else "no price"


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _placed(event: happened.OrderPlaced) -> str:
    order = event.order
    lines = "1 line" if len(order.lines) == 1 else f"{len(order.lines)} lines"
    return f"purchase order {order.po_number} of {order.po_date} placed with {lines}"


def _priced(event: happened.LinePriced) -> str:
    return f"line {event.line} is {event.sku} at {_amount(event.unit_price)}{_why(event.figures)}"


def _allocated(event: happened.LineAllocated) -> str:
    said = f"line {event.line}: {plain(event.quantity)} reserved in {event.warehouse} for {event.promised_date or 'a day not known yet'}"
    return said + _why(event.reason)


def _backordered(event: happened.LineBackordered) -> str:
    until = f", expected {event.promised_date}" if event.promised_date else ""
    return f"line {event.line}: {plain(event.quantity)} wait for goods{until}{_why(event.reason)}"


def _rescheduled(event: goods.LineRescheduled) -> str:
    now = str(event.promised_date) if event.promised_date else "an unknown day"
    before = f" instead of {event.before}" if event.before else ""
    return f"line {event.line}: {'the whole' if event.whole else 'what waits'} can ship on {now}{before}{_why(event.reason)}"


def _kept(goods: tuple[Reserved, ...]) -> str:
    return ", ".join(f"{plain(each.quantity)} {each.sku} in {each.warehouse}" for each in goods)


def _released(event: happened.OrderReleased) -> str:
    what = ", ".join(f"line {each.line}: {plain(each.quantity)}" for each in event.lines)
    store = f" for store {event.store}" if event.store else ""
    return f"warehouse {event.warehouse} told to pick {what}{store}"


def _recalled(event: happened.OrderRecalled) -> str:
    what = ", ".join(f"line {each.line}: {plain(each.quantity)}" for each in event.lines)
    said = f"to pick {what} instead" if event.action == "replace" else "to pick nothing any more"
    return f"warehouse {event.warehouse} told {said}{_why(event.reason)}"


def _routed(event: happened.OrderRouted) -> str:
    route = event.route
    service = f" {route.service}" if route.service else ""
    if not route.carrier_scac:
        return f"no carrier{_why(route.reason)}"
    return f"to be carried by {route.carrier_scac}{service}{_why(route.reason)}"


def _over(event: happened.LineOverShipped) -> str:
    said = f"line {event.line}: {plain(event.quantity)} more left {event.warehouse} than were to be picked"
    return said + _why(event.reason)


def _corrected(where: str, event: handled.OrderCorrected | handled.LineCorrected) -> str:
    return f"{where}{event.field} corrected from '{event.old}' to '{event.new}' by {event.who}{_why(event.note)}"


def _shipped(event: happened.OrderShipped) -> str:
    carrier = f" with {event.carrier_scac}" if event.carrier_scac else ""
    said = f"shipment {event.shipment_number} left {event.warehouse} on {event.ship_date}{carrier}"
    return said + (f", taken as shipped: {event.accepted}" if event.accepted else "")


def _invoiced(event: bill_events.OrderInvoiced) -> str:
    return f"invoice {event.invoice_number} of {event.invoice_date} over {event.total}, due {event.due_date}"


def _tracked(event: delivery_events.ShipmentTracked) -> str:
    carton = f", carton {event.tracking}" if event.tracking else ""
    eta = f", expected on {event.eta}" if event.eta is not None else ""
    said = event.event.replace("_", " ")
    return f"shipment {event.shipment_number}{carton}: {said} at {event.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC{eta}{_why(event.reason)}"


def _delivered(event: delivery_events.ShipmentDelivered) -> str:
    there = ", ".join(f"line {each.line}: {plain(each.delivered)}" for each in event.lines)
    missing = "".join(
        f"; line {each.line}: {plain(each.short)} not{_why(each.reason)}" for each in event.lines if each.short
    )
    by = f", signed by {event.signed_by}" if event.signed_by else ""
    return f"shipment {event.shipment_number} reached the customer on {event.delivered_on}{by}: {there}{missing}"


def _credited(event: bill_events.OrderCredited) -> str:
    what = ", ".join(f"line {each.line}: {plain(each.quantity)} x {plain(each.unit_price)}" for each in event.lines)
    return f"credit {event.credit_number} on {event.invoice_number} over {event.total} by {event.who}{f' ({what})' if what else ''}{_why(event.reason)}"


WORDS: Mapping[type[Event], Say] = MappingProxyType(
    {
        happened.OrderPlaced: _placed,
        happened.LinePriced: _priced,
        happened.ShipToFound: lambda each: f"ship-to {each.ship_to.id} found{_why(each.figures)}",
        happened.OrderAdjusted: lambda each: (
            f"allowances, charges and payment terms settled{_why('; '.join(each.figures))}"
        ),
        happened.LineRejected: lambda each: (
            f"line {each.line} refused{_why(each.reason.removeprefix(f'line {each.line}: '))}"
        ),
        happened.OrderHeld: lambda each: f"on hold {each.hold.code}{_why(each.hold.reason)}",
        happened.HoldReleased: lambda each: f"hold {each.code} released by {each.who}{_why(each.note)}",
        handled.HoldEnded: lambda each: f"hold {each.code} ended{_why(each.reason)}",
        handled.CreditChecked: lambda each: f"credit checked: {each.figures}",
        handled.OrderCorrected: lambda each: _corrected("", each),
        handled.LineCorrected: lambda each: _corrected(f"line {each.line}, ", each),
        handled.LineReopened: lambda each: f"line {each.line} considered again",
        handled.OrderAnsweredOnHold: lambda each: f"answered: on hold{_why('; '.join(each.reasons))}",
        happened.LineAllocated: _allocated,
        happened.LineBackordered: _backordered,
        happened.LineCancelled: lambda each: (
            f"line {each.line}: {plain(each.quantity)} cancelled from {each.from_bucket}{_why(each.reason)}"
        ),
        happened.OrderDecided: lambda each: f"answered: {each.status}{_why('; '.join(each.reasons))}",
        happened.OrderRejected: lambda each: f"order refused by {each.who}{_why(each.reason)}",
        happened.OrderReleased: _released,
        happened.OrderRecalled: lambda each: (
            f"warehouse {each.warehouse} told again what to pick ({each.action}){_why(each.reason)}"
        ),
        happened.LinePicked: lambda each: f"line {each.line}: {plain(each.quantity)} picked in {each.warehouse}",
        happened.LineShortPicked: lambda each: (
            f"line {each.line}: {plain(each.quantity)} not found in {each.warehouse}, now {each.to_bucket}"
        ),
        happened.LinePacked: lambda each: f"line {each.line}: {plain(each.quantity)} packed",
        happened.LineShipped: lambda each: f"line {each.line}: {plain(each.quantity)} left {each.warehouse}",
        happened.OrderShipped: _shipped,
        happened.OrderRecalled: _recalled,
        happened.OrderRouted: _routed,
        happened.LineOverShipped: _over,
        bill_events.OrderInvoiced: _invoiced,
        bill_events.OrderCredited: _credited,
        **returns_view.WORDS,
        goods.LineSubstituted: lambda each: (
            f"line {each.line}: {each.sku} served instead of {each.instead_of}{_why(each.reason)}"
        ),
        goods.LineAwaits: lambda each: (
            f"line {each.line}: {plain(each.quantity)} promised for {each.promised_date}{_why(each.reason)}"
        ),
        goods.LineFilled: lambda each: (
            f"line {each.line}: {plain(each.quantity)} that waited reserved in {each.warehouse} for {each.promised_date}"
            f"{_why(each.reason)}"
        ),
        goods.LineRescheduled: _rescheduled,
        goods.AnswerRenewed: lambda each: f"answer renewed: {each.status}{_why('; '.join(each.reasons))}",
        goods.GoodsReserved: lambda each: (
            f"kept until {each.until:%Y-%m-%d %H:%M} UTC while on hold: {_kept(each.goods)}"
        ),
        goods.ReservationExpired: lambda each: f"kept no more: {_kept(each.goods)}{_why(each.reason)}",
        delivery_events.ShipmentTracked: _tracked,
        delivery_events.ShipmentDelivered: _delivered,
        delivery_events.ShipmentLate: lambda each: f"shipment {each.shipment_number} is late: it was due on {each.due}",
        settled.OrderPaid: lambda each: f"paid: {', '.join(each.invoices)} over {written(each.total)} settled",
        settled.OrderClosed: lambda each: f"closed{_why(each.reason)}",
        settled.OrderReopened: lambda each: f"not paid any more{_why(each.reason)}",
    }
)
"""The sentence of each kind of event."""
