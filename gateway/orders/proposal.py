"""What a buyer wants changed of an order already placed, and what we say to each part of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

ChangeAction = Literal["add", "delete", "change", "replace", "increase", "decrease", "no_change", "other"]
Ruling = Literal["accepted", "changed", "rejected", "ask"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """What is wanted of one line; what is None or empty stays as it is.

    ``said`` is the action in the sender's words (canonical), said back in the answer; ``quantity`` is the new total or
    the difference as agreed; ``quantity_open`` what is left to come, used when no quantity is given; ``sku`` is our item
    behind the ids where it is known.
    """

    line: str
    action: ChangeAction
    said: str = ""
    quantity: Decimal | None = None
    quantity_open: Decimal | None = None
    uom: str = ""
    ids: tuple[tuple[str, str], ...] = ()
    sku: str = ""
    unit_price: Decimal | None = None
    price_basis: str = ""
    description: str = ""
    ship_not_before: date | None = None
    delivery_requested: date | None = None


@dataclass(frozen=True, slots=True)
class HeadChange:
    """What is wanted of the order as a whole; None stays as it is."""

    ship_not_before: date | None = None
    ship_no_later: date | None = None
    cancel_after: date | None = None
    delivery_requested: date | None = None
    ship_requested: date | None = None
    deliver_not_before: date | None = None
    deliver_no_later: date | None = None


@dataclass(frozen=True, slots=True)
class LineRuling:
    """What we say to one line of a change: ``line`` is empty for the order as a whole.

    ``quantity`` is the total of the line when it is done, ``unit_price`` what counts then; ``ask`` waits for somebody.
    """

    line: str
    said: str
    ruling: Ruling
    reason: str = ""
    quantity: Decimal | None = None
    uom: str = ""
    unit_price: Decimal | None = None
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredChange:
    """A change that was answered; the same one again is answered again and not done twice."""

    change_number: str
    content_hash: str
    status: str
