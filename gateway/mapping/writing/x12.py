"""Write the body of an X12 set: segments in the guide's order, nothing empty, HL levels for the writer to number."""

from collections.abc import Iterator

from gateway.canonical.base import Canonical
from gateway.formats.x12 import levels
from gateway.formats.x12.emit import COMPONENT
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import OutLoop, OutPairs, OutSegment, SegmentsPlan
from gateway.mapping.writing.scope import Run, Scope

Segments = list[list[str]]
Elements = dict[tuple[int, int], str]


def body(plan: SegmentsPlan, document: Canonical, run: Run) -> tuple[tuple[str, ...], ...]:
    """The segments between ST and SE; problems are noted in the run."""
    return tuple(tuple(each) for each in _instances(plan.body, Scope(run, document), 0))


def _instances(plan: OutLoop, scope: Scope, depth: int) -> Segments:
    """A loop once, or once per item of its list."""
    found = values.items(plan.group, scope) if plan.group is not None else [scope]
    return [segment for item in found for segment in _loop(plan, item, depth)]


def _loop(plan: OutLoop, scope: Scope, depth: int) -> Segments:
    """Every segment of one loop, empty when no segment in it is written."""
    if plan.step is not None and plan.step.segment == levels.HL:
        return _level(plan, scope, depth + 1)
    mark = scope.run.trace.mark()
    first = _elements(plan.trigger, scope) if plan.trigger is not None else None
    written: Segments = []
    for part in plan.parts:
        written += _segment(part, scope) if isinstance(part, OutSegment) else _instances(part, scope, depth)
    if plan.trigger is None or plan.step is None:
        return written
    elements, decisive = first if first is not None else ({}, False)
    if not decisive and not written:
        scope.run.trace.forget(mark)
        return []
    return [*_full(plan.trigger, elements, scope), *written]


def _level(plan: OutLoop, scope: Scope, depth: int) -> Segments:
    """One HL level before the levels inside of it; the writer numbers them. It is there when something in it is."""
    run = scope.run
    before = run.levels
    run.levels += 1
    own: Segments = []
    below: Segments = []
    for part in plan.parts:
        if isinstance(part, OutSegment):
            own += _segment(part, scope)
        elif part.step is not None and part.step.segment == levels.HL:
            below += _instances(part, scope, depth)
        else:
            own += _instances(part, scope, depth)
    if not own and not below:
        run.levels = before
        return []
    code = plan.step.conditions[0].values[0] if plan.step is not None and plan.step.conditions else ""
    return [levels.level(depth, code), *own, *below]


def _segment(plan: OutSegment, scope: Scope) -> Segments:
    """One segment (several where its pairs need them), none unless something in it decides that it is written."""
    mark = scope.run.trace.mark()
    elements, decisive = _elements(plan, scope)
    if plan.many is not None:
        return list(_filled(plan, plan.many, elements, scope))
    if not decisive:
        scope.run.trace.forget(mark)
        return []
    return _full(plan, elements, scope)


def _elements(plan: OutSegment, scope: Scope) -> tuple[Elements, bool]:
    """The texts by their places, and whether they decide that the segment is written.

    It is written if one of its rules that are not constant gave a value, or if all its rules are constants.
    """
    elements: Elements = {}
    has_value, all_constant = False, not plan.pairs
    for key, rule in plan.elements.items():
        text = values.cell(rule, scope).text
        if text:
            elements[key] = text
            has_value |= not rule.is_constant
        all_constant &= rule.is_constant
    place = iter(plan.free)
    for qualifier, rule in plan.pairs:
        text = values.cell(rule, scope).text
        if text:
            at = next(place)
            elements[at, 0], elements[at + 1, 0] = qualifier, text
            has_value = True
    return elements, has_value or (all_constant and bool(elements))


def _full(plan: OutSegment, elements: Elements, scope: Scope) -> Segments:
    if plan.many is not None:
        return list(_filled(plan, plan.many, elements, scope)) or [_assembled(plan, elements, scope)]
    return [_assembled(plan, elements, scope)]


def _filled(plan: OutSegment, many: OutPairs, elements: Elements, scope: Scope) -> Iterator[list[str]]:
    """The segments that a list of pairs needs, each with what else stands in it."""
    pairs = [
        (key, value)
        for item in values.items(many.group, scope)
        if (key := values.cell(many.key, item).text) and (value := values.cell(many.value, item).text)
    ]
    room = len(plan.free)
    for start in range(0, len(pairs), room):
        own = dict(elements)
        for at, (key, value) in zip(plan.free, pairs[start : start + room], strict=False):
            own[at, 0], own[at + 1, 0] = key, value
        yield _assembled(plan, own, scope)


def _assembled(plan: OutSegment, elements: Elements, scope: Scope) -> list[str]:
    """Elements in their places, the conditions among them; no constant that means nothing without what is empty."""
    for condition in plan.step.conditions:
        elements.setdefault((condition.element, 0), condition.values[0])
    there = {at for at, _ in elements}
    alone = {tie.element for tie in plan.ties if there.isdisjoint(tie.needs)}
    if alone:
        elements = {place: text for place, text in elements.items() if place[0] not in alone}
        for rule in (rule for place, rule in plan.elements.items() if place[0] in alone):
            scope.run.trace.drop(rule.target, scope.label, values.place_of(rule))
    last = max((at for at, _ in elements), default=0)
    return [plan.step.segment, *(_joined(at, elements) for at in range(1, last + 1))]


def _joined(at: int, elements: Elements) -> str:
    if (at, 0) in elements:
        return elements[at, 0]
    parts = {component: text for (element, component), text in elements.items() if element == at}
    return COMPONENT.join(parts.get(number, "") for number in range(1, max(parts, default=0) + 1))
