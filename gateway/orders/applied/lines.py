"""What events do to lines: quantities move between buckets, reservations and what warehouses were told go with them."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import TypeVar

from gateway.kernel.altered import altered, altering
from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.lifecycle import MOVES
from gateway.orders.order import Buckets, Line, LineCode, Order, Source, Told


def move(quantity: Buckets, event: type, origin: str, target: str, amount: Decimal) -> Buckets:
    """The buckets after so much went from one to another; raises TransitionError when the table forbids it."""
    way, there = _way(event, origin, target), getattr(quantity, origin)
    if amount < ZERO or amount > there:
        raise TransitionError(f"{event.__name__}: {plain(amount)} cannot leave {origin}, where {plain(there)} is.")
    return way(quantity, there - amount, getattr(quantity, target) + amount)


@cache
def _way(event: type, origin: str, target: str) -> Callable[..., Buckets]:
    """What changes the two buckets of one move of the table."""
    if (event, origin, target) not in MOVES:
        raise TransitionError(f"{event.__name__} cannot bring a quantity from {origin} to {target}.")
    return altering(Buckets, origin, target)


def with_line(order: Order, number: str, change: Callable[[Line], Line]) -> Order:
    """The order with one of its lines changed."""
    lines = order.lines
    for at, line in enumerate(lines):
        if line.number == number:
            return altered(order, lines=(*lines[:at], change(line), *lines[at + 1 :]))
    raise TransitionError(f"{order.number} has no line {number}.")


Said = TypeVar("Said")


def with_each(order: Order, said: Iterable[tuple[str, Said]], change: Callable[[Line, Said], Line]) -> Order:
    """The order with what is said of several lines done to each, one after the other."""
    lines, places = list(order.lines), places_of(order)
    for number, each in said:
        if number not in places:
            raise TransitionError(f"{order.number} has no line {number}.")
        lines[places[number]] = change(lines[places[number]], each)
    return altered(order, lines=tuple(lines))


def places_of(order: Order) -> dict[str, int]:
    """Where each line stands among those of the order, by its number."""
    return {line.number: place for place, line in reversed(list(enumerate(order.lines)))}


def counted(line: Line, counter: str, amount: Decimal, **more: object) -> Line:
    """One of the counters of a line, which do not take part in the sum of the buckets."""
    quantity = altered(line.quantity, **{counter: getattr(line.quantity, counter) + amount})
    return altered(line, quantity=quantity, **more)


def with_code(codes: tuple[LineCode, ...], code: LineCode) -> tuple[LineCode, ...]:
    """The answer so far with one code more; a price change stands for the acceptance."""
    if code is LineCode.ACCEPTED and LineCode.PRICE_CHANGED in codes:
        return codes
    return codes if code in codes else (*codes, code)


def without(sources: Iterable[Source], warehouse: WarehouseId, quantity: Decimal) -> tuple[Source, ...]:
    """The reservations after so much left one warehouse."""
    left: list[Source] = []
    for source in sources:
        taken = min(source.quantity, quantity) if source.warehouse == warehouse else ZERO
        quantity -= taken
        if source.quantity > taken:
            left.append(altered(source, quantity=source.quantity - taken))
    return tuple(left)


def with_told(line: Line, told: tuple[Told, ...], sources: tuple[Source, ...] | None = None) -> Line:
    """The line with what warehouses were told, and with other reservations if some are given; ``released`` is its sum."""
    kept = line.sources if sources is None else sources
    for place in {each.warehouse for each in told}:
        to_pick = sum([each.quantity for each in told if each.warehouse == place], ZERO)
        reserved = sum([each.quantity for each in kept if each.warehouse == place], ZERO)
        if to_pick > reserved:
            said = f"{plain(to_pick)} of line {line.number} cannot be picked in {place}"
            raise TransitionError(f"{said}, where {plain(reserved)} are reserved.")
    released = sum([each.quantity for each in told], ZERO)
    return altered(line, told=told, sources=kept, quantity=altered(line.quantity, released=released))


def answered(line: Line, warehouse: WarehouseId, store: str, quantity: Decimal) -> Line:
    """The line after a warehouse answered for so much: it is told and reserved there no more, oldest release first."""
    if quantity > line.told_in(warehouse, store):
        raise TransitionError(f"{warehouse} was not told to pick so much of line {line.number}.")
    left = tuple(fewer(line.told, warehouse, store, quantity))
    return with_told(line, left, without(line.sources, warehouse, quantity))


def fewer(told: tuple[Told, ...], warehouse: WarehouseId, store: str, quantity: Decimal) -> Iterator[Told]:
    """So much less in a warehouse for a store, the oldest first."""
    for each in told:
        taken = min(each.quantity, quantity) if (each.warehouse, each.store) == (warehouse, store) else ZERO
        quantity -= taken
        if each.quantity > taken:
            yield altered(each, quantity=each.quantity - taken)


def waits_less(line: Line) -> Line:
    """What is promised, missed and dated of what waits is never more than what waits."""
    waits = line.quantity.backordered
    return altered(
        line, awaited=min(line.awaited, waits), missed=_latest(line.missed, waits),
        backorder_date=line.backorder_date if waits else None,
    )  # fmt: skip


def _latest(missed: tuple[Told, ...], most: Decimal) -> tuple[Told, ...]:
    """At most so much of what was not found: what was missed last may still turn up."""
    kept: list[Told] = []
    for each in reversed(missed):
        quantity = min(each.quantity, most)
        most -= quantity
        if quantity:
            kept.append(altered(each, quantity=quantity))
    return tuple(reversed(kept))
