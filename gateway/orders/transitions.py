"""Applying events: quantities move between buckets as the lifecycle table says, and nowhere else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import events as happened
from gateway.orders import worth
from gateway.orders.applied import change_steps, corrected, journeys, return_steps
from gateway.orders.bills import BilledAdjustment
from gateway.orders.events import Event
from gateway.orders.happened import change_events, handled
from gateway.orders.happened import goods_events as goods
from gateway.orders.happened import settling_events as settled
from gateway.orders.lifecycle import MOVES
from gateway.orders.order import Adjustment, Buckets, Line, LineCode, Order, Source, Told


def move(quantity: Buckets, event: type, origin: str, target: str, amount: Decimal) -> Buckets:
    """The buckets after so much went from one to another; raises TransitionError when the table forbids it."""
    if (event, origin, target) not in MOVES:
        raise TransitionError(f"{event.__name__} cannot bring a quantity from {origin} to {target}.")
    there = getattr(quantity, origin)
    if amount < ZERO or amount > there:
        raise TransitionError(f"{event.__name__}: {plain(amount)} cannot leave {origin}, where {plain(there)} is.")
    return replace(quantity, **{origin: there - amount, target: getattr(quantity, target) + amount})


def apply(order: Order | None, event: Event) -> Order:
    """The order after an event; each event raises its version by one."""
    if isinstance(event, happened.OrderPlaced):
        return event.order
    if order is None:
        raise TransitionError("An order begins with OrderPlaced.")
    return replace(APPLIED[type(event)](order, event), version=order.version + 1)


def _line(order: Order, number: str, change: Callable[[Line], Line]) -> Order:
    lines = order.lines
    for at, line in enumerate(lines):
        if line.number == number:
            return replace(order, lines=(*lines[:at], change(line), *lines[at + 1 :]))
    raise TransitionError(f"{order.number} has no line {number}.")


def _moved(line: Line, event: happened.LinePicked | happened.LinePacked, origin: str, target: str) -> Line:
    return replace(line, quantity=move(line.quantity, type(event), origin, target, event.quantity))


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


def _adjusted(order: Order, event: happened.OrderAdjusted) -> Order:
    """What is invoiced besides the goods; a line that the event does not name has nothing of its own."""
    of_line = {each.line: each.adjustments for each in event.lines}
    lines = tuple(
        line
        if line.adjustments == (own := _still_billed(line.adjustments, of_line.get(line.number, ())))
        else replace(line, adjustments=own)
        for line in order.lines
    )
    header = _still_billed(order.adjustments, event.adjustments)
    return replace(
        order, lines=lines, adjustments=header, claimed_terms_count=event.claimed_terms_count,
        ours_answered=event.ours_answered,
    )  # fmt: skip


def _still_billed(before: tuple[Adjustment, ...], after: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    """What is invoiced from now on, with what the invoices bear of it already."""
    borne = {replace(each, billed=ZERO): each.billed for each in before if each.billed}
    return tuple(replace(each, billed=borne[each]) if each in borne else each for each in after) if borne else after


def _rejected(line: Line, event: happened.LineRejected) -> Line:
    quantity = move(line.quantity, type(event), "pending", "rejected", line.quantity.pending)
    return replace(line, quantity=quantity, codes=_with(line.codes, event.code))


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


def _freed(line: Line, event: change_events.LineFreed) -> Line:
    """Undecided again; what a warehouse was told of it is told no more, and the answer that stood for it is taken back."""
    quantity = move(line.quantity, type(event), event.from_bucket, "pending", event.quantity)
    gone = {"backordered": LineCode.BACKORDERED, "allocated": LineCode.ACCEPTED}[event.from_bucket]
    left = getattr(quantity, event.from_bucket) or (event.from_bucket == "allocated" and quantity.shipped)
    codes = line.codes if left else tuple(code for code in line.codes if code is not gone)
    freed = _waits_less(replace(line, quantity=quantity, codes=codes))
    if event.warehouse is None:
        return freed
    if event.picking:
        return _answered(freed, event.warehouse, event.store, event.quantity)
    return _with_told(replace(freed, sources=_without(line.sources, event.warehouse, event.quantity)), line.told)


def _allocated(line: Line, event: happened.LineAllocated) -> Line:
    return replace(
        line, quantity=move(line.quantity, type(event), "pending", "allocated", event.quantity),
        sources=(*line.sources, Source(event.warehouse, event.quantity, event.reason)),
        promised_date=event.promised_date, delivery_date=event.delivery_date,
        codes=_with(line.codes, LineCode.ACCEPTED),
    )  # fmt: skip


def _backordered(line: Line, event: happened.LineBackordered) -> Line:
    return replace(
        line, quantity=move(line.quantity, type(event), "pending", "backordered", event.quantity),
        codes=_with(line.codes, LineCode.BACKORDERED), promised_date=line.promised_date or event.promised_date,
        delivery_date=line.delivery_date if line.promised_date else event.delivery_date,
        backorder_date=event.promised_date,
    )  # fmt: skip


def _substituted(line: Line, event: goods.LineSubstituted) -> Line:
    return replace(
        line, sku=event.sku, substitute_for=event.instead_of, description=event.description,
        stock_per_unit=event.stock_per_unit, tax_code=event.tax_code, codes=_with(line.codes, LineCode.SUBSTITUTED),
    )  # fmt: skip


def _awaits(line: Line, event: goods.LineAwaits) -> Line:
    return replace(
        line, quantity=move(line.quantity, type(event), "pending", "backordered", event.quantity),
        awaited=line.awaited + event.quantity, codes=_with(line.codes, LineCode.ACCEPTED),
        promised_date=event.promised_date, delivery_date=event.delivery_date, backorder_date=event.promised_date,
    )  # fmt: skip


def _filled(line: Line, event: goods.LineFilled) -> Line:
    quantity = move(line.quantity, type(event), "backordered", "allocated", event.quantity)
    return replace(
        line, quantity=quantity, sources=(*line.sources, Source(event.warehouse, event.quantity, event.reason)),
        awaited=max(ZERO, line.awaited - event.quantity), shorted=min(line.shorted, quantity.backordered), codes=_with(line.codes, LineCode.ACCEPTED),
        promised_date=event.promised_date, delivery_date=event.delivery_date,
        backorder_date=line.backorder_date if quantity.backordered else None,
    )  # fmt: skip


def _rescheduled(line: Line, event: goods.LineRescheduled) -> Line:
    alone = event.whole or not (line.quantity.allocated + line.quantity.picked + line.quantity.packed)
    return replace(
        line, backorder_date=event.promised_date if line.quantity.backordered else None,
        codes=_with(line.codes, LineCode.RESCHEDULED),
        promised_date=event.promised_date if alone else line.promised_date,
        delivery_date=event.delivery_date if alone else line.delivery_date,
    )  # fmt: skip


def _cancelled(line: Line, event: happened.LineCancelled) -> Line:
    quantity = move(line.quantity, type(event), event.from_bucket, "cancelled", event.quantity)
    codes = _with(line.codes, LineCode.DELETED)
    changed = _waits_less(replace(line, quantity=quantity, codes=codes, deleted=line.deleted or event.by_buyer))
    if event.from_bucket == "allocated":
        return _with_told(replace(changed, sources=_sources_less(line, event.quantity, event.warehouse)), line.told)
    return changed


def _waits_less(line: Line) -> Line:
    """What is promised, missed and dated of what waits is never more than what waits."""
    waits = line.quantity.backordered
    return replace(
        line, awaited=min(line.awaited, waits), shorted=min(line.shorted, waits),
        backorder_date=line.backorder_date if waits else None,
    )  # fmt: skip


def _sources_less(line: Line, quantity: Decimal, warehouse: WarehouseId | None) -> tuple[Source, ...]:
    """The reservations less so much in a warehouse (else anywhere): first what nobody was told to pick, the newest first."""
    places = dict.fromkeys(each.warehouse for each in reversed(line.sources) if warehouse in (None, each.warehouse))
    sources = line.sources
    for limit in (line.untold_in, line.reserved_in):
        for place in places:
            taken = min(
                quantity, limit(place), sum((each.quantity for each in sources if each.warehouse == place), ZERO)
            )
            sources = tuple(reversed(_without(reversed(sources), place, taken)))
            quantity -= taken
    return sources


def _released(order: Order, event: happened.OrderReleased) -> Order:
    for each in event.lines:
        told = Told(event.warehouse, event.number, each.quantity, event.store)
        order = _line(order, each.line, _telling(told))
    return replace(order, released_to=(*order.released_to, event.warehouse))


def _telling(told: Told) -> Callable[[Line], Line]:
    return lambda line: _with_told(line, (*line.told, told))


def _recalled(order: Order, event: happened.OrderRecalled) -> Order:
    """What the warehouse was told for the store counts no more; a replacement tells it anew."""
    lines = tuple(
        _with_told(line, tuple(each for each in line.told if (each.warehouse, each.store) != (event.warehouse, event.store)))
        for line in order.lines
    )  # fmt: skip
    again = event.lines if event.action == "replace" else ()
    return _released(
        replace(order, lines=lines), happened.OrderReleased(event.warehouse, again, event.number, event.store)
    )


def _with_told(line: Line, told: tuple[Told, ...]) -> Line:
    """The line with what warehouses were told; ``released`` is its sum."""
    for place in {each.warehouse for each in told}:
        known = replace(line, told=told)
        if known.told_in(place) > known.reserved_in(place):
            said = f"{plain(known.told_in(place))} of line {line.number} cannot be picked in {place}"
            raise TransitionError(f"{said}, where {plain(known.reserved_in(place))} are reserved.")
    released = sum((each.quantity for each in told), ZERO)
    return replace(line, told=told, quantity=replace(line.quantity, released=released))


def _answered(line: Line, warehouse: WarehouseId, store: str, quantity: Decimal) -> Line:
    """The line after a warehouse answered for so much: it is told and reserved there no more, oldest release first."""
    if quantity > line.told_in(warehouse, store):
        raise TransitionError(f"{warehouse} was not told to pick so much of line {line.number}.")
    left = tuple(_fewer(line.told, warehouse, store, quantity))
    return _with_told(replace(line, sources=_without(line.sources, warehouse, quantity)), left)


def _fewer(told: tuple[Told, ...], warehouse: WarehouseId, store: str, quantity: Decimal) -> Iterator[Told]:
    """So much less in a warehouse for a store, the oldest first."""
    for each in told:
        taken = min(each.quantity, quantity) if (each.warehouse, each.store) == (warehouse, store) else ZERO
        quantity -= taken
        if each.quantity > taken:
            yield replace(each, quantity=each.quantity - taken)


def _counted(order: Order, number: str, counter: str, amount: Decimal) -> Order:
    """One of the counters of a line, which do not take part in the sum of the buckets."""

    def change(line: Line) -> Line:
        quantity = replace(line.quantity, **{counter: getattr(line.quantity, counter) + amount})
        return replace(line, quantity=quantity)

    return _line(order, number, change)


def _short(line: Line, event: happened.LineShortPicked) -> Line:
    quantity = move(line.quantity, type(event), "allocated", event.to_bucket, event.quantity)
    missed, shorted = line.missed, line.shorted
    if event.to_bucket == "backordered":
        missed = (*missed, Told(event.warehouse, "", event.quantity, event.store))
        shorted += event.quantity
    found = replace(line, quantity=quantity, missed=missed, shorted=shorted)
    return _answered(found, event.warehouse, event.store, event.quantity)


def _shipped(line: Line, event: happened.LineShipped) -> Line:
    quantity = move(line.quantity, type(event), "packed", "shipped", event.quantity)
    stores = tuple(
        replace(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    return _answered(replace(line, quantity=quantity, stores=stores), event.warehouse, event.store, event.quantity)


def _over_shipped(line: Line, event: happened.LineOverShipped) -> Line:
    stores = tuple(
        replace(each, shipped=each.shipped + event.quantity) if each.store == event.store else each for each in line.stores
    )  # fmt: skip
    if event.from_bucket:
        quantity = move(line.quantity, type(event), event.from_bucket, "shipped", event.quantity)
    else:
        more = event.quantity
        quantity = replace(line.quantity, ordered=line.quantity.ordered + more, shipped=line.quantity.shipped + more)
    beyond = ZERO if event.from_bucket else event.quantity
    missed = line.missed
    if event.turned_up:
        missed = tuple(_fewer(line.missed, event.warehouse, event.store, event.quantity))
    known = replace(line, quantity=quantity, stores=stores, over_shipped=line.over_shipped + beyond, missed=missed)
    if event.from_bucket != "allocated":
        return known
    return _with_told(replace(known, sources=_without(line.sources, event.warehouse, event.quantity)), line.told)


def _order_shipped(order: Order, event: happened.OrderShipped) -> Order:
    cost = event.freight_charge
    freight = (*order.freight, (event.shipment_number, cost)) if cost else order.freight
    return replace(
        order, shipments=(*order.shipments, event.shipment_number), freight=freight,
        journeys=(*order.journeys, journeys.begun(event)),
    )  # fmt: skip


def _invoiced(order: Order, event: happened.OrderInvoiced) -> Order:
    for each in event.lines:
        if event.replaces:  # the goods were billed before: what takes the place of a wrong bill takes back its credit
            order = _counted(order, each.line, "credited", -each.quantity)
        else:
            order = _counted(order, each.line, "invoiced", each.quantity)
            order = _line(order, each.line, partial(_billed_line, billed=each.adjustments))
    return replace(
        order, invoices=(*order.invoices, event.invoice_number), adjustments=_billed(order.adjustments, event.adjustments),
        freight=tuple(each for each in order.freight if each[0] not in event.shipments),
    )  # fmt: skip


def _billed_line(line: Line, billed: tuple[BilledAdjustment, ...]) -> Line:
    return replace(line, adjustments=_billed(line.adjustments, billed))


def _billed(known: tuple[Adjustment, ...], billed: tuple[BilledAdjustment, ...]) -> tuple[Adjustment, ...]:
    """The adjustments after a bill bore so much of those of a fixed amount."""
    borne = {each.source: each.amount for each in billed if each.source >= 0}
    return tuple(
        replace(each, billed=each.billed + borne[at]) if at in borne and each.amount is not None else each
        for at, each in enumerate(known)
    )


def _credited(order: Order, event: happened.OrderCredited) -> Order:
    for each in event.lines:
        order = _counted(order, each.line, "credited", each.units)
    return replace(order, invoices=(*order.invoices, event.credit_number))


def _kept_no_more(order: Order) -> Order:
    """What was kept for an order on hold is reserved by its lines now, or free."""
    return replace(order, reserved=(), reserved_until=None)


def _with(codes: tuple[LineCode, ...], code: LineCode) -> tuple[LineCode, ...]:
    """The answer so far with one code more; a price change stands for the acceptance."""
    if code is LineCode.ACCEPTED and LineCode.PRICE_CHANGED in codes:
        return codes
    return codes if code in codes else (*codes, code)


def _without(sources: Iterable[Source], warehouse: WarehouseId, quantity: Decimal) -> tuple[Source, ...]:
    """The reservations after so much left one warehouse."""
    left: list[Source] = []
    for source in sources:
        taken = min(source.quantity, quantity) if source.warehouse == warehouse else ZERO
        quantity -= taken
        if source.quantity > taken:
            left.append(replace(source, quantity=source.quantity - taken))
    return tuple(left)


def _of_line(change: Callable[[Line, Any], Line]) -> Callable[[Order, Any], Order]:
    """What an event of one line does to the order."""
    return lambda order, event: _line(order, event.line, lambda line: change(line, event))


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderPlaced: lambda _order, event: event.order,
        happened.OrderHeld: lambda order, event: replace(order, holds=(*order.holds, event.hold)),
        happened.HoldReleased: _released_hold,
        handled.HoldEnded: _ended_hold,
        handled.CreditChecked: lambda order, event: replace(order, credit_figures=event.figures),
        handled.OrderCorrected: corrected.order,
        handled.LineCorrected: lambda order, event: _line(
            corrected.without_complaint(order, event), event.line, lambda line: corrected.line(line, event)
        ),
        handled.LineReopened: _of_line(_reopened),
        handled.OrderAnsweredOnHold: lambda order, _event: replace(order, answered_on_hold=True),
        happened.OrderDecided: lambda order, _event: _kept_no_more(replace(order, decided=True)),
        happened.OrderRouted: lambda order, event: replace(order, route=event.route),
        happened.OrderRejected: lambda order, _event: _kept_no_more(replace(order, rejected=True, holds=())),
        goods.AnswerRenewed: lambda order, _event: order,
        goods.GoodsReserved: lambda order, event: replace(order, reserved=event.goods, reserved_until=event.until),
        goods.ReservationExpired: lambda order, _event: _kept_no_more(order),
        happened.OrderReleased: _released,
        happened.OrderRecalled: _recalled,
        happened.OrderShipped: _order_shipped,
        happened.ShipmentTracked: journeys.tracked,
        happened.ShipmentDelivered: journeys.delivered,
        happened.ShipmentLate: journeys.late,
        happened.OrderInvoiced: lambda order, event: replace(_invoiced(order, event), paid=False, closed=False),
        **change_steps.APPLIED,
        **return_steps.APPLIED,
        change_events.LineFreed: _of_line(_freed),
        happened.OrderCredited: lambda order, event: return_steps.credited(_credited(order, event), event),
        settled.OrderPaid: lambda order, _event: replace(order, paid=True),
        settled.OrderReopened: lambda order, _event: replace(order, paid=False, closed=False),
        settled.OrderClosed: lambda order, _event: replace(order, closed=True),
        happened.ShipToFound: _ship_to,
        happened.OrderAdjusted: _adjusted,
        happened.LinePriced: _of_line(_priced),
        happened.LineRejected: _of_line(_rejected),
        happened.LineAllocated: _of_line(_allocated),
        happened.LineBackordered: _of_line(_backordered),
        happened.LineCancelled: _of_line(_cancelled),
        goods.LineSubstituted: _of_line(_substituted),
        goods.LineAwaits: _of_line(_awaits),
        goods.LineFilled: _of_line(_filled),
        goods.LineRescheduled: _of_line(_rescheduled),
        happened.LinePicked: _of_line(lambda line, event: _moved(line, event, "allocated", "picked")),
        happened.LinePacked: _of_line(lambda line, event: _moved(line, event, "picked", "packed")),
        happened.LineShortPicked: _of_line(_short),
        happened.LineShipped: _of_line(_shipped),
        happened.LineOverShipped: _of_line(_over_shipped),
    }
)
"""What each event does to the order."""
