"""Mapping files: read strictly, merged with the mapping they extend, every rule knowing where it was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from gateway.config.problems import Located, Origin, Problems
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.kernel.problem import Problem

TOP_KEYS = (
    "gateway", "mapping", "extends", "direction", "document", "format", "x12", "csv", "vars", "fields", "rows",
    "checks", "settings", "params", "doc",
)  # fmt: skip
LATER_TOP_KEYS = ("fixed", "xml", "template", "tables", "records", "ignore")
RULE_KEYS = (
    "from", "const", "calc", "when", "join", "trim", "slice", "map", "format", "implied_decimals", "round",
    "max_length", "pad", "default", "required", "on_error", "doc",
)  # fmt: skip
LATER_RULE_KEYS = ("match", "split", "lookup", "plugin", "type", "decimal", "thousands", "before", "after")
GROUP_KEYS = ("each", "when", "vars", "fields", "checks", "limit", "doc")
LATER_GROUP_KEYS = ("sort", "before", "after")
SOURCES = ("from", "const", "calc")
MOST_PARENTS = 8
GUIDES = "guides"
"""The folder of an owner that holds partner guides."""
MOST_RULES = 5000


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule: the target, and its steps as nodes of the file they were written in."""

    target: Located
    steps: Mapping[str, Node]

    def at(self, node: Node) -> Origin:
        """The place of one of the rule's nodes."""
        return Origin(self.target.origin.file, node.line, node.column)


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One business condition on the result."""

    that: Located
    say: str
    level: str = "hold"
    code: str = "C-CHECK"


@dataclass(frozen=True, slots=True)
class GroupSpec:
    """A group of rules, once per item of ``each`` (None: once)."""

    target: Located
    each: Located | None = None
    when: Located | None = None
    limit: Located | None = None
    vars: "tuple[EntrySpec, ...]" = ()
    fields: "tuple[EntrySpec, ...]" = ()
    checks: tuple[CheckSpec, ...] = ()


EntrySpec = RuleSpec | GroupSpec


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """A mapping as it takes effect, its parents merged in."""

    name: str
    origin: Origin
    direction: str = ""
    document: str = ""
    format: str = ""
    options: Mapping[str, tuple[Node, Origin]] = field(default_factory=dict)
    body: GroupSpec = field(default_factory=lambda: GroupSpec(Located("", Origin("", 1, 1))))
    params: tuple[str, ...] = ()
    settings: Mapping[str, Located] = field(default_factory=dict)


def names(site_mappings: Path | None) -> list[str]:
    """Every mapping there is: those of the site and the built-in ones."""
    found = {str(path.relative_to(_builtin()))[:-5] for path in _builtin().rglob("*.yaml")}
    if site_mappings is not None and site_mappings.is_dir():
        found |= {
            str(path.relative_to(site_mappings))[:-5]
            for path in site_mappings.rglob("*.yaml")
            if path.parent.name != GUIDES  # partner guides are no mappings
        }
    return sorted(found)


def load_spec(name: str, *, site_mappings: Path | None) -> tuple[MappingSpec | None, tuple[Problem, ...]]:
    """The effective mapping of a name, or None with every problem that is in the way."""
    problems = Problems()
    spec = _load(name, site_mappings, problems, ())
    if spec is not None and _count(spec.body) > MOST_RULES:
        problems.at(spec.origin, "M002", f"the mapping has more than {MOST_RULES} rules")
    return (None if problems else spec), tuple(problems)


def _builtin() -> Path:
    return Path(str(resources.files("gateway.mapping") / "builtin"))


def _count(group: GroupSpec) -> int:
    inner = (*group.vars, *group.fields)
    return sum(_count(each) if isinstance(each, GroupSpec) else 1 for each in inner)


def _load(name: str, site: Path | None, problems: Problems, children: tuple[Located, ...]) -> MappingSpec | None:
    path, shown = _find(name, site)
    asked = children[-1].origin if children else Origin(f"mappings/{name}.yaml", 1, 1)
    if path is None:
        problems.unknown(asked, "M011", f"there is no mapping '{name}'", name, names(site))
        return None
    local = site is not None and path.is_relative_to(site)
    if local and (_builtin() / f"{name}.yaml").is_file():
        hint = "use another name and 'extends' the built-in one"
        problems.at(Origin(shown, 1, 1), "M012", f"'{name}' is the name of a built-in mapping", hint)
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problems.at(Origin(shown, 1, 1), "M001", f"not UTF-8: byte {error.start} cannot be read")
        return None
    node, found = load(text, shown)
    problems.extend(found)
    if not isinstance(node, YamlMap):
        if not found:
            problems.at(Origin(shown, 1, 1), "M001", "a mapping file is made of 'key: value' lines")
        return None
    return _Reader(shown, problems).mapping(node, name, site, children)


def _find(name: str, site: Path | None) -> tuple[Path | None, str]:
    if ".." in name or name.startswith("/"):
        return None, name
    if site is not None and (site / f"{name}.yaml").is_file():
        return site / f"{name}.yaml", f"{site.name}/{name}.yaml"
    built_in = _builtin() / f"{name}.yaml"
    return (built_in if built_in.is_file() else None), f"built-in {name}.yaml"


class _Reader:
    """Reads one mapping file into specs; problems are collected."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems

    def origin(self, node: Node) -> Origin:
        return Origin(self.file, node.line, node.column)

    def mapping(self, node: YamlMap, name: str, site: Path | None, children: tuple[Located, ...]) -> MappingSpec | None:
        self.known_keys(node, TOP_KEYS, LATER_TOP_KEYS, "M020", "at the top of a mapping")
        self.must_be(node, "gateway", "1")
        self.must_be(node, "mapping", name)
        parent: MappingSpec | None = MappingSpec(name, self.origin(node))
        extends = self.text(node, "extends")
        if extends is not None:
            parent = self.parent(extends, name, site, children)
        if parent is None:
            return None
        own = MappingSpec(
            name=name, origin=self.origin(node), direction=self.word(node, "direction", parent.direction),
            document=self.word(node, "document", parent.document), format=self.word(node, "format", parent.format),
            options=self.options(node, parent.options), params=(*parent.params, *self.texts(node, "params")),
            settings={**parent.settings, **self.settings(node)}, body=_merged(parent.body, self.top_group(node)),
        )  # fmt: skip
        for key in ("direction", "document", "format"):
            if not getattr(own, key):
                self.problems.at(self.origin(node), "M020", f"the key '{key}' is missing")
        return own if not self.dropped(node) else _without(own, self.dropped(node))

    def parent(
        self, extends: Located, name: str, site: Path | None, children: tuple[Located, ...]
    ) -> MappingSpec | None:
        chain = [each.value for each in children]
        if extends.value in (*chain, name):
            self.problems.at(extends.origin, "M010", f"'{extends.value}' extends itself in a circle")
            return None
        if len(chain) >= MOST_PARENTS:
            self.problems.at(extends.origin, "M010", f"more than {MOST_PARENTS} mappings extend each other")
            return None
        return _load(extends.value, site, self.problems, (*children, extends))

    def top_group(self, node: YamlMap) -> GroupSpec:
        fields = node.get("fields")
        if fields is None:
            self.problems.at(self.origin(node), "M020", "the key 'fields' is missing")
        rows = node.get("rows")
        each = self.text(rows, "each") if isinstance(rows, YamlMap) else None
        if rows is not None and each is None:
            self.problems.at(self.origin(rows), "M021", "'rows' needs 'each', the list that gives one row per item")
        return GroupSpec(
            Located("", self.origin(node)),
            each=each,
            vars=self.entries(node.get("vars")),
            fields=self.entries(fields),
            checks=self.checks(node),
        )

    def entries(self, node: Node | None) -> tuple[EntrySpec, ...]:
        if node is None or (isinstance(node, YamlText) and node.is_removal):
            return ()
        if not isinstance(node, YamlMap):
            self.problems.at(self.origin(node), "M021", "rules are written as 'field: source' lines")
            return ()
        return tuple(self.entry(each.key, each.value) for each in node)

    def entry(self, key: YamlText, value: Node) -> EntrySpec:
        target = Located(key.value, self.origin(key))
        if isinstance(value, YamlText):
            return RuleSpec(target, self.shorthand(value))
        if isinstance(value, YamlMap):
            if value.get("each") is not None or value.get("fields") is not None:
                return self.group(target, value)
            return self.rule(target, value)
        return RuleSpec(target, {"from": value})

    def shorthand(self, value: YamlText) -> Mapping[str, Node]:
        if value.is_removal:
            return {}
        if value.value.startswith("="):
            column = value.column + (1 if value.plain else 2)
            return {"calc": YamlText(value.value[1:], value.line, column, value.plain)}
        return {"from": value}

    def rule(self, target: Located, node: YamlMap) -> RuleSpec:
        self.known_keys(node, RULE_KEYS, LATER_RULE_KEYS, "M021", "in a rule")
        given = [key for key in SOURCES if node.get(key) is not None]
        if len(given) != 1:
            what = "has no 'from', 'const' or 'calc'" if not given else f"has both '{given[0]}' and '{given[1]}'"
            self.problems.at(self.origin(node), "M022", f"the rule {what}; exactly one belongs in a rule")
        return RuleSpec(target, {each.key.value: each.value for each in node})

    def group(self, target: Located, node: YamlMap) -> GroupSpec:
        self.known_keys(node, GROUP_KEYS, LATER_GROUP_KEYS, "M021", "in a group")
        return GroupSpec(
            target,
            each=self.text(node, "each"),
            when=self.text(node, "when"),
            limit=self.text(node, "limit"),
            vars=self.entries(node.get("vars")),
            fields=self.entries(node.get("fields")),
            checks=self.checks(node),
        )

    def checks(self, node: YamlMap) -> tuple[CheckSpec, ...]:
        found = node.get("checks")
        if found is None or (isinstance(found, YamlText) and found.is_removal):
            return ()
        if not isinstance(found, YamlList):
            self.problems.at(self.origin(found), "M021", "'checks' is a list of 'that: ...' and 'say: ...'")
            return ()
        return tuple(each for item in found.items if (each := self.check(item)) is not None)

    def check(self, node: Node) -> CheckSpec | None:
        if not isinstance(node, YamlMap):
            self.problems.at(self.origin(node), "M021", "a check has 'that' (the condition) and 'say' (the sentence)")
            return None
        self.known_keys(node, ("that", "say", "level", "code"), (), "M021", "in a check")
        that, say = self.text(node, "that"), self.text(node, "say")
        if that is None or say is None:
            self.problems.at(self.origin(node), "M021", "a check has 'that' (the condition) and 'say' (the sentence)")
            return None
        level = self.text(node, "level")
        code = self.text(node, "code")
        if level is not None and level.value not in ("hold", "warn"):
            later = "is not obeyed by this version yet" if level.value == "reject" else "is not known"
            self.problems.at(level.origin, "M021", f"the level '{level.value}' {later}; use hold or warn")
        return CheckSpec(that, say.value, level.value if level else "hold", code.value if code else "C-CHECK")

    def settings(self, node: YamlMap) -> dict[str, Located]:
        found = node.get("settings")
        if not isinstance(found, YamlMap):
            return {}
        for each in found:
            if each.key.value not in ("unmapped", "on_error", "validate", "i_know"):
                self.problems.unknown(
                    self.origin(each.key),
                    "M020",
                    f"'{each.key.value}' is not a setting",
                    each.key.value,
                    ("unmapped", "on_error"),
                )
            else:
                self.problems.at(
                    self.origin(each.key), "M020", f"the setting '{each.key.value}' is not obeyed by this version yet"
                )
        return {}

    def options(self, node: YamlMap, inherited: Mapping[str, tuple[Node, Origin]]) -> Mapping[str, tuple[Node, Origin]]:
        merged = dict(inherited)
        for kind in ("x12", "csv"):
            found = node.get(kind)
            if isinstance(found, YamlMap):
                merged |= {each.key.value: (each.value, self.origin(each.key)) for each in found}
            elif found is not None:
                self.problems.at(self.origin(found), "M020", f"'{kind}' holds options written as 'key: value'")
        return merged

    def dropped(self, node: YamlMap) -> bool:
        found = node.get("checks")
        return isinstance(found, YamlText) and found.is_removal

    def known_keys(self, node: YamlMap, known: tuple[str, ...], later: tuple[str, ...], code: str, where: str) -> None:
        for each in node:
            key = each.key.value
            if key in later:
                self.problems.at(self.origin(each.key), code, f"'{key}' is not obeyed by this version yet")
            elif key not in known:
                self.problems.unknown(self.origin(each.key), code, f"'{key}' is not a key {where}", key, known)

    def must_be(self, node: YamlMap, key: str, value: str) -> None:
        found = node.get(key)
        if found is None:
            self.problems.at(self.origin(node), "M020", f"the key '{key}' is missing", f"write '{key}: {value}'")
        elif not isinstance(found, YamlText) or found.value != value:
            self.problems.at(self.origin(found), "M020", f"'{key}' must be '{value}' here")

    def word(self, node: YamlMap, key: str, inherited: str) -> str:
        found = self.text(node, key)
        return found.value if found is not None else inherited

    def text(self, node: YamlMap, key: str) -> Located | None:
        found = node.get(key)
        if found is None or (isinstance(found, YamlText) and found.is_removal):
            return None
        if isinstance(found, YamlText):
            return Located(found.value, self.origin(found))
        self.problems.at(self.origin(found), "M021", f"'{key}' is one text")
        return None

    def texts(self, node: YamlMap, key: str) -> tuple[str, ...]:
        found = node.get(key)
        if not isinstance(found, YamlList):
            return ()
        return tuple(each.value for each in found.items if isinstance(each, YamlText))


def _merged(parent: GroupSpec, child: GroupSpec) -> GroupSpec:
    """A child group over its parent's: entries by target, checks appended, the rest replaced where given."""
    return GroupSpec(
        target=child.target, each=child.each or parent.each, when=child.when or parent.when,
        limit=child.limit or parent.limit, vars=_merged_entries(parent.vars, child.vars),
        fields=_merged_entries(parent.fields, child.fields), checks=(*parent.checks, *child.checks),
    )  # fmt: skip


def _merged_entries(parent: tuple[EntrySpec, ...], child: tuple[EntrySpec, ...]) -> tuple[EntrySpec, ...]:
    merged = {each.target.value: each for each in parent}
    for each in child:
        before = merged.get(each.target.value)
        if isinstance(each, RuleSpec) and not each.steps:
            merged.pop(each.target.value, None)
        elif isinstance(each, GroupSpec) and isinstance(before, GroupSpec):
            merged[each.target.value] = _merged(before, each)
        else:
            merged[each.target.value] = each
    return tuple(merged.values())


def _without(spec: MappingSpec, dropped: bool) -> MappingSpec:  # noqa: FBT001 - called by its one caller
    """The mapping without inherited checks (``checks: ~``)."""
    return replace(spec, body=replace(spec.body, checks=())) if dropped else spec
