"""One item in one warehouse, as a unit of work has it in memory."""

from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any

from gateway.kernel.quantity import ZERO, plain
from gateway.store.moments import to_moment

AMOUNTS = ("on_hand", "blocked", "reserved", "in_question")


@dataclass(slots=True)
class Shelf:
    """One item in one warehouse: how many, and when it was counted last."""

    on_hand: Decimal = ZERO
    blocked: Decimal = ZERO
    reserved: Decimal = ZERO
    in_question: Decimal = ZERO
    counted_at: str = ""
    blocked_at: str = ""

    @property
    def free(self) -> Decimal:
        """What may still be reserved; less than nothing where more was reserved than turned out to be there."""
        return self.on_hand - self.reserved - self.in_question

    def row(self) -> dict[str, str]:
        """The columns besides its key."""
        return {
            "on_hand": plain(self.on_hand), "blocked": plain(self.blocked), "reserved": plain(self.reserved),
            "in_question": plain(self.in_question), "counted_at": self.counted_at, "blocked_at": self.blocked_at,
        }  # fmt: skip


def counted_after(shelf: Shelf, day: date, zone: tzinfo) -> bool:
    """Whether goods were counted on a later day than this one, in the house."""
    return bool(shelf.counted_at) and to_moment(shelf.counted_at).astimezone(zone).date() > day


def shelf_of(row: Any) -> Shelf:
    """A row of the table."""
    amounts = {name: Decimal(getattr(row, name)) for name in AMOUNTS}
    return Shelf(**amounts, counted_at=row.counted_at, blocked_at=row.blocked_at)
