"""Change one thing in a YAML file and leave every other byte as it is: comments, order, quotes, line ends.

The places of the nodes say where in the text to write, so nothing is read and printed again. Afterwards the file must
read as it did, with that one thing changed; else it is not written.
"""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.config.yaml_text import Value, as_data, is_nothing, written, written_like
from gateway.kernel.problem import has_errors

Where = Sequence[str | int]
"""Keys and list positions from the top of the file."""
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was left as it was: a sentence."""

    sentence: str


def set_value(text: str, where: Where, value: Value) -> str | Refused:
    """The text with a value at a place; what is missing on the way there is made.

    Where a single text stands for a rule and a key in it is set, the text becomes its ``from`` (or ``calc``):
    ``uom: PO103`` with ``map`` set is ``uom: {from: PO103, map: {...}}``.
    """
    return _changed(text, where, lambda root, page: _set(root, page, tuple(where), value), lambda _: value)


def add_item(text: str, where: Where, item: Value) -> str | Refused:
    """The text with one more item at the end of a list; a single text becomes the first of two, a list is made."""

    def longer(before: Value | None) -> Value:
        if before is None:
            return [item]
        return [*before, item] if isinstance(before, list) else [before, item]

    return _changed(text, where, lambda root, page: _add(root, page, tuple(where), item), longer)


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in the place of a file in one step, with the rights it had; raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o7777)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class _Edit:
    """Text that takes the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


class _Page:
    """The text of a file by lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _BREAK.finditer(text)), len(text)]
        found = _BREAK.search(text)
        self.newline = found[0] if found else "\n"

    def offset(self, place: tuple[int, int]) -> int:
        """Where in the text a line and column are."""
        return self.starts[place[0] - 1] + place[1] - 1

    def span(self, node: Node) -> tuple[int, int]:
        """From where to where a node stands."""
        return self.offset((node.line, node.column)), self.offset(node.end)

    def line_behind(self, node: Node, text: str, column: int) -> _Edit:
        """A new line behind the one a node ends on, beginning at a column."""
        end = self.offset(node.end)
        if node.end[1] > 1 or end == 0:
            found = _BREAK.search(self.text, end)
            end = found.end() if found else len(self.text)
        before = "" if end == 0 or _BREAK.fullmatch(self.text[end - 1]) else self.newline
        return _Edit(end, end, f"{before}{' ' * (column - 1)}{text}{self.newline}")


def _changed(
    text: str,
    where: Where,
    edit: Callable[[Node, _Page], _Edit | Refused],
    expected: Callable[[Value | None], Value],
) -> str | Refused:
    """The text after an edit, if it then reads as it should."""
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    root, problems = load(body, "")
    if root is None or has_errors(problems):
        return Refused(f"it has a mistake on line {problems[0].line}: {problems[0].sentence}")
    wanted = _with(as_data(root), tuple(where), expected)
    if isinstance(wanted, Refused):
        return wanted
    found = edit(root, _Page(body))
    if isinstance(found, Refused):
        return found
    after = f"{body[: found.start]}{found.text}{body[found.end :]}"
    again, wrong = load(after, "")
    if again is None or wrong or as_data(again) != wanted:
        return Refused("the change would alter more than it should; make it by hand")
    return mark + after


def _with(data: Value | None, where: tuple[str | int, ...], expected: Callable[[Value | None], Value]) -> Value | Refused:  # fmt: skip
    """Data with one thing changed."""
    if is_nothing(data):
        data = None
    if not where:
        return expected(data)
    head, rest = where[0], where[1:]
    if isinstance(head, int):
        if not isinstance(data, list) or head >= len(data):
            return Refused(f"there is no item {head + 1}")
        inner = _with(data[head], rest, expected)
        return inner if isinstance(inner, Refused) else [*data[:head], inner, *data[head + 1 :]]
    if isinstance(data, str):
        data = dict([_as_rule(data)])
    if isinstance(data, list):
        return Refused(f"a list has no key '{head}'")
    inner = _with((data or {}).get(head), rest, expected)
    return inner if isinstance(inner, Refused) else {**(data or {}), head: inner}


def _as_rule(text: str) -> tuple[str, str]:
    """The key and value that a single text stands for in a mapping file."""
    return ("calc", text[1:]) if text.startswith("=") else ("from", text)


def _set(node: Node, page: _Page, where: tuple[str | int, ...], value: Value) -> _Edit | Refused:
    """The edit that puts a value at a place at or below a node."""
    if not where:
        return _replaced(node, page, value)
    head, rest = where[0], where[1:]
    if isinstance(node, YamlList):
        return _set(node.items[head], page, rest, value) if isinstance(head, int) else Refused("a list has no keys")
    inner = _nested(where, value)
    if isinstance(node, YamlText):
        if node.is_removal:
            return _replaced(node, page, inner)
        return _replaced(node, page, {**dict([_as_rule(node.value)]), **(inner if isinstance(inner, dict) else {})})
    below = node.get(str(head))
    if below is not None:
        return _set(below, page, rest, value)
    return _entered(node, page, f"{written(str(head))}: {written(_nested(rest, value))}")


def _add(node: Node, page: _Page, where: tuple[str | int, ...], item: Value) -> _Edit | Refused:
    """The edit that adds an item to the list at a place at or below a node."""
    found: Node | None = node
    for part in where:
        if isinstance(found, YamlMap):
            found = found.get(str(part))
        elif isinstance(found, YamlList) and isinstance(part, int) and part < len(found.items):
            found = found.items[part]
        else:
            found = None
    if found is None or (isinstance(found, YamlText) and found.is_removal):
        return _set(node, page, where, [item])
    if isinstance(found, YamlList):
        return _listed(found, page, written(item))
    data = as_data(found)
    return _replaced(found, page, [data if data is not None else "", item])


def _nested(where: tuple[str | int, ...], value: Value) -> Value:
    for part in reversed(where):
        value = {str(part): value}
    return value


def _replaced(node: Node, page: _Page, value: Value) -> _Edit | Refused:
    """Another value in the place of a node; comments inside what is replaced would be lost, so that is refused."""
    start, end = page.span(node)
    before = page.text[start:end]
    if not isinstance(node, YamlText):
        if not node.flow:
            return Refused("keys of its own are written below it; change those")
        if "#" in before:
            return Refused("there is a comment inside what would be replaced")
    text = written_like(before, value) if isinstance(node, YamlText) else written(value)
    return _Edit(start, end, text if start != end or page.text[start - 1 : start].isspace() else f" {text}")


def _entered(node: YamlMap, page: _Page, entry: str) -> _Edit:
    """A further entry of a mapping."""
    pairs = [(each.key, each.value if each.value.end > each.key.end else each.key) for each in node]
    if node.flow:
        return _inside(node, page, entry, pairs)
    if not pairs:
        return _Edit(len(page.text), len(page.text), _own_line(page, entry))
    return page.line_behind(pairs[-1][1], entry, node.column)


def _listed(node: YamlList, page: _Page, item: str) -> _Edit:
    """A further item of a list."""
    if node.flow:
        return _inside(node, page, item, [(each, each) for each in node.items])
    return page.line_behind(node.items[-1], f"- {item}", node.column)


def _inside(node: YamlMap | YamlList, page: _Page, text: str, inner: Sequence[tuple[Node, Node]]) -> _Edit:
    """Text behind the last thing in brackets: on a line of its own where the things before it (start, end) have one."""
    if not inner:
        start = page.offset((node.line, node.column)) + 1
        return _Edit(start, start, text)
    end = page.offset(inner[-1][1].end)
    lines, columns = [first.line for first, _ in inner], {first.column for first, _ in inner}
    if len(lines) > 1 and len(columns) == 1 and all(one < other for one, other in pairwise(lines)):
        return _Edit(end, end, f",{page.newline}{' ' * (inner[0][0].column - 1)}{text}")
    return _Edit(end, end, f", {text}")


def _own_line(page: _Page, entry: str) -> str:
    is_open = page.text and not _BREAK.fullmatch(page.text[-1])
    return f"{page.newline if is_open else ''}{entry}{page.newline}"
