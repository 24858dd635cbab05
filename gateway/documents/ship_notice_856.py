"""The ship notice: one shipment, its orders, its cartons with SSCC, what is in each."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from gateway.canonical.filling import trusted
from gateway.canonical.shipment import Pack, PackedItem, Pallet, Shipment, ShippedOrder
from gateway.documents.context import DocumentContext, describe, item_ids, party, ship_from, store_party, vendor_number
from gateway.kernel.quantity import ZERO
from gateway.orders.commands import ShippedRow
from gateway.orders.events import OrderShipped
from gateway.orders.order import Line, Order

new_packed_item = trusted(PackedItem)
new_pack = trusted(Pack)
new_pallet = trusted(Pallet)
new_shipped_order = trusted(ShippedOrder)
new_shipment = trusted(Shipment)


def build(shipped: Iterable[tuple[Order, OrderShipped]], context: DocumentContext) -> Shipment:
    """The notice of one shipment; all orders go to one partner and one ship-to."""
    pairs = list(shipped)
    order, event = pairs[0]
    orders = tuple(_order(each, what, context) for each, what in pairs)
    weights = [what.weight for _, what in pairs if what.weight is not None]
    marked = store_party(context, event.store)
    at_store = marked is not None and marked.address1 and event.store != order.store
    pallets = {pallet.sscc for each in orders for pallet in each.pallets if pallet.sscc}
    return new_shipment(
        shipment_number=event.shipment_number, ship_date=event.ship_date, bol=event.bol or None,
        pro_number=event.pro or None, carrier_scac=event.carrier_scac or None,
        service=event.service or None, delivery_date=event.delivery_due,
        freight_terms=order.route.freight_terms or None, pallet_count=len(pallets) or None, mark_for=marked,
        carton_count=len({pack.sscc for each in orders for pack in each.packs}),
        weight=sum(weights, ZERO) if weights else None, weight_uom=event.weight_uom or None,
        ship_from=ship_from(context, event.warehouse), ship_to=marked if at_store else party(order.ship_to), orders=orders,
    )  # fmt: skip


def _order(order: Order, event: OrderShipped, context: DocumentContext) -> ShippedOrder:
    cartons: dict[str, list[ShippedRow]] = {}
    for row in event.rows:
        cartons.setdefault(row.sscc, []).append(row)
    lines = {line.number: line for line in order.lines}
    packs = tuple(_pack(lines, event, sscc, rows, context) for sscc, rows in cartons.items())
    return new_shipped_order(
        po_number=order.po_number, order_number=order.number, po_date=order.po_date,
        release_number=order.release_number or None, department=order.department or None,
        vendor_number=vendor_number(order, context), carton_count=len(packs), weight=event.weight,
        weight_uom=event.weight_uom or None, buyer=party(order.buyer), mark_for=store_party(context, event.store), packs=packs, pallets=tuple(_pallets(packs)), items=tuple(_items(packs)),
    )  # fmt: skip


def _pallets(packs: tuple[Pack, ...]) -> Iterator[Pallet]:
    """The same cartons by pallet, in the order in which the pallets are first named; one without a label for the rest."""
    if not any(pack.pallet_sscc for pack in packs):
        return
    for label in dict.fromkeys(pack.pallet_sscc for pack in packs):
        yield new_pallet(sscc=label, packs=tuple(pack for pack in packs if pack.pallet_sscc == label))


def _items(packs: tuple[Pack, ...]) -> Iterator[PackedItem]:
    """The same goods without their cartons: one entry for each line and unit."""
    found: dict[tuple[str | None, str | None], list[PackedItem]] = {}
    for item in (item for pack in packs for item in pack.items):
        found.setdefault((item.line_number, item.uom), []).append(item)
    for first, *others in found.values():
        quantity = sum((item.quantity or ZERO for item in others), first.quantity or ZERO)
        yield first.model_copy(update={"quantity": quantity}) if others else first


def _pack(
    lines: Mapping[str, Line], event: OrderShipped, sscc: str, rows: list[ShippedRow], context: DocumentContext
) -> Pack:
    weights = [row.weight for row in rows if row.weight is not None]
    first, store, weight_uom = rows[0], event.store or rows[0].store, event.weight_uom
    return new_pack(
        sscc=sscc, pallet_sscc=first.pallet_sscc or None, store=store or None, tracking=first.tracking or None,
        weight=sum(weights, Decimal(0)) if weights else None, weight_uom=weight_uom or None if weights else None,
        items=tuple(_item(lines[row.line], row, store, context) for row in rows),
    )  # fmt: skip


def _ordered(line: Line, store: str) -> Decimal:
    """What was ordered of a line: for the store the goods are for, where it is split over stores."""
    share = next((each.quantity for each in line.stores if each.store == store), None)
    return share if share is not None else line.quantity.ordered - line.over_shipped


def _item(line: Line, row: ShippedRow, store: str, context: DocumentContext) -> PackedItem:
    return new_packed_item(
        line_number=line.number, ids=item_ids(line, context), quantity=row.quantity, uom=line.uom,
        ordered=_ordered(line, store), description=describe(line, context),
    )  # fmt: skip
