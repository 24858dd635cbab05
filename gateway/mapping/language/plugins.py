"""Functions of other packages for mappings: registered by entry point, allowed by name, checked like our own."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import DecimalException
from importlib.metadata import EntryPoint, entry_points

from gateway.config.problems import suggestion
from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.language.signatures import Function, Parameter, of_kind
from gateway.mapping.language.typed import text_of
from gateway.mapping.language.values import ExpressionError, StepError, is_empty, number
from gateway.plugins import KINDS, Signature, signature_of

GROUP = "gateway.mapping_functions"
"""The entry points that bring functions."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A function ready to be called; ``version`` is that of the package that brings it."""

    name: str
    signature: Signature
    version: str
    function: Callable[..., object] = field(compare=False, repr=False)

    @property
    def as_function(self) -> Function:
        """The function as expressions call it."""
        parameters = tuple(Parameter(name, of_kind(kind)) for name, kind in self.signature.arguments)
        return Function(self.name, parameters, of_kind(self.signature.returns), "", self.call)

    def call(self, *values: object) -> object:
        """The result for values in order; raises ExpressionError, whatever the function raises."""
        names = [name for name, _ in self.signature.arguments]
        try:
            return self._called(dict(zip(names, values, strict=True)))
        except StepError as error:
            raise ExpressionError(str(error)) from error

    def call_named(self, value: object, more: Mapping[str, object]) -> object:
        """The result for a value, the first argument, and others by name."""
        return self._called({self.signature.arguments[0][0]: value, **more})

    def _called(self, given: Mapping[str, object]) -> object:
        kinds = dict(self.signature.arguments)
        try:
            values = {name: _as(kinds[name], value) for name, value in given.items()}
            result = self.function(**values)
        except StepError:
            raise
        except Exception as error:
            raise StepError(f"the plug-in '{self.name}' failed: {type(error).__name__}: {str(error)[:200]}") from error
        if result is not None and not _is(self.signature.returns, result):
            said = type(result).__name__
            raise StepError(f"the plug-in '{self.name}' gave a {said}, not a {self.signature.returns} as it declares")
        return result


class Plugins:
    """The functions that a site allows; others are never loaded. ``functions`` are all that expressions may call."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self.allowed = frozenset(allowed)
        self._found: dict[str, Plugin | str] = {}
        usable = [found for name in sorted(self.allowed) if isinstance(found := self.find(name), Plugin)]
        self.functions: Mapping[str, Function] = {**{each.name: each.as_function for each in usable}, **FUNCTIONS}
        self.versions = tuple((each.name, each.version) for each in usable)

    def knows(self, name: str) -> bool:
        """Whether the site allows a function of this name, usable or not."""
        return name in self.allowed

    def advice(self, name: str) -> str:
        """What to do about a function that cannot be used: allow it, or put its package in order."""
        if name in self.allowed:
            return "install the package that brings it beside the gateway, or have its author mend what is said here"
        meant = suggestion(name, self.allowed)
        return meant or "functions are listed under 'allow_plugins' in gateway.yaml"

    def find(self, name: str) -> Plugin | str:
        """The function of a name, or why there is none."""
        if name not in self.allowed:
            return f"'{name}' is not a registered function that this site allows"
        if name not in self._found:
            self._found[name] = _loaded(name)
        return self._found[name]


def _loaded(name: str) -> Plugin | str:
    found = tuple(entry_points(group=GROUP, name=name))
    if not found:
        return f"no installed package brings the function '{name}'"
    if len(found) > 1:
        return f"{len(found)} installed packages bring a function '{name}'"
    return _checked(found[0])


def _checked(entry: EntryPoint) -> Plugin | str:
    try:
        function = entry.load()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in another package while it is imported
        return f"the function '{entry.name}' cannot be loaded: {type(error).__name__}: {str(error)[:200]}"
    signature = signature_of(function)
    if signature is None:
        return f"'{entry.name}' ({entry.value}) is not declared with @mapping_function"
    if not signature.pure:
        return f"the function '{entry.name}' is not declared pure, so the same file could give different documents"
    if not signature.arguments:
        return f"the function '{entry.name}' takes no argument"
    return Plugin(entry.name, signature, entry.dist.version if entry.dist is not None else "", function)


def _as(kind: str, value: object) -> object:
    """A value as an argument of a kind."""
    if is_empty(value):
        return None
    if kind == "text":
        return text_of(value)
    if kind in ("decimal", "integer"):
        try:
            found = number(value)
        except (ValueError, DecimalException) as error:
            raise StepError(str(error)) from error
        return int(found) if kind == "integer" else found
    if not _is(kind, value):
        raise StepError(f"'{value}' is not a {kind}")
    return value


def _is(kind: str, value: object) -> bool:
    if kind == "date":
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    wanted = next(each for each, name in KINDS.items() if name == kind)
    return isinstance(value, wanted)
