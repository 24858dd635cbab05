"""Where a rule looks for its names while a document is written: the item, the items around it, the document."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from gateway.canonical.base import attribute
from gateway.mapping.environment import Environment
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing.trace import WritingTrace

OUTER = "outer."
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@dataclass(slots=True)
class Run:
    """One run over one document: its inputs, its problems, and how many HL levels there are so far; its trace when it ``traces``."""

    env: Environment
    document: str
    problems: list[MappingProblem] = field(default_factory=list)
    levels: int = 0
    trace: WritingTrace = field(default_factory=WritingTrace)
    traces: bool = False


@dataclass(slots=True)
class Scope:
    """The document, or one item of a list in it; ``label`` says which one (``lines[2]``)."""

    run: Run
    item: object
    outer: "Scope | None" = None
    index: int = 1
    label: str = ""
    vars: dict[str, object] = field(default_factory=dict)

    def resolve(self, name: str) -> object:
        """What a name stands for; None when it has no value."""
        if name.startswith("$"):
            return self.dollar(name)
        if name in self.vars:
            return self.vars[name]
        if name.startswith(OUTER):
            return self.outer.resolve(name.removeprefix(OUTER)) if self.outer is not None else None
        if name.startswith(f"{self.run.document}."):
            return self.root().resolve(name.partition(".")[2])
        return attribute(self.item, name)

    def dollar(self, name: str) -> object:
        """The inputs that are not in the document."""
        env = self.run.env
        known = {"$today": env.today, "$index": self.index, "$hl_count": self.run.levels, "$file.name": env.file_name}
        if name in known:
            return known[name]
        kind, _, rest = name.removeprefix("$").partition(".")
        return {"partner": env.params, "control": env.control}.get(kind, env.envelope).get(rest)

    def root(self) -> "Scope":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self

    def inside(self) -> "Scope":
        """The same item for a group without a list: its helper values are its own."""
        return Scope(self.run, self.item, self.outer, self.index, self.label, dict(self.vars))

    def items(self, lists: tuple[str, ...]) -> "list[Scope]":
        """One scope for each item of a list; for a list inside of lists one for each item of each."""
        found = [self]
        for name in lists:
            found = [item for place in found for item in place.children(name)]
        return found

    def children(self, name: str) -> "list[Scope]":
        """One scope for each item of one list."""
        values = self.resolve(name)
        if not isinstance(values, tuple | list):
            return []
        shown = name.removeprefix(f"{self.run.document}.").replace(OUTER, "")
        path = f"{self.label}.{shown}" if self.label else shown
        return [Scope(self.run, item, self, at, f"{path}[{at}]") for at, item in enumerate(values, start=1)]


def sort_key(value: object) -> tuple[int, object]:
    """Where a value stands among others of its field.

    Texts that are numbers are numbers and come before other texts ("2", "10", "A1"); what is empty comes last.
    """
    if value is None or value == "":
        return (2, 0)
    if isinstance(value, str):
        return (0, Decimal(value)) if _NUMBER.fullmatch(value) else (1, value)
    return (0, value) if isinstance(value, Decimal | int | date | time) else (1, str(value))
