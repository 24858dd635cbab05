"""Inheritance of mappings: entries replaced by their target, groups merged, checks appended, places kept."""

from collections.abc import Iterable
from dataclasses import replace

from gateway.config.mapping_spec import EntrySpec, GroupSpec, RuleSpec
from gateway.config.problems import Located, Problems
from gateway.config.strict_yaml import YamlText


def merged(parent: GroupSpec, child: GroupSpec, problems: Problems) -> GroupSpec:
    """A child group over its parent's: entries by target, checks appended, the rest replaced where given."""

    def kept(key: str, own: Located | None, inherited: Located | None) -> Located | None:
        return own or (None if key in child.drops else inherited)

    return GroupSpec(
        target=child.target, each=kept("each", child.each, parent.each), when=kept("when", child.when, parent.when),
        limit=kept("limit", child.limit, parent.limit), sort=kept("sort", child.sort, parent.sort),
        before=child.before, after=child.after,
        vars=_entries(parent.vars, child.vars, problems), fields=_entries(parent.fields, child.fields, problems),
        checks=child.checks if "checks" in child.drops else (*parent.checks, *child.checks),
    )  # fmt: skip


def placed(entries: Iterable[EntrySpec], problems: Problems) -> tuple[EntrySpec, ...]:
    """Entries in their order, those with ``before`` or ``after`` moved there."""
    return _entries((), tuple(entries), problems)


def _entries(parent: tuple[EntrySpec, ...], child: tuple[EntrySpec, ...], problems: Problems) -> tuple[EntrySpec, ...]:
    """The parent's entries keep their places, new ones follow; ``~`` removes."""
    result = _without(parent, child)
    for each in child:
        before = result.get(each.target.value)
        if isinstance(each, RuleSpec) and not each.steps and not each.is_wrong:
            result.pop(each.target.value, None)
        elif isinstance(each, GroupSpec) and isinstance(before, GroupSpec):
            result[each.target.value] = merged(before, each, problems)
        elif isinstance(each, GroupSpec):
            empty = GroupSpec(each.target)
            result[each.target.value] = merged(empty, each, problems)
        else:
            result[each.target.value] = each
    order = list(result)
    for each in child:
        if each.target.value in result:
            _move(order, each, problems)
    return tuple(result[name] for name in order)


def _without(parent: tuple[EntrySpec, ...], child: tuple[EntrySpec, ...]) -> dict[str, EntrySpec]:
    """The parent's entries but what the child writes the other way: ``ship_to.city`` for ``city`` in a group, and back."""
    names = {each.target.value for each in child}
    inside = {
        f"{group.target.value}.{each.target.value}"
        for group in child
        if isinstance(group, GroupSpec) and group.each is None
        for each in group.fields
    }
    result: dict[str, EntrySpec] = {}
    for each in parent:
        name = each.target.value
        if isinstance(each, GroupSpec) and each.each is None:
            kept = tuple(inner for inner in each.fields if f"{name}.{inner.target.value}" not in names)
            result[name] = replace(each, fields=kept)
        elif name not in inside or name in names:
            result[name] = each
    return result


def _move(order: list[str], entry: EntrySpec, problems: Problems) -> None:
    for key, offset in (("before", 0), ("after", 1)):
        beside = _beside(entry, key)
        if beside is None:
            continue
        if beside.value not in order or beside.value == entry.target.value:
            sentence = f"there is no rule '{beside.value}' to stand {key}"
            problems.unknown(beside.origin, "M021", sentence, beside.value, order)
            return
        order.remove(entry.target.value)
        order.insert(order.index(beside.value) + offset, entry.target.value)


def _beside(entry: EntrySpec, key: str) -> Located | None:
    if isinstance(entry, GroupSpec):
        return entry.before if key == "before" else entry.after
    node = entry.steps.get(key)
    return Located(node.value, entry.at(node)) if isinstance(node, YamlText) else None
