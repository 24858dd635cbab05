"""The rules of a partner guide: parsed, and checked against the guide that they change."""

import re
from collections.abc import Iterable, Iterator, Sequence

from gateway.config import x12_places
from gateway.config.guide_entries import NUMBER, EntryReader
from gateway.config.problems import suggestion
from gateway.config.strict_yaml import YamlEntry, YamlList, YamlMap, YamlText
from gateway.config.x12_places import Place
from gateway.formats.x12.elements import faults_of
from gateway.formats.x12.guide import ElementSpec
from gateway.formats.x12.guide_overlay import ANY, ElementRule, Rule, SegmentRule, Use, conditions
from gateway.formats.x12.path import Path

SEGMENT_KEYS = ("use", "max", "doc")
ELEMENT_KEYS = ("use", "length", "repeat", "only", "also", "doc")
_LENGTH = re.compile(r"(\d{1,5})\s*[-/]\s*(\d{1,5})")
_ONCE_ONLY = "004010"


class RuleReader(EntryReader):
    """Reads the rules of one file; what is right comes back."""

    def rules(self, entries: YamlMap, inherited: Iterable[Rule]) -> dict[str, Rule]:
        """The rules by their paths as written; an entry that only takes an inherited rule away is none."""
        meant = [each for each in entries if not (isinstance(each.value, YamlText) and each.value.is_removal)]
        located = [(each, *found) for each in meant if (found := self.place(each.key)) is not None]
        own = [(each, path, at, self.rule(each, path, at)) for each, path, at in located]
        agreed = [*inherited, *(rule for *_, rule in own if rule is not None)]
        ready: dict[str, Rule] = {}
        for each, path, at, rule in own:
            self.conditions(each.key, path, agreed)
            if isinstance(rule, ElementRule):
                self.codes(each, rule, at, agreed)
            if rule is not None:
                ready[each.key.value] = rule
        return ready

    def rule(self, entry: YamlEntry, path: Path, place: Place) -> Rule | None:
        """One rule, without a look at its codes."""
        keys = ELEMENT_KEYS if path.last.element else SEGMENT_KEYS
        said = self.options(entry, keys)
        if said is None:
            return None
        use = self.use(said.get("use"))
        if not path.last.element:
            return self.segment_rule(said, path, place, use)
        element = x12_places.component(place, path)
        if element is None:
            sentence = f"{place.spec.id}{path.last.element:02d} has no component {path.last.component}"
            self.say(entry.key, "M040", f"{sentence} (path '{path.text}')")
            return None
        only, also = self.words(said, "only"), self.words(said, "also")
        return ElementRule(
            path, use, length=self.length(said, element), repeat=self.repeat(said),
            only=None if only is None else frozenset(only), also=frozenset(also or ()),
        )  # fmt: skip

    def segment_rule(self, said: YamlMap, path: Path, place: Place, use: Use) -> SegmentRule:
        """A rule for a segment or loop; what is wider cannot depend on a condition."""
        maximum = self.maximum(said)
        node, name = place.node, "/".join(step.segment for step in path.steps)
        wider = maximum is not None and node.maximum is not None and (maximum == ANY or maximum > node.maximum)
        if wider and conditions(path):
            sentence = f"the standard's maximum of {node.maximum} counts all {path.last.segment} together"
            self.say(said.get("max") or said, "M103", sentence, f"a wider one is written without a condition: '{name}'")
        if use in ("optional", "not used") and node.required and conditions(path) and not path.last.conditions:
            sentence = f"the standard requires {path.last.segment} here in every case"
            self.say(said, "M103", sentence, f"write it without a condition: '{name}'")
        if use == "not used" and maximum is not None:
            self.say(
                said.get("max") or said, "M103", "a segment that is not used has no 'max'", "leave one of them out"
            )
        return SegmentRule(path, use, maximum)

    def options(self, entry: YamlEntry, keys: tuple[str, ...]) -> YamlMap | None:
        """The keys of a rule; a single word stands for ``use``."""
        value = entry.value
        if isinstance(value, YamlText):
            key = YamlText("use", value.line, value.column)
            return YamlMap((YamlEntry(key, value),), value.line, value.column)
        if isinstance(value, YamlList):
            hint = f"write '{entry.key.value}: {{only: [...]}}'"
            self.say(value, "M101", "what differs is a word (required, optional, not used) or keys in { }", hint)
            return None
        for each in value:
            self.known(each.key, keys, _WRONG_KIND.get((each.key.value, "length" in keys), ""))
        return value

    def length(self, said: YamlMap, element: ElementSpec) -> tuple[int, int] | None:
        """Least and most characters of an element."""
        node = said.get("length")
        if node is None:
            return None
        match = _LENGTH.fullmatch(node.value) if isinstance(node, YamlText) else None
        if element.components:
            self.say(
                node, "M103", "a composite has no length of its own", "write it for its components, like 'SLN05-1'"
            )
            return None
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            self.say(
                node, "M101", "'length' is the least and the most, as in the paper", "write it like 'length: 1/22'"
            )
            return None
        return int(match[1]), int(match[2])

    def repeat(self, said: YamlMap) -> int | None:
        """How often an element may be repeated in its place."""
        node = said.get("repeat")
        if node is None:
            return None
        text = node.value if isinstance(node, YamlText) else ""
        if self.guide.version == _ONCE_ONLY:
            self.say(node, "M103", f"version {self.guide.version} has no repeated elements")
        elif not NUMBER.fullmatch(text) or not int(text):
            self.say(node, "M101", "'repeat' is a number from 1 on", "write it like 'repeat: 1'")
        else:
            return int(text)
        return None

    def words(self, said: YamlMap, key: str) -> tuple[str, ...] | None:
        """A list of codes."""
        node = said.get(key)
        if node is None:
            return None
        if not isinstance(node, YamlList) or not all(isinstance(each, YamlText) for each in node.items):
            self.say(node, "M101", f"'{key}' is a list of codes, written like [SA, NE]")
            return None
        if not node.items:
            self.say(node, "M101", f"'{key}' names no code", "write 'not used' if nothing may stand here")
        return tuple(each.value for each in node.items if isinstance(each, YamlText))

    def conditions(self, key: YamlText, path: Path, agreed: Sequence[Rule]) -> None:
        """Elements and codes in parentheses must exist, or the rule would never act."""
        for step in path.steps:
            spec = self.guide.segments[step.segment]
            for condition in step.conditions:
                if condition.element > len(spec.elements):
                    sentence = f"{spec.id} has only {len(spec.elements)} elements (path '{path.text}')"
                    self.say(key, "M040", sentence)
                    continue
                known = spec.elements[condition.element - 1].codes
                if known is None:
                    continue
                known |= _agreed_codes(agreed, spec.id, condition.element, 0)
                at = f"{spec.id}{condition.element:02d}"
                for value in condition.values:
                    if value not in known:
                        hint = suggestion(value, known) or f"agree on it first: '{at}: {{also: [{value}]}}'"
                        self.say(
                            key, "M102", f"'{value}' is not in the standard's list of {at} (path '{path.text}')", hint
                        )

    def codes(self, entry: YamlEntry, rule: ElementRule, place: Place, agreed: Sequence[Rule]) -> None:
        """The codes of ``only`` exist or are agreed, those of ``also`` fit the element."""
        element = x12_places.component(place, rule.path)
        if element is None or not isinstance(entry.value, YamlMap):
            return
        last = rule.path.last
        if element.components and (rule.only is not None or rule.also):
            self.say(
                entry.value, "M103", f"{rule.path.text} is a composite", f"name its component: '{rule.path.text}-1'"
            )
            return
        if rule.also and element.codes is None and rule.only is None:
            sentence = f"{rule.path.text} has no list of codes in the standard: any value may stand there already"
            self.say(entry.value.get("also") or entry.value, "M103", sentence, "leave 'also' out, or use 'only'")
        known = element.codes
        if known is not None:
            known |= _agreed_codes(agreed, place.spec.id, last.element, last.component)
        for key in ("only", "also"):
            listed = entry.value.get(key)
            for each in listed.items if isinstance(listed, YamlList) else ():
                if isinstance(each, YamlText):
                    self.code(each, rule, element, known if key == "only" else None)

    def code(self, node: YamlText, rule: ElementRule, element: ElementSpec, known: frozenset[str] | None) -> None:
        """One code."""
        if known is not None and node.value not in known:
            hint = suggestion(node.value, known) or f"if it is agreed all the same, write also: [{node.value}]"
            self.say(node, "M102", f"'{node.value}' is not in the standard's list of {rule.path.text}", hint)
            return
        least, most = rule.length or (element.minimum, element.maximum)
        free = ElementSpec(element.reference, element.name, element.type, least, most, required=False)
        if known is None and faults_of(node.value, free):
            sentence = f"'{node.value}' cannot stand in {rule.path.text}, which has {least} to {most} characters"
            self.say(node, "M102", sentence, "widen it with 'length' as well" if len(node.value) > most else "")


_WRONG_KIND = {
    ("max", True): "an element has 'length: 1/22' and, where it repeats, 'repeat'",
    ("length", False): "a segment has 'max'; name an element to give it a length, like 'BEG03'",
    ("only", False): "name the element that has the codes, like 'N101'",
    ("also", False): "name the element that has the codes, like 'N101'",
}


def _agreed_codes(rules: Iterable[Rule], segment: str, element: int, component: int) -> frozenset[str]:
    """Codes that some rule adds to an element, wherever its segment stands."""

    def found() -> Iterator[str]:
        for rule in rules:
            last = rule.path.last
            if isinstance(rule, ElementRule) and (last.segment, last.element, last.component) == (
                segment, element, component
            ):  # fmt: skip
                yield from rule.also

    return frozenset(found())
