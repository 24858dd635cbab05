"""Paths into XML: compiled once, every value with its line and its place in the document."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from gateway.formats import xpath
from gateway.formats.markup import Node, own_text
from gateway.formats.xpath import LocationPath, PathExpression, Unusable

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_XML = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Found:
    """A value of a document: ``where`` is for people (``/Order/cac:Line[2]/cbc:ID``), ``key`` tells the datum from all others."""

    text: str
    line: int
    where: str
    key: str


def compiled(text: str, namespaces: Mapping[str, str], *, union: bool = False) -> "CompiledPath | Unusable":
    """The path of a mapping, or why it cannot be used; prefixes are those of ``namespaces``."""
    expression = xpath.parse(text, namespaces, union=union)
    if isinstance(expression, Unusable):
        return expression
    try:
        return CompiledPath(expression, namespaces)
    except etree.XPathError as error:
        return Unusable(f"the path cannot be used: {error}")


class CompiledPath:
    """One path of a mapping, evaluated on a current element.

    The value of an element is its own text, without that of the elements in it; that of a function its
    result. Nodes come in the order of the document.
    """

    def __init__(self, expression: PathExpression, namespaces: Mapping[str, str]) -> None:
        self.text = text = expression.text
        self.expression = expression
        self.namespaces = {prefix: uri for prefix, uri in namespaces.items() if prefix != "xml"}
        self.find: Callable[[Node], object] = etree.XPath(text, namespaces=self.namespaces, smart_strings=False)

    def nodes(self, node: Node) -> list[Node]:
        """The elements found; empty for attributes and functions."""
        found = self.find(node)
        return [each for each in found if not isinstance(each, str)] if isinstance(found, list) else []

    def first(self, node: Node) -> str:
        """The value of the first node, empty when there is none."""
        found = self.find(node)
        if not isinstance(found, list):
            return _result(found)
        return _value(found[0]) if found else ""

    def texts(self, node: Node) -> list[str]:
        """The values of all nodes."""
        found = self.find(node)
        return [_value(each) for each in found] if isinstance(found, list) else [_result(found)]

    def found(self, node: Node, places: "Places") -> list[Found]:
        """The values of all nodes with their places; a function has one, at the current element."""
        if self.expression.is_function:
            return [Found(self.first(node), places.line(node), places.where(node), places.key(node))]
        return self._located(self.text, node, places)

    def read_along(self, node: Node, places: "Places") -> list[Found]:
        """The data that conditions and functions look at to find the value."""
        seen: list[Found] = []
        for path in self.expression.paths:
            if self.expression.is_function:
                seen += self._located(self._slice(path), node, places)
            for step in path.steps:
                if step.reads:
                    there = self._evaluate(self.text[path.start : step.end], node)
                    bases = [_holder(each) for each in there]
                    seen += [
                        f
                        for base in bases
                        for read in step.reads
                        for f in self._located(self._slice(read), base, places)
                    ]
        return seen

    def _slice(self, path: LocationPath) -> str:
        return self.text[path.start : path.steps[-1].end]

    def _evaluate(self, text: str, node: Node) -> list[Node]:
        found = etree.XPath(text, namespaces=self.namespaces, smart_strings=True)(node)
        return found if isinstance(found, list) else []

    def _located(self, text: str, node: Node, places: "Places") -> list[Found]:
        return [places.found(each) for each in self._evaluate(text, node)]


class Places:
    """Where each element of a document stands; made once per document, for explaining and coverage.

    It keeps every element alive, which makes them usable as keys.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self._of: dict[Node, tuple[int, str]] = {root: (0, f"/{_label(root, root.tag)}")}
        waiting = [root]
        while waiting:
            parent = waiting.pop()
            above = self._of[parent][1]
            children = list(parent)
            labels = [_label(child, child.tag) for child in children]
            total, seen = Counter(labels), Counter[str]()
            for child, label in zip(children, labels, strict=True):
                seen[label] += 1
                at = f"[{seen[label]}]" if total[label] > 1 else ""
                self._of[child] = (len(self._of), f"{above}/{label}{at}")
            waiting.extend(children)

    def where(self, node: Node) -> str:
        """The place of an element, for people."""
        return self._of[node][1]

    def key(self, node: Node) -> str:
        """What tells an element from all others of the document."""
        return str(self._of[node][0])

    def line(self, node: Node) -> int:
        """The line an element begins in."""
        return int(node.sourceline or 0)

    def found(self, node: Node) -> Found:
        """An element, attribute or text that a path found."""
        holder = _holder(node)
        if isinstance(node, str) and getattr(node, "is_attribute", False):
            return self.attribute(holder, str(getattr(node, "attrname", "")), str(node))
        text = str(node) if isinstance(node, str) else own_text(node)
        return Found(text, self.line(holder), self.where(holder), self.key(holder))

    def attribute(self, node: Node, name: str, text: str) -> Found:
        """One attribute of an element; ``name`` in Clark notation."""
        label = f"@{_label(node, name)}"
        return Found(text, self.line(node), f"{self.where(node)}/{label}", f"{self.key(node)}@{name}")

    def leaves(self, node: Node | None = None) -> Iterator[Found]:
        """Every text and attribute with data below an element, in document order.

        Attributes of the schema instance (``xsi:schemaLocation``) steer validation and are no data.
        """
        for each in (self.root if node is None else node).iter():
            for name, text in each.attrib.items():
                if text.strip() and not name.startswith(_INSTANCE):
                    yield self.attribute(each, name, text)
            text = own_text(each)
            if text.strip():
                yield Found(text, self.line(each), self.where(each), self.key(each))


def _holder(node: Node) -> Node:
    """The element a found node belongs to: itself, or that of the attribute or text."""
    if not isinstance(node, str):
        return node
    parent = node.getparent()  # type: ignore[attr-defined]  # the library's own kind of text
    return parent.getparent() if getattr(node, "is_tail", False) else parent


def _label(node: Node, name: str) -> str:
    """A name in Clark notation as it stands in the file, with the file's own prefix."""
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    if space == _XML:
        return f"xml:{local}"
    if name == node.tag:
        return f"{node.prefix}:{local}" if node.prefix else local
    prefix = next((prefix for prefix, uri in node.nsmap.items() if uri == space and prefix), "")
    return f"{prefix}:{local}" if prefix else local


def _value(node: Node) -> str:
    return node if isinstance(node, str) else own_text(node)


def _result(found: object) -> str:
    """The result of a function; numbers are counts."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return f"{found:g}" if isinstance(found, float) else str(found)
