"""The same purchase order twice: answer again, hold, reject, or take it as a new one; the terms say which."""

from typing import Literal

from gateway.orders.order import Order
from gateway.orders.terms import Terms

Ruling = Literal["answer_again", "hold", "reject", "accept"]


def ruling(terms: Terms, *, same_content: bool) -> Ruling:
    """What the terms say about an order whose key came before, with the same content or with other."""
    said = terms.same_content if same_content else terms.different_content
    known: tuple[Ruling, ...] = ("answer_again", "hold", "reject", "accept")
    return next((each for each in known if each == said), "hold")


def in_words(order: Order) -> str:
    """Which order came before, and how this one compares with it."""
    content = "the same content" if order.same_content else "other content"
    return f"PO {order.po_number} came before as {order.duplicate_of} with {content}"
