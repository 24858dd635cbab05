"""What an inbound mapping did with one document: every value with its sources and steps, and which data was read."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gateway.mapping.notations.notation import Found

FROM, CONST, CALC, DEFAULT = "from", "const", "calc", "default"
"""Where a value came from."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step that ran, and the value after it."""

    key: str
    value: object


@dataclass(frozen=True, slots=True)
class Traced:
    """One value: its field from the document on (``lines[1].ids.upc``), where it came from, and the rule's ``file:line``.

    ``sources`` are the data it was read from, qualifiers first; ``steps`` what happened to it, empty steps left out;
    ``origin`` is from, const, calc or default; ``rule_field`` is the field without numbers of items.
    """

    field: str
    value: object
    sources: tuple[Found, ...]
    steps: tuple[StepTaken, ...]
    rule: str
    origin: str
    rule_field: str


@dataclass(slots=True)
class Trace:
    """Filled while a mapping runs.

    ``used`` are the keys of the data that was read, ``given`` the fields and places of rules that gave a value of
    their own (no default), ``values`` the values of the document nested, in the order of the rules.
    """

    rows: list[Traced] = field(default_factory=list)
    used: set[Hashable] = field(default_factory=set)
    given: set[tuple[str, str]] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)

    def read(self, found: Iterable[Found]) -> None:
        """Data that was read, or looked at by a condition."""
        self.used.update(each.key for each in found)
