"""One outbound file: always the same bytes under the same name, until it is delivered."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gateway.kernel.ids import BatchId, DispatchId, PartnerId, ReceiptId

LATER = BatchId("")
"""The batch is given with the transaction that owes the file."""


class DispatchState(Enum):
    """ready: bytes are stored; staged: written beside the target; delivered: under its name; held: nowhere to go."""

    READY = "ready"
    STAGED = "staged"
    DELIVERED = "delivered"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One file that leaves; ``document`` 997 TA1 855 856 810 or a canonical name, ``number`` what it is about.

    ``channel`` is the path of the outlet folder relative to the site. ``receipt`` is the file it answers;
    ``order_number`` the order it belongs to. ``repeats`` counts repetitions asked for after delivery. ``notes`` are
    sentences on data that could not leave as it was, one line each. ``batch`` is shared by what one transaction owes
    one partner: it is delivered together.

    ``documents`` counts those that left together in it, 0 where it is one by itself. With a ``set_number`` it stands for
    one of them: number, order, receipt and ``created_at`` are those of that document, the file is the whole one.
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
