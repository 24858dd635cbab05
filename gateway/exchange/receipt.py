"""One received file and its states; held documents that wait outside any order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from gateway.kernel.ids import BatchId, ChannelKey, ClaimId, HoldId, PartnerId, ReceiptId, Sha256

ALONE = BatchId("")
"""Of a file that comes alone: it is a batch by itself."""
NOT_NOTED = ChannelKey("")
"""The channel of a file of an earlier version."""
MARKER_PATIENCE = timedelta(hours=1)
"""How long a file waits for its marker, and a marker for its file, before somebody is told."""


class ReceiptState(Enum):
    """Where a received file stands; ``held`` and ``duplicate`` are ends as much as ``processed``.

    ``sliced``: it was judged and answered, and its sets are taken slice by slice.
    """

    RECEIVED = "received"
    SLICED = "sliced"
    PROCESSED = "processed"
    HELD = "held"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file that was taken: its claim, who brought it, what it was called, the hash of its bytes.

    ``batch`` is shared by the files that are interpreted together. ``documents`` are the canonical documents it brought.
    """

    id: ReceiptId
    claim: ClaimId
    partner: PartnerId
    file_name: str
    sha256: Sha256
    size: int
    received_at: datetime
    state: ReceiptState = ReceiptState.RECEIVED
    summary: str = ""
    batch: BatchId = ALONE
    channel: ChannelKey = NOT_NOTED
    documents: tuple[str, ...] = ()
    content_removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileHold:
    """Why a file, or one document of it, waits (type FILE, or DATA for its content); ``figures`` show it, as JSON."""

    id: HoldId
    type: str
    code: str
    reason: str
    since: datetime
    partner: PartnerId
    receipt: ReceiptId | None
    file_name: str
    reference: str = ""
    key: str = ""
    figures: str = ""


@dataclass(frozen=True, slots=True)
class FileQuery:
    """Which received files to list; what is empty means any. ``named`` is a part of the name, ``code`` that of an open hold."""

    partner: PartnerId | None = None
    state: str = ""
    code: str = ""
    named: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in a folder that is not taken, by its name as it can be shown, and why."""

    name: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Since when a file in a folder looks as it does: by the moment of the run, and by the clock of the machine."""

    since: datetime
    observed: datetime


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that was seen and is not taken yet, by the key of its channel; since when it looks as it does."""

    channel: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ReceivedControlNumber:
    """An ISA13 we have seen: who sent it to whom, and with which bytes."""

    partner: PartnerId
    sender: str
    receiver: str
    control_number: str
    sha256: Sha256
    receipt: ReceiptId
    received_at: datetime
