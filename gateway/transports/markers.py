"""Files that say of another one that it is complete: named like it, with something added or instead of its ending."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self


@dataclass(frozen=True, slots=True)
class Markers:
    """How the markers of a channel are named: ``pattern`` has ``{name}``, or ``{stem}`` for the name without its ending."""

    pattern: str
    shape: re.Pattern[str]

    @classmethod
    def of(cls, pattern: str) -> Self:
        """Those of a pattern.

        >>> made = Markers.of("{stem}.ok")
        >>> made.of_file("po.edi"), made.is_marker("po.ok"), made.is_marker("po.edi")
        ('po.ok', True, False)
        """
        parts = re.split(r"\\{(?:name|stem)\\}", re.escape(pattern))
        return cls(pattern, re.compile(".+".join(parts), re.DOTALL))

    def of_file(self, name: str) -> str:
        """The name of the marker of a file."""
        return self.pattern.replace("{name}", name).replace("{stem}", PurePath(name).stem)

    def is_marker(self, name: str) -> bool:
        """Whether a name is one that only markers have."""
        return self.shape.fullmatch(name) is not None
