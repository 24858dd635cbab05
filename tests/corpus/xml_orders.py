"""How far each real XML order gets through the built-in mapping of its root: the third table of docs/reference/corpus-mappings.md."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from gateway.formats import markup
from gateway.mapping import coverage, documents, inbound
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.corpus.page import corpus, files
from tests.corpus.words import ENV, first

READERS = {"{urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order": "xml/ubl-order", "cXML": "xml/cxml-order"}
"""The built-in that reads documents with a root."""


@cache
def reader(root: str) -> PreparedMapping:
    """The built-in of a root."""
    found, problems = prepare(READERS[root], site_mappings=None)
    if found is None:
        raise ValueError(problems)
    return found


def orders() -> list[tuple[Path, PreparedMapping]]:
    """Every XML file of the corpus whose root a built-in reads."""
    roots = [(path, markup.root_of(path.read_bytes())) for path in files("xml")]
    return [(path, reader(root)) for path, root in roots if root in READERS]


def rows() -> Iterator[str]:
    """The rows of the table: mapped or held, the share of the data that a rule reads, and why it was not mapped."""
    for path, mapping in sorted(orders(), key=lambda pair: (pair[1].name, pair[0].name)):
        read = documents.read(mapping, path.read_bytes())
        mapped = [inbound.run(mapping, each.node, ENV) for each in read.documents]
        problems = [each.message for one in mapped for each in one.problems if each.level != "warn"]
        told = [issue.message for issue in read.issues] + problems
        good = sum(1 for one in mapped if one.document is not None)
        seen = coverage.of(mapping, [(each.node, ENV) for each in read.documents])
        share = f"{seen.used * 100 // seen.total} %" if seen.total and good else ""
        why = first(iter(told)) if told else ""
        held = len(mapped) - good or ""
        yield f"| {path.relative_to(corpus())} | {mapping.name} | {good or ''} | {held} | {share} | {why} |"


def table() -> str:
    """The whole table."""
    return "| file | built-in | mapped | held | data read | why not mapped |\n|---|---|---|---|---|---|\n" + "\n".join(
        rows()
    )
