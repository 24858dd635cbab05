"""One outbound file: always the same bytes under the same name, until it is delivered."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gateway.kernel.ids import BatchId, ChannelKey, DispatchId, PartnerId, ReceiptId

LATER = BatchId("")
"""The batch is given with the transaction that owes the file."""


class DispatchState(Enum):
    """ready: bytes are stored; staged: written beside the target; delivered: under its name; held: nowhere to go.

    given up: tried for as long as was agreed; cancelled: somebody said that it is not to leave.
    """

    READY = "ready"
    STAGED = "staged"
    DELIVERED = "delivered"
    HELD = "held"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


OPEN = (DispatchState.READY, DispatchState.STAGED)
"""States of what is to leave."""
ENDED = (DispatchState.HELD, DispatchState.GIVEN_UP, DispatchState.CANCELLED)
"""States of what did not leave and is not tried, until somebody says so."""


class AttemptOutcome(Enum):
    """unsure: it may be there or not, and nobody can tell; given up: it was the last one."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNSURE = "unsure"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand over a file, the ``number``-th, and how long it took."""

    dispatch: DispatchId
    number: int
    at: datetime
    milliseconds: int
    outcome: AttemptOutcome
    error: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A file that is still to leave and was tried before: its ``last`` try, to whom, through which channel."""

    last: Attempt
    partner: PartnerId
    channel: ChannelKey


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that is owed, without its bytes: in which batch, to whom, through which channel, since when.

    ``place`` is where it stands in the order in which files were owed.
    """

    id: DispatchId
    batch: BatchId
    partner: PartnerId
    channel: ChannelKey
    created_at: datetime
    place: int


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One file that leaves; ``document`` 997 TA1 855 856 810 or a canonical name, ``number`` what it is about.

    ``channel`` is the path of the outlet folder relative to the site. ``receipt`` is the file it answers;
    ``order_number`` the order it belongs to. ``repeats`` counts repetitions asked for after delivery. ``notes`` are
    sentences on data that could not leave as it was, one line each. ``batch`` is shared by what one transaction owes
    one partner: it is delivered together.

    ``documents`` counts those that left together in it, 0 where it is one by itself. With a ``set_number`` it stands for
    one of them: number, order, receipt, ``created_at`` and ``answer_state`` are those of that document, the file is the
    whole one.

    ``answer_due`` stands while an answer is awaited. ``resends`` is the dispatch that it is sent again for.
    """

    id: DispatchId
    partner: PartnerId
    document: str
    number: str
    control_number: str
    file_name: str
    channel: str
    content: bytes
    created_at: datetime
    state: DispatchState = DispatchState.READY
    receipt: ReceiptId | None = None
    order_number: str = ""
    delivered_at: datetime | None = None
    repeats: int = 0
    notes: tuple[str, ...] = ()
    batch: BatchId = LATER
    documents: int = 0
    set_number: str = ""
    answer_due: datetime | None = None
    answer_state: str = ""
    given_up_at: datetime | None = None
    resends: DispatchId | None = None
    content_removed_at: datetime | None = None
