"""Where a segment may stand: the bodies of a guide, the levels a walk is in, and which place comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gateway.formats.x12.guide import Guide, LoopNode, Node

TRAILER = "SE"


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The nodes of one level, with an index by the segment id that may stand there."""

    nodes: tuple[Node, ...]
    places: Mapping[str, tuple[int, ...]]
    inner: "tuple[Body | None, ...]"


@dataclass(slots=True)
class Level:
    """Where a walk is in one loop instance: the node reached and how often it was used."""

    body: Body
    loop_id: str
    at: int = 0
    used: int = 0


@cache
def plan(guide: Guide) -> Body:
    """The outermost body of a guide."""
    return _body(guide.nodes)


def _body(nodes: tuple[Node, ...]) -> Body:
    places: dict[str, tuple[int, ...]] = {}
    for at, node in enumerate(nodes):
        places[node.id] = (*places.get(node.id, ()), at)
    return Body(nodes, places, tuple(_body(node.body) if isinstance(node, LoopNode) else None for node in nodes))


def place(levels: Sequence[Level], segment_id: str, *, with_room: bool) -> tuple[int, int] | None:
    """The innermost level, and the first node from where the walk stands, that takes the segment.

    Without ``with_room`` a node that was used often enough takes it too: one too many is then the fault.
    """
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        for at in level.body.places.get(segment_id, ()):
            if at > level.at or (at == level.at and _may_repeat(level, at, with_room=with_room)):
                return depth, at
    return None


def _may_repeat(level: Level, at: int, *, with_room: bool) -> bool:
    maximum = level.body.nodes[at].maximum
    if with_room or level.used == 0:
        return maximum is None or level.used < maximum
    # the trigger of a loop opens the next instance one level up, it never stands twice in one
    return at > 0 or not level.loop_id


def missing(level: Level, until: int) -> Iterator[Node]:
    """The required nodes between where the level stands and node ``until`` that never came; SE is the set's own fault."""
    first = level.at if level.used == 0 else level.at + 1
    for node in level.body.nodes[first:until]:
        if node.required and node.id != TRAILER:
            yield node


def is_passed(levels: Sequence[Level], segment_id: str) -> bool:
    """Whether a level that is open has a place for the segment: then it comes too late, else it is unexpected here."""
    return any(segment_id in level.body.places for level in levels)
