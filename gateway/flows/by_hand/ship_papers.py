"""The papers of what left: labels and packing slips, printed again as often as somebody asks."""

from collections.abc import Callable

from gateway.canonical.shipment import Shipment
from gateway.documents import ship_notice_856
from gateway.flows import advice_context
from gateway.flows.by_hand.operate import find_order
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import OrderNumber
from gateway.orders.order import Order


def papers(bench: Workbench, name: str, partner: str, paper: Callable[[Shipment], str]) -> str:
    """A paper for each shipment: of an order, or the one of a shipment number; raises NotFoundError when none left."""
    with bench.store.unit() as work:
        numbers = work.orders.orders_of_shipment(name)
        if numbers:
            return paper(_notice(bench, work, name, [_order(work, each) for each in numbers]))
        order = find_order(work, name, partner)
        if not order.shipments:
            raise NotFoundError(
                f"Nothing of {order.number} left yet.", next_step="'gateway orders show' says how far it is."
            )
        return "".join(paper(_notice(bench, work, each, [order])) for each in order.shipments)


def _notice(bench: Workbench, work: UnitOfWork, shipment: str, orders: list[Order]) -> Shipment:
    """The shipment as the ship notice tells it."""
    partner = bench.partner(orders[0].partner)
    if partner is None:
        raise NotFoundError(f"{orders[0].number} belongs to '{orders[0].partner}', who has no partner file.")
    mine = [order for order in orders if order.partner == orders[0].partner]
    pairs = [(order, left) for order in mine if (left := work.orders.shipment(shipment, order.number)) is not None]
    return ship_notice_856.build(pairs, advice_context.of(bench, work, partner, mine))


def _order(work: UnitOfWork, number: OrderNumber) -> Order:
    order = work.orders.get(number)
    if order is None:
        raise NotFoundError(f"There is no order {number}.")
    return order
