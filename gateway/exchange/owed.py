"""Documents that leave together: each waits as the file it would be alone, until one file takes all of its bundle."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gateway.exchange.units import Owed
from gateway.kernel.ids import PartnerId, ReceiptId

BUNDLE = "bundle"
"""The kind of the units that let what waits leave."""


class Joining(Enum):
    """How files become one: their sets in one interchange, their objects in one list, their rows below one head."""

    SETS = "sets"
    LIST = "list"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """One document that waits; ``content`` is the file it would be alone, checked, under numbers that count for nothing.

    Documents of one ``bundle`` may stand in one file. ``name``: 855 856 810, or the canonical name; ``number`` is what
    it is about, ``file_name`` the pattern of the file's name. The first ``head`` bytes stand once in the file.
    """

    partner: PartnerId
    bundle: str
    name: str
    number: str
    joining: Joining
    head: int
    channel: str
    file_name: str
    extension: str
    content: bytes
    created_at: datetime
    receipt: ReceiptId | None = None
    order_number: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingBundle:
    """Documents that wait for each other; ``first`` is the number of the oldest one, which came at ``since``."""

    partner: PartnerId
    bundle: str
    first: int
    since: datetime

    @property
    def unit(self) -> Owed:
        """The unit that lets them leave; it is another one for what waits after it."""
        return Owed(BUNDLE, f"{self.partner}/{self.bundle}/{self.first}", self.partner)
