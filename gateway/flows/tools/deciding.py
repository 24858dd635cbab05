"""Say what an unknown code means, or that data is knowingly not read: into the right file, comments and all kept."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.config import rewrite
from gateway.config.mapping_spec import MappingSpec
from gateway.config.rewrite import Refused
from gateway.config.rewrite_table import with_row
from gateway.config.strict_yaml import Node, YamlMap, YamlText
from gateway.config.yaml_text import Value, as_data
from gateway.exchange.readings import UnknownValue
from gateway.flows.tools.changing import Edit, apply, edited, fit, text_at
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.places import RulePlace, find, own_file
from gateway.kernel.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Done:
    """Which mapping knows it now, and what was written where."""

    mapping: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Change:
    edits: tuple[Edit, ...]
    mapping: str


def decide(desk: Desk, value: UnknownValue, target: str) -> Done:
    """Write what a code means; raises RefusedError, or ConfigurationError when it would break a mapping."""
    what = value.what
    spec = desk.spec(what.mapping)
    place = find(spec, what.field)
    if place is None or what.kind not in place.rule.steps:
        raise RefusedError(
            f"'{what.mapping}' has no {what.kind} for {what.field} any more.",
            next_step=f"'gateway mapping show {what.mapping}' shows its rules; release the documents that wait.",
        )
    if what.kind == "lookup":
        return _done(desk, _Change((_table_row(desk, spec, place, what.code, target),), what.mapping))
    return _done(desk, _in_map(desk, value, place, target))


def ignore(desk: Desk, value: UnknownValue) -> Done:
    """Say that data is knowingly not read: into the ``ignore`` of the mapping that met it."""
    what = value.what
    own = own_file(what.mapping, desk.folder())
    if own is None:
        return _done(desk, _of_its_own(desk, value, ("ignore",), [what.source]))
    edit = edited(own, lambda text: rewrite.add_item(text, ("ignore",), what.source))
    return _done(desk, _Change((edit,), what.mapping))


def _done(desk: Desk, change: _Change) -> Done:
    apply(desk, change.edits, change.mapping)
    return Done(change.mapping, tuple(each.said(desk.folder().parent) for each in change.edits))


def _in_map(desk: Desk, value: UnknownValue, place: RulePlace, target: str) -> _Change:
    """A rule that stands in the site gets the code; else a mapping of the site gets the whole rule with it."""
    what = value.what
    if not place.is_built_in:
        where = (*place.keys, "map", what.code)
        edit = edited(place.file(desk.folder()), lambda text: rewrite.set_value(text, where, target))
        return _Change((edit,), what.mapping)
    rule: dict[str, Value] = {key: as_data(node) or "" for key, node in place.rule.steps.items()}
    codes = rule["map"]
    rule["map"] = {**(codes if isinstance(codes, dict) else {}), what.code: target}
    own = own_file(what.mapping, desk.folder())
    if own is None:
        return _of_its_own(desk, value, place.keys, rule)
    return _Change((edited(own, lambda text: rewrite.set_value(text, place.keys, rule)),), what.mapping)


def _of_its_own(desk: Desk, value: UnknownValue, where: tuple[str, ...], says: Value) -> _Change:
    """A mapping of the partner's own that extends the built-in one, and the partner file switched to it."""
    what, folder = value.what, desk.folder()
    name = f"{what.partner}/{what.mapping.rpartition('/')[2]}"
    path = folder / f"{name}.yaml"
    if path.exists():
        raise RefusedError(
            f"There is a mapping '{name}', but {what.partner} uses '{what.mapping}'.",
            next_step=f"Name '{name}' in partners/{what.partner}.yaml, then say it again.",
        )
    head = f"gateway: 1\nmapping: {name}\nextends: {what.mapping}\n"
    text = fit(rewrite.set_value(head, where, says), path)
    partner = edited(folder.parent / "partners" / f"{what.partner}.yaml", _switched(desk, value, name))
    return _Change((Edit(path, None, text.encode("utf-8")), partner), name)


def _switched(desk: Desk, value: UnknownValue, name: str) -> Callable[[str], str | Refused]:
    """The partner file with the new name wherever it uses the built-in one to read."""
    what = value.what
    references = desk.site.references if desk.site is not None else ()
    uses = [each.use for each in references if (each.partner, each.use.mapping) == (what.partner, what.mapping)]

    def change(text: str) -> str | Refused:
        found: str | Refused = text if uses else Refused(f"it does not use '{what.mapping}' any more")
        for use in uses:
            found = _renamed(found, use.path, what.mapping, name) if isinstance(found, str) else found
        return found

    return change


def _renamed(text: str, path: tuple[str | int, ...], before: str, after: str) -> str | Refused:
    """A mapping named anew; one entry may stand for a list of one, and a name for ``{mapping: name}``."""
    numbers = [at for at, part in enumerate(path) if isinstance(part, int)]
    for left_out in ((), *((at,) for at in numbers), tuple(numbers)):
        place = tuple(part for at, part in enumerate(path) if at not in left_out)
        for whole in (place, (*place, "mapping")):
            if text_at(text, whole) == before:
                return rewrite.set_value(text, whole, after)
    return Refused(f"'{before}' does not stand where it was expected")


def _table_row(desk: Desk, spec: MappingSpec, place: RulePlace, code: str, target: str) -> Edit:
    """A row of the table in which the code was looked for; columns that the rule does not name stay empty."""
    node = place.rule.steps["lookup"]
    said = {each.key.value: each.value for each in node} if isinstance(node, YamlMap) else {}
    table, key, column = (_text(said.get(name)) for name in ("table", "key", "value"))
    found = spec.tables.get(table)
    path = found.folder / found.file.value if found is not None else None
    if found is None or path is None or not path.is_relative_to(desk.folder()):
        raise RefusedError(
            f"The table '{table}' comes with the gateway and is not changed.",
            next_step=f"Write a 'map' for {place.keys[-1]}, or a table of your own.",
        )
    if "also" in said:
        raise RefusedError(
            f"A row of '{table}' needs more columns than one code says.", next_step=f"Add it to {path.name} by hand."
        )
    before = path.read_bytes()
    after = with_row(before, {key: code, column: target}, encoding=found.encoding, delimiter=found.delimiter)
    if isinstance(after, Refused):
        raise RefusedError(f"{path.name} was not changed: {after.sentence}.", next_step="Add the row by hand.")
    return Edit(path, before, after)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, YamlText) else ""
