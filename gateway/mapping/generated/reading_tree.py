"""XML and record files in generated source: texts read without a datum for each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway.mapping.generated import reading, runtime
from gateway.mapping.generated.reading import Listing, Place, Put
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import Writer
from gateway.mapping.notations.notation import ValuePath
from gateway.mapping.notations.records import RecordPath
from gateway.mapping.notations.xml import TextPath
from gateway.mapping.planning.inbound_plan import InGroup, InRule


class TreePlace:
    """An element of XML, or a record; ``node`` is the variable of it."""

    def __init__(self, writer: Writer, scope: Scope, node: str) -> None:
        self.writer = writer
        self.scope = scope
        self.node = node

    def takes(self, path: ValuePath) -> bool:
        """A path of XML, or a column of the record itself."""
        return isinstance(path, TextPath) or (isinstance(path, RecordPath) and not path.below)

    def may_have(self, path: ValuePath) -> str:  # noqa: ARG002 - the same for every path
        """Nothing is known."""
        return ""

    def may_list(self, groups: Sequence[InGroup]) -> str:  # noqa: ARG002 - the same for every group
        """Nothing is known."""
        return ""

    def texts(self, rules: Sequence[InRule], put: Put) -> None:
        """One text after the other."""
        for rule in rules:
            self.writer.comment(f"{rule.target}: {', '.join(each.name for each in rule.sources)} ({rule.place})")
            with self.writer.block(f"if text := {' or '.join(self._text(each.path) for each in rule.sources)}"):
                put(rule, "text")

    def _text(self, path: ValuePath | None) -> str:
        if isinstance(path, TextPath):
            name = self.writer.constant(f"path_{path.text}", path.path, ("texts", path.text))
            return f"{self.writer.function(runtime.first_text)}({name}, {self.node})"
        column = path.column if isinstance(path, RecordPath) else ""
        return f"{self.node}.fields.get({column!r}, '').strip()"

    @contextmanager
    def items(self, group: InGroup, inner: Scope, listing: Listing) -> Iterator[Place]:
        """The elements or records of a group."""
        if group.items is not None:
            loop = f"for {inner.node} in {reading.items(self.writer, self.scope, group.items)}"
            with listing.around(self.writer), self.writer.block(loop):
                yield TreePlace(self.writer, inner, inner.node)
