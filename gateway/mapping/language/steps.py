"""The steps of a rule as data, in the one order in which they run, whichever way the mapping goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from gateway.config.problems import Located
from gateway.mapping.language import transforms
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.plugins import Plugin
from gateway.mapping.language.typed import text_of
from gateway.mapping.language.values import StepError, is_empty

Resolve = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its key in the language, what it was given, and the function made of both."""

    key: str
    arguments: tuple[object, ...]
    run: transforms.Step = field(compare=False, repr=False)

    def apply(self, value: object, _resolve: Resolve) -> object:
        """The value after the step; raises StepError."""
        return self.run(value)

    @property
    def named(self) -> tuple[Expression, ...]:
        """The expressions it evaluates."""
        return ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A cross reference: ``rows`` by the key and what ``also`` must equal; ``missing`` is error, keep or empty."""

    table: str
    rows: Mapping[tuple[str, ...], str] = field(repr=False)
    also: tuple[tuple[str, Expression], ...] = ()
    missing: str = "error"
    key: str = "lookup"

    def apply(self, value: object, resolve: Resolve) -> object:
        """The other column of the row; raises StepError."""
        code = text_of(value)
        more = [(column, text_of(each.evaluate(resolve))) for column, each in self.also]
        found = self.rows.get((code, *(text for _, text in more)))
        if found is not None:
            return found
        if self.missing == "error":
            besides = "".join(f" with {column} '{text[:40]}'" for column, text in more)
            raise StepError(f"'{code[:40]}'{besides} is not in the table '{self.table}'")
        return value if self.missing == "keep" else None

    @property
    def named(self) -> tuple[Expression, ...]:
        """The expressions it evaluates."""
        return tuple(each for _, each in self.also)


@dataclass(frozen=True, slots=True)
class PluginCall:
    """A registered function: the value is its first argument, the others are texts or expressions by name."""

    function: Plugin
    more: tuple[tuple[str, str | Expression], ...] = ()
    key: str = "plugin"

    def apply(self, value: object, resolve: Resolve) -> object:
        """What the function makes of the value; raises StepError."""
        given = {name: each.evaluate(resolve) if isinstance(each, Expression) else each for name, each in self.more}
        return self.function.call_named(value, given)

    @property
    def named(self) -> tuple[Expression, ...]:
        """The expressions it evaluates."""
        return tuple(each for _, each in self.more if isinstance(each, Expression))


AnyStep = Step | Lookup | PluginCall


@dataclass(frozen=True, slots=True)
class Forms:
    """How numbers and dates are written, in form letters, empty where the format has its own way.

    ``form`` is the rule's own and holds for dates, times and moments; ``dates`` is the file's and holds for dates only.
    """

    form: str = ""
    dates: str = ""
    decimal: str = "."
    thousands: str = ""
    implied_decimals: int = 0
    iso: bool = False

    def form_of(self, kind: str) -> str:
        """The form letters for a kind of value."""
        if kind not in DATED:
            return ""
        return self.form or (self.dates if kind == "date" else "")

    def reader(self, kind: str, codes: tuple[str, ...] = (), zone: tzinfo | None = None) -> transforms.Step:
        """Text to a value of a kind."""
        return transforms.read(
            kind, form=self.form_of(kind), implied_decimals=self.implied_decimals, codes=codes,
            decimal=self.decimal, thousands=self.thousands, zone=zone, iso=self.iso,
        )  # fmt: skip


DATED = ("date", "time", "datetime")


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps of a rule in their order, and what happens without a value or with a bad one.

    ``before`` are join to plugin, ``type`` the type that the rule itself names ("" for the catalogue's) with its
    ``codes``, ``forms`` how numbers and dates are written, ``last`` are max_length and pad. ``table`` is what ``map`` gives, each with
    its place; ``joins`` tells that a list is wanted.
    """

    before: tuple[AnyStep, ...] = ()
    type: str = ""
    codes: tuple[str, ...] = ()
    forms: Forms = field(default_factory=Forms)
    rounding: Step | None = None
    last: tuple[Step, ...] = ()
    default: Located | None = None
    required: bool = False
    on_error: str = "hold"
    table: tuple[tuple[Located, str], ...] = ()

    @property
    def joins(self) -> bool:
        """Whether a list becomes one text."""
        return any(step.key == "join" for step in self.before)

    @property
    def named(self) -> tuple[Expression, ...]:
        """Every expression of the steps."""
        return tuple(each for step in self.before for each in step.named)


def applied(steps: tuple[AnyStep, ...], value: object, resolve: Resolve) -> object:
    """A value after some steps; empty ends them."""
    for step in steps:
        if is_empty(value):
            return None
        value = step.apply(value, resolve)
    return value
