"""What documents say besides the order: our names, the customer's items and places, the warehouses and who picks there."""

from gateway.canonical.house import Warehouse
from gateway.config.partner import Partner
from gateway.documents.context import DocumentContext
from gateway.flows import agreed, places
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import Sku, WarehouseId
from gateway.orders.considering import payment_terms
from gateway.orders.facts import ItemFacts
from gateway.orders.order import Order


def of(bench: Workbench, work: UnitOfWork, partner: Partner, orders: list[Order]) -> DocumentContext:
    """The context of documents to a customer about some orders."""
    lines = [line for order in orders for line in order.lines]
    skus: list[Sku] = sorted({sku for line in lines for sku in (line.sku, line.substitute_for) if sku})
    items: dict[Sku, ItemFacts] = dict(work.master.items(skus))
    shipping = {source.warehouse for line in lines for source in line.sources}
    shipped = {w for order in orders for w in order.released_to}
    warehouses: dict[WarehouseId, Warehouse] = {}
    for each in shipping | shipped:
        known = work.master.warehouse(each)
        if known is not None:
            warehouses[each] = known
    locations = [places.known(work, order) for order in orders]
    named = any(payment_terms.names_terms(order) for order in orders)
    return DocumentContext(
        us=bench.site.settings.our_party(), customer_name=partner.name, account=partner.terms.account or "",
        items=items, warehouses=warehouses, stores={each.id: each for some in locations for each in some.values()}, vendor_number=partner.params.get("vendor_number", ""),
        packing_instructions=partner.params.get("packing_instructions", ""),
        label_format=bench.labels(partner).format or "",
        terms=agreed.terms(bench, work, partner) if named else None,
    )  # fmt: skip


def warehouse_partner(bench: Workbench, warehouse: WarehouseId) -> Partner | None:
    """The partner who picks in a warehouse; the only warehouse partner without 'serves' serves all."""
    houses = [each for each in bench.site.partners.values() if each.kind == "warehouse"]
    named = [each for each in houses if warehouse in each.serves]
    if named:
        return named[0]
    return houses[0] if len(houses) == 1 and not houses[0].serves else None
