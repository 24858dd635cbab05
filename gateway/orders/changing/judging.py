"""A verdict on each part of a change by how far the goods are: not picked yes, picked ask, shipped no."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from gateway.kernel.quantity import ZERO, plain
from gateway.orders.considering.pricing import BASES, per_unit
from gateway.orders.lifecycle import Status, status
from gateway.orders.order import Line, Order, Proposal
from gateway.orders.proposal import LineChange, LineRuling, Ruling
from gateway.orders.terms import Terms

OVER = frozenset({Status.REJECTED, Status.CANCELLED, Status.CLOSED})
DIFFERENCE = "difference"


def parts(order: Order, proposal: Proposal) -> tuple[LineChange, ...]:
    """The lines of a change; one that cancels the whole order deletes every line that is served."""
    if not proposal.cancels:
        return proposal.lines
    return tuple(LineChange(line.number, "delete", "delete") for line in order.lines if line.quantity.open)


def rulings(order: Order, proposal: Proposal, terms: Terms) -> tuple[LineRuling, ...]:
    """What we say to each part, the order as a whole first."""
    current = status(order)
    changes = parts(order, proposal)
    if current in OVER:
        reason = f"the order is {current.value}"
        return (
            _ruling(order, LineChange("", "change"), "rejected", reason),
            *(_ruling(order, each, "rejected", reason) for each in changes),
        )
    return (*_head(order, proposal), *(_line(order, each, terms) for each in changes))


def total(line: Line, change: LineChange, terms: Terms) -> Decimal:
    """What the line comes to when the change is done: the quantity is the new total unless the agreement says difference."""
    have, said = line.quantity.open, change.quantity
    if said is None:
        return line.quantity.shipped + change.quantity_open if change.quantity_open is not None else have
    if terms.change_quantity != DIFFERENCE or change.action not in ("increase", "decrease"):
        # where differences are agreed, the quantity of another change repeats what was ordered
        return have if terms.change_quantity == DIFFERENCE and change.action == "change" else said
    return have + said if change.action == "increase" else have - said


def untold(line: Line) -> Decimal:
    """What of a line no warehouse was told to pick: it can be changed without asking anybody."""
    quantity = line.quantity
    return (
        quantity.pending
        + quantity.backordered
        + quantity.allocated
        + quantity.picked
        + quantity.packed
        - quantity.released
    )


def other_item(line: Line, change: LineChange) -> str:
    """The id by which a change means another item than the line has; empty when it means the same."""
    if change.sku and line.sku:
        return f"item {change.sku}" if change.sku != line.sku else ""
    known = dict(line.ids)
    return next((f"{kind} {value}" for kind, value in change.ids if known.get(kind, value) != value), "")


def new_price(line: Line, change: LineChange) -> bool:
    """Whether the change names a price that differs from the one the line was ordered at, or else is invoiced at."""
    if change.unit_price is None:
        return False
    before = line.partner_price if line.partner_price is not None else line.unit_price
    return per_unit(change.unit_price, change.price_basis) != before


def _head(order: Order, proposal: Proposal) -> Iterator[LineRuling]:
    whole = LineChange("", "change")
    if proposal.unobeyed:
        yield _ruling(order, whole, "ask", "not obeyed by this version: " + "; ".join(proposal.unobeyed))
    if proposal.cancels and not any(line.quantity.open > line.quantity.shipped for line in order.lines):
        yield _ruling(order, whole, "rejected", "everything has left the house")
    if not changes_head(order, proposal):
        return
    if all(line.quantity.open == line.quantity.shipped for line in order.lines):
        yield _ruling(order, whole, "rejected", "everything has left the house")
    elif any(line.quantity.released for line in order.lines):
        yield _ruling(order, whole, "ask", "dates or the ship-to change while a warehouse picks")
    else:
        yield _ruling(order, whole, "accepted")


def changes_head(order: Order, proposal: Proposal) -> bool:
    """Whether the dates or the ship-to of the order become others."""
    head = proposal.head
    moved = any(getattr(head, each.name) not in (None, getattr(order, each.name)) for each in fields(head))
    return moved or (proposal.ship_to is not None and proposal.ship_to != order.ship_to)


def _line(order: Order, change: LineChange, terms: Terms) -> LineRuling:
    line = order.line(change.line)
    if change.action == "add":
        ruling, reason = _adding(order, change)
    elif line is None:
        ruling, reason = (
            "rejected",
            f"the order has no line {change.line}" if change.line else "it names no line of the order",
        )
    elif change.action == "other":
        ruling, reason = "rejected", f"the action '{change.said}' is not known"
    elif change.action == "no_change":
        ruling, reason = "accepted", ""
    elif change.action == "delete":
        ruling, reason = _deleting(line)
    elif change.action == "replace" and other_item(line, change):
        ruling, reason = _replacing(line, change)
    else:
        ruling, reason = _changing(line, change, terms)
    return _ruling(order, change, ruling, reason)


def _adding(order: Order, change: LineChange) -> tuple[Ruling, str]:
    if order.line(change.line) is not None:
        return "rejected", f"the order has a line {change.line} already"
    if change.quantity is None or change.quantity <= ZERO:
        return "rejected", "a line that is added needs a quantity"
    if order.decided and all(line.quantity.open == line.quantity.shipped for line in order.lines):
        return "rejected", "everything has left the house; order it anew"
    return "accepted", ""


def _deleting(line: Line) -> tuple[Ruling, str]:
    left = line.quantity.open - line.quantity.shipped
    if not line.quantity.open:
        return "rejected", "nothing of the line is served any more"
    if not left:
        return "rejected", f"the line has left the house ({plain(line.quantity.shipped)} {line.uom} shipped)"
    return _by_picking(line, left)


def _replacing(line: Line, change: LineChange) -> tuple[Ruling, str]:
    if line.quantity.shipped:
        return "rejected", f"{plain(line.quantity.shipped)} {line.uom} of the line have left the house"
    if change.quantity is not None and change.quantity <= ZERO:
        return "rejected", "the line that replaces it needs a quantity"
    return _by_picking(line, line.quantity.open)


def _changing(line: Line, change: LineChange, terms: Terms) -> tuple[Ruling, str]:
    refusal = _contradiction(line, change, terms)
    if refusal:
        return "rejected", refusal
    quantity = line.quantity
    less, price = quantity.open - total(line, change, terms), new_price(line, change)
    dates = change.ship_not_before not in (None, line.ship_not_before) or change.delivery_requested not in (
        None, line.delivery_requested,
    )  # fmt: skip
    if not (less or price or dates):
        return "accepted", ""
    if quantity.open == quantity.shipped:
        return "rejected", f"the line has left the house ({plain(quantity.shipped)} {line.uom} shipped)"
    if quantity.open - less < quantity.shipped:
        return "rejected", f"{plain(quantity.shipped)} {line.uom} have left the house"
    if price and quantity.shipped > quantity.invoiced:
        left = plain(quantity.shipped - quantity.invoiced)
        return "rejected", f"{left} {line.uom} have left the house at the price before and are not invoiced yet"
    if less > ZERO and not (price or dates):
        return _by_picking(line, less)
    return ("ask", _picked(line)) if quantity.released else ("accepted", "")


def _contradiction(line: Line, change: LineChange, terms: Terms) -> str:
    """Why what is said of a line cannot be meant."""
    wanted, have = total(line, change, terms), line.quantity.open
    if not have and line.quantity.ordered:
        return "nothing of the line is served any more"
    if change.uom and change.uom != line.uom:
        return f"the line is ordered in {line.uom}, not in {change.uom}"
    if other_item(line, change):
        return f"the line is another item than the change names, {other_item(line, change)}"
    if wanted < ZERO:
        return f"{plain(wanted)} cannot be ordered"
    if change.action == "increase" and wanted < have:
        return f"an increase to {plain(wanted)}, but {plain(have)} {line.uom} are ordered"
    if change.action == "decrease" and wanted > have:
        return f"a decrease to {plain(wanted)}, but {plain(have)} {line.uom} are ordered"
    if line.stores and wanted != have:
        return "the quantity is split over stores; cancel the line and order it anew"
    if change.unit_price is not None and change.price_basis not in BASES:
        return f"the price basis {change.price_basis} is not known"
    return ""


def _by_picking(line: Line, less: Decimal) -> tuple[Ruling, str]:
    return ("accepted", "") if less <= untold(line) else ("ask", _picked(line))


def _picked(line: Line) -> str:
    places = ", ".join(sorted({each.warehouse for each in line.told}))
    return f"{places or 'a warehouse'} was told to pick {plain(line.quantity.released)} {line.uom}"


def _ruling(order: Order, change: LineChange, ruling: Ruling, reason: str = "") -> LineRuling:
    line = order.line(change.line)
    return LineRuling(
        change.line, change.said or change.action, ruling, reason, change.quantity, change.uom or (line.uom if line else ""),
        change.unit_price, change.ids or (line.ids if line else ()),
    )  # fmt: skip
