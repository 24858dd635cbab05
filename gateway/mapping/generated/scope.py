"""A scope of an inbound mapping in the source that is made of it: where its values are kept, what its names stand for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.canonical.base import Canonical
from gateway.canonical.filling import defaults_of
from gateway.mapping import catalogue
from gateway.mapping.generated.runtime import half_of, over
from gateway.mapping.generated.writer import NotGeneratedError, Writer, identifier
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.signatures import GROUP, Type, list_of, of_kind
from gateway.mapping.planning.inbound_plan import InGroup, InRule

OUTER = "outer."
Entry = InRule | InGroup
_INPUTS = {"$today": "env.today", "$file.name": "(env.file_name or None)"}


@dataclass(slots=True)
class Scope:
    """One group of rules; ``name`` is the dictionary of its values, those of parts of it are ``<name>_<part>``.

    ``pair`` are the variables of ``$key`` and ``$value`` where the items are pairs. ``filled`` are the parts that are filled
    at once: all their fields, with the names of those that are set beside.
    """

    writer: Writer
    document: str
    plan: InGroup
    model: type[Canonical]
    name: str
    outer: "Scope | None" = None
    node: str = "root"
    is_part: bool = False
    pair: tuple[str, str] | None = None
    filled: set[str] = field(default_factory=set)

    def inside(self, plan: InGroup, model: type[Canonical]) -> "Scope":
        """The scope of an inner group."""
        own = identifier(plan.target)
        name = f"{own}_item" if self.outer is None else f"{self.name.removesuffix('_item')}_{own}_item"
        return Scope(self.writer, self.document, plan, model, name, self, node=f"{name}_node")

    def within(self, plan: InGroup, model: type[Canonical]) -> "Scope":
        """The scope of a single object, which stands at the same place of the data."""
        return Scope(
            self.writer,
            self.document,
            plan,
            model,
            f"{self.name}_{identifier(plan.target)}_part",
            self,
            node=self.node,
            is_part=True,
        )

    def root(self) -> "Scope":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self

    # --- where values are kept ----------------------------------------------------------------------------------------

    def rules(self) -> Iterator[InRule]:
        """The rules of the scope itself."""
        return (each for each in self.plan.entries if isinstance(each, InRule))

    def groups(self) -> Iterator[InGroup]:
        """The groups right in the scope."""
        return (each for each in self.plan.entries if isinstance(each, InGroup))

    def holder(self, target: str) -> str:
        """The dictionary that holds a field."""
        head = target.rpartition(".")[0]
        return f"{self.name}_{identifier(head)}" if head else self.name

    def part(self, head: str) -> str:
        """The dictionary of a part."""
        return f"{self.name}_{identifier(head)}" if head else self.name

    def put(self, target: str, source: str) -> None:
        """Keep the value of a field."""
        last = target.rpartition(".")[2]
        self.writer.line(f'{self.holder(target)}["{last}"] = {source}')
        if self.is_whole(target):
            self.writer.line(f"{self.name}_set |= {self.bit(last)}")

    def is_whole(self, target: str) -> bool:
        """Whether a field is kept where all fields are from the start, with the names of those that are set beside."""
        return self.has_all(target.rpartition(".")[0])

    def has_all(self, head: str) -> bool:
        """The same of a part, or of the scope itself."""
        return head in self.filled or not (head or self.is_part)

    def bit(self, field: str) -> int:
        """What stands for a field of the scope among those that are set."""
        return 1 << list(defaults_of(self.model)).index(field)

    def fills(self, head: str, rules: int) -> bool:
        """Whether so many rules give all of a part, so that it is filled at once."""
        own = sum(each.rpartition(".")[0] == head for each in self.targets())
        found = catalogue.find(self.model, head)
        if found is None or found.model is None:
            return False
        if own == rules and not self.is_part and not any(each.startswith(f"{head}.") for each in self.heads()):
            self.filled.add(head)
        return head in self.filled

    def empty(self, head: str) -> dict[str, object]:
        """All fields of a part without a value."""
        return defaults_of(_model(self.model, head))

    def heads(self) -> list[str]:
        """Every part that has a dictionary of its own, outer ones first; rules and single groups give them."""
        return list(dict.fromkeys(_heads(self.plan, "")))

    def targets(self) -> list[str]:
        """Every field that a rule of the scope or of a single object in it gives."""
        return [name for name, _ in _leaves(self.plan, "")]

    def var(self, name: str) -> str:
        """The variable of a helper value."""
        return f"{self.name}__{identifier(name)}"

    def items(self, target: str) -> str:
        """The list of the items of a group."""
        return f"{self.name}_{identifier(target)}_list"

    def values_of(self, target: str) -> str:
        """The values of those items, kept where an expression names them."""
        return f"{self.name}_{identifier(target)}_values"

    # --- names --------------------------------------------------------------------------------------------------------

    def expression(self, expression: Expression) -> tuple[dict[str, str], dict[str, Type]]:
        """The source and, where it is sure, the type of every name of an expression."""
        sources: dict[str, str] = {}
        types: dict[str, Type] = {}
        for use in expression.names:
            sources[use.name], kind = self.resolve(use.name)
            if kind is not None:
                types[use.name] = kind
        return sources, types

    def resolve(self, name: str) -> tuple[str, Type | None]:
        """What a name stands for, found as the interpreter finds it."""
        if name.startswith("$"):
            return self.dollar(name), None
        var = next((each for each in self.rules() if each.is_var and each.target == name), None)
        if var is not None:
            return self.var(name), None
        if name.startswith(OUTER) and self.outer is not None:
            return self.outer.resolve(name.removeprefix(OUTER))
        if name.startswith(f"{self.document}."):
            return self.root().resolve(name.partition(".")[2])
        return self.of_field(name)

    def of_field(self, name: str) -> tuple[str, Type | None]:
        """The value of a field by its dotted name."""
        for each in self.groups():
            if each.items is not None and (name == each.target or name.startswith(f"{each.target}.")):
                return self.over_list(each, name)
        leaf = next((rule for target, rule in _leaves(self.plan, "") if target == name), None)
        if leaf is not None:
            holder = self.holder(name)
            last = name.rpartition(".")[2]
            value = f'{holder}.get("{last}")'
            if self.is_whole(name):
                value = f'{holder}["{last}"]'
                model = _model(self.model, name.rpartition(".")[0]) if "." in name else self.model
                if not catalogue.fields_of(model)[last].required and defaults_of(model)[last] is not None:
                    is_set = f'"{last}" in {holder}_set' if "." in name else f"{self.name}_set & {self.bit(last)}"
                    value = f"({value} if {is_set} else None)"
            kind = of_kind(leaf.field.kind, codes=leaf.field.codes) if leaf.field.kind else None
            return value, kind
        if name in self.filled:
            part = self.part(name)
            return f"({{name: {part}[name] for name in {part} if name in {part}_set}} or None)", None
        if name in self.heads():
            return f"({self.part(name)} or None)", None
        return "None", None

    def over_list(self, group: InGroup, name: str) -> tuple[str, Type | None]:
        """The items of a list, or a field of all of them."""
        values = self.writer.need(self.values_of(group.target))
        if name == group.target:
            return values, list_of(GROUP)
        rest = name.removeprefix(f"{group.target}.")
        if catalogue.find(_model(self.model, group.target), rest.partition(".")[0]) is None:
            return "None", None
        return f'{self.writer.function(over)}({values}, "{rest}")', None

    def dollar(self, name: str) -> str:
        """The inputs of the environment."""
        if name in _INPUTS:
            return _INPUTS[name]
        if name == "$index":
            return self.writer.need(self.index()) if self.index() else "0"
        if name == "$row":
            self.writer.need(self.node)
            return self.writer.need(f"{self.name}__row")
        if name in ("$key", "$value"):
            if self.pair is not None:
                return self.pair[name == "$value"]
            return f'{self.writer.function(half_of)}({self.writer.need(self.node)}, "{name}")'
        kind, _, rest = name.removeprefix("$").partition(".")
        if kind in ("partner", "envelope") and rest:
            return f'env.{"params" if kind == "partner" else "envelope"}.get("{rest}")'
        return "None"

    def index(self) -> str:
        """The variable of the number of the item; empty outside of lists."""
        return f"{self.name}__index" if self.plan.items is not None else ""


def _heads(plan: InGroup, within: str) -> Iterator[str]:
    for each in plan.entries:
        if isinstance(each, InRule) and each.is_var:
            continue
        target = f"{within}{each.target}"
        parts = target.split(".")
        yield from (".".join(parts[:count]) for count in range(1, len(parts)))
        if isinstance(each, InGroup) and each.items is None:
            yield target
            yield from _heads(each, f"{target}.")


def _leaves(plan: InGroup, within: str) -> Iterator[tuple[str, InRule]]:
    for each in plan.entries:
        if isinstance(each, InGroup):
            if each.items is None:
                yield from _leaves(each, f"{within}{each.target}.")
        elif not each.is_var:
            yield f"{within}{each.target}", each


def _model(model: type[Canonical], dotted: str) -> type[Canonical]:
    found = catalogue.find(model, dotted)
    if found is None or found.model is None:
        raise NotGeneratedError(f"'{dotted}' has no parts")
    return found.model
