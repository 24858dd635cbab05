"""Holds put on, ended and turned into refusals by people."""

from collections.abc import Iterator

from gateway.kernel.errors import TransitionError
from gateway.orders.case import Case
from gateway.orders.commands import HoldOrder, RejectOrder, ReleaseHold
from gateway.orders.events import (
    Event,
    HoldReleased,
    LineCancelled,
    LineRejected,
    OrderDecided,
    OrderHeld,
    OrderRejected,
)
from gateway.orders.order import Hold, HoldType, LineCode, Order

TWO_SIDES = frozenset({"C-PRICE", "C-CONFLICT"})
"""Causes where the partner says one thing and we another: a release may say whose counts."""


def release(order: Order, command: ReleaseHold) -> HoldReleased:
    """The end of one hold; raises TransitionError when it is not open or cannot end this way."""
    hold = next((each for each in order.holds if each.id == command.hold), None)
    if hold is None:
        raise TransitionError(f"{order.number} has no open hold {command.hold}.")
    if hold.code == "C-PRICE" and not command.accept:
        raise TransitionError(
            "A price hold ends by saying whose price counts.", next_step="Add --accept ours or --accept theirs."
        )
    if hold.code not in TWO_SIDES and command.accept:
        raise TransitionError(
            f"--accept belongs to holds for a price or a conflict; {hold.id} is {hold.code}.",
            next_step="Leave --accept out.",
        )
    if hold.code == "C-PRICE":
        _check_prices(order, command)
    return HoldReleased(hold.id, hold.code, command.note, command.who, command.accept)


def _check_prices(order: Order, command: ReleaseHold) -> None:
    """Whoever's price is to count must be there."""
    if command.accept == "ours" and any(
        line.our_price is None and line.quantity.pending and line.sku for line in order.lines
    ):
        raise TransitionError("There is no price of ours to accept.", next_step="Send a price, or add --accept theirs.")
    if command.accept == "theirs" and any(
        line.our_price is None and line.partner_price is None and line.sku for line in order.lines
    ):
        raise TransitionError(
            "The order names no price to accept.", next_step="Send a price of ours, or reject the order."
        )


def hold(order: Order, command: HoldOrder, case: Case) -> Iterator[Event]:
    """Put an order on hold by hand; raises TransitionError when somebody did before."""
    before = next((each for each in order.holds if each.code == "C-MANUAL"), None)
    if before is not None:
        raise TransitionError(
            f"{order.number} is on hold by hand already ({before.id}): {before.reason}",
            next_step=f"Release it with 'gateway holds release {before.id}'.",
        )
    if not any(each.quantity.open > each.quantity.shipped for each in order.lines):
        raise TransitionError(f"Everything of {order.number} left the house; there is nothing to hold.")
    reason = f"{command.reason} ({command.who})"
    yield OrderHeld(Hold(case.new_hold_id(), HoldType.MANUAL, "C-MANUAL", reason, case.now))


def reject(order: Order, command: RejectOrder, case: Case) -> Iterator[Event]:
    """Refuse everything that is not told to a warehouse yet."""
    if any(line.quantity.released for line in order.lines):
        raise TransitionError(f"{order.number} is being picked; it cannot be rejected any more.")
    yield OrderRejected(command.reason, command.who)
    for line in order.lines:
        if line.quantity.pending:
            yield LineRejected(line.number, LineCode.REJECTED, command.reason)
        for bucket in ("backordered", "allocated"):
            amount = getattr(line.quantity, bucket)
            if amount:
                yield LineCancelled(line.number, amount, bucket, command.reason)
    if not order.decided:
        yield OrderDecided("rejected", case.today, (command.reason,))
