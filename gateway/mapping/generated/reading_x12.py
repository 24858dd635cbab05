"""X12 in generated source: the segments of a set walked once, each element taken where its segment comes by."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext

from gateway.formats.record import Record
from gateway.formats.x12.codes import FIRST_PAIR
from gateway.formats.x12.path import PAIR_VALUE, Path, Step
from gateway.mapping.generated import reading, runtime
from gateway.mapping.generated.conversion import Conversions
from gateway.mapping.generated.ids import Layouts, TidyIds, filled_ids, ids_of
from gateway.mapping.generated.reading import Listing, Place, Put
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.segments_x12 import Levels, Read, Segments, Spot, inside, part_of, placed
from gateway.mapping.generated.writer import NotGeneratedError, NotLaidError, Writer, identifier
from gateway.mapping.notations.notation import ValuePath
from gateway.mapping.notations.x12 import ElementPath, InstancePath, PairPath, X12Notation
from gateway.mapping.planning.inbound_plan import InGroup, InRule


def top(writer: Writer, scope: Scope, notation: X12Notation) -> "SetPlace":
    """The place of a whole set."""
    return SetPlace(writer, scope, tuple(each.nodes for each in notation.guides), "", "", "root")


class SetPlace:
    """A set, a loop instance, a single segment or a pair in one.

    ``known`` are the ids that have a bit in the kind of the level. ``head`` is the variable of the first segment with the id ``segment``; ``record`` that of the loop, empty where there
    is only the segment. ``is_always`` is false for a segment that may be missing.
    """

    def __init__(
        self, writer: Writer, scope: Scope, levels: Levels, segment: str, head: str, record: str,
    ) -> None:  # fmt: skip
        self.writer = writer
        self.scope = scope
        self.levels = levels
        self.segment = segment
        self.head = head
        self.record = record
        self.is_always = True
        self.segments = Segments(writer)
        self.known: list[str] = []

    # --- which paths ------------------------------------------------------------------------------------------------------

    def takes(self, path: ValuePath) -> bool:
        """Whether the path leads to the same kind of place in every version, by way of loops and ids that differ."""
        if isinstance(path, PairPath):
            return self.scope.pair is not None
        if not isinstance(path, ElementPath) or path.path.absolute or path.every:
            return False
        return self._is_head(path.path) or self._way(path.path) is not None

    def may_have(self, path: ValuePath) -> str:
        """Whether the segment is there with which the way of a path begins."""
        if not isinstance(path, ElementPath) or path.path.absolute or not self.record:
            return ""
        name, first = self.scope.name, path.path.steps[0].segment
        return "" if first == self.segment else f'"{first}" in {name}_segments or "{first}" in {name}_children'

    def _is_head(self, path: Path) -> bool:
        return (
            bool(self.head)
            and len(path.steps) == 1
            and path.last.segment == self.segment
            and (placed(self.levels, self.segment) is None and not path.last.occurrence)
        )

    def _way(self, path: Path) -> tuple[bool, ...] | None:
        """For each step whether it is a loop; None when that is not sure, or for ids that stand in each other."""
        ids = [self.segment, *(each.segment for each in path.steps)]
        if not self.record or len(set(ids)) < len(ids) or "HL" in ids[1:]:
            return None
        levels, kinds = self.levels, []
        for step in path.steps:
            kind = placed(levels, step.segment)
            if kind is None:
                return None
            kinds.append(kind)
            levels = inside(levels, step.segment)
        return tuple(kinds) if all(kinds[:-1]) else None

    # --- values -----------------------------------------------------------------------------------------------------------

    def texts(self, rules: Sequence[InRule], put: Put) -> None:
        """Elements of the first segment at once; then of the others, by the segments that are there."""
        spots: dict[str, Spot] = {}
        own, loose = [], []
        by_spot: dict[str, list[InRule]] = {}
        for rule in rules:
            away = [at for at, each in enumerate(rule.sources) if not self._is_here(each.path)]
            homes = [self._filed(rule.sources[at].path, _variable(rule, at), spots) for at in away]
            if not away:
                own.append(rule)
            elif len(rule.sources) == 1:
                by_spot.setdefault(homes[0], []).append(rule)
            else:
                loose.append(rule)
        self._start([*own, *loose])
        self._of_head(own, put)
        if several := [
            _variable(rule, at)
            for rule in loose
            for at, each in enumerate(rule.sources)
            if not self._is_here(each.path)
        ]:
            self.writer.line(f"{' = '.join(several)} = ''")
        self._spots(spots, by_spot, put)
        for rule in loose:
            self._comment(rule)
            texts = [
                self._head_text(each.path) if self._is_here(each.path) else _variable(rule, at)
                for at, each in enumerate(rule.sources)
            ]
            with self.writer.block(f"if text := {' or '.join(texts)}"):
                put(rule, "text")

    def _is_here(self, path: ValuePath | None) -> bool:
        """Whether a path reads the first segment, or the pair."""
        return isinstance(path, PairPath) or (isinstance(path, ElementPath) and self._is_head(path.path))

    def _filed(self, path: ValuePath | None, name: str, spots: dict[str, Spot]) -> str:
        """Put a source among the spots; the id of the segment by which its way begins."""
        if not isinstance(path, ElementPath):
            raise NotGeneratedError(name)
        pick = None
        level = spots
        for step, is_loop in zip(path.path.steps, self._way(path.path) or (), strict=True):
            pick = level.setdefault(step.segment, Spot(step.segment, is_loop)).pick(step)
            level = pick.inside
        if pick is not None:
            pick.reads.append(Read(name, path.path.last))
        return path.path.steps[0].segment

    def _start(self, rules: list[InRule]) -> None:
        """What the rules need of the first segment."""
        paths = [each.path.path for rule in rules for each in rule.sources if isinstance(each.path, ElementPath)]
        here = [each for each in paths if self._is_head(each)]
        if here:
            self.writer.line(f"{self.head}_size = len({self.head})")
        self.writer.line_for(
            f"{self.head}_ids", self.segments.pairs(self.head, self.segment) if self.segment in FIRST_PAIR else ""
        )

    def _of_head(self, rules: list[InRule], put: Put) -> None:
        dispatched = self._dispatched(rules)
        for rule in rules:
            if any(rule is each for each in dispatched):
                continue
            self._comment(rule)
            with self.writer.block(f"if text := {' or '.join(self._head_text(each.path) for each in rule.sources)}"):
                put(rule, "text")

    def _dispatched(self, rules: list[InRule]) -> list[InRule]:
        """The rules of a part that read ids as they are: a field for each qualifier, all in one go over the pairs."""
        chosen: dict[str, list[InRule]] = {}
        done: list[InRule] = []
        for rule in rules:
            if _qualifiers(rule) and len(rule.sources) == 1 and "." in rule.target and Conversions.is_plain_text(rule):
                chosen.setdefault(self.scope.holder(rule.target), []).append(rule)
        for holder, own in chosen.items():
            orders = {each.target.rpartition(".")[2]: _qualifiers(each) for each in own}
            codes = [code for each in orders.values() for code in each]
            if len(set(codes)) < len(codes):
                continue
            for rule in own:
                self._comment(rule)
            head = own[0].target.rpartition(".")[0]
            fills = self.scope.fills(head, len(own))
            empty = self.scope.empty(head) if fills else {}
            layouts = Layouts(orders, empty)
            if fills:
                names = f"{holder}_set" if self.is_always else self.writer.need(f"{holder}_set")
                self.writer.line(f"{holder}, {names} = {self._filled(layouts, holder)}")
            else:
                known = self.writer.constant(f"ids_of_{holder}", layouts)
                read = f"({self.head}, {FIRST_PAIR[self.segment]}, {known})"
                self.writer.line(f"{holder}.update({self.writer.function(ids_of)}{read})")
            done += own
        return done

    def _filled(self, layouts: Layouts, holder: str) -> str:
        """The source of all ids of a segment that fill a part."""
        first = FIRST_PAIR[self.segment]
        if self.writer.manner.tidy:
            readers = self.writer.constant(f"ids_of_{holder}", TidyIds(first, layouts))
            return f"{readers}[{self.head}_size]({self.head})"
        known = self.writer.constant(f"ids_of_{holder}", layouts)
        return f"{self.writer.function(filled_ids)}({self.head}, {first}, {known})"

    def _head_text(self, path: ValuePath | None) -> str:
        """The source of a text of the first segment, with its conditions."""
        if isinstance(path, PairPath) and self.scope.pair is not None:
            return self.scope.pair[path.text == PAIR_VALUE]
        if not isinstance(path, ElementPath):
            raise NotGeneratedError(self.head)
        step, size = path.path.last, f"{self.head}_size"
        tests = [self.segments.fits(self.head, size, each.element, each.values) for each in step.conditions]
        value = self.segments.element(step, self.head, size)
        return f"({value} if {' and '.join(tests)} else '')" if tests else value

    # --- other segments -----------------------------------------------------------------------------------------------------

    def _spots(self, spots: dict[str, Spot], rules: dict[str, list[InRule]], put: Put) -> None:
        """The segments of the scope and its loops, one id after the other."""
        name = self.scope.name
        if self.record:
            self._guard({**self._of_groups(), **{each.segment: each.is_loop for each in spots.values()}})
        for is_loop, held in ((False, "segments"), (True, "children")):
            group = [each for each in spots.values() if each.is_loop is is_loop]
            if group:
                with self.writer.block(f"if {name}_{held}") if self.head else nullcontext():
                    for spot in group:
                        self._spot(spot, f"{name}_{held}", rules.get(spot.segment, []), put)

    def _guard(self, ids: dict[str, bool]) -> None:
        """Ids that stand where the guides do not have them are left to the interpreter; shapes are looked up at once."""
        name = self.scope.name
        if not self.writer.manner.laid:
            self.segments.guard(name, ids)
        elif ids:
            self.known = list(ids)
            self.segments.kind(name, "layout" if self.record == "root" else self.record, ids)

    def may_list(self, groups: Sequence[InGroup]) -> str:
        """Whether an id is there by which the items of a group are found."""
        bits = 0
        for each in groups:
            path = each.items.path if isinstance(each.items, InstancePath) else None
            if path is None or self._way_to_items(path) is None or path.steps[0].segment not in self.known:
                return ""
            bits |= 1 << self.known.index(path.steps[0].segment)
        return f"{self.scope.name}_kind & {bits}"

    def _way_to_items(self, path: Path) -> tuple[bool, ...] | None:
        """The same as ``_way`` for the items of a group."""
        return None if path.absolute or any(each.every or each.occurrence for each in path.steps) else self._way(path)

    def _of_groups(self) -> dict[str, bool]:
        """The segments by which the items of groups are found."""
        paths = [each.items.path for each in self.scope.groups() if isinstance(each.items, InstancePath)]
        return {each.steps[0].segment: way[0] for each in paths if (way := self._way(each)) is not None}

    def _spot(self, spot: Spot, held: str, rules: list[InRule], put: Put) -> None:
        with self.writer.block(f'if "{spot.segment}" in {held}'):
            if self._is_single(spot, rules):
                self._once(spot, held, rules, put)
                return
            names = list(dict.fromkeys(_variable(rule, 0) for rule in rules))
            if names:
                self.writer.line(f"{' = '.join(names)} = ''")
            self.segments.walk(spot, held)
            for rule in rules:
                self._comment(rule)
                name = _variable(rule, 0)
                with self.writer.block(f"if {name}"):
                    put(rule, name)

    def _is_single(self, spot: Spot, rules: list[InRule]) -> bool:
        """Whether there is at most one segment, so that no other can have the text that this one lacks."""
        own = {_variable(rule, 0) for rule in rules}
        return (
            not spot.is_loop and all(name in own for name in spot.names()) and not any(each.step.occurrence for each in spot.picks)
            and all(node.maximum == 1 for nodes in self.levels for node in nodes if node.id == spot.segment)
        )  # fmt: skip

    def _once(self, spot: Spot, held: str, rules: list[InRule], put: Put) -> None:
        """One segment, of which every rule reads at once; more than one are left to the interpreter."""
        segment = spot.segment
        self.segments.only(segment, f'{held}["{segment}"]')
        place = SetPlace(self.writer, self.scope, (), segment, segment, "")
        place.is_always = False
        place._start(rules)
        place._of_head(rules, put)

    def _comment(self, rule: InRule) -> None:
        written = ", ".join(each.name for each in rule.sources)
        self.writer.comment(f"{rule.target}: {written} ({rule.place})")

    # --- items --------------------------------------------------------------------------------------------------------------

    @contextmanager
    def items(self, group: InGroup, inner: Scope, listing: Listing) -> Iterator[Place]:
        """A loop over loop instances, segments or pairs."""
        path = group.items.path if isinstance(group.items, InstancePath) else None
        if path is None or group.items is None:
            with reading.AnyPlace(self.writer, self.scope).items(group, inner, listing) as place:
                yield place
            return
        head = f"{inner.name}_{identifier(path.last.segment)}"
        way = self._way_to_items(path)
        if path.last.pairs and self._is_head(path):
            with listing.around(self.writer), self._each_pair(self.head, path.last, inner) as place:
                yield place
        elif way is None:
            if self.writer.manner.laid:
                raise NotLaidError(path.text)
            loop = f"for {inner.node} in {reading.items(self.writer, self.scope, group.items)}"
            with listing.around(self.writer), self.writer.block(loop):
                self.writer.line(f"{head} = {inner.node}.head")
                yield self._inner(inner, self._level(path), path.last.segment, head, inner.node)
        else:
            held = f"{self.scope.name}_{part_of(way[0])}"
            with (
                self.writer.block(f'if "{path.steps[0].segment}" in {held}'), listing.around(self.writer),
                self._stepping(path, way, head, inner) as place,
            ):  # fmt: skip
                yield place

    @contextmanager
    def _stepping(self, path: Path, way: tuple[bool, ...], head: str, inner: Scope) -> Iterator[Place]:
        """The loops by which the items are reached, each inside the one before."""
        above = ""
        with ExitStack() as blocks:
            for at, (step, is_loop) in enumerate(zip(path.steps, way, strict=True)):
                is_last = at == len(way) - 1
                name = head if is_last else f"{inner.name}_{step.segment}"
                record = inner.node if is_last and not path.last.pairs else f"{name}_loop"
                where = f'{self.scope.name}_{part_of(is_loop)}["{step.segment}"]'
                if above:
                    where = f'{above}.{part_of(is_loop)}.get("{step.segment}", ())'
                    with self.writer.block(f'if "{step.segment}" in {above}.{part_of(not is_loop)}'):
                        self.writer.line("return None")
                if is_loop:
                    blocks.enter_context(self.writer.block(f"for {record} in {where}"))
                    self.writer.line(f"{name} = {self.segments.heading(record)}")
                else:
                    blocks.enter_context(self.segments.each(name, where))
                for each in step.conditions:
                    with self.writer.block(
                        f"if not ({self.segments.fits(name, f'len({name})', each.element, each.values)})"
                    ):
                        self.writer.line("continue")
                above = record
            if path.last.pairs:
                yield blocks.enter_context(self._each_pair(head, path.last, inner))
            elif way[-1]:
                yield self._inner(inner, self._level(path), path.last.segment, head, inner.node)
            else:
                self._as_record(inner, path.last.segment, head)
                yield SetPlace(self.writer, inner, (), path.last.segment, head, "")

    @contextmanager
    def _each_pair(self, segment: str, step: Step, inner: Scope) -> Iterator[Place]:
        key, value = f"{inner.name}_key", f"{inner.name}_value"
        with self.writer.block(f"for {inner.name}_at in range({FIRST_PAIR[step.segment]}, len({segment}), 2)"):
            self.writer.line(f"{key} = {self.segments.stripped(f'{segment}[{inner.name}_at]')}")
            test = f"not {key}" if step.pairs == ("*",) else f"not {key} or {key} not in {step.pairs!r}"
            with self.writer.block(f"if {test}"):
                self.writer.line("continue")
            at = f"{inner.name}_at + 1"
            element = self.segments.stripped(f"{segment}[{at}]")
            self.writer.line(f"{value} = {element} if {at} < len({segment}) else ''")
            inner.pair = key, value
            pair = self.writer.function(runtime.pair)
            self.writer.line_for(inner.node, f"{inner.node} = {pair}({segment}, {inner.name}_at, {key}, {value})")
            yield SetPlace(self.writer, inner, (), step.segment, segment, "")

    def _as_record(self, inner: Scope, segment: str, head: str) -> None:
        record = self.writer.constant("Record", Record, ("class", Record))
        self.writer.line_for(inner.node, f'{inner.node} = {record}("{segment}", 0, {head})')

    def _inner(self, inner: Scope, levels: Levels, segment: str, head: str, record: str) -> "SetPlace":
        if self.writer.manner.laid:
            self.writer.undefined.add(record)
        self.writer.line(f"{inner.name}_segments = {record}.segments")
        self.writer.line(f"{inner.name}_children = {record}.children")
        return SetPlace(self.writer, inner, levels, segment, head, record)

    def _level(self, path: Path) -> Levels:
        levels = self.levels
        for step in path.steps:
            levels = inside(levels, step.segment)
        return levels


def _variable(rule: InRule, at: int) -> str:
    return f"text_{identifier(rule.target)}" + (f"_{at + 1}" if at else "")


def _qualifiers(rule: InRule) -> tuple[str, ...]:
    """The qualifiers of the id that a rule reads, empty for anything else."""
    path = rule.sources[0].path
    return path.path.last.pairs if isinstance(path, ElementPath) and not path.path.last.conditions else ()
