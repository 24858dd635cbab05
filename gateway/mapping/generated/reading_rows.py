"""Rows of delimited text in generated source: cells by their titles."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway.formats.delimited import ROW
from gateway.mapping.generated import reading, runtime
from gateway.mapping.generated.reading import Listing, Place, Put
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import Writer
from gateway.mapping.notations.notation import ValuePath
from gateway.mapping.notations.rows import CellPath, ColumnPath, RowPath
from gateway.mapping.planning.inbound_plan import InGroup, InRule


class RowPlace:
    """A document of rows, or inside one of them; ``first_counts``: rows may differ, the first that says something counts."""

    def __init__(self, writer: Writer, scope: Scope, *, inside: bool, first_counts: bool = False) -> None:
        self.writer = writer
        self.scope = scope
        self.inside = inside
        self.first_counts = first_counts

    def takes(self, path: ValuePath) -> bool:
        """A cell, or a column that all rows share."""
        return isinstance(path, CellPath if self.inside else ColumnPath)

    def may_have(self, path: ValuePath) -> str:  # noqa: ARG002 - the same for every path
        """Nothing is known."""
        return ""

    def may_list(self, groups: Sequence[InGroup]) -> str:  # noqa: ARG002 - the same for every group
        """Nothing is known."""
        return ""

    def texts(self, rules: Sequence[InRule], put: Put) -> None:
        """One cell after the other."""
        if rules and self.inside:
            self.writer.line(f"cells = {self.scope.node}.fields")
        elif rules:
            self.writer.line(f'rows = root.children.get("{ROW}", ())')
        for rule in rules:
            self.writer.comment(f"{rule.target}: {', '.join(each.name for each in rule.sources)} ({rule.place})")
            texts = " or ".join(self._text(each.name) for each in rule.sources)
            with self.writer.block(f"if text := {texts}"):
                put(rule, "text")

    def _text(self, title: str) -> str:
        if self.inside:
            return f"cells.get({title!r}, '').strip()"
        read = runtime.first_shared if self.first_counts else runtime.shared
        return f"{self.writer.function(read)}(rows, {title!r})"

    @contextmanager
    def items(self, group: InGroup, inner: Scope, listing: Listing) -> Iterator[Place]:
        """The rows."""
        if not isinstance(group.items, RowPath):
            with reading.AnyPlace(self.writer, self.scope).items(group, inner, listing) as place:
                yield place
            return
        with listing.around(self.writer), self.writer.block(f'for {inner.node} in root.children.get("{ROW}", ())'):
            yield RowPlace(self.writer, inner, inside=True)
