"""The pages about feeds, made of the built-in mappings, the fields behind them, and the files that tests play byte for byte."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from gateway.app.load_file import KINDS
from gateway.canonical import registry
from gateway.canonical.base import Canonical
from gateway.canonical.meanings import meaning
from gateway.config import mapping_files
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import EntrySpec, GroupSpec, MappingSpec, RuleSpec
from gateway.config.strict_yaml import Node, YamlList, YamlText
from gateway.mapping.catalogue import CatalogueField, fields_of
from tests.docs.feed_words import COLUMNS, FEEDS
from tests.docs.marked import table
from tests.mapping.samples import GOLDEN

Scope = tuple[type[Canonical], ...]
NAMES = tuple(name for name in mapping_files.builtin_names() if not name.startswith("x12/"))
IN_XML = tuple(name for name in NAMES if name.startswith("xml/"))


def spec_of(name: str) -> MappingSpec:
    """A built-in mapping."""
    found = load_spec(name, site_mappings=None)[0]
    assert found is not None
    return found


def overview(names: tuple[str, ...]) -> str:
    """Every feed in one line."""
    rows = (
        (f"[`{name}`](#{name.replace('/', '')})", FEEDS[name].way, f"`{spec_of(name).document}`", FEEDS[name].twin) for name in names
    )  # fmt: skip
    return table("feed | goes | document | in X12", rows)


def feed(name: str) -> str:
    """One feed: what is done with it, its columns or places, and a file."""
    spec, said = spec_of(name), FEEDS[name]
    parts = [f"{'Comes' if spec.direction == 'in' else 'Goes'} {said.way}. {said.does}", said.wrong]
    kind = name.removeprefix("csv/")
    if kind in KINDS:
        parts.append(f"By hand: `gateway import {kind} FILE`.")
    if spec.format == "csv":
        rows = [*_columns(name, spec)]
        if spec.direction == "in":
            parts.append(table("column | type | must be there | is", rows))
        else:
            parts.append(table("column | type | is", ((title, kind, is_) for title, kind, _, is_ in rows)))
    elif spec.format == "xml":
        parts.append(table("place | our field | is", _places(spec, spec.body, _scope(spec), "")))
    return "\n\n".join(each.strip("\n") for each in (*parts, _example(name, spec)) if each) + "\n"


def sections(names: tuple[str, ...]) -> str:
    """Every feed with its heading."""
    return "\n".join(f"## {name}\n\n{feed(name)}" for name in names)


def _example(name: str, spec: MappingSpec) -> str:
    (path,) = (GOLDEN / name).glob("input.*" if spec.direction == "in" else "expected.*")
    kind = {"template": "text"}.get(spec.format, spec.format)
    return f"```{kind}\n{path.read_text(encoding='utf-8').replace(chr(13), '').strip(chr(10))}\n```"


def columns(name: str) -> list[str]:
    """The titles of a CSV feed in the order of its example."""
    (path,) = (GOLDEN / name).glob("input.csv" if spec_of(name).direction == "in" else "expected.csv")
    return path.read_text(encoding="utf-8").splitlines()[0].split(",")


def _columns(name: str, spec: MappingSpec) -> Iterator[tuple[str, str, str, str]]:
    known = _by_column(spec, spec.body, _scope(spec))
    node, _ = spec.options.get("columns_required", (None, None))
    titles = _texts(node)
    for title in columns(name):
        rule, field, said = known[title]
        default = rule.steps.get("default")
        must = ""
        if spec.direction == "in" and field is not None:
            must = "yes" if title in titles and default is None else ""
        of_default = f" Empty: `{default.value}`." if isinstance(default, YamlText) else ""
        yield f"`{title}`", _type(field), must, COLUMNS.get((name, title), said) + of_default


def _by_column(
    spec: MappingSpec, group: GroupSpec, scope: Scope
) -> dict[str, tuple[RuleSpec, CatalogueField | None, str]]:
    found: dict[str, tuple[RuleSpec, CatalogueField | None, str]] = {}
    for each in group.fields:
        if isinstance(each, GroupSpec):
            found |= _by_column(spec, each, _inside(scope, each.target.value))
        elif spec.direction == "in":
            for column in _texts(each.steps.get("from")):
                found[column] = (each, *_resolved(spec, scope, each.target.value))
        else:
            found[each.target.value] = (each, *_resolved(spec, scope, _source(each)))
    return found


def _places(
    spec: MappingSpec, group: GroupSpec, scope: Scope, before: str, ours: str = ""
) -> Iterator[tuple[str, str, str]]:
    for each in group.fields:
        yield from _place(spec, each, scope, before, ours)


def _place(spec: MappingSpec, each: EntrySpec, scope: Scope, before: str, ours: str) -> Iterator[tuple[str, str, str]]:
    reading = spec.direction == "in"
    if isinstance(each, GroupSpec):
        target, repeats = each.target.value, each.each.value if each.each is not None else ""
        field, theirs = (target, repeats) if reading else (repeats, target)
        inside = _inside(scope, field) if field else scope
        named = f"{ours}{field}{'[]' if repeats else ''}." if field else ours
        yield from _places(spec, each, inside, f"{before}{theirs}/" if theirs else before, named)
        return
    field = each.target.value if reading else _source(each)
    found, said = _resolved(spec, scope, field)
    constant, calculation = each.steps.get("const"), each.steps.get("calc")
    if isinstance(constant, YamlText):
        said = f"Always `{constant.value}`."
    elif isinstance(calculation, YamlText):
        said = f"{said} Calculated: {_code(calculation.value)}".strip()
    places = _texts(each.steps.get("from")) if reading else [each.target.value]
    shown = " or ".join(_code(f"{before}{place}".removesuffix("/.")) for place in places)
    known = f"{ours}{field}" if found is not None and not field.startswith(f"{spec.document}.") else field
    yield shown, _code(known), said


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def _scope(spec: MappingSpec) -> Scope:
    """The document, and the lists that a row is one of."""
    scope: Scope = (registry.model_of(spec.document, spec.direction),)
    return _inside(scope, spec.body.each.value) if spec.direction == "out" and spec.body.each is not None else scope


def _inside(scope: Scope, dotted: str) -> Scope:
    for part in dotted.split("."):
        field = fields_of(scope[-1]).get(part)
        if field is None or field.model is None:
            return scope
        scope = (*scope, field.model)
    return scope


def _resolved(spec: MappingSpec, scope: Scope, dotted: str) -> tuple[CatalogueField | None, str]:
    """The field that a name means in a scope, and what it is."""
    parts = dotted.split(".")
    while parts and parts[0] == "outer":
        scope, parts = scope[:-1] or scope, parts[1:]
    if len(parts) > 1 and parts[0] == spec.document:
        scope, parts = scope[:1], parts[1:]
    for model in reversed(scope):
        found = _in(model, parts)
        if found is not None:
            return found
    return None, ""


def _in(model: type[Canonical], parts: list[str]) -> tuple[CatalogueField, str] | None:
    field = fields_of(model).get(parts[0]) if parts else None
    if field is None:
        return None
    if len(parts) == 1:
        return field, meaning(model, parts[0])
    found = _in(field.model, parts[1:]) if field.model is not None else None
    if found is None or field.model is None or field.model.__name__ != "Party":
        return found
    return found[0], f"{meaning(model, parts[0]).rstrip('.')}: {found[1][0].lower()}{found[1][1:]}"


def _source(rule: RuleSpec) -> str:
    return next(iter(_texts(rule.steps.get("from"))), "")


def _type(field: CatalogueField | None) -> str:
    if field is None:
        return "decimal"
    if field.codes:
        return "one of " + ", ".join(f"`{each}`" for each in field.codes)
    forms = {"date": "date, `2026-11-21`", "datetime": "moment, `2026-11-21T12:00:00Z`", "integer": "whole number"}
    return forms.get(field.kind, field.kind)


def _texts(node: Node | None) -> list[str]:
    if isinstance(node, YamlText):
        return [node.value]
    return [each.value for each in node.items if isinstance(each, YamlText)] if isinstance(node, YamlList) else []


_PLAIN = tuple(name for name in NAMES if name not in IN_XML)
IN = tuple(name for name in _PLAIN if spec_of(name).direction == "in")
OUT = tuple(name for name in _PLAIN if spec_of(name).direction == "out")
FEEDS_PAGE: Mapping[str, Callable[[], str]] = {
    "feeds in": partial(overview, IN), "feeds out": partial(overview, OUT), "feeds": partial(sections, (*IN, *OUT)),
}  # fmt: skip
XML_PAGE: Mapping[str, Callable[[], str]] = {
    "xml overview": partial(overview, IN_XML),
    "xml": partial(sections, IN_XML),
}
