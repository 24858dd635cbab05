"""The inputs of a mapping besides its document: the same inputs always give the same result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Environment:
    """Partner parameters, the business date in the partner's zone, envelope values and the file's name."""

    params: Mapping[str, str]
    today: date
    envelope: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""
