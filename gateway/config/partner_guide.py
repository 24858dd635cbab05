"""Partner guide files: read strictly, laid over the guide they extend, every mistake told with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as File

from gateway.config.guide_additions import AdditionReader
from gateway.config.guide_rules import RuleReader
from gateway.config.mapping_files import GUIDES as FOLDER
from gateway.config.mapping_files import is_file
from gateway.config.problems import Located, Origin, Problems
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.formats.x12 import guide as guides
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import Addition, PartnerGuide, Rule, overlay
from gateway.kernel.problem import Problem

MOST_PARENTS = 8
GUIDE_KEYS = ("gateway", "guide", "extends", "rules", "add", "doc")
_STANDARD = re.compile(r"(\d{6}\w*)/(\w+)")
_NAME = re.compile(r"([A-Za-z0-9][\w.-]*)/([A-Za-z0-9][\w.-]*)")


@dataclass(frozen=True, slots=True)
class _Source:
    """What a guide consists of, its parents' rules and additions first; a rule by its path, as it is written."""

    standard: Guide
    rules: Mapping[str, tuple[Rule, ...]]
    additions: tuple[Addition, ...] = ()


def load_guide(name: Located, *, site_mappings: File | None) -> tuple[PartnerGuide | None, tuple[Problem, ...]]:
    """The partner guide of a name, or None with every problem of it and of what it extends."""
    problems = Problems()
    source = _load(name, site_mappings, problems, ())
    if source is None or problems:
        return None, tuple(problems)
    rules = tuple(rule for each in source.rules.values() for rule in each)
    return overlay(name.value, source.standard, rules, source.additions), ()


def guide_names(site_mappings: File | None) -> list[str]:
    """Every partner guide of the site: ``bigmart/850`` for ``mappings/bigmart/guides/850.yaml``."""
    if site_mappings is None:
        return []
    return sorted(f"{path.parent.parent.name}/{path.stem}" for path in site_mappings.glob(f"*/{FOLDER}/*.yaml"))


def _load(name: Located, site: File | None, problems: Problems, children: tuple[str, ...]) -> _Source | None:
    match = _NAME.fullmatch(name.value)
    path = site / match[1] / FOLDER / f"{match[2]}.yaml" if site is not None and match is not None else None
    if path is None or not is_file(path):
        where = f" (mappings/{match[1]}/{FOLDER}/{match[2]}.yaml)" if match is not None else ""
        sentence = f"there is no partner guide '{name.value}'{where}"
        problems.unknown(name.origin, "M100", sentence, name.value, guide_names(site))
        return None
    shown = "/".join(path.parts[-4:])
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problems.at(Origin(shown, 1, 1), "M001", f"not UTF-8: byte {error.start} cannot be read")
        return None
    node, found = load(text, shown)
    problems.extend(found)
    if isinstance(node, YamlMap):
        return _Reader(shown, site, problems).source(node, name.value, children)
    if not found:
        problems.at(Origin(shown, 1, 1), "M001", "a partner guide is made of 'key: value' lines")
    return None


class _Reader:
    """Reads one guide file; problems are collected."""

    def __init__(self, file: str, site: File | None, problems: Problems) -> None:
        self.file = file
        self.site = site
        self.problems = problems

    def origin(self, node: Node) -> Origin:
        """Where a node stands."""
        return Origin(self.file, node.line, node.column)

    def source(self, node: YamlMap, name: str, children: tuple[str, ...]) -> _Source | None:
        """What the file and its parents say."""
        for each in node:
            if each.key.value not in GUIDE_KEYS:
                sentence = f"'{each.key.value}' is not a key at the top of a partner guide"
                self.problems.unknown(self.origin(each.key), "M101", sentence, each.key.value, GUIDE_KEYS)
        self.must_be(node, "gateway", "1")
        self.must_be(node, "guide", name)
        parent = self.parent(node, name, children)
        if parent is None:
            return None
        entries = self.rules(node.get("rules"))
        adding = AdditionReader(self.file, parent.standard, parent.additions, self.problems)
        additions = adding.additions(self.added(node.get("add")))
        inherited = [rule for each in parent.rules.values() for rule in each]
        own = RuleReader(self.file, adding.guide, self.problems).rules(entries, inherited)
        return _Source(parent.standard, self.merged(parent.rules, own, entries), additions)

    def merged(
        self, inherited: Mapping[str, tuple[Rule, ...]], own: Mapping[str, Rule], entries: YamlMap
    ) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of parent and child; ``~`` takes an inherited one away."""
        found = dict(inherited)
        for key, rule in own.items():
            found[key] = (*found.get(key, ()), rule)
        for each in entries:
            if isinstance(each.value, YamlText) and each.value.is_removal:
                if each.key.value not in inherited:
                    sentence = f"'{each.key.value}: ~' takes an inherited rule away, but none is inherited here"
                    self.problems.unknown(self.origin(each.key), "M103", sentence, each.key.value, inherited)
                found.pop(each.key.value, None)
        return found

    def parent(self, node: YamlMap, name: str, children: tuple[str, ...]) -> _Source | None:
        """What is extended: the standard's guide of a set in a version, or another partner guide."""
        extends = node.get("extends")
        hint = "write 'extends: 004010/850' for the standard, or the name of another partner guide"
        if not isinstance(extends, YamlText) or extends.is_removal:
            at = extends if extends is not None else node
            self.problems.at(
                self.origin(at), "M101", "the key 'extends' must say which guide this one differs from", hint
            )
            return None
        standard = _STANDARD.fullmatch(extends.value)
        if standard is not None:
            return self.standard(extends, standard[1], standard[2])
        chain = (*children, name)
        if extends.value in chain:
            self.problems.at(self.origin(extends), "M010", f"'{extends.value}' extends itself in a circle")
            return None
        if len(chain) > MOST_PARENTS:
            self.problems.at(self.origin(extends), "M010", f"more than {MOST_PARENTS} guides extend each other")
            return None
        return _load(Located(extends.value, self.origin(extends)), self.site, self.problems, chain)

    def standard(self, extends: YamlText, version: str, set_id: str) -> _Source | None:
        """The standard's guide; one that we do not have is a problem."""
        found = guides.load(version, set_id)
        if found is not None:
            return _Source(found, {})
        base = guides.base_version(version)
        if base is None:
            known, sentence = guides.versions(), f"version '{version}' is not supported"
            self.problems.at(self.origin(extends), "M100", sentence, f"supported are {', '.join(known)}")
        else:
            known, sentence = guides.set_ids(base), f"there is no set '{set_id}' of version {base}"
            self.problems.at(self.origin(extends), "M100", sentence, f"sets: {' '.join(known)}")
        return None

    def rules(self, node: Node | None) -> YamlMap:
        """The entries of ``rules``."""
        if isinstance(node, YamlMap):
            return node
        if node is not None and not (isinstance(node, YamlText) and node.is_removal):
            self.problems.at(
                self.origin(node), "M101", "'rules' are 'path: what differs' lines", "like 'BEG03: required'"
            )
        return YamlMap((), 1, 1)

    def added(self, node: Node | None) -> tuple[Node, ...]:
        """The entries of ``add``."""
        if isinstance(node, YamlList):
            return node.items
        if node is not None and not (isinstance(node, YamlText) and node.is_removal):
            hint = "like '- {segment: NTE, after: PER, max: 5}'"
            self.problems.at(self.origin(node), "M101", "'add' is a list of segments with their places", hint)
        return ()

    def must_be(self, node: YamlMap, key: str, value: str) -> None:
        """A key with the one value it can have."""
        found = node.get(key)
        if found is None:
            self.problems.at(self.origin(node), "M101", f"the key '{key}' is missing", f"write '{key}: {value}'")
        elif not isinstance(found, YamlText) or found.value != value:
            self.problems.at(self.origin(found), "M101", f"'{key}' must be '{value}' here")
