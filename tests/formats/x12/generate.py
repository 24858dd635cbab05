"""Random valid transaction sets for any guide, from a seed or from hypothesis, as bodies for the writer or as files.

A body is what ``emit`` takes: the segments between ST and SE, item 0 the id, components and repetitions joined by
the markers ``COMPONENT`` and ``REPETITION``. Every segment stands where a reader that takes the innermost and first
place with room puts it, so that a body has one reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hypothesis import strategies as st

from gateway.formats.x12 import emit
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import COMPONENT, REPETITION, Envelope
from gateway.formats.x12.guide import Guide, LoopNode, Node
from gateway.formats.x12.parts import SetRead
from tests.formats.x12 import values
from tests.formats.x12.values import Impossible

Body = list[list[str]]

PLAIN = Separators("*", ">", "^", "~")
NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - ISA09 and GS04 carry no zone
_TRIES = 200
_LINES = {"850": "PO1", "855": "PO1", "860": "POC", "865": "POC", "810": "IT1", "856": "HL", "870": "HL",
          "832": "LIN", "846": "LIN", "830": "LIN", "852": "LIN"}  # fmt: skip
"""The segment that CTT01 counts."""


@dataclass(frozen=True, slots=True)
class Size:
    """How big a set gets: ``segments`` is where optional parts end, ``density`` how likely an optional part is.

    ``repeat`` is how often a part that may repeat stands at most.
    """

    segments: int = 60
    density: float = 0.3
    repeat: int = 3


USUAL = Size()


def random_set(guide: Guide, rng: Random, size: Size = USUAL) -> Body:
    """One valid body of a set; the same seed gives the same body."""
    for attempt in range(_TRIES):
        thinner = Size(size.segments, size.density * (1 - attempt / _TRIES), size.repeat)
        try:
            body = _Builder(guide, rng, thinner).body()
        except Impossible:
            continue
        _link_levels(body, rng)
        _close_loops(body)
        _count_lines(body, _LINES.get(guide.set_id, ""))
        return body
    raise AssertionError(f"no valid {guide.set_id} in {guide.version} was found in {_TRIES} tries")


def random_file(
    guide: Guide, rng: Random, *, sets: int = 1, separators: Separators = PLAIN, after: str = "", size: Size = USUAL
) -> bytes:
    """One interchange with one group of ``sets`` random sets."""
    return file_of(guide, [random_set(guide, rng, size) for _ in range(sets)], separators=separators, after=after)


def file_of(guide: Guide, bodies: Sequence[Body], *, separators: Separators = PLAIN, after: str = "") -> bytes:
    """One interchange with one group of the bodies."""
    envelope = Envelope("ZZ", "SENDER", "ZZ", "RECEIVER", "GSFROM", "GSTO", guide.version, "P", separators, after)
    return emit.interchange(
        envelope, functional_id=guide.functional_group, set_id=guide.set_id, sets=bodies, isa13=1, gs06=1, now=NOW
    ).content


def body_of(read: SetRead) -> Body:
    """The body of a set that was read, as the writer takes it."""
    marks = str.maketrans({
        mark: marker
        for mark, marker in ((read.separators.component, COMPONENT), (read.separators.repetition, REPETITION)) if mark
    })  # fmt: skip
    return [[value.translate(marks) for value in segment] for segment in read.segments[1:-1]]


def bodies(guide: Guide, most: int = 60) -> st.SearchStrategy[Body]:
    """The same as a hypothesis strategy; it shrinks towards small sets."""
    sizes = st.builds(Size, st.integers(0, most), st.sampled_from((0.05, 0.2, 0.5)), st.integers(1, 4))
    return st.builds(lambda seed, size: random_set(guide, Random(seed), size), st.integers(0, 2**32), sizes)


@dataclass(slots=True)
class _Level:
    """An open loop instance: how far it got, as a reader sees it."""

    nodes: Sequence[Node]
    at: int = 0
    used: int = 0


class _Builder:
    """Builds one body along the guide while watching where a reader would place each segment."""

    def __init__(self, guide: Guide, rng: Random, size: Size) -> None:
        self.guide = guide
        self.rng = rng
        self.size = size
        self.levels = [_Level(guide.nodes, 0, 1)]
        self.written: Body = []

    def body(self) -> Body:
        """Everything between ST and SE."""
        self._fill(0, 1, len(self.guide.nodes) - 1)
        if self._reading("SE") != (0, len(self.guide.nodes) - 1):
            raise Impossible("SE")
        return self.written

    def _fill(self, depth: int, first: int, last: int) -> None:
        for at in range(first, last):
            for number in range(self._wanted(self.levels[depth].nodes[at])):
                node = self.levels[depth].nodes[at]
                if self._reading(node.id) != (depth, at):
                    if node.required and number == 0:
                        raise Impossible(node.id)
                    break
                self._add(depth, at, node)

    def _wanted(self, node: Node) -> int:
        """How often a part stands, between what is required and what is allowed."""
        least = int(node.required)
        if len(self.written) >= self.size.segments:
            return least
        if not least and self.rng.random() >= self.size.density:
            return 0
        most = min(node.maximum or self.size.repeat, self.size.repeat)
        return self.rng.randint(1, max(1, most))

    def _add(self, depth: int, at: int, node: Node) -> None:
        del self.levels[depth + 1 :]
        level = self.levels[depth]
        level.used = level.used + 1 if level.at == at else 1
        level.at = at
        self.written.append(values.segment(self.guide.segments[node.id], self.rng, self.size.density))
        if isinstance(node, LoopNode):
            self.levels.append(_Level(node.body, 0, 1))
            self._fill(depth + 1, 1, len(node.body))

    def _reading(self, segment_id: str) -> tuple[int, int] | None:
        """Where a reader puts the segment: innermost open loop, first place from where it stands, with room."""
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            for at in range(level.at, len(level.nodes)):
                node = level.nodes[at]
                used = level.used if at == level.at else 0
                if node.id == segment_id and (node.maximum is None or used < node.maximum):
                    return depth, at
        return None


def _link_levels(body: Body, rng: Random) -> None:
    """HL01 counted, HL02 a level still open, HL04 whether levels follow inside (where HL04 stands)."""
    open_levels: list[list[str]] = []
    count = 0
    for segment in body:
        if segment[0] != "HL":
            continue
        count += 1
        del open_levels[rng.randint(min(1, len(open_levels)), len(open_levels)) :]
        segment[1:] = [str(count), open_levels[-1][1] if open_levels else "", segment[3], "0"]
        if open_levels:
            open_levels[-1][4] = "1"
        open_levels.append(segment)


def _close_loops(body: Body) -> None:
    """LE01 repeats the LS01 it closes."""
    opened: list[str] = []
    for segment in body:
        if segment[0] == "LS":
            opened.append(segment[1])
        elif segment[0] == "LE" and opened:
            segment[1] = opened.pop()


def _count_lines(body: Body, line: str) -> None:
    """CTT01 is the number of lines."""
    for segment in body:
        if segment[0] == "CTT" and line:
            segment[1] = str(sum(each[0] == line for each in body))
