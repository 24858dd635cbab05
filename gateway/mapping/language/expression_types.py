"""The types of an expression: every name, function, argument and operator checked before anything runs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatchmethod

from gateway.config.problems import suggestion
from gateway.mapping.language import numerals, values
from gateway.mapping.language.expressions import NO_PLACE, PLACE, Expression
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
from gateway.mapping.language.signatures import (
    ANY,
    CONDITION,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Function,
    Parameter,
    Type,
    list_of,
)  # fmt: skip
from gateway.mapping.language.values import ExpressionError

Names = Callable[[str], Type | str]
"""The type of a name, or the hint (empty for none) when there is no such name."""

_NUMERIC = frozenset({"number", "whole"})
_DATES = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: M031 name, M032 function, M033 number of arguments, M035 type, M052 code."""

    code: str
    column: int
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What an expression gives, and what is wrong with it."""

    type: Type
    faults: tuple[Fault, ...]


def check(expression: Expression, names: Names, *, condition: bool = False) -> Checked:
    """The type of an expression, which must be that of a condition where one is wanted."""
    checker = _Checker(names, expression.functions)
    found = checker.condition(expression.tree) if condition else checker.type_of(expression.tree)
    return Checked(found, tuple(checker.faults))


class _Checker:
    """Walks one expression; every fault is kept."""

    def __init__(self, names: Names, functions: Functions) -> None:
        self.names = names
        self.functions = functions
        self.faults: list[Fault] = []

    def fault(self, code: str, node: Node, sentence: str, hint: str = "") -> Type:
        """Keeps a fault; what it concerns may then be anything."""
        self.faults.append(Fault(code, node.column, sentence, hint))
        return ANY

    @singledispatchmethod
    def type_of(self, node: Node) -> Type:
        """The type of a node, all below it checked."""
        raise TypeError(node)

    @type_of.register
    def _(self, node: Literal) -> Type:
        return TEXT if isinstance(node.value, str) else WHOLE if node.value % 1 == 0 else NUMBER

    @type_of.register
    def _(self, node: Name) -> Type:
        found = self.names(node.name)
        if isinstance(found, Type):
            return found
        hint = found or (NO_PLACE if PLACE.fullmatch(node.name) else f"a text stands in single quotes: '{node.name}'")
        return self.fault("M031", node, f"unknown name '{node.name}'", hint)

    @type_of.register
    def _(self, node: Call) -> Type:
        types = [self.type_of(each) for each in node.arguments]
        function = self.functions.get(node.name)
        if function is None:
            hint = suggestion(node.name, self.functions)
            return self.fault("M032", node, f"unknown function '{node.name}'", hint)
        if not function.fits(len(types)):
            sentence = f"'{node.name}' takes {_count(function)}, not {len(types)}"
            self.fault("M033", node, sentence, f"it is written {function.signature}")
            return function.returns
        for at, (argument, given) in enumerate(zip(node.arguments, types, strict=True)):
            self.argument(node.name, function.parameter(at), argument, given)
        generic = [each for at, each in enumerate(types) if function.parameter(at).type.name == ANY.name]
        if function.returns != ANY or not generic:
            return function.returns
        return _common([Type(each.name, codes=each.codes) for each in generic])

    def argument(self, function: str, parameter: Parameter, node: Node, given: Type) -> None:
        """One argument of a function."""
        wanted = parameter.type
        if not (wanted.takes(given) or (parameter.spreads and list_of(wanted).takes(given))):
            if wanted == CONDITION:
                self.condition_fault(node, given)
                return
            self.fault(
                "M035", node, f"'{function}' wants {wanted} as '{parameter.name}', and this is {given}", _hint(given)
            )
        elif isinstance(node, Literal):
            wrong = _literal_fault(node, wanted) or (parameter.fault(str(node.value)) if parameter.fault else None)
            if wrong:
                self.fault("M035", node, wrong)

    def condition(self, node: Node) -> Type:
        """The type of a node that is used as a condition."""
        given = self.type_of(node)
        if not CONDITION.takes(given):
            self.condition_fault(node, given)
        return given

    def condition_fault(self, node: Node, given: Type) -> None:
        """What is wrong with a condition that is none."""
        name = node.name if isinstance(node, Name) else "..."
        hint = f"write count({name}) > 0" if given.many else f"write {name} > 0 or {name} is not empty"
        self.fault("M035", node, f"a condition is wanted, and this is {given}", hint)

    @type_of.register
    def _(self, node: Choice) -> Type:
        self.condition(node.condition)
        return _common([self.type_of(node.then), self.type_of(node.other)])

    @type_of.register
    def _(self, node: Junction) -> Type:
        for each in node.parts:
            self.condition(each)
        return YES_NO

    @type_of.register
    def _(self, node: Negation) -> Type:
        self.condition(node.part)
        return YES_NO

    @type_of.register
    def _(self, node: Comparison) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        self.compare(node.left, left, node.right, right, orders=node.sign not in ("==", "!="))
        return YES_NO

    @type_of.register
    def _(self, node: Membership) -> Type:
        given = self.type_of(node.value)
        for each in node.others:
            self.compare(node.value, given, each, self.type_of(each), orders=False)
        return YES_NO

    @type_of.register
    def _(self, node: Emptiness) -> Type:
        self.type_of(node.value)
        return YES_NO

    @type_of.register
    def _(self, node: Chain) -> Type:
        for at, each in enumerate(node.operands):
            sign = node.signs[max(at - 1, 0)]
            self.operand(each, sign)
            if sign == "/" and at and isinstance(each, Literal) and values.equal(each.value, 0):
                self.fault("M035", each, "a number is divided by zero")
        return TEXT if node.signs[-1] == "&" else NUMBER

    @type_of.register
    def _(self, node: Minus) -> Type:
        self.operand(node.part, "-")
        return NUMBER

    def operand(self, node: Node, sign: str) -> None:
        """One side of an arithmetic sign, or of ``&``."""
        wanted, given = TEXT if sign == "&" else NUMBER, self.type_of(node)
        if not wanted.takes(given):
            self.fault("M035", node, f"'{sign}' wants {wanted}, and this is {given}", _hint(given))
        elif isinstance(node, Literal) and (wrong := _literal_fault(node, wanted)):
            self.fault("M035", node, wrong)

    def compare(self, left: Node, first: Type, right: Node, second: Type, *, orders: bool) -> None:
        """The two sides of a comparison."""
        if not _comparable(first, second, orders=orders):
            hint = _hint(first if first.many or first.name in _DATES else second)
            if YES_NO in (first, second):
                hint = "yes or no is written alone, or with 'not' before it"
            self.fault("M035", right, f"{first} and {second} cannot be compared", hint)
            return
        for node, other in ((left, second), (right, first)):
            if not isinstance(node, Literal):
                continue
            if other.name in _NUMERIC and node.value != "" and (wrong := _literal_fault(node, NUMBER)):
                self.fault("M035", node, wrong)
            if other.codes and node.value and str(node.value) not in other.codes:
                sentence = f"'{node.value}' is not one of {', '.join(other.codes)}"
                self.fault("M052", node, sentence, suggestion(str(node.value), other.codes))


def _comparable(first: Type, second: Type, *, orders: bool) -> bool:
    if ANY in (first, second):
        return True
    if first.many or second.many or "group" in (first.name, second.name):
        return False
    if first.name == second.name:
        return not (orders and first == YES_NO)
    pair = {first.name, second.name}
    return pair <= _NUMERIC | {"text"} or pair <= _DATES


def _common(types: list[Type]) -> Type:
    """One type that fits values of all of them."""
    first = types[0]
    if all(each == first for each in types):
        return first if all(each.codes == first.codes for each in types) else Type(first.name, first.many)
    return NUMBER if all(each.name in _NUMERIC and not each.many for each in types) else ANY


def _literal_fault(node: Literal, wanted: Type) -> str | None:
    """A text that is no number where one is wanted, a fraction where a whole number is."""
    if wanted.name not in _NUMERIC or wanted.many:
        return None
    if isinstance(node.value, str) and numerals.with_point(node.value) is None:
        return f"'{node.value[:40]}' is not a number"
    if wanted == WHOLE:
        try:
            values.whole(node.value, -(10**9), 10**9)
        except ExpressionError as error:
            return str(error)
    return None


def _hint(given: Type) -> str:
    if given.many:
        return "a list is used with count, sum, join, first_of, last_of, any, all"
    if given.name in ("date", "datetime", "time"):
        return "write format_date(..., 'YYYYMMDD') to make a text of it"
    return "name one of its fields" if given.name == "group" else ""


def _count(function: Function) -> str:
    if function.most is None:
        return f"{function.least} or more arguments"
    if function.most == function.least:
        return f"{function.least} argument" + ("s" if function.least != 1 else "")
    return f"{function.least} to {function.most} arguments"
