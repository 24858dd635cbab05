"""The inputs of a mapping besides its document: the same inputs always give the same result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo


@dataclass(frozen=True, slots=True)
class Environment:
    """Partner parameters, the business date in the partner's zone, envelope values and the file's name.

    ``control`` are the numbers of the file that is written (isa13, gs06, st02, number), where a mapping asks for them;
    ``zone`` is the partner's, for moments that name none.
    """

    params: Mapping[str, str]
    today: date
    envelope: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""
    control: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo | None = None
