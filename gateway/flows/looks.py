"""Which documents are also looked at for data that no rule reads: all where a mapping says so, else a sample."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from gateway.mapping.prepare import PreparedMapping

FIRST = 25
"""So many documents of each version of a mapping are looked at, since the process began."""
ONE_IN = 500
"""Of those that follow, one in so many; their own content decides which, so that a second reading decides alike."""
LARGE = 500_000
"""A document of more bytes is never one of the first: to look at it would take as many seconds as all the rest."""


@dataclass(slots=True)
class Looks:
    """How many documents of each version of a mapping were looked at so far.

    Looking takes several times as long as reading, and data that appears anew appears in many documents.
    """

    seen: Counter[str] = field(default_factory=Counter)

    def at(self, prepared: PreparedMapping, sha256: str, key: str, size: int = 0) -> bool:
        """Whether the document with this key in the file of this digest is looked at; ``size`` in bytes, where it is known."""
        if prepared.unmapped != "sample":
            return prepared.unmapped != "ignore"
        if size <= LARGE:
            self.seen[prepared.spec_hash] += 1
            if self.seen[prepared.spec_hash] <= FIRST:
                return True
        return int.from_bytes(hashlib.sha256(f"{sha256}:{key}".encode()).digest()[:4]) % ONE_IN == 0
