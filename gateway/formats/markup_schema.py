"""XML schemas of a mapping's folder: read without network and never outside of it, faults of a document by line."""

import re
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from gateway.formats import markup
from gateway.formats.markup import Node
from gateway.kernel.issue import FileIssue

MOST_FAULTS = 50
_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
_REFERENCES = (f"{_SCHEMA}import", f"{_SCHEMA}include", f"{_SCHEMA}redefine")
_NAMESPACE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One place where a document breaks its schema."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema ready to check documents."""

    name: str
    checker: Node

    def faults(self, root: Node) -> tuple[SchemaFault, ...]:
        """Where a document breaks the schema, in its order; empty when it is valid."""
        if self.checker.validate(root):
            return ()
        entries = list(self.checker.error_log)[:MOST_FAULTS]
        return tuple(SchemaFault(entry.line, _NAMESPACE.sub("", entry.message).rstrip(".")) for entry in entries)


def load(file: Path, folder: Path) -> Schema | str:
    """The schema of a file below a folder, or why it cannot be used.

    Everything it imports or includes must be a file of the folder too; this is checked before the library
    sees it, and the library's own look-ups are answered from those files alone.
    """
    files: dict[Path, bytes] = {}
    fault = _collect(file, folder.resolve(), files)
    if fault:
        return fault
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    parser.resolvers.add(_Folder(files))
    try:
        tree = etree.fromstring(files[file.resolve()], parser, base_url=file.resolve().as_uri())
        return Schema(file.name, etree.XMLSchema(tree))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
        return f"{file.name} is not a usable schema: {_NAMESPACE.sub('', str(error))}"


class _Folder(etree.Resolver):  # type: ignore[misc]  # the library has no types
    """Answers look-ups of the library from what was read; anything else is an empty file."""

    def __init__(self, files: dict[Path, bytes]) -> None:
        self.files = {path.as_uri(): content for path, content in files.items()}
        self.files |= {str(path): content for path, content in files.items()}

    def resolve(self, system_url: str, _public_id: str, context: Node) -> Node:
        return self.resolve_string(self.files.get(system_url, b""), context, base_url=system_url)


def _collect(file: Path, folder: Path, files: dict[Path, bytes]) -> str:
    """Read a schema and all it refers to; the sentence says what is not allowed."""
    waiting = [file]
    while waiting:
        each = waiting.pop()
        path = each.resolve()
        if path in files:
            continue
        if not path.is_relative_to(folder) or each.is_symlink():
            return f"{each.name} is outside of the mapping's folder"
        if not path.is_file():
            return f"there is no file {each.name} in the mapping's folder"
        content = path.read_bytes()
        read = markup.parse(content)
        if isinstance(read, FileIssue):
            return f"{each.name}: {read.message}"
        files[path] = content
        for node in read.root.iterchildren(*_REFERENCES):
            location = node.get("schemaLocation") or ""
            if "://" in location or location.startswith(("//", "/", "file:")):
                return f"{each.name} refers to {location}; put that file into the mapping's folder and name it there"
            waiting += [path.parent / location] if location else []
    return ""
