"""What all entries of a partner guide have in common: paths that lead somewhere, words and numbers that are allowed."""

import re

from gateway.config import x12_places
from gateway.config.problems import Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlMap, YamlText
from gateway.config.x12_places import Place, Wrong
from gateway.formats.x12 import path as paths
from gateway.formats.x12.guide import ENVELOPE, Guide, LoopNode
from gateway.formats.x12.guide_overlay import ANY, Use
from gateway.formats.x12.path import Path

USES: dict[str, Use] = {"required": "required", "optional": "optional", "not used": "not used"}
_WORDS = {
    "mandatory": "required", "must": "required", "must use": "required", "M": "required", "R": "required",
    "O": "optional", "used": "optional", "may": "optional", "X": "not used", "N": "not used", "none": "not used",
    "unused": "not used", "forbidden": "not used", "not_used": "not used",
}  # fmt: skip
NUMBER = re.compile(r"\d{1,6}")
_WITHOUT_LIMIT = ("any", ">1")


class EntryReader:
    """Reads entries of one file against the guide that they change; problems are collected."""

    def __init__(self, file: str, guide: Guide, problems: Problems) -> None:
        self.file = file
        self.guide = guide
        self.problems = problems

    def origin(self, node: Node) -> Origin:
        """Where a node stands."""
        return Origin(self.file, node.line, node.column)

    def say(self, node: Node, code: str, sentence: str, hint: str = "") -> None:
        """Note a problem at a node."""
        self.problems.at(self.origin(node), code, sentence, hint)

    def place(self, key: YamlText) -> tuple[Path, Place] | None:
        """A path and where it leads, or None with the reason said."""
        path = paths.parse(key.value)
        if isinstance(path, str):
            self.say(key, "M040", path, "write it like BEG03, REF(DP), N1(ST)/N4 or N1(ST)04")
            return None
        if any(step.pairs or step.occurrence or step.every for step in path.steps):
            self.say(key, "M040", f"a partner guide names segments and elements; '{key.value}' names something else")
            return None
        if any(step.segment in ENVELOPE for step in path.steps):
            self.say(key, "M040", f"'{key.value}' belongs to the envelope, which no partner guide changes")
            return None
        found = x12_places.locate(path, self.guide.nodes, self.guide)
        if isinstance(found, Wrong):
            self.say(key, "M040", found.sentence, found.hint)
            return None
        if len(path.steps) > 1 and path.steps[-2].segment == path.last.segment and not isinstance(found.node, LoopNode):
            shorter = key.value.rpartition("/")[0]
            self.say(key, "M040", f"{path.last.segment} opens its loop", f"write '{shorter}' or '{shorter}02'")
            return None
        return path, found

    def known(self, key: YamlText, keys: tuple[str, ...], hint: str = "") -> None:
        """Say that a key does not exist, unless it does."""
        if key.value not in keys:
            hint = hint or suggestion(key.value, keys) or f"keys here: {', '.join(keys)}"
            self.say(key, "M101", f"'{key.value}' is not a key here", hint)

    def use(self, node: Node | None) -> Use:
        """Whether something is used."""
        if node is None:
            return ""
        if not isinstance(node, YamlText) or node.value not in USES:
            said = node.value if isinstance(node, YamlText) else ""
            meant = _WORDS.get(said)
            hint = f"did you mean '{meant}'?" if meant else suggestion(said, USES)
            self.say(
                node, "M101", f"'use' is one of required, optional, not used{f', not {said!r}' if said else ''}", hint
            )
            return ""
        return USES[node.value]

    def maximum(self, said: YamlMap) -> int | None:
        """How often a segment may stand; ``ANY`` without a limit."""
        node = said.get("max")
        if node is None:
            return None
        text = node.value if isinstance(node, YamlText) else ""
        if text in _WITHOUT_LIMIT:
            return ANY
        if NUMBER.fullmatch(text) and int(text):
            return int(text)
        hint = "write 'not used'" if text == "0" else "write it like 'max: 5' or 'max: any'"
        self.say(node, "M101", "'max' is a number from 1 on, or 'any'", hint)
        return None
