"""Delimited text: rows to records and back, strict about quotes and encoding, each fault at its row."""

import csv
import difflib
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import BinaryIO, Literal

from gateway.formats import plain_text
from gateway.formats.plain_text import CellFault, OnBadCharacter, Written
from gateway.formats.record import Record
from gateway.kernel.issue import FileIssue

Quoting = Literal["minimal", "all"]
FormulaGuard = Literal["prefix", "reject", "off"]
Row = tuple[int, tuple[str, ...]]

QUOTING: tuple[Quoting, ...] = ("minimal", "all")
FORMULA_GUARDS: tuple[FormulaGuard, ...] = ("prefix", "reject", "off")
ROW = "row"
LARGEST_CELL = 64 * 1024
LARGEST_ROW = 1024 * 1024
MOST_COLUMNS = 1000
MOST_ROWS = 2_000_000
MOST_ISSUES = 20
# Spreadsheets take the full-width signs and a line end like the ASCII ones
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class DelimitedOptions:
    """How a delimited file is written.

    ``group_by`` names the columns that make rows one document, ``whole_file`` makes all rows one; else each
    row is a document. ``skip`` counts the first rows as a spreadsheet numbers them, before the header;
    ``footer`` the last rows that are not blank. ``columns`` are the titles of a file without header. ``most_rows`` may stand below the header.
    """

    delimiter: str = ","
    quote: str = '"'
    quoting: Quoting = "minimal"
    encoding: str = "utf-8"
    header: bool = True
    columns: tuple[str, ...] = ()
    skip: int = 0
    footer: int = 0
    group_by: tuple[str, ...] = ()
    whole_file: bool = False
    newline: str = "\r\n"
    on_bad_char: OnBadCharacter = "error"
    formula_guard: FormulaGuard = "prefix"
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """The titles, the rows with their row numbers, what ``skip`` and ``footer`` dropped, and what made the file unreadable."""

    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    issues: tuple[FileIssue, ...]
    dropped: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a first reading of a file found: its titles, what refuses it, whether the rows of each document stand together, and how many rows there are."""

    titles: tuple[str, ...]
    issues: tuple[FileIssue, ...]
    grouped: bool = True
    rows: int = 0


def read(content: bytes, options: DelimitedOptions) -> DelimitedFile:
    """Every row of a file; blank rows are dropped. A row with too much in it or an open quote refuses the file."""
    every, issues = rows_of(content, options)
    body = [row for row in every if row[0] > options.skip]
    if not options.header:
        names = options.columns
    elif body:
        names = _named(body.pop(0)[1])
    else:
        return DelimitedFile((), (), issues or (FileIssue("F-EMPTY", 0, "The file has no header row."),))
    kept = body[: max(len(body) - options.footer, 0)]
    dropped = [row for row in every if row[0] <= options.skip] + body[len(kept) :]
    found = [*issues, *_title_faults(names, options)]
    good = _checked(kept, names, options, found)
    return DelimitedFile(names, tuple(good), tuple(found), tuple(dropped))


def rows_of(content: bytes, options: DelimitedOptions) -> tuple[tuple[Row, ...], tuple[FileIssue, ...]]:
    """The rows of a file that are not blank with their numbers, whatever they hold, and what is in the way."""
    text = plain_text.decode(content, options.encoding)
    if isinstance(text, FileIssue):
        return (), (text,)
    issues: list[FileIssue] = []
    return tuple(_rows(io.StringIO(text, newline=""), options, issues)), tuple(issues)


def titles(content: bytes, options: DelimitedOptions) -> tuple[str, ...]:
    """The titles of a file, from its first lines only; empty when they cannot be read."""
    if not options.header:
        return options.columns
    try:
        head = content[: 2 * LARGEST_CELL].decode(options.encoding, errors="ignore").removeprefix("\ufeff")
    except (LookupError, UnicodeError):
        return ()
    if options.encoding == plain_text.EBCDIC:
        head = head.replace(plain_text.NEXT_LINE, "\n")
    first = next((row for row in _rows(io.StringIO(head, newline=""), options, []) if row[0] > options.skip), None)
    return _named(first[1]) if first is not None else ()


def missing(found: Sequence[str], wanted: Iterable[str]) -> FileIssue | None:
    """The titles a file lacks, in a sentence with what it has instead; None when all are there."""
    lacking = [title for title in wanted if title not in found]
    if not lacking:
        return None
    there = ", ".join(found) or "none"
    message = f"The file has no column {', '.join(lacking)}; it has: {there}."
    free = [title for title in found if title]
    near = [(title, difflib.get_close_matches(title, free, 1, 0.7)) for title in lacking]
    hints = [f"Perhaps '{close[0]}' is meant for '{title}'." for title, close in near if close]
    other = next((sign for sign in ";\t|," if len(found) == 1 and sign in found[0]), None)
    if other is not None:
        hints = [f"The delimiter looks like {'a tab' if other == chr(9) else repr(other)}."]
    return FileIssue("F-COLUMNS", 0, " ".join([message, *hints]))


def documents(file: DelimitedFile, options: DelimitedOptions) -> list[Record]:
    """One record per document with its rows below ``row``: rows equal in ``group_by``, all rows, or each alone."""
    return _gathered(file.rows, file.titles, options)


def judge(file: BinaryIO, options: DelimitedOptions) -> Judged:
    """Read a file of any size once, for what refuses it; a row with too much in it or an open quote does."""
    refused = plain_text.fault(file, options.encoding)
    if refused is not None:
        return Judged((), (refused,))
    unread: list[FileIssue] = []
    titles, rows = _opened(file, options, unread)
    if titles is None:
        return Judged((), tuple(unread) or (FileIssue("F-EMPTY", 0, "The file has no header row."),))
    misfits: list[FileIssue] = []
    number = count()
    checked = _checked((row for row, _ in zip(rows, number, strict=False)), titles, options, misfits)
    grouped = _stand_together(checked, titles, options)
    return Judged(titles, (*unread, *_title_faults(titles, options), *misfits), grouped, next(number))


def stream(file: BinaryIO, options: DelimitedOptions, judged: Judged) -> Iterator[Record]:
    """The documents of a file that was judged, each as soon as its rows were read.

    Where the rows of one document do not stand together, all are read first.
    """
    _, found = _opened(file, options, [])
    rows = _checked(found, judged.titles, options, [])
    if not judged.grouped:
        yield from _gathered(rows, judged.titles, options)
        return
    key_of = _key_of(judged.titles, options)
    document, last = Record(""), None
    for row in rows:
        key = key_of(row)
        if key != last:
            if last is not None:
                yield document
            document, last = Record("", row[0]), key
            document.children[ROW] = []
        document.children[ROW].append(_record(row, judged.titles))
    if last is not None:
        yield document


def _opened(
    file: BinaryIO, options: DelimitedOptions, issues: list[FileIssue]
) -> tuple[tuple[str, ...] | None, Iterator[Row]]:  # fmt: skip
    """The titles, None when the row that has them is not there, and the rows below without the last ones that count not."""
    every = _rows(plain_text.lines_of(file, options.encoding, LARGEST_ROW), options, issues)
    body = (row for row in every if row[0] > options.skip)
    if not options.header:
        return options.columns, _without_footer(body, options.footer)
    header = next(body, None)
    return _named(header[1]) if header is not None else None, _without_footer(body, options.footer)


def _without_footer(rows: Iterator[Row], footer: int) -> Iterator[Row]:
    if not footer:
        yield from rows
        return
    held: deque[Row] = deque()
    for row in rows:
        held.append(row)
        if len(held) > footer:
            yield held.popleft()


def _stand_together(rows: Iterable[Row], titles: tuple[str, ...], options: DelimitedOptions) -> bool:
    """Whether no row of another document stands between two of one; reads all rows."""
    key_of = _key_of(titles, options)
    seen: set[int] = set()
    last, grouped = None, True
    for row in rows:
        key = key_of(row) if options.group_by and grouped else last
        if key != last:
            # two keys of one hash are taken for one: then all rows are read first, and nothing else changes
            grouped = hash(key) not in seen
            seen.add(hash(key))
            last = key
    return grouped


def _gathered(rows: Iterable[Row], titles: tuple[str, ...], options: DelimitedOptions) -> list[Record]:
    """The documents in the order of their first rows, wherever the others stand."""
    key_of = _key_of(titles, options)
    found: dict[tuple[str, ...], Record] = {}
    for row in rows:
        document = found.setdefault(key_of(row), Record("", row[0]))
        document.children.setdefault(ROW, []).append(_record(row, titles))
    return list(found.values())


def _record(row: Row, titles: tuple[str, ...]) -> Record:
    return Record(ROW, row[0], fields=dict(zip(titles, row[1], strict=False)))


def _key_of(titles: tuple[str, ...], options: DelimitedOptions) -> Callable[[Row], tuple[str, ...]]:
    """What rows of one document have in common."""
    if options.whole_file:
        return lambda _: ()
    places = [titles.index(name) if name in titles else MOST_COLUMNS for name in options.group_by]
    if not places:
        return lambda row: (str(row[0]),)
    return lambda row: tuple(row[1][at].strip() if at < len(row[1]) else "" for at in places)


def guarded(text: str, guard: FormulaGuard) -> str | None:
    """A text cell that no spreadsheet takes for a formula; None when the guard refuses it. Not for numbers.

    >>> guarded("=1+1", "prefix"), guarded("=1+1", "reject"), guarded("1+1", "reject")
    ("'=1+1", None, '1+1')
    """
    if guard == "off" or not text.startswith(_FORMULA_STARTS):
        return text
    return f"'{text}" if guard == "prefix" else None


def write(rows: Iterable[Sequence[str]], options: DelimitedOptions, names: Sequence[str] = ()) -> Written:
    """The bytes of rows; ``names`` are the columns' names for what cannot be written."""
    table = [list(row) for row in rows]
    faults: list[CellFault] = []
    text = _joined(table, options)
    if not plain_text.fits(text, options.encoding):
        faults = list(_fit(table, options, names))
        if any(fault.level == "error" for fault in faults):
            return Written(b"", tuple(faults))
        text = _joined(table, options)
    return Written(plain_text.encode(text, options.encoding), tuple(faults))


def _joined(table: list[list[str]], options: DelimitedOptions) -> str:
    """Rows as text; only what would be read otherwise is quoted, or every cell."""
    special, cell = _quoted(options.delimiter, options.quote, options.quoting)
    lines = [
        options.delimiter.join(map(cell, row) if special("".join(row)) else row) + options.newline for row in table
    ]
    return "".join(lines)


@lru_cache(maxsize=64)
def _quoted(delimiter: str, quote: str, quoting: str) -> tuple[Callable[[str], object], Callable[[str], str]]:
    """What finds in a text whether it is quoted, and what quotes it then."""
    special = re.escape(f"{delimiter}{quote}\r\n{plain_text.NEXT_LINE}")
    wanted = re.compile("" if quoting == "all" else f"[{special}]").search

    def cell(text: str) -> str:
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if wanted(text) else text

    return wanted, cell


def _fit(table: list[list[str]], options: DelimitedOptions, names: Sequence[str]) -> Iterator[CellFault]:
    """Replace the characters that the encoding lacks, and tell of each cell."""
    for number, row in enumerate(table, start=1):
        for at, cell in enumerate(row):
            if plain_text.fits(cell, options.encoding):
                continue
            name = names[at] if at < len(names) else f"column {at + 1}"
            row[at], replaced, bad = plain_text.fitted(cell, options.encoding, options.on_bad_char)
            fault = plain_text.character_fault(number, name, replaced, bad, options.encoding)
            if fault is not None:
                yield fault


class _Lines:
    """The lines of a text for the reader; ``taken`` counts the characters since a row began, so that none grows for ever."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken += len(line)
        if self.taken > LARGEST_ROW:
            raise csv.Error("field larger")
        return line


def _rows(text: Iterator[str], options: DelimitedOptions, issues: list[FileIssue]) -> Iterator[Row]:
    """Rows with their numbers; a row number counts rows, not lines, as a spreadsheet shows them."""
    lines = _Lines(text)
    most = options.most_rows + options.skip + options.header
    reader = csv.reader(lines, delimiter=options.delimiter, quotechar=options.quote, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            # a cell can only be too large in a row that is
            if lines.taken > LARGEST_CELL and any(len(cell) > LARGEST_CELL for cell in cells):
                issues.append(_too_large(number))
                return
            lines.taken = 0
            too_long = number > most
            if too_long or len(cells) > MOST_COLUMNS:
                what = f"{options.most_rows} rows" if too_long else f"{MOST_COLUMNS} columns"
                issues.append(FileIssue("F-COLUMNS", 0, f"Row {number}: more than {what}."))
                return
            if any(cell.strip() for cell in cells):
                yield number, tuple(cells)
    except csv.Error as error:
        issues.append(_unreadable(str(error), number + 1, options))


def _unreadable(error: str, row: int, options: DelimitedOptions) -> FileIssue:
    """What the reader stumbled over, in words."""
    quote = options.quote
    if "field larger" in error:
        return _too_large(row)
    if "unexpected end" in error:
        return FileIssue("F-COLUMNS", 0, f"Row {row}: the quote opened in this row is not closed.")
    if "expected after" in error:
        sentence = f"Row {row}: after a closing {quote} something else stands before the next {options.delimiter!r}"
        return FileIssue("F-COLUMNS", 0, f"{sentence}; inside a quoted cell {quote} is written twice ({quote}{quote}).")
    return FileIssue("F-COLUMNS", 0, f"Row {row} cannot be read: {error}.")


def _too_large(row: int) -> FileIssue:
    sentence = f"Row {row}: a cell has more than {LARGEST_CELL} characters, or the row more than {LARGEST_ROW}"
    return FileIssue("F-COLUMNS", 0, f"{sentence}; perhaps a quote was opened there and not closed.")


def _named(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The titles of a header row; a column without one is called by its number, so that what stands in it can be told."""
    return tuple(cell.strip() or f"column {at}" for at, cell in enumerate(cells, start=1))


def _title_faults(names: tuple[str, ...], options: DelimitedOptions) -> Iterator[FileIssue]:
    twice = sorted({title for title in names if names.count(title) > 1})
    if twice:
        hint = "If the sender cannot change it, say 'header: false', 'skip' and 'columns'."
        yield FileIssue("F-COLUMNS", 0, f"The header has a title twice: {', '.join(twice)}. {hint}")
    lacking = missing(names, options.group_by)
    if lacking is not None:
        yield lacking


def _checked(
    rows: Iterable[Row], titles: tuple[str, ...], options: DelimitedOptions, issues: list[FileIssue]
) -> Iterator[Row]:
    """The rows that fit their titles. Cells missing at the end are empty: spreadsheets leave such delimiters out."""
    what = f"the header has {len(titles)} titles" if options.header else f"'columns' names {len(titles)}"
    wrong = 0
    for number, cells in rows:
        if len(cells) == len(titles):
            yield number, cells
            continue
        extra = any(cell.strip() for cell in cells[len(titles) :])
        if not extra and (len(cells) > 1 or len(titles) <= len(cells) + 1):
            yield number, cells
            continue
        wrong += 1
        if wrong <= MOST_ISSUES:
            hint = f" Perhaps a {options.delimiter!r} stands in a cell without quotes." if extra else ""
            issues.append(FileIssue("F-COLUMNS", 0, f"Row {number} has {_count(cells)}, {what}.{hint}"))
    if wrong > MOST_ISSUES:
        issues.append(FileIssue("F-COLUMNS", 0, f"{wrong - MOST_ISSUES} more rows do not fit either."))


def _count(cells: tuple[str, ...]) -> str:
    return f"{len(cells)} cells" if len(cells) != 1 else "1 cell"
