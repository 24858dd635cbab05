"""What bills do to the order: what is billed is counted, and what the bills bear of its adjustments."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.applied import return_steps
from gateway.orders.applied.lines import counted, with_line
from gateway.orders.bills import BilledAdjustment
from gateway.orders.events import Event
from gateway.orders.happened import bill_events
from gateway.orders.order import Adjustment, Line, Order


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


def _invoiced(order: Order, event: bill_events.OrderInvoiced) -> Order:
    for each in event.lines:
        if event.replaces:  # the goods were billed before: what takes the place of a wrong bill takes back its credit
            order = counted(order, each.line, "credited", -each.quantity)
        else:
            order = counted(order, each.line, "invoiced", each.quantity)
            order = with_line(order, each.line, partial(_billed_line, billed=each.adjustments))
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


def _credited(order: Order, event: bill_events.OrderCredited) -> Order:
    for each in event.lines:
        order = counted(order, each.line, "credited", each.units)
    return replace(order, invoices=(*order.invoices, event.credit_number))


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderAdjusted: _adjusted,
        bill_events.OrderInvoiced: lambda order, event: replace(_invoiced(order, event), paid=False),
        bill_events.OrderCredited: lambda order, event: return_steps.credited(_credited(order, event), event),
    }
)
"""What each event of billing does."""
