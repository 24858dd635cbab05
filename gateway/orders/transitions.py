"""Applying events: quantities move between buckets as the lifecycle table says, and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

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
from gateway.orders.applied.lines import move, of_line, with_code, with_line
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
    return replace(APPLIED[type(event)](order, event), version=order.version + 1)


def _priced(line: Line, event: happened.LinePriced) -> Line:
    # a basis per hundred or thousand is converted once, here; from now on the price is per unit
    return replace(
        line, sku=event.sku, description=line.description or event.description, our_price=event.our_price,
        unit_price=event.unit_price, stock_per_unit=event.stock_per_unit, tax_code=event.tax_code, codes=event.codes,
        price_basis="PE" if line.price_basis else "",
    )  # fmt: skip


def _ship_to(order: Order, event: happened.ShipToFound) -> Order:
    return replace(
        order, ship_to=event.ship_to, preferred_warehouse=event.warehouse, tax_region=event.tax_region
    )  # fmt: skip


def _rejected(line: Line, event: happened.LineRejected) -> Line:
    quantity = move(line.quantity, type(event), "pending", "rejected", line.quantity.pending)
    return replace(line, quantity=quantity, codes=with_code(line.codes, event.code))


def _reopened(line: Line, event: handled.LineReopened) -> Line:
    quantity = move(line.quantity, type(event), "rejected", "pending", line.quantity.rejected)
    return replace(line, quantity=quantity, codes=())


def _released_hold(order: Order, event: happened.HoldReleased) -> Order:
    if order.change is not None and event.hold in order.change.holds:
        order = change_steps.released_hold(order, order.change, event)
        prices = (event.accept if event.code == "C-PRICE" else "") or order.accepted_prices
        theirs = order.theirs_accepted or (event.code == "C-CONFLICT" and event.accept == "theirs")
        return _ended_hold(replace(order, accepted_prices=prices, theirs_accepted=theirs), event)
    return replace(
        order, holds=tuple(hold for hold in order.holds if hold.id != event.hold),
        waived=tuple(dict.fromkeys((*order.waived, event.code))),
        accepted_prices=(event.accept if event.code == "C-PRICE" else "") or order.accepted_prices,
        theirs_accepted=order.theirs_accepted or (event.code == "C-CONFLICT" and event.accept == "theirs"),
        credit_approved=worth.whole(order) if event.code == "C-CREDIT" else order.credit_approved,
    )  # fmt: skip


def _ended_hold(order: Order, event: happened.HoldReleased | handled.HoldEnded) -> Order:
    return replace(order, holds=tuple(hold for hold in order.holds if hold.id != event.hold))


def _kept_no_more(order: Order) -> Order:
    """What was kept for an order on hold is reserved by its lines now, or free."""
    return replace(order, reserved=(), reserved_until=None)


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderPlaced: lambda _order, event: event.order,
        happened.OrderHeld: lambda order, event: replace(order, holds=(*order.holds, event.hold)),
        happened.HoldReleased: _released_hold,
        handled.HoldEnded: _ended_hold,
        handled.CreditChecked: lambda order, event: replace(order, credit_figures=event.figures),
        handled.OrderCorrected: corrected.order,
        handled.LineCorrected: lambda order, event: with_line(
            corrected.without_complaint(order, event), event.line, lambda line: corrected.line(line, event)
        ),
        handled.LineReopened: of_line(_reopened),
        handled.OrderAnsweredOnHold: lambda order, _event: replace(order, answered_on_hold=True),
        happened.OrderDecided: lambda order, _event: _kept_no_more(replace(order, decided=True)),
        happened.OrderRouted: lambda order, event: replace(order, route=event.route),
        happened.OrderRejected: lambda order, _event: _kept_no_more(replace(order, rejected=True, holds=())),
        goods.AnswerRenewed: lambda order, _event: order,
        goods.GoodsReserved: lambda order, event: replace(order, reserved=event.goods, reserved_until=event.until),
        goods.ReservationExpired: lambda order, _event: _kept_no_more(order),
        delivery_events.ShipmentTracked: journeys.tracked,
        delivery_events.ShipmentDelivered: journeys.delivered,
        delivery_events.ShipmentLate: journeys.late,
        **goods_steps.APPLIED,
        **shipping_steps.APPLIED,
        **bill_steps.APPLIED,
        **change_steps.APPLIED,
        **return_steps.APPLIED,
        settled.OrderPaid: lambda order, _event: replace(order, paid=True),
        settled.OrderReopened: lambda order, _event: replace(order, paid=False),
        happened.ShipToFound: _ship_to,
        happened.LinePriced: of_line(_priced),
        happened.LineRejected: of_line(_rejected),
    }
)
"""What each event does to the order."""
