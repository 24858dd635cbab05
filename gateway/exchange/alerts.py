"""What somebody must be told, as values: an alert, and a notice of each of its changes over each route."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from gateway.kernel.ids import AlertId, NoticeId, PartnerId

NOBODY = PartnerId("")
"""Of an alert that is about the site."""
UNROUTED = ""
"""The route of a notice that is still to be shared out over the routes that want it."""


class Severity(Enum):
    """How bad it is; ``rank`` puts them in order."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """The worse, the higher.

        >>> max(Severity, key=lambda each: each.rank)
        <Severity.CRITICAL: 'critical'>
        """
        return tuple(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody must be told. Of a ``key`` one is open at most; those of one ``cause`` are told together.

    ``document`` and ``reference`` say what it is about, ``risk`` what it may cost. ``times``: how often it was met.
    """

    id: AlertId
    key: str
    kind: str
    severity: Severity
    reason: str
    opened_at: datetime
    code: str = ""
    partner: PartnerId = NOBODY
    document: str = ""
    reference: str = ""
    cause: str = ""
    risk: Decimal | None = None
    currency: str = ""
    closed_at: datetime | None = None
    times: int = 1
    note: str = ""


class Change(Enum):
    """What a notice tells: that an alert opened or closed, that it is open still, or all that is open."""

    OPENED = "opened"
    CLOSED = "closed"
    REMINDED = "reminded"
    DIGEST = "digest"


class NoticeState(Enum):
    """failed: it will not be tried again."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """One change that goes over one route, once; a digest has no ``alert``."""

    id: NoticeId
    alert: AlertId | None
    route: str
    change: Change
    due_at: datetime
    body: str = ""
    state: NoticeState = NoticeState.WAITING
    attempts: int = 0
    last_error: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice that is to be sent, with what its alert was caused by."""

    notice: Notice
    cause: str


@dataclass(frozen=True, slots=True)
class Untold:
    """A hold that nobody was told of: its id, or the number of the order that is on hold."""

    target: str
    is_order: bool
    partner: PartnerId
    code: str = ""
    reason: str = ""
    reference: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves over a route: plain text; the ``id`` is the same however often it is sent."""

    id: str
    subject: str
    text: str
