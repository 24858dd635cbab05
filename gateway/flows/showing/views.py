"""Orders, holds, files and traces as plain data for lists, tables and JSON; amounts and quantities are text."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from gateway.exchange.answers import Answer, standing
from gateway.exchange.dispatch import Attempt, Dispatch
from gateway.exchange.expected import OF_VERDICT, AnswerState
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import order_money, refused_views, returns_view, rows, telling
from gateway.flows.showing.rows import View
from gateway.flows.workbench import Workbench
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import lifecycle, stores
from gateway.orders.applied import journeys
from gateway.orders.journey import Journey
from gateway.orders.ledger import StoredEvent
from gateway.orders.order import Address, Buckets, Line, Order

_DATES = (
    "ship_requested", "ship_not_before", "ship_no_later", "delivery_requested", "deliver_not_before", "deliver_no_later",
    "cancel_after",
)  # fmt: skip


def order_view(bench: Workbench, work: UnitOfWork, order: Order, today: date) -> View:
    """One order whole: its lines, what waits, how far its goods and its money are, its documents and its events."""
    documents = documents_of(work, order)
    tried = work.attempts.last(each.id for each in documents)
    return {
        "order_number": order.number, "po_number": order.po_number, "partner": order.partner,
        "po_date": order.po_date.isoformat(), "currency": order.currency, "test": order.test,
        "status": lifecycle.status(order).value, "holds": [rows.hold_row(hold) for hold in order.holds],
        "rejected": refused_views.of_order(work.exchange.refused(), order.number),
        "store": order.store, "ship_to": _place(order.ship_to), "dates": _dates(order), "notes": order.notes or None,
        "duplicate_of": order.duplicate_of, "carrier": _route(order),
        "lines": [line_view(line) for line in order.lines],
        "change": returns_view.change(order), "changes": returns_view.changes(order),
        "returns": returns_view.returns(order),
        "delivery_status": journeys.delivery_status(order),
        "shipments": [_shipment(work, order, each) for each in order.journeys], "invoices": list(order.invoices),
        **order_money.of_order(bench, work, order, today),
        "documents": [
            dispatch_view(each, work.exchange.answers(each.id), tried.get(each.id))
            for each in documents
        ],
        "events": [_event(each) for each in work.orders.events(order.number)],
    }  # fmt: skip


def documents_of(work: UnitOfWork, order: Order) -> list[Dispatch]:
    """What left for an order, also the ship notices and invoices that it shares with other orders."""
    numbers = {*order.shipments, *order.invoices}
    sharing = {each for number in order.shipments for each in work.orders.orders_of_shipment(number)}
    sharing |= {each for number in order.invoices for each, _ in work.orders.parts(number)}
    found = work.exchange.dispatches(order_number=order.number)
    for other in sorted(sharing - {order.number}):
        found += [each for each in work.exchange.dispatches(order_number=other) if each.number in numbers]
    return sorted(found, key=lambda each: each.created_at)


def line_view(line: Line) -> View:
    """One line with all its buckets."""
    short = dict(stores.short(line))
    buckets = {each.name: plain(getattr(line.quantity, each.name)) for each in fields(Buckets)}
    return {
        "number": line.number, "sku": line.sku, **buckets, "uom": line.uom, "unit_price": _text(line.unit_price),
        "partner_price": _text(line.partner_price), "codes": [code.value for code in line.codes],
        "description": line.description or None, "substitute_for": line.substitute_for,
        "promised_date": _day(line.promised_date), "backorder_date": _day(line.backorder_date),
        "adjustments": [order_money.adjustment(each) for each in line.adjustments],
        "stores": [
            {
                "store": each.store, "quantity": plain(each.quantity), "shipped": plain(each.shipped),
                "short": plain(short.get(each.store, ZERO)),
            }
            for each in line.stores
        ],
        "warehouses": [
            {"warehouse": source.warehouse, "quantity": plain(source.quantity), "reason": source.reason}
            for source in line.sources
        ],
    }  # fmt: skip


def _place(place: Address) -> View | None:
    """An address without what it does not have; None when nothing is known of it."""
    said = {each.name: getattr(place, each.name) for each in fields(place) if getattr(place, each.name)}
    return said or None


def _dates(order: Order) -> View:
    """The dates the order names."""
    return {name: day.isoformat() for name in _DATES if (day := getattr(order, name)) is not None}


def _route(order: Order) -> View:
    """How the order leaves, and why."""
    route = order.route
    return {
        "scac": route.carrier_scac, "service": route.service, "freight_terms": route.freight_terms,
        "transit_days": route.transit_days, "reason": route.reason,
    }  # fmt: skip


def dispatch_view(dispatch: Dispatch, answers: list[Answer], tried: Attempt | None = None) -> View:
    """One outbound document, without its bytes, and what the partner answered to it.

    One that left with others says as which set, and shows what was said of it or of all of them. ``tried`` is the last
    try to hand it over, where that is kept.
    """
    answers = [each for each in answers if each.is_about(dispatch.id, dispatch.set_number)]
    stands = standing(answers)
    return {
        "id": dispatch.id, "partner": dispatch.partner, "document": dispatch.document, "number": dispatch.number,
        "control_number": dispatch.control_number, "state": dispatch.state.value,
        "path": f"{dispatch.channel}/{dispatch.file_name}",
        **({"set_number": dispatch.set_number} if dispatch.set_number else {}),
        "delivered_at": dispatch.delivered_at.isoformat() if dispatch.delivered_at else None,
        **({"tries": tried.number, "error": tried.error or None} if tried is not None else {}),
        "answer": OF_VERDICT[stands.verdict].value if stands is not None else None,
        **_clock(dispatch),
        "answers": [
            {
                "kind": each.kind, "verdict": each.verdict.value, "codes": list(each.codes), "reason": each.reason,
                "receipt": each.receipt, "received_at": each.received_at.isoformat(),
            }
            for each in answers
        ],
        "notes": list(dispatch.notes),
        **rows.removed(dispatch.content_removed_at),
    }  # fmt: skip


def _clock(dispatch: Dispatch) -> View:
    """Until when an answer is awaited, where a time was agreed, and what became of that; nothing where all is as it should be."""
    told = (AnswerState.OVERDUE.value, AnswerState.TWICE.value)
    if dispatch.answer_due is None and dispatch.answer_state not in told:
        return {}
    is_counted = dispatch.answer_due is not None and dispatch.delivered_at is not None
    return {
        "answer_state": dispatch.answer_state,
        "answer_due": dispatch.answer_due.isoformat() if dispatch.answer_due is not None and is_counted else None,
    }


def _shipment(work: UnitOfWork, order: Order, journey: Journey) -> View:
    """One shipment with its cartons, the orders that share it, and how far it is."""
    left = work.orders.shipment(journey.shipment, order.number)
    rows = left.rows if left is not None else ()
    return {
        **_journey(journey), "warehouse": left.warehouse if left is not None else None,
        "carrier_scac": (left.carrier_scac or None) if left is not None else None,
        "cartons": list(dict.fromkeys(each.sscc for each in rows if each.sscc)),
        "order_numbers": list(work.orders.orders_of_shipment(journey.shipment)),
    }  # fmt: skip


def _journey(journey: Journey) -> View:
    """One shipment with how far it is."""
    last = journeys.latest(journey)
    return {
        "shipment_number": journey.shipment, "state": journeys.state(journey),
        "ship_date": journey.ship_date.isoformat(), "bol": journey.bol or None,
        "tracking": list(dict.fromkeys(each.tracking for each in journey.parcels if each.tracking)),
        "delivery_due": _day(journey.due), "eta": _day(last.eta if last is not None else None),
        "delivered_on": _day(journey.delivered_on if journeys.complete(journey) else None),
        "signed_by": journey.signed_by or None,
        "lines": [_arrived(journey, line, quantity) for line, quantity in journeys.contents(journey).items()],
        "tracked": [
            {
                "event": scan.event, "at": scan.at.isoformat(), "tracking": scan.tracking or None,
                "eta": _day(scan.eta), "reason": scan.reason or None,
                "signed_by": scan.signed_by or None,
            }
            for scan in sorted(journey.scans, key=lambda each: each.at)
        ],
    }  # fmt: skip


def _arrived(journey: Journey, line: str, shipped: Decimal) -> View:
    there = journeys.arrived(journey, line)
    return {
        "line": line, "shipped": plain(shipped), "delivered": plain(there.delivered), "short": plain(there.short),
        "reason": there.reason or None,
    }  # fmt: skip


def _event(stored: StoredEvent) -> View:
    what = {
        each.name: _plain(getattr(stored.event, each.name)) for each in fields(stored.event) if each.name != "order"
    }
    return {
        "sequence": stored.sequence, "at": stored.at.isoformat(), "who": stored.who,
        "event": type(stored.event).__name__, "told": telling.told(stored.event), **what,
    }  # fmt: skip


def _plain(value: object) -> object:
    """A value of an event as JSON has it."""
    match value:
        case Decimal():
            return plain(value)
        case Enum():
            return value.value
        case tuple() | list():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case None | bool() | int():
            return value
        case datetime():
            return value.isoformat()
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return str(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
