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


class Layout:
    """A set or a loop instance that holds no segments but says which they are: their indexes in ``flat``, ST = 0.

    Sets with the same segment ids in the same order share one. ``shape`` says which ids it has, those of segments and
    behind a stroke those of loops: the same text for the same ids in the same order.
    """

    __slots__ = ("children", "head", "segments", "shape")

    def __init__(self, head: int = 0) -> None:
        self.head = head
        self.segments: dict[str, list[int]] = {}
        self.children: dict[str, list[Layout]] = {}
        self.shape = "/"

    def close(self) -> None:
        """Nothing more will be added."""
        self.shape = f"{' '.join(self.segments)}/{' '.join(self.children)}"


class SetRecord(Record):
    """A transaction set: the root of its loops; ``flat`` are all its segments in file order, the same lists as in the tree.

    ``is_tidy``: all is printable ASCII, and no element begins or ends with a blank. With a layout the tree is made when
    somebody looks at it.
    """

    __slots__ = (
        "_children", "_layout", "_positions", "_segments", "component_separator", "flat", "is_tidy", "repetition_separator",
    )  # fmt: skip

    def __init__(
        self, flat: Sequence[list[str]], component_separator: str = "", repetition_separator: str = "", *,
        layout: Layout | None = None, is_tidy: bool = False,
    ) -> None:  # fmt: skip
        self.name = ""
        self.position = 0
        self.head = None
        self.fields = NO_FIELDS
        self.flat = flat
        self.component_separator = component_separator
        self.repetition_separator = repetition_separator
        self.is_tidy = is_tidy
        self._layout = layout
        self._segments: dict[str, list[list[str]]] | None = None if layout is not None else {}
        self._children: dict[str, list[Record]] = {}
        self._positions: dict[int, int] = {}

    @property
    def segments(self) -> dict[str, list[list[str]]]:  # type: ignore[override]
        """The segments outside of loops by their ids."""
        return self._grown()

    @property
    def children(self) -> dict[str, list[Record]]:  # type: ignore[override]
        """The loop instances by the ids of their first segments."""
        self._grown()
        return self._children

    @property
    def layout(self) -> Layout:
        """Where the segments of the tree stand in ``flat``."""
        if self._layout is None:
            self._layout = _layout_of(self, {id(each): at for at, each in enumerate(self.flat)})
        return self._layout

    def _grown(self) -> dict[str, list[list[str]]]:
        if self._segments is None and self._layout is not None:
            self._children = _children(self._layout, self.flat)
            self._segments = _segments(self._layout, self.flat)
        return self._segments if self._segments is not None else {}

    def position_of(self, segment: Sequence[str]) -> int:
        """Where a segment of the tree stands in the set, ST = 1; found by identity, and only when somebody asks."""
        if not self._positions:
            self._positions = {id(each): at for at, each in enumerate(self.flat, start=1)}
        return self._positions.get(id(segment), 0)


def _segments(layout: Layout, flat: Sequence[list[str]]) -> dict[str, list[list[str]]]:
    return {name: [flat[at] for at in places] for name, places in layout.segments.items()}


def _children(layout: Layout, flat: Sequence[list[str]]) -> dict[str, list[Record]]:
    return {name: [_record(each, name, flat) for each in loops] for name, loops in layout.children.items()}


def _record(layout: Layout, name: str, flat: Sequence[list[str]]) -> Record:
    record = Record(name, 0, flat[layout.head])
    if layout.segments:
        record.segments = _segments(layout, flat)
    if layout.children:
        record.children = _children(layout, flat)
    return record


def _layout_of(record: Record, places: Mapping[int, int]) -> Layout:
    layout = Layout(places[id(record.head)] if record.head is not None else 0)
    layout.segments = {name: [places[id(each)] for each in held] for name, held in record.segments.items()}
    layout.children = {name: [_layout_of(each, places) for each in held] for name, held in record.children.items()}
    layout.close()
    return layout
