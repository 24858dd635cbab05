"""An exchange: the goods of a return sent again by an order of their own, at the price they were ordered at."""

from collections.abc import Mapping
from decimal import Decimal

from gateway.config.partner import Partner
from gateway.flows import advance
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.orders.asked.return_commands import LinkReplacement
from gateway.orders.commands import PlaceOrder, WantedLine
from gateway.orders.order import Order
from gateway.orders.returned import Return


def place(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, made: Return, wanted: Mapping[str, Decimal],
    step: advance.Step,
) -> Order:  # fmt: skip
    """Place the replacement, if anything is to be replaced; the order it replaces knows its number."""
    lines = tuple(
        WantedLine(
            number=line.number, quantity=wanted[line.number], uom=line.uom, ids=line.ids, unit_price=line.unit_price,
            price_basis="PE", description=line.description,
        )
        for line in order.lines if wanted.get(line.number)
    )  # fmt: skip
    if not lines:
        return order
    count = sum(len(each.replacements) for each in order.returns) + 1
    command = PlaceOrder(
        number=advance.new_order_number(work), partner=order.partner, po_number=f"{order.po_number}-R{count}",
        po_date=bench.today(partner, step.now), currency=order.currency, lines=lines,
        release_number=order.release_number, test=order.test, department=order.department,
        vendor_number=order.vendor_number, buyer=order.buyer, ship_to=order.ship_to, bill_to=order.bill_to,
        carrier_scac=order.carrier_scac, backorder="backorder", notes=f"replacement for {made.rma} of {order.number}",
    )  # fmt: skip
    placed = advance.place(bench, work, partner, command, step)
    return advance.act(bench, work, partner, order, LinkReplacement(made.rma, placed.number), step)
