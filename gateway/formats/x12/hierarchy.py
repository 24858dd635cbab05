"""References within one set: HL parents that must have come before, and LS/LE brackets that must carry one id."""

from collections.abc import Sequence
from dataclasses import dataclass, field

LINKED = frozenset({"HL", "LS", "LE"})
"""The segments whose values refer to one another."""


@dataclass(slots=True)
class Hierarchy:
    """What one set has named so far."""

    levels: set[str] = field(default_factory=set)
    brackets: list[str] = field(default_factory=list)

    def take(self, segment: Sequence[str]) -> tuple[int, str] | None:
        """The element that refers wrongly and what is wrong with it, None if nothing is.

        HL01 names a level once in a set, HL02 names a level that came before; LE01 repeats its LS01 (X12.59).
        """
        value = segment[1] if len(segment) > 1 else ""
        if segment[0] == "HL":
            return self._level(value, segment[2] if len(segment) > 2 else "")  # noqa: PLR2004 - HL02
        if segment[0] == "LS":
            self.brackets.append(value)
        elif self.brackets and value and (opened := self.brackets.pop()) and opened != value:
            return 1, f"'{value}' closes a bracket that LS01 opened as '{opened}'."
        return None

    def _level(self, number: str, parent: str) -> tuple[int, str] | None:
        known = number in self.levels
        wrong = None
        if parent and parent not in self.levels:
            wrong = 2, f"'{parent}' names no hierarchical level that came before."
        elif known and number:
            wrong = 1, f"'{number}' was the number of an earlier hierarchical level; each is used once."
        self.levels.add(number)
        return wrong
