"""The neutral tree that every format reads into; mappings see nothing else."""

from dataclasses import dataclass, field


class Segment(list[str]):
    """One X12 segment: item 0 is the id, item n is element n as it stood in the file.

    ``position`` counts within the set, ST = 1; ``offset`` is the byte offset in the file.
    A composite keeps its separators (``separators`` of the root record splits it).
    """

    __slots__ = ("offset", "position")

    def __init__(self, elements: list[str], position: int, offset: int = -1) -> None:
        super().__init__(elements)
        self.position = position
        self.offset = offset


@dataclass(slots=True, eq=False)
class Record:
    """One node: a transaction set, a loop instance, a document of rows, or one row.

    X12: ``name`` is the trigger segment id ("" for the set itself), ``head`` the trigger segment,
    ``segments`` this level's own segments by id in file order (a loop's own trigger is among them),
    ``children`` the loop instances by trigger id, HL loops by ``HL``; what fits nowhere is kept in
    ``segments["?"]``. Delimited text: a document has ``children["row"]``; a row has ``fields`` by
    column title, and ``position`` is its row number in the file (header = 1).
    """

    name: str
    position: int = 0
    head: Segment | None = None
    parent: "Record | None" = None
    segments: dict[str, list[Segment]] = field(default_factory=dict)
    children: "dict[str, list[Record]]" = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    component_separator: str = ""
    repetition_separator: str = ""

    def root(self) -> "Record":
        """The transaction set or document this node belongs to."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node
