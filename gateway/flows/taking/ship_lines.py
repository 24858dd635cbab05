"""Which line of an order a row of a ship confirmation means: by its number, else by its item."""

from collections.abc import Sequence

from gateway.canonical.house import ShipConfirmationRow
from gateway.flows.ports import UnitOfWork
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.commands import ShippedRow
from gateway.orders.order import Line, Order

BARCODES = ("upc", "ean", "gtin", "case_code")


def line_of(
    work: UnitOfWork, order: Order, row: ShipConfirmationRow, place: WarehouseId, before: Sequence[ShippedRow]
) -> Line | str:
    """The line, or why there is none; ``before`` is what the rows before this one are."""
    if row.line != row.sku:
        line = order.line(row.line)
        if line is None:
            return f"{order.number} has no line {row.line}"
        if row.sku and not _is(work, order, line, row.sku):
            return f"line {line.number} of {order.number} is {line.sku}, not {row.sku}"
        return line
    found = [each for each in order.lines if _is(work, order, each, row.line)]
    waiting = [
        line
        for line in found
        if line.told_in(place) > sum((each.quantity for each in before if each.line == line.number), ZERO)
    ]
    return next(iter(waiting or found), f"{order.number} has no line with {row.sku}")


def _is(work: UnitOfWork, order: Order, line: Line, item: str) -> bool:
    """Whether the item of a line is meant by our number, one that the order names, or a barcode."""
    if item == line.sku or item in {value for _, value in line.ids}:
        return True
    return line.sku in set(work.master.skus(order.partner, [(kind, item) for kind in BARCODES]).values())
