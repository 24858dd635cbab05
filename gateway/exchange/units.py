"""A unit of work that is still to be done: what kind, which one, and for whom."""

from dataclasses import dataclass
from datetime import datetime

from gateway.kernel.ids import PartnerId


@dataclass(frozen=True, slots=True)
class Owed:
    """One unit; kind and key name it for good, units of one ``partner`` are done in their order."""

    kind: str
    key: str
    partner: PartnerId | None = None

    @property
    def name(self) -> str:
        """What people and the engine call it."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """One unit of work as the engine sees it; ``worker`` is the process that does it now."""

    kind: str
    key: str
    state: str
    attempts: int
    last_error: str = ""
    partner: PartnerId | None = None
    worker: str = ""
    since: datetime | None = None
