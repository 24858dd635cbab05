"""What can be asked of an order that is to be changed."""

from dataclasses import dataclass

from gateway.kernel.ids import HoldId
from gateway.orders.order import Proposal


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """Change an order already placed as proposed: done, put before somebody, or refused, line by line."""

    proposal: Proposal
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class RejectChange:
    """Refuse the change that waits; the order goes on as it was."""

    hold: HoldId
    note: str
    who: str = "operator"
