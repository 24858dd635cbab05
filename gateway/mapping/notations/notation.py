"""What mappings ask of a format: paths checked where they are written, values and items read by them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.config.problems import Located
from gateway.kernel.issue import Place

Node = Any
"""A place in the data: what it is only its own notation knows."""


class Found(Protocol):
    """A value in the data: its text, its ``name`` in the notation, ``at`` which segment, row or line it stands.

    ``key`` is the same for the same datum however it is reached; ``place`` is where an X12 acknowledgment points to.
    """

    @property
    def value(self) -> str:
        """The text as it stands in the file."""

    @property
    def name(self) -> str:
        """``PO102``, ``Menge``, ``cbc:ID``."""

    @property
    def at(self) -> str:
        """``segment 13``, ``row 3``, ``line 7``."""

    @property
    def key(self) -> Hashable:
        """What tells this datum from every other of the document."""

    @property
    def place(self) -> Place | None:
        """The place in an X12 set, None in other formats."""


@dataclass(frozen=True, slots=True)
class Datum:
    """A value found: see ``Found``."""

    value: str
    name: str
    at: str
    key: Hashable
    place: Place | None = None


def where(found: Found) -> str:
    """A datum for people: ``PO102 (segment 13)``."""
    return f"{found.name} ({found.at})" if found.at else found.name


class ValuePath(Protocol):
    """A path that reads values.

    ``every`` tells that it names several values, ``many`` that it may find several, ``agrees`` that all it finds must be the same, ``codes`` the codes
    that may stand there, None for any text.
    """

    @property
    def text(self) -> str:
        """The path as it is written."""

    @property
    def every(self) -> bool:
        """Whether it names a list of values."""

    @property
    def many(self) -> bool:
        """Whether ``join`` may make one text of all it finds."""

    @property
    def agrees(self) -> bool:
        """Whether two different values contradict each other."""

    @property
    def codes(self) -> frozenset[str] | None:
        """The codes that may stand there."""

    def read(self, node: Node, root: Node) -> Sequence[Found]:
        """Every value with text, in the order of the file."""

    def missing(self, node: Node, root: Node) -> Found | None:
        """Where a value should stand that is not there, None when the format cannot tell."""

    def besides(self, node: Node, root: Node, taken: Sequence[Found]) -> Iterator[Found]:
        """What else was looked at to find the values taken: qualifiers, the same title in other rows."""

    def shadows(self, later: "ValuePath") -> bool:
        """Whether this path always has a value where a later one has."""


class ItemPath(Protocol):
    """A path that gives the items of a group."""

    @property
    def text(self) -> str:
        """The path as it is written."""

    def items(self, node: Node, root: Node) -> Sequence[Node]:
        """The items, in the order of the file."""

    def besides(self, node: Node, root: Node) -> Iterator[Found]:
        """What was looked at to find the items."""


class Level(Protocol):
    """A place in the layout of the data: what may be named from there; problems are collected by the notation.

    ``in_pair``: there is a ``$key`` and a ``$value``.
    """

    @property
    def in_pair(self) -> bool:
        """Whether a group here stands on pairs of qualifier and id."""

    def value(self, text: Located) -> ValuePath | None:
        """The path of one value."""

    def each(self, text: Located) -> "tuple[ItemPath, Level] | None":
        """The path of the items of a group, and the level inside one."""


class Notation(Protocol):
    """How one format names its data."""

    @property
    def date_hint(self) -> str | None:
        """What to write where a date has no form; None when the format has dates of its own."""

    def top(self) -> Level:
        """The level of the document."""

    def ignored(self, text: Located) -> "Ignored | None":
        """What an entry of ``ignore`` covers."""

    def data(self, root: Node) -> Iterator[Found]:
        """Every datum of a document that carries data, in the order of the file."""

    def position(self, node: Node, root: Node) -> int:
        """The number of a node's segment, row or line."""


class Ignored(Protocol):
    """An entry of ``ignore``."""

    def keys(self, root: Node) -> Iterator[Hashable]:
        """The keys of the data that it covers."""
