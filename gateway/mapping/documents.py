"""The documents of a file that is not X12, as an inbound mapping reads it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from gateway.files.names import visible
from gateway.formats import delimited, fixed, markup, plain_text, trailer
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.trailer import Found, Trailer
from gateway.kernel.issue import FileIssue
from gateway.mapping.notations.notation import Node
from gateway.mapping.notations.xml import XmlDocument
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem

MOST_SCHEMA_FAULTS = 20
SHOWN = 60
"""So many characters of a row stand in a sentence."""
LARGE = 8_000_000
"""A file of records with more bytes is looked through before it is read whole."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One document for ``inbound.run``: ``position`` is its first row or line, ``problems`` what is wrong with it already."""

    node: Node
    position: int = 0
    problems: tuple[MappingProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """The documents of a file, or what made it unreadable."""

    documents: tuple[SourceDocument, ...] = ()
    issues: tuple[FileIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class FileStream:
    """The documents of a file as they are read, once only, or what made it unreadable."""

    documents: Iterator[SourceDocument] = field(default_factory=lambda: iter(()))
    issues: tuple[FileIssue, ...] = ()


def read(prepared: PreparedMapping, content: bytes) -> FileRead:
    """Every document of a file in the mapping's format."""
    if prepared.records is not None:
        return _records(prepared, prepared.records, content)[0]
    if prepared.format == "csv":
        found = _rows(prepared, io.BytesIO(content), prepared.delimited)
        return FileRead(tuple(found.documents), found.issues)
    if prepared.format == "xml":
        return _markup(prepared, content)
    raise ValueError(f"{prepared.name} does not read files of its own")


def stream(prepared: PreparedMapping, file: BinaryIO, agreed: Trailer | None = None) -> FileStream:
    """Like ``read``, of a file of any size: where its format allows, documents are read one by one as they are wanted.

    ``agreed`` is the last row that proves the file complete, in a format that has no end of its own. It is no data: one
    that no record of the mapping describes is left out, and counts as one of the rows of a ``footer``.
    """
    if agreed is not None and prepared.format != "xml":
        found = agreed.find(file)
        return _cut_off(prepared, file, agreed) if found is None else _proven(prepared, file, agreed, found)
    if prepared.format == "csv" and prepared.records is None:
        return _rows(prepared, file, prepared.delimited)
    refused = _too_much(prepared, file)
    if refused is not None:
        return FileStream(issues=(refused,))
    read_whole = read(prepared, file.read())
    return FileStream(iter(read_whole.documents), read_whole.issues)


def _too_much(prepared: PreparedMapping, file: BinaryIO) -> FileIssue | None:
    """Why a file that is read whole is not, found before it takes memory."""
    size = file.seek(0, io.SEEK_END)
    try:
        options = prepared.records
        if options is None:
            return markup.too_large(size)
        encoding = (options.cells or options).encoding
        refused = plain_text.fault(file, encoding) if size > LARGE else None
        if refused is not None or size <= LARGE or options.record_length:
            return refused
        return plain_text.endless(file, encoding, delimited.LARGEST_ROW)
    finally:
        file.seek(0)


def _proven(prepared: PreparedMapping, file: BinaryIO, agreed: Trailer, found: Found) -> FileStream:
    """The documents before the last row, when there are as many rows as it says."""
    body = trailer.before(file, found.start)
    if prepared.records is None:
        return _rows(prepared, body, _without_one(prepared.delimited), agreed, found)
    refused = _too_much(prepared, file)
    if refused is not None:
        return FileStream(issues=(refused,))
    is_record = fixed.knows(found.text, prepared.records)
    (file if is_record else body).seek(0)
    content = (file if is_record else body).read()
    cells = prepared.records.cells
    options = prepared.records
    if cells is not None and not is_record:
        options = replace(options, cells=_without_one(cells))
    read_whole, lines = _records(prepared, options, content)
    wrong = _miscounted(agreed, found, lines - is_record)
    issues = read_whole.issues or ((wrong,) if wrong is not None else ())
    return FileStream(iter(() if issues else read_whole.documents), issues)


def _without_one(options: DelimitedOptions) -> DelimitedOptions:
    return replace(options, footer=max(options.footer - 1, 0))


def _miscounted(agreed: Trailer, found: Found, rows: int) -> FileIssue | None:
    if found.count in (None, rows):
        return None
    more = f" besides {agreed.more} of its own" if agreed.more else ""
    sentence = f"The last row, {shown(found.text)}, says that there are {found.count} rows{more}, and the file has {rows}; rows may be missing."
    return FileIssue("F-RECORDS", found.start, sentence)


def _cut_off(prepared: PreparedMapping, file: BinaryIO, agreed: Trailer) -> FileStream:
    """A file without its last row: where it stops. What cannot be read as text is told as that."""
    options = prepared.records
    encoding = prepared.delimited.encoding if options is None else (options.cells or options).encoding
    refused = plain_text.fault(file, encoding)
    if refused is not None:
        return FileStream(issues=(refused,))
    last, number = "", 0
    for at, line in enumerate(plain_text.lines_of(file, encoding, delimited.LARGEST_ROW), start=1):
        if line.strip():
            last, number = line.strip(), at
    where = f"its last row is line {number}, {shown(last)}" if last else "it has no row"
    sentence = f"The file looks cut off: {where}, and the trailer that was agreed ({agreed.pattern}) is not there."
    return FileStream(issues=(FileIssue("X-TRUNCATED", 0, sentence),))


def shown(row: str) -> str:
    """A row in a sentence: its beginning."""
    return f"'{visible(row[:SHOWN])}{'…' if len(row) > SHOWN else ''}'"


def _rows(
    prepared: PreparedMapping, file: BinaryIO, options: DelimitedOptions, agreed: Trailer | None = None,
    found: Found | None = None,
) -> FileStream:  # fmt: skip
    """A file of rows is judged whole before a document of it is read."""
    judged = delimited.judge(file, options)
    if judged.issues:
        return FileStream(issues=judged.issues)
    missing = delimited.missing(judged.titles, prepared.columns_required)
    if missing is not None:
        return FileStream(issues=(missing,))
    if agreed is not None and found is not None and (wrong := _miscounted(agreed, found, judged.rows)) is not None:
        return FileStream(issues=(wrong,))
    records = delimited.stream(file, options, judged)
    return FileStream(SourceDocument(each, each.position) for each in records)


def _records(prepared: PreparedMapping, options: fixed.RecordOptions, content: bytes) -> tuple[FileRead, int]:
    """The documents of records, and how many lines there are."""
    found = fixed.read(content, options)
    if found.issues:
        return FileRead(issues=found.issues), found.lines
    loose = tuple(FileIssue(each.code, 0, each.message) for each in found.faults if not each.document)
    if loose:
        return FileRead(issues=loose), found.lines
    documents = tuple(
        SourceDocument(
            record, record.position,
            tuple(_problem(prepared, each) for each in found.faults if each.document == record.position),
        )
        for record in found.documents
    )  # fmt: skip
    return FileRead(documents), found.lines


def _problem(prepared: PreparedMapping, fault: fixed.RecordFault) -> MappingProblem:
    return MappingProblem(
        fault.code, "", "", "", prepared.place, fault.message, sentence=fault.message, where=f"line {fault.line}"
    )


def _markup(prepared: PreparedMapping, content: bytes) -> FileRead:
    found = markup.parse(content)
    if isinstance(found, FileIssue):
        return FileRead(issues=(found,))
    options = prepared.xml
    if options is not None and options.schema is not None:
        faults = options.schema.faults(found.root)[:MOST_SCHEMA_FAULTS]
        if faults:
            return FileRead(
                issues=tuple(FileIssue("F-XML", 0, f"Line {each.line}: {each.sentence}.") for each in faults)
            )
    path = options.document if options is not None else None
    elements = path.nodes(found.root) if path is not None else [found.root]
    if not elements:
        message = f"The file has no document {path.text if path is not None else ''}; its root is {found.root.tag}."
        return FileRead(issues=(FileIssue("F-XML", 0, message),))
    return FileRead(tuple(SourceDocument(XmlDocument(each), int(each.sourceline or 0)) for each in elements))
