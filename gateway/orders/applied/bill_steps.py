"""What bills do to the order: what is billed is counted, and what the bills bear of its adjustments."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gateway.kernel.altered import altered
from gateway.kernel.quantity import ZERO
from gateway.orders import events as happened
from gateway.orders.applied import return_steps
from gateway.orders.applied.lines import counted, with_each
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
        else altered(line, adjustments=own)
        for line in order.lines
    )
    header = _still_billed(order.adjustments, event.adjustments)
    return altered(
        order, lines=lines, adjustments=header, claimed_terms_count=event.claimed_terms_count,
        ours_answered=event.ours_answered,
    )  # fmt: skip


def _still_billed(before: tuple[Adjustment, ...], after: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    """What is invoiced from now on, with what the invoices bear of it already."""
    borne = {altered(each, billed=ZERO): each.billed for each in before if each.billed}
    return tuple(altered(each, billed=borne[each]) if each in borne else each for each in after) if borne else after


def _invoiced(order: Order, event: bill_events.OrderInvoiced) -> Order:
    def bill(line: Line, each: bill_events.InvoicedLine) -> Line:
        if event.replaces:  # the goods were billed before: what takes the place of a wrong bill takes back its credit
            return counted(line, "credited", -each.quantity)
        return counted(line, "invoiced", each.quantity, adjustments=_billed(line.adjustments, each.adjustments))

    return altered(
        with_each(order, ((each.line, each) for each in event.lines), bill), invoices=(*order.invoices, event.invoice_number), adjustments=_billed(order.adjustments, event.adjustments),
        freight=tuple(each for each in order.freight if each[0] not in event.shipments),
    )  # fmt: skip


def _billed(known: tuple[Adjustment, ...], billed: tuple[BilledAdjustment, ...]) -> tuple[Adjustment, ...]:
    """The adjustments after a bill bore so much of those of a fixed amount."""
    borne = {each.source: each.amount for each in billed if each.source >= 0}
    return tuple(
        altered(each, billed=each.billed + borne[at]) if at in borne and each.amount is not None else each
        for at, each in enumerate(known)
    )


def _credited(order: Order, event: bill_events.OrderCredited) -> Order:
    lines = ((each.line, each.units) for each in event.lines)
    order = with_each(order, lines, lambda line, units: counted(line, "credited", units))
    return altered(order, invoices=(*order.invoices, event.credit_number))


APPLIED: Mapping[type[Event], Callable[[Order, Any], Order]] = MappingProxyType(
    {
        happened.OrderAdjusted: _adjusted,
        bill_events.OrderInvoiced: lambda order, event: altered(_invoiced(order, event), paid=False, closed=False),
        bill_events.OrderCredited: lambda order, event: return_steps.credited(_credited(order, event), event),
    }
)
"""What each event of billing does."""
