"""A file of very many sets that was judged and answered as a whole, and the slices in which its sets are taken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gateway.kernel.ids import ReceiptId

Counts = Mapping[str, tuple[int, int]]
"""What the summary of a file counts: where each kind came first, and how many there were."""


@dataclass(frozen=True, slots=True)
class SlicePart:
    """Accepted sets of one group: the elements of its ISA and GS, the separators, and where each set begins.

    ``separators`` are those of elements, components, repetitions and segments, ``line_end`` is what follows a segment.
    """

    header: tuple[str, ...]
    separators: tuple[str, str, str, str]
    line_end: str
    group: tuple[str, ...]
    starts: tuple[int, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Some sets of a file that are taken in one transaction; its bytes are those from ``start`` to ``end``.

    ``before`` is how many accepted sets stand in the file before it. ``digest`` is the SHA-256 of its bytes.
    """

    receipt: ReceiptId
    number: int
    start: int
    end: int
    digest: str
    before: int
    parts: tuple[SlicePart, ...]

    @property
    def id(self) -> str:
        """What people and the engine call it."""
        return f"{self.receipt}-{self.number}"


@dataclass(frozen=True, slots=True)
class SlicedFile:
    """What is known of the whole file while its slices are taken: its counts so far, and what its summary ends with."""

    receipt: ReceiptId
    total: int
    counts: Counts
    tail: str


def merged(parts: Iterable[Counts]) -> dict[str, int]:
    """The counts of a file in the order in which each kind came first.

    >>> merged([{"set accepted": (1, 5), "set rejected": (4, 1)}, {"answer": (3, 2)}, {"answer": (7, 1)}])
    {'set accepted': 5, 'answer': 3, 'set rejected': 1}
    """
    first: dict[str, int] = {}
    number: dict[str, int] = {}
    for kind, (at, count) in _all(parts):
        first[kind] = min(at, first.get(kind, at))
        number[kind] = number.get(kind, 0) + count
    return {kind: number[kind] for kind in sorted(number, key=first.__getitem__)}


def _all(parts: Iterable[Counts]) -> Iterator[tuple[str, tuple[int, int]]]:
    for part in parts:
        yield from part.items()
