"""YAML read more strictly than YAML: every scalar is text, every node knows where it begins and ends.

``end`` is the place behind the last character; ``flow`` means written in ``{ }`` or ``[ ]``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gateway.kernel.problem import Problem

SIZE_LIMIT = 1024 * 1024
TOO_LARGE = "the file is larger than 1 MiB"
DEPTH_LIMIT = 40
Place = tuple[int, int]
"""Line and column, both from 1."""
START: Place = (1, 1)


@dataclass(frozen=True, slots=True)
class YamlText:
    """A scalar as it stands in the file; ``plain`` means written without quotes."""

    value: str
    line: int
    column: int
    plain: bool = True
    end: Place = field(default=START, compare=False, repr=False)

    @property
    def is_removal(self) -> bool:
        """Whether it is ``~`` or nothing: remove what is inherited."""
        return self.plain and self.value in {"", "~"}


@dataclass(frozen=True, slots=True)
class YamlList:
    """A sequence of nodes."""

    items: "tuple[Node, ...]"
    line: int
    column: int
    flow: bool = field(default=False, compare=False, repr=False)
    end: Place = field(default=START, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class YamlEntry:
    """One ``key: value`` of a mapping."""

    key: YamlText
    value: "Node"


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping in file order; keys are text and occur once."""

    entries: tuple[YamlEntry, ...]
    line: int
    column: int
    flow: bool = field(default=False, compare=False, repr=False)
    end: Place = field(default=START, compare=False, repr=False)

    def get(self, key: str) -> "Node | None":
        """The value under a key, None when it is not there."""
        return next((entry.value for entry in self.entries if entry.key.value == key), None)

    def key(self, key: str) -> YamlText | None:
        """The key as it stands in the file, None when it is not there."""
        return next((entry.key for entry in self.entries if entry.key.value == key), None)

    def __iter__(self) -> Iterator[YamlEntry]:
        return iter(self.entries)


Node = YamlText | YamlList | YamlMap


@dataclass(slots=True)
class _Open:
    """A mapping or list still being read."""

    is_map: bool
    line: int
    column: int
    items: list[Node]
    entries: list[YamlEntry]
    keys: dict[str, YamlText] = field(default_factory=dict)
    key: YamlText | None = None
    flow: bool = False
    last: Place = START

    def closed(self, end: Place) -> "YamlMap | YamlList":
        """The node; one in brackets ends behind them, any other behind the last thing in it."""
        if self.is_map:
            return YamlMap(tuple(self.entries), self.line, self.column, self.flow, end if self.flow else self.last)
        return YamlList(tuple(self.items), self.line, self.column, self.flow, end if self.flow else self.last)


class _RefusedError(Exception):
    """Ends the reading of one file with its one problem."""

    def __init__(self, code: str, at: tuple[int, int], sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.line, self.column = at
        self.code, self.sentence, self.hint = code, sentence, hint


def content(path: Path, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """What stands in a file, or the problem that keeps it from being read: no pipe is waited for, nothing huge is read."""
    try:
        path.stat()  # says why nothing can be found there
        if not path.is_file():
            return None, (Problem(file, 1, 1, "M011", "the file cannot be read: it is a folder or a pipe"),)
        with path.open("rb") as opened:
            found = opened.read(SIZE_LIMIT + 1)
        if len(found) > SIZE_LIMIT:
            return None, (Problem(file, 1, 1, "M002", TOO_LARGE, "split it"),)
        return found.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"), ()
    except UnicodeDecodeError as error:
        return None, (Problem(file, 1, 1, "M001", f"not UTF-8: byte {error.start} cannot be read"),)
    except OSError as error:
        return None, (Problem(file, 1, 1, "M011", f"the file cannot be read: {error.strerror}"),)


def load(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The one document of a YAML file, or the problem that makes it unreadable (M001-M004).

    Duplicate keys are problems too, but reading goes on; the first occurrence counts.
    An empty file is an empty mapping.
    """
    problems: list[Problem] = []
    try:
        if len(text.encode("utf-8", "replace")) > SIZE_LIMIT:
            raise _RefusedError("M002", START, TOO_LARGE, "split it")  # noqa: TRY301 - one way out
        root = _Builder(file, problems).document(text)
    except _RefusedError as refused:
        problem = Problem(file, refused.line, refused.column, refused.code, refused.sentence, refused.hint)
        return None, (*problems, problem)
    return root, tuple(problems)


class _Builder:
    """Turns the events of one YAML stream into nodes, without recursion."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0

    def document(self, text: str) -> Node:
        """The root node; an empty mapping when there is none."""
        try:
            for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                self.take(event)
        except yaml.MarkedYAMLError as error:
            raise _RefusedError("M001", *_worded(error, text)) from error
        except yaml.YAMLError as error:  # a character that YAML does not allow
            raise _RefusedError("M001", START, f"not valid YAML: {str(error).splitlines()[0]}") from error
        return self.root if self.root is not None else YamlMap((), 1, 1)

    def take(self, event: yaml.Event) -> None:
        """Handle one event of the parser."""
        line, column = _at(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _RefusedError("M004", (line, column), "a file holds one document only", "remove the line '---'")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _RefusedError(
                "M004",
                (line, column),
                "anchors (&), aliases (*) and tags (!) are not allowed",
                "write the value out, or quote it",
            )
        elif isinstance(event, yaml.ScalarEvent):
            self.place(YamlText(event.value, line, column, not event.style, _at(event.end_mark)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(self.stack) >= DEPTH_LIMIT:
                raise _RefusedError("M002", (line, column), f"nested more than {DEPTH_LIMIT} levels deep")
            is_map, flow = isinstance(event, yaml.MappingStartEvent), bool(event.flow_style)
            self.stack.append(_Open(is_map, line, column, [], [], flow=flow, last=(line, column)))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.place(self.stack.pop().closed(_at(event.end_mark)))

    def place(self, node: Node) -> None:
        """Put a finished node where it belongs."""
        if not self.stack:
            self.root = None if isinstance(node, YamlText) and node.is_removal else node
            return
        parent = self.stack[-1]
        parent.last = node.end
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self.as_key(node)
        else:
            self.enter(parent, parent.key, node)
            parent.key = None

    def as_key(self, node: Node) -> YamlText:
        """A key must be text."""
        if isinstance(node, YamlText):
            return node
        problem = "a key must be text; inside { } and [ ] values with [ ] { } , must be quoted"
        raise _RefusedError("M001", (node.line, node.column), problem)

    def enter(self, parent: _Open, key: YamlText, value: Node) -> None:
        """Add an entry unless its key was there before."""
        earlier = parent.keys.setdefault(key.value, key)
        if earlier is key:
            parent.entries.append(YamlEntry(key, value))
            return
        sentence = f"the key '{key.value}' is written twice"
        hint = f"the first one is on line {earlier.line}; remove one of them"
        self.problems.append(Problem(self.file, key.line, key.column, "M003", sentence, hint))


def _at(mark: Any) -> tuple[int, int]:
    """Line and column of a mark, 1-based; the parser in C has a mark class of its own."""
    return (mark.line + 1, mark.column + 1) if mark else START


_QUOTE = "quote it"
_FLOW = "inside { } and [ ] a value that contains [ ] { } , must be quoted"
_SAID = (
    ("expected ',' or", "a ',' or the closing bracket is missing before this", _FLOW),
    ("expected the node content", "a value is missing before this", _FLOW),
    ("mapping values are not allowed", "a ':' stands where none can be",
     "indent the line like the one above it; a value that contains ': ' must be quoted"),
    ("expected key", "this is indented unlike the lines it belongs to, or its ':' is missing",
     "give lines of one block the same blanks before them"),
    ("expected '-' indicator", "this is indented unlike the items of the list",
     "begin every item with '- ', below the others"),
    ("could not find expected ':'", "a ':' is missing", "write 'key: value', with a blank behind the ':'"),
    ("found unexpected end of stream", "a quote is opened here and never closed", "close it with the same sign"),
    ("unknown escape", 'inside of " " a \\ begins an escape, and this is none', "use ' ' instead of \" \""),
    ("alphabetic or numeric", "a value cannot begin with this sign", _QUOTE),
)  # fmt: skip


def _worded(error: yaml.MarkedYAMLError, text: str) -> tuple[Place, str, str]:
    """Where, what and how to mend it, in words for people who do not know YAML."""
    said = (error.problem or "it cannot be read").strip()
    at = _at(error.problem_mark or error.context_mark)
    sign = _sign(text, at)
    unquoted = _unquoted(text, at) if sign == ":" else ""
    if unquoted:
        hint = f"write the whole text in quotes: {_quoted(unquoted)}"
        return at, "not valid YAML: a text that contains ': ' must be quoted", hint
    if sign == "\t":
        return at, "not valid YAML: a tab stands here", "indent with blanks"
    if "cannot start any token" in said and sign:
        return at, f"not valid YAML: a value cannot begin with {sign}", f"quote it: '{sign}...'"
    if "end of stream" in said and error.context_mark is not None:
        at = _at(error.context_mark)
    sentence, hint = next(
        ((sentence, hint) for part, sentence, hint in _SAID if part in said), (said, f"{_FLOW}; indent with blanks")
    )
    return at, f"not valid YAML: {sentence}", hint


def _sign(text: str, at: Place) -> str:
    """The character at a place."""
    return _line(text, at)[at[1] - 1 : at[1]]


def _line(text: str, at: Place) -> str:
    """The line of a place; the parser takes NEL, LS and PS for ends of lines too."""
    lines = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)
    return lines[at[0] - 1] if at[0] <= len(lines) else ""


_LONGEST_LINE = 2000
_BEFORE = re.compile(r"\s*(?:- +)?[^\s'\"{}\[\],:#][^'\"{}\[\],:]*: +(?P<value>[^\s'\"{}\[\]][^{}\[\]]*)")
_BEFORE_IN_FLOW = re.compile(r".*[{,]\s*[^'\"{}\[\],:]+: +(?P<value>[^\s'\"{}\[\],][^{}\[\],]*)")


def _unquoted(text: str, at: Place) -> str:
    """The value that goes on behind a ':', empty when none does."""
    line = _line(text, at)
    if len(line) > _LONGEST_LINE:
        return ""
    before, after = line[: at[1] - 1], line[at[1] - 1 :]
    if (found := _BEFORE.fullmatch(before)) is not None:
        return (found["value"] + after.partition(" #")[0]).strip()
    if (found := _BEFORE_IN_FLOW.fullmatch(before)) is not None:
        return (found["value"] + re.split(r"[,{}\[\]]", after)[0]).strip()
    return ""


def _quoted(value: str) -> str:
    """A text as it is written in quotes."""
    return f'"{value}"' if "'" in value and not set(value) & {'"', "\\"} else "'" + value.replace("'", "''") + "'"
