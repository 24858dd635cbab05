"""A unit of work that is still to be done: what kind, which one, and for whom."""

from dataclasses import dataclass

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
