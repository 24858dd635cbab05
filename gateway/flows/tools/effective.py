"""A mapping as it takes effect: every line with the place it comes from, and where two mappings differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.mapping_spec import CheckSpec, EntrySpec, GroupSpec, MappingSpec, RuleSpec, TableSpec
from gateway.config.problems import Located, Origin
from gateway.config.strict_yaml import Node, YamlEntry, YamlMap, YamlText, load
from gateway.config.yaml_text import as_data, written

WIDE = 100
"""A rule longer than this is written over several lines."""
_LAYOUT = ("columns", "when", "optional")
"""What of a record's block is its layout; its rules stand among the fields."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a mapping with the place it comes from; what holds other lines only may have none."""

    text: str
    origin: Origin | None = None

    @property
    def place(self) -> str:
        """``mappings/bigmart/850.yaml:25``; empty where there is none."""
        return f"{self.origin.file}:{self.origin.line}" if self.origin else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One key or rule that two mappings say differently; what one of them does not say is None."""

    path: str
    before: Line | None
    after: Line | None


def lines(spec: MappingSpec, site_mappings: Path | None) -> list[Line]:
    """The mapping whole, as YAML that reads back as the same mapping."""
    heads = _heads(spec, site_mappings)
    result = [Line("gateway: 1"), Line(f"mapping: {written(spec.name)}", spec.origin)]
    result += [
        Line(f"{key}: {written(getattr(spec, key))}", heads.get(key)) for key in ("direction", "document", "format")
    ]
    result += _block(spec.format, _options(spec))
    if spec.params:
        names = ", ".join(written(each.value) for each in spec.params)
        result.append(Line(f"params: [{names}]", spec.params[-1].origin))
    result += _block("tables", {name: (_table(each), each.name.origin) for name, each in spec.tables.items()})
    result += _entries("vars", spec.body.vars, "")
    result += _rows(spec.body)
    result += _entries("fields", spec.body.fields, "") or [Line("fields: {}")]
    result += _checks(spec.body.checks, "")
    if spec.ignore:
        result.append(Line("ignore:"))
        result += [Line(f"  - {written(each.value)}", each.origin) for each in spec.ignore]
    return result + _block("settings", {key: (inline(node), at) for key, (node, at) in spec.settings.items()})


def said(spec: MappingSpec, site_mappings: Path | None) -> dict[str, Line]:
    """Everything a mapping says by its path: ``csv.delimiter``, ``fields.lines.ids.upc``, ``checks.CONDITION``."""
    heads = _heads(spec, site_mappings)
    result = {key: Line(getattr(spec, key), heads.get(key)) for key in ("direction", "document", "format")}
    for key, (text, origin) in _options(spec).items():
        result[f"{spec.format}.{key}"] = Line(text, origin)
    result |= {f"params.{each.value}": Line(each.value, each.origin) for each in spec.params}
    result |= {f"tables.{name}": Line(_table(each), each.name.origin) for name, each in spec.tables.items()}
    result |= {f"ignore.{each.value}": Line(each.value, each.origin) for each in spec.ignore}
    result |= {f"settings.{key}": Line(inline(node), origin) for key, (node, origin) in spec.settings.items()}
    return result | dict(_said(spec.body, "", rows="rows."))


def differences(before: Mapping[str, Line], after: Mapping[str, Line]) -> list[Difference]:
    """Where two mappings differ, in the order of the second; what is gone comes last."""
    paths = [*after, *(path for path in before if path not in after)]
    pairs = ((path, before.get(path), after.get(path)) for path in paths)
    return [Difference(*each) for each in pairs if (each[1] and each[1].text) != (each[2] and each[2].text)]


def tree(spec: MappingSpec) -> list[Line]:
    """The targets as a tree, each with what it reads: for who wants to see the shape and not the YAML."""
    return [Line(" <- ".join(spec.chain[::-1])), *_branches(spec.body, "", dotted=spec.direction == "in")]


def _heads(spec: MappingSpec, site_mappings: Path | None) -> dict[str, Origin]:
    """Where direction, document and format were said: in the innermost mapping of the chain that says them."""
    found: dict[str, Origin] = {}
    for name in spec.chain:
        path, shown = mapping_files.find(name, site_mappings)
        node, _ = load(path.read_text(encoding="utf-8"), shown) if path is not None else (None, ())
        if isinstance(node, YamlMap):
            found |= {each.key.value: Origin(shown, each.key.line, each.key.column) for each in node}
    return found


def _options(spec: MappingSpec) -> dict[str, tuple[str, Origin]]:
    return {key: (inline(_layout(key, node)), origin) for key, (node, origin) in spec.options.items()}


def _layout(key: str, node: Node) -> Node:
    if key != "records" or not isinstance(node, YamlMap):
        return node
    kept = (
        type(each)(each.key, YamlMap(tuple(inner for inner in each.value if inner.key.value in _LAYOUT), *_at(each.value)))
        if isinstance(each.value, YamlMap) else each
        for each in node
    )  # fmt: skip
    return YamlMap(tuple(kept), node.line, node.column)


def _at(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _table(table: TableSpec) -> str:
    more = {"encoding": (table.encoding, "utf-8"), "delimiter": (table.delimiter, ",")}
    said = [f"{key}: {written(value)}" for key, (value, usual) in more.items() if value != usual]
    unique = ", ".join(written(each.value) for each in table.unique)
    return (
        "{"
        + ", ".join([f"file: {written(table.file.value)}", *said, *([f"unique: [{unique}]"] if unique else [])])
        + "}"
    )


def _block(name: str, entries: Mapping[str, tuple[str, Origin]]) -> list[Line]:
    if not entries:
        return []
    return [Line(f"{name}:"), *(Line(f"  {written(key)}: {text}", origin) for key, (text, origin) in entries.items())]


def _rows(body: GroupSpec) -> list[Line]:
    if body.each is None:
        return []
    more = {"each": body.each, "when": body.when, "sort": body.sort}
    return [
        Line("rows:"),
        *(Line(f"  {key}: {written(each.value)}", each.origin) for key, each in more.items() if each),
    ]


def _entries(name: str, entries: tuple[EntrySpec, ...], indent: str) -> list[Line]:
    if not entries:
        return []
    inner = [line for each in entries for line in _entry(each, f"{indent}  ")]
    return [Line(f"{indent}{name}:"), *inner]


def _entry(entry: EntrySpec, indent: str) -> list[Line]:
    origin, head = entry.target.origin, f"{indent}{written(entry.target.value)}:"
    if isinstance(entry, GroupSpec):
        own = [Line(f"{indent}  {key}: {written(each.value)}", each.origin) for key, each in _keys(entry).items()]
        vars_, fields = (_entries(key, getattr(entry, key), f"{indent}  ") for key in ("vars", "fields"))
        return [Line(head, origin), *own, *vars_, *fields, *_checks(entry.checks, f"{indent}  ")]
    text = rule_text(entry)
    if len(head) + len(text) < WIDE or len(entry.steps) < 2:  # noqa: PLR2004 - one step gains nothing by a line of its own
        return [Line(f"{head} {text}", origin)]
    inner = [line for key, node in entry.steps.items() for line in _step(key, node, entry, f"{indent}  ")]
    return [Line(head, origin), *inner]


def _step(key: str, node: Node, rule: RuleSpec, indent: str) -> list[Line]:
    """One step of a rule; a long list of codes has a line for each."""
    text = inline(node)
    if len(indent) + len(text) < WIDE or not isinstance(node, YamlMap):
        return [Line(f"{indent}{key}: {text}", rule.at(node))]
    inner = (Line(f"{indent}  {written(each.key.value)}: {inline(each.value)}", rule.at(each.key)) for each in node)
    return [Line(f"{indent}{key}:", rule.at(node)), *inner]


def inline(node: Node) -> str:
    """A node on one line."""
    data = as_data(node)
    return "~" if data is None else written(data)


def rule_text(rule: RuleSpec) -> str:
    """A rule on one line, as short as the language allows."""
    key, node = next(iter(rule.steps.items())) if len(rule.steps) == 1 else ("", None)
    if isinstance(node, YamlText):
        if key == "calc":
            return written(f"={node.value}")
        if key == "from" and not node.value.startswith("=") and not node.is_removal:
            return written(node.value)
    return inline(YamlMap(tuple(_entry_of(key, node) for key, node in rule.steps.items()), 1, 1))


def _entry_of(key: str, node: Node) -> YamlEntry:
    return YamlEntry(YamlText(key, 1, 1), node)


def _keys(group: GroupSpec) -> dict[str, Located]:
    names = ("each", "when", "limit", "sort", "before", "after")
    return {name: found for name in names if (found := getattr(group, name)) is not None}


def _checks(checks: tuple[CheckSpec, ...], indent: str) -> list[Line]:
    if not checks:
        return []
    return [Line(f"{indent}checks:"), *(Line(f"{indent}  - {_check(each)}", each.that.origin) for each in checks)]


def _check(check: CheckSpec) -> str:
    usual = {"level": "hold", "code": "C-CHECK"}
    more = [f"{key}: {written(value)}" for key in usual if (value := getattr(check, key)) != usual[key]]
    that, say = (written(each) for each in (check.that.value, check.say))
    return "{" + ", ".join([f"that: {that}", f"say: {say}", *more]) + "}"


def _said(group: GroupSpec, prefix: str, *, rows: str = "") -> Iterator[tuple[str, Line]]:
    for key, each in _keys(group).items():
        yield f"{rows or f'fields.{prefix}'}{key}", Line(each.value, each.origin)
    for kind, entries in (("vars", group.vars), ("fields", group.fields)):
        for entry in entries:
            path = f"{prefix}{entry.target.value}"
            if isinstance(entry, GroupSpec):
                yield from _said(entry, f"{path}.")
            else:
                yield f"{kind}.{path}", Line(rule_text(entry), entry.target.origin)
    for check in group.checks:
        yield f"{prefix}checks.{check.that.value}", Line(_check(check), check.that.origin)


def _branches(group: GroupSpec, indent: str, *, dotted: bool) -> Iterator[Line]:
    shown: list[str] = []
    for entry in group.fields:
        *heads, last = entry.target.value.split(".") if dotted else (entry.target.value,)
        for depth, head in enumerate(heads):
            if shown[: depth + 1] != heads[: depth + 1]:
                yield Line(f"{indent}{'  ' * depth}{head}")
                shown = heads[: depth + 1]
        shown = heads
        inner = f"{indent}{'  ' * len(heads)}"
        if isinstance(entry, GroupSpec):
            of = f"  (one for each {entry.each.value})" if entry.each else ""
            yield Line(f"{inner}{last}{of}", entry.target.origin)
            yield from _branches(entry, f"{inner}  ", dotted=dotted)
        else:
            yield Line(f"{inner}{last}  <- {rule_text(entry)}", entry.target.origin)
