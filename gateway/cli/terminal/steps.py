"""Work told step by step: what is done now as a live line, what was done as a line that stays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from gateway.cli.terminal.drawing import shown
from gateway.cli.terminal.progress import Progress

AT_ONCE = 0.2
"""Seconds before a step is drawn."""


@dataclass(slots=True)
class Step:
    """One step, and what came of it."""

    what: str
    results: list[str] = field(default_factory=list)

    def says(self, result: str) -> None:
        """Something came of it; it stands in the line that stays."""
        self.results.append(result)


@dataclass(slots=True)
class Steps:
    """Steps that are told one after the other; ``tell`` prints the line that stays."""

    tell: Callable[[str], None]
    total: int | None = None
    done: int = 0

    @contextmanager
    def doing(self, what: str) -> Iterator[Step]:
        """One step: live while it lasts, a line when it is over; a step that fails leaves none."""
        of = f"{self.done + 1}/{self.total} " if self.total is not None else ""
        step = Step(what)
        with shown(Progress(f"{of}{what}"), AT_ONCE):
            yield step
        self.done += 1
        self.tell(f"{of}{what}{': ' if step.results else ''}{', '.join(step.results)}")
