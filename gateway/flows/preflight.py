"""Before a warehouse is told: whether the ship notice of what it will ship could be written at all."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from gateway.canonical.base import Canonical
from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.documents import ship_notice_856
from gateway.exchange.receipt import FileHold
from gateway.flows import advice_context, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders import stores
from gateway.orders.commands import ShippedRow
from gateway.orders.events import OrderShipped
from gateway.orders.order import Order
from gateway.orders.shipping import routing, sscc
from gateway.orders.terms import Terms

CODE = "C-PREFLIGHT"
SAMPLE = "SAMPLE"
"""What the warehouse will tell: there for sure when it ships, so that it is no fault of ours now."""
PREFIX = "0000000"
"""A company prefix to make carton numbers of that never leave."""


def holds(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, warehouse: WarehouseId, terms: Terms
) -> FileHold | None:
    """What keeps an order from its warehouse: everything that the ship notice would lack; None when it lacks nothing."""
    lacks = tuple(dict.fromkeys(_lacks(bench, work, partner, order, warehouse, terms)))
    if not lacks:
        return None
    reason = f"{order.number} (PO {order.po_number}) is not released to {warehouse}: the ship notice lacks {'; '.join(lacks)}."
    return FileHold(
        id=bench.new_hold_id(), type="DATA", code=CODE, reason=reason, since=bench.clock(), partner=order.partner,
        receipt=None, file_name="", reference=order.number, key=key(order, warehouse),
    )  # fmt: skip


def key(order: Order, warehouse: WarehouseId) -> str:
    """What the hold of an order and a warehouse is known by."""
    return f"{CODE}:{order.number}:{warehouse}"


def _lacks(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, warehouse: WarehouseId, terms: Terms
) -> Iterator[str]:
    outputs = partner.outputs("shipment", bench.today(partner, bench.clock()))
    if not outputs:
        return
    house = advice_context.warehouse_partner(bench, warehouse)
    own = house is not None and bool(house.labels.gs1_prefix)
    context = advice_context.of(bench, work, partner, [order])
    shipped = _pretended(bench, order, warehouse, terms, serial=1)
    notice = ship_notice_856.build([(order, shipped)], context)
    what = Letter(partner=partner, document="shipment", number=SAMPLE, now=bench.clock(), order=order)
    for use in outputs:
        yield from write.faults(bench, what, use, notice)
        if not bench.labels(partner).gs1_prefix and not own:
            other = ship_notice_856.build([(order, _pretended(bench, order, warehouse, terms, serial=2))], context)
            if _tells_cartons(bench, what, use, notice, other):
                yield "the number of each carton: 'labels.gs1_prefix' is not set"


def _tells_cartons(bench: Workbench, what: Letter, use: MappingUse, one: Canonical, other: Canonical) -> bool:
    """Whether a notice says which carton is which: two that differ in nothing else are not the same then."""
    return write.tried(bench, what, use, one) != write.tried(bench, what, use, other)


def _pretended(bench: Workbench, order: Order, warehouse: WarehouseId, terms: Terms, *, serial: int) -> OrderShipped:
    """The shipment as if the warehouse had shipped everything today, in one carton on one pallet."""
    store = next(
        (name for line in order.lines for name, _ in stores.shares(line, line.untold_in(warehouse)) if name), ""
    )
    carton, pallet = sscc.sscc(PREFIX, "0", serial), sscc.sscc(PREFIX, "1", serial)
    rows = tuple(
        ShippedRow(line.number, untold, carton, pallet, store, SAMPLE, Decimal(1))
        for line in order.lines
        if (untold := line.untold_in(warehouse)) > ZERO
    )
    carrier = order.route.carrier_scac or SAMPLE[:4]
    today = bench.today(None, bench.clock())
    shipped = OrderShipped(
        SAMPLE, today, warehouse, rows, carrier, bol=SAMPLE, pro=SAMPLE, weight=Decimal(1), weight_uom="LB"
    )
    return replace(shipped, delivery_due=routing.delivery_due(order, terms, today) or today, store=store or order.store)
