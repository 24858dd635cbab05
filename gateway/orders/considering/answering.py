"""What is answered when the partner waits for our answer no longer."""

from collections.abc import Iterator

from gateway.orders.case import Case
from gateway.orders.commands import AnswerInTime
from gateway.orders.considering import placing
from gateway.orders.events import Event, HoldReleased
from gateway.orders.happened.handled import OrderAnsweredOnHold
from gateway.orders.order import Order
from gateway.orders.transitions import apply

CLOCK = "schedule"
UNKNOWN = "C-ITEM"


def in_time(order: Order, command: AnswerInTime, case: Case) -> Iterator[Event]:
    """Answer at the deadline: items that are still unknown are refused, and the order goes on when nothing else holds it.

    Otherwise one answer says that it is on hold, where the agreement takes such a one; lines that nothing is asked
    about are served as known, and what they are answered stands.
    """
    if order.decided:
        return
    for hold in order.holds:
        if hold.code == UNKNOWN and case.terms.unknown_item == "hold_until_deadline":
            released = HoldReleased(hold.id, hold.code, "the time for an answer is over", CLOCK)
            yield released
            order = apply(order, released)
            for event in placing.reconsider(order, case):
                yield event
                order = apply(order, event)
    if command.tells and not order.decided and not order.answered_on_hold:
        yield from placing.known(order, case)
        yield OrderAnsweredOnHold(case.today, tuple(hold.reason for hold in order.holds))
