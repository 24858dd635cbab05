"""The segments of a level in generated source: walked once, each element taken where its segment comes by."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.guide import LoopNode, Node
from gateway.formats.x12.path import Step
from gateway.mapping.generated import runtime
from gateway.mapping.generated.writer import Writer

Levels = tuple[tuple[Node, ...], ...]
"""What may stand at a place, in each version."""


@dataclass(slots=True)
class Read:
    """An element that a source of a rule names: ``name`` is the variable of its text."""

    name: str
    step: Step


@dataclass(slots=True)
class Pick:
    """Segments of one id that meet some conditions: what is read of them, and what stands inside of their loops."""

    step: Step
    reads: list[Read] = field(default_factory=list)
    inside: "dict[str, Spot]" = field(default_factory=dict)


@dataclass(slots=True)
class Spot:
    """All segments of one id at a level."""

    segment: str
    is_loop: bool
    picks: list[Pick] = field(default_factory=list)

    def pick(self, step: Step) -> Pick:
        """What is picked by the same conditions as a step has."""
        wanted = (step.conditions, step.occurrence)
        for each in self.picks:
            if (each.step.conditions, each.step.occurrence) == wanted:
                return each
        self.picks.append(Pick(step))
        return self.picks[-1]

    def names(self) -> Iterator[str]:
        """Every variable that is filled here or inside."""
        for each in self.picks:
            yield from (read.name for read in each.reads)
            for spot in each.inside.values():
                yield from spot.names()


class Segments:
    """Writes the loops over the segments of each id."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def element(self, step: Step, segment: str, size: str) -> str:
        """The source of the text of an element, a component of it, or an id."""
        if step.pairs:
            ids = self.writer.need(f"{segment}_ids")
            gets = [f'{ids}.get("{code}")' for code in step.pairs]
            return f"({' or '.join([*gets, repr('')])})" if len(gets) > 1 else f"{gets[0][:-1]}, '')"
        value = f"{segment}[{step.element}]"
        if step.component:
            component = self.writer.function(runtime.component_of)
            value = f"{component}({value}, {step.component}, {self.writer.need('separator')})"
            return f"({value}.strip() if {size} > {step.element} else '')"
        return f"({self.stripped(value)} if {size} > {step.element} else '')"

    def stripped(self, value: str) -> str:
        """The source of an element without white space around it."""
        return value if self.writer.manner.tidy else f"{value}.strip()"

    def heading(self, loop: str) -> str:
        """The source of the first segment of a loop."""
        return f"flat[{loop}.head]" if self.writer.manner.laid else f"{loop}.head"

    @contextmanager
    def each(self, variable: str, held: str) -> Iterator[None]:
        """A loop over segments."""
        with self.writer.block(f"for {variable}{'_at' * self.writer.manner.laid} in {held}"):
            if self.writer.manner.laid:
                self.writer.line(f"{variable} = flat[{variable}_at]")
            yield

    def only(self, variable: str, held: str) -> None:
        """The one segment of its id; more than one are left to the interpreter."""
        self.writer.line(f"({variable},) = {held}")
        if self.writer.manner.laid:
            self.writer.line(f"{variable} = flat[{variable}]")

    def fits(self, segment: str, size: str, element: int, values: tuple[str, ...]) -> str:
        """Source that is true when an element of a segment has one of some values."""
        value = self.stripped(f"{segment}[{element}]")
        return among(f"({value} if {size} > {element} else '')", values)

    def pairs(self, variable: str, segment: str) -> str:
        """The ids of a segment by their qualifiers."""
        return f"{variable}_ids = {self.writer.function(runtime.pairs_of)}({variable}, {FIRST_PAIR[segment]})"

    def guard(self, name: str, ids: Mapping[str, bool]) -> None:
        """Ids that stand where the guides do not have them are left to the interpreter."""
        for is_loop, held in ((False, "children"), (True, "segments")):
            misplaced = frozenset(each for each, kind in ids.items() if kind is is_loop)
            if misplaced:
                what = self.writer.constant("LOOPS" if is_loop else "SEGMENTS", misplaced, ("ids", misplaced))
                with self.writer.block(f"if {name}_{held} and not {what}.isdisjoint({name}_{held})"):
                    self.writer.line("return None")

    def kind(self, name: str, layout: str, ids: Mapping[str, bool]) -> None:
        """The same by the shape of a level, and which of the ids are there."""
        kinds = self.writer.constant(f"kinds_of_{name}", runtime.Kinds(ids))
        self.writer.line(f"{name}_kind = {kinds}[{layout}.shape]")
        with self.writer.block(f"if {name}_kind is None"):
            self.writer.line("return None")

    def walk(self, spot: Spot, held: str) -> None:
        """A loop over the segments of one id; the first with a text gives it."""
        segment = spot.segment
        for at, pick in enumerate(spot.picks):
            if pick.step.occurrence:
                self.writer.line(f"{segment}_seen_{at} = 0")
        loop = f"{segment}_loop"
        where = f'{held}["{segment}"]'
        with self.writer.block(f"for {loop} in {where}") if spot.is_loop else self.each(segment, where):
            if spot.is_loop:
                self.writer.line(f"{segment} = {self.heading(loop)}")
            self.writer.line(f"{segment}_size = len({segment})")
            for element in looked_at(spot):
                value = self.stripped(f"{segment}[{element}]")
                self.writer.line(f"{segment}_{element:02d} = {value} if {segment}_size > {element} else ''")
            if any(read.step.pairs for pick in spot.picks for read in pick.reads):
                self.writer.line(self.pairs(segment, segment))
            for at, pick in enumerate(spot.picks):
                self._pick(spot, pick, at)

    def _pick(self, spot: Spot, pick: Pick, at: int) -> None:
        segment = spot.segment
        with ExitStack() as blocks:
            if pick.step.conditions:
                tests = [among(f"{segment}_{each.element:02d}", each.values) for each in pick.step.conditions]
                blocks.enter_context(self.writer.block(f"if {' and '.join(tests)}"))
            if pick.step.occurrence:
                self.writer.line(f"{segment}_seen_{at} += 1")
                blocks.enter_context(self.writer.block(f"if {segment}_seen_{at} == {pick.step.occurrence}"))
            for read in pick.reads:
                with self.writer.block(f"if not {read.name}"):
                    self.writer.line(f"{read.name} = {self.element(read.step, segment, f'{segment}_size')}")
            self._inside_loop(segment, pick.inside)

    def _inside_loop(self, segment: str, spots: dict[str, Spot]) -> None:
        """The segments and loops in a loop."""
        if not spots:
            return
        self.writer.line(f"{segment}_segments, {segment}_children = {segment}_loop.segments, {segment}_loop.children")
        self.guard(segment, {each.segment: each.is_loop for each in spots.values()})
        for inner in spots.values():
            held = f"{segment}_{'children' if inner.is_loop else 'segments'}"
            with self.writer.block(f'if "{inner.segment}" in {held}'):
                self.walk(inner, held)


def placed(levels: Levels, segment: str) -> bool | None:
    """Whether an id is a loop at a level; None where it is none or the versions differ."""
    kinds = {isinstance(node, LoopNode) for nodes in levels for node in nodes if node.id == segment}
    return kinds.pop() if len(kinds) == 1 else None


def inside(levels: Levels, segment: str) -> Levels:
    """What stands in the loops of an id, their first segment left out."""
    return tuple(
        tuple(each for node in nodes if isinstance(node, LoopNode) and node.id == segment for each in node.body[1:])
        for nodes in levels
    )


def part_of(is_loop: bool) -> str:  # noqa: FBT001 - the two kinds of what a record holds
    """Where a record keeps loops, or plain segments."""
    return "children" if is_loop else "segments"


def looked_at(spot: Spot) -> list[int]:
    """The elements that conditions look at."""
    return sorted({each.element for pick in spot.picks for each in pick.step.conditions})


def among(source: str, values: tuple[str, ...]) -> str:
    """Source that is true when a value is one of some."""
    return f"{source} == {values[0]!r}" if len(values) == 1 else f"{source} in {values!r}"
