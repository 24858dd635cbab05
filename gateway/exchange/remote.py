"""Files on servers of partners: what one looks like there, and how far it is taken."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from gateway.exchange.receipt import Refusal
from gateway.kernel.ids import ChannelKey, ClaimId, ReceiptId


class Renamed(Enum):
    """How a file got its name there: in one step, in a step that replaces nothing, or nobody can tell whether."""

    REPLACED = "replaced"
    PLAIN = "plain"
    UNSURE = "unsure"


class RemoteState(Enum):
    """claimed: being fetched; taken: its receipt is written; done: it was removed, moved or left there; refused: never taken."""

    CLAIMED = "claimed"
    TAKEN = "taken"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RemoteLook:
    """What a listing says of a file; ``name`` is written so that it can be shown, ``raw_name`` is what the server knows."""

    name: str
    raw_name: bytes
    size: int
    changed: int

    @property
    def signature(self) -> str:
        """What tells it from another file of its name.

        >>> RemoteLook("po.edi", b"po.edi", 512, 1795000000).signature
        '512:1795000000'
        """
        return f"{self.size}:{self.changed}"


@dataclass(frozen=True, slots=True)
class RemoteWait:
    """What waits for its other half: a file for its marker, or a marker for its file; ``why`` is told when that takes long."""

    name: str
    signature: str
    why: str


@dataclass(slots=True)
class RemoteListing:
    """What lies in a folder: the ``files`` that may be taken, the oldest first, and why others are not.

    ``names`` are all that were seen; where there were too many not ``is_whole``. ``refused`` is never opened.
    """

    files: list[RemoteLook] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    waiting: list[RemoteWait] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a server and how far it is taken; ``raw_name`` only where it differs from ``name``."""

    channel: ChannelKey
    name: str
    signature: str
    size: int
    at: datetime
    state: RemoteState = RemoteState.CLAIMED
    claim: ClaimId | None = None
    receipt: ReceiptId | None = None
    raw_name: bytes | None = None
