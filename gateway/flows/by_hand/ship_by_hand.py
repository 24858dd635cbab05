"""A person says what left: the same confirmation as a warehouse's file, judged the same way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.canonical.house import ShipConfirmation, ShipConfirmationRow
from gateway.flows import auditing
from gateway.flows.advance import Step
from gateway.flows.by_hand.operate import find_order
from gateway.flows.taking import ship
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import RefusedError, UsageError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.order import Line, Order
from gateway.orders.shipping.confirmed import ACCEPTABLE


@dataclass(frozen=True, slots=True)
class Left:
    """What a person said of one shipment; empty is what is known or usual: everything that was to be picked, today.

    ``lines`` says how much of which line left; ``note`` why it is taken although more left or the order was stopped.
    """

    lines: Mapping[str, Decimal]
    shipment: str = ""
    warehouse: str = ""
    store: str = ""
    shipped_on: date | None = None
    carrier: str = ""
    service: str = ""
    tracking: str = ""
    bol: str = ""
    pro: str = ""
    freight_charge: Decimal | None = None
    note: str = ""


def ship_order(bench: Workbench, name: str, partner: str, left: Left, who: str) -> str:
    """Ship an order; returns the sentence for people. Raises RefusedError with the code of what is wrong."""
    with bench.store.unit() as work:
        order = find_order(work, name, partner)
        document = _document(bench, order, left)
        fault = ship.confirm(bench, work, None, document, Step(bench.clock(), who), left.note)
        if fault is not None:
            step = "Add --note TEXT to take it as it was shipped." if fault.code in ACCEPTABLE else ""
            raise RefusedError(f"Not shipped: {fault.reason}", code=fault.code, next_step=step)
        auditing.deed(
            bench, work, who, "order.ship", order.number, left.note, partner=order.partner,
            shipment=document.shipment_number,
        )  # fmt: skip
        work.commit()
    return f"{order.number} (PO {order.po_number}) shipped as {document.shipment_number}"


def _document(bench: Workbench, order: Order, left: Left) -> ShipConfirmation:
    place = _place(order, left)
    store = left.store or _store(order, place)
    rows = tuple(_rows(order, place, store, left))
    if not rows:
        raise UsageError(
            f"{order.number} has nothing that {place} was told to pick{f' for store {store}' if store else ''}.",
            next_step="'gateway orders show' says what was released to which warehouse; else name lines with --line N=QTY.",
        )
    return ShipConfirmation(
        shipment_number=left.shipment or f"{order.number}-S{len(order.shipments) + 1}",
        ship_date=left.shipped_on or bench.today(None, bench.clock()), warehouse=place,
        carrier_scac=left.carrier or order.route.carrier_scac or None, service=left.service or order.route.service or None,
        bol=left.bol or None, pro=left.pro or None, freight_charge=left.freight_charge, rows=rows,
    )  # fmt: skip


def _rows(order: Order, place: WarehouseId, store: str, left: Left) -> Iterator[ShipConfirmationRow]:
    said = left.lines or {line.number: _told(line, place, store) for line in order.lines}
    for number, quantity in said.items():
        if left.lines or quantity > ZERO:
            yield ShipConfirmationRow(
                order_number=order.number, line=number, quantity=quantity, store=store or None,
                tracking=left.tracking or None,
            )  # fmt: skip


def _told(line: Line, place: WarehouseId, store: str) -> Decimal:
    return line.told_in(place, store if line.stores else "")


def _place(order: Order, left: Left) -> WarehouseId:
    if left.warehouse:
        return WarehouseId(left.warehouse)
    waiting = {told.warehouse for line in order.lines for told in line.told} or set(order.released_to)
    if len(waiting) == 1:
        return waiting.pop()
    if not waiting:
        raise RefusedError(
            f"{order.number} was released to no warehouse, so nothing can have left.",
            next_step="'gateway orders show' says what it waits for.",
        )
    raise UsageError(
        f"{order.number} is picked in {', '.join(sorted(waiting))}.", next_step="Say which with --warehouse."
    )


def _store(order: Order, place: WarehouseId) -> str:
    waiting = {told.store for line in order.lines for told in line.told if told.warehouse == place and told.store}
    if len(waiting) > 1:
        raise UsageError(
            f"{order.number} is picked for the stores {', '.join(sorted(waiting))}, each a shipment of its own.",
            next_step="Say which with --store.",
        )
    return next(iter(waiting), "")
