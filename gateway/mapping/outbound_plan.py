"""Compile an outbound mapping: segments in the guide's order, columns in the order of the rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.canonical.base import Canonical
from gateway.config import x12_places
from gateway.config.mapping_spec import EntrySpec, GroupSpec, RuleSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.x12_places import Level, Wrong
from gateway.formats.x12 import path as paths
from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node
from gateway.formats.x12.path import Path, Step
from gateway.mapping import catalogue, rules
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.expressions import Expression
from gateway.mapping.rules import RuleReader, Steps
from gateway.mapping.transforms import Step as Transform

MANAGED = {"ISA": (), "GS": (), "ST": (), "SE": (), "GE": (), "IEA": (), "HL": (1, 2, 4)}
"""What the writer fills in itself; an empty tuple means every element."""


@dataclass(frozen=True, slots=True)
class OutRule:
    """One rule ready to run: names of canonical fields, a constant or an expression."""

    target: str
    origin: Origin
    sources: tuple[str, ...]
    constant: str | None
    calc: Expression | None
    when: Expression | None
    steps: Steps
    last_steps: tuple[Transform, ...]
    form: str
    element: ElementSpec | None = None

    @property
    def is_constant(self) -> bool:
        """Whether it gives the same whatever the document says."""
        return self.constant is not None or (self.calc is not None and not self.calc.names)


@dataclass(slots=True)
class OutSegment:
    """One segment: rules by element and component, id pairs in the order of their rules."""

    step: Step
    order: int
    elements: dict[tuple[int, int], OutRule] = field(default_factory=dict)
    pairs: list[tuple[str, OutRule]] = field(default_factory=list)


@dataclass(slots=True)
class OutLoop:
    """One loop, once or once per item of ``each``; its parts in the order of the guide."""

    step: Step | None
    order: int
    each: str = ""
    when: Expression | None = None
    limit: int | None = None
    vars: list[OutRule] = field(default_factory=list)
    segments: list[OutSegment] = field(default_factory=list)
    loops: "list[OutLoop]" = field(default_factory=list)

    def parts(self) -> "list[OutSegment | OutLoop]":
        """Segments and loops in the guide's order; equal ones in the order of the rules, the trigger first."""
        return sorted([*self.segments, *self.loops], key=lambda part: part.order)


@dataclass(frozen=True, slots=True)
class Columns:
    """A delimited file: its columns in order, one row per item of ``each`` or one per document."""

    each: str
    rules: tuple[OutRule, ...]
    when: Expression | None


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the rules of one scope may name: fields of the current item, of the outer ones, of the document."""

    model: type[Canonical]
    vars: tuple[str, ...] = ()
    outer: "_Scope | None" = None


class Compiler:
    """Compiles one outbound mapping."""

    def __init__(
        self, document: str, root: type[Canonical], guide: Guide | None, params: tuple[str, ...], dates: str,
        problems: Problems,
    ) -> None:  # fmt: skip
        self.document = document
        self.root = root
        self.guide = guide
        self.params = params
        self.dates = dates
        self.problems = problems

    def segments(self, body: GroupSpec) -> OutLoop:
        """An X12 set from its first segment after ST to its last before SE."""
        guide = self.guide
        if guide is None:
            raise ValueError("an X12 mapping needs a guide")
        scope = _Scope(self.root, tuple(each.target.value for each in body.vars))
        loop = OutLoop(None, 0, vars=list(self._vars(body, scope)))
        self._fill(loop, body.fields, guide.nodes, scope)
        return loop

    def columns(self, body: GroupSpec) -> Columns:
        """A delimited file."""
        scope = _Scope(self.root)
        if body.each is not None:
            inner = self._items(body.each, scope)
            scope = _Scope(inner, (), scope) if inner is not None else scope
        found = []
        for entry in body.fields:
            if isinstance(entry, GroupSpec):
                self.problems.at(entry.target.origin, "M021", "a column has a rule, not a group")
                continue
            rule = self._rule(entry, scope, None)
            if rule is not None:
                found.append(rule)
        return Columns(body.each.value if body.each else "", tuple(found), self._condition(body.when, scope))

    def _fill(self, loop: OutLoop, entries: tuple[EntrySpec, ...], level: Level, scope: _Scope) -> None:
        for entry in entries:
            path = paths.parse(entry.target.value)
            if isinstance(path, str):
                self.problems.at(entry.target.origin, "M040", path, "write BAK03, REF(DP)02, N1(ST)/N401 or PO1.UP")
                continue
            if isinstance(entry, GroupSpec):
                self._group(loop, entry, path, level, scope)
            else:
                self._place(loop, entry, path, level, scope)

    def _group(self, loop: OutLoop, entry: GroupSpec, path: Path, level: Level, scope: _Scope) -> None:
        found = self._locate(entry.target, path, level)
        if found is None:
            return
        home, order, inner_level = found
        inner_scope = _Scope(scope.model, scope.vars, scope.outer)
        if entry.each is not None:
            model = self._items(entry.each, scope)
            if model is None:
                return
            inner_scope = _Scope(model, tuple(each.target.value for each in entry.vars), scope)
        parent = self._descend(loop, path, level)
        inner = OutLoop(
            path.last.selector, order, entry.each.value if entry.each else "", self._condition(entry.when, inner_scope),
            self._number(entry.limit), list(self._vars(entry, inner_scope)),
        )  # fmt: skip
        parent.loops.append(inner)
        # HL loops nest in the mapping, in the guide they all stand in one place
        nests = isinstance(home, LoopNode) and home.id == "HL"
        self._fill(inner, entry.fields, (home, *inner_level[1:]) if nests else inner_level, inner_scope)

    def _place(self, loop: OutLoop, entry: RuleSpec, path: Path, level: Level, scope: _Scope) -> None:
        found = self._locate(entry.target, path, level)
        if found is None or not self._may_write(entry.target, path):
            return
        home, order, _ = found
        last = path.last
        spec = x12_places.trigger(home).spec.elements[last.element - 1] if last.element else None
        if spec is not None and last.component:
            spec = spec.components[last.component - 1] if last.component <= len(spec.components) else None
        rule = self._rule(entry, scope, spec)
        if rule is None:
            return
        parent = self._descend(loop, path, level)
        if isinstance(home, LoopNode) and home.body[0].id == last.segment:
            parent = self._instance(parent, last.selector, order)
            order = -1
        segment = self._segment(parent, last.selector, order)
        if last.pairs:
            segment.pairs.append((last.pairs[0], rule))
        else:
            segment.elements[last.element, last.component] = rule

    def _locate(self, target: Located, path: Path, level: Level) -> tuple[Node, int, Level] | None:
        """The node of the path's last step, its order in its level, and the level inside it."""
        guide = self.guide
        if guide is None:
            return None
        place = x12_places.locate(path, level, guide)
        if isinstance(place, Wrong):
            self.problems.at(target.origin, "M040", place.sentence, place.hint)
            return None
        if (
            any(len(condition.values) > 1 for step in path.steps for condition in step.conditions)
            or len(path.last.pairs) > 1
        ):
            self.problems.at(target.origin, "M041", f"'{path.text}' names several codes; what is written has one")
            return None
        for value in x12_places.unlisted(path, place.spec):
            self.problems.at(
                target.origin, "M040", f"'{value}' is not in the standard's code list (path '{path.text}')"
            )
        nodes = level
        for step in path.steps[:-1]:
            node = next(each for each in nodes if each.id == step.segment)
            nodes = node.body if isinstance(node, LoopNode) else nodes
        order = next(at for at, each in enumerate(nodes) if each is place.node)
        return place.node, order, place.level

    def _may_write(self, target: Located, path: Path) -> bool:
        managed = MANAGED.get(path.last.segment)
        if managed is not None and (not managed or path.last.element in managed):
            self.problems.at(target.origin, "M040", f"'{path.text}' is filled in by the gateway itself")
            return False
        if not path.last.element and not path.last.pairs:
            hint = f"name an element: {path.text}01"
            self.problems.at(target.origin, "M041", f"'{path.text}' is a segment, not one value", hint)
            return False
        return True

    def _descend(self, loop: OutLoop, path: Path, level: Level) -> OutLoop:
        """The loop instance in which the last step stands, made where it is not there yet."""
        nodes = level
        for step in path.steps[:-1]:
            at, node = next((at, each) for at, each in enumerate(nodes) if each.id == step.segment)
            loop = self._instance(loop, step.selector, at)
            nodes = node.body if isinstance(node, LoopNode) else nodes
        return loop

    @staticmethod
    def _instance(loop: OutLoop, selector: Step, order: int) -> OutLoop:
        """The one instance of a loop with these conditions, unless we stand in it already."""
        if loop.step is not None and loop.step.segment == selector.segment and order == 0:
            return loop
        found = next((each for each in loop.loops if each.step == selector and not each.each), None)
        if found is None:
            found = OutLoop(selector, order)
            loop.loops.append(found)
        return found

    @staticmethod
    def _segment(loop: OutLoop, selector: Step, order: int) -> OutSegment:
        found = next((each for each in loop.segments if each.step == selector), None)
        if found is None:
            found = OutSegment(selector, order)
            loop.segments.append(found)
        return found

    def _vars(self, group: GroupSpec, scope: _Scope) -> Iterator[OutRule]:
        for each in group.vars:
            rule = self._rule(each, scope, None) if isinstance(each, RuleSpec) else None
            if rule is not None:
                yield rule

    def _rule(self, entry: RuleSpec, scope: _Scope, element: ElementSpec | None) -> OutRule | None:
        reader = RuleReader(entry, self.problems)
        before = len(self.problems)
        steps = reader.steps(trims=False)
        known = self._known(scope)
        calc, when = reader.expression("calc", known), reader.expression("when", known)
        sources = reader.sources()
        for each in sources:
            self._check_name(each, scope)
        constant = reader.text("const")
        last_steps = reader.last_steps()
        if len(self.problems) > before:
            return None
        form = steps.form or self.dates or ("YYMMDD" if element is not None and element.maximum == 6 else "YYYYMMDD")  # noqa: PLR2004 - DT 6/6
        return OutRule(
            entry.target.value, entry.target.origin, tuple(each.value for each in sources),
            constant.value if constant else None, calc, when, steps, last_steps, form, element,
        )  # fmt: skip

    def _check_name(self, name: Located, scope: _Scope) -> None:
        hint = self._known(scope)(name.value)
        if hint is not None:
            known = f"'{name.value}' is not a field of {self.document} here"
            self.problems.at(name.origin, "M060", known, hint)

    def _known(self, scope: _Scope) -> rules.NameCheck:
        def hint(name: str) -> str | None:
            if name.startswith("$"):
                return rules.dollar_hint(name, self.params)
            model, rest = self._start(name, scope)
            if rest in scope.vars or (model is not None and catalogue.reaches(model, rest)):
                return None
            return suggestion(rest, (*catalogue.dotted_names(model), *scope.vars)) if model is not None else ""

        return hint

    def _start(self, name: str, scope: _Scope) -> tuple[type[Canonical] | None, str]:
        if name.startswith(f"{self.document}."):
            return self.root, name.partition(".")[2]
        place: _Scope | None = scope
        while name.startswith("outer."):
            place = place.outer if place is not None else None
            name = name.removeprefix("outer.")
        return (place.model if place is not None else None), name

    def _items(self, each: Located, scope: _Scope) -> type[Canonical] | None:
        """The model of the items of a canonical list."""
        model, rest = self._start(each.value, scope)
        found: CatalogueField | None = catalogue.find(model, rest) if model is not None else None
        if found is None or not found.is_list or found.model is None:
            lists = [name for name, one in catalogue.fields_of(scope.model).items() if one.is_list]
            hint = suggestion(each.value, lists) or f"lists here: {', '.join(lists) or 'none'}"
            self.problems.at(each.origin, "M065", f"'{each.value}' is not a list of {self.document} here", hint)
            return None
        return found.model

    def _condition(self, text: Located | None, scope: _Scope) -> Expression | None:
        return rules.expression(text, self._known(scope), self.problems) if text is not None else None

    def _number(self, text: Located | None) -> int | None:
        if text is not None and not text.value.isdigit():
            self.problems.at(text.origin, "M021", f"'limit' is a whole number, not '{text.value}'")
            return None
        return int(text.value) if text is not None else None


def first_pair(segment: str) -> int:
    """The element where the id pairs of a segment begin."""
    return FIRST_PAIR[segment]
