"""Python source that is put together line by line, with the objects that it names."""

import re
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

_NO_NAME = re.compile(r"\W", re.ASCII)
_WIDTH = 100


class NotGeneratedError(Exception):
    """A mapping that uses something in a way that no source is made for; it is interpreted."""


class NotLaidError(Exception):
    """A mapping that needs the tree of a set."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How sets of X12 are read: ``laid`` by their layout, not as trees; ``tidy`` where no text has to be cleaned."""

    laid: bool = False
    tidy: bool = False


class Writer:
    """Lines of source and the constants they name."""

    def __init__(self, manner: Manner = Manner()) -> None:
        self.manner = manner
        self.lines: list[str] = []
        self.depth = 0
        self.constants: dict[str, object] = {}
        self.needed: set[str] = set()
        self.undefined: set[str] = set()
        self._wanted_for: dict[int, str] = {}
        self._known: dict[Hashable, str] = {}
        self._fresh: dict[str, int] = {}

    def line(self, text: str) -> None:
        """One line at the depth we are at."""
        self.lines.append(f"{'    ' * self.depth}{text}")

    def line_for(self, name: str, text: str) -> None:
        """A line that stays only when something needs the name it defines."""
        self._wanted_for[len(self.lines)] = name
        self.line(text)

    def need(self, name: str) -> str:
        """A name that is defined by a line of its own."""
        self.needed.add(name)
        return name

    def comment(self, text: str) -> None:
        """A remark: what rule the next lines are made of."""
        self.line(f"# {' '.join(text.split())[:_WIDTH]}")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines below a line that ends with a colon; a block without any gets ``pass``."""
        self.line(f"{head}:")
        before = len(self.lines)
        self.depth += 1
        yield
        if all(each.lstrip().startswith("#") for each in self.lines[before:]):
            self.line("pass")
        self.depth -= 1

    def constant(self, name: str, value: object, key: Hashable = None) -> str:
        """The name of an object in the source; with a ``key`` the same object is named once."""
        if key is not None and key in self._known:
            return self._known[key]
        wanted = free = identifier(name)
        count = 2
        while free in self.constants:
            free = f"{wanted}_{count}"
            count += 1
        self.constants[free] = value
        if key is not None:
            self._known[key] = free
        return free

    def fresh(self, name: str) -> str:
        """A variable that no other place of the source has."""
        self._fresh[name] = self._fresh.get(name, 0) + 1
        return name if self._fresh[name] == 1 else f"{name}_{self._fresh[name]}"

    def function(self, value: object) -> str:
        """A function that is called by its own name."""
        name = str(getattr(value, "__name__", "function"))
        return self.constant(name, value, ("function", name))

    def text(self) -> str:
        """The source as a whole; ``NotLaidError`` if it needs what the manner cannot define."""
        if not self.needed.isdisjoint(self.undefined):
            raise NotLaidError
        kept = (line for at, line in enumerate(self.lines) if self._wanted_for.get(at) in (None, *self.needed))
        return "\n".join(kept) + "\n"


def identifier(text: str) -> str:
    """A text as a name of Python.

    >>> identifier("ids.upc")
    'ids_upc'
    """
    name = _NO_NAME.sub("_", text)
    return f"_{name}" if name[:1].isdigit() else name


def compiled(source: str, name: str, constants: Mapping[str, object], function: str) -> object:
    """The function that a source defines."""
    space: dict[str, object] = dict(constants)
    exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102 - made here from a checked plan, every text quoted
    return space[function]
