"""The documents of a file that is not X12, as an inbound mapping reads it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from gateway.formats import delimited, fixed, markup, plain_text
from gateway.kernel.issue import FileIssue
from gateway.mapping.notations.notation import Node
from gateway.mapping.notations.xml import XmlDocument
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem

MOST_SCHEMA_FAULTS = 20


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
        return _records(prepared, prepared.records, content)
    if prepared.format == "csv":
        found = _rows(prepared, io.BytesIO(content))
        return FileRead(tuple(found.documents), found.issues)
    if prepared.format == "xml":
        return _markup(prepared, content)
    raise ValueError(f"{prepared.name} does not read files of its own")


def stream(prepared: PreparedMapping, file: BinaryIO) -> FileStream:
    """Like ``read``, of a file of any size: where its format allows, documents are read one by one as they are wanted."""
    if prepared.format == "csv" and prepared.records is None:
        return _rows(prepared, file)
    most = markup.LARGEST_FILE if prepared.format == "xml" else plain_text.LARGEST_FILE
    found = read(prepared, file.read(most + 1))  # one byte more shows that a file is too large
    return FileStream(iter(found.documents), found.issues)


def _rows(prepared: PreparedMapping, file: BinaryIO) -> FileStream:
    """A file of rows is judged whole before a document of it is read."""
    judged = delimited.judge(file, prepared.delimited)
    if judged.issues:
        return FileStream(issues=judged.issues)
    missing = delimited.missing(judged.titles, prepared.columns_required)
    if missing is not None:
        return FileStream(issues=(missing,))
    records = delimited.stream(file, prepared.delimited, judged)
    return FileStream(SourceDocument(each, each.position) for each in records)


def _records(prepared: PreparedMapping, options: fixed.RecordOptions, content: bytes) -> FileRead:
    found = fixed.read(content, options)
    if found.issues:
        return FileRead(issues=found.issues)
    loose = tuple(FileIssue(each.code, 0, each.message) for each in found.faults if not each.document)
    if loose:
        return FileRead(issues=loose)
    return FileRead(
        tuple(
            SourceDocument(
                record, record.position,
                tuple(_problem(prepared, each) for each in found.faults if each.document == record.position),
            )
            for record in found.documents
        )
    )  # fmt: skip


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
