"""The same purchase order twice: answer again, hold, reject, or take it as a new one; the terms say which."""

from typing import Literal

from gateway.orders.order import Differs, Order
from gateway.orders.terms import Terms

Ruling = Literal["answer_again", "hold", "reject", "accept"]
MOST_NAMED = 3
BY_WEIGHT = ("", "quantity", "price", "item", "ship to", "ship not before", "ship no later", "cancel after")
"""What is named first: whole lines, then these fields of lines and of the head, then the rest."""


def ruling(terms: Terms, *, same_content: bool) -> Ruling:
    """What the terms say about an order whose key came before, with the same content or with other."""
    said = terms.same_content if same_content else terms.different_content
    known: tuple[Ruling, ...] = ("answer_again", "hold", "reject", "accept")
    return next((each for each in known if each == said), "hold")


def in_words(order: Order) -> str:
    """Which order came before, and how this one compares with it."""
    content = "the same content" if order.same_content else "other content"
    return f"PO {order.po_number} came before as {order.duplicate_of} with {content}"


def in_full(order: Order) -> str:
    """The same with the most important differences: what somebody must know who decides which of the two counts."""
    shown = sorted(order.differs, key=_weight)[:MOST_NAMED]
    if not shown:
        return in_words(order)
    more = len(order.differs) - len(shown)
    rest = f"; and {more} more" if more else ""
    return f"{in_words(order)}: {'; '.join(map(_sentence, shown))}{rest}"


def _sentence(what: Differs) -> str:
    """``line 2 quantity: 4 EA, now 6 EA``."""
    if not what.earlier:
        return f"{what.field} is new: {what.now}"
    return f"{what.field}: {what.earlier}, now {what.now or 'nothing'}"


def _weight(what: Differs) -> int:
    kind = what.field
    if kind.startswith("line "):
        kind = "".join(kind.split(" ", 2)[2:])
    return BY_WEIGHT.index(kind) if kind in BY_WEIGHT else len(BY_WEIGHT)
