"""Expressions: parsed once, their names and functions known before anything runs, evaluated on Decimals and dates."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.language.nodes import (
    Call,
    Chain,
    Choice,
    Comparison,
    Emptiness,
    Junction,
    Literal,
    Membership,
    Minus,
    Name,
    Negation,
    Node,
    Resolve,
    children,
)  # fmt: skip
from gateway.mapping.language.signatures import Function

LONGEST = 1000
DEEPEST = 32

_GRAMMAR = r"""
?expr: or_ | or_ "?" expr ":" expr -> choose
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negated | compared
?compared: added
    | added COMPARE added -> compare
    | added "in" "(" expr ("," expr)* ")" -> among
    | added "is" "empty" -> empty
    | added "is" "not" "empty" -> filled
?added: multiplied (PLUS multiplied)*
?multiplied: unary (TIMES unary)*
?unary: "-" unary -> minus | atom
?atom: NUMBER -> number | TEXT -> text | NAME "(" [expr ("," expr)*] ")" -> call | NAME -> name
    | "(" expr ")" -> group
COMPARE: "==" | "!=" | "<=" | "<" | ">=" | ">"
PLUS: "+" | "-" | "&"
TIMES: "*" | "/"
NUMBER: /\d{1,18}(\.\d{1,12})?(?![\w.])/
TEXT: /'(?:[^']|'')*'/
NAME: /\$?(?!(?:or|and|not|in|is|empty)\b)[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/
%ignore /\s+/
"""

PLACE = re.compile(r"[A-Z][A-Z0-9]{1,2}(\(.*\))?\d\d")
"""What looks like an X12 path, which no expression can name."""
NO_PLACE = "an expression cannot name a place in the file; name it under 'vars', and here that name"
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,12})?(?![\w.])", re.ASCII)
_DOUBLE_QUOTED = re.compile('"([^"]*)')
_HINTS = (
    ("=", "equal is written =="),
    (";", "between arguments stands a ','"),
    ("+", "two signs follow each other; + joins numbers, & joins texts"),
    ("and", "a comparison or value is missing before 'and'"),
    ("!=", "a value is missing before '!='"),
    ("<>", "not equal is written !="),
    ("!", "write != for not equal, and 'not' for the opposite"),
    ("&&", "write 'and'"),
    ("|", "write 'or'"),
    ("'", "the text is not closed; a ' inside of a text is written ''"),
    ("0", "a number is written like 12 or 0.5, with at most 18 digits before and 12 after the point"),
    ("\u2018", "quotes are straight: 'each'"),
    ("\u2019", "quotes are straight: 'each'"),
    ("\u201c", "text is written in straight single quotes: 'each'"),
    ("\u201e", "text is written in straight single quotes: 'each'"),
    ("%", "a percentage is written as a division: amount * 5 / 100"),
)


@dataclass(frozen=True, slots=True)
class Use:
    """A name or function used in an expression; ``column`` is 0-based from its start."""

    name: str
    column: int
    arguments: int = 0


@dataclass(frozen=True, slots=True)
class Unparsable:
    """Why a text is no expression (M030); ``column`` is 0-based."""

    sentence: str
    column: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; ``functions`` are those it may call, known to it or not."""

    text: str
    tree: Node
    names: tuple[Use, ...]
    calls: tuple[Use, ...]
    functions: Mapping[str, Function] = field(repr=False, compare=False)

    def evaluate(self, resolve: Resolve) -> object:
        """The value: None or "" when empty, else text, Decimal, bool, date or a list; raises ExpressionError."""
        return self.tree.evaluate(resolve, self.functions)

    def holds(self, resolve: Resolve) -> bool:
        """Whether it is true; empty counts as false."""
        return bool(self.evaluate(resolve))


def parse(text: str, functions: Mapping[str, Function] = FUNCTIONS) -> Expression | Unparsable:
    """The expression of a text, or why it is none; ``functions`` are the built-in ones and those of plug-ins."""
    if len(text) > LONGEST:
        return Unparsable(f"the expression is longer than {LONGEST} characters", 0)
    found = _read(text)
    return found if isinstance(found, Unparsable) else Expression(text, *found, functions)


@lru_cache(maxsize=4_096)
def _read(text: str) -> Unparsable | tuple[Node, tuple[Use, ...], tuple[Use, ...]]:
    """The tree of a text, its names and its calls; mappings say the same again and again, and each version of them does."""
    try:
        tree = cast("Node", _parser().parse(text))
    except UnexpectedInput as error:
        return _unparsable(text, error)
    if tree.depth > DEEPEST:
        return Unparsable(
            f"the expression is nested more than {DEEPEST} deep", 0, "compute parts of it as 'vars' and name those"
        )
    nodes = list(_walk(tree))
    names = tuple(Use(each.name, each.column) for each in nodes if isinstance(each, Name))
    calls = tuple(Use(each.name, each.column, len(each.arguments)) for each in nodes if isinstance(each, Call))
    return tree, names, calls


def _unparsable(text: str, error: UnexpectedInput) -> Unparsable:
    at = error.pos_in_stream
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    if ended or at is None or at >= len(text):
        return Unparsable("the expression ends too early", len(text))
    if text[max(at - 1, 0) : at + 1] in ("<>", "&&"):
        at -= 1
    seen = text[at : at + 12]
    start = "0" if seen[0].isdigit() and not _NUMBER.match(text, at) else seen
    hint = next((hint for each, hint in _HINTS if start.startswith(each)), "")
    if quoted := _DOUBLE_QUOTED.match(text, at):
        hint = f"a text stands in single quotes: '{quoted[1][:40]}'"
    elif at == 0 and seen.startswith("=") and not seen.startswith("=="):
        hint = "without the = in front: it stands only where an expression is all there is beside a field"
    elif seen[0].isdigit() and PLACE.search(text):
        hint = NO_PLACE
    return Unparsable(f"the expression cannot be read from {seen!r} on", at, hint)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for each in children(node):
        yield from _walk(each)


def _deep(*nodes: Node) -> int:
    return 1 + max((each.depth for each in nodes), default=0)


class _Builder(Transformer[Token, Node]):
    """Makes the nodes while the text is parsed, so that no depth of nesting needs a stack."""

    def choose(self, parts: list[Node]) -> Node:
        condition, then, other = parts
        return Choice(condition.column, condition, then, other, _deep(*parts))

    def or_(self, parts: list[Node]) -> Node:
        return Junction(parts[0].column, "or", tuple(parts), _deep(*parts))

    def and_(self, parts: list[Node]) -> Node:
        return Junction(parts[0].column, "and", tuple(parts), _deep(*parts))

    def negated(self, parts: list[Node]) -> Node:
        return Negation(parts[0].column, parts[0], _deep(*parts))

    def compare(self, parts: tuple[Node, Token, Node]) -> Node:
        left, sign, right = parts
        return Comparison(left.column, left, str(sign), right, _deep(left, right))

    def among(self, parts: list[Node]) -> Node:
        value, *others = parts
        return Membership(value.column, value, tuple(others), _deep(*parts))

    def empty(self, parts: list[Node]) -> Node:
        return Emptiness(parts[0].column, parts[0], filled=False, depth=_deep(*parts))

    def filled(self, parts: list[Node]) -> Node:
        return Emptiness(parts[0].column, parts[0], filled=True, depth=_deep(*parts))

    def added(self, parts: list[Node | Token]) -> Node:
        operands = tuple(each for each in parts if not isinstance(each, Token))
        signs = tuple(str(each) for each in parts if isinstance(each, Token))
        return Chain(operands[0].column, operands, signs, _deep(*operands))

    def multiplied(self, parts: list[Node | Token]) -> Node:
        return self.added(parts)

    def minus(self, parts: list[Node]) -> Node:
        return Minus(parts[0].column, parts[0], _deep(*parts))

    def group(self, parts: list[Node]) -> Node:
        return dataclasses.replace(parts[0], depth=_deep(*parts))

    def number(self, parts: list[Token]) -> Node:
        return Literal(parts[0].start_pos or 0, Decimal(parts[0]))

    def text(self, parts: list[Token]) -> Node:
        return Literal(parts[0].start_pos or 0, parts[0][1:-1].replace("''", "'"))

    def name(self, parts: list[Token]) -> Node:
        return Name(parts[0].start_pos or 0, str(parts[0]))

    def call(self, parts: list[Token | Node]) -> Node:
        arguments = tuple(each for each in parts if not isinstance(each, Token))
        (name,) = (each for each in parts if isinstance(each, Token))
        column = name.start_pos or 0
        if name == "if" and len(arguments) == 3:  # noqa: PLR2004 - condition and two sides
            return Choice(column, *arguments, depth=_deep(*arguments))
        return Call(column, str(name), arguments, _deep(*arguments))


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="expr", parser="lalr", maybe_placeholders=False, transformer=_Builder())
