"""Who did what, as values: an entry of the audit trail, where it ends, and where it is broken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

BEFORE_THE_FIRST = "0" * 64
"""What the first entry is bound to."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to what; ``hash`` binds it to the entry before it, whose hash is ``previous``."""

    sequence: int
    at: datetime
    who: str
    action: str
    subject: str
    partner: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    previous: str = BEFORE_THE_FIRST
    hash: str = ""


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry as it was known."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not as it was written, and why."""

    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A piece of the trail that was looked through: the ``last`` entry of it, and the first that is ``broken``, if one is."""

    last: AuditHead
    broken: Broken | None
    is_end: bool


BEGINNING = AuditHead(0, BEFORE_THE_FIRST)
"""What stands before the first entry."""
