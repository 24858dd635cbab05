"""The walk of a guide as states, made when first reached: from here, which segment leads where, and how it is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gateway.formats.record import Layout
from gateway.formats.x12.accept import Checks
from gateway.formats.x12.guide import Guide, LoopNode, Node, SegmentSpec
from gateway.formats.x12.hierarchy import LINKED
from gateway.formats.x12.places import TRAILER, Level, missing, place, plan

RARE = 1000
"""A maximum from which on the uses of an outermost node are counted once per set, by segment id, instead of one by one."""

LONG = 500
"""Segments of a set whose layout is not remembered: there is hardly another like it."""
MOST_LAID = 20_000
"""Segments of all layouts that are remembered for one guide."""
Extra = tuple[int, int, bool, str]
"""What a move needs besides the checks of its segment: depth, maximum, again, link.

The maximum (0: not counted here) says how often the node may be used in the level at the depth, ``again`` is false for its
first use; the link is the segment id where it ends the set or refers to others (SE, HL, LS, LE).
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What one move means for the tree: the level it happens in (the set is 0), and whether it opens a loop there.

    ``loop_id`` and ``spec`` say where the segment then stands, and what it is.
    """

    depth: int
    opens: bool
    loop_id: str
    spec: SegmentSpec


Move = tuple["State", Checks, Extra | None, Step]
"""The state after a segment, its checks, and what must be counted or compared, None for nothing.

It is taken apart for every segment, and a plain tuple comes apart three times faster than a named one.
"""


class State(dict[str, "Move | None"]):
    """One place in the walk; indexing by a segment id gives the move, or None where only the exact walk can tell."""

    __slots__ = ("automaton", "levels")

    def __init__(self, automaton: "Automaton", levels: Sequence[Level]) -> None:
        super().__init__()
        self.automaton = automaton
        self.levels = tuple(levels)

    def __missing__(self, segment_id: str) -> Move | None:
        if segment_id not in self.automaton.guide.segments:
            return None  # not kept: there is no end to wrong ids
        move = self[segment_id] = self.automaton.move(self.levels, segment_id)
        return move


class Automaton:
    """All states of one guide; ``start`` is before ST.

    A state knows whether its node was used, not how often: counting is left to whoever walks (``Extra``, and ``rare``:
    the smallest maximum from ``RARE`` on of each id among the outermost nodes). ``depth`` is how many loops are open at most.
    """

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.checks = {segment_id: Checks(spec) for segment_id, spec in guide.segments.items()}
        self._states: dict[tuple[tuple[int, int, int], ...], State] = {}
        self.start = self._state([Level(plan(guide), "")])
        self.rare = _rare(guide.nodes)
        self.depth = _depth(guide.nodes)
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self._laid = 0

    def move(self, levels: Sequence[Level], segment_id: str) -> Move | None:
        """Where a segment leads, None if it is misplaced, one too many, or comes before something required."""
        found = place(levels, segment_id, with_room=True)
        if found is None:
            return None
        depth, at = found
        if any(True for level in levels[depth + 1 :] for _ in missing(level, len(level.body.nodes))):
            return None
        level = levels[depth]
        if at != level.at and any(True for _ in missing(level, at)):
            return None
        again = at == level.at and level.used > 0
        after = [*levels[:depth], Level(level.body, level.loop_id, at, 1)]
        node, inner, opens, loop_id = level.body.nodes[at], level.body.inner[at], False, level.loop_id
        if isinstance(node, LoopNode) and inner is not None:
            opens, loop_id = True, node.loop_id
            after.append(Level(inner, loop_id, 0, 1))
        step = Step(depth, opens, loop_id, self.guide.segments[segment_id])
        extra = _extra(segment_id, depth, node.maximum, again=again)
        return self._state(after), self.checks[segment_id], extra, step

    def layout(self, ids: Sequence[str]) -> Layout | None:
        """How a set of these segments hangs together, ST to SE; None where only the exact walk can tell."""
        key = tuple(ids)
        found = self._layouts.get(key)
        if found is None:
            found = self._lay(ids)
            if found is not None and len(ids) <= LONG:
                self._keep(key, found)
        return found

    def _keep(self, ids: tuple[str, ...], layout: Layout) -> None:
        """Remember a layout; when there are many, forget them all."""
        self._laid += len(ids)
        if self._laid > MOST_LAID:
            self._layouts, self._laid = {}, len(ids)
        self._layouts[ids] = layout

    def _lay(self, ids: Sequence[str]) -> Layout | None:
        state: State = self.start
        root = Layout()
        levels = [root] * (self.depth + 1)
        laid = [root]
        for at, name in enumerate(ids):
            move = state[name]
            if move is None:
                return None
            state, _, _, step = move
            above = levels[step.depth]
            if step.opens:
                levels[step.depth + 1] = inner = Layout(at)
                above.children.setdefault(name, []).append(inner)
                laid.append(inner)
            else:
                above.segments.setdefault(name, []).append(at)
        for each in laid:
            each.close()
        return root

    def _state(self, levels: Sequence[Level]) -> State:
        key = tuple((id(level.body), level.at, level.used) for level in levels)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State(self, levels)
        return state


def _rare(nodes: Sequence[Node]) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in nodes:
        if node.maximum is not None and node.maximum >= RARE:
            found[node.id] = min(node.maximum, found.get(node.id, node.maximum))
    return found


def _depth(nodes: Sequence[Node]) -> int:
    return max((1 + _depth(node.body) for node in nodes if isinstance(node, LoopNode)), default=0)


def _extra(segment_id: str, depth: int, maximum: int | None, *, again: bool) -> Extra | None:
    link = segment_id if segment_id == TRAILER or segment_id in LINKED else ""
    # a node that may stand once is used up in its state; one without a limit is never counted
    limited = maximum is not None and maximum > 1 and not (depth == 0 and maximum >= RARE)
    counted = maximum if maximum is not None and limited else 0
    return (depth, counted, again and counted > 0, link) if link or counted else None


@cache
def automaton(guide: Guide) -> Automaton:
    """The automaton of a guide, one per process."""
    return Automaton(guide)
