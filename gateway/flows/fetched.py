"""A file of a server that we have whole, in a folder of ours, as whoever receives files wants it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gateway.kernel.ids import ChannelKey, ClaimId, PartnerId


def is_sure(path: Path) -> bool:
    """Whether what lies there was written since this machine started.

    What was not synced before a power cut may be anything, though it has its length.
    """
    return path.stat().st_mtime >= time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One such file; ``path`` is named by its claim."""

    claim: ClaimId
    partner: PartnerId
    file_name: str
    channel: ChannelKey
    path: Path

    def open(self) -> BinaryIO:
        """Its bytes, from the first one on."""
        return self.path.open("rb")

    def release(self) -> None:
        """Remove our copy: archive and receipt have it now; absent is fine."""
        self.path.unlink(missing_ok=True)

    def put_aside(self, refused: Path) -> None:
        """Keep it where nobody reads it again: it is no file that can be read."""
        refused.mkdir(parents=True, exist_ok=True)
        self.path.rename(refused / self.claim)
