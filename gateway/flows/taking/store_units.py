"""Quantities of stores told in another unit than their line: in the unit of the line where the packs say how many."""

from decimal import Decimal

from gateway.canonical.order import Order, OrderLine
from gateway.config.partner import Partner
from gateway.flows.ports import UnitOfWork
from gateway.kernel.ids import PartnerId

STEP = Decimal("0.000001")
"""The finest part of a unit that is told."""


def in_line_units(work: UnitOfWork, partner: Partner, order: Order) -> Order:
    """The order with what its stores get in the units of its lines; what cannot be told so stays as it is."""
    lines = tuple(_line(work, PartnerId(partner.partner), line) for line in order.lines)
    return order if lines == order.lines else order.model_copy(update={"lines": lines})


def _line(work: UnitOfWork, owner: PartnerId, line: OrderLine) -> OrderLine:
    units = {each.uom for each in line.allocations if each.uom not in (None, line.uom)}
    if not units:
        return line
    found = set(work.master.skus(owner, [(kind, str(value)) for kind, value in line.ids if value]).values())
    item = next(iter(work.master.items(found).values()), None) if len(found) == 1 else None
    sizes = dict(item.packs) | {item.uom: Decimal(1)} if item is not None else {}
    if not {line.uom, *units} <= sizes.keys():
        return line
    told = [each.quantity * sizes[each.uom or line.uom] / sizes[line.uom] for each in line.allocations]
    if any(quantity != quantity.quantize(STEP) for quantity in told):
        return line
    allocations = tuple(
        each.model_copy(update={"quantity": quantity, "uom": line.uom})
        for each, quantity in zip(line.allocations, told, strict=True)
    )
    return line.model_copy(update={"allocations": allocations})
