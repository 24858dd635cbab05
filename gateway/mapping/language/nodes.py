"""The tree of an expression, each node with its place and its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gateway.mapping.language import values
from gateway.mapping.language.signatures import Function
from gateway.mapping.language.values import ExpressionError, is_empty

Resolve = Callable[[str], object]
"""Gives the value of a name, None when it has none."""

Functions = Mapping[str, Function]


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or number written into the expression; ``column`` is 0-based from the start of the expression."""

    column: int
    value: str | Decimal
    depth: int = 1

    def evaluate(self, _resolve: Resolve, _functions: Functions) -> object:
        """Itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a var, or an input of the environment."""

    column: int
    name: str
    depth: int = 1

    def evaluate(self, resolve: Resolve, _functions: Functions) -> object:
        """What the name stands for."""
        return resolve(self.name)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    column: int
    name: str
    arguments: "tuple[Node, ...]"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """What the function gives."""
        function = functions.get(self.name)
        if function is None:
            raise ExpressionError(f"there is no function '{self.name}'")
        return function.run(*[each.evaluate(resolve, functions) for each in self.arguments])


@dataclass(frozen=True, slots=True)
class Choice:
    """``a ? b : c`` and ``if(a, b, c)``; only the side that is taken is computed."""

    column: int
    condition: "Node"
    then: "Node"
    other: "Node"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """One of the two sides."""
        return (self.then if self.condition.evaluate(resolve, functions) else self.other).evaluate(resolve, functions)


@dataclass(frozen=True, slots=True)
class Junction:
    """``a and b and c``, or the same with ``or``; what decides is not looked beyond."""

    column: int
    word: str
    parts: "tuple[Node, ...]"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """Whether all, or any, are true."""
        found = (bool(each.evaluate(resolve, functions)) for each in self.parts)
        return all(found) if self.word == "and" else any(found)


@dataclass(frozen=True, slots=True)
class Negation:
    """``not a``."""

    column: int
    part: "Node"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """Whether it is false or empty."""
        return not self.part.evaluate(resolve, functions)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a == b`` and the like."""

    column: int
    left: "Node"
    sign: str
    right: "Node"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """Whether it holds."""
        left = self.left.evaluate(resolve, functions)
        return values.compared(left, self.sign, self.right.evaluate(resolve, functions))


@dataclass(frozen=True, slots=True)
class Membership:
    """``a in (b, c)``."""

    column: int
    value: "Node"
    others: "tuple[Node, ...]"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """Whether it equals one of them."""
        value = self.value.evaluate(resolve, functions)
        return values.among(value, [each.evaluate(resolve, functions) for each in self.others])


@dataclass(frozen=True, slots=True)
class Emptiness:
    """``a is empty``, or with ``filled`` ``a is not empty``."""

    column: int
    value: "Node"
    filled: bool
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """Whether it is."""
        return is_empty(self.value.evaluate(resolve, functions)) != self.filled


@dataclass(frozen=True, slots=True)
class Chain:
    """``a + b - c & d``, or ``a * b / c``: one sign less than operands, from left to right."""

    column: int
    operands: "tuple[Node, ...]"
    signs: tuple[str, ...]
    depth: int

    @property
    def multiplies(self) -> bool:
        """Whether the signs are ``*`` and ``/``."""
        return self.signs[0] in ("*", "/")

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """The result."""
        chain: list[object] = [None] * (2 * len(self.operands) - 1)
        chain[::2] = [each.evaluate(resolve, functions) for each in self.operands]
        chain[1::2] = self.signs
        return values.multiplied(*chain) if self.multiplies else values.added(*chain)


@dataclass(frozen=True, slots=True)
class Minus:
    """``-a``."""

    column: int
    part: "Node"
    depth: int

    def evaluate(self, resolve: Resolve, functions: Functions) -> object:
        """With the other sign."""
        return values.negated(self.part.evaluate(resolve, functions))


Node = Literal | Name | Call | Choice | Junction | Negation | Comparison | Membership | Emptiness | Chain | Minus


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below one, in the order they are written."""
    match node:
        case Literal() | Name():
            return ()
        case Call():
            return node.arguments
        case Choice():
            return node.condition, node.then, node.other
        case Junction():
            return node.parts
        case Negation() | Minus():
            return (node.part,)
        case Comparison():
            return node.left, node.right
        case Membership():
            return node.value, *node.others
        case Emptiness():
            return (node.value,)
        case Chain():
            return node.operands
