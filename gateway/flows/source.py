"""Where a received document stands: what everything that acts on it may ask."""

from dataclasses import dataclass

from gateway.config.partner import Partner
from gateway.exchange.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Source:
    """Whose file, which part of it, whether it is a test, what in it breaks a partner guide; ``key`` finds it again.

    ``came_as`` is the format of a file without X12; ``who`` is the person who brought it by a command; none for a file of the partner's.
    """

    partner: Partner
    receipt: Receipt
    name: str
    key: str
    test: bool
    guide_faults: tuple[str, ...] = ()
    who: str = ""
    came_as: str = ""
