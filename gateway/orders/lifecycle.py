"""The life of an order: which status allows which command, what follows, and how the status is told."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import HoldId
from gateway.kernel.quantity import ZERO
from gateway.orders import fulfilment, invoicing, placing
from gateway.orders.commands import (
    Command,
    ConfirmShipment,
    IssueInvoice,
    PlaceOrder,
    RejectOrder,
    ReleaseHold,
    ReleaseToWarehouse,
)
from gateway.orders.events import (
    Event,
    HoldReleased,
    LineCancelled,
    LineRejected,
    OrderDecided,
    OrderRejected,
    OrderReleased,
    ReleasedLine,
)
from gateway.orders.facts import Facts, Terms
from gateway.orders.order import LineCode, Order
from gateway.orders.transitions import apply

__all__ = ["ALLOWED", "Status", "apply", "decide", "release_due", "status"]


class Status(Enum):
    """The status of an order as a whole; computed from lines and holds, never stored by hand."""

    RECEIVED = "received"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"
    BACKORDERED = "backordered"
    PARTIALLY_ALLOCATED = "partially_allocated"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKING = "picking"
    PACKED = "packed"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    PARTIALLY_INVOICED = "partially_invoiced"
    INVOICED = "invoiced"
    PAID = "paid"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_S = Status
ALLOWED: Mapping[type[Command], frozenset[Status]] = MappingProxyType(
    {
        ReleaseHold: frozenset({_S.ON_HOLD}),
        RejectOrder: frozenset({
            _S.ON_HOLD, _S.RECEIVED, _S.CONFIRMED, _S.BACKORDERED, _S.PARTIALLY_ALLOCATED, _S.ALLOCATED,
        }),
        ReleaseToWarehouse: frozenset({
            _S.PARTIALLY_ALLOCATED, _S.ALLOCATED, _S.RELEASED, _S.PARTIALLY_SHIPPED, _S.PARTIALLY_INVOICED,
        }),
        ConfirmShipment: frozenset({
            _S.RELEASED, _S.PICKING, _S.PACKED, _S.PARTIALLY_SHIPPED, _S.PARTIALLY_INVOICED,
        }),
        IssueInvoice: frozenset({_S.PARTIALLY_SHIPPED, _S.SHIPPED, _S.PARTIALLY_INVOICED}),
    }
)  # fmt: skip
"""In which status each command may be given; everything else is refused. PlaceOrder begins an order."""


def decide(
    order: Order | None, command: Command, facts: Facts, terms: Terms, now: datetime, new_hold_id: Callable[[], HoldId]
) -> tuple[Event, ...]:
    """What follows from a command; raises TransitionError when the status of the order forbids it."""
    if isinstance(command, PlaceOrder):
        if order is not None:
            raise TransitionError(f"{order.number} exists already.")
        return placing.place(command, facts, terms, now, new_hold_id)
    if order is None:
        raise TransitionError("There is no order to work on.")
    current = status(order)
    if current not in ALLOWED[type(command)]:
        fits = ", ".join(sorted(each.value for each in ALLOWED[type(command)]))
        raise TransitionError(
            f"{order.number} is {current.value}; {_words(command)} is not possible.",
            next_step=f"It is possible while an order is {fits}.",
        )
    return tuple(_follow(order, command, facts, terms, now, new_hold_id))


def _follow(
    order: Order, command: Command, facts: Facts, terms: Terms, now: datetime, new_hold_id: Callable[[], HoldId]
) -> Iterator[Event]:
    match command:
        case ReleaseHold():
            released = _release(order, command)
            yield released
            after = apply(order, released)
            if not after.holds:
                yield from placing.reconsider(after, facts, terms, now, new_hold_id)
        case RejectOrder():
            yield from _reject(order, command, facts)
        case ReleaseToWarehouse():
            yield from _to_warehouses(order, command)
        case ConfirmShipment():
            refusal = fulfilment.check(order, command, terms)
            if refusal is not None:
                raise TransitionError(refusal[1], code=refusal[0])
            yield from fulfilment.ship(order, command, backorder=placing.backorders(order, terms))
        case IssueInvoice():
            issued = invoicing.invoice(order, command, terms)
            if issued is None:
                raise TransitionError(f"{order.number} has nothing shipped that is not invoiced.")
            yield issued
        case PlaceOrder():
            return


def _release(order: Order, command: ReleaseHold) -> HoldReleased:
    hold = next((each for each in order.holds if each.id == command.hold), None)
    if hold is None:
        raise TransitionError(f"{order.number} has no open hold {command.hold}.")
    if hold.code == "C-PRICE" and not command.accept:
        raise TransitionError(
            "A price hold ends by saying whose price counts.", next_step="Add --accept ours or --accept theirs."
        )
    if hold.code != "C-PRICE" and command.accept:
        raise TransitionError(
            f"--accept belongs to price holds; {hold.id} is {hold.code}.", next_step="Leave --accept out."
        )
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
    return HoldReleased(hold.id, hold.code, command.note, command.who, command.accept)


def _reject(order: Order, command: RejectOrder, facts: Facts) -> Iterator[Event]:
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
        yield OrderDecided("rejected", facts.today, (command.reason,))


def _to_warehouses(order: Order, command: ReleaseToWarehouse) -> Iterator[Event]:
    for warehouse in command.warehouses:
        if warehouse in order.released_to:
            raise TransitionError(f"{order.number} was released to {warehouse} before.")
        waiting = ((line.number, fulfilment.waiting(line, warehouse)) for line in order.lines)
        lines = tuple(ReleasedLine(number, quantity) for number, quantity in waiting if quantity)
        if lines:
            yield OrderReleased(warehouse, lines)


def release_due(order: Order, terms: Terms, today: date) -> bool:
    """Whether a warehouse should be told to pick now.

    Not before ship-not-before less the lead days, not after cancel-after, and not while an order that must
    ship complete still waits for goods.
    """
    if not order.decided or order.holds or order.rejected:
        return False
    if not any(source.warehouse not in order.released_to for line in order.lines for source in line.sources):
        return False
    waits = any(line.quantity.backordered for line in order.lines)
    if waits and (order.backorder == "ship_complete" or not terms.partial_shipments):
        return False
    first = order.ship_not_before
    in_time = first is None or first - timedelta(days=terms.lead_days) <= today
    return in_time and (order.cancel_after is None or today <= order.cancel_after)


def status(order: Order) -> Status:
    """The status of the order as a whole: the first that fits."""
    lines = [line.quantity for line in order.lines]
    goods = sum((each.open for each in lines), ZERO)
    shipped = sum((each.shipped for each in lines), ZERO)
    invoiced = sum((each.invoiced for each in lines), ZERO)
    allocated = sum((each.allocated for each in lines), ZERO)
    refused = order.rejected or any(each.rejected for each in lines) or not any(each.cancelled for each in lines)
    ladder = (
        (Status.ON_HOLD, bool(order.holds)),
        (Status.REJECTED, goods == ZERO and refused),
        (Status.CANCELLED, goods == ZERO),
        (Status.RECEIVED, any(each.pending for each in lines)),
        (Status.CLOSED, order.closed),
        (Status.PAID, order.paid),
        (Status.INVOICED, invoiced == goods),
        (Status.PARTIALLY_INVOICED, invoiced > ZERO),
        (Status.SHIPPED, shipped == goods),
        (Status.PARTIALLY_SHIPPED, shipped > ZERO),
        (Status.PACKED, any(each.packed for each in lines)),
        (Status.PICKING, any(each.picked for each in lines)),
        (Status.RELEASED, any(each.released for each in lines)),
        (Status.ALLOCATED, allocated == goods),
        (Status.PARTIALLY_ALLOCATED, allocated > ZERO),
        (Status.BACKORDERED, any(each.backordered for each in lines)),
    )
    return next((each for each, fits in ladder if fits), Status.CONFIRMED)


def _words(command: Command) -> str:
    return {
        ReleaseHold: "releasing a hold", RejectOrder: "rejecting it", ReleaseToWarehouse: "a release to a warehouse",
        ConfirmShipment: "a shipment", IssueInvoice: "an invoice", PlaceOrder: "placing it",
    }[type(command)]  # fmt: skip
