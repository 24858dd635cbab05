"""A warehouse says what it shipped: judged whole, then picked, packed, shipped, noticed and invoiced."""

from collections.abc import Iterator
from dataclasses import replace

from gateway.canonical.house import ShipConfirmation
from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold
from gateway.flows import advance, billing, owe
from gateway.flows.advance import Step
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import ship_reading
from gateway.flows.taking.ship_reading import Part
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import PartnerId
from gateway.orders.events import OrderShipped
from gateway.orders.order import Order
from gateway.orders.shipping import sscc
from gateway.orders.shipping.confirmed import OVER, STOPPED, STORE, UNKNOWN, Fault

CODES = frozenset({UNKNOWN, OVER, STOPPED, STORE, ship_reading.TWICE, ship_reading.LABEL})
"""Why a ship confirmation may wait."""


def take(bench: Workbench, work: UnitOfWork, source: Source, document: ShipConfirmation) -> Iterator[FileHold]:
    """Apply one ship confirmation whole, or hold it whole with the reason; never a part of it."""
    step = Step(now=bench.clock(), who=f"file {source.receipt.file_name}", receipt=source.receipt.id)
    fault = confirm(bench, work, source.partner, document, step)
    if fault is not None:
        reason = f"Shipment {document.shipment_number}: {fault.reason}"
        yield hold(bench, source.receipt, fault.code, reason, kind="DATA", reference=document.shipment_number)


def confirm(
    bench: Workbench, work: UnitOfWork, warehouse: Partner | None, document: ShipConfirmation, step: Step,
    accepted: str = "",
) -> Fault | None:  # fmt: skip
    """Ship what a confirmation says, or say why not; ``accepted`` is why somebody takes it as it was shipped."""
    parts = ship_reading.read(bench, work, warehouse, document, accepted)
    if isinstance(parts, Fault):
        return parts
    _ship(bench, work, parts, step)
    _end_earlier(work, warehouse, document)
    return None


def _ship(bench: Workbench, work: UnitOfWork, parts: list[Part], step: Step) -> None:
    numbered = [_numbered(bench, work, part) for part in parts]
    notices: dict[tuple[str, str], list[tuple[Part, Order, OrderShipped]]] = {}
    for part in numbered:
        order = advance.act(bench, work, part.customer, part.order, part.command, step)
        codes = {code for row in part.command.rows for code in (row.sscc, row.pallet_sscc) if code}
        work.cartons.note(part.command.shipment_number, order.number, sorted(codes))
        shipped = work.orders.shipment(part.command.shipment_number, order.number)
        if shipped is not None:
            key = (part.customer.partner, repr(order.ship_to))
            notices.setdefault(key, []).append((part, order, shipped))
    for told in notices.values():
        pairs = [(order, shipped) for _, order, shipped in told]
        owe.shipment(bench, work, told[0][0].customer, pairs, step.now, step.receipt)
    for part, order, shipped in (each for told in notices.values() for each in told):
        after = billing.after_shipment(bench, work, part.customer, order, shipped.shipment_number, step)
        advance.release_due(bench, work, part.customer, after, step)


def _numbered(bench: Workbench, work: UnitOfWork, part: Part) -> Part:
    """Rows without an SSCC are one carton per shipment, order and tracking number, numbered by us (rulings 35)."""
    rows = part.command.rows
    if all(row.sscc for row in rows):
        return part
    labels, codes = bench.labels(part.customer), dict[str, str]()
    for tracking in dict.fromkeys(row.tracking for row in rows if not row.sscc):
        serial = work.exchange.next_number(f"sscc:{labels.gs1_prefix}:{labels.extension_digit}")
        codes[tracking] = sscc.sscc(labels.gs1_prefix, labels.extension_digit, serial)
    numbered = tuple(row if row.sscc else replace(row, sscc=codes[row.tracking]) for row in rows)
    return replace(part, command=replace(part.command, rows=numbered))


def _end_earlier(work: UnitOfWork, warehouse: Partner | None, document: ShipConfirmation) -> None:
    """What waits under the number of a shipment that was taken now was corrected by it."""
    for each in work.exchange.holds(about=document.shipment_number):
        mine = warehouse is None or each.partner == PartnerId(warehouse.partner)
        if mine and each.code in CODES:
            work.exchange.end_hold(each.id, "The shipment was taken as it was confirmed later.")
