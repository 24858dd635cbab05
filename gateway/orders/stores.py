"""Stores of the buyer: whose share of a line is served next, and for which store a shipment is."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.order import Line, Order

NONE = ""
"""The store of goods that are for the ship-to of the order as a whole."""


def fault(line: Line) -> str:
    """Why the quantities of the stores cannot be right; empty when they are."""
    if not line.stores:
        return ""
    total, ordered = sum((each.quantity for each in line.stores), ZERO), line.quantity.ordered
    said = " + ".join(plain(each.quantity) for each in line.stores)
    if total != ordered:
        what = f"the store quantities add up to {plain(total)}, but {plain(ordered)} were ordered"
        return f"Line {line.number}: {what} (SDQ {said}, PO102 = {plain(ordered)})"
    if any(each.quantity <= ZERO for each in line.stores):
        return f"Line {line.number}: a store is to get nothing or less (SDQ {said})"
    return ""


def shares(line: Line, quantity: Decimal) -> Iterator[tuple[str, Decimal]]:
    """So much of a line for its stores in the order in which the buyer names them: who comes first is served first.

    What no store waits for is for the ship-to of the order.
    """
    for each in line.stores:
        told = sum((one.quantity for one in line.told if one.store == each.store), ZERO)
        part = min(quantity, each.quantity - each.shipped - told)
        if part > ZERO:
            yield each.store, part
            quantity -= part
    if quantity > ZERO:
        yield NONE, quantity


def short(line: Line) -> Iterator[tuple[str, Decimal]]:
    """Who gets less than it was ordered for as things stand: each store and what it lacks."""
    served = line.quantity.allocated + line.quantity.picked + line.quantity.packed + line.quantity.shipped
    for each in line.stores:
        part = min(each.quantity, served)
        served -= part
        if part < each.quantity:
            yield each.store, each.quantity - part


def for_store(order: Order, warehouse: WarehouseId, rows: Mapping[str, set[str]]) -> tuple[str, str]:
    """For which store a shipment is, and why it cannot be; ``rows`` says which stores the rows of each line name."""
    named = {store for stores in rows.values() for store in stores if store}
    if order.store:
        strange = named - {order.store}
        said = f"{order.number} is for store {order.store}, not for {_listed(strange)}" if strange else ""
        return NONE, said
    lines = [line for number in rows if (line := order.line(number)) is not None and line.stores]
    if not lines:
        return NONE, ""
    if len(named) > 1:
        return NONE, f"a shipment has goods of one store only, and this one names {_listed(named)}"
    if not named:
        named = {each.store for line in lines for each in line.told if each.warehouse == warehouse}
        if len(named) != 1:
            return NONE, f"{order.number} is picked for the stores {_listed(named)}; the file must name one"
    store = named.pop()
    for line in lines:
        if all(each.store != store for each in line.stores):
            return NONE, f"line {line.number} of {order.number} has no goods for store {store}"
    return store, ""


def lacking(line: Line) -> str:
    """Who gets less in words: 'store 0003 (2 EA), store 0004 (1 EA)'."""
    return ", ".join(f"store {store} ({plain(quantity)} {line.uom})" for store, quantity in short(line))


def _listed(stores: set[str]) -> str:
    return ", ".join(sorted(each for each in stores if each)) or "none"
