"""What people cancel of an order after its decision: what waits first, then what is reserved, then what is being picked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.case import Case
from gateway.orders.commands import CancelOrder
from gateway.orders.events import Event, LineCancelled
from gateway.orders.happened.goods_events import AnswerRenewed
from gateway.orders.order import Line, Order
from gateway.orders.shipping import recalling
from gateway.orders.transitions import apply
from gateway.orders.verdict import verdict


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a line in one bucket, in one warehouse; ``told`` when the warehouse was told to pick it."""

    line: str
    quantity: Decimal
    bucket: str
    warehouse: WarehouseId | None = None
    told: bool = False


def cancel(order: Order, command: CancelOrder, case: Case) -> Iterator[Event]:
    """Free what is cancelled and renew the answer; a warehouse that was told to pick it is told again what to pick."""
    if not order.decided:
        raise TransitionError(
            f"{order.number} is not decided yet; nothing of it is promised.",
            next_step="Reject it with 'gateway orders reject', or correct a quantity with 'gateway orders correct'.",
        )
    parts = [part for line in _lines(order, command) for part in _parts(order, line, command)]
    for event in _events(order, parts, command.reason):
        yield event
        order = apply(order, event)
    yield AnswerRenewed(verdict(order), case.today, tuple(_said(order, parts, command.reason)))


def _events(order: Order, parts: list[Part], reason: str) -> Iterator[Event]:
    for place in sorted({each.warehouse for each in parts if each.told and each.warehouse}):
        less = {each.line: each.quantity for each in parts if each.told and each.warehouse == place}
        yield from recalling.recall(order, place, less, reason)
    for each in parts:
        yield LineCancelled(each.line, each.quantity, each.bucket, reason, each.warehouse)


def _said(order: Order, parts: list[Part], reason: str) -> Iterator[str]:
    """What of each line is cancelled and why."""
    for line in order.lines:
        gone = sum((each.quantity for each in parts if each.line == line.number), ZERO)
        if gone:
            yield f"line {line.number}: {plain(gone)} {line.uom} cancelled: {reason}"


def _lines(order: Order, command: CancelOrder) -> list[Line]:
    if not command.line:
        if command.quantity is not None:
            raise TransitionError("A quantity belongs to a line.", next_step="Add --line N.")
        found = [line for line in order.lines if _free(line)]
    else:
        named = order.line(command.line)
        if named is None:
            numbers = ", ".join(line.number for line in order.lines)
            raise TransitionError(f"{order.number} has no line {command.line}.", next_step=f"Its lines: {numbers}.")
        found = [named]
    if not any(_free(line) for line in found):
        raise TransitionError(f"There is nothing of {order.number} to cancel that did not leave the house.")
    return found


def _free(line: Line) -> Decimal:
    return line.quantity.backordered + line.quantity.allocated


def _parts(order: Order, line: Line, command: CancelOrder) -> Iterator[Part]:
    wanted = command.quantity if command.quantity is not None else _free(line)
    if wanted <= ZERO or wanted > _free(line):
        raise TransitionError(
            f"Line {line.number} of {order.number}: {plain(wanted)} {line.uom} cannot be cancelled; "
            f"{plain(_free(line))} {line.uom} did not leave the house.",
            next_step="What left comes back as a return.",
        )
    for part in _in_turn(line):
        taken = min(wanted, part.quantity)
        if taken > ZERO:
            yield Part(line.number, taken, part.bucket, part.warehouse, part.told)
        wanted -= taken


def _in_turn(line: Line) -> Iterator[Part]:
    """The parts of a line in the order in which they are given up."""
    yield Part(line.number, line.quantity.backordered, "backordered")
    places = tuple(dict.fromkeys(each.warehouse for each in line.sources))
    for place in places:
        yield Part(line.number, line.untold_in(place), "allocated", place)
    for place in places:
        yield Part(line.number, line.told_in(place), "allocated", place, told=True)
