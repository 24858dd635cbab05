"""A warehouse says what it shipped: judged whole, then picked, packed, shipped, noticed and invoiced."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.canonical.house import ShipConfirmation, ShipConfirmationRow
from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import advance, billing, owe
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId, WarehouseId
from gateway.kernel.quantity import plain
from gateway.orders import fulfilment, sscc
from gateway.orders.commands import ConfirmShipment, ShippedRow
from gateway.orders.events import OrderShipped
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Line, Order


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a shipment cannot be taken as it was confirmed."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """What of one shipment belongs to one order."""

    order: Order
    customer: Partner
    command: ConfirmShipment


def take(bench: Workbench, work: UnitOfWork, source: Source, document: ShipConfirmation) -> Iterator[FileHold]:
    """Apply one ship confirmation whole, or hold it whole with the reason; never a part of it."""
    warehouse, receipt = source.partner, source.receipt
    parts = _parts(bench, work, warehouse, document)
    refusal = parts if isinstance(parts, Refusal) else _check(bench, parts)
    if refusal is not None:
        reason = f"Shipment {document.shipment_number}: {refusal.reason}"
        yield hold(bench, receipt, refusal.code, reason, kind="DATA", reference=document.shipment_number)
        return
    if not isinstance(parts, Refusal):
        _ship(bench, work, receipt, parts)


def _ship(bench: Workbench, work: UnitOfWork, receipt: Receipt, parts: list[Part]) -> None:
    step = advance.Step(now=bench.clock(), who=f"file {receipt.file_name}", receipt=receipt.id)
    numbered = _numbered(bench, work, parts)
    notices: dict[tuple[str, str], list[tuple[Order, OrderShipped]]] = {}
    for part in numbered:
        order = advance.act(bench, work, part.customer, part.order, part.command, step)
        shipped = work.orders.shipment(part.command.shipment_number, order.number)
        if shipped is not None:
            key = (part.customer.partner, repr(order.ship_to))
            notices.setdefault(key, []).append((order, shipped))
    for pairs in notices.values():
        customer = next(part.customer for part in numbered if part.order.number == pairs[0][0].number)
        owe.shipment(bench, work, customer, pairs, step.now, receipt.id)
    for pairs in notices.values():
        for order, shipped in pairs:
            customer = next(part.customer for part in numbered if part.order.number == order.number)
            after = billing.after_shipment(bench, work, customer, order, shipped.shipment_number, step)
            advance.release_due(bench, work, customer, after, step)


def _parts(bench: Workbench, work: UnitOfWork, warehouse: Partner, document: ShipConfirmation) -> list[Part] | Refusal:
    """The rows of each order as one command; the first thing that cannot be is the refusal."""
    found: dict[OrderNumber, tuple[Order, list[ShipConfirmationRow]]] = {}
    for row in document.every_row():
        order = _order(work, row)
        if order is None:
            return Refusal("C-SHIP-UNKNOWN", f"{_where(row)}there is no order {row.order_number or row.po_number}.")
        found.setdefault(order.number, (order, []))[1].append(row)
    parts: list[Part] = []
    for order, rows in found.values():
        customer = bench.partner(order.partner)
        if customer is None:
            return Refusal("C-SHIP-UNKNOWN", f"{order.number} belongs to '{order.partner}', who has no partner file.")
        if document.shipment_number in order.shipments:
            return Refusal("C-SHIP-UNKNOWN", f"it was confirmed before for {order.number}.")
        command = _command(work, warehouse, document, order, rows)
        if isinstance(command, Refusal):
            return command
        # the freight of a shipment of several orders is told once
        parts.append(Part(order, customer, replace(command, freight_charge=None) if parts else command))
    return parts


def _command(
    work: UnitOfWork, warehouse: Partner, document: ShipConfirmation, order: Order, rows: list[ShipConfirmationRow]
) -> ConfirmShipment | Refusal:
    place = document.warehouse or _only_warehouse(warehouse, order)
    if place is None:
        return Refusal("C-SHIP-UNKNOWN", f"{order.number} is picked in several warehouses; the file must name one.")
    shipped: list[ShippedRow] = []
    for row in rows:
        bad = _bad_label(row)
        if bad is not None:
            return bad
        line = order.line(row.line)
        if line is None:
            return Refusal("C-SHIP-UNKNOWN", f"{_where(row)}{order.number} has no line {row.line}.")
        quantity = _quantity(work, line, row)
        if quantity is None:
            return Refusal(
                "C-SHIP-UNKNOWN",
                f"{_where(row)}{plain(row.quantity)} {row.uom} cannot be told in {line.uom} of line {line.number}.",
            )
        shipped.append(
            ShippedRow(
                line=line.number, quantity=quantity, sscc=_label(row.sscc), pallet_sscc=_label(row.pallet_sscc),
                store=row.store or "", tracking=row.tracking or "", weight=row.weight,
            )
        )  # fmt: skip
    weights = [row.weight for row in rows if row.weight is not None]
    return ConfirmShipment(
        shipment_number=document.shipment_number, ship_date=document.ship_date, warehouse=WarehouseId(place),
        rows=tuple(shipped), carrier_scac=document.carrier_scac or "", service=document.service or "",
        bol=document.bol or "", pro=document.pro or "", weight=sum(weights, Decimal(0)) if weights else None,
        weight_uom=next((row.weight_uom for row in rows if row.weight_uom), "") if weights else "",
        freight_charge=document.freight_charge,
    )  # fmt: skip


def _check(bench: Workbench, parts: list[Part]) -> Refusal | None:
    """The preflight: what was shipped must be what may be shipped, and cartons must get their SSCC."""
    for part in parts:
        fault = fulfilment.check(part.order, part.command, bench.terms(part.customer))
        if fault is not None:
            return Refusal(*fault)
        prefix = bench.site.settings.labels.gs1_prefix
        if not prefix and any(not row.sscc for row in part.command.rows):
            return Refusal("C-SSCC", f"cartons of {part.order.number} have no SSCC and 'labels.gs1_prefix' is not set.")
    return None


def _numbered(bench: Workbench, work: UnitOfWork, parts: list[Part]) -> list[Part]:
    """Rows without an SSCC are one carton per shipment and order, numbered by us (rulings 35)."""
    labels = bench.site.settings.labels
    numbered: list[Part] = []
    for part in parts:
        rows = part.command.rows
        if any(not row.sscc for row in rows):
            serial = work.exchange.next_number(f"sscc:{labels.gs1_prefix}:{labels.extension_digit}")
            code = sscc.sscc(labels.gs1_prefix, labels.extension_digit, serial)
            rows = tuple(row if row.sscc else replace(row, sscc=code) for row in rows)
        numbered.append(replace(part, command=replace(part.command, rows=rows)))
    return numbered


def _order(work: UnitOfWork, row: ShipConfirmationRow) -> Order | None:
    if row.order_number:
        return work.orders.get(OrderNumber(row.order_number))
    if row.partner and row.po_number:
        found = work.orders.find(OrderQuery(partner=PartnerId(row.partner), po_number=row.po_number))
        return found[-1] if found else None
    return None


def _quantity(work: UnitOfWork, line: Line, row: ShipConfirmationRow) -> Decimal | None:
    """The row's quantity in the line's unit; stock units are converted by the pack size."""
    if not row.uom or row.uom == line.uom:
        return row.quantity
    item = work.master.items([line.sku]).get(line.sku) if line.sku else None
    if item is None:
        return None
    sizes = dict(item.packs) | {item.uom: Decimal(1)}
    if row.uom not in sizes:
        return None
    quantity = row.quantity * sizes[row.uom] / line.stock_per_unit
    return quantity if quantity == quantity.quantize(Decimal("0.000001")) else None


def _only_warehouse(warehouse: Partner, order: Order) -> str | None:
    served = set(order.released_to)
    if warehouse.serves:
        served &= {WarehouseId(each) for each in warehouse.serves}
    return served.pop() if len(served) == 1 else None


def _bad_label(row: ShipConfirmationRow) -> Refusal | None:
    for what, code in (("sscc", row.sscc), ("pallet_sscc", row.pallet_sscc)):
        if code and sscc.with_identifier(code) is None:
            sentence = (
                f"{_where(row)}{what} '{code}' is no valid SSCC: 18 or 20 digits whose last one is the check digit."
            )
            return Refusal("C-SSCC", sentence)
    return None


def _label(code: str | None) -> str:
    """An SSCC with its application identifier 00 (rulings 26)."""
    return (sscc.with_identifier(code) or "") if code else ""


def _where(row: ShipConfirmationRow) -> str:
    return f"row {row.row}: " if row.row else ""
