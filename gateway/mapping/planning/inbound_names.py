"""What the expressions of an inbound mapping may name: fields of their own scope, of those around it, and inputs."""

from collections.abc import Collection
from dataclasses import dataclass, field

from gateway.canonical.base import Canonical
from gateway.config.problems import suggestion
from gateway.mapping import catalogue
from gateway.mapping.language import rules
from gateway.mapping.language.signatures import DATE, TEXT, WHOLE, Type, list_of, of_kind
from gateway.mapping.notations.notation import Level

OUTER = "outer."
PAIR = ("$key", "$value")
NOT_HERE = ("$hl_count",)
INPUTS = {"$today": DATE, "$index": WHOLE, "$row": WHOLE}


@dataclass(slots=True)
class Scope:
    """The rules of one group: the model they fill, the level they read, their helper values with their types."""

    model: type[Canonical]
    level: Level
    vars: dict[str, Type] = field(default_factory=dict)
    outer: "Scope | None" = None
    named: set[str] = field(default_factory=set)
    """The helper values that something names."""

    def root(self) -> "Scope":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self


@dataclass(frozen=True, slots=True)
class Names:
    """Checks names and says of which kind they are."""

    document: str
    params: Collection[str]
    custom: Collection[str] = ()

    def hint(self, name: str, scope: Scope) -> str | None:
        """None when a name is known in a scope, else what was probably meant (which may be nothing)."""
        if name in PAIR:
            return None if scope.level.in_pair else "they are known where a group is on pairs: each: SDQ.*"
        if name in NOT_HERE:
            return "it is known in mappings that write"
        if name.startswith("$"):
            return rules.dollar_hint(name, self.params)
        there, rest = self.start(name, scope)
        if there is None:
            return f"'outer' leads beyond the document; fields of the document are named {self.document}.x"
        if rest in there.vars:
            there.named.add(rest)
            return None
        if catalogue.reaches(there.model, rest, self.custom):
            return None
        known = (*catalogue.dotted_names(there.model, self.custom), *there.vars)
        return self.around(rest, there) or suggestion(rest, known)

    def type(self, name: str, scope: Scope) -> Type | str:
        """The type of a name, or the hint for an unknown one."""
        hint = self.hint(name, scope)
        if hint is not None:
            return hint
        if name.startswith("$"):
            return INPUTS.get(name, TEXT)
        there, rest = self.start(name, scope)
        if there is None:
            return ""
        return there.vars[rest] if rest in there.vars else type_of(there.model, rest, self.custom) or ""

    def start(self, name: str, scope: Scope) -> tuple[Scope | None, str]:
        """The scope in which a name is looked up, and what is left of it."""
        there: Scope | None = scope
        if name in scope.vars:
            return scope, name
        if name.startswith(f"{self.document}."):
            return scope.root(), name.partition(".")[2]
        while name.startswith(OUTER) and there is not None:
            there = there.outer
            name = name.removeprefix(OUTER)
        return there, name

    def around(self, rest: str, there: Scope) -> str:
        """The scope around, or the document, has a field or a helper value of this name."""
        outer, root = there.outer, there.root()
        if outer is None:
            return ""
        if rest in outer.vars or catalogue.reaches(outer.model, rest, self.custom):
            return f"did you mean '{self.document}.{rest}'?" if outer is root else f"did you mean 'outer.{rest}'?"
        known = rest in root.vars or catalogue.reaches(root.model, rest, self.custom)
        return f"did you mean '{self.document}.{rest}'?" if known else ""


def type_of(model: type[Canonical], dotted: str, custom: Collection[str] = ()) -> Type | None:
    """The type of a field by its dotted name, None when there is none; over a list that of the list of its values."""
    head, _, rest = dotted.partition(".")
    field_ = catalogue.fields_of(model).get(head)
    if field_ is None:
        return None
    if field_.kind == catalogue.CUSTOM:
        return TEXT if rest in custom else None
    if not rest:
        return of_kind(field_.kind, many=field_.is_list, codes=field_.codes)
    inner = type_of(field_.model, rest, custom) if field_.model is not None else None
    return list_of(inner) if inner is not None and field_.is_list else inner
