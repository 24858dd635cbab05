"""What a ship confirmation means: the goods of each order in it as one command, or the first thing that cannot be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.canonical.house import ShipConfirmation, ShipConfirmationRow
from gateway.config.partner import Partner
from gateway.flows import agreed
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import ship_lines
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId, WarehouseId
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.commands import ConfirmShipment, ShippedRow
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Line, Order
from gateway.orders.shipping import confirmed, sscc
from gateway.orders.shipping.confirmed import UNKNOWN, Fault

TWICE, LABEL = "C-SHIP-TWICE", "C-SSCC"
STEP = Decimal("0.000001")
"""The finest part of a unit that is told."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of one shipment belongs to one order."""

    order: Order
    customer: Partner
    command: ConfirmShipment


def read(
    bench: Workbench, work: UnitOfWork, warehouse: Partner | None, document: ShipConfirmation, accepted: str = ""
) -> list[Part] | Fault:
    """The goods of each order, judged whole; ``warehouse`` is who sent it, None for a person of ours.

    ``accepted`` is why somebody takes it although more left than was to be picked, or of an order that was stopped.
    """
    parts = _parts(bench, work, warehouse, document, accepted)
    if isinstance(parts, Fault):
        return parts
    return next(_faults(bench, work, document, parts), parts)


def _parts(
    bench: Workbench, work: UnitOfWork, warehouse: Partner | None, document: ShipConfirmation, accepted: str
) -> list[Part] | Fault:
    found: dict[OrderNumber, tuple[Order, list[ShipConfirmationRow]]] = {}
    named: dict[tuple[str | None, ...], Order | None] = {}
    for row in document.every_row():
        key = (row.order_number, row.partner, row.po_number, row.store)
        if key not in named:
            named[key] = _order(work, row)
        order = named[key]
        if order is None:
            said = row.order_number or f"{row.po_number or 'without a number'} of {row.partner or 'nobody'}"
            return Fault(UNKNOWN, f"{_where(row)}there is no order {said}.")
        found.setdefault(order.number, (order, []))[1].append(row)
    parts: list[Part] = []
    for order, rows in found.values():
        customer = bench.partner(order.partner)
        if customer is None:
            return Fault(UNKNOWN, f"{order.number} belongs to '{order.partner}', who has no partner file.")
        command = _command(work, warehouse, document, order, rows)
        if isinstance(command, Fault):
            return command
        parts.append(Part(order, customer, replace(command, accepted=accepted)))
    if not parts:
        return Fault(UNKNOWN, "it names nothing that was shipped.")
    return _shared(document, parts)


def _command(
    work: UnitOfWork, warehouse: Partner | None, document: ShipConfirmation, order: Order,
    rows: list[ShipConfirmationRow],
) -> ConfirmShipment | Fault:  # fmt: skip
    place = document.warehouse or _only_warehouse(warehouse, order)
    if place is None:
        return Fault(UNKNOWN, f"{order.number} is picked in several warehouses; the file must name one.")
    if warehouse is not None and warehouse.serves and place not in warehouse.serves:
        return Fault(UNKNOWN, f"{warehouse.name or warehouse.partner} does not serve warehouse {place}.")
    shipped: list[ShippedRow] = []
    for row in rows:
        read_row = _row(work, order, row, WarehouseId(place), shipped)
        if isinstance(read_row, Fault):
            return read_row
        # a row of nothing says that the line was not found
        if read_row.quantity != ZERO:
            shipped.append(read_row)
    if not shipped:
        return Fault(UNKNOWN, f"nothing of {order.number} was shipped; a quantity of 0 alone is no shipment.")
    weights = [row.weight for row in rows if row.weight is not None]
    return ConfirmShipment(
        shipment_number=document.shipment_number, ship_date=document.ship_date, warehouse=WarehouseId(place),
        rows=tuple(shipped), carrier_scac=document.carrier_scac or "", service=document.service or "",
        bol=document.bol or "", pro=document.pro or "", weight=sum(weights, ZERO) if weights else None,
        weight_uom=next((row.weight_uom for row in rows if row.weight_uom), "") if weights else "",
    )  # fmt: skip


def _row(
    work: UnitOfWork, order: Order, row: ShipConfirmationRow, place: WarehouseId, before: Sequence[ShippedRow]
) -> ShippedRow | Fault:
    for what, code in (("sscc", row.sscc), ("pallet_sscc", row.pallet_sscc)):
        if code and sscc.with_identifier(code) is None:
            said = f"{what} '{code}' is no valid SSCC: 18 or 20 digits whose last one is the check digit."
            return Fault(LABEL, f"{_where(row)}{said}")
    line = ship_lines.line_of(work, order, row, place, before)
    if isinstance(line, str):
        return Fault(UNKNOWN, f"{_where(row)}{line}.")
    quantity = _quantity(work, line, row)
    if quantity is None:
        said = f"{plain(row.quantity)} {row.uom} cannot be told in {line.uom} of line {line.number}."
        return Fault(UNKNOWN, f"{_where(row)}{said}")
    return ShippedRow(
        line=line.number, quantity=quantity, sscc=_label(row.sscc), pallet_sscc=_label(row.pallet_sscc),
        store=row.store or "", tracking=row.tracking or "", weight=row.weight,
    )  # fmt: skip


def _faults(bench: Workbench, work: UnitOfWork, document: ShipConfirmation, parts: list[Part]) -> Iterator[Fault]:
    """What is wrong with the shipment as a whole."""
    used = work.orders.orders_of_shipment(document.shipment_number)
    if used:
        yield Fault(TWICE, f"it was confirmed before for {', '.join(used)}.")
    for part in parts:
        fault = confirmed.check(part.order, part.command, agreed.terms(bench, work, part.customer))
        if fault is not None:
            yield fault
        labels = bench.labels(part.customer)
        if not labels.gs1_prefix and any(not row.sscc for row in part.command.rows):
            yield Fault(LABEL, f"cartons of {part.order.number} have no SSCC and 'labels.gs1_prefix' is not set.")
    codes = [code for part in parts for row in part.command.rows for code in (row.sscc, row.pallet_sscc) if code]
    for code, shipment in sorted(work.cartons.shipments(codes).items()):
        yield Fault(LABEL, f"the carton {code} left before in shipment {shipment}.")
    stores = {store for part in parts if (store := confirmed.store(part.order, part.command) or part.order.store)}
    if len(stores) > 1:
        said = ", ".join(sorted(stores))
        yield Fault(confirmed.STORE, f"a shipment has goods of one store only, and this one is for {said}.")


def _shared(document: ShipConfirmation, parts: list[Part]) -> list[Part]:
    """What the file says of the whole shipment, given to its orders: the freight by their worth, the weight once."""
    weight = document.weight if all(part.command.weight is None for part in parts) else None
    worths = [_worth(part) for part in parts]
    left = document.freight_charge
    shared: list[Part] = []
    for at, (part, worth) in enumerate(zip(parts, worths, strict=True)):
        charge = left
        if document.freight_charge is not None and left is not None and at < len(parts) - 1:
            total = sum(worths, ZERO)
            charge = cents(document.freight_charge * worth / total) if total else ZERO
            left -= charge
        command = replace(part.command, freight_charge=charge)
        if weight is not None and at == 0:
            command = replace(command, weight=weight, weight_uom=document.weight_uom or "")
        shared.append(replace(part, command=command))
    return shared


def _worth(part: Part) -> Decimal:
    prices = {line.number: line.unit_price or ZERO for line in part.order.lines}
    return sum((row.quantity * prices[row.line] for row in part.command.rows), ZERO)


def _order(work: UnitOfWork, row: ShipConfirmationRow) -> Order | None:
    if row.order_number:
        return work.orders.get(OrderNumber(row.order_number))
    if not (row.partner and row.po_number):
        return None
    found = work.orders.find(OrderQuery(partner=PartnerId(row.partner), po_number=row.po_number))
    of_store = [order for order in found if row.store and order.store == row.store]
    return next(reversed(of_store or found), None)


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
    return quantity if quantity == quantity.quantize(STEP) else None


def _only_warehouse(warehouse: Partner | None, order: Order) -> str | None:
    served = {told.warehouse for line in order.lines for told in line.told} or set(order.released_to)
    if warehouse is not None and warehouse.serves:
        served &= {WarehouseId(each) for each in warehouse.serves}
    return served.pop() if len(served) == 1 else None


def _label(code: str | None) -> str:
    """An SSCC with its application identifier 00 (rulings 26)."""
    return (sscc.with_identifier(code) or "") if code else ""


def _where(row: ShipConfirmationRow) -> str:
    return f"row {row.row}: " if row.row else ""
