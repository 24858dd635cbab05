"""Run an outbound mapping: canonical documents to the segments of a set or to the rows of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.canonical.base import Canonical, attribute
from gateway.formats import delimited as delimited_format
from gateway.formats.x12 import levels
from gateway.formats.x12.emit import COMPONENT
from gateway.formats.x12.path import Step
from gateway.mapping import transforms
from gateway.mapping.environment import Environment
from gateway.mapping.expressions import ExpressionError, is_empty
from gateway.mapping.inbound import MappingProblem
from gateway.mapping.outbound_plan import OutLoop, OutRule, OutSegment, first_pair
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.values import StepError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Written:
    """The body of the set, HL levels still to be numbered by the writer; with problems of a level other than ``warn`` they must not be sent."""

    segments: tuple[tuple[str, ...], ...]
    problems: tuple[MappingProblem, ...]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The bytes of a delimited file, and what went wrong."""

    content: bytes
    problems: tuple[MappingProblem, ...]


def segments(prepared: PreparedMapping, document: Canonical, env: Environment) -> Written:
    """One X12 set."""
    if prepared.segments is None:
        raise ValueError(f"{prepared.name} does not write X12")
    run = _Run(env, prepared.document, document)
    written = run.loop(prepared.segments, _Scope(document, None, run))
    return Written(tuple(tuple(each) for each in written), tuple(run.problems))


def delimited(prepared: PreparedMapping, documents: Sequence[Canonical], env: Environment) -> WrittenFile:
    """One file with the rows of all documents."""
    columns = prepared.columns
    if columns is None:
        raise ValueError(f"{prepared.name} does not write rows")
    rows = [[rule.target for rule in columns.rules]] if prepared.delimited.header else []
    problems: list[MappingProblem] = []
    for document in documents:
        run = _Run(env, prepared.document, document)
        scope = _Scope(document, None, run)
        items = scope.items(columns.each) if columns.each else [scope]
        wanted = (item for item in items if columns.when is None or columns.when.holds(item.resolve))
        rows.extend([_guarded(run.text(rule, item), run.last) for rule in columns.rules] for item in wanted)
        problems.extend(run.problems)
    file = delimited_format.write(rows, prepared.delimited, [rule.target for rule in columns.rules])
    for fault in file.faults:
        sentence = f"row {fault.row}, {fault.column}: {fault.sentence}"
        level = "warn" if fault.level == "warn" else "hold"
        problems.append(MappingProblem("M081", fault.column, "", "", "", sentence, level))
    return WrittenFile(file.content, tuple(problems))


def _guarded(text: str, value: object) -> str:
    """A text cell that a spreadsheet would take for a formula gets a quote in front; numbers are left alone."""
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


@dataclass(slots=True)
class _Scope:
    """One document, or one item of a list of it."""

    item: object
    outer: "_Scope | None"
    run: "_Run"
    index: int = 1
    vars: dict[str, object] = field(default_factory=dict)

    def resolve(self, name: str) -> object:
        """What a name stands for; None when it has no value."""
        if name.startswith("$"):
            return self.dollar(name)
        if name in self.vars:
            return self.vars[name]
        if name.startswith("outer."):
            return self.outer.resolve(name.removeprefix("outer.")) if self.outer is not None else None
        if name.startswith(f"{self.run.document}."):
            return attribute(self.run.root, name.partition(".")[2])
        return attribute(self.item, name)

    def dollar(self, name: str) -> object:
        """The inputs of the environment."""
        env = self.run.env
        known = {"$today": env.today, "$index": self.index, "$hl_count": self.run.levels, "$file.name": env.file_name}
        if name in known:
            return known[name]
        kind, _, rest = name.removeprefix("$").partition(".")
        return (env.params if kind == "partner" else env.envelope).get(rest)

    def items(self, name: str) -> "list[_Scope]":
        """One scope for each item of a canonical list."""
        found = self.resolve(name)
        return (
            [_Scope(item, self, self.run, at) for at, item in enumerate(found, start=1)]
            if isinstance(found, tuple | list)
            else []
        )


@dataclass(slots=True)
class _Run:
    """One run: its inputs, its problems, and the count of HL levels."""

    env: Environment
    document: str
    root: object
    problems: list[MappingProblem] = field(default_factory=list)
    levels: int = 0
    last: object = None

    def loop(self, plan: OutLoop, scope: _Scope, depth: int = 0) -> list[list[str]]:
        """Every segment of a loop, empty when nothing in it has a value."""
        if plan.when is not None and not self.holds(plan, scope):
            return []
        scope.vars |= {rule.target: self.value(rule, scope) for rule in plan.vars}
        if plan.step is not None and plan.step.segment == "HL":
            return self.level(plan, scope, depth + 1)
        written: list[list[str]] = []
        trigger_written = plan.step is None
        for part in plan.parts():
            if isinstance(part, OutSegment):
                segment = self.segment(part, scope)
                written += [segment] if segment is not None else []
                trigger_written |= segment is not None and part.order <= 0 and _is_trigger(part.step, plan.step)
            else:
                written += self.instances(part, scope, depth)
        if written and not trigger_written and plan.step is not None:
            written.insert(0, self.opened(plan.step))
        return written

    def instances(self, plan: OutLoop, scope: _Scope, depth: int = 0) -> list[list[str]]:
        """A loop once, or once per item of its list."""
        if not plan.each:
            return self.loop(plan, scope, depth)
        items = scope.items(plan.each)
        if plan.limit is not None and len(items) > plan.limit:
            message = f"{plan.each}: {len(items)} items; at most {plan.limit} are allowed"
            self.problems.append(MappingProblem("M081", plan.each, plan.each, str(len(items)), "", message))
        return [segment for item in items for segment in self.loop(plan, item, depth)]

    def level(self, plan: OutLoop, scope: _Scope, depth: int) -> list[list[str]]:
        """One HL level before the levels inside of it; the writer numbers them."""
        self.levels += 1
        own: list[list[str]] = []
        below: list[list[str]] = []
        for part in plan.parts():
            if isinstance(part, OutSegment):
                segment = self.segment(part, scope)
                own += [segment] if segment is not None and segment[0] != levels.HL else []
            elif part.step is not None and part.step.segment == levels.HL:
                below += self.instances(part, scope, depth)
            else:
                own += self.instances(part, scope, depth)
        code = plan.step.conditions[0].values[0] if plan.step is not None and plan.step.conditions else ""
        return [levels.level(depth, code), *own, *below]

    def segment(self, plan: OutSegment, scope: _Scope) -> list[str] | None:
        """One segment, None unless one of its rules that are not constant has a value or all are constant."""
        elements: dict[tuple[int, int], str] = {}
        decisive = all_constant = True
        values: list[bool] = []
        for key, rule in plan.elements.items():
            text = self.text(rule, scope)
            if text:
                elements[key] = text
            all_constant &= rule.is_constant
            values += [] if rule.is_constant else [bool(text)]
        for at, (qualifier, text) in enumerate(self.pairs(plan, scope)):
            first = first_pair(plan.step.segment) + 2 * at
            elements[first, 0], elements[first + 1, 0] = qualifier, text
            values.append(True)
        all_constant &= not plan.pairs
        decisive = bool(elements) if all_constant else any(values)
        if not decisive:
            return None
        return _assembled(plan.step, elements)

    def pairs(self, plan: OutSegment, scope: _Scope) -> Iterator[tuple[str, str]]:
        """Qualifier and id of each pair with a value."""
        for qualifier, rule in plan.pairs:
            text = self.text(rule, scope)
            if text:
                yield qualifier, text

    def opened(self, step: Step) -> list[str]:
        """The trigger of a loop that has no rule of its own."""
        return _assembled(step, {})

    def text(self, rule: OutRule, scope: _Scope) -> str:
        """The text of one rule; what goes wrong is a problem of the document."""
        self.last = None
        try:
            if rule.when is not None and not rule.when.holds(scope.resolve):
                return ""
            value = self.value(rule, scope)
            self.last = value
            if is_empty(value):
                return self.missing(rule)
            # X12 writes numbers as short as they are, a file for people keeps 12.50
            write = transforms.write(
                form=rule.form, implied_decimals=rule.steps.implied_decimals, keeps_zeros=rule.element is None
            )
            text = str(write(value))
            for step in rule.last_steps:
                text = str(step(text))
        except (StepError, ExpressionError) as error:
            self.problem(rule, str(error), rule.steps.on_error)
            return ""
        element = rule.element
        if element is not None and element.type in ("AN", "ID") and len(text) > element.maximum:
            self.problem(rule, f"'{text[:40]}' has {len(text)} characters; at most {element.maximum} fit here", "hold")
        return text

    def missing(self, rule: OutRule) -> str:
        """The default, or a problem when there must be a value."""
        if rule.steps.default is None and rule.steps.required:
            self.problem(rule, "there must be a value here and there is none", "hold")
        return rule.steps.default or ""

    def value(self, rule: OutRule, scope: _Scope) -> object:
        """The value of a rule before it becomes text."""
        if rule.when is not None and not rule.when.holds(scope.resolve):
            return None
        if rule.constant is not None:
            return rule.constant
        if rule.calc is not None:
            value = rule.calc.evaluate(scope.resolve)
        else:
            value = next((found for name in rule.sources if not is_empty(found := scope.resolve(name))), None)
        for step in rule.steps.steps:
            if is_empty(value):
                break
            value = step(value)
        if is_empty(value) and rule.steps.default is not None:
            return rule.steps.default
        return value

    def holds(self, plan: OutLoop, scope: _Scope) -> bool:
        """Whether the condition of a group is met."""
        try:
            return plan.when is None or plan.when.holds(scope.resolve)
        except ExpressionError as error:
            self.problems.append(MappingProblem("M081", plan.each, plan.each, "", "", str(error)))
            return False

    def problem(self, rule: OutRule, sentence: str, level: str) -> None:
        """Note what went wrong at a rule, unless its errors are to be passed over."""
        if level == "empty":
            return
        where = f"{rule.origin.file}:{rule.origin.line}"
        source = ", ".join(rule.sources)
        self.problems.append(
            MappingProblem("M081", rule.target, source, "", where, f"{rule.target}: {sentence} ({where})", level)
        )


def _is_trigger(step: Step, loop: Step | None) -> bool:
    return loop is not None and step.segment == loop.segment


def _assembled(step: Step, elements: dict[tuple[int, int], str]) -> list[str]:
    """Elements in their places, the conditions among them."""
    for condition in step.conditions:
        elements.setdefault((condition.element, 0), condition.values[0])
    last = max((at for at, _ in elements), default=0)
    return [step.segment, *(_joined(at, elements) for at in range(1, last + 1))]


def _joined(at: int, elements: dict[tuple[int, int], str]) -> str:
    if (at, 0) in elements:
        return elements[at, 0]
    parts = {component: text for (element, component), text in elements.items() if element == at}
    return COMPONENT.join(parts.get(number, "") for number in range(1, max(parts, default=0) + 1))
