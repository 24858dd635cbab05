"""Times that were agreed: what is to be done by when, and files that are to come on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from gateway.kernel.ids import PartnerId, ReceiptId


class PromiseState(Enum):
    """A missed promise stays missed when it is done at last."""

    RUNNING = "running"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is measured for a partner about a subject, from when, until when, and what it may cost to miss it."""

    measure: str
    partner: PartnerId
    subject: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    state: PromiseState = PromiseState.RUNNING
    risk: Decimal | None = None
    currency: str = ""

    @property
    def key(self) -> str:
        """What names it for good."""
        return f"{self.measure}:{self.partner}:{self.subject}"


class ExpectedState(Enum):
    """late: it was missed, and came then."""

    MET = "met"
    MISSED = "missed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """What became of a file that is to come on a day; ``key`` says whose, which and by when."""

    key: str
    day: date
    state: ExpectedState
    at: datetime
    receipt: ReceiptId | None = None
