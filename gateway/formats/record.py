"""The neutral tree that every format reads into; mappings see nothing else."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class Segment(list[str]):
    """One X12 segment with its place: item 0 is the id, item n is element n as it stood in the file.

    ``position`` counts within the set, ST = 1; ``offset`` is the byte offset in the file.
    A composite keeps its separators (``component_separator`` of the root record splits it).
    """

    __slots__ = ("offset", "position")

    def __init__(self, elements: list[str], position: int, offset: int = -1) -> None:
        super().__init__(elements)
        self.position = position
        self.offset = offset


class Record:
    """One node: a transaction set, a loop instance, a document of rows, or one row. It does not know what is above it.

    X12: ``head`` is the trigger segment of a loop instance and ``name`` its id ("" for the set itself), ``segments`` the
    other segments of this level by id in file order, ``children`` the loop instances by trigger id, HL loops by
    ``HL``; what fits nowhere is kept in ``segments["?"]``. Segments are plain lists of their elements: where one stands is asked
    of the root, ``SetRecord``. Delimited text: a document has ``children["row"]``; a row has ``fields`` by
    column title, and ``position`` is its row number in the file (header = 1).
    """

    __slots__ = ("children", "fields", "head", "name", "position", "segments")

    component_separator = ""

    def __init__(
        self, name: str, position: int = 0, head: list[str] | None = None, fields: Mapping[str, str] = NO_FIELDS
    ) -> None:
        self.name = name
        self.position = position
        self.head = head
        self.fields = fields
        self.segments: dict[str, list[list[str]]] = {}
        self.children: dict[str, list[Record]] = {}

    def position_of(self, segment: Sequence[str]) -> int:
        """Where a segment stands, 0 where that is not known; only a whole set knows it of all its segments."""
        return self.position if segment is self.head else 0


class SetRecord(Record):
    """A transaction set: the root of its loops; ``flat`` are all its segments in file order, the same lists as in the tree."""

    __slots__ = ("_positions", "component_separator", "flat", "repetition_separator")

    def __init__(
        self, flat: Sequence[list[str]], component_separator: str = "", repetition_separator: str = ""
    ) -> None:
        super().__init__("")
        self.flat = flat
        self.component_separator = component_separator
        self.repetition_separator = repetition_separator
        self._positions: dict[int, int] = {}

    def position_of(self, segment: Sequence[str]) -> int:
        """Where a segment of the tree stands in the set, ST = 1; found by identity, and only when somebody asks."""
        if not self._positions:
            self._positions = {id(each): at for at, each in enumerate(self.flat, start=1)}
        return self._positions.get(id(segment), 0)
