"""Run an inbound mapping: one document of a file to one canonical document, every problem collected and none raised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import localcontext

from gateway.canonical.base import Canonical, build
from gateway.mapping.environment import Environment
from gateway.mapping.generated import inbound as generated
from gateway.mapping.language.values import CONTEXT, ExpressionError
from gateway.mapping.notations.notation import Node
from gateway.mapping.planning.inbound_plan import InCheck, InGroup, InRule
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.reading import unread
from gateway.mapping.reading.rule_values import NO_VALUE, value_of
from gateway.mapping.reading.scope import Scope, Taken
from gateway.mapping.reading.trace import Trace

MOST_UNREAD = 100
"""Data without a rule that is told one by one."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """The document, None when it cannot be built, and all problems; those of level ``warn`` do not stop it.

    ``reference`` is what people call the document by: its number, empty when that could not be read.
    """

    document: Canonical | None
    problems: tuple[MappingProblem, ...]
    reference: str = ""


def run(
    prepared: PreparedMapping, record: Node, env: Environment, trace: Trace | None = None, *, warns_unread: bool = False
) -> Mapped:
    """Map one document: a transaction set, a document of rows or records, an XML element.

    Nearly every document has no problem, and the mapping's generated function makes it. What that is not sure of is
    judged rule by rule. Data that no rule reads is told when the mapping says ``unmapped: hold``, and with
    ``warns_unread`` unless it says ``ignore``.
    """
    plan = prepared.inbound
    if plan is None:
        raise ValueError(f"{prepared.name} is not an inbound mapping")
    tells = prepared.unmapped == "hold" or (warns_unread and prepared.unmapped != "ignore")
    if trace is None and not tells:
        quick = generated.of(prepared)
        document = quick.document(record, env)
        if document is not None:
            number = getattr(document, quick.number, "")
            return Mapped(document, (), number if isinstance(number, str) else "")
    return judge(prepared, plan, record, env, trace, tells=tells)


def judge(
    prepared: PreparedMapping, plan: InGroup, record: Node, env: Environment, trace: Trace | None = None, *, tells: bool = False
) -> Mapped:  # fmt: skip
    """Map one document rule by rule: slowly, with every problem and whatever a trace wants to know."""
    watched = trace if trace is not None or not tells else Trace()
    problems: list[MappingProblem] = []
    scope = Scope(record, record, prepared, env, plan, problems, trace=watched)
    with localcontext(CONTEXT):
        _fill(scope)
    if tells and watched is not None:
        problems.extend(_unread(prepared, record, watched))
    reference = scope.reference(prepared.model)
    if trace is not None:
        trace.values.update(scope.nested(in_order=True))
    if any(problem.level != "warn" for problem in problems):
        return Mapped(None, tuple(problems), reference)
    built = build(prepared.model, scope.nested())
    if isinstance(built, Canonical):
        return Mapped(built, tuple(problems), reference)
    misfits = (
        MappingProblem(
            "C-MAPPING", each.field, "", each.value, plan.place, f"{each.field}: {each.reason}", sentence=each.reason
        )
        for each in built
    )
    return Mapped(None, (*problems, *misfits), reference)


def _fill(scope: Scope) -> None:
    """The values of a scope, and whether its checks hold."""
    for entry in scope.plan.entries:
        if isinstance(entry, InRule):
            scope.take(entry, value_of(entry, scope))
        elif entry.items is None:
            _single(entry, scope)
        else:
            scope.values[entry.target] = _items(entry, scope)
    for check in scope.plan.checks:
        _check(check, scope)


def _single(group: InGroup, scope: Scope) -> None:
    """The one object of a group without ``each``."""
    inner = scope.inside(group, scope.node, 0)
    _fill(inner)
    if not _is_wanted(group, inner, scope):
        scope.problems.extend(_undecided(group, inner))
    elif inner.values:
        scope.values[group.target] = inner
        scope.problems.extend(inner.problems)


def _items(group: InGroup, scope: Scope) -> list[Scope]:
    """The items of a list that are wanted, in the order of the file."""
    items = group.items
    if items is None:
        return []
    if scope.trace is not None:
        scope.trace.read(items.besides(scope.node, scope.root))
    found: list[Scope] = []
    for node in items.items(scope.node, scope.root):
        inner = scope.inside(group, node, len(found) + 1)
        mark = len(scope.trace.rows) if scope.trace is not None else 0
        _fill(inner)
        if _is_wanted(group, inner, scope):
            found.append(inner)
            scope.problems.extend(inner.problems)
            continue
        scope.problems.extend(_undecided(group, inner))
        if scope.trace is not None:
            del scope.trace.rows[mark:]
    if group.limit is not None and len(found) > group.limit:
        sentence = f"{len(found)} stand in the file; at most {group.limit} are allowed"
        scope.problem("C-MAPPING", group.target, sentence, group.place, value=str(len(found)))
    return found


def _undecided(group: InGroup, item: Scope) -> list[MappingProblem]:
    """The problems of an item that was left out which the condition itself depends on: nobody knows whether it is wanted.

    A value that is not there is none of them: conditions are asked whether it is.
    """
    paths = {item.rule_path(use.name) for use in group.when.names} if group.when is not None else set()
    return [each for each in item.problems if each.path in paths and each.sentence != NO_VALUE]


def _is_wanted(group: InGroup, item: Scope, scope: Scope) -> bool:
    if group.when is None:
        return True
    try:
        return group.when.holds(item.resolve)
    except ExpressionError as error:
        scope.problem("C-MAPPING", group.target, str(error), group.place)
        return False


def _check(check: InCheck, scope: Scope) -> None:
    rule = f"{check.origin.file}:{check.origin.line}"
    try:
        if check.that.holds(scope.resolve):
            return
        sentence = check.say
    except ExpressionError as error:
        sentence = f"{check.say} ({error})"
    names = dict.fromkeys(use.name for use in check.that.names)
    places: Sequence[Taken] = [found for name in names if (found := scope.data_of(name))]
    scope.check_failed(check, sentence, rule, places)


def _unread(prepared: PreparedMapping, record: Node, trace: Trace) -> list[MappingProblem]:
    """A problem for each datum that no rule reads."""
    level = "hold" if prepared.unmapped == "hold" else "warn"
    left = list(unread.data(prepared, record, trace))
    told = []
    for each in left[:MOST_UNREAD]:
        message = f"no rule reads {each.name} = {each.value[:40]} ({each.at})"
        told.append(
            MappingProblem(
                "C-UNMAPPED",
                "",
                each.name,
                each.value,
                prepared.place,
                message,
                level,
                sentence="no rule reads this",
                where=each.at,
                hint="map it, or list it under 'ignore'",
                place=each.place,
            )
        )
    if len(left) > MOST_UNREAD:
        more = f"and {len(left) - MOST_UNREAD} more values that no rule reads"
        told.append(replace(told[-1], source="", value="", message=more, sentence=more, where="", place=None))
    return told
