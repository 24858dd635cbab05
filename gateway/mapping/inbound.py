"""Run an inbound mapping: one record to one canonical document, every problem collected and none raised."""

from dataclasses import dataclass, field
from typing import Any

from gateway.canonical.base import Canonical, build
from gateway.formats.record import Record
from gateway.formats.x12.path import Found
from gateway.mapping.environment import Environment
from gateway.mapping.expressions import ExpressionError, is_empty
from gateway.mapping.inbound_plan import InCheck, InGroup, InRule
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.values import StepError


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """One thing that went wrong: the canonical field, the source as written with its place and value, the rule's place."""

    code: str
    field: str
    source: str
    value: str
    rule: str
    message: str
    level: str = "hold"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The document, None when it cannot be built, and all problems; those of level ``warn`` do not stop it."""

    document: Canonical | None
    problems: tuple[MappingProblem, ...]


def run(prepared: PreparedMapping, record: Record, env: Environment) -> Mapped:
    """Map one transaction set or one document of rows."""
    if prepared.inbound is None:
        raise ValueError(f"{prepared.name} is not an inbound mapping")
    problems: list[MappingProblem] = []
    scope = _Scope(record, env, prepared.document, None)
    _fill(prepared.inbound, scope, problems)
    if any(problem.level != "warn" for problem in problems):
        return Mapped(None, tuple(problems))
    built = build(prepared.model, scope.nested())
    if isinstance(built, Canonical):
        return Mapped(built, tuple(problems))
    rule = prepared.inbound.origin.file
    misfits = (
        MappingProblem("C-MAPPING", each.field, "", each.value, rule, f"{each.field}: {each.reason}") for each in built
    )
    return Mapped(None, (*problems, *misfits))


@dataclass(slots=True)
class _Scope:
    """The values of one document or one item of a list, and where it may look for names."""

    record: Record
    env: Environment
    document: str
    outer: "_Scope | None"
    index: int = 1
    name: str = ""
    values: dict[str, object] = field(default_factory=dict)
    vars: dict[str, object] = field(default_factory=dict)

    def resolve(self, name: str) -> object:
        """What a name of an expression stands for; None when it has no value."""
        if name.startswith("$"):
            return self.dollar(name)
        if name in self.vars:
            return self.vars[name]
        if name.startswith("outer.") and self.outer is not None:
            return self.outer.resolve(name.removeprefix("outer."))
        if name.startswith(f"{self.document}."):
            return self.root().resolve(name.partition(".")[2])
        if name in self.values:
            return self.values[name]
        head, _, rest = name.partition(".")
        inner = self.values.get(head)
        if isinstance(inner, list) and rest:
            return [item.resolve(rest) for item in inner if isinstance(item, _Scope)]
        return None

    def dollar(self, name: str) -> object:
        """The inputs of the environment."""
        if name == "$today":
            return self.env.today
        if name == "$index":
            return self.index
        if name == "$row":
            head = self.record.head
            return self.record.position if head is None else self.root().record.position_of(head)
        if name == "$file.name":
            return self.env.file_name or None
        kind, _, rest = name.removeprefix("$").partition(".")
        if kind == "partner":
            return self.env.params.get(rest)
        if kind == "envelope":
            return self.env.envelope.get(rest)
        return self.record.fields.get(name)

    def root(self) -> "_Scope":
        """The scope of the document."""
        return self.outer.root() if self.outer is not None else self

    def label(self) -> str:
        """Where we are, for people: ``line 2``."""
        return f"{self.outer.label()}{self.name.removesuffix('s')} {self.index}, " if self.outer is not None else ""

    def nested(self) -> dict[str, Any]:
        """The values as nested dictionaries, for the canonical model."""
        result: dict[str, Any] = {}
        for name, value in self.values.items():
            *heads, last = name.split(".")
            target = result
            for head in heads:
                target = target.setdefault(head, {})
            target[last] = (
                [item.nested() for item in value if isinstance(item, _Scope)] if isinstance(value, list) else value
            )
        return result


def _fill(group: InGroup, scope: _Scope, problems: list[MappingProblem]) -> None:
    for rule in group.vars:
        scope.vars[rule.target] = _value(rule, scope, problems)
    for entry in group.entries:
        if isinstance(entry, InGroup):
            scope.values[entry.target] = _items(entry, scope, problems)
        else:
            value = _value(entry, scope, problems)
            if not is_empty(value):
                scope.values[entry.target] = value
    for check in group.checks:
        _check(check, group, scope, problems)


def _items(group: InGroup, scope: _Scope, problems: list[MappingProblem]) -> list[_Scope]:
    records = group.items(scope.record, scope.root().record) if group.items is not None else [scope.record]
    found: list[_Scope] = []
    for index, record in enumerate(records, start=1):
        item = _Scope(record, scope.env, scope.document, scope, index, group.target)
        own: list[MappingProblem] = []
        _fill(group, item, own)
        if group.when is None or _holds(group, item, problems):
            found.append(item)
            problems.extend(own)
    if group.limit is not None and len(found) > group.limit:
        message = f"{group.target}: {len(found)} stand in the file; at most {group.limit} are allowed"
        problems.append(MappingProblem("C-MAPPING", group.target, "", str(len(found)), _rule_at(group), message))
    return found


def _holds(group: InGroup, item: _Scope, problems: list[MappingProblem]) -> bool:
    try:
        return group.when is None or group.when.holds(item.resolve)
    except ExpressionError as error:
        problems.append(MappingProblem("C-MAPPING", group.target, "", "", _rule_at(group), f"{group.target}: {error}"))
        return False


def _check(check: InCheck, group: InGroup, scope: _Scope, problems: list[MappingProblem]) -> None:
    rule = f"{check.origin.file}:{check.origin.line}"
    try:
        if check.that.holds(scope.resolve):
            return
        message = check.say
    except ExpressionError as error:
        message = f"{check.say} ({error})"
    problems.append(MappingProblem(check.code, group.target, "", "", rule, scope.label() + message, check.level))


def _value(rule: InRule, scope: _Scope, problems: list[MappingProblem]) -> object:
    """The typed value of one rule, its default, or None; what goes wrong is a problem at the rule."""
    found = Found("", "")
    try:
        if rule.when is not None and not rule.when.holds(scope.resolve):
            return None
        if rule.constant is not None:
            return rule.constant
        found, raw = _read(rule, scope, problems)
        for step in rule.steps.steps:
            if is_empty(raw):
                break
            raw = step(raw)
        if not is_empty(raw):
            return rule.convert(raw)
    except (StepError, ExpressionError) as error:
        if rule.steps.on_error != "empty":
            problems.append(_problem(rule, scope, found, str(error), rule.steps.on_error))
        return rule.default
    if rule.default is None and rule.required:
        problems.append(_problem(rule, scope, found, "there must be a value here and there is none", "hold"))
    return rule.default


def _read(rule: InRule, scope: _Scope, problems: list[MappingProblem]) -> tuple[Found, object]:
    """The first source with a value, in the order written; with the place it was found at."""
    if rule.calc is not None:
        return Found("", ""), rule.calc.evaluate(scope.resolve)
    for source in rule.sources:
        if source.read is None:
            value = scope.resolve(source.name)
            if not is_empty(value):
                return Found(str(value), source.name), value
            continue
        values = source.read(scope.record, scope.root().record)
        if not values:
            continue
        if source.every:
            return values[0], [each.value for each in values]
        if len(values) > 1 and not scope.record.fields and "row" in scope.record.children:
            problems.append(_conflict(rule, scope, values))
        return values[0], values[0].value
    return Found("", ""), None


def _conflict(rule: InRule, scope: _Scope, values: list[Found]) -> MappingProblem:
    said = ", ".join(f"'{each.value}' in {each.where}" for each in values[:3])
    sentence = f"{rule.target}: the rows of one document say different things: {said}"
    return MappingProblem(
        "C-GROUP-CONFLICT", rule.target, _source(rule), values[1].value, _rule_at(rule), scope.label() + sentence
    )


def _problem(rule: InRule, scope: _Scope, found: Found, sentence: str, level: str) -> MappingProblem:
    source = _source(rule)
    place = (
        f" ({source}{f' = {found.value}' if found.value else ''}{f', {found.where}' if found.where else ''})"
        if source
        else ""
    )
    message = f"{scope.label()}{rule.target}: {sentence}{place}"
    return MappingProblem("C-MAPPING", rule.target, source, found.value, _rule_at(rule), message, level)


def _source(rule: InRule) -> str:
    return rule.sources[0].name if rule.sources else rule.calc.text if rule.calc else ""


def _rule_at(entry: InRule | InGroup) -> str:
    return f"{entry.origin.file}:{entry.origin.line}"
