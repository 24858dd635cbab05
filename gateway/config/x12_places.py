"""Where a path leads in the guide of a set: what exists, what does not, and what was probably meant."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config.problems import suggestion
from gateway.config.x12_ways import NO_WAYS, Ways
from gateway.formats.x12 import guide as guides
from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentNode, SegmentSpec
from gateway.formats.x12.path import Path, Step

Level = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a path leads nowhere."""

    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: the node of its last step, the level inside it, and the element's spec if one is named."""

    node: Node
    level: Level
    spec: SegmentSpec
    element: ElementSpec | None


def layout(set_id: str, version: str) -> Guide | None:
    """The guide of a set in a version."""
    return guides.load(version, set_id)


def locate(path: Path, level: Level, whole: Guide, ways: Ways = NO_WAYS) -> Place | Wrong:
    """The place of a path that starts at ``level``, or why it has none; ``ways`` are for what is suggested."""
    nodes = start = whole.nodes if path.absolute else level
    for step in path.steps[:-1]:
        node = _node(nodes, step.segment)
        if node is None:
            return _nowhere(path, step, start, whole, ways)
        if not isinstance(node, LoopNode):
            return Wrong(f"{step.segment} is a single segment, so nothing can follow its '/' (path '{path.text}')")
        nodes = tuple(each for loop in nodes if loop.id == node.id and isinstance(loop, LoopNode) for each in loop.body)
    last = path.last
    node = _node(nodes, last.segment)
    if node is None:
        return _nowhere(path, last, start, whole, ways)
    spec = trigger(node).spec
    wrong = _wrong_step(path, spec)
    if wrong is not None:
        return wrong
    inner = node.body if isinstance(node, LoopNode) else (node,)
    return Place(node, inner, spec, spec.elements[last.element - 1] if last.element else None)


def trigger(node: Node) -> SegmentNode:
    """The segment of a node: a loop's first."""
    if isinstance(node, SegmentNode):
        return node
    return trigger(node.body[0])


def _node(nodes: Level, segment: str) -> Node | None:
    return next((node for node in nodes if node.id == segment), None)


def _wrong_step(path: Path, spec: SegmentSpec) -> Wrong | None:
    last = path.last
    count = len(spec.elements)
    for element in (last.element, *(condition.element for condition in last.conditions)):
        if element > count:
            return Wrong(
                f"{last.segment} has only {count} elements, so {last.segment}{element:02d} does not exist (path '{path.text}')"
            )
    if last.pairs and last.segment not in FIRST_PAIR:
        return Wrong(
            f"{last.segment} has no pairs of qualifier and id (path '{path.text}')",
            f"segments with pairs: {', '.join(FIRST_PAIR)}",
        )
    if last.component and last.element and not spec.elements[last.element - 1].components:
        return Wrong(f"{last.segment}{last.element:02d} has no components (path '{path.text}')")
    return None


def _nowhere(path: Path, step: Step, start: Level, whole: Guide, ways: Ways) -> Wrong:
    sentence = f"segment {step.segment} does not occur here in {whole.set_id} (path '{path.text}')"
    tail = path.text.rpartition("/")[2] if step.segment == path.last.segment else step.segment
    here, anywhere = (_way(level, step.segment, tail, ways) for level in (start, whole.nodes))
    sign = "/" if path.absolute else ""
    if here:
        return Wrong(sentence, f"did you mean '{sign}{here}'?")
    if not anywhere:
        return Wrong(sentence, suggestion(step.segment, whole.segments))
    if ways.writes:
        return Wrong(sentence, f"it stands outside of this group; write the rule there: '{anywhere}'")
    if "/" not in anywhere:
        return Wrong(sentence, f"it stands at the start of the set: '/{anywhere}'")
    return Wrong(sentence, f"did you mean '/{anywhere}'?")


def _way(level: Level, segment: str, tail: str, ways: Ways) -> str:
    """The path from a level to a segment, empty when there is none."""
    if any(node.id == segment for node in level):
        return tail
    route = next((route for route in _routes(level, segment, ()) if route), None)
    return "/".join((*ways.qualified(route, segment), tail)) if route is not None else ""


def _routes(nodes: Level, segment: str, inside: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, LoopNode):
            if node.id != segment and any(each.id == segment for each in node.body):
                yield (*inside, node.id)
            yield from _routes(node.body, segment, (*inside, node.id))


def component(place: Place, path: Path) -> ElementSpec | None:
    """The element that a path names, or its component; None when it has no such component."""
    element, number = place.element, path.last.component
    if element is None or not number:
        return element
    return element.components[number - 1] if number <= len(element.components) else None


def inner(loop: LoopNode) -> frozenset[str]:
    """Every segment that may stand in a loop, at any depth."""
    found = {node.id for node in loop.body}
    return frozenset(found.union(*(inner(node) for node in loop.body if isinstance(node, LoopNode))))
