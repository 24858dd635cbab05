"""What follows when goods come, are expected on another day, or are wanted no longer."""

from collections.abc import Iterator
from datetime import date

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import instructions
from gateway.orders.case import Case
from gateway.orders.commands import CancelBalance, ExpireReservation, Fill, FillBackorder, NewDate
from gateway.orders.events import Event, LineCancelled
from gateway.orders.goods import promising
from gateway.orders.happened.goods_events import AnswerRenewed, LineFilled, LineRescheduled, ReservationExpired
from gateway.orders.order import Line, Order
from gateway.orders.shipping import routing
from gateway.orders.transitions import apply
from gateway.orders.verdict import verdict


def fill(order: Order, command: FillBackorder, case: Case) -> Iterator[Event]:
    """Reserve what came for lines that wait, and tell what still waits when it can ship."""
    events: list[Event] = []
    for filled in command.fills:
        events.append(_filled(order, filled, case))
        order = apply(order, events[-1])
    for moved in command.dates:
        events += _moved(order, moved, case)
    for event in events[len(command.fills) :]:
        order = apply(order, event)
    if events and instructions.together(order, case.terms):
        whole = list(_whole(order, case))
        events += whole
        for event in whole:
            order = apply(order, event)
    yield from events
    if events:
        yield AnswerRenewed(verdict(order), case.today, tuple(_reason(event) for event in events))


def cancel_balance(order: Order, command: CancelBalance, case: Case) -> Iterator[Event]:
    """Cancel what waits and what is reserved but not told to a warehouse, and renew the answer; what is being picked goes on."""
    if not order.decided:
        raise TransitionError(f"{order.number} is not decided; release its holds or reject it.")
    gone = list(_balance(order, command.reason))
    for event in gone:
        yield event
        order = apply(order, event)
    if gone:
        lines = dict.fromkeys(each.line for each in gone)
        said = tuple(f"line {number}: its balance is cancelled: {command.reason}" for number in lines)
        yield AnswerRenewed(verdict(order), case.today, said)


def _balance(order: Order, reason: str) -> Iterator[LineCancelled]:
    for line in order.lines:
        if line.quantity.backordered:
            yield LineCancelled(line.number, line.quantity.backordered, "backordered", reason)
        for place in dict.fromkeys(source.warehouse for source in line.sources):
            free = line.untold_in(place)
            if free > ZERO:
                yield LineCancelled(line.number, free, "allocated", reason, place)


def expire(order: Order, command: ExpireReservation, _case: Case) -> Iterator[Event]:
    """Free what is kept for an order on hold."""
    if order.reserved:
        yield ReservationExpired(order.reserved, command.reason)


def _filled(order: Order, filled: Fill, case: Case) -> LineFilled:
    line = _line(order, filled.line)
    if line.sku is None or filled.quantity > line.quantity.backordered:
        waits = f"{plain(line.quantity.backordered)} {line.uom} of line {line.number} wait"
        raise TransitionError(f"{order.number}: {plain(filled.quantity)} cannot be filled; {waits}.")
    ship = promising.from_stock(order, line, filled.warehouse, case.facts)
    return LineFilled(
        line.number, line.sku, filled.quantity, filled.quantity * line.stock_per_unit, filled.warehouse, filled.reason,
        ship, routing.delivery_due(order, case.terms, ship),
    )  # fmt: skip


def _moved(order: Order, moved: NewDate, case: Case) -> Iterator[Event]:
    line = _line(order, moved.line)
    last = order.cancel_after
    if not line.quantity.backordered or moved.promised_date == line.backorder_date:
        return
    if last is not None and moved.promised_date is not None and moved.promised_date > last:
        said = f"it could ship on {moved.promised_date}, after cancel-after {last}: {moved.reason}"
        yield LineCancelled(line.number, line.quantity.backordered, "backordered", said)
        return
    arrival = routing.delivery_due(order, case.terms, moved.promised_date)
    yield LineRescheduled(line.number, moved.promised_date, line.backorder_date, moved.reason, arrival)


def _whole(order: Order, case: Case) -> Iterator[Event]:
    """What leaves in one shipment leaves when the last of it is there."""
    here = [line for line in order.lines if line.quantity.allocated or line.quantity.backordered]
    days = {day for line in here for day in _days(order, line, case)}
    if not days:
        return
    day = None if None in days else max((each for each in days if each is not None), default=None)
    arrival = routing.delivery_due(order, case.terms, day)
    for line in here:
        if line.promised_date != day:
            said = "the order leaves whole, with the last of its goods"
            yield LineRescheduled(line.number, day, line.promised_date, said, arrival, whole=True)


def _days(order: Order, line: Line, case: Case) -> Iterator[date | None]:
    """When what waits of a line can ship, None where nobody knows, and what is reserved of it."""
    if line.quantity.backordered:
        yield line.backorder_date
    for source in line.sources:
        if line.untold_in(source.warehouse) > ZERO:
            yield promising.from_stock(order, line, source.warehouse, case.facts)


def _line(order: Order, number: str) -> Line:
    line = order.line(number)
    if line is None:
        raise TransitionError(f"{order.number} has no line {number}.")
    return line


def _reason(event: Event) -> str:
    return f"line {getattr(event, 'line', '')}: {getattr(event, 'reason', '')}"
