"""Plan the writing of X12: every target found in the guide, each rule at its place, what must be written is written."""

import bisect
from collections.abc import Iterator
from dataclasses import replace

from gateway.config import x12_places
from gateway.config.mapping_spec import EntrySpec, GroupSpec, RuleSpec
from gateway.config.problems import Located, Problems, suggestion
from gateway.config.x12_places import Level, Wrong
from gateway.config.x12_ways import Ways
from gateway.formats.x12 import path as paths
from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentSpec
from gateway.formats.x12.path import PAIR_KEY, PAIR_VALUE, Path, Step
from gateway.kernel.problem import Problem
from gateway.mapping.planning import x12_ties
from gateway.mapping.planning.names import Place
from gateway.mapping.planning.rules import RuleMaker, warning
from gateway.mapping.writing.plans import OutGroup, OutLoop, OutPairs, OutRule, OutSegment, SegmentsPlan, Style

ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA")
HL = "HL"
SHORT_DATE = 6
HINT = "write BAK03, REF(DP)02, N1(ST)/N401 or PO1.UP"
Chain = tuple[tuple[int, Node], ...]
"""The nodes that a path goes through, each with its order in the level around it."""


class Planner:
    """Makes the plan of one set."""

    def __init__(self, maker: RuleMaker, guide: Guide, problems: Problems, ways: Ways) -> None:
        self.maker = maker
        self.guide = guide
        self.ways = ways
        self.problems = problems

    def plan(self, body: GroupSpec, place: Place) -> SegmentsPlan:
        """A set from its first segment after ST to its last before SE."""
        made = self.maker.group(replace(body, each=None, when=None, sort=None), place)
        group, inner = made if made is not None else (OutGroup("", body.target.origin), place)
        loop = OutLoop(None, 0, group)
        self._fill(loop, body.fields, self.guide.nodes, inner)
        x12_ties.tie(loop, self.guide)
        if not any(each.level == "error" for each in self.problems):
            self.problems.extend(_unwritten(loop, self.guide, body.target))
        return SegmentsPlan(loop)

    def _fill(self, loop: OutLoop, entries: tuple[EntrySpec, ...], level: Level, place: Place) -> None:
        for entry in entries:
            path = paths.parse(entry.target.value)
            if isinstance(path, str):
                self.problems.at(entry.target.origin, "M040", path, HINT)
            elif (chain := self._chain(entry.target, path, level)) is None:
                continue
            elif isinstance(entry, GroupSpec):
                self._group(loop, entry, path, chain, place)
            else:
                self._place(loop, entry, path, chain, place)

    def _group(self, loop: OutLoop, entry: GroupSpec, path: Path, chain: Chain, place: Place) -> None:
        """A group: a loop of its own, or all pairs of a segment."""
        order, node = chain[-1]
        if path.last.pairs or path.last.element:
            self._pairs_group(loop, entry, path, chain, place)
            return
        made = self.maker.group(entry, place)
        if made is None:
            return
        group, inner = made
        parent = self._descend(loop, path, chain)
        if node.id == HL and not path.last.conditions:
            self.problems.at(entry.target.origin, "M041", "an HL needs the code of its level", "write HL(S) or HL(O)")
        found = next((each for each in _loops(parent) if each.step == path.last.selector and not _has_list(each)), None)
        if found is not None and not group.each:
            if found.group is not None or group.when is not None or group.vars or group.checks:
                sentence = f"'{entry.target.value}' is written by rules of its own and by a group with a condition"
                self.problems.at(entry.target.origin, "M041", sentence, "put all its rules into the group")
            own = found
        else:
            own = _opened(parent, path.last.selector, order, node, group)
        level = node.body if isinstance(node, LoopNode) else (node,)
        # HL loops nest in the mapping, in the guide they all stand in one place
        self._fill(own, entry.fields, (node, *level[1:]) if node.id == HL else level, inner)

    def _pairs_group(self, loop: OutLoop, entry: GroupSpec, path: Path, chain: Chain, place: Place) -> None:
        """``SDQ.*: {each: allocations, fields: {$key: location, $value: quantity}}``."""
        origin = entry.target.origin
        if path.last.pairs != ("*",):
            hint = (
                f"name the segment ({path.last.segment}), or all its pairs ({path.last.segment}.*) with $key and $value"
            )
            self.problems.at(origin, "M041", f"'{path.text}' is one value; a group is a segment or a loop", hint)
            return
        made = self.maker.group(entry, place)
        given = {each.target.value: each for each in entry.fields if isinstance(each, RuleSpec)}
        if set(given) != {PAIR_KEY, PAIR_VALUE} or len(entry.fields) != len(given):
            self.problems.at(origin, "M021", f"a group on '{path.text}' has the fields {PAIR_KEY} and {PAIR_VALUE}")
            return
        if made is None:
            return
        segment = self._segment(loop, path, chain)
        at = FIRST_PAIR[path.last.segment] - 1
        specs = x12_places.trigger(chain[-1][1]).spec.elements
        key, value = (
            self._rule(given[name], made[1], specs[at + offset]) for name, offset in ((PAIR_KEY, 0), (PAIR_VALUE, 1))
        )
        if key is not None and value is not None:
            segment.many = OutPairs(made[0], key, value)

    def _place(self, loop: OutLoop, entry: RuleSpec, path: Path, chain: Chain, place: Place) -> None:
        """A rule: to the element it names, in the segment and the loop where that stands."""
        spec = x12_places.trigger(chain[-1][1]).spec
        element = self._element(entry.target, path, spec)
        if element is None:
            return
        rule = self._rule(entry, place, element)
        if rule is None:
            return
        segment = self._segment(loop, path, chain)
        last = path.last
        if last.pairs:
            segment.pairs.append((last.pairs[0], rule))
            if len(segment.pairs) > len(segment.free):
                room = f"{last.segment} has room for {len(segment.free)} pairs"
                self.problems.at(entry.target.origin, "M041", room)
            return
        if (last.element, last.component) in segment.elements:
            self.problems.at(entry.target.origin, "M041", f"'{path.text}' is written by two rules")
        if last.element in [each.element for each in segment.step.conditions]:
            self.problems.at(entry.target.origin, "M041", f"'{path.text}' has its value from the condition already")
        segment.elements[last.element, last.component] = rule
        if segment.free:
            segment.free = tuple(each for each in segment.free if not each <= last.element <= each + 1)

    def _element(self, target: Located, path: Path, spec: SegmentSpec) -> ElementSpec | None:
        """The element or component that a rule writes; None when it cannot."""
        last = path.last
        if last.segment == HL:
            sentence = f"'{path.text}' is filled in by the gateway itself"
            self.problems.at(target.origin, "M040", sentence, "the code of the level is written HL(S)")
            return None
        if last.pairs:
            if last.pairs == ("*",):
                hint = f"name one pair ({last.segment}.UP), or write a group with 'each'"
                self.problems.at(target.origin, "M041", f"'{path.text}' is not one value", hint)
                return None
            first = FIRST_PAIR[last.segment]
            self._listed(target, last.pairs[0], spec.elements[first - 1], path)
            return spec.elements[first]
        if not last.element:
            hint = f"name an element: {path.text}01"
            self.problems.at(target.origin, "M041", f"'{path.text}' is a segment, not one value", hint)
            return None
        element = spec.elements[last.element - 1]
        if not last.component:
            # a value alone is the first component: elements that became composites in later versions are written alike
            return element.components[0] if element.components else element
        if last.component > len(element.components):
            count = len(element.components)
            sentence = f"{last.segment}{last.element:02d} has only {count} components (path '{path.text}')"
            self.problems.at(target.origin, "M040", sentence)
            return None
        return element.components[last.component - 1]

    def _rule(self, entry: RuleSpec, place: Place, element: ElementSpec) -> OutRule | None:
        """A rule with the style of its element, its constants checked against the code list."""
        rule = self.maker.rule(entry, place, _style(element, self.maker.style))
        if rule is None:
            return None
        if rule.constant and element.codes is not None and rule.constant not in element.codes:
            self._unlisted(entry.target, rule.constant, element)
        for key, value in rule.steps.table:
            if element.codes is not None and value not in element.codes and value not in ("", "="):
                self._unlisted(key, value, element)
        if element.type == "TM" and rule.kind == "datetime" and not rule.style.form:
            rule = replace(rule, style=replace(rule.style, form="hhmm"))
        return replace(rule, element=element)

    def _unlisted(self, at: Located, value: str, element: ElementSpec) -> None:
        sentence = f"'{value}' is not in the code list of element {element.reference} ({element.name.lower()})"
        self.problems.at(at.origin, "M052", sentence, suggestion(value, element.codes or ()))

    def _listed(self, target: Located, value: str, element: ElementSpec, path: Path) -> None:
        if element.codes is not None and value not in element.codes:
            sentence = f"'{value}' is not in the standard's code list (path '{path.text}')"
            self.problems.at(target.origin, "M040", sentence, suggestion(value, element.codes))

    def _chain(self, target: Located, path: Path, level: Level) -> Chain | None:
        """The nodes that a target goes through; None, with the problem, when it leads nowhere or cannot be written."""
        if path.last.segment in ENVELOPE:
            self.problems.at(target.origin, "M040", f"'{path.text}' is filled in by the gateway itself")
            return None
        place = x12_places.locate(path, level, self.guide, self.ways)
        if isinstance(place, Wrong):
            self.problems.at(target.origin, "M040", place.sentence, place.hint)
            return None
        if (wrong := _unwritable(path)) is not None:
            self.problems.at(target.origin, "M041", f"'{path.text}' {wrong[0]}", wrong[1])
            return None
        chain = next(_chains(path.steps, level), None)
        if chain is None:
            self.problems.at(target.origin, "M040", f"'{path.text}' does not occur here in {self.guide.set_id}")
            return None
        for step, (_, node) in zip(path.steps, chain, strict=True):
            for condition in step.conditions:
                spec = x12_places.trigger(node).spec
                if condition.element <= len(spec.elements):
                    self._listed(target, condition.values[0], spec.elements[condition.element - 1], path)
        return chain

    def _descend(self, loop: OutLoop, path: Path, chain: Chain) -> OutLoop:
        """The loop instance in which the last step stands, made where it is not there yet."""
        for step, (order, node) in zip(path.steps[:-1], chain[:-1], strict=True):
            loop = _instance(loop, step.selector, order, node)
        return loop

    def _segment(self, loop: OutLoop, path: Path, chain: Chain) -> OutSegment:
        """The segment that a rule writes into, made where it is not there yet."""
        parent = self._descend(loop, path, chain)
        order, node = chain[-1]
        selector = path.last.selector
        own = parent.trigger
        if own is not None and order == 0 and _is_same(selector, own.step):
            return own
        if isinstance(node, LoopNode):
            trigger = _instance(parent, selector, order, node).trigger
            if trigger is not None:
                return trigger
        segments = (each for each in parent.parts if isinstance(each, OutSegment))
        found = next((each for each in segments if each.step == selector), None)
        if found is None:
            found = OutSegment(selector, order, free=_free(x12_places.trigger(node).spec))
            bisect.insort(parent.parts, found, key=lambda part: part.order)
        return found


def _unwritable(path: Path) -> tuple[str, str] | None:
    """Why a path that can be read cannot be written, and what to do."""
    if path.absolute:
        return "begins with '/'; what is written stands where its group is", ""
    if any(step.occurrence or step.every for step in path.steps):
        hint = "give each segment its own condition, or write a group with 'each'"
        return "names an occurrence; that cannot be written", hint
    several = (len(each.values) > 1 for step in path.steps for each in step.conditions)
    if any(several) or len(path.last.pairs) > 1:
        return "names several codes; what is written has one", ""
    return None


def _chains(steps: tuple[Step, ...], level: Level) -> Iterator[Chain]:
    """Every way of steps through the guide, in its order."""
    first, *rest = steps
    for order, node in enumerate(level):
        if node.id != first.segment:
            continue
        if not rest:
            yield ((order, node),)
        elif isinstance(node, LoopNode):
            yield from (((order, node), *more) for more in _chains(tuple(rest), node.body))


def _loops(loop: OutLoop) -> Iterator[OutLoop]:
    return (each for each in loop.parts if isinstance(each, OutLoop))


def _has_list(loop: OutLoop) -> bool:
    return loop.group is not None and bool(loop.group.each)


def _is_same(selector: Step, trigger: Step) -> bool:
    """Whether a rule inside of a loop means its first segment: the loop's conditions need not be said again."""
    return selector.segment == trigger.segment and (
        not selector.conditions or selector.conditions == trigger.conditions
    )


def _instance(loop: OutLoop, selector: Step, order: int, node: Node) -> OutLoop:
    """The one instance of a loop with these conditions, unless we stand in it already."""
    if loop.trigger is not None and order == 0 and _is_same(selector, loop.trigger.step):
        return loop
    found = next((each for each in _loops(loop) if each.step == selector and not _has_list(each)), None)
    return found if found is not None else _opened(loop, selector, order, node, None)


def _opened(parent: OutLoop, selector: Step, order: int, node: Node, group: OutGroup | None) -> OutLoop:
    trigger = OutSegment(selector, 0, free=_free(x12_places.trigger(node).spec)) if node.id != HL else None
    made = OutLoop(selector, order, group, trigger)
    bisect.insort(parent.parts, made, key=lambda part: part.order)
    return made


def _free(spec: SegmentSpec) -> tuple[int, ...]:
    """Where pairs of qualifier and id may begin."""
    first = FIRST_PAIR.get(spec.id)
    return tuple(range(first, len(spec.elements), 2)) if first else ()


def _style(element: ElementSpec, plain: Style) -> Style:
    """How values are written into an element: dates as short as it is, implied decimals as its type says."""
    if element.type == "DT":
        return replace(plain, form="YYMMDD" if element.maximum == SHORT_DATE else "YYYYMMDD")
    if element.type[0] == "N" and element.type[1:].isdigit():
        return replace(plain, implied_decimals=int(element.type[1:]))
    return plain


def _unwritten(loop: OutLoop, guide: Guide, top: Located) -> Iterator[Problem]:
    """What the standard requires and no rule writes (M091)."""
    yield from _unwritten_segments(loop, guide.nodes, guide.set_id, top)
    yield from _unwritten_elements(loop, guide)


def _unwritten_segments(loop: OutLoop, level: Level, where: str, top: Located) -> Iterator[Problem]:
    parts = {part.step.segment for part in loop.parts if part.step is not None}
    for node in level:
        if node.required and node.id not in parts and node.id not in ENVELOPE:
            sentence = f"segment {node.id} is required in {where} and no rule writes it"
            yield warning(top, "M091", sentence)


def _unwritten_elements(loop: OutLoop, guide: Guide) -> Iterator[Problem]:
    for part in ([loop.trigger] if loop.trigger is not None else []) + list(loop.parts):
        if isinstance(part, OutLoop):
            yield from _unwritten_elements(part, guide)
        else:
            yield from _missing_elements(part, guide.segments[part.step.segment])


def _missing_elements(segment: OutSegment, spec: SegmentSpec) -> Iterator[Problem]:
    written = {at for at, _ in segment.elements} | {each.element for each in segment.step.conditions}
    pairs = len(segment.free) * 2 if segment.many is not None else 2 * len(segment.pairs)
    written |= {at + offset for at in segment.free[: pairs // 2] for offset in (0, 1)}
    rules = [*segment.elements.values(), *(rule for _, rule in segment.pairs)]
    for at, element in enumerate(spec.elements, start=1):
        if element.required and at not in written and rules:
            sentence = f"{spec.id}{at:02d} ({element.name.lower()}) is required and no rule writes it"
            yield warning(Located("", rules[0].origin), "M091", sentence)
