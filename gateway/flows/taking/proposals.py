"""What a purchase order that comes again wants different of the order we have, and which line and item is meant."""

from dataclasses import fields

from gateway.canonical.order import Order as CanonicalOrder
from gateway.canonical.order import OrderLine
from gateway.canonical.parts import Dates, ItemIds, Party
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking.unobeyed import LIMITS
from gateway.flows.taking.unobeyed import unobeyed as not_obeyed
from gateway.kernel.ids import PartnerId
from gateway.orders.order import Address, Line, Order, Proposal
from gateway.orders.proposal import HeadChange, LineChange

Ids = tuple[tuple[str, str], ...]


def of_order(work: UnitOfWork, order: Order, wanted: CanonicalOrder, digest: str, *, cancels: bool) -> Proposal:
    """A purchase order that replaces or cancels as a change: other lines change, missing ones are deleted."""
    numbers = _numbers(wanted.lines)
    lines = tuple(_line(work, order, number, line) for number, line in zip(numbers, wanted.lines, strict=True))
    gone = tuple(
        LineChange(line.number, "delete", "delete") for line in order.lines
        if line.quantity.open and line.number not in numbers
    )  # fmt: skip
    unobeyed = tuple(each for each in not_obeyed(wanted) if not each.startswith("BEG01"))
    return Proposal(
        content_hash=digest, lines=() if cancels else (*lines, *gone), cancels=cancels, by_order=True,
        head=HeadChange() if cancels else head_of(wanted.dates),
        ship_to=None if cancels else place(order, wanted.ship_to), unobeyed=() if cancels else unobeyed,
        reason="the buyer cancelled the order" if cancels else "the buyer replaced the order",
    )  # fmt: skip


def head_of(dates: Dates) -> HeadChange:
    """The dates that are named for the whole order."""
    return HeadChange(**{each.name: getattr(dates, each.name) for each in fields(HeadChange)})


def own_limit(order: Order, dates: Dates) -> bool:
    """Whether a line names a last day that is not that of its order."""
    return any(getattr(dates, name) not in (None, getattr(order, name)) for name in LIMITS)


def place(order: Order, party: Party | None) -> Address | None:
    """Another ship-to, or None when the party is the one we know: the same id, or nothing said of it."""
    if party is None or (not party.address1 and party.id in (None, order.ship_to.id)):
        return None
    said = Address(**{name: getattr(party, name) or "" for name in Address.__slots__})
    return said if said != order.ship_to else None


def pairs(ids: ItemIds) -> Ids:
    """The ids that are there."""
    return tuple((name, value) for name, value in ids if value)


def sku_of(work: UnitOfWork, partner: PartnerId, ids: Ids) -> str:
    """Our item behind ids that agree on one; empty when there is none."""
    found = set(work.master.skus(partner, ids).values())
    return found.pop() if len(found) == 1 else ""


def named(order: Order, ids: Ids, sku: str) -> str:
    """The line that a change without a line number means: the only one of that item."""
    found = [line.number for line in order.lines if (sku and line.sku == sku) or _shares_id(line, ids)]
    return found[0] if len(found) == 1 else ""


def _shares_id(line: Line, ids: Ids) -> bool:
    return bool(set(ids) & set(line.ids))


def _numbers(lines: tuple[OrderLine, ...]) -> list[str]:
    """Theirs if all are there and distinct, else counted (rulings 31)."""
    theirs = [line.number or "" for line in lines]
    distinct = all(theirs) and len(set(theirs)) == len(theirs)
    return theirs if distinct else [str(at + 1) for at in range(len(theirs))]


def _line(work: UnitOfWork, order: Order, number: str, line: OrderLine) -> LineChange:
    ids, known = pairs(line.ids), order.line(number)
    return LineChange(
        line=number, action="add" if known is None else "replace", said="add" if known is None else "replace",
        quantity=line.quantity, uom=line.uom, ids=ids, sku=sku_of(work, order.partner, ids), unit_price=line.unit_price,
        price_basis=line.price_basis or "", description=line.description or "",
        ship_not_before=line.dates.ship_not_before or line.dates.ship_requested,
        delivery_requested=line.dates.delivery_requested,
    )  # fmt: skip
