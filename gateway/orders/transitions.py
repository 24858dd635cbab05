"""Applying events: quantities move between buckets as the lifecycle table says, and nowhere else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from gateway.kernel.altered import altered
from gateway.kernel.errors import TransitionError
from gateway.orders import events as happened
from gateway.orders import worth
from gateway.orders.applied import (
    bill_steps,
    change_steps,
    corrected,
    goods_steps,
    journeys,
    return_steps,
    shipping_steps,
)
from gateway.orders.applied.lines import move, places_of, with_code, with_line
from gateway.orders.events import Event
from gateway.orders.happened import delivery_events, handled
from gateway.orders.happened import goods_events as goods
from gateway.orders.happened import settling_events as settled
from gateway.orders.order import Line, Order


def apply(order: Order | None, event: Event) -> Order:
    """The order after an event; each event raises its version by one."""
    if isinstance(event, happened.OrderPlaced):
        return event.order
    if order is None:
        raise TransitionError("An order begins with OrderPlaced.")
    if type(event) in OF_LINES:
        return _of_one_line(order, event)
    return altered(APPLIED[type(event)](order, event), version=order.version + 1)


def _of_one_line(order: Order, event: Event) -> Order:
    """The order after an event of one of its lines."""
    number: str = event.line  # type: ignore[union-attr]
    for at, line in enumerate(order.lines):
        if line.number == number:
            changed = OF_LINES[type(event)](line, event)
            lines = (*order.lines[:at], changed, *order.lines[at + 1 :])
            return altered(order, lines=lines, version=order.version + 1)
    raise TransitionError(f"{order.number} has no line {number}.")


@dataclass(frozen=True, slots=True)
class Applied:
    """An event with what it did: the order after it, and the line before and after it where it is about one line alone.

    Events of single lines that were applied together have one order: that after the last of them.
    """

    event: Event
    order: Order
    before: Line | None = None
    line: Line | None = None


def apply_all(order: Order | None, events: Iterable[Event]) -> list[Applied]:
    """Each event with what it did; the same as one after the other, without making the order anew for each line."""
    done: list[Applied] = []
    for single, group in groupby(events, key=lambda event: type(event) in OF_LINES):
        if single and order is not None:
            changing = ChangingLines(order)
            for event in group:
                changing.add(event)
            done += changing.done()
            order = done[-1].order
            continue
        for event in group:
            order = apply(order, event)
            done.append(Applied(event, order))
    return done


class ChangingLines:
    """The lines of an order while events of single lines change them, so that the order is made anew once."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._places = places_of(order)
        self._changed: list[tuple[Event, Line, Line]] = []
        self.lines = list(order.lines)

    def line(self, number: str) -> Line:
        """A line as it is now; raises TransitionError when there is none."""
        return self.lines[self._place(number)]

    def add(self, event: Event) -> None:
        """Apply an event of a single line."""
        place = self._place(event.line)  # type: ignore[union-attr]
        before = self.lines[place]
        self.lines[place] = line = OF_LINES[type(event)](before, event)
        self._changed.append((event, before, line))

    def done(self) -> list[Applied]:
        """What all events did."""
        if not self._changed:
            return []
        version = self._order.version + len(self._changed)
        after = altered(self._order, lines=tuple(self.lines), version=version)
        return [Applied(event, after, before, line) for event, before, line in self._changed]

    def _place(self, number: str) -> int:
        place = self._places.get(number)
        if place is None:
            raise TransitionError(f"{self._order.number} has no line {number}.")
        return place


def _priced(line: Line, event: happened.LinePriced) -> Line:
    # a basis per hundred or thousand is converted once, here; from now on the price is per unit
    instead = line.substitute_for if event.sku == line.sku else None
    known = line.description if instead == line.substitute_for else ""
    return altered(
        line, sku=event.sku, description=known or event.description, our_price=event.our_price,
        unit_price=event.unit_price, stock_per_unit=event.stock_per_unit, tax_code=event.tax_code, codes=event.codes,
        price_basis="PE" if line.price_basis else "", substitute_for=instead,
    )  # fmt: skip


def _ship_to(order: Order, event: happened.ShipToFound) -> Order:
    return altered(
        order, ship_to=event.ship_to, preferred_warehouse=event.warehouse, tax_region=event.tax_region
    )  # fmt: skip


def _rejected(line: Line, event: happened.LineRejected) -> Line:
    quantity = move(line.quantity, type(event), "pending", "rejected", line.quantity.pending)
    return altered(line, quantity=quantity, codes=with_code(line.codes, event.code))


def _reopened(line: Line, event: handled.LineReopened) -> Line:
    quantity = move(line.quantity, type(event), "rejected", "pending", line.quantity.rejected)
    return altered(line, quantity=quantity, codes=())


def _released_hold(order: Order, event: happened.HoldReleased) -> Order:
    if order.change is not None and event.hold in order.change.holds:
        order = change_steps.released_hold(order, order.change, event)
        prices = (event.accept if event.code == "C-PRICE" else "") or order.accepted_prices
        theirs = order.theirs_accepted or (event.code == "C-CONFLICT" and event.accept == "theirs")
        return _ended_hold(altered(order, accepted_prices=prices, theirs_accepted=theirs), event)
    return altered(
        order, holds=tuple(hold for hold in order.holds if hold.id != event.hold),
        waived=tuple(dict.fromkeys((*order.waived, event.code))),
        accepted_prices=(event.accept if event.code == "C-PRICE" else "") or order.accepted_prices,
        theirs_accepted=order.theirs_accepted or (event.code == "C-CONFLICT" and event.accept == "theirs"),
        credit_approved=worth.whole(order) if event.code == "C-CREDIT" else order.credit_approved,
    )  # fmt: skip


def _ended_hold(order: Order, event: happened.HoldReleased | handled.HoldEnded) -> Order:
    return altered(order, holds=tuple(hold for hold in order.holds if hold.id != event.hold))


def _kept_no_more(order: Order) -> Order:
    """What was kept for an order on hold is reserved by its lines now, or free."""
    return altered(order, reserved=(), reserved_until=None)


OF_LINES: Mapping[type[Event], Callable[[Line, Any], Line]] = MappingProxyType(
    {
        handled.LineReopened: _reopened,
        happened.LinePriced: _priced,
        happened.LineRejected: _rejected,
        **goods_steps.OF_LINES,
        **shipping_steps.OF_LINES,
    }
)
"""What each event of one line does to it."""
APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderPlaced: lambda _order, event: event.order,
        happened.OrderHeld: lambda order, event: altered(order, holds=(*order.holds, event.hold)),
        happened.HoldReleased: _released_hold,
        handled.HoldEnded: _ended_hold,
        handled.CreditChecked: lambda order, event: altered(order, credit_figures=event.figures),
        handled.OrderCorrected: corrected.order,
        handled.LineCorrected: lambda order, event: with_line(
            corrected.without_complaint(order, event), event.line, lambda line: corrected.line(line, event)
        ),
        handled.OrderAnsweredOnHold: lambda order, _event: altered(order, answered_on_hold=True),
        happened.OrderDecided: lambda order, _event: _kept_no_more(altered(order, decided=True)),
        happened.OrderRouted: lambda order, event: altered(order, route=event.route),
        happened.OrderRejected: lambda order, _event: _kept_no_more(altered(order, rejected=True, holds=())),
        goods.AnswerRenewed: lambda order, _event: order,
        goods.GoodsReserved: lambda order, event: altered(order, reserved=event.goods, reserved_until=event.until),
        goods.ReservationExpired: lambda order, _event: _kept_no_more(order),
        delivery_events.ShipmentTracked: journeys.tracked,
        delivery_events.ShipmentDelivered: journeys.delivered,
        delivery_events.ShipmentLate: journeys.late,
        **shipping_steps.APPLIED,
        **bill_steps.APPLIED,
        **change_steps.APPLIED,
        **return_steps.APPLIED,
        settled.OrderPaid: lambda order, _event: altered(order, paid=True),
        settled.OrderReopened: lambda order, _event: altered(order, paid=False, closed=False),
        settled.OrderClosed: lambda order, _event: altered(order, closed=True),
        happened.ShipToFound: _ship_to,
    }
)
"""What each event of the order as a whole does to it."""
