"""What a measurement found, and what bounds the machine."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LOCKS, COMMITS, ASKING = "waiting for locks", "commits", "statements"
BOUNDS: Mapping[str, tuple[str, ...]] = {
    "the CPU": ("reading", "judging", "mapping", "deciding", "writing", "second opinion", "the rest"),
    "the database": ("database", ASKING, LOCKS),
    "putting things on disk": (COMMITS, "files"),
}
"""What can bound a machine, and the parts of the time that count for it."""
ORDER = (
    "reading", "judging", "mapping", "deciding", "writing", "second opinion", "database", ASKING, LOCKS, COMMITS, "files", "the rest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement; times are seconds of wall time, sizes bytes.

    ``together`` are the orders a second of ``workers`` processes at work at once; all else is of one process.
    ``held`` says how long rows of each table were held until their commit was done, all transactions together.
    ``goods`` and ``goods_held`` are the part of both from when the warehouse had said that goods left.
    ``kept_waiting`` are those for which other programs had the processor: a machine that is not quiet shows less than it can.
    """

    database: str
    orders: int
    lines: int
    workers: int
    seconds: float
    cpu: float
    kept_waiting: float
    parts: Mapping[str, float]
    fsync: float
    commit: float
    commits: int
    statements: int
    rows: Mapping[str, int]
    held: Mapping[str, float]
    database_bytes: int
    log_bytes: int
    file_bytes: int
    together: float = 0.0
    goods: float = 0.0
    goods_held: Mapping[str, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Orders in a second of wall time."""
        return self.orders / self.seconds

    def shares(self) -> Mapping[str, float]:
        """What each bound takes of the time, the largest first."""
        taken = {name: sum(self.parts.get(part, 0.0) for part in parts) for name, parts in BOUNDS.items()}
        return dict(sorted(((name, each / self.seconds) for name, each in taken.items()), key=lambda pair: -pair[1]))

    def verdict(self) -> str:
        """What bounds the machine, as a sentence with its figure."""
        bound, share = next(iter(self.shares().items()))
        return f"What bounds it: {bound}, {share:.0%} of the time{_advice(bound, self)}"

    def view(self) -> dict[str, Any]:
        """The measurement as JSON."""
        return {
            "database": self.database, "orders": self.orders, "lines": self.lines, "workers": self.workers,
            "seconds": round(self.seconds, 3), "orders_per_second": round(self.per_second, 1), "cpu_seconds": round(self.cpu, 3), "kept_waiting_seconds": round(self.kept_waiting, 3),
            "parts": {name: round(self.parts[name], 4) for name in ORDER if name in self.parts},
            "bound": next(iter(self.shares())), "shares": {name: round(each, 3) for name, each in self.shares().items()},
            "fsync_ms": round(self.fsync * 1e3, 3), "commit_ms": round(self.commit * 1e3, 3), "commits": self.commits,
            "statements_per_order": round(self.statements / self.orders, 2),
            "rows_per_order": {name: round(each / self.orders, 2) for name, each in sorted(self.rows.items())},
            "held_ms_per_order": {name: round(each / self.orders * 1e3, 3) for name, each in sorted(self.held.items())},
            "goods_seconds": round(self.goods, 3),
            "goods_held_ms_per_order": {name: round(each / self.orders * 1e3, 3) for name, each in sorted(self.goods_held.items())},
            "database_bytes_per_order": round(self.database_bytes / self.orders),
            "log_bytes_per_order": round(self.log_bytes / self.orders),
            "file_bytes_per_order": round(self.file_bytes / self.orders),
            "orders_per_second_together": round(self.together or self.per_second, 1),
        }  # fmt: skip


class Goods:
    """The part of a measurement that goods which leave take."""

    def __init__(self) -> None:
        self._begun, self._before = 0.0, dict[str, float]()
        self.seconds, self.held = 0.0, dict[str, float]()

    def begin(self, held: Mapping[str, float]) -> None:
        """From here on; ``held`` is how long rows of each table were held so far."""
        self._begun, self._before = time.perf_counter(), dict(held)

    def end(self, held: Mapping[str, float]) -> None:
        """Up to here."""
        self.seconds = time.perf_counter() - self._begun
        self.held = {name: seconds - self._before.get(name, 0.0) for name, seconds in held.items()}


def _advice(bound: str, found: Measured) -> str:
    if bound == "putting things on disk":
        return f"; a file is on disk after {found.fsync * 1e3:.1f} ms, a commit after {found.commit * 1e3:.1f} ms. A faster disk helps."
    if bound == "the database":
        return f"; {found.statements / found.orders:.1f} statements for each order. A faster server, or one that is nearer, helps."
    return "; a faster core helps, and on PostgreSQL more processes (docs/explanation/scaling.md)."
