"""Long sequences most of whose items are alike: the usual ones are made when they are asked for, only the others kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")
U = TypeVar("U")


class Sparse(Sequence[T], Generic[T]):
    """So many items: ``others`` by their index, all the rest as ``usual`` makes them.

    Usual items are alike in everything that is counted or judged; what they are called may differ.

    >>> few = Sparse(4, lambda at: f"usual {at}", {2: "odd"})
    >>> list(few), few[-1], [each for each in few.samples()]
    (['usual 0', 'usual 1', 'odd', 'usual 3'], 'usual 3', [('usual 0', 3), ('odd', 1)])
    """

    __slots__ = ("_length", "_usual", "others")

    def __init__(self, length: int, usual: Callable[[int], T], others: Mapping[int, T]) -> None:
        self._length = length
        self._usual = usual
        self.others = others

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        """One item, or a tuple of several."""
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(self._length)))
        index = at + self._length if at < 0 else at
        if not 0 <= index < self._length:
            raise IndexError(at)
        return self.others[index] if index in self.others else self._usual(index)

    def __iter__(self) -> Iterator[T]:
        """Each item; the usual ones are gone again when the next is asked for."""
        others, usual = self.others, self._usual
        return (others[at] if at in others else usual(at) for at in range(self._length))

    def samples(self) -> Iterator[tuple[T, int]]:
        """One of the usual items with their number, then each of the others."""
        usual = next((at for at in range(self._length) if at not in self.others), None)
        if usual is not None:
            yield self._usual(usual), self._length - len(self.others)
        yield from ((each, 1) for each in self.others.values())

    def altered(self, others: Mapping[int, T]) -> "Sparse[T]":
        """The same items but for these."""
        return Sparse(self._length, self._usual, {**self.others, **others})

    def mapped(self, usual: Callable[[T], U], other: Callable[[T], U]) -> "Sparse[U]":
        """What functions make of the items; that of usual ones is asked whenever one is looked at."""
        make = self._usual
        return Sparse(self._length, lambda at: usual(make(at)), {at: other(one) for at, one in self.others.items()})
