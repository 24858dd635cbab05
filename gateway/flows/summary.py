"""What happened to an X12 file in one line: what is counted on the way, and how it is told."""

from collections import Counter
from collections.abc import Mapping

from gateway.exchange.slices import Counts

_MANY = {
    "functional group": "functional groups", "set accepted": "sets accepted", "set rejected": "sets rejected",
    "interchange rejected": "interchanges rejected", "interchange without a group": "interchanges without a group",
    "answer": "answers", "answer to nothing": "answers to nothing", "answer without a verdict": "answers without a verdict",
}  # fmt: skip


class Tally(Counter[str]):
    """Counts each kind, and remembers at which place of the file it came first."""

    def __init__(self) -> None:
        super().__init__()
        self.place = 0
        self._first: dict[str, int] = {}

    def __setitem__(self, kind: str, number: int) -> None:
        """Count on, from the place where we are."""
        self._first.setdefault(kind, self.place)
        super().__setitem__(kind, number)

    def told(self) -> Counts:
        """Where each kind came first, and how many there were."""
        return {kind: (self._first[kind], number) for kind, number in self.items()}


def sliced(total: int, taken: int) -> str:
    """How far a large file is.

    >>> sliced(50, 12)
    '12 of 50 slices taken'
    """
    return f"{taken} of {total} slices taken"


def line(counts: Mapping[str, int]) -> str:
    """``1 functional group, 3 sets accepted``.

    >>> line({"functional group": 1, "set accepted": 3})
    '1 functional group, 3 sets accepted'
    """
    return ", ".join(f"{number} {what if number == 1 else _MANY.get(what, what)}" for what, number in counts.items())
