"""XML written from creation paths: names joined by ``/``, elements reused within their parent, empty ones left out."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.formats import plain_text
from gateway.formats.plain_text import Written
from gateway.formats.xpath import Unusable

ENCODINGS = ("UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII")
MOST_FAULTS = 50
_CODECS = {"UTF-8": "utf-8", "UTF-16": "utf-16", "ISO-8859-1": "latin-1", "windows-1252": "cp1252", "US-ASCII": "ascii"}
_NCNAME = r"[^\W\d][\w.\-]*"
_STEP = re.compile(
    rf"""(?P<name>(?:{_NCNAME}:)?{_NCNAME})(?:\[@(?P<key>(?:{_NCNAME}:)?{_NCNAME})\s*=\s*(?P<quoted>'[^']*'|"[^"]*")\])?"""
)
_ATTRIBUTE = re.compile(rf"@(?P<name>(?:{_NCNAME}:)?{_NCNAME})")
# XML 1.0, production 2
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[&<>\r\n\t"]')
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
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


class CreationStep(NamedTuple):
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
    fixed: str = ""
    text: str | None = None
    attributes: dict[str, str] | None = None
    children: "dict[CreationStep | int, Element] | None" = None

    def child(self, step: CreationStep, key: CreationStep | int | None = None) -> "Element":
        """The child of a step, created when it is new; ``key`` instead of the step tells it from others."""
        if self.children is None:
            self.children = {}
        key = step if key is None else key
        known = self.children.get(key)
        if known is None:
            attributes = {step.key: step.value} if step.key else None
            known = self.children[key] = Element(step.name, step.key, attributes=attributes)
        return known

    def fresh(self, step: CreationStep) -> "Element":
        """One more child of a step."""
        return self.child(step, len(self.children or ()))

    def prune(self) -> bool:
        """Leave out the children without data; whether the element itself is written.

        It is for its text, for a child, or, when no rule writes its text, for an attribute.
        """
        if self.children:
            self.children = {key: child for key, child in self.children.items() if child.prune()}
        if self.text or self.children:
            return True
        return self.text is None and any(name != self.fixed for name in self.attributes or ())

    def trail(self, sought: "Element") -> "list[Element]":
        """The elements down to one, it and this one among them; empty when it is not below."""
        if sought is self:
            return [self]
        below = next((found for child in (self.children or {}).values() if (found := child.trail(sought))), [])
        return [self, *below] if below else []


def _place(trail: list[Element]) -> str:
    """Where the last element of a trail stands, for people."""
    where = f"/{trail[0].name}"
    for parent, element in itertools.pairwise(trail):
        same = [child for child in (parent.children or {}).values() if child.name == element.name]
        number = next(number for number, child in enumerate(same, start=1) if child is element)
        where += f"/{element.name}[{number}]" if len(same) > 1 else f"/{element.name}"
    return where


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
        if not steps:
            return parent
        for step in steps[:-1]:
            parent = parent.child(step)
        return parent.fresh(steps[-1]) if fresh else parent.child(steps[-1])

    def put(self, parent: Element, path: CreationPath, value: str) -> None:
        """Write the value of one rule; an empty one creates nothing."""
        element = self.element(parent, path.steps)
        bad = _NOT_XML.search(value)
        if bad is not None:
            if len(self.faults) >= MOST_FAULTS:
                return
            where = _place(self.root.trail(element)) + (f"/@{path.attribute}" if path.attribute else "")
            sentence = f"the character U+{ord(bad.group()):04X} cannot stand in XML"
            self.faults.append(plain_text.CellFault(0, where, sentence))
        elif not path.attribute:
            element.text = value or element.text or ""
        elif value:
            if element.attributes is None:
                element.attributes = {}
            element.attributes[path.attribute] = value

    def to_bytes(self) -> Written:
        """The file, without a byte when a value cannot be written; nothing can be put into it afterwards."""
        if self.faults:
            return Written(b"", tuple(self.faults))
        encoding = self.options.encoding
        lines = [f'<?xml version="1.0" encoding="{encoding}"?>\n']
        if self.options.system_id:
            lines.append(f'<!DOCTYPE {self.root.name} SYSTEM "{self.options.system_id}">\n')
        self.root.prune()
        self._write(self.root, lines, 0)
        text = "".join(lines) + "\n"
        if encoding == "UTF-16":
            return Written(plain_text.encode(text, "utf-16"))
        return Written(text.encode(_CODECS[encoding], "xmlcharrefreplace"))

    def _write(self, element: Element, lines: list[str], depth: int) -> None:
        """An element with its content; children stand on lines of their own when the element has no text."""
        name = element.name
        lines.append(f"<{name}")
        attributes = (self._declarations() if depth == 0 else {}) | (element.attributes or {})
        if attributes:
            lines += [f' {key}="{value.translate(_IN_ATTRIBUTE)}"' for key, value in attributes.items()]
        children, text = element.children, element.text or ""
        if not children and not text:
            lines.append("/>")
            return
        lines.append(f">{text.translate(_IN_TEXT)}" if _SPECIAL.search(text) else f">{text}")
        is_spread = bool(children) and not text and self.options.indent > 0
        for child in (children or {}).values():
            if is_spread:
                lines.append("\n" + " " * (self.options.indent * (depth + 1)))
            self._write(child, lines, depth + 1)
        if is_spread:
            lines.append("\n" + " " * (self.options.indent * depth))
        lines.append(f"</{name}>")

    def _declarations(self) -> dict[str, str]:
        spaces = self.options.namespaces
        default = self.options.default_prefix
        first = {"xmlns": spaces[default]} if default else {}
        return first | {f"xmlns:{prefix}": uri for prefix, uri in spaces.items() if prefix not in (default, "xml")}


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
