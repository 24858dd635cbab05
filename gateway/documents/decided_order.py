"""The decided order for the house: what was ordered and what we made of it."""

from gateway.canonical.acknowledgment import Acknowledgment
from gateway.canonical.decided import DecidedLine, DecidedOrder, LineSource
from gateway.canonical.parts import Dates, Routing
from gateway.documents import po_ack_855
from gateway.documents.context import DocumentContext, party, vendor_number
from gateway.orders.events import OrderDecided
from gateway.orders.order import Line, Order


def build(order: Order, event: OrderDecided, context: DocumentContext) -> DecidedOrder:
    """The order as it stands right after its decision, with the same answers as the acknowledgment."""
    answered = po_ack_855.build(order, event, context)
    return DecidedOrder(
        po_number=order.po_number, po_date=order.po_date, order_number=order.number, partner=order.partner,
        status=event.status, decided_on=event.decided_on, currency=order.currency,
        release_number=order.release_number or None, department=order.department or None,
        vendor_number=vendor_number(order, context),
        dates=Dates(
            ship_not_before=order.ship_not_before, ship_no_later=order.ship_no_later,
            cancel_after=order.cancel_after, delivery_requested=order.delivery_requested,
        ),
        routing=Routing(carrier_scac=order.carrier_scac or None), buyer=party(order.buyer), seller=context.us,
        ship_to=party(order.ship_to), bill_to=party(order.bill_to), lines=tuple(_lines(order, answered)),
    )  # fmt: skip


def _lines(order: Order, answered: Acknowledgment) -> list[DecidedLine]:
    return [
        DecidedLine(
            number=told.number, quantity=told.quantity, uom=told.uom, unit_price=told.unit_price,
            price_basis=told.price_basis, description=told.description, ids=told.ids, sku=line.sku,
            statuses=told.statuses, promised_date=line.promised_date, warehouses=_sources(line),
        )
        for line, told in zip(order.lines, answered.lines, strict=True)
    ]  # fmt: skip


def _sources(line: Line) -> tuple[LineSource, ...]:
    return tuple(
        LineSource(warehouse=each.warehouse, quantity=each.quantity, reason=each.reason or None)
        for each in line.sources
    )
