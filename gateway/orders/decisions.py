"""What follows from a command: one policy for each, found in one table; the lifecycle table says when it is allowed."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from gateway.kernel.errors import TransitionError
from gateway.orders import commands as asked
from gateway.orders.asked import change_commands, return_commands
from gateway.orders.billing import corrections, invoicing, settling
from gateway.orders.case import Case
from gateway.orders.changing import cancelling, changes, returns
from gateway.orders.commands import Command, PlaceOrder
from gateway.orders.considering import answering, correcting, placing
from gateway.orders.events import Event
from gateway.orders.goods import backorders
from gateway.orders.holds import holding, releasing
from gateway.orders.lifecycle import ALLOWED, may, status
from gateway.orders.order import Order
from gateway.orders.shipping import delivering, fulfilment
from gateway.orders.transitions import Applied, apply_all

Policy = Callable[[Order, Any, Case], Iterator[Event]]

POLICIES: Mapping[type[Command], Policy] = MappingProxyType(
    {
        asked.ReleaseHold: changes.release_hold,
        asked.RejectOrder: changes.reject_order,
        asked.HoldOrder: holding.hold,
        asked.CorrectOrder: correcting.correct,
        asked.CancelOrder: cancelling.cancel,
        asked.AnswerInTime: answering.in_time,
        asked.ReleaseToWarehouse: releasing.release,
        asked.FillBackorder: backorders.fill,
        asked.CancelBalance: backorders.cancel_balance,
        asked.ExpireReservation: backorders.expire,
        asked.ConfirmShipment: fulfilment.confirm,
        asked.IssueInvoice: invoicing.issue,
        asked.CreditInvoice: corrections.credit,
        asked.RebillInvoice: corrections.rebill,
        change_commands.ChangeOrder: changes.change,
        change_commands.RejectChange: changes.reject,
        return_commands.RequestReturn: returns.request,
        return_commands.ReceiveReturn: returns.receive,
        return_commands.EndReturn: returns.end,
        return_commands.LinkReplacement: returns.link,
        asked.RecordTracking: delivering.track,
        asked.ConfirmDelivery: delivering.confirm,
        asked.MarkLate: delivering.mark_late,
        asked.SettleOrder: settling.settle,
        asked.ReopenOrder: settling.reopen,
        asked.CloseOrder: settling.close,
    }
)
"""Who decides on each command; PlaceOrder begins an order."""


def decide(order: Order | None, command: Command, case: Case) -> tuple[Event, ...]:
    """What follows from a command; raises TransitionError when the status of the order forbids it."""
    if isinstance(command, PlaceOrder):
        return tuple(each.event for each in _placed(order, command, case))
    return _followed(order, command, case)


def carry_out(order: Order | None, command: Command, case: Case) -> list[Applied]:
    """What follows from a command with what each event does; raises TransitionError as well."""
    if isinstance(command, PlaceOrder):
        return _placed(order, command, case)
    return apply_all(order, _followed(order, command, case))


def _placed(order: Order | None, command: PlaceOrder, case: Case) -> list[Applied]:
    if order is not None:
        raise TransitionError(f"{order.number} exists already.")
    return placing.place(command, case)


def _followed(order: Order | None, command: Command, case: Case) -> tuple[Event, ...]:
    if order is None:
        raise TransitionError("There is no order to work on.")
    words, allowed = ALLOWED[type(command)]
    if not may(order, type(command)):
        fits = ", ".join(sorted(each.value for each in allowed))
        raise TransitionError(
            f"{order.number} is {status(order).value}; {words} is not possible.",
            next_step=f"It is possible while an order is {fits}.",
        )
    return tuple(POLICIES[type(command)](order, command, case))
