"""What an outbound mapping did with one document: every text it wrote, with the fields it comes from and its rule."""

from dataclasses import dataclass, field

CONST, CALC, FROM, DEFAULT = "const", "calc", "from", "default"
"""Where a text came from."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """One text: its place in what is written, the item it belongs to (``lines[2]``), and the rule's ``file:line``.

    ``sources`` are our fields with the texts of their values; ``said`` is the expression of a computed text.
    """

    target: str
    item: str
    text: str
    origin: str
    sources: tuple[tuple[str, str], ...]
    said: str
    rule: str


@dataclass(slots=True)
class WritingTrace:
    """Filled while a mapping writes one document; ``mark`` and ``forget`` take back what was not written after all."""

    rows: list[Wrote] = field(default_factory=list)

    def mark(self) -> int:
        """Where the rows stand now."""
        return len(self.rows)

    def forget(self, mark: int) -> None:
        """Take back the rows since a mark."""
        del self.rows[mark:]

    def drop(self, target: str, item: str, rule: str) -> None:
        """Take back what one rule wrote for one item."""
        self.rows[:] = [row for row in self.rows if (row.target, row.item, row.rule) != (target, item, rule)]
