"""Correct an order that is on hold before its decision, and consider it again as if it had come like this."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO
from gateway.orders.applied import corrected
from gateway.orders.case import Case
from gateway.orders.commands import CorrectedValue, CorrectOrder
from gateway.orders.considering import placing
from gateway.orders.events import Event, OrderHeld
from gateway.orders.happened.handled import HoldEnded, LineCorrected, LineReopened, OrderCorrected
from gateway.orders.order import Hold, Order
from gateway.orders.transitions import apply

BY_HAND = frozenset({"C-MANUAL", "C-CHANGE"})
"""Holds that no check finds: only people end them."""


def correct(order: Order, command: CorrectOrder, case: Case) -> Iterator[Event]:
    """Every correction, then everything is checked again: a hold whose cause is gone ends, a new cause holds."""
    if order.decided:
        raise TransitionError(
            f"{order.number} is decided and answered; it cannot be corrected any more.",
            next_step="Cancel what is wrong with 'gateway orders cancel', or ask the partner for a change (860).",
        )
    if not command.values:
        raise TransitionError("Nothing is to be corrected.", next_step="Say what: --line 2 --price 9.95, for example.")
    for event in [*_corrections(order, command), *_reopened(order, command)]:
        yield event
        order = apply(order, event)
    yield from again(order, case)


def again(order: Order, case: Case) -> Iterator[Event]:
    """Check an undecided order anew."""
    kept = tuple(hold for hold in order.holds if hold.code in BY_HAND)
    found = placing.reconsider(replace(order, holds=kept), case)
    still = {event.hold.code: event.hold for event in found if isinstance(event, OrderHeld)}
    for hold in order.holds:
        if hold not in kept and not _is_same(hold, still.get(hold.code)):
            yield HoldEnded(hold.id, hold.code, "its cause is gone" if hold.code not in still else "its cause changed")
    known = {hold.code for hold in order.holds if _is_same(hold, still.get(hold.code))}
    for event in found:
        if not (isinstance(event, OrderHeld) and event.hold.code in known):
            yield event


def _is_same(hold: Hold, other: Hold | None) -> bool:
    return other is not None and other.reason == hold.reason


def _corrections(order: Order, command: CorrectOrder) -> Iterator[Event]:
    for each in command.values:
        new = CHECKS.get(each.field, _any)(each)
        if not each.line:
            if each.field not in corrected.ORDER_FIELDS:
                raise TransitionError(f"'{each.field}' of an order is not corrected.", next_step="Add --line N.")
            yield OrderCorrected(each.field, corrected.said(order, each.field), new, command.note, command.who)
            continue
        line = order.line(each.line)
        if line is None:
            numbers = ", ".join(known.number for known in order.lines)
            raise TransitionError(f"{order.number} has no line {each.line}.", next_step=f"Its lines: {numbers}.")
        if line.quantity.allocated or line.quantity.backordered:
            raise TransitionError(
                f"Line {line.number} of {order.number} was answered at the deadline already; it cannot be corrected any more.",
                next_step="Ask the partner for a change (860) when the order is decided.",
            )
        old = corrected.said_of_line(line, each.field)
        yield LineCorrected(each.line, each.field, old, new, command.note, command.who)


def _reopened(order: Order, command: CorrectOrder) -> Iterator[Event]:
    """What was rejected so far may be served now; a line whose quantity is corrected begins anew by itself."""
    anew = {each.line for each in command.values if each.field == corrected.QUANTITY}
    for line in order.lines:
        if line.quantity.rejected and line.number not in anew:
            yield LineReopened(line.number)


def _any(each: CorrectedValue) -> str:
    return each.value.strip()


def _day(each: CorrectedValue) -> str:
    try:
        return date.fromisoformat(each.value).isoformat() if each.value else ""
    except ValueError as error:
        raise TransitionError(f"'{each.value}' is not a date.", next_step="Write it like 2026-12-31.") from error


def _number(each: CorrectedValue) -> Decimal:
    try:
        found = Decimal(each.value)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise TransitionError(f"'{each.value}' is not a number.", next_step="Write it like 12 or 9.95.")
    return found


def _quantity(each: CorrectedValue) -> str:
    if _number(each) <= ZERO:
        step = "Reject the order, or cancel the line after the decision."
        raise TransitionError(f"A quantity of {each.value} cannot be served.", next_step=step)
    return each.value


def _price(each: CorrectedValue) -> str:
    if _number(each) < ZERO:
        raise TransitionError(f"A price of {each.value} is below zero.", next_step="Write it like 9.95.")
    return each.value


def _named(each: CorrectedValue) -> str:
    if not each.value.strip():
        raise TransitionError(f"'{each.field}' cannot be empty.", next_step="Leave it out to keep what it is.")
    return each.value.strip()


CHECKS: dict[str, Callable[[CorrectedValue], str]] = {
    corrected.QUANTITY: _quantity, corrected.PRICE: _price, corrected.SKU: _named, corrected.UOM: _named,
    "currency": _named, **dict.fromkeys(corrected.DATES, _day),
}  # fmt: skip
"""How a new value is read; texts are taken as they are."""
