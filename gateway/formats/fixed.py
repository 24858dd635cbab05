"""Record files, of fixed width or delimited: lines to documents of records and back, each fault at its line."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateway.formats import delimited, plain_text, record_layouts
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.plain_text import CellFault, OnBadCharacter, Written
from gateway.formats.record import Record
from gateway.formats.record_layouts import OPEN, Column, RecordLayout
from gateway.kernel.issue import FileIssue

MOST_RECORDS = 2_000_000
MOST_FAULTS = 50
UNKNOWN_RECORD = "M072"
MISPLACED = "F-RECORDS"


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How a record file is written.

    ``document`` names the record that begins a document; without it the file is one. ``record_length`` cuts
    a file without line ends. ``cells`` are the options of a file whose records are delimited; its encoding
    and line ends count then.
    """

    layouts: tuple[RecordLayout, ...]
    document: str = ""
    encoding: str = "utf-8"
    record_length: int = 0
    newline: str = "\r\n"
    on_bad_char: OnBadCharacter = "error"
    cells: DelimitedOptions | None = None

    def layout(self, name: str) -> RecordLayout | None:
        """The layout of a record by its name."""
        return next((layout for layout in self.layouts if layout.name == name), None)


@dataclass(frozen=True, slots=True)
class RecordFault:
    """A line that cannot be placed, or a record that is missing; ``document`` is the line its document begins at, 0 before all."""

    code: str
    line: int
    document: int
    message: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The documents of a file, the faults of single ones, what made the file unreadable, and how many lines were read."""

    documents: tuple[Record, ...]
    faults: tuple[RecordFault, ...]
    issues: tuple[FileIssue, ...]
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A value to write: numbers are filled with zeros on the left, texts with blanks on the right, unless said otherwise.

    ``pad_side`` is the side that is filled.
    """

    text: str
    is_number: bool = False
    pad_with: str = ""
    pad_side: Literal["", "left", "right"] = ""


Content = str | tuple[str, ...]
"""A line, or the cells of a delimited one."""
Line = tuple[int, Content]


def read(content: bytes, options: RecordOptions) -> RecordFile:
    """The documents of a file; a line that is no record is a fault of its document and does not stop the others."""
    found = _delimited_lines(content, options.cells) if options.cells else _lines(content, options)
    if isinstance(found, FileIssue):
        return RecordFile((), (), (found,))
    if not found:
        return RecordFile((), (), (FileIssue("F-EMPTY", 0, "The file has no records."),))
    assembly = _Assembly(options)
    for line in found:
        assembly.take(line)
    assembly.finish()
    if not assembly.documents:
        first = assembly.faults[0].message if assembly.faults else ""
        message = f"The file has no record {options.document}, which begins a document. {first}".strip()
        return RecordFile((), (), (FileIssue(MISPLACED, 0, message),))
    return RecordFile(tuple(assembly.documents), tuple(assembly.faults), (), len(found))


def knows(line: str, options: RecordOptions) -> bool:
    """Whether a line is one of the records by what it says itself; a layout that fits every line does not count."""
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    if options.cells is not None:
        rows, _ = delimited.rows_of(plain_text.encode(line, options.encoding), options.cells)
    content: Content = rows[0][1] if rows else line
    return any(_fits(layout, content) for layout in options.layouts if layout.when)


def write(records: Iterable[tuple[str, Mapping[str, Cell]]], options: RecordOptions) -> Written:
    """The bytes of records, each given by its name and the cells of its columns; conditions write themselves."""
    faults: list[CellFault] = []
    lines: list[list[str]] = []
    for number, (name, values) in enumerate(records, start=1):
        layout = options.layout(name)
        if layout is None:
            faults.append(CellFault(number, name, f"there is no record '{name}'"))
        elif options.cells is not None:
            lines.append(_cells_of(layout, values))
        else:
            lines.append([_line_of(layout, values, number, options, faults)])
    if options.cells is not None:
        written = delimited.write(lines, options.cells)
        return Written(b"" if faults else written.content, (*faults, *written.faults))
    if any(fault.level == "error" for fault in faults):
        return Written(b"", tuple(faults))
    text = "".join(line + options.newline for (line,) in lines)
    return Written(plain_text.encode(text, options.encoding), tuple(faults))


def _lines(content: bytes, options: RecordOptions) -> list[Line] | FileIssue:
    """The lines of a fixed-width file that are not blank; without line ends it is cut at ``record_length``."""
    text = plain_text.decode(content, options.encoding)
    if isinstance(text, FileIssue):
        return text
    length = options.record_length
    whole = text.rstrip("\r\n")
    if length and "\n" not in whole and "\r" not in whole:
        # blanks at the end of the last record may be missing
        found = [whole[at : at + length] for at in range(0, len(whole), length)]
    else:
        found = plain_text.lines(text)
    if len(found) > MOST_RECORDS:
        return FileIssue("X-LIMIT", 0, f"The file has more than {MOST_RECORDS} records; have it sent in parts.")
    return [(number, line) for number, line in enumerate(found, start=1) if line.strip()]


def _delimited_lines(content: bytes, options: DelimitedOptions) -> list[Line] | FileIssue:
    rows, issues = delimited.rows_of(content, options)
    if issues:
        return issues[0]
    found: list[Line] = [row for row in rows if row[0] > options.skip]
    return found[: max(len(found) - options.footer, 0)]


@dataclass(frozen=True, slots=True)
class _Cutter:
    """Cuts the lines of one record. What stands in no column is kept under its positions, so that coverage can name it."""

    columns: tuple[tuple[str, int, int | None], ...]
    gaps: tuple[tuple[str, int, int], ...]
    end: int

    def fields(self, content: Content) -> dict[str, str]:
        """The columns of a line; those beyond its end are empty."""
        if isinstance(content, str):
            fields = {name: content[first:last] for name, first, last in self.columns}
            rest = [(label, content[first:last]) for label, first, last in self.gaps]
            if len(content) > self.end:
                rest.append((f"{self.end + 1}-{len(content)}", content[self.end :]))
        else:
            count = len(content)
            fields = {name: content[first] if first < count else "" for name, first, _ in self.columns}
            rest = [(label, content[first]) for label, first, _ in self.gaps if first < count]
            rest += [(str(at), text) for at, text in enumerate(content[self.end :], start=self.end + 1)]
        for label, text in rest:
            if text.strip():
                fields.setdefault(label, text)
        return fields


def _cutter(layout: RecordLayout, *, of_cells: bool) -> _Cutter:
    columns = tuple((each.name, each.first - 1, each.last or None) for each in layout.columns)
    is_open = any(each.last == OPEN for each in layout.columns)
    free = record_layouts.gaps(layout, layout.end())
    if of_cells:
        free = tuple((at, at) for first, last in free for at in range(first, last + 1))
    gaps = tuple((Column("", first, last).label, first - 1, last) for first, last in free)
    return _Cutter(columns, gaps, sys.maxsize if is_open else layout.end())


@dataclass(slots=True)
class _Assembly:
    """Puts records into documents and below each other, line by line.

    A record belongs to every record before it that is still open; one of a type that is open closes that
    one and everything opened since. So lines belong to their header, and notes to the line before them.
    """

    options: RecordOptions
    documents: list[Record] = field(default_factory=list)
    faults: list[RecordFault] = field(default_factory=list)
    before: list[Record] = field(default_factory=list)
    open: dict[str, Record] = field(default_factory=dict)
    hidden: int = 0
    match: Callable[[Content], RecordLayout | None] = field(init=False)
    cutters: dict[str, _Cutter] = field(init=False)

    def __post_init__(self) -> None:
        self.match = _matcher(self.options)
        of_cells = self.options.cells is not None
        self.cutters = {layout.name: _cutter(layout, of_cells=of_cells) for layout in self.options.layouts}

    def take(self, line: Line) -> None:
        """One line."""
        number, content = line
        wrong = self._unreadable(content)
        if wrong:
            self.fault(MISPLACED, number, f"Line {number}: {wrong}.")
            return
        layout = self.match(content)
        if layout is None:
            names = ", ".join(each.name for each in self.options.layouts)
            shown = content[:20] if isinstance(content, str) else ", ".join(content[:3])[:20]
            self.fault(
                UNKNOWN_RECORD, number, f"Line {number} begins with '{shown}'; it is none of the records {names}."
            )
            return
        self.place(Record(layout.name, number, fields=self.cutters[layout.name].fields(content)))

    def place(self, record: Record) -> None:
        """A record in its document, or before the first one."""
        if not self.options.document and not self.documents:
            self.begin(Record("", record.position))
        if record.name == self.options.document:
            self.begin(record)
            return
        if not self.documents:
            self.before.append(record)
            return
        if record.name in self.open:
            names = list(self.open)
            for name in names[names.index(record.name) :]:
                del self.open[name]
        for above in (self.documents[-1], *self.open.values()):
            above.children.setdefault(record.name, []).append(record)
        self.open[record.name] = record

    def begin(self, document: Record) -> None:
        """A new document; what it lacks is told when it ends."""
        self.end()
        self.documents.append(document)
        self.open.clear()

    def end(self) -> None:
        """The document that was read last must have every record that is not optional."""
        if not self.documents:
            return
        document = self.documents[-1]
        early = {record.name for record in self.before}
        for layout in self.options.layouts:
            if layout.optional or layout.name in (document.name, *document.children) or layout.name in early:
                continue
            sentence = f"The document that begins at line {document.position} has no record {layout.name}"
            self.fault(MISPLACED, document.position, f"{sentence}; 'optional: true' would allow that.")

    def finish(self) -> None:
        """Records before the first document belong to the file: every document sees them."""
        self.end()
        inside = {name for document in self.documents for name in document.children}
        for record in self.before:
            if record.name in inside and self.documents:
                sentence = (
                    f"Line {record.position}: record {record.name} stands before the first {self.options.document}."
                )
                self.faults.append(RecordFault(MISPLACED, record.position, 0, sentence))
                continue
            for document in self.documents:
                document.children.setdefault(record.name, []).append(record)
        if self.hidden:
            self.faults.append(RecordFault(MISPLACED, 0, 0, f"{self.hidden} more lines are wrong."))

    def fault(self, code: str, line: int, message: str) -> None:
        """Note a fault; of very many only their number is told."""
        if len(self.faults) >= MOST_FAULTS:
            self.hidden += 1
            return
        self.faults.append(RecordFault(code, line, self.documents[-1].position if self.documents else 0, message))

    def _unreadable(self, content: Content) -> str:
        if not isinstance(content, str):
            return ""
        if "\t" in content:
            return f"a tab stands at position {content.index(chr(9)) + 1}, so the positions after it mean nothing"
        length = self.options.record_length
        return f"it has {len(content)} characters, a record has {length}" if length and len(content) > length else ""


def _matcher(options: RecordOptions) -> Callable[[Content], RecordLayout | None]:
    """Which record a line is; the usual case, one place that tells all, takes one look-up."""
    layouts = options.layouts
    places = {tuple(layout.places()) for layout in layouts}
    if len(places) == 1 and len(place := next(iter(places))) == 1:
        ((first, last),) = place
        known = {value: layout for layout in reversed(layouts) for value in layout.when[0].values}
        return lambda content: known.get(_at(content, first, last))
    return lambda content: next((layout for layout in layouts if _fits(layout, content)), None)


def _fits(layout: RecordLayout, content: Content) -> bool:
    return all(_at(content, each.first, each.last) in each.values for each in layout.when)


def _at(content: Content, first: int, last: int) -> str:
    """What stands at a place, without blanks around."""
    if isinstance(content, str):
        return content[first - 1 : last or None].strip()
    return content[first - 1].strip() if first <= len(content) else ""


def _cells_of(layout: RecordLayout, values: Mapping[str, Cell]) -> list[str]:
    """The cells of one delimited record."""
    row = [""] * layout.end()
    for each in layout.when:
        row[each.first - 1] = each.values[0]
    for column in layout.columns:
        if column.name in values and values[column.name].text:
            row[column.first - 1] = values[column.name].text
    return row


def _line_of(
    layout: RecordLayout, values: Mapping[str, Cell], number: int, options: RecordOptions, faults: list[CellFault]
) -> str:
    """One fixed-width record."""
    line = [" "] * max(layout.end(), options.record_length)
    for each in layout.when:
        line[each.first - 1 : each.last or None] = each.values[0].ljust(each.last - each.first + 1)
    for column in layout.columns:
        cell = values.get(column.name)
        if cell is None or not cell.text:
            continue
        text = _fitted(column, cell, f"{layout.name}.{column.name}", number, options, faults)
        line[column.first - 1 : column.last or None] = text
    return "".join(line)


def _fitted(column: Column, cell: Cell, name: str, number: int, options: RecordOptions, faults: list[CellFault]) -> str:
    """A value as wide as its column."""
    text, replaced, bad = plain_text.fitted(cell.text, options.encoding, options.on_bad_char)
    fault = plain_text.character_fault(number, name, replaced, bad, options.encoding)
    faults += [fault] if fault is not None else []
    if any(character in text for character in "\r\n\t\x85"):
        faults.append(CellFault(number, name, "a line end or tab cannot stand in a record of fixed width"))
    if column.last == OPEN:
        return text
    width = column.last - column.first + 1
    if len(text) > width:
        shown = f"'{text[:40]}' has {len(text)} characters; at most {width} fit into positions {column.label}"
        faults.append(CellFault(number, name, shown))
        return text[:width]
    return _padded(text, width, cell)


def _padded(text: str, width: int, cell: Cell) -> str:
    """Numbers with zeros after their sign, texts with blanks at their end, or as the rule says."""
    filler = cell.pad_with or ("0" if cell.is_number and cell.pad_side != "right" else " ")
    if cell.pad_side == "right" or (not cell.pad_side and not cell.is_number):
        return text.ljust(width, filler)
    return text.zfill(width) if filler == "0" and cell.is_number else text.rjust(width, filler)
