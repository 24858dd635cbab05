"""The documents of a file that is not X12, as an inbound mapping reads it."""

from dataclasses import dataclass

from gateway.formats import delimited, fixed, markup
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


def read(prepared: PreparedMapping, content: bytes) -> FileRead:
    """Every document of a file in the mapping's format."""
    if prepared.records is not None:
        return _records(prepared, prepared.records, content)
    if prepared.format == "csv":
        return _rows(prepared, content)
    if prepared.format == "xml":
        return _markup(prepared, content)
    raise ValueError(f"{prepared.name} does not read files of its own")


def _rows(prepared: PreparedMapping, content: bytes) -> FileRead:
    found = delimited.read(content, prepared.delimited)
    if found.issues:
        return FileRead(issues=found.issues)
    missing = delimited.missing(found.titles, prepared.columns_required)
    if missing is not None:
        return FileRead(issues=(missing,))
    records = delimited.documents(found, prepared.delimited)
    return FileRead(tuple(SourceDocument(each, each.position) for each in records))


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
