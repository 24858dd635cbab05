"""The values of one document or one item while an inbound mapping runs, and what its expressions may name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.canonical.base import Canonical
from gateway.mapping import catalogue
from gateway.mapping.environment import Environment
from gateway.mapping.language.values import is_empty
from gateway.mapping.notations.notation import Found, Node
from gateway.mapping.planning.inbound_plan import InCheck, InGroup, InRule
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.reading.trace import Trace

Taken = tuple[Found, ...]
"""The data that a value was read from."""
OUTER = "outer."
_SHOWN = 6


@dataclass(slots=True)
class Scope:
    """One document or one item of a list; ``taken`` are the data of its values, for the places of problems."""

    node: Node
    root: Node
    prepared: PreparedMapping
    env: Environment
    plan: InGroup
    problems: list[MappingProblem]
    outer: "Scope | None" = None
    index: int = 0
    trace: Trace | None = None
    values: dict[str, object] = field(default_factory=dict)
    vars: dict[str, object] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)

    def inside(self, plan: InGroup, node: Node, index: int) -> "Scope":
        """The scope of an item, 1 and up, or of a single object, 0; its problems are its own until it is wanted."""
        return Scope(node, self.root, self.prepared, self.env, plan, [], self, index, self.trace)

    def take(self, rule: InRule, value: object) -> None:
        """Keep the value of a rule."""
        if rule.is_var:
            self.vars[rule.target] = value
        elif not is_empty(value):
            self.values[rule.target] = value

    # --- names ------------------------------------------------------------------------------------------------------

    def resolve(self, name: str) -> object:
        """What a name of an expression stands for; None when it has no value."""
        if name.startswith("$"):
            return self.dollar(name)
        if name in self.vars:
            return self.vars[name]
        if name.startswith(OUTER) and self.outer is not None:
            return self.outer.resolve(name.removeprefix(OUTER))
        if name.startswith(f"{self.prepared.document}."):
            return self.document().resolve(name.partition(".")[2])
        return self.field(name)

    def field(self, name: str) -> object:
        """A value by its dotted name; over a list the list of its items' values."""
        if name in self.values:
            value = self.values[name]
            return value if not isinstance(value, Scope) else value.nested() or None
        head, dot, rest = name.partition(".")
        while dot:
            inner = self.values.get(head)
            if isinstance(inner, list):
                found = [item.field(rest) for item in inner if isinstance(item, Scope)]
                return [one for each in found for one in (each if isinstance(each, list) else [each])]
            if isinstance(inner, Scope):
                return inner.field(rest)
            more, dot, rest = rest.partition(".")
            head = f"{head}.{more}"
        below = {key: value for key, value in self.values.items() if key.startswith(f"{name}.")}
        return below or None

    def dollar(self, name: str) -> object:
        """The inputs of the environment."""
        if name == "$today":
            return self.env.today
        if name == "$index":
            return self.index
        if name == "$row":
            return self.prepared.notation.position(self.node, self.root) if self.prepared.notation is not None else None
        if name == "$file.name":
            return self.env.file_name or None
        if name in ("$key", "$value"):
            return getattr(self.node, "fields", {}).get(name)
        kind, _, rest = name.removeprefix("$").partition(".")
        return {"partner": self.env.params, "envelope": self.env.envelope}.get(kind, {}).get(rest)

    def document(self) -> "Scope":
        """The scope of the document."""
        return self.outer.document() if self.outer is not None else self

    # --- places -----------------------------------------------------------------------------------------------------

    def label(self) -> str:
        """Where we are, for people: ``line 2``; empty in the document itself."""
        outer = self.outer.label() if self.outer is not None else ""
        own = f"{_singular(self.plan.target)} {self.index}" if self.index else ""
        return ", ".join(filter(None, (outer, own)))

    def path(self, target: str = "") -> str:
        """A field from the document on: ``lines[2].quantity``."""
        own = f"{self.plan.target}[{self.index}]" if self.index else self.plan.target
        above = self.outer.path() if self.outer is not None else ""
        return ".".join(filter(None, (above, own, target)))

    def rule_path(self, target: str) -> str:
        """The same without numbers of items: which rule it is."""
        above = self.outer.rule_path(self.plan.target) if self.outer is not None else ""
        return ".".join(filter(None, (above, target)))

    def reference(self, model: type[Canonical]) -> str:
        """The number of the document: its first field that must be there."""
        first = next((name for name, each in catalogue.fields_of(model).items() if each.required), "")
        found = self.values.get(first)
        return found if isinstance(found, str) else ""

    # --- problems ---------------------------------------------------------------------------------------------------

    def problem(
        self, code: str, target: str, sentence: str, rule: str, *, level: str = "hold", source: str = "",
        value: str = "", found: Found | None = None, refused_by: tuple[str, str] = ("", ""),
    ) -> None:  # fmt: skip
        """Something that went wrong at a rule or group of this scope; ``refused_by`` is a step and what it was given."""
        label = self.label()
        said = f"{source} = {value}" if value and source else source
        place = f" ({', '.join(filter(None, (said, found.at if found is not None else '')))})" if said else ""
        message = f"{f'{label}, ' if label else ''}{target}: {sentence}{place}"
        self.problems.append(
            MappingProblem(
                code,
                target,
                source,
                value,
                rule,
                message,
                level,
                label,
                sentence,
                found.at if found is not None else "",
                place=found.place if found is not None else None,
                path=self.rule_path(target),
                step=refused_by[0],
                given=refused_by[1],
            )
        )

    def check_failed(self, check: InCheck, sentence: str, rule: str, places: Sequence[Taken]) -> None:
        """A check that does not hold, with the data of the values it names."""
        label = self.label()
        found = [one for each in places for one in each]
        said = ", ".join(f"{each.name} = {each.value[:40]}" for each in found[:_SHOWN])
        where = ", ".join(dict.fromkeys(each.at for each in found[:_SHOWN]))
        message = f"{f'{label}, ' if label else ''}{sentence}"
        self.problems.append(
            MappingProblem(
                check.code,
                self.plan.target,
                said,
                "",
                rule,
                message,
                check.level,
                label,
                sentence,
                where,
                place=found[0].place if found else None,
            )
        )

    def data_of(self, name: str) -> Taken:
        """The data that a name stands for; of a list those of its items."""
        if name in self.taken:
            return self.taken[name]
        head, dot, rest = name.partition(".")
        while dot:
            inner = self.values.get(head)
            if isinstance(inner, list):
                return tuple(one for each in inner if isinstance(each, Scope) for one in each.data_of(rest))
            if isinstance(inner, Scope):
                return inner.data_of(rest)
            more, dot, rest = rest.partition(".")
            head = f"{head}.{more}"
        return ()

    # --- the result -------------------------------------------------------------------------------------------------

    def nested(self, *, in_order: bool = False) -> dict[str, Any]:
        """The values as nested dictionaries, for the canonical model; or for people, in the order of the rules without empty lists."""
        result: dict[str, Any] = {}
        names = [name for name in self.plan.order if name in self.values] if in_order else list(self.values)
        for name in names:
            value = self.values[name]
            if in_order and value == []:
                continue
            *heads, last = name.split(".")
            target = result
            for head in heads:
                target = target.setdefault(head, {})
            if isinstance(value, list):
                target[last] = [item.nested(in_order=in_order) for item in value if isinstance(item, Scope)]
            elif isinstance(value, Scope):
                _merge(target.setdefault(last, {}), value.nested(in_order=in_order))
            else:
                target[last] = value
        return result


def _merge(target: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value


def _singular(name: str) -> str:
    """One of several: ``line`` of lines, ``tax`` of taxes."""
    last = name.rpartition(".")[2]
    if last.endswith("xes"):
        return last[:-2]
    return f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")
