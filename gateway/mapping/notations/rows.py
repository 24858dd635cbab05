"""Rows of delimited text as mappings name them: a column title reads a cell, ``each: row`` gives the rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from gateway.config.problems import Located, Problems, suggestion
from gateway.formats.delimited import ROW
from gateway.formats.record import Record
from gateway.kernel.issue import Place
from gateway.mapping.notations.notation import Found, ItemPath, Level, ValuePath


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it."""

    value: str
    name: str
    row: int
    place: Place | None = None

    @property
    def at(self) -> str:
        """The row, as a spreadsheet counts."""
        return f"row {self.row}"

    @property
    def key(self) -> tuple[int, str]:
        """Row and title."""
        return self.row, self.name


@dataclass(frozen=True, slots=True)
class CellPath:
    """The cell of a row, by its title."""

    text: str
    every: bool = False
    many: bool = False
    agrees: bool = False
    codes: frozenset[str] | None = None

    def read(self, node: Record, _root: Record) -> Sequence[Cell]:
        """The cell, unless it is blank."""
        value = node.fields.get(self.text, "")
        return (Cell(value, self.text, node.position),) if value.strip() else ()

    def missing(self, node: Record, _root: Record) -> Cell:
        """The empty cell."""
        return Cell("", self.text, node.position)

    def besides(self, _node: Record, _root: Record, _taken: Sequence[Found]) -> Iterator[Found]:
        """Nothing."""
        return iter(())

    def shadows(self, later: ValuePath) -> bool:
        """Only the same title has a value wherever this one has."""
        return later.text == self.text


@dataclass(frozen=True, slots=True)
class ColumnPath:
    """A cell that all rows of a document share, by its title: each different value once."""

    text: str
    agrees: bool = True
    every: bool = False
    many: bool = True
    codes: frozenset[str] | None = None

    def read(self, node: Record, _root: Record) -> Sequence[Cell]:
        """The different values, each with the first row that has it."""
        found: dict[str, Cell] = {}
        for row in node.children.get(ROW, ()):
            value = row.fields.get(self.text, "")
            if (text := value.strip()) and text not in found:
                found[text] = Cell(value, self.text, row.position)
        return tuple(found.values())

    def missing(self, node: Record, _root: Record) -> Cell:
        """The empty cell of the first row."""
        return Cell("", self.text, node.position)

    def besides(self, node: Record, _root: Record, taken: Sequence[Found]) -> Iterator[Found]:
        """The same cell in the other rows."""
        said = {each.value.strip() for each in taken}
        for row in node.children.get(ROW, ()):
            value = row.fields.get(self.text, "")
            if value.strip() in said:
                yield Cell(value, self.text, row.position)

    def shadows(self, later: ValuePath) -> bool:
        """Only the same title has a value wherever this one has."""
        return later.text == self.text


@dataclass(frozen=True, slots=True)
class RowPath:
    """The rows of a document."""

    text: str = ROW

    def items(self, node: Record, _root: Record) -> Sequence[Record]:
        """Every row."""
        return node.children.get(ROW, ())

    def besides(self, _node: Record, _root: Record) -> Iterator[Found]:
        """Nothing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class RowsNotation:
    """The columns of one file; ``titles`` are all it has, ``seen`` those of samples, empty when they are not known."""

    problems: Problems
    titles: Collection[str]
    group_by: Collection[str]
    seen: Collection[str] = ()
    date_hint: str | None = "say how dates are written: csv: {dates: YYYY-MM-DD}, or 'format' in the rule"

    def top(self) -> Level:
        """The document: columns that its rows share."""
        return _RowsLevel(self, inside=False)

    def known(self, text: Located) -> bool:
        """Whether there is such a column (M042); one that no sample has is only a warning."""
        if not self.titles and self.seen and text.value not in self.seen:
            hint = suggestion(text.value, self.seen) or f"their columns: {', '.join(self.seen)}"
            self.problems.warn(text.origin, "M042", f"no sample of the tests has a column '{text.value}'", hint)
        if not self.titles or text.value in self.titles:
            return True
        hint = suggestion(text.value, self.titles)
        hint = hint or f"columns: {', '.join(self.titles)}; a constant is written ='{text.value}'"
        self.problems.at(text.origin, "M042", f"there is no column '{text.value}'", hint)
        return False

    def ignored(self, text: Located) -> "IgnoredColumns | None":
        """A title; ``*`` stands for any characters."""
        if "*" not in text.value and not self.known(text):
            return None
        return IgnoredColumns(self, text.value)

    def data(self, root: Record) -> Iterator[Cell]:
        """Every cell with something in it; what makes rows one document is read by that."""
        for row in root.children.get(ROW, ()):
            for title, value in row.fields.items():
                if value.strip() and title not in self.group_by:
                    yield Cell(value, title, row.position)

    def position(self, node: Record, _root: Record) -> int:
        """The number of the row."""
        return node.position


@dataclass(frozen=True, slots=True)
class IgnoredColumns:
    """Columns that are knowingly not used."""

    notation: RowsNotation
    pattern: str

    def keys(self, root: Record) -> Iterator[tuple[int, str]]:
        """Their cells."""
        return (each.key for each in self.notation.data(root) if fnmatchcase(each.name, self.pattern))


@dataclass(frozen=True, slots=True)
class _RowsLevel:
    """The document, or inside one of its rows."""

    notation: RowsNotation
    inside: bool
    in_pair: bool = False

    def value(self, text: Located) -> ValuePath | None:
        """A column title."""
        if not self.notation.known(text):
            return None
        return CellPath(text.value) if self.inside else ColumnPath(text.value)

    def each(self, text: Located) -> tuple[ItemPath, Level] | None:
        """``row``, and only in the document."""
        if text.value != ROW:
            hint = "a CSV file has rows: each: row"
            self.notation.problems.at(text.origin, "M042", f"'{text.value}' is not 'row'", hint)
            return None
        if self.inside:
            self.notation.problems.at(text.origin, "M042", "a row has no rows inside")
            return None
        return RowPath(), _RowsLevel(self.notation, inside=True)
