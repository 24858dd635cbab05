"""How far long work is, as it counts it and as a sentence says it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Progress:
    """How much of some work is done; whoever does it says so, and whoever draws it is told."""

    what: str
    total: int | None = None
    unit: str = ""
    done: int = 0
    refresh: Callable[["Progress"], None] = field(default=lambda _: None, repr=False)

    def step(self, more: int = 1) -> None:
        """So much more is done."""
        self.at(self.done + more)

    def at(self, done: int, total: int | None = None) -> None:
        """So much is done in all, of so much when that became known."""
        self.done, self.total = done, self.total if total is None else total
        self.refresh(self)

    def over(self, items: Iterable[T]) -> Iterator[T]:
        """Each of some items; what was done with one is done when the next one is asked for.

        >>> work = Progress("reading", 2)
        >>> list(work.over("ab")), work.done
        (['a', 'b'], 2)
        """
        for each in items:
            yield each
            self.step()

    def says(self, what: str) -> None:
        """Something else is done now."""
        self.what = what
        self.refresh(self)

    def told(self) -> str:
        """How far it is, as a sentence says it.

        >>> Progress("checking", 40, "files", 12).told(), Progress("copying").told()
        ('checking: 12 of 40 files done', 'copying')
        """
        of = f" of {self.total:,}" if self.total is not None else ""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.what}: {self.done:,}{of}{unit} done" if self.done or of else self.what
