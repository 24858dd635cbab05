"""XML written from creation paths: names joined by ``/``, elements reused within their parent, empty ones left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.formats import plain_text
from gateway.formats.plain_text import Written
from gateway.formats.xpath import Unusable

ENCODINGS = ("UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII")
_CODECS = {"UTF-8": "utf-8", "UTF-16": "utf-16", "ISO-8859-1": "latin-1", "windows-1252": "cp1252", "US-ASCII": "ascii"}
_NCNAME = r"[^\W\d][\w.\-]*"
_STEP = re.compile(
    rf"""(?P<name>(?:{_NCNAME}:)?{_NCNAME})(?:\[@(?P<key>(?:{_NCNAME}:)?{_NCNAME})\s*=\s*(?P<quoted>'[^']*'|"[^"]*")\])?"""
)
_ATTRIBUTE = re.compile(rf"@(?P<name>(?:{_NCNAME}:)?{_NCNAME})")
# XML 1.0, production 2
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
_HINT = "write names joined by '/', one [@name='text'] a step, and '@name' or '.' at the end"


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """How a document is written.

    ``root`` is a name with a prefix of ``namespaces``; names without a prefix belong to ``default_prefix``,
    which is written without one. ``system_id`` is the external identifier of a document type, as cXML wants it.
    """

    root: str
    namespaces: Mapping[str, str] = field(default_factory=dict)
    default_prefix: str = ""
    encoding: str = "UTF-8"
    indent: int = 0
    system_id: str = ""


@dataclass(frozen=True, slots=True)
class CreationStep:
    """One element: its name with prefix, and the attribute that tells it from others of that name."""

    name: str
    key: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class CreationPath:
    """The elements to create, and the attribute at the end, empty for the text of the last element."""

    steps: tuple[CreationStep, ...]
    attribute: str = ""


@dataclass(slots=True, eq=False)
class Element:
    """An element being built; it is written only when something stands in it."""

    name: str
    parent: "Element | None" = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element]" = field(default_factory=list)
    text: str | None = None
    known: "dict[CreationStep, Element]" = field(default_factory=dict)
    fixed: str = ""

    def where(self) -> str:
        """Its place, for people."""
        if self.parent is None:
            return f"/{self.name}"
        same = [child for child in self.parent.children if child.name == self.name]
        at = f"[{next(at for at, child in enumerate(same, start=1) if child is self)}]" if len(same) > 1 else ""
        return f"{self.parent.where()}/{self.name}{at}"

    def is_written(self) -> bool:
        """Whether it has data: text, a child with data, or, when no rule writes its text, an attribute."""
        if self.text or any(child.is_written() for child in self.children):
            return True
        return self.text is None and any(name != self.fixed for name in self.attributes)


def creation_path(text: str, options: WritingOptions) -> CreationPath | Unusable:
    """The path of a rule, or why nothing can be created by it.

    >>> creation_path("a[@id='1']/@b", WritingOptions(root="r"))
    CreationPath(steps=(CreationStep(name='a', key='id', value='1'),), attribute='b')
    """
    if text.strip() == ".":
        return CreationPath(())
    steps: list[CreationStep] = []
    at = 0
    while True:
        attribute = _ATTRIBUTE.match(text, at)
        if attribute is not None and attribute.end() == len(text):
            return _declared(CreationPath(tuple(steps), attribute["name"]), text, options)
        if steps and text[at:] == ".":
            return _declared(CreationPath(tuple(steps)), text, options)
        step = _STEP.match(text, at)
        if step is None:
            return Unusable(*_no_step(text, at), column=at + 1)
        steps.append(
            CreationStep(_undefaulted(step["name"], options), step["key"] or "", (step["quoted"] or "''")[1:-1])
        )
        at = step.end()
        if at == len(text):
            return _declared(CreationPath(tuple(steps)), text, options)
        if text[at] != "/":
            return Unusable(*_no_step(text, at), column=at + 1)
        at += 1


def name_fault(name: str, options: WritingOptions) -> Unusable | None:
    """Why the name of an element, such as the root's, cannot be written."""
    if not re.fullmatch(rf"(?:{_NCNAME}:)?{_NCNAME}", name):
        return Unusable(f"'{name}' is not the name of an element", "write it as prefix:Name")
    return _undeclared([name], name, options)


class Builder:
    """Builds one document; the mapping calls it rule by rule, in their order, also for empty values.

    An element keeps the place of the first rule that named it, even when only a later rule has data for it.
    """

    def __init__(self, options: WritingOptions) -> None:
        self.options = options
        self.root = Element(_undefaulted(options.root, options))
        self.faults: list[plain_text.CellFault] = []

    def element(self, parent: Element, steps: tuple[CreationStep, ...], *, fresh: bool = False) -> Element:
        """The element at the end of steps, created where it does not exist yet; ``fresh``: the last one in any case."""
        for at, step in enumerate(steps, start=1):
            if fresh and at == len(steps):
                return _created(parent, step)
            known = parent.known.get(step)
            if known is None:
                known = parent.known[step] = _created(parent, step)
            parent = known
        return parent

    def put(self, parent: Element, path: CreationPath, value: str) -> None:
        """Write the value of one rule; an empty one creates nothing."""
        element = self.element(parent, path.steps)
        bad = _NOT_XML.search(value)
        if bad is not None:
            where = f"{element.where()}/@{path.attribute}" if path.attribute else element.where()
            sentence = f"the character U+{ord(bad.group()):04X} cannot stand in XML"
            self.faults.append(plain_text.CellFault(0, where, sentence))
        elif not path.attribute:
            element.text = value or element.text or ""
        elif value:
            element.attributes[path.attribute] = value

    def to_bytes(self) -> Written:
        """The file; without a byte when a value cannot be written."""
        if self.faults:
            return Written(b"", tuple(self.faults))
        encoding = self.options.encoding
        lines = [f'<?xml version="1.0" encoding="{encoding}"?>\n']
        if self.options.system_id:
            lines.append(f'<!DOCTYPE {self.root.name} SYSTEM "{self.options.system_id}">\n')
        self._write(self.root, lines, 0)
        text = "".join(lines) + "\n"
        if encoding == "UTF-16":
            return Written(plain_text.encode(text, "utf-16"))
        return Written(text.encode(_CODECS[encoding], "xmlcharrefreplace"))

    def _write(self, element: Element, lines: list[str], depth: int) -> None:
        """An element with its content; children stand on lines of their own when the element has no text."""
        name = element.name
        attributes = [*self._declarations(), *element.attributes.items()] if depth == 0 else element.attributes.items()
        shown = "".join(f' {key}="{value.translate(_IN_ATTRIBUTE)}"' for key, value in attributes)
        lines.append(f"<{name}{shown}")
        children = [child for child in element.children if child.is_written()]
        if not children and not element.text:
            lines.append("/>")
            return
        lines.append(f">{(element.text or '').translate(_IN_TEXT)}")
        is_spread = bool(children) and not element.text and self.options.indent > 0
        for child in children:
            if is_spread:
                lines.append("\n" + " " * (self.options.indent * (depth + 1)))
            self._write(child, lines, depth + 1)
        if is_spread:
            lines.append("\n" + " " * (self.options.indent * depth))
        lines.append(f"</{name}>")

    def _declarations(self) -> list[tuple[str, str]]:
        spaces = self.options.namespaces
        default = self.options.default_prefix
        first = [("xmlns", spaces[default])] if default else []
        return first + [(f"xmlns:{prefix}", uri) for prefix, uri in spaces.items() if prefix not in (default, "xml")]


def _created(parent: Element, step: CreationStep) -> Element:
    element = Element(step.name, parent, fixed=step.key)
    if step.key:
        element.attributes[step.key] = step.value
    parent.children.append(element)
    return element


def _undefaulted(name: str, options: WritingOptions) -> str:
    """A name of an element as it is written: without the default prefix."""
    return name.removeprefix(f"{options.default_prefix}:") if options.default_prefix else name


def _no_step(text: str, at: int) -> tuple[str, str]:
    rest = text[at:]
    if not text.strip():
        return "the path is empty", _HINT
    if rest.startswith("/"):
        return "a path to create begins with a name, not with '/'", _HINT
    if rest.startswith("@"):
        return "an attribute can only stand at the end", _HINT
    if rest.startswith("["):
        return f"the condition {rest.partition(']')[0]}] cannot be created", _HINT
    if rest.startswith(("*", "..", ".")):
        return f"'{rest[:2].rstrip('/')}' names no element that can be created", _HINT
    return f"'{rest[:20]}' is not the name of an element" if rest else "a name is missing at the end", _HINT


def _declared(path: CreationPath, text: str, options: WritingOptions) -> CreationPath | Unusable:
    names = [name for step in path.steps for name in (step.name, step.key)] + [path.attribute]
    fault = _undeclared(names, text, options)
    if fault is not None:
        return fault
    default = f"{options.default_prefix}:"
    attributes = [*(step.key for step in path.steps), path.attribute]
    own = next((name for name in attributes if options.default_prefix and name.startswith(default)), None)
    if own is not None:
        sentence = (
            f"'{own}': the default prefix is not written, and an attribute without prefix belongs to no namespace"
        )
        return Unusable(sentence, "leave the prefix out, or declare another one for that namespace", text.find(own) + 1)
    return path


def _undeclared(names: list[str], text: str, options: WritingOptions) -> Unusable | None:
    for name in names:
        if not plain_text.fits(name, _CODECS[options.encoding]):
            return Unusable(f"the name '{name}' cannot be written in {options.encoding}", "choose 'encoding: UTF-8'")
        prefix = name.partition(":")[0] if ":" in name else ""
        if prefix and prefix not in options.namespaces and prefix != "xml":
            column = max(text.find(f"{prefix}:"), 0) + 1
            return Unusable(f"the prefix '{prefix}' is not declared", "declare it in xml.namespaces", column, prefix)
    return None
