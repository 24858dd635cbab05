"""XML documents as mappings name them: XPath on the current element, checked when the mapping is prepared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gateway.config.problems import Located, Origin, Problems
from gateway.formats import markup_paths
from gateway.formats.markup import Node
from gateway.formats.markup_paths import CompiledPath, Places
from gateway.formats.xpath import Unusable
from gateway.kernel.issue import Place
from gateway.mapping.notations.notation import Datum, Found, ItemPath, Level, ValuePath


class XmlDocument:
    """One document of a file: its element, and where everything below it stands, made when somebody asks."""

    def __init__(self, element: Node) -> None:
        self.element = element

    @cached_property
    def places(self) -> Places:
        """Where each element stands."""
        return Places(self.element.getroottree().getroot())


@dataclass(frozen=True, slots=True)
class Text:
    """A value of a path: the ``number``-th node that it finds."""

    value: str
    path: CompiledPath = field(repr=False)
    node: Node = field(repr=False)
    number: int
    root: XmlDocument = field(repr=False)
    place: Place | None = None

    @property
    def _found(self) -> markup_paths.Found:
        return self.path.found(self.node, self.root.places)[self.number]

    @property
    def name(self) -> str:
        """The path of the node in the document."""
        return self._found.where

    @property
    def at(self) -> str:
        """The line its element begins in."""
        return f"line {self._found.line}"

    @property
    def key(self) -> str:
        """What tells the datum from all others of the document."""
        return self._found.key


@dataclass(frozen=True, slots=True)
class TextPath:
    """The text of an element or an attribute, or the result of a function."""

    path: CompiledPath
    every: bool = False
    many: bool = True
    agrees: bool = False
    codes: frozenset[str] | None = None

    @property
    def text(self) -> str:
        """The path as it is written."""
        return self.path.text

    def read(self, node: Node | XmlDocument, root: XmlDocument) -> Sequence[Text]:
        """Every value with text, in the order of the document."""
        element = element_of(node)
        return [
            Text(value, self.path, element, number, root)
            for number, value in enumerate(self.path.texts(element))
            if value.strip()
        ]

    def missing(self, node: Node | XmlDocument, _root: XmlDocument) -> Datum:
        """The element around what is not there."""
        return Datum("", self.text, f"line {element_of(node).sourceline or 0}", "")

    def besides(self, node: Node | XmlDocument, root: XmlDocument, _taken: Sequence[Found]) -> Iterator[Found]:
        """What conditions and functions look at."""
        return (_datum(each) for each in self.path.read_along(element_of(node), root.places))

    def shadows(self, later: ValuePath) -> bool:
        """Only the same path has a value wherever this one has."""
        return later.text == self.text


@dataclass(frozen=True, slots=True)
class NodePath:
    """The elements of a group."""

    path: CompiledPath

    @property
    def text(self) -> str:
        """The path as it is written."""
        return self.path.text

    def items(self, node: Node | XmlDocument, _root: XmlDocument) -> Sequence[Node]:
        """The elements, in the order of the document."""
        return self.path.nodes(element_of(node))

    def besides(self, node: Node | XmlDocument, root: XmlDocument) -> Iterator[Found]:
        """What conditions look at."""
        return (_datum(each) for each in self.path.read_along(element_of(node), root.places))


@dataclass(frozen=True, slots=True)
class XmlNotation:
    """The paths of one mapping; ``namespaces`` are its prefixes. Every place in the data can be named from any other."""

    problems: Problems
    namespaces: Mapping[str, str]
    date_hint: str | None = None
    in_pair: bool = False

    def top(self) -> Level:
        """The element of the document."""
        return self

    def value(self, text: Located) -> ValuePath | None:
        """A path of values."""
        path = self.compiled(text)
        return TextPath(path) if path is not None else None

    def each(self, text: Located) -> tuple[ItemPath, Level] | None:
        """A path of elements (M041 for one of values)."""
        path = self.compiled(text)
        if path is None:
            return None
        steps = [each.steps[-1] for each in path.expression.paths if each.steps]
        if path.expression.is_function or any(each.kind in ("attribute", "text") for each in steps):
            self.problems.at(text.origin, "M041", f"'{text.value}' is one value; 'each' needs elements")
            return None
        return NodePath(path), self

    def compiled(self, text: Located, *, union: bool = False) -> CompiledPath | None:
        """A usable path (M043, M045)."""
        found = markup_paths.compiled(text.value, self.namespaces, union=union)
        if isinstance(found, Unusable):
            at = Origin(text.origin.file, text.origin.line, text.origin.column + max(found.column - 1, 0))
            sentence = f"{found.sentence} (path '{text.value}')"
            self.problems.at(at, "M045" if found.undeclared else "M043", sentence, found.hint)
            return None
        return found

    def ignored(self, text: Located) -> "IgnoredNodes | None":
        """A path from the document: what it finds, and everything below that."""
        path = self.compiled(text, union=True)
        return IgnoredNodes(path) if path is not None else None

    def data(self, root: XmlDocument) -> Iterator[Datum]:
        """Every text and attribute with data."""
        return (_datum(each) for each in root.places.leaves(root.element))

    def position(self, node: Node | XmlDocument, _root: XmlDocument) -> int:
        """The line an element begins in."""
        return int(element_of(node).sourceline or 0)


@dataclass(frozen=True, slots=True)
class IgnoredNodes:
    """Elements and attributes that are knowingly not used."""

    path: CompiledPath

    def keys(self, root: XmlDocument) -> Iterator[str]:
        """Their keys, and those of everything below."""
        yield from (each.key for each in self.path.found(root.element, root.places))
        for node in self.path.nodes(root.element):
            yield from (each.key for each in root.places.leaves(node))


def element_of(node: Node | XmlDocument) -> Node:
    """The element of a document, or an element itself."""
    return node.element if isinstance(node, XmlDocument) else node


def _datum(found: markup_paths.Found) -> Datum:
    return Datum(found.text, found.where, f"line {found.line}", found.key)
