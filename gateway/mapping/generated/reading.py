"""What the source of a scope asks of a format: values and items read without going through paths."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from gateway.mapping.generated import runtime
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import Writer
from gateway.mapping.notations.notation import ItemPath, ValuePath
from gateway.mapping.planning.inbound_plan import InGroup, InRule


class Place(Protocol):
    """Where a scope stands in the data of one format."""

    def takes(self, path: ValuePath) -> bool:
        """Whether the value of a path can be read by ``texts``."""

    def may_have(self, path: ValuePath) -> str:
        """Source that is false where a path surely reads nothing; empty where that is not known."""

    def may_list(self, groups: Sequence[InGroup]) -> str:
        """Source that is false where none of some groups surely has an item; empty where that is not known."""

    def texts(self, rules: Sequence[InRule], put: "Put") -> None:
        """Read the sources of rules, and hand each rule to ``put`` where its text is known."""

    def items(self, group: InGroup, inner: Scope, listing: "Listing") -> "AbstractContextManager[Place]":
        """The loop over the items of a group; inside of it stands the place of an item."""


class Put(Protocol):
    """Writes what becomes of the text of a rule."""

    def __call__(self, rule: InRule, name: str) -> None:
        """``name`` is a variable with the text, which has something in it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The variable of the list that a loop fills, and what writes how it is kept after it."""

    name: str
    keep: Callable[[], None]

    @contextmanager
    def around(self, writer: Writer) -> Iterator[None]:
        """An empty list, the loop, and the list kept."""
        writer.line(f"{self.name} = []")
        yield
        self.keep()


class AnyPlace:
    """A place of any format, read by its own paths."""

    def __init__(self, writer: Writer, scope: Scope) -> None:
        self.writer = writer
        self.scope = scope

    def takes(self, path: ValuePath) -> bool:  # noqa: ARG002 - the same for every path
        """Every value is read by its path where its rule is."""
        return False

    def may_have(self, path: ValuePath) -> str:  # noqa: ARG002 - the same for every path
        """Nothing is known."""
        return ""

    def may_list(self, groups: Sequence[InGroup]) -> str:  # noqa: ARG002 - the same for every group
        """Nothing is known."""
        return ""

    def texts(self, rules: Sequence[InRule], put: Put) -> None:
        """There is none."""

    @contextmanager
    def items(self, group: InGroup, inner: Scope, listing: Listing) -> Iterator["Place"]:
        """A loop over what the path of the group gives."""
        if group.items is not None:
            with (
                listing.around(self.writer),
                self.writer.block(f"for {inner.node} in {items(self.writer, self.scope, group.items)}"),
            ):
                yield AnyPlace(self.writer, inner)


def items(writer: Writer, scope: Scope, path: ItemPath) -> str:
    """The source of the items of any path."""
    name = writer.constant(f"path_{path.text}", path, ("path", path.text, type(path)))
    return f"{writer.function(runtime.items_of)}({name}, {writer.need(scope.node)}, root)"


def first(writer: Writer, scope: Scope, path: ValuePath, *, every: bool, first_counts: bool) -> str:
    """The source of the first value of any path, or of all its values; ``first_counts``: others may differ."""
    read = runtime.every_value if every else runtime.first_of_rows if first_counts else runtime.first_value
    name = writer.constant(f"path_{path.text}", path, ("path", path.text, type(path)))
    return f"{writer.function(read)}({name}, {writer.need(scope.node)}, root)"
