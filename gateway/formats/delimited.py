"""Delimited text: rows to records and back, strict about quotes and encoding, each fault at its row."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.formats.record import Record
from gateway.kernel.issue import FileIssue

ROW = "row"
LARGEST_CELL = 64 * 1024
MOST_COLUMNS = 1000
MOST_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class DelimitedOptions:
    """How a delimited file is written; ``group_by`` names the columns that make rows one document."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True
    columns: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    newline: str = "\r\n"


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """The titles, the rows with their row numbers (the header is row 1), and what made the file unreadable."""

    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    issues: tuple[FileIssue, ...]


def read(content: bytes, options: DelimitedOptions) -> DelimitedFile:
    """Every row of a file; blank rows are dropped. A row of another length or an open quote refuses the file."""
    try:
        text = content.decode(options.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start} is not {options.encoding}; the file must be sent in {options.encoding}."
        return DelimitedFile((), (), (FileIssue("F-ENCODING", error.start, message),))
    if "\x00" in text:
        issue = FileIssue("F-ENCODING", text.index("\x00"), "The file contains a NUL character; it is not plain text.")
        return DelimitedFile((), (), (issue,))
    issues: list[FileIssue] = []
    rows = list(_rows(text, options, issues))
    if not options.header:
        return DelimitedFile(options.columns, tuple(_checked(rows, options.columns, issues)), tuple(issues))
    if not rows:
        return DelimitedFile((), (), (*issues, FileIssue("F-EMPTY", 0, "The file has no header row.")))
    titles = tuple(title.strip() for title in rows[0][1])
    twice = sorted({title for title in titles if title and titles.count(title) > 1})
    if twice:
        issues.append(FileIssue("F-COLUMNS", 0, f"The header has a title twice: {', '.join(twice)}."))
    return DelimitedFile(titles, tuple(_checked(rows[1:], titles, issues)), tuple(issues))


def titles(content: bytes, options: DelimitedOptions) -> tuple[str, ...]:
    """The titles of a file, from its first lines only; empty when they cannot be read."""
    if not options.header:
        return options.columns
    try:
        head = content[:LARGEST_CELL].decode(options.encoding, errors="ignore").removeprefix("\ufeff")
        first = next(_rows(head, options, []), None)
    except LookupError:
        return ()
    return tuple(title.strip() for title in first[1]) if first is not None else ()


def documents(file: DelimitedFile, options: DelimitedOptions) -> list[Record]:
    """One record per document with its rows below ``row``: rows equal in ``group_by``, or each row alone."""
    found: dict[tuple[str, ...], Record] = {}
    for number, cells in file.rows:
        fields = dict(zip(file.titles, cells, strict=False))
        key = tuple(fields.get(name, "").strip() for name in options.group_by) or (str(number),)
        document = found.setdefault(key, Record("", number))
        row = Record(ROW, number, fields=fields)
        document.children.setdefault(ROW, []).append(row)
    return list(found.values())


def write(rows: Iterable[Sequence[str]], options: DelimitedOptions) -> bytes:
    """The bytes of rows, quoted where needed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=options.delimiter, quotechar=options.quote, lineterminator=options.newline)
    writer.writerows(rows)
    return buffer.getvalue().encode(options.encoding)


def _rows(text: str, options: DelimitedOptions, issues: list[FileIssue]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows with their numbers; a row number counts rows, not lines, as a spreadsheet shows them."""
    before = csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=options.delimiter, quotechar=options.quote, strict=True
    )
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, tuple(cells)
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                issues.append(
                    FileIssue("F-COLUMNS", 0, f"Row {number}: more than {MOST_COLUMNS} columns or {MOST_ROWS} rows.")
                )
                return
    except csv.Error as error:
        what = "a quote is not closed" if "unexpected end" in str(error) else str(error)
        issues.append(FileIssue("F-COLUMNS", 0, f"Row {number + 1} cannot be read: {what}."))
    finally:
        csv.field_size_limit(before)


def _checked(
    rows: list[tuple[int, tuple[str, ...]]], titles: tuple[str, ...], issues: list[FileIssue]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in rows:
        extra = [cell for cell in cells[len(titles) :] if cell.strip()]
        if extra or (len(cells) < len(titles) - 1 and len(cells) == 1):
            sentence = f"Row {number} has {len(cells)} cells, the header has {len(titles)} titles."
            issues.append(FileIssue("F-COLUMNS", 0, sentence))
            continue
        yield number, cells
