"""The additions of a partner guide: further places for segments, each checked against the guide that it changes."""

from collections.abc import Iterable

from gateway.config import x12_places
from gateway.config.guide_entries import EntryReader
from gateway.config.problems import Problems, suggestion
from gateway.config.strict_yaml import Node, YamlMap, YamlText
from gateway.formats.x12 import guide as guides
from gateway.formats.x12 import path as paths
from gateway.formats.x12.guide import ENVELOPE, Guide, LoopNode
from gateway.formats.x12.guide_overlay import Addition, conditions, widened

ADD_KEYS = ("segment", "after", "in", "max", "use", "doc")


class AdditionReader(EntryReader):
    """Reads the additions of one file; ``guide`` grows with each of them."""

    def __init__(self, file: str, standard: Guide, inherited: tuple[Addition, ...], problems: Problems) -> None:
        super().__init__(file, widened(standard, (), inherited), problems)
        self.standard = standard
        self.all_additions = inherited

    def additions(self, nodes: Iterable[Node]) -> tuple[Addition, ...]:
        """The inherited additions and those of this file; each may build on the ones before it."""
        for node in nodes:
            found = self.addition(node)
            if found is not None:
                self.all_additions = (*self.all_additions, found)
                self.guide = widened(self.standard, (), self.all_additions)
        return self.all_additions

    def addition(self, node: Node) -> Addition | None:
        """One further place for a segment."""
        example = "write it like '- {segment: NTE, after: PER, max: 5}'"
        if not isinstance(node, YamlMap):
            self.say(node, "M101", "an addition has 'segment', and 'after' or 'in'", example)
            return None
        for each in node:
            self.known(each.key, ADD_KEYS)
        segment, after, inside = (self.text(node, key) for key in ("segment", "after", "in"))
        if segment is None or (after is None) == (inside is None):
            self.say(node, "M101", "an addition has 'segment', and either 'after' or 'in'", example)
            return None
        if segment.value not in self.standard.known_segments or segment.value in ENVELOPE:
            sentence = f"there is no segment '{segment.value}' in version {self.standard.version}"
            self.say(segment, "M040", sentence, suggestion(segment.value, self.standard.known_segments))
            return None
        at = self.behind(after) if after is not None else self.within(inside) if inside is not None else None
        if at is None or not self.has_room(segment, at):
            return None
        use = self.use(node.get("use"))
        if use == "not used":
            self.say(node, "M103", "a segment that is added is used", "write 'use: required' or leave it out")
        maximum = self.maximum(node)
        spec = guides.segment(self.standard.version, segment.value)
        return Addition(spec, *at, 1 if maximum is None else maximum or None, use == "required")

    def text(self, node: YamlMap, key: str) -> YamlText | None:
        """A key with one text."""
        found = node.get(key)
        if found is not None and not isinstance(found, YamlText):
            self.say(found, "M101", f"'{key}' is one text")
        return found if isinstance(found, YamlText) else None

    def behind(self, after: YamlText) -> tuple[tuple[str, ...], str] | None:
        """The loop and the segment or loop in it that the new place follows."""
        path = paths.parse(after.value)
        start = not isinstance(path, str) and after.value == "ST"
        found = None if start else self.place(after)
        if not start and found is None:
            return None
        if isinstance(path, str) or path.last.element or conditions(path):
            self.say(
                after,
                "M101",
                "'after' names a segment or loop, without conditions",
                "like 'after: PER' or 'after: N1/N4'",
            )
            return None
        return tuple(step.segment for step in path.steps[:-1]), path.last.segment

    def within(self, inside: YamlText) -> tuple[tuple[str, ...], str] | None:
        """The loop whose first place, behind the segment that opens it, is meant."""
        found = self.place(inside)
        if found is None:
            return None
        path, place = found
        if not isinstance(place.node, LoopNode) or path.last.element or conditions(path):
            self.say(
                inside,
                "M101",
                "'in' names a loop, without conditions",
                "like 'in: PO1'; for the set itself use 'after'",
            )
            return None
        return tuple(step.segment for step in path.steps), ""

    def has_room(self, segment: YamlText, at: tuple[tuple[str, ...], str]) -> bool:
        """Whether the new place can be told from those that are there."""
        inside, after = at
        level = self.guide.nodes
        for name in inside:
            level = next(node for node in level if node.id == name and isinstance(node, LoopNode)).body
        where = max((place for place, node in enumerate(level) if node.id == after), default=0)
        path = "/".join((*inside, segment.value))
        near = level[where : where + 2]
        if segment.value in inside:
            self.say(segment, "M103", f"{segment.value} opens this loop; another one begins the loop again")
            return False
        if any(node.id == segment.value for node in near):
            self.say(
                segment,
                "M103",
                f"{segment.value} stands at this place already",
                f"write '{path}: {{max: ...}}' as a rule",
            )
            return False
        before = near[0]
        if where and isinstance(before, LoopNode) and segment.value in x12_places.inner(before):
            sentence = f"{segment.value} stands in the loop {before.id} already, so one behind it belongs to that loop"
            self.say(segment, "M103", sentence)
            return False
        return True
