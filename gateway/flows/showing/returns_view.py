"""Returns and changes of an order as plain data, and the sentences of their events."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gateway.kernel.quantity import plain
from gateway.orders.events import Event
from gateway.orders.happened import change_events, return_events
from gateway.orders.order import Order, Proposal
from gateway.orders.proposal import LineRuling
from gateway.orders.returned import Return, ReturnedLine

View = dict[str, Any]


def returns(order: Order) -> list[View]:
    """The returns of an order."""
    return [return_view(order, each) for each in order.returns]


def return_view(order: Order, each: Return) -> View:
    """One return with its lines."""
    return {
        "rma": each.rma, "order_number": order.number, "po_number": order.po_number, "partner": order.partner,
        "return_number": each.return_number, "state": each.state, "requested_on": each.requested_on.isoformat(),
        "valid_until": each.valid_until.isoformat() if each.valid_until else None, "reason": each.reason,
        "lines": [_line(order, line) for line in each.lines], "replacements": list(each.replacements),
    }  # fmt: skip


def change(order: Order) -> View | None:
    """The change that waits, line by line; None when there is none."""
    waiting = order.change
    return None if waiting is None else _proposal(waiting)


def changes(order: Order) -> list[View]:
    """The changes that were answered."""
    return [{"change_number": each.change_number, "status": each.status} for each in order.changes]


def _proposal(waiting: Proposal) -> View:
    head = waiting.head
    dates = {
        "ship_not_before": head.ship_not_before, "ship_no_later": head.ship_no_later,
        "cancel_after": head.cancel_after, "delivery_requested": head.delivery_requested,
        "ship_requested": head.ship_requested, "deliver_not_before": head.deliver_not_before,
        "deliver_no_later": head.deliver_no_later,
    }  # fmt: skip
    place = waiting.ship_to
    return {
        "change_number": waiting.change_number, "cancels": waiting.cancels, "holds": list(waiting.holds),
        "dates": {name: day.isoformat() for name, day in dates.items() if day is not None},
        "ship_to": ", ".join(each for each in (place.id, place.name, place.address1, place.city) if each) if place else None,
        "lines": [_ruling(each) for each in waiting.rulings],
    }  # fmt: skip


def _ruling(ruling: LineRuling) -> View:
    return {
        "line": ruling.line, "action": ruling.said, "verdict": ruling.ruling, "reason": ruling.reason,
        "quantity": plain(ruling.quantity) if ruling.quantity is not None else None,
        "unit_price": plain(ruling.unit_price) if ruling.unit_price is not None else None,
    }  # fmt: skip


def _line(order: Order, line: ReturnedLine) -> View:
    known = order.line(line.line)
    return {
        "line": line.line, "sku": known.sku if known else None, "uom": known.uom if known else None,
        "quantity": plain(line.quantity), "reason": line.reason, "action": "replace" if line.replace else "credit",
        "authorised": plain(line.authorised), "refusal": line.refusal, "received": plain(line.received),
        "restocked": plain(line.restocked), "scrapped": plain(line.scrapped), "refurbished": plain(line.refurbished),
        "credited": plain(line.credited),
    }  # fmt: skip


def _freed(event: change_events.LineFreed) -> str:
    where = f" in {event.warehouse}" if event.warehouse else ""
    return f"line {event.line}: {plain(event.quantity)} {event.from_bucket}{where} are undecided again: {event.reason}"


def _changed(event: change_events.LineChanged) -> str:
    said = (
        [f"ordered {plain(event.ordered)} instead of {plain(event.ordered_before)}"]
        if event.ordered != event.ordered_before
        else []
    )
    said += [f"their price is now {plain(event.partner_price)}"] if event.partner_price is not None else []
    said += [f"delivery on {event.delivery_requested}"] if event.delivery_requested else []
    said += [f"ship not before {event.ship_not_before}"] if event.ship_not_before else []
    return f"line {event.line}: {', '.join(said)}: {event.reason}"


def _head(event: change_events.OrderChanged) -> str:
    dates = {
        "ship not before": event.head.ship_not_before, "ship no later": event.head.ship_no_later,
        "cancel after": event.head.cancel_after, "delivery": event.head.delivery_requested,
        "ship": event.head.ship_requested, "deliver not before": event.head.deliver_not_before,
        "deliver no later": event.head.deliver_no_later,
    }  # fmt: skip
    said = [f"{name} {day}" for name, day in dates.items() if day is not None]
    said += [f"ship-to {event.ship_to.name or event.ship_to.id}"] if event.ship_to is not None else []
    return f"the order changed: {', '.join(said)}"


def _answered(event: change_events.ChangeAnswered) -> str:
    number = f" {event.change_number}" if event.change_number else ""
    return f"change{number} answered: {event.status}" + (f": {'; '.join(event.reasons)}" if event.reasons else "")


def _authorised(made: Return) -> str:
    return ", ".join(f"{plain(each.authorised)} of line {each.line}" for each in made.lines if each.authorised)


def _received(event: return_events.ReturnReceived) -> str:
    done = {"restock": "back in stock", "scrap": "scrapped", "refurbish": "set apart to be refurbished"}[
        event.disposition
    ]
    credit = "" if event.credited else ", not credited"
    why = f": {event.reason}" if event.reason else ""
    return (
        f"{event.rma}: {plain(event.quantity)} of line {event.line} came back to {event.warehouse}, {done}{credit}{why}"
    )


WORDS: Mapping[type[Event], Callable[[Any], str]] = MappingProxyType(
    {
        change_events.ChangeProposed: lambda each: (
            f"a change waits: {'; '.join(dict.fromkeys(one.reason for one in each.proposal.rulings if one.reason)) or 'see its hold'}"
        ),
        change_events.LineFreed: _freed,
        change_events.LineChanged: _changed,
        change_events.LineAdded: lambda each: (
            f"line {each.line} added: {plain(each.content.quantity.ordered)} {each.content.uom}"
        ),
        change_events.LineReplaced: lambda each: (
            f"line {each.line} is another item now: {plain(each.content.quantity.ordered)} {each.content.uom}"
        ),
        change_events.OrderChanged: _head,
        change_events.ChangeAnswered: _answered,
        return_events.ReturnAuthorised: lambda each: (
            f"{each.authorised.rma} authorised: {_authorised(each.authorised)}"
        ),
        return_events.ReturnRefused: lambda each: f"{each.refused.rma}: nothing may come back: {each.refused.reason}",
        return_events.ReturnReceived: _received,
        return_events.ReturnEnded: lambda each: f"{each.rma} {each.state}: {each.reason}",
        return_events.ReplacementOrdered: lambda each: f"{each.rma}: replaced by {each.order}",
    }
)
"""The sentence of each kind of event."""
