"""The value of one rule of an inbound mapping: read, taken through its steps, typed; what goes wrong is a problem."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from gateway.mapping.language import check_digits
from gateway.mapping.language.values import ExpressionError, StepError, is_empty
from gateway.mapping.notations.notation import Found
from gateway.mapping.planning.inbound_plan import InRule
from gateway.mapping.planning.inbound_rules import fitted
from gateway.mapping.reading.scope import Scope
from gateway.mapping.reading.trace import CALC, CONST, DEFAULT, FROM, StepTaken, Traced

_GLN = "UL"
"""The kind of id (N103) that is a GLN."""
_SHOWN = 3
NO_VALUE = "there must be a value here and there is none"
"""What is said of a required value that is missing."""


TRANSLATING = frozenset({"map", "lookup", "plugin"})
"""Steps that are told also where a code stays what it is: whoever wrote the list wants to see that it was asked."""


@dataclass(slots=True)
class _Way:
    """How a value came about."""

    found: tuple[Found, ...] = ()
    besides: tuple[Found, ...] = ()
    steps: list[StepTaken] = field(default_factory=list)
    origin: str = FROM
    trying: tuple[str, str] = ("", "")
    """The key of the step that is being taken, and the value it is given."""

    def missing(self, rule: InRule, scope: Scope) -> None:
        """Where a value should stand that is not there, as far as the format can tell."""
        if not self.found:
            paths = (each.path for each in rule.sources if each.path is not None)
            places = (place for path in paths if (place := path.missing(scope.node, scope.root)) is not None)
            self.found = tuple(islice(places, 1))

    @property
    def first(self) -> Found | None:
        """The datum that is named when something goes wrong."""
        return self.found[0] if self.found else None


def value_of(rule: InRule, scope: Scope) -> object:
    """The typed value of a rule, its default, or None."""
    way = _Way()
    value = _value(rule, scope, way)
    if way.found:
        scope.taken[rule.target] = way.found
    if scope.trace is not None:
        _traced(rule, scope, way, value)
    return value


def _value(rule: InRule, scope: Scope, way: _Way) -> object:
    try:
        if rule.when is not None and not rule.when.holds(scope.resolve):
            return None
        value = _stepped(rule, scope, way, _read(rule, scope, way))
        if not is_empty(value):
            value = _typed(rule, scope, way, value)
        if not is_empty(value):
            return value
    except (StepError, ExpressionError) as error:
        _told(rule, scope, way, str(error), rule.steps.on_error)
        value = None
    if rule.default is not None:
        way.origin = DEFAULT
        return rule.default
    if rule.required and not _has_told(rule, scope):
        way.missing(rule, scope)
        level = (
            "hold" if rule.steps.on_error == "empty" or (rule.field.required and rule.steps.on_error == "warn") else ""
        )
        _told(rule, scope, way, NO_VALUE, level or rule.steps.on_error)
    return None


def _read(rule: InRule, scope: Scope, way: _Way) -> object:
    """The constant, what is computed, or the first source with a value, in the order written."""
    if rule.constant is not None:
        way.origin = CONST
        return rule.constant
    if rule.calc is not None:
        way.origin = CALC
        return rule.calc.evaluate(scope.resolve)
    for source in rule.sources:
        if source.path is None:
            value = scope.resolve(source.name)
            if not is_empty(value):
                way.found = (_Input(str(value), source.name),)
                return value
            continue
        found = source.path.read(scope.node, scope.root)
        if not found:
            continue
        way.found = tuple(found) if rule.every else (found[0],)
        if scope.trace is not None:
            way.besides = tuple(source.path.besides(scope.node, scope.root, way.found))
        if source.path.agrees and len(found) > 1 and not rule.every:
            way.besides = (*way.besides, *found[1:])  # the rule has looked at them, so they are not unread
            _contradiction(rule, scope, found)
        return [each.value for each in found] if rule.every else found[0].value
    return None


def _stepped(rule: InRule, scope: Scope, way: _Way, value: object) -> object:
    """The value after the steps before its type; empty ends them."""
    for step in rule.steps.before:
        if is_empty(value):
            return None
        way.trying = (step.key, value if isinstance(value, str) else "")
        after = step.apply(value, scope.resolve)
        if scope.trace is not None and (after != value or step.key in TRANSLATING):
            way.steps.append(StepTaken(step.key, after))
        value = after
    way.trying = ("", "")
    return value


def _typed(rule: InRule, scope: Scope, way: _Way, value: object) -> object:
    zone = scope.env.zone
    if isinstance(value, list) and rule.is_var:
        return [fitted(rule.typing, each, zone) for each in value]
    typed = fitted(rule.typing, value, zone)
    if rule.checked and isinstance(typed, str) and _is_meant(rule, scope):
        wrong = check_digits.fault(rule.checked, typed)
        if wrong is not None:
            raise StepError(wrong)
    if scope.trace is not None and typed != value:
        way.steps.append(StepTaken("type", typed))
    return typed


def _is_meant(rule: InRule, scope: Scope) -> bool:
    """Whether an id is of the kind that is checked: the id of a party only where its type says GLN."""
    return rule.checked != "gln" or scope.field(f"{rule.target}_type") == _GLN


def _has_told(rule: InRule, scope: Scope) -> bool:
    """Whether the same rule has told already why it has no value."""
    last = scope.problems[-1] if scope.problems else None
    return last is not None and (last.field, last.rule) == (rule.target, rule.place) and last.level != "warn"


def _told(rule: InRule, scope: Scope, way: _Way, sentence: str, level: str) -> None:
    """A problem at the rule, unless its errors are to be passed over."""
    if level == "empty":
        return
    first = way.first
    written = rule.sources[0].name if rule.sources else rule.calc.text if rule.calc is not None else ""
    source = first.name if first is not None else written
    value = first.value if first is not None else ""
    scope.problem(
        "C-MAPPING", rule.target, sentence, rule.place, level=level, source=source, value=value, found=first,
        refused_by=way.trying,
    )  # fmt: skip


def _contradiction(rule: InRule, scope: Scope, found: Sequence[Found]) -> None:
    """Rows of one document that say different things about all of it."""
    level = scope.prepared.on_conflict
    if level == "first":
        return
    said = ", ".join(f"'{each.value}' in {each.at}" for each in found[:_SHOWN])
    sentence = f"the rows of one document say different things: {said}"
    scope.problem("C-GROUP-CONFLICT", rule.target, sentence, rule.place, level=level, source=found[1].name)


def _traced(rule: InRule, scope: Scope, way: _Way, value: object) -> None:
    if scope.trace is None:
        return
    read = (*way.besides, *way.found)
    scope.trace.read(read)
    # only X12 has qualifiers, and there the keys are in the order of the file
    sources = tuple(sorted(read, key=_place)) if way.found and way.found[0].place is not None else way.found
    if is_empty(value):
        return
    if way.origin != DEFAULT:
        scope.trace.given.add((scope.rule_path(rule.target), rule.place))
    if rule.is_var:
        return
    scope.trace.rows.append(
        Traced(
            scope.path(rule.target),
            value,
            sources if way.origin == FROM else (),
            tuple(way.steps),
            rule.place,
            way.origin,
            scope.rule_path(rule.target),
        )
    )


def _place(found: Found) -> tuple[int, int, int]:
    at = found.place
    return (at.position, at.element, at.component) if at is not None else (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Input:
    """A value of the environment."""

    value: str
    name: str
    at: str = ""
    key: str = ""
    place: None = None
