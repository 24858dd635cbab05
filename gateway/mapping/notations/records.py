"""Record files as mappings name them: a column by its name, ``each: L`` gives the records of that name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from gateway.config.problems import Located, Problems, suggestion
from gateway.formats.record import Record
from gateway.kernel.issue import Place
from gateway.mapping.notations.notation import Found, ItemPath, Level, ValuePath

Columns = Mapping[str, tuple[str, ...]]
"""The columns of each record."""


@dataclass(frozen=True, slots=True)
class RecordCell:
    """A column of a record with something in it."""

    value: str
    record: str
    column: str
    line: int
    place: Place | None = None

    @property
    def name(self) -> str:
        """Record and column."""
        return f"{self.record}.{self.column}" if self.record else self.column

    @property
    def at(self) -> str:
        """The line of the file."""
        return f"line {self.line}"

    @property
    def key(self) -> tuple[int, str]:
        """Line and column."""
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class RecordPath:
    """A column of the record itself, or of the first record of a name below it."""

    text: str
    column: str
    below: str = ""
    every: bool = False
    many: bool = False
    agrees: bool = False
    codes: frozenset[str] | None = None

    def read(self, node: Record, root: Record) -> Sequence[RecordCell]:
        """The column, unless it is blank."""
        records = node.children.get(self.below, ()) if self.below else (node,)
        if self.below and not records:
            records = root.children.get(self.below, ())
        return [
            RecordCell(value, each.name, self.column, each.position)
            for each in records
            if (value := each.fields.get(self.column, "")).strip()
        ]

    def missing(self, node: Record, _root: Record) -> RecordCell:
        """The blank column."""
        return RecordCell("", self.below or node.name, self.column, node.position)

    def besides(self, _node: Record, _root: Record, _taken: Sequence[Found]) -> Iterator[Found]:
        """Nothing."""
        return iter(())

    def shadows(self, later: ValuePath) -> bool:
        """Only the same column has a value wherever this one has."""
        return later.text == self.text


@dataclass(frozen=True, slots=True)
class RecordsPath:
    """The records of a name below a document or record."""

    text: str

    def items(self, node: Record, _root: Record) -> Sequence[Record]:
        """The records, in the order of the file."""
        return node.children.get(self.text, ())

    def besides(self, _node: Record, _root: Record) -> Iterator[Found]:
        """Nothing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class RecordsNotation:
    """The records of one file; ``document`` is the one that begins a document."""

    problems: Problems
    columns: Columns
    document: str = ""
    date_hint: str | None = "say how dates are written: fixed: {dates: YYYYMMDD}, or 'format' in the rule"

    def top(self) -> Level:
        """The record that begins the document."""
        return _RecordLevel(self, self.document)

    def ignored(self, text: Located) -> "IgnoredRecords | None":
        """``T`` and ``T.*`` (the whole record), ``L.filler``, ``filler``; columns that have no name by their positions: ``L.37-40``."""
        record, dot, _ = text.value.partition(".")
        if dot and record not in self.columns:
            hint = suggestion(record, self.columns) or f"records: {', '.join(self.columns)}"
            self.problems.at(text.origin, "M042", f"there is no record '{record}'", hint)
            return None
        return IgnoredRecords(self, text.value)

    def data(self, root: Record) -> Iterator[RecordCell]:
        """Every column with something in it, in the order of the file."""
        seen: dict[int, Record] = {}
        waiting = [root]
        while waiting:
            record = waiting.pop()
            seen.setdefault(record.position, record)
            for records in record.children.values():
                waiting.extend(each for each in records if each.position not in seen)
        for _, record in sorted(seen.items()):
            for column, value in record.fields.items():
                if value.strip():
                    yield RecordCell(value, record.name, column, record.position)

    def position(self, node: Record, _root: Record) -> int:
        """The number of the line."""
        return node.position


@dataclass(frozen=True, slots=True)
class IgnoredRecords:
    """Columns that are knowingly not used."""

    notation: RecordsNotation
    pattern: str

    def keys(self, root: Record) -> Iterator[tuple[int, str]]:
        """Their cells."""
        for each in self.notation.data(root):
            is_meant = each.record == self.pattern or fnmatchcase(each.name, self.pattern)
            if is_meant or fnmatchcase(each.column, self.pattern):
                yield each.key


@dataclass(frozen=True, slots=True)
class _RecordLevel:
    """Inside a record; ``name`` is empty in a file that is one document, ``above`` are the records around."""

    notation: RecordsNotation
    name: str
    above: tuple[str, ...] = field(default=())
    in_pair: bool = False

    def value(self, text: Located) -> ValuePath | None:
        """A column of this record, ``RECORD.column`` of another, or a column that only one other record has."""
        columns = self.notation.columns
        said = text.value
        if said in columns.get(self.name, ()):
            return RecordPath(said, said)
        record, dot, column = said.partition(".")
        if dot and column in columns.get(record, ()):
            return RecordPath(said, column, record)
        others = [name for name, each in columns.items() if said in each]
        if len(others) == 1 and not self.above:
            return RecordPath(said, said, others[0])
        own = columns.get(self.name, ())
        if others:
            sentence = f"the column '{said}' stands in the records {', '.join(others)}"
            self.notation.problems.at(text.origin, "M042", sentence, f"say which one is meant: {others[0]}.{said}")
            return None
        where = f"the record {self.name} has no column" if self.name else "no record has a column"
        hint = suggestion(said, own or {each for names in columns.values() for each in names})
        hint = hint or (f"columns: {', '.join(own)}" if own else "")
        self.notation.problems.at(text.origin, "M042", f"{where} '{said}'", hint)
        return None

    def each(self, text: Located) -> tuple[ItemPath, Level] | None:
        """The records of a name."""
        columns = self.notation.columns
        if text.value not in columns or text.value in (self.notation.document, self.name, *self.above):
            known = [name for name in columns if name not in (self.notation.document, self.name, *self.above)]
            hint = suggestion(text.value, known) or f"records: {', '.join(known)}"
            what = "stands around this one" if text.value in columns else "does not exist"
            self.notation.problems.at(text.origin, "M042", f"the record '{text.value}' {what}", hint)
            return None
        return RecordsPath(text.value), _RecordLevel(self.notation, text.value, (*self.above, self.name))
