"""How a channel is: well, failing, or stopped until somebody acts; and addresses that failed to log in to us."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gateway.kernel.ids import ChannelKey, PartnerId


class Direction(Enum):
    """Which way files go."""

    IN = "in"
    OUT = "out"


class ChannelHealth(Enum):
    """failing: another try may help; stopped: none will, until a person acts."""

    OK = "ok"
    FAILING = "failing"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Channel:
    """Which channel: ``kind`` is that of the partner file, directory or sftp."""

    key: ChannelKey
    partner: PartnerId
    direction: Direction
    kind: str


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel is. ``since`` is the first of the ``failures`` in a row, the ``code`` and ``reason`` are the last's."""

    channel: Channel
    health: ChannelHealth = ChannelHealth.OK
    failures: int = 0
    since: datetime | None = None
    retry_at: datetime | None = None
    next_poll: datetime | None = None
    last_ok: datetime | None = None
    code: str = ""
    reason: str = ""

    def waits(self, now: datetime) -> bool:
        """Whether it is not to be tried at this moment.

        >>> from datetime import UTC
        >>> acme = Channel(ChannelKey("outbox/acme"), PartnerId("acme"), Direction.OUT, "directory")
        >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
        >>> ChannelState(acme, ChannelHealth.FAILING, 1, noon, retry_at=noon).waits(noon)
        False
        >>> ChannelState(acme, ChannelHealth.STOPPED, 1, noon).waits(noon)
        True
        """
        if self.health is ChannelHealth.STOPPED:
            return True
        return self.retry_at is not None and self.retry_at > now


@dataclass(frozen=True, slots=True)
class Ban:
    """How often an address failed to log in, and until when it is not heard."""

    address: str
    failures: int
    last_at: datetime
    banned_until: datetime | None = None
