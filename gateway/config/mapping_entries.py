"""Read the rules, groups and checks of a mapping: shorthand spelled out, unknown keys told."""

from collections.abc import Mapping

from gateway.config.mapping_spec import (
    CHECK_KEYS,
    GROUP_KEYS,
    LEVELS,
    RULE_KEYS,
    SOURCES,
    CheckSpec,
    EntrySpec,
    GroupSpec,
    RuleSpec,
)
from gateway.config.nodes import NodeReader
from gateway.config.problems import Located, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText

_PLAIN = {
    "const": "write the text alone, or calc: for an expression",
    "default": "write the text alone, or =first(..., ...) instead of the rule",
}
"""The steps that are no expression, and what to write instead of one."""
_CHECK = "a check has 'that' (the condition) and 'say' (the sentence)"


class EntryReader(NodeReader):
    """Reads the entries below ``fields`` and ``vars``."""

    def entries(self, node: Node | None) -> tuple[EntrySpec, ...]:
        """The rules and groups of a block, in file order."""
        if node is None or (isinstance(node, YamlText) and node.is_removal):
            return ()
        if not isinstance(node, YamlMap):
            hint = "a blank belongs behind the ':'" if isinstance(node, YamlText) and ":" in node.value else ""
            self.problems.at(self.origin(node), "M021", "rules are written as 'field: source' lines", hint)
            return ()
        found = (self.entry(each.key, each.value) for each in node)
        return tuple(each for each in found if each is not None)

    def entry(self, key: YamlText, value: Node) -> EntrySpec | None:
        """One rule or group; None for a group whose ``each`` is meant and cannot be read: nothing in it has a place."""
        target = Located(key.value, self.origin(key))
        if isinstance(value, YamlText):
            if not value.value and not value.plain:
                self.problems.at(
                    self.origin(value), "M022", "the rule names no source", "nothing at all, or ~, removes a rule"
                )
            return RuleSpec(target, self.shorthand(value))
        if isinstance(value, YamlMap):
            if not _is_group(value):
                return self.rule(target, value)
            group = self.group(target, value)
            return None if group.each is None and _means_each(value) else group
        return RuleSpec(target, {"from": value})

    @staticmethod
    def shorthand(value: YamlText) -> Mapping[str, Node]:
        """``BEG03``, ``='00'`` or ``~``; nothing means: removed."""
        if value.is_removal:
            return {}
        if value.value.startswith("="):
            column = value.column + (1 if value.plain else 2)
            return {"calc": YamlText(value.value[1:], value.line, column, value.plain)}
        return {"from": value}

    def rule(self, target: Located, node: YamlMap) -> RuleSpec:
        """A rule written out; one with a wrong form keeps its place and nothing else."""
        before = len(self.problems)
        self.known_keys(node, RULE_KEYS, "M021", "in a rule")
        given = [key for key in SOURCES if node.get(key) is not None and not self.is_removed(node, key)]
        # an unknown key may be the source that seems to lack
        if len(given) > 1 or (not given and len(self.problems) == before):
            what = "has no 'from', 'const' or 'calc'" if not given else f"has both '{given[0]}' and '{given[1]}'"
            self.problems.at(self.origin(node), "M022", f"the rule {what}; exactly one belongs in a rule")
        for key, instead in _PLAIN.items():
            found = self.text(node, key)
            if found is not None and len(found.value) > 1 and found.value.startswith("="):
                sentence = f"'{key}' takes '{found.value[:40]}' as it stands; it is a text and not an expression"
                self.problems.at(found.origin, "M021", sentence, instead)
        is_wrong = len(self.problems) > before
        gone = self.removed(node)
        kept = [each for each in node if not is_wrong or each.key.value in ("before", "after")]
        return RuleSpec(target, {each.key.value: each.value for each in kept if each.key.value not in gone}, is_wrong)

    def group(self, target: Located, node: YamlMap) -> GroupSpec:
        """A group with its own rules; ``when: ~`` or ``checks: ~`` in it drops what it inherits when groups are merged."""
        self.known_keys(node, GROUP_KEYS, "M021", "in a group")
        return GroupSpec(
            target, each=self.text(node, "each"), when=self.text(node, "when"), limit=self.text(node, "limit"),
            sort=self.text(node, "sort"), before=self.text(node, "before"), after=self.text(node, "after"),
            vars=self.entries(node.get("vars")), fields=self.entries(node.get("fields")), checks=self.checks(node),
            drops=self.removed(node),
        )  # fmt: skip

    def checks(self, node: YamlMap) -> tuple[CheckSpec, ...]:
        """The conditions of a mapping or group."""
        found = node.get("checks")
        if found is None or (isinstance(found, YamlText) and found.is_removal):
            return ()
        if not isinstance(found, YamlList):
            self.problems.at(self.origin(found), "M021", "'checks' is a list of 'that: ...' and 'say: ...'")
            return ()
        return tuple(each for item in found.items if (each := self.check(item)) is not None)

    def check(self, node: Node) -> CheckSpec | None:
        """One condition."""
        if not isinstance(node, YamlMap):
            self.problems.at(self.origin(node), "M021", _CHECK)
            return None
        self.known_keys(node, CHECK_KEYS, "M021", "in a check")
        that, say = self.text(node, "that"), self.text(node, "say")
        if that is None or say is None:
            self.problems.at(self.origin(node), "M021", _CHECK)
            return None
        level = self.text(node, "level")
        if level is not None and level.value not in LEVELS:
            sentence = f"'level' is one of {', '.join(LEVELS)}, not '{level.value}'"
            self.problems.at(level.origin, "M021", sentence, suggestion(level.value, LEVELS))
        return CheckSpec(that, say.value, level.value if level else "hold", self.word(node, "code", "C-CHECK"))


def _is_group(node: YamlMap) -> bool:
    """Whether it has a key that only groups have, or nothing but a condition, which a group may change alone."""
    keys = {each.key.value for each in node}
    only_when = "when" in keys and keys <= {"when", "before", "after", "doc"}
    return only_when or bool(keys & {"each", "fields", "vars", "checks", "sort", "limit"})


def _means_each(node: YamlMap) -> bool:
    """Whether a group without a list was meant to have one: the key is misspelled, or its value is no text."""
    given = node.get("each")
    if isinstance(given, YamlText):
        return False
    unknown = [each.key.value for each in node if each.key.value not in GROUP_KEYS]
    return given is not None or any("'each'" in suggestion(key, GROUP_KEYS) for key in unknown)
