"""Python source of an expression, which gives exactly what evaluating it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatchmethod
from itertools import count

from gateway.mapping.language import values
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.functions import FUNCTIONS, MOST_PLACES, rounded
from gateway.mapping.language.nodes import (
    Call,
    Chain,
    Choice,
    Comparison,
    Emptiness,
    Functions,
    Junction,
    Literal,
    Membership,
    Minus,
    Name,
    Negation,
    Node,
)  # fmt: skip
from gateway.mapping.language.signatures import ANY, GROUP, NUMBER, TEXT, WHOLE, YES_NO, Type, list_of

Constant = Callable[[Decimal], str]

_NUMERIC = frozenset({"number", "whole"})
_PLAIN = frozenset({"number", "whole", "bool", "date", "datetime", "time", "group"})
_PLACES = frozenset(str(places) for places in range(MOST_PLACES + 1))
_NEVER_EMPTY = frozenset({"count", "sum", "length"})


def _constant(number: Decimal) -> str:
    return f"x_number('{number}')"


def namespace(functions: Functions = FUNCTIONS) -> dict[str, object]:
    """What the source of expressions calls, by the names it uses."""
    return {
        "x_number": Decimal,
        "x_empty": values.is_empty,
        "x_added": values.added,
        "x_joined": values.joined,
        "x_count": values.count,
        "x_length": values.length,
        "x_total": values.total,
        "x_rounded": rounded,
        "x_multiplied": values.multiplied,
        "x_negated": values.negated,
        "x_compared": values.compared,
        "x_among": values.among,
        **{f"f_{name}": function.run for name, function in functions.items()},
    }


def python(
    expression: Expression, names: Mapping[str, str], types: Mapping[str, Type] | None = None, *,
    constant: Constant = _constant, condition: bool = False,
) -> str:  # fmt: skip
    """Source of one Python expression; what it calls is in ``namespace``.

    ``names`` gives the source of the value of each name: cheap, never raising, None when there is no value. A name in
    ``types`` must have None or a value of exactly that type (Decimal for a number, int for a whole number, str for a
    text, a list or tuple for a list, for one of groups without None in it); those make the source quick. ``constant`` gives the source of a number that is
    written into the expression. With ``condition`` only the truth of the value is the same.

    The source may assign to names ``x_1``, ``x_2`` ... of the function it stands in. It computes in the decimal
    context of whoever runs it: ``localcontext(values.CONTEXT)`` around a document, not around an expression. Where
    evaluating raises ExpressionError it raises that or DecimalException.
    """
    writer = _Writer(names, types or {}, constant, expression.functions)
    return (writer.truth(expression.tree) if condition else writer.write(expression.tree)).source


@dataclass(frozen=True, slots=True)
class _Source:
    """Source of one value; ``is_simple`` when it is cheap and cannot raise, ``is_filled`` when it is never empty."""

    source: str
    type: Type = ANY
    is_simple: bool = False
    is_filled: bool = False


class _Writer:
    """Writes one expression."""

    def __init__(
        self, names: Mapping[str, str], types: Mapping[str, Type], constant: Constant, functions: Functions
    ) -> None:
        self.names = names
        self.types = types
        self.constant = constant
        self.functions = functions
        self.numbers = count(1)

    @singledispatchmethod
    def write(self, node: Node) -> _Source:
        """The source of a node."""
        raise TypeError(node)

    @write.register
    def _(self, node: Literal) -> _Source:
        if isinstance(node.value, str):
            return _Source(repr(node.value), TEXT, is_simple=True, is_filled=bool(node.value))
        return _Source(self.constant(node.value), NUMBER, is_simple=True, is_filled=True)

    @write.register
    def _(self, node: Name) -> _Source:
        return _Source(self.names[node.name], self.types.get(node.name, ANY), is_simple=True)

    @write.register
    def _(self, node: Call) -> _Source:
        function = self.functions[node.name]
        built_in = FUNCTIONS.get(node.name) is function
        written = [self.write(each) for each in node.arguments]
        quick = self.quick(node, written) if built_in and written else None
        if quick is not None:
            return quick
        arguments = ", ".join(each.source for each in written)
        returns = function.returns if built_in else ANY
        return _Source(f"f_{node.name}({arguments})", returns, is_filled=built_in and node.name in _NEVER_EMPTY)

    def quick(self, node: Call, arguments: list[_Source]) -> _Source | None:
        """The functions that are called for every line, where types make conversions needless."""
        first = arguments[0]
        if node.name == "count" and first.type == list_of(GROUP) and first.is_simple:
            return _Source(f"x_length({first.source} or ())", NUMBER, is_filled=True)  # a group is never empty
        if node.name == "count" and first.type.many:
            return _Source(f"x_count({first.source})", NUMBER, is_filled=True)
        if node.name == "sum" and first.type == list_of(NUMBER):
            return _Source(f"x_total({first.source} or ())", NUMBER, is_filled=True)
        places = node.arguments[1] if node.name == "round" and len(arguments) == len(("number", "places")) else None
        if first.type == NUMBER and isinstance(places, Literal) and str(places.value) in _PLACES:
            if first.is_filled:
                return _Source(f"x_rounded({first.source}, {places.value})", NUMBER, is_filled=True)
            name = f"x_{next(self.numbers)}"
            return _Source(
                f"(None if ({name} := {first.source}) is None else x_rounded({name}, {places.value}))", NUMBER
            )
        return None

    @write.register
    def _(self, node: Choice) -> _Source:
        condition, then, other = self.truth(node.condition), self.write(node.then), self.write(node.other)
        same = then.type == other.type
        return _Source(f"({then.source} if {condition.source} else {other.source})", then.type if same else ANY)

    @write.register
    def _(self, node: Junction) -> _Source:
        return _truth(f"({f' {node.word} '.join(self.flag(each) for each in node.parts)})")

    @write.register
    def _(self, node: Negation) -> _Source:
        return _truth(f"(not {self.truth(node.part).source})")

    def truth(self, node: Node) -> _Source:
        """Source that is as true as the value is."""
        if isinstance(node, Junction):
            parts = f" {node.word} ".join(self.truth(each).source for each in node.parts)
            return _Source(f"({parts})")
        return self.write(node)

    def flag(self, node: Node) -> str:
        """Source that is True or False."""
        found = self.write(node)
        return found.source if found.type == YES_NO and found.is_filled else f"bool({found.source})"

    @write.register
    def _(self, node: Comparison) -> _Source:
        left, right = self.write(node.left), self.write(node.right)
        if node.sign in ("==", "!="):
            if _equals_as_python_does(left, right) or _equals_as_python_does(right, left):
                return _truth(f"({left.source} {node.sign} {right.source})")
        elif _is_number(left) and _is_number(right):
            guards = [each.source for each in (left, right) if not each.is_filled]
            if not guards or (left.is_simple and right.is_simple):
                tests = [*(f"{each} is not None" for each in guards), f"{left.source} {node.sign} {right.source}"]
                return _truth(f"({' and '.join(tests)})")
        return _truth(f"x_compared({left.source}, '{node.sign}', {right.source})")

    @write.register
    def _(self, node: Membership) -> _Source:
        value, others = self.write(node.value), [self.write(each) for each in node.others]
        listed = f"({', '.join(each.source for each in others)},)"
        if all(each.is_simple and _equals_as_python_does(value, each) for each in others):
            return _truth(f"({value.source} in {listed})")
        return _truth(f"x_among({value.source}, {listed})")

    @write.register
    def _(self, node: Emptiness) -> _Source:
        value = self.write(node.value)
        if not value.type.many and value.type.name in _PLAIN:
            return _truth(f"({value.source} {'is not' if node.filled else 'is'} None)")
        if value.type.many or value.type == TEXT:
            return _truth(f"(not not {value.source})" if node.filled else f"(not {value.source})")
        return _truth(f"(not x_empty({value.source}))" if node.filled else f"x_empty({value.source})")

    @write.register
    def _(self, node: Chain) -> _Source:
        operands = [self.write(each) for each in node.operands]
        if all(sign == "&" for sign in node.signs):
            return _Source(f"x_joined({', '.join(each.source for each in operands)})", TEXT)
        if "&" not in node.signs and all(_is_number(each) for each in operands):
            return self.arithmetic(operands, node.signs)
        chain = [operands[0].source]
        for sign, each in zip(node.signs, operands[1:], strict=True):
            chain += [f"'{sign}'", each.source]
        helper = "x_multiplied" if node.multiplies else "x_added"
        return _Source(f"{helper}({', '.join(chain)})", TEXT if node.signs[-1] == "&" else NUMBER)

    @write.register
    def _(self, node: Minus) -> _Source:
        part = self.write(node.part)
        if not _is_number(part):
            return _Source(f"x_negated({part.source})", NUMBER)
        return self.arithmetic([part], ("-",))

    def arithmetic(self, operands: list[_Source], signs: tuple[str, ...]) -> _Source:
        """Numbers computed by Python itself, nothing when one of them is empty.

        All operands are computed before one is tested, as evaluating does: what cannot be computed is never passed over.
        """
        terms, stored, tests = [], [], []
        for each in operands:
            source = each.source
            if each.is_simple:
                tests += [] if each.is_filled else [f"{source} is not None"]
            else:
                name = f"x_{next(self.numbers)}"
                stored.append(f"(({name} := {source}) is not None)")
                source = name
            terms.append(f"x_number({source})" if each.type == WHOLE else source)
        first = [" & ".join(stored)] if stored else []
        sums = terms[0] if len(terms) > 1 else f"-{terms[0]}"
        for sign, term in zip(signs, terms[1:], strict=False):
            sums += f" {sign} {term}"
        guards = " and ".join([*first, *dict.fromkeys(tests)])
        return _Source(f"(({sums}) if {guards} else None)" if guards else f"({sums})", NUMBER, is_filled=not guards)


def _truth(source: str) -> _Source:
    return _Source(source, YES_NO, is_filled=True)


def _is_number(found: _Source) -> bool:
    return found.type.name in _NUMERIC and not found.type.many


def _equals_as_python_does(value: _Source, other: _Source) -> bool:
    """Whether == and in of Python say the same: two numbers, two dates, or a text and one that is not empty."""
    if value.type.many or other.type.many:
        return False
    if _is_number(value) and _is_number(other):
        return True
    if value.type.name == other.type.name:
        return value.type.name in ("date", "time") or (value.type.name == "text" and other.is_filled)
    return False
