"""What a process remembers between two scans of the folders: files it has begun to take, and what it has told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.flows.file_ports import Claimed
from gateway.kernel.ids import ClaimId


@dataclass(slots=True)
class Intake:
    """``unfinished`` are files that are claimed and could not be received; they are tried again with the next scan.

    ``told`` is what was told after the last scan; None before the first one. ``places`` is where each folder really is.
    """

    unfinished: dict[ClaimId, Claimed] = field(default_factory=dict)
    told: Mapping[str, str] | None = None
    places: dict[Path, str] = field(default_factory=dict)
