"""What a policy decides on besides the order and what is asked: facts, terms, the moment, and numbers for holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gateway.kernel.ids import HoldId
from gateway.orders.facts import Facts
from gateway.orders.terms import Terms


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one decision is made on; ``new_hold_id`` gives the id of each new hold."""

    facts: Facts
    terms: Terms
    now: datetime
    new_hold_id: Callable[[], HoldId]

    @property
    def today(self) -> date:
        """The business date of the partner."""
        return self.facts.today
