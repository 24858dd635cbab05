"""What the events of a change do to the order, besides moving quantities between buckets."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import events as happened
from gateway.orders import worth
from gateway.orders.events import Event
from gateway.orders.happened import change_events
from gateway.orders.order import Line, LineCode, Order, Proposal
from gateway.orders.proposal import AnsweredChange


def released_hold(order: Order, proposal: Proposal, event: happened.HoldReleased) -> Order:
    """A release for a change waives its cause for this change alone, not for the order."""
    waived = tuple(dict.fromkeys((*proposal.waived, event.code)))
    return replace(order, change=replace(proposal, waived=waived))


def _changed(order: Order, event: change_events.LineChanged) -> Order:
    line = order.line(event.line)
    if line is None:
        raise TransitionError(f"{order.number} has no line {event.line}.")
    pending = line.quantity.pending + event.ordered - event.ordered_before
    if pending < ZERO or line.quantity.ordered != event.ordered_before:
        before = plain(line.quantity.ordered)
        raise TransitionError(
            f"line {line.number} of {order.number} cannot be changed to {plain(event.ordered)} from {before}."
        )
    after = replace(
        line, quantity=replace(line.quantity, ordered=event.ordered, pending=pending),
        ship_not_before=event.ship_not_before or line.ship_not_before,
        delivery_requested=event.delivery_requested or line.delivery_requested,
        codes=tuple(code for code in line.codes if code is not LineCode.PRICE_CHANGED),
    )  # fmt: skip
    if event.partner_price is not None:
        after = replace(after, partner_price=event.partner_price, price_basis=event.price_basis)
    return _with(order, after)


def _with(order: Order, changed: Line) -> Order:
    return replace(order, lines=tuple(changed if line.number == changed.number else line for line in order.lines))


def _added(order: Order, event: change_events.LineAdded) -> Order:
    if order.line(event.line) is not None:
        raise TransitionError(f"{order.number} has a line {event.line} already.")
    return replace(order, lines=(*order.lines, event.content))


def _replaced(order: Order, event: change_events.LineReplaced) -> Order:
    before = order.line(event.line)
    if before is None or before.sources or before.quantity.shipped:
        raise TransitionError(f"line {event.line} of {order.number} cannot be replaced by another item.")
    return _with(order, event.content)


def _head(order: Order, event: change_events.OrderChanged) -> Order:
    said = {each.name: getattr(event.head, each.name) for each in fields(event.head)}
    dates = {name: value for name, value in said.items() if value is not None}
    return replace(order, ship_to=event.ship_to or order.ship_to, **dates)


def _answered(order: Order, event: change_events.ChangeAnswered) -> Order:
    done = AnsweredChange(event.change_number, event.content_hash, event.status)
    left = tuple(hold for hold in order.holds if hold.id not in event.holds)
    approved = order.credit_approved
    if order.change is not None and "C-CREDIT" in order.change.waived and event.status != "rejected":
        approved = worth.whole(order)
    return replace(order, change=None, changes=(*order.changes, done), holds=left, credit_approved=approved)


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        change_events.ChangeProposed: lambda order, event: replace(order, change=event.proposal),
        change_events.LineChanged: _changed,
        change_events.LineAdded: _added,
        change_events.LineReplaced: _replaced,
        change_events.OrderChanged: _head,
        change_events.ChangeAnswered: _answered,
    }
)
"""What each event of a change does."""
