"""What went wrong while a document was mapped: a value, collected, never raised."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """One thing that went wrong, with the rule's place (``file:line``) and a sentence for people.

    Inbound ``field`` is the canonical field and ``source`` the path that was read; outbound ``field`` is the target
    that was to be written and ``source`` the canonical field. ``level`` is hold, reject or warn.
    """

    code: str
    field: str
    source: str
    value: str
    rule: str
    message: str
    level: str = "hold"
