"""Source of the steps of an inbound rule: from a text or another value to the value of its field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import DecimalException
from typing import Protocol

from gateway.mapping.generated import runtime
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import Writer
from gateway.mapping.language import check_digits, expression_source, typed
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.signatures import Type
from gateway.mapping.language.steps import AnyStep, Lookup, PluginCall, Step
from gateway.mapping.language.values import ExpressionError, StepError, is_empty
from gateway.mapping.planning.inbound_plan import InRule, Typing
from gateway.mapping.planning.inbound_rules import fitted

_REMEMBERED = ("decimal", "integer", "date", "time")
_ERRORS = (StepError, ExpressionError, DecimalException, KeyError)
_GLN = "UL"


class Names(Protocol):
    """A scope in which an expression stands."""

    def expression(self, expression: Expression) -> tuple[dict[str, str], dict[str, Type]]:
        """The source and, where it is sure, the type of every name of an expression."""


class Conversions:
    """Writes what becomes of a value that was read."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def source(self, expression: Expression, scope: Names, *, condition: bool = False) -> str:
        """The source of an expression in a scope."""
        names, types = scope.expression(expression)
        for name, value in expression_source.namespace(expression.functions).items():
            self.writer.constants.setdefault(name, value)
        return expression_source.python(expression, names, types, constant=self._number, condition=condition)

    def _number(self, number: object) -> str:
        return self.writer.constant(f"number_{number}", number, ("number", str(number)))

    # --- a text ---------------------------------------------------------------------------------------------------------

    def of_text(self, rule: InRule, scope: Scope, name: str) -> None:
        """What becomes of a text with something in it, white space around it cut off already."""
        with self.passing_over(rule):
            steps = rule.steps.before[1:]
            for at, step in enumerate(steps):
                if at:
                    with self.writer.block(f"if {name}"):
                        self.writer.line(f"{name} = {self.step(step, scope, name, is_text=False)}")
                else:
                    self.writer.line(f"{name} = {self.step(step, scope, name, is_text=True)}")
            typed_ = self.typed_text(rule, name, is_text=not steps or all(each.key == "map" for each in steps))
            with self.writer.block(f"if {name}") if steps else nullcontext():
                self.stored(rule, scope, typed_)

    def stored(self, rule: InRule, scope: Scope, source: str) -> None:
        """Keep a typed value that was a text; what is cut to nothing is none."""
        if not (rule.steps.last or rule.checked):
            scope.put(rule.target, source)
            return
        self.writer.line(f"value = {source}")
        self.check_digit(rule, scope, "value")
        with self.writer.block("if value != ''"):
            scope.put(rule.target, "value")

    def typed_text(self, rule: InRule, name: str, *, is_text: bool) -> str:
        """The source of a text as the value of a field."""
        typing = rule.typing
        if typing.kind == "datetime":
            return f"{self.writer.function(fitted)}({self.typing(rule)}, {name}, env.zone)"
        plain = typing.fit is None and typing.steps.rounding is None and not typing.steps.last
        if plain and typing.kind == "text" and self.writer.manner.tidy and len(rule.steps.before) == 1:
            return name
        if plain and typing.kind == "text" and is_text:
            return f"{name} if {name}.isascii() and {name}.isprintable() else {self.writer.function(typed.clean_text)}({name})"
        if plain and typing.kind == "code" and self._gives_codes(rule):
            return name
        if not is_text or typing.kind not in _REMEMBERED:
            return f"{self.writer.function(fitted)}({self.typing(rule)}, {name})"
        steps = typing.steps
        after = tuple((each.key, each.arguments) for each in (*filter(None, (steps.rounding,)), *steps.last))
        into = (typing.into.kind, typing.into.codes) if typing.fit is not None else ()
        key = ("memo", typing.kind, steps.forms, after, into)
        read = typing.read if plain else _fitting(typing)
        kept = runtime.Numbers if read is typed.decimal_number else runtime.Memo
        memo = self.writer.constant(f"{typing.kind}s", kept(read), key)
        return f"{memo}[{name}]"

    @staticmethod
    def is_plain_text(rule: InRule) -> bool:
        """Whether a text stays as it is, but for white space around it."""
        typing = rule.typing
        return (
            len(rule.steps.before) == 1 and typing.kind == "text" and typing.fit is None and not typing.steps.last
            and not rule.checked and rule.default is None and rule.steps.on_error != "empty"
        )  # fmt: skip

    def typing(self, rule: InRule) -> str:
        """The constant that says how a rule's values are typed."""
        return self.writer.constant(f"typing_{rule.target}", rule.typing, ("typing", id(rule)))

    @staticmethod
    def _gives_codes(rule: InRule) -> bool:
        """Whether the steps end with a code list that only has codes of the field."""
        last = rule.steps.before[-1]
        given = {value for _, value in rule.steps.table} - {""}
        return last.key == "map" and given <= set(rule.steps.codes or rule.field.codes) and not rule.steps.codes

    # --- any value ------------------------------------------------------------------------------------------------------

    def of_any(self, rule: InRule, scope: Scope) -> None:
        """What becomes of ``value``, whatever it is: steps, type, default."""
        empty = self.writer.function(is_empty)
        for step in rule.steps.before:
            with self.writer.block(f"if not {empty}(value)"):
                self.writer.line(f"value = {self.step(step, scope, 'value', is_text=False)}")
        with self.writer.block(f"if {empty}(value)"):
            self.writer.line(f"value = {self.default(rule)}")
        with self.writer.block("else"):
            if rule.is_var and rule.every:
                one = f"{self.writer.function(fitted)}({self.typing(rule)}, each, env.zone)"
                with self.writer.block("if isinstance(value, list)"):
                    self.writer.line(f"value = [{one} for each in value]")
                with self.writer.block("else"):
                    self.writer.line(f"value = {self.typed_any(rule)}")
                return
            self.writer.line(f"value = {self.typed_any(rule)}")
            self.check_digit(rule, scope, "value")
            if rule.steps.last and rule.default is not None:
                self.writer.line(f"value = {self.default(rule)} if {empty}(value) else value")

    def typed_any(self, rule: InRule) -> str:
        """``value`` as the value of the field."""
        typing = rule.typing
        if not typing.kind and typing.fit is None and typing.steps.rounding is None and not typing.steps.last:
            return "value"
        return f"{self.writer.function(fitted)}({self.typing(rule)}, value, env.zone)"

    def default(self, rule: InRule) -> str:
        """The source of the default."""
        if rule.default is None:
            return "None"
        return self.writer.constant(f"default_{rule.target}", rule.default, ("default", id(rule)))

    def check_digit(self, rule: InRule, scope: Scope, name: str) -> None:
        """An id must be right; the id of a party only where its type says GLN."""
        if not rule.checked:
            return
        meant = f"isinstance({name}, str)"
        if rule.checked == "gln":
            meant += f' and {scope.of_field(f"{rule.target}_type")[0]} == "{_GLN}"'
        fault = self.writer.constant("fault_of_id", check_digits.fault, ("function", "fault_of_id"))
        with self.writer.block(f'if {meant} and {fault}("{rule.checked}", {name}) is not None'):
            self.writer.line(f"raise {self.writer.function(StepError)}")

    # --- steps ----------------------------------------------------------------------------------------------------------

    def step(self, step: AnyStep, scope: Names, name: str, *, is_text: bool) -> str:
        """The source of a value after a step."""
        text = name if is_text else f"{self.writer.function(typed.text_of)}({name})"
        if isinstance(step, Lookup):
            return self.lookup(step, scope, name, text)
        if isinstance(step, PluginCall):
            return self.plugin(step, scope, name)
        if step.key == "map":
            return self.mapped(step, text)
        if step.key == "trim" and is_text:
            return f"{name}.strip()" if step.arguments == ("both",) else name
        run = self.writer.constant(f"step_{step.key}", step.run, ("step", step.key, step.arguments))
        return f"{run}({name})"

    def mapped(self, step: Step, text: str) -> str:
        """A code list as a dictionary; a code that is not in it raises KeyError."""
        (rows,) = step.arguments
        codes = dict(rows) if isinstance(rows, tuple) else {}
        rest = codes.pop("*", None)
        table = self.writer.constant("codes", codes, ("codes", rows))
        if rest is None:
            return f"{table}[{text}]"
        return f"{table}.get({text}, {text if rest == '=' else repr(rest)})"

    def lookup(self, step: Lookup, scope: Names, name: str, text: str) -> str:
        """A cross reference; a row that is not there raises KeyError unless the mapping says otherwise."""
        more = [f"{self.writer.function(typed.text_of)}({self.source(each, scope)})" for _, each in step.also]
        key = f"({', '.join([text, *more])},)"
        rows = self.writer.constant(f"table_{step.table}", step.rows, ("rows", id(step.rows)))
        if step.missing == "error":
            return f"{rows}[{key}]"
        return f"{rows}.get({key}{f', {name}' if step.missing == 'keep' else ''})"

    def plugin(self, step: PluginCall, scope: Names, name: str) -> str:
        """A registered function."""
        call = self.writer.constant(
            f"plugin_{step.function.name}", step.function.call_named, ("plugin", step.function.name)
        )
        more = ", ".join(
            f"{key!r}: {self.source(each, scope) if isinstance(each, Expression) else repr(each)}"
            for key, each in step.more
        )
        return f"{call}({name}, {{{more}}})"

    def errors(self) -> str:
        """What is raised for a value that cannot be used."""
        return self.writer.constant("UNUSABLE", _ERRORS, ("errors",))

    @contextmanager
    def passing_over(self, rule: InRule) -> Iterator[None]:
        """With ``on_error: empty`` a value that cannot be used is none."""
        if rule.steps.on_error != "empty":
            yield
            return
        with self.writer.block("try"):
            yield
        with self.writer.block(f"except {self.errors()}"):
            self.writer.line("value = None" if rule.default is None else f"value = {self.default(rule)}")


def _fitting(typing: Typing) -> Callable[[object], object]:
    return lambda value: fitted(typing, value)
