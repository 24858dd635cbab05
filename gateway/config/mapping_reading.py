"""Read mapping files strictly into specs, each merged with the mapping it extends; every problem is collected."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.canonical.registry import DOCUMENTS
from gateway.config import mapping_entries
from gateway.config.mapping_files import builtin_folder, find, is_builtin, names
from gateway.config.mapping_merge import merged, placed
from gateway.config.mapping_spec import (
    FORMATS,
    LEVELS,
    SETTINGS,
    TABLE_KEYS,
    TOP_KEYS,
    EntrySpec,
    GroupSpec,
    MappingSpec,
    TableSpec,
)
from gateway.config.nodes import NodeReader
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, content, load
from gateway.kernel.problem import Problem

MOST_PARENTS = 8
MOST_RULES = 5000
HEAD_WORDS: Mapping[str, Collection[str]] = {"direction": ("in", "out"), "document": DOCUMENTS, "format": FORMATS}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for a mapping: the names that extend each other so far, innermost first."""

    chain: tuple[Located, ...] = ()

    def origin(self, name: str) -> Origin:
        return self.chain[-1].origin if self.chain else Origin(f"mappings/{name}.yaml", 1, 1)

    def names(self) -> list[str]:
        return [each.value for each in self.chain]


def load_spec(name: str, *, site_mappings: Path | None) -> tuple[MappingSpec | None, tuple[Problem, ...]]:
    """The effective mapping of a name with what is wrong in the form of its files; None where nothing more can be said.

    What is wrong is left out of the mapping, so that the rest of it can be checked.
    """
    problems = Problems()
    spec = _load(name, site_mappings, problems, _Asked())
    if spec is not None and _count(spec.body) > MOST_RULES:
        problems.at(spec.origin, "M002", f"the mapping has more than {MOST_RULES} rules, sources and checks")
        spec = None
    return spec, tuple(sorted(set(problems)))


def _count(group: GroupSpec) -> int:
    """How much of a mapping takes time to check: a rule counts once for each of its sources."""
    inner = (*group.vars, *group.fields)
    return len(group.checks) + sum(
        _count(each) if isinstance(each, GroupSpec) else _sources(each.steps.get("from")) for each in inner
    )


def _sources(node: Node | None) -> int:
    return max(len(node.items), 1) if isinstance(node, YamlList) else 1


def _load(name: str, site: Path | None, problems: Problems, asked: _Asked) -> MappingSpec | None:
    path, shown = find(name, site)
    if path is None:
        problems.unknown(asked.origin(name), "M011", f"there is no mapping '{name}'", name, names(site))
        return None
    if not path.is_relative_to(builtin_folder()) and is_builtin(name):
        hint = "use another name and 'extends' the built-in one"
        problems.at(Origin(shown, 1, 1), "M012", f"'{name}' is the name of a built-in mapping", hint)
        return None
    text, unread = content(path, shown)
    problems.extend(unread)
    if text is None:
        return None
    node, found = load(text, shown)
    problems.extend(found)
    if not isinstance(node, YamlMap):
        if not found:
            problems.at(Origin(shown, 1, 1), "M001", "a mapping file is made of 'key: value' lines")
        return None
    return _Reader(shown, path.parent, problems).mapping(node, name, site, asked)


class _Reader(NodeReader):
    """Reads one mapping file."""

    def __init__(self, file: str, folder: Path, problems: Problems) -> None:
        super().__init__(file, problems)
        self.folder = folder
        self.entries = mapping_entries.EntryReader(file, problems)

    def mapping(self, node: YamlMap, name: str, site: Path | None, asked: _Asked) -> MappingSpec | None:
        """The mapping over its parent."""
        self.known_keys(node, TOP_KEYS, "M020", "at the top of a mapping")
        self.must_be(node, "gateway", "1")
        self.must_be(node, "mapping", name)
        parent: MappingSpec | None = MappingSpec(name, self.origin(node))
        extends = self.text(node, "extends")
        if extends is not None:
            parent = self.parent(extends, name, site, asked)
        if parent is None:
            return None
        own = MappingSpec(
            name=name, origin=self.origin(node), direction=self.word(node, "direction", parent.direction),
            document=self.word(node, "document", parent.document), format=self.word(node, "format", parent.format),
            options=self.options(node, parent.options), body=self.body(node, parent.body),
            tables=self.tables(node, parent.tables), ignore=self.ignored(node, parent.ignore),
            params=(*parent.params, *self.texts(node, "params")), settings=self.settings(node, parent.settings),
            chain=(*parent.chain, name), folder=self.folder,
        )  # fmt: skip
        known = [self.head_word(node, key, getattr(own, key), words) for key, words in HEAD_WORDS.items()]
        return own if all(known) else None

    def head_word(self, node: YamlMap, key: str, said: str, words: Collection[str]) -> bool:
        """Whether ``direction``, ``document`` and ``format`` are there or inherited, and one of the words of each."""
        given = self.text(node, key)
        if not said:
            self.problems.at(self.origin(node), "M020", f"the key '{key}' is missing")
        elif given is not None and said not in words:
            hint = suggestion(said, words) or f"it is one of {', '.join(sorted(words))}"
            self.problems.at(given.origin, "M020", f"the {key} '{said}' is not known", hint)
        return said in words

    def parent(self, extends: Located, name: str, site: Path | None, asked: _Asked) -> MappingSpec | None:
        """The mapping that this one starts from."""
        if extends.value in (*asked.names(), name):
            self.problems.at(extends.origin, "M010", f"'{extends.value}' extends itself in a circle")
            return None
        if len(asked.chain) >= MOST_PARENTS:
            self.problems.at(extends.origin, "M010", f"more than {MOST_PARENTS} mappings extend each other")
            return None
        return _load(extends.value, site, self.problems, _Asked((*asked.chain, extends)))

    def body(self, node: YamlMap, parent: GroupSpec) -> GroupSpec:
        """The outermost group: vars, fields, rows and checks."""
        fields = node.get("fields")
        records = self.record_groups(node)
        needs_none = node.get("extends") is not None or self.word(node, "format", "") == "json"
        if fields is None and not records and not needs_none:
            self.problems.at(self.origin(node), "M020", "the key 'fields' is missing")
        rows = node.get("rows")
        each = when = sort = None
        if isinstance(rows, YamlMap):
            self.known_keys(rows, ("each", "when", "sort"), "M021", "in 'rows'")
            each, when, sort = (self.text(rows, key) for key in ("each", "when", "sort"))
        if rows is not None and each is None:
            self.problems.at(self.origin(rows), "M021", "'rows' needs 'each', the list that gives one row per item")
        own = GroupSpec(
            Located("", self.origin(node)), each=each, when=when, sort=sort,
            vars=self.entries.entries(node.get("vars")), fields=(*self.entries.entries(fields), *records),
            checks=self.entries.checks(node), drops=self.removed(node) | (self.removed(rows) if isinstance(rows, YamlMap) else frozenset()),
        )  # fmt: skip
        return merged(parent, own, self.problems)

    def record_groups(self, node: YamlMap) -> tuple[EntrySpec, ...]:
        """``each`` and ``fields`` written beside the layout of a record: a group on that record."""
        found: list[EntrySpec] = []
        for holder in (node, node.get("fixed"), node.get("csv")):
            records = holder.get("records") if isinstance(holder, YamlMap) else None
            if isinstance(records, YamlMap):
                found += [
                    self.entries.group(Located(each.key.value, self.origin(each.key)), rules)
                    for each in records
                    if (rules := _rules_of(each.value)) is not None
                ]
        return placed(found, self.problems)

    def options(self, node: YamlMap, inherited: Mapping[str, tuple[Node, Origin]]) -> Mapping[str, tuple[Node, Origin]]:
        """The keys of the format's own block; ``records`` may also stand at the top, ``template`` is one text."""
        result = dict(inherited)
        for kind in FORMATS:
            found = node.get(kind)
            if isinstance(found, YamlMap):
                result |= {each.key.value: (each.value, self.origin(each.key)) for each in found}
            elif isinstance(found, YamlText) and kind == "template":
                result["template"] = (found, self.origin(found))
            elif found is not None:
                self.problems.at(self.origin(found), "M020", f"'{kind}' holds options written as 'key: value'")
        records = node.get("records")
        if records is not None:
            result["records"] = (records, self.origin(records))
        return result

    def tables(self, node: YamlMap, inherited: Mapping[str, TableSpec]) -> Mapping[str, TableSpec]:
        """``tables: {stores: {file: tables/stores.csv}}``; ``~`` removes one."""
        result = dict(inherited)
        found = node.get("tables")
        if isinstance(found, YamlMap):
            for each in found:
                if isinstance(each.value, YamlText) and each.value.is_removal:
                    result.pop(each.key.value, None)
                elif (table := self.table(each.key, each.value)) is not None:
                    result[each.key.value] = table
        elif found is not None:
            self.problems.at(self.origin(found), "M020", "'tables' is written like {stores: {file: tables/stores.csv}}")
        return result

    def table(self, key: YamlText, node: Node) -> TableSpec | None:
        """One table, read when the mapping is prepared."""
        file = self.text(node, "file") if isinstance(node, YamlMap) else None
        if not isinstance(node, YamlMap) or file is None:
            hint = f"write {key.value}: {{file: tables/{key.value}.csv}}"
            self.problems.at(self.origin(node), "M021", f"the table '{key.value}' needs 'file', its CSV file", hint)
            return None
        self.known_keys(node, TABLE_KEYS, "M021", "of a table")
        return TableSpec(
            Located(key.value, self.origin(key)), file, self.folder, self.word(node, "encoding", "utf-8"),
            self.word(node, "delimiter", ","), self.texts(node, "unique"),
        )  # fmt: skip

    def ignored(self, node: YamlMap, inherited: tuple[Located, ...]) -> tuple[Located, ...]:
        """What is knowingly not read; added to what is inherited, ``~`` drops that."""
        return () if self.is_removed(node, "ignore") else (*inherited, *self.texts(node, "ignore"))

    def settings(
        self, node: YamlMap, inherited: Mapping[str, tuple[Node, Origin]]
    ) -> Mapping[str, tuple[Node, Origin]]:
        """The settings by name; what each may hold is checked here too."""
        found = node.get("settings")
        if found is None or self.is_removed(node, "settings"):
            return inherited
        if not isinstance(found, YamlMap):
            self.problems.at(self.origin(found), "M020", "'settings' is written like {unmapped: hold}")
            return inherited
        self.known_keys(found, SETTINGS, "M020", "of 'settings'")
        words = {"unmapped": ("ignore", *LEVELS[::2]), "on_error": (*LEVELS, "empty")}
        for name, known in words.items():
            given = self.text(found, name)
            if given is not None and given.value not in known:
                sentence = f"'{name}' is one of {', '.join(known)}, not '{given.value}'"
                self.problems.unknown(given.origin, "M020", sentence, given.value, known)
        return {**inherited, **{each.key.value: (each.value, self.origin(each.key)) for each in found}}


def _rules_of(node: Node) -> YamlMap | None:
    """What of a record's block belongs to its rules, None when that is nothing."""
    if not isinstance(node, YamlMap) or node.get("fields") is None:
        return None
    entries = tuple(each for each in node if each.key.value not in ("columns", "when", "optional"))
    return YamlMap(entries, node.line, node.column)
