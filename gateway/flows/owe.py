"""Turn what an event owes into dispatches: mapped, checked, numbered, stored in the same transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gateway.canonical.base import Canonical
from gateway.canonical.house import Warehouse
from gateway.config.partner import Partner
from gateway.documents import invoice_810, ship_notice_856
from gateway.documents.context import DocumentContext
from gateway.documents.registry import OWED, Owed
from gateway.exchange.receipt import FileHold
from gateway.flows import write
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.ids import PartnerId, ReceiptId, Sku, WarehouseId
from gateway.orders.events import Event, OrderInvoiced, OrderRecalled, OrderReleased, OrderShipped
from gateway.orders.facts import ItemFacts
from gateway.orders.order import Order


def event(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, what: Event, now: datetime,
    receipt: ReceiptId | None,
) -> None:  # fmt: skip
    """Owe the documents of one event, to the customer and to the house partners the registry names."""
    for owed in (each for each in OWED.get(type(what), ()) if each.applies(order, what)):
        addressees = [
            each for each in _addressees(bench, partner, order, what, owed)
            if each.outputs(owed.document, bench.today(each, now))
        ]  # fmt: skip
        built = _build(bench, work, partner, order, what, owed) if addressees else None
        for addressee in addressees:
            if built is not None:
                document, number = built
                letter = Letter(
                    partner=addressee, document=owed.document, number=number, order=order, receipt=receipt, now=now
                )
                write.letter(bench, work, letter, document)


def shipment(
    bench: Workbench, work: UnitOfWork, partner: Partner, shipped: Iterable[tuple[Order, OrderShipped]], now: datetime,
    receipt: ReceiptId | None,
) -> None:  # fmt: skip
    """Owe one ship notice for all orders of one partner in one shipment to one ship-to."""
    pairs = list(shipped)
    order, what = pairs[0]
    document = ship_notice_856.build(pairs, _context(bench, work, partner, [each for each, _ in pairs]))
    letter = Letter(
        partner=partner, document="shipment", number=what.shipment_number, order=order, receipt=receipt, now=now
    )
    write.letter(bench, work, letter, document)


def warehouse_partner(bench: Workbench, warehouse: WarehouseId) -> Partner | None:
    """The partner who picks in a warehouse; the only warehouse partner without 'serves' serves all."""
    houses = [each for each in bench.site.partners.values() if each.kind == "warehouse"]
    named = [each for each in houses if warehouse in each.serves]
    if named:
        return named[0]
    return houses[0] if len(houses) == 1 and not houses[0].serves else None


def hold_unserved(bench: Workbench, work: UnitOfWork, order: Order, warehouse: WarehouseId, now: datetime) -> None:
    """List once that an order waits because nobody serves its warehouse."""
    hold = FileHold(
        id=bench.new_hold_id(), type="DATA", code="P-NO-WAREHOUSE",
        reason=f"No partner serves warehouse {warehouse}; {order.number} (PO {order.po_number}) stays allocated there.",
        since=now, partner=order.partner, receipt=None, file_name="", reference=order.number,
        key=f"P-NO-WAREHOUSE:{order.number}:{warehouse}",
    )  # fmt: skip
    work.exchange.hold(hold)


def _build(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, what: Event, owed: Owed
) -> tuple[Canonical, str] | None:
    if owed.build is not None:
        return owed.build(order, what, _context(bench, work, partner, [order])), owed.number(order, what)
    if isinstance(what, OrderInvoiced):
        shipped = work.orders.shipment(what.shipment_number, order.number)
        invoice = invoice_810.build(order, what, shipped, _context(bench, work, partner, [order]))
        return invoice, what.invoice_number
    return None


def _addressees(bench: Workbench, partner: Partner, order: Order, what: Event, owed: Owed) -> Iterator[Partner]:
    if owed.to_customer:
        yield partner
    if order.test:
        return
    if isinstance(what, OrderReleased | OrderRecalled):
        house = warehouse_partner(bench, what.warehouse)
        if house is not None:
            yield house
    elif owed.to_kinds:
        yield from (each for each in bench.site.partners.values() if each.kind in owed.to_kinds)


def _context(bench: Workbench, work: UnitOfWork, partner: Partner, orders: list[Order]) -> DocumentContext:
    lines = [line for order in orders for line in order.lines]
    skus: list[Sku] = sorted({line.sku for line in lines if line.sku})
    items: dict[Sku, ItemFacts] = dict(work.master.items(skus))
    places = {source.warehouse for line in lines for source in line.sources}
    shipped = {w for order in orders for w in order.released_to}
    warehouses: dict[WarehouseId, Warehouse] = {}
    for each in places | shipped:
        known = work.master.warehouse(each)
        if known is not None:
            warehouses[each] = known
    return DocumentContext(
        us=bench.site.settings.our_party(), customer_name=partner.name, account=partner.terms.account or "",
        items=items, warehouses=warehouses,
    )  # fmt: skip


def owner(partner: Partner) -> PartnerId:
    """The id of a partner."""
    return PartnerId(partner.partner)
