"""The part of XPath 1.0 that a mapping may use: parsed and checked, so that its cost is foreseeable."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NoReturn

StepKind = Literal["child", "attribute", "self", "parent", "text"]

LONGEST = 1000
DEEPEST_PREDICATE = 2
DEEPEST_NESTING = 20
FUNCTIONS = {
    "name": (0, 1), "local-name": (0, 1), "position": (0, 0), "last": (0, 0), "count": (1, 1), "string": (0, 1),
    "normalize-space": (0, 1), "concat": (2, 50), "substring-before": (2, 2), "substring-after": (2, 2),
    "translate": (3, 3), "not": (1, 1),
}  # fmt: skip
"""The functions with the least and the most of their arguments; ``text()`` is a step."""
_OF_NODES = ("name", "local-name", "count")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""(?P<blank>\s+)|(?P<literal>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d*)?|\.\d+)"""
    rf"""|(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)|(?P<sign>//|::|\.\.|!=|<=|>=|[./@,()\[\]|+\-=<>*$])"""
)
_HINTS = {
    "+": "compute with 'calc'", "-": "compute with 'calc'", "*": "compute with 'calc'", "div": "compute with 'calc'",
    "mod": "compute with 'calc'",
}  # fmt: skip
_REFUSED = {
    "//": ("'//' searches the whole document and cannot be used", "name each element on the way: a/b/c"),
    "$": ("variables cannot be used in a path", "parameters stand in expressions: =$partner.name"),
}
_EVERYTHING = "a condition that looks around in the document cannot be nested; it would compare all with all"
_STEPS = "only child and attribute steps, '.' and '..' are possible"
_KNOWN = f"possible are text(), {', '.join(f'{name}()' for name in FUNCTIONS)}"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a path cannot be used: a sentence, what to do, the 1-based column in the path, and the prefix nobody declared."""

    sentence: str
    hint: str = ""
    column: int = 1
    undeclared: str = ""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step: ``prefix`` and ``name`` (``*``: any) of an element or attribute; ``end`` is where it stops in the text.

    ``reads`` are the paths in its predicates, seen from what the step finds.
    """

    kind: StepKind
    end: int
    prefix: str = ""
    name: str = ""
    reads: "tuple[LocationPath, ...]" = ()
    is_filtered: bool = False


@dataclass(frozen=True, slots=True)
class LocationPath:
    """A path from the current element, or from the document when ``is_absolute``."""

    is_absolute: bool
    start: int
    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class PathExpression:
    """A usable expression: the alternatives of a union, or the paths that a function reads."""

    text: str
    paths: tuple[LocationPath, ...]
    is_function: bool = False


def parse(text: str, prefixes: Collection[str], *, union: bool = False) -> PathExpression | Unusable:
    """The expression of a path, or why a mapping cannot use it; ``union`` allows alternatives with ``|``."""
    if len(text) > LONGEST:
        return Unusable(f"the path is longer than {LONGEST} characters")
    try:
        return _Parser(text, prefixes).whole(union=union)
    except _StopError as stop:
        return stop.why


class _StopError(Exception):
    """The parser met something that cannot be used."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why.sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Parser:
    """Recursive descent over the tokens of one path."""

    def __init__(self, text: str, prefixes: Collection[str]) -> None:
        self.text = text
        self.prefixes = prefixes
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.nesting = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def sees(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def expect(self, sign: str) -> _Token:
        if not self.sees(sign):
            found = f"'{self.token.text}'" if self.token.text else "the end"
            self.stop(f"'{sign}' is expected before {found}")
        return self.take()

    def stop(self, sentence: str, hint: str = "", token: _Token | None = None) -> NoReturn:
        at = token or self.token
        raise _StopError(Unusable(sentence, hint or _HINTS.get(at.text, ""), at.start + 1))

    def whole(self, *, union: bool) -> PathExpression:
        """``operand { "|" operand }``, nothing after it."""
        if self.token.kind == "end":
            self.stop("the path is empty")
        if self.token.kind in ("literal", "number"):
            self.stop(f"{self.token.text} is a constant, not a path", "write a constant as ='text' or with 'const'")
        if self.sees("("):
            self.stop(
                "a path cannot begin with '('", "the first node is taken anyway; several paths are a list in 'from'"
            )
        if self.is_function():
            paths = self.function()
            self.finished()
            return PathExpression(self.text, tuple(paths), is_function=True)
        alternatives = [self.path()]
        while self.sees("|"):
            if not union:
                self.stop("'|' is possible in 'document' only", "write the alternatives as a list in 'from'")
            self.take()
            alternatives.append(self.path())
        self.finished()
        return PathExpression(self.text, tuple(alternatives))

    def finished(self) -> None:
        token = self.token
        if token.kind == "end":
            return
        if token.text in _COMPARISONS or token.text in ("and", "or"):
            self.stop(f"'{token.text}' is possible in [ ] only", "a condition of a rule is written with 'when'")
        self.stop(f"'{token.text}' cannot stand here")

    def is_function(self) -> bool:
        if self.token.kind != "name" or self.tokens[self.at + 1].text != "(":
            return False
        return self.token.text not in ("text", "node", "comment", "processing-instruction")

    def function(self) -> list[LocationPath]:
        """``name "(" [ argument { "," argument } ] ")"``."""
        name = self.take()
        self.nest(name)
        if name.text not in FUNCTIONS:
            self.stop(f"the function {name.text}() cannot be used", _KNOWN, name)
        self.expect("(")
        paths: list[LocationPath] = []
        count = 0
        while not self.sees(")"):
            if count:
                self.expect(",")
            count += 1
            is_path = not (self.token.kind in ("literal", "number") or self.sees("(") or self.is_function())
            if name.text in _OF_NODES and not is_path:
                self.stop(f"{name.text}() needs a path")
            paths += self.either() if name.text == "not" else self.operand()
        self.expect(")")
        self.nesting -= 1
        least, most = FUNCTIONS[name.text]
        if not least <= count <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self.stop(f"{name.text}() takes {wanted} arguments, not {count}", token=name)
        return paths

    def nest(self, token: _Token) -> None:
        self.nesting += 1
        if self.nesting > DEEPEST_NESTING:
            self.stop(f"brackets are nested more than {DEEPEST_NESTING} deep", token=token)

    def operand(self) -> list[LocationPath]:
        """A literal, a number, a function or a path."""
        if self.token.kind in ("literal", "number"):
            self.take()
            return []
        return self.function() if self.is_function() else [self.path()]

    def either(self) -> list[LocationPath]:
        """``comparison { ("and" | "or") comparison }``; how they bind is the library's business."""
        paths = self.comparison()
        while self.token.kind == "operator" and self.token.text in ("and", "or"):
            self.take()
            paths += self.comparison()
        return paths

    def comparison(self) -> list[LocationPath]:
        """``operand [ sign operand ]`` or ``"(" either ")"``."""
        if self.sees("("):
            self.nest(self.take())
            paths = self.either()
            self.expect(")")
            self.nesting -= 1
            return paths
        paths = self.operand()
        if self.sees(*_COMPARISONS):
            self.take()
            paths += self.operand()
        return paths

    def path(self) -> LocationPath:
        """``[ "/" ] step { "/" step }``."""
        first = self.token
        absolute = self.sees("/")
        if absolute:
            self.take()
            if self.token.kind != "name" and not self.sees("*", "@", ".", ".."):
                self.no_step()
        steps = [self.step()]
        while self.sees("/"):
            if steps[-1].kind in ("attribute", "text"):
                self.stop("nothing can follow an attribute or text()")
            self.take()
            steps.append(self.step())
        looks_around = absolute or any(step.kind == "parent" for step in steps)
        if self.depth and looks_around and (self.depth > 1 or any(step.is_filtered for step in steps)):
            self.stop(_EVERYTHING, "compare with one element, such as ../cbc:ID = 'x'", first)
        return LocationPath(absolute, first.start, tuple(steps))

    def no_step(self) -> NoReturn:
        self.stop("a name of an element is expected" + (f", not '{self.token.text}'" if self.token.text else " here"))

    def step(self) -> PathStep:
        """One step with its predicates."""
        if self.sees(".", ".."):
            token = self.take()
            if self.sees("["):
                self.stop(f"'{token.text}' cannot have a condition", "put the condition at a named step")
            return PathStep("self" if token.text == "." else "parent", token.end)
        kind: StepKind = "child"
        if self.sees("@"):
            self.take()
            kind = "attribute"
        elif self.tokens[min(self.at + 1, len(self.tokens) - 1)].text == "::":
            kind = self.axis()
        if self.token.kind != "name" and not self.sees("*"):
            self.no_step()
        if self.tokens[self.at + 1].text == "(":
            return self.node_test(kind)
        if kind in ("self", "parent"):
            self.stop(f"only node() is possible after {kind}::", "write '.' or '..'")
        token = self.take()
        prefix, _, name = token.text.rpartition(":")
        if prefix and prefix not in self.prefixes and prefix != "xml":
            sentence, hint = f"the prefix '{prefix}' is not declared", "declare it in xml.namespaces"
            raise _StopError(Unusable(sentence, hint, token.start + 1, prefix))
        return self.filtered(kind, prefix, name)

    def axis(self) -> StepKind:
        token = self.take()
        self.expect("::")
        axes: dict[str, StepKind] = {"child": "child", "attribute": "attribute", "self": "self", "parent": "parent"}
        if token.text not in axes:
            self.stop(f"the axis {token.text}:: cannot be used", _STEPS, token)
        return axes[token.text]

    def node_test(self, kind: StepKind) -> PathStep:
        """``text()``, or ``node()`` of an axis that has nothing else."""
        token = self.take()
        self.expect("(")
        closed = self.expect(")")
        if token.text == "text" and kind == "child":
            return self.filtered("text", "", "")
        if token.text != "node" or kind not in ("self", "parent"):
            self.stop(f"{token.text}() cannot be used", _STEPS, token)
        return PathStep(kind, closed.end)

    def filtered(self, kind: StepKind, prefix: str, name: str) -> PathStep:
        """A step with what stands in its brackets."""
        reads: list[LocationPath] = []
        is_filtered = False
        while self.sees("["):
            opened = self.take()
            is_filtered = True
            self.depth += 1
            if self.depth > DEEPEST_PREDICATE:
                self.stop(f"conditions are nested more than {DEEPEST_PREDICATE} deep", token=opened)
            reads += self.either()
            self.depth -= 1
            if not self.sees("]") and self.token.text in _HINTS:
                self.stop(f"'{self.token.text}' cannot be used in a condition")
            self.expect("]")
        return PathStep(kind, self.tokens[self.at - 1].end, prefix, name, tuple(reads), is_filtered)


def _tokens(text: str) -> list[_Token]:
    """The tokens; a name after an operand is an operator, as the recommendation says (3.7)."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _StopError(_stray(text, at))
        kind = str(match.lastgroup)
        at = match.end()
        if kind == "blank":
            continue
        if kind == "sign" and match.group() in _REFUSED:
            raise _StopError(Unusable(*_REFUSED[match.group()], match.start() + 1))
        is_operand = bool(found) and not (
            found[-1].kind == "operator"
            or (found[-1].kind == "sign" and found[-1].text not in (")", "]", ".", "..", "*"))
        )
        if kind == "name" and is_operand and match.group() in ("and", "or", "div", "mod"):
            kind = "operator"
        found.append(_Token(kind, match.group(), match.start(), match.end()))
    return [*found, _Token("end", "", len(text), len(text)), _Token("end", "", len(text), len(text))]


def _stray(text: str, at: int) -> Unusable:
    if text[at] in "\"'":
        return Unusable(f"the quote {text[at]} is not closed", "", at + 1)
    return Unusable(f"the character '{text[at]}' cannot stand in a path", "", at + 1)
