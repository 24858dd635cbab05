"""What the events of a return do to the order."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.events import Event
from gateway.orders.happened import bill_events, return_events
from gateway.orders.order import Order
from gateway.orders.returned import Return, ReturnedLine

_COUNTED = {"restock": "restocked", "scrap": "scrapped", "refurbish": "refurbished"}


def _received(order: Order, event: return_events.ReturnReceived) -> Order:
    def change(line: ReturnedLine) -> ReturnedLine:
        if event.quantity > line.waits or event.quantity <= ZERO:
            raise TransitionError(
                f"{plain(event.quantity)} of line {line.line} cannot come back; {plain(line.waits)} wait."
            )
        counter = _COUNTED[event.disposition]
        return replace(
            line, received=line.received + event.quantity, creditable=line.creditable + event.quantity * event.credited,
            **{counter: getattr(line, counter) + event.quantity},
        )  # fmt: skip

    return _counted(_with_line(order, event.rma, event.line, change), event)


def _counted(order: Order, event: return_events.ReturnReceived) -> Order:
    """``returned`` of the order's line."""
    lines = tuple(
        replace(line, quantity=replace(line.quantity, returned=line.quantity.returned + event.quantity))
        if line.number == event.line else line
        for line in order.lines
    )  # fmt: skip
    return replace(order, lines=lines)


def credited(order: Order, event: bill_events.OrderCredited) -> Order:
    """What a credit memo for a return tells of its lines is credited there too."""
    if not event.return_number:
        return order
    for each in event.lines:
        told = each.units

        def change(line: ReturnedLine, told: Decimal = told) -> ReturnedLine:
            return replace(line, credited=line.credited + told)

        order = _with_line(order, event.return_number, each.line, change)
    return order


def _ended(order: Order, event: return_events.ReturnEnded) -> Order:
    return _with(order, event.rma, lambda each: replace(each, state=event.state, reason=event.reason or each.reason))


def _replacement(order: Order, event: return_events.ReplacementOrdered) -> Order:
    return _with(order, event.rma, lambda each: replace(each, replacements=(*each.replacements, event.order)))


def _with(order: Order, rma: str, change: Callable[[Return], Any]) -> Order:
    if all(each.rma != rma for each in order.returns):
        raise TransitionError(f"{order.number} has no return {rma}.")
    return replace(order, returns=tuple(change(each) if each.rma == rma else each for each in order.returns))


def _with_line(order: Order, rma: str, number: str, change: Callable[[ReturnedLine], ReturnedLine]) -> Order:
    def changed(each: Return) -> Return:
        return replace(each, lines=tuple(change(line) if line.line == number else line for line in each.lines))

    return _with(order, rma, changed)


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        return_events.ReturnAuthorised: lambda order, event: replace(
            order, returns=(*order.returns, event.authorised), closed=False
        ),
        return_events.ReturnRefused: lambda order, event: replace(order, returns=(*order.returns, event.refused)),
        return_events.ReturnReceived: _received,
        return_events.ReturnEnded: _ended,
        return_events.ReplacementOrdered: _replacement,
    }
)
"""What each event of a return does."""
