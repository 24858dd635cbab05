"""How the paths of a mapping reach the segments of a set: what a suggestion for another path is made of."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.config.mapping_spec import GroupSpec, MappingSpec, RuleSpec
from gateway.config.strict_yaml import YamlList, YamlText
from gateway.formats.x12 import path as paths
from gateway.formats.x12.path import Path

Way = tuple[str, ...]
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Ways:
    """How a mapping and its parents reach segments; ``writes``: their paths are targets, not sources.

    ``routes`` are the loops as they are written, by the segments from the first loop to the segment; ``loops`` are
    single loops with the condition that they usually have.
    """

    routes: Mapping[Way, Way] = field(default_factory=dict)
    loops: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False

    def qualified(self, loops: Way, segment: str) -> Way:
        """Loops on the way to a segment, each with the condition that it usually has in this mapping."""
        return self.routes.get((*loops, segment)) or tuple(self.loops.get(loop, loop) for loop in loops)


NO_WAYS = Ways()


def of(spec: MappingSpec) -> Ways:
    """Every path of a mapping and of what it extends; what is written most counts."""
    parsed = (paths.parse(text) for text in _texts(spec.body))
    written = [tuple(_steps(each)) for each in parsed if not isinstance(each, str) and len(each.steps) <= _DEEPEST]
    counted = Counter(_said(steps[:length]) for steps in written for length in range(1, len(steps) + 1))
    routes: dict[Way, Way] = {}
    loops: dict[str, str] = {}
    for steps in written:
        route, way = tuple(segment for segment, _ in steps), _said(steps[:-1])
        if way and (route not in routes or counted[way] > counted[routes[route]]):
            routes[route] = way
        segment, text = steps[0]
        if text != segment and (segment not in loops or counted[text,] > counted[loops[segment],]):
            loops[segment] = text
    return Ways(routes, loops, spec.direction == "out")


def _said(steps: tuple[tuple[str, str], ...]) -> Way:
    return tuple(text for _, text in steps)


def _texts(group: GroupSpec) -> Iterator[str]:
    for each in (*group.vars, *group.fields):
        yield each.target.value
        if isinstance(each, RuleSpec):
            node = each.steps.get("from")
            nodes = node.items if isinstance(node, YamlList) else (node,)
            yield from (one.value for one in nodes if isinstance(one, YamlText))
        else:
            if each.each is not None:
                yield each.each.value
            yield from _texts(each)


def _steps(path: Path) -> Iterator[tuple[str, str]]:
    """The segments of a path, each with its condition as it is written."""
    texts = paths.parts(path.text.removeprefix("/"))
    for step, text in zip(path.steps, texts, strict=True):
        is_one = not step.occurrence and not step.every and all(len(each.values) == 1 for each in step.conditions)
        yield step.segment, text[: text.rindex(")") + 1] if step.conditions and is_one else step.segment
