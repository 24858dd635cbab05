"""A file of a server that we have whole, in a folder of ours, as whoever receives files wants it."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gateway.kernel.ids import ChannelKey, ClaimId, PartnerId


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
