"""Compile an inbound mapping: every target checked against the catalogue, every path against the layout of the data."""

from collections.abc import Collection, Iterable

from gateway.canonical.base import Canonical
from gateway.config.mapping_spec import CheckSpec, EntrySpec, GroupSpec
from gateway.config.problems import Located, Problems, suggestion
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.language import rules
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.signatures import ANY
from gateway.mapping.notations.notation import ItemPath, Level
from gateway.mapping.planning import inbound_plan
from gateway.mapping.planning.inbound_names import Names, Scope
from gateway.mapping.planning.inbound_plan import InCheck, InGroup, InRule
from gateway.mapping.planning.inbound_rules import RuleMaker
from gateway.mapping.planning.ordering import ordered

Entry = InRule | InGroup


class Compiler:
    """Compiles the rules and groups of one inbound mapping; problems are collected."""

    def __init__(self, names: Names, maker: RuleMaker, problems: Problems) -> None:
        self.names = names
        self.maker = maker
        self.problems = problems

    def compile(self, body: GroupSpec, model: type[Canonical], level: Level) -> InGroup:
        """The whole mapping as its outermost group."""
        return self._group(body, Scope(model, level), None)

    def _group(self, group: GroupSpec, scope: Scope, items: ItemPath | None) -> InGroup:
        entries: list[Entry] = []
        scope.vars |= {each.target.value: ANY for each in group.vars}
        for var in group.vars:
            if isinstance(var, GroupSpec):
                self.problems.at(
                    var.target.origin, "M065", f"'{var.target.value}' is a helper value, so it has no group"
                )
            elif (rule := self.maker.variable(var, scope)) is not None:
                entries.append(rule)
        entries += [entry for each in group.fields if (entry := self._entry(each, scope)) is not None]
        self._required(group, scope.model, entries)
        self._twice(entries)
        made = InGroup(
            target=group.target.value, origin=group.target.origin, items=items,
            entries=ordered(entries, self.names.document, self.problems),
            order=tuple(each.target for each in entries if isinstance(each, InGroup) or not each.is_var),
            checks=tuple(self._checks(group.checks, scope)), when=self._condition(group.when, scope),
            limit=self._limit(group),
        )  # fmt: skip
        self._unused(group, scope)
        return made

    def _twice(self, entries: Collection[Entry]) -> None:
        """A field given by a dotted name and in the group of its object: which one counts would be a riddle (M003)."""
        groups = [each for each in entries if isinstance(each, InGroup) and each.items is None]
        inside = {
            f"{group.target}.{name}": rule
            for group in groups
            for name, rule in inbound_plan.rules(group)
            if not rule.is_var
        }
        for each in entries:
            if isinstance(each, InRule) and not each.is_var and (again := inside.get(each.target)) is not None:
                hint = f"the other one is at {each.place}; write both as '{each.target}: ...', so that one replaces the other"
                self.problems.at(again.origin, "M003", f"'{each.target}' is given by two rules", hint)

    def _required(self, group: GroupSpec, model: type[Canonical], entries: Iterable[Entry]) -> None:
        """A field that must be there and that no rule gives."""
        heads = {each.target.partition(".")[0] for each in entries}
        written = {each.target.value.partition(".")[0] for each in group.fields}
        for name, field in catalogue.fields_of(model).items():
            if field.required and name not in heads | written:
                where = f"each of '{group.target.value}'" if group.target.value else f"every {self.names.document}"
                self.problems.at(group.target.origin, "M066", f"no rule gives '{name}', which {where} must have")

    def _entry(self, entry: EntrySpec, scope: Scope) -> Entry | None:
        name = entry.target.value
        field = catalogue.find(scope.model, name, self.names.custom)
        if field is None:
            self._no_field(entry.target, scope)
            return None
        if isinstance(entry, GroupSpec):
            return self._inner_group(entry, scope, field)
        if field.model is not None or field.is_list:
            what = "is a list; it needs a group with 'each'" if field.is_list else "has sub-fields; name one of them"
            self.problems.at(entry.target.origin, "M062" if field.is_list else "M063", f"'{name}' {what}")
            return None
        return self.maker.rule(entry, scope, field)

    def _no_field(self, target: Located, scope: Scope) -> None:
        name = target.value
        hint = suggestion(name, catalogue.dotted_names(scope.model, self.names.custom))
        if name.startswith("custom."):
            hint = hint or "fields of your own are declared under 'custom_fields' in gateway.yaml"
        lists = [
            each.name
            for each in catalogue.fields_of(scope.model).values()
            if each.is_list
            and each.model is not None
            and catalogue.find(each.model, name, self.names.custom) is not None
        ]
        if not hint and lists:
            named = " or ".join(f"'{each}'" for each in lists)
            hint = f"it is a field of each of {named}; write it in that group"
        sentence = f"'{name}' is not a field of {self.names.document} here"
        self.problems.at(target.origin, "M060", sentence, hint or self.names.around(name, scope))

    def _inner_group(self, entry: GroupSpec, scope: Scope, field: CatalogueField) -> InGroup | None:
        name = entry.target.value
        at = entry.target.origin
        if entry.sort is not None:
            self.problems.at(
                entry.sort.origin, "M021", "'sort' belongs to mappings that write; lists keep the order of the file"
            )
        if field.model is None:
            self.problems.at(at, "M065", f"'{name}' is not a list, so it has no group")
            return None
        if not field.is_list:
            if entry.each is not None:
                self.problems.at(
                    at, "M061", f"'{name}' is a single object; write its fields as '{name}.x'", "remove 'each'"
                )
                return None
            if entry.limit is not None:
                self.problems.at(entry.limit.origin, "M021", f"'{name}' is a single object, so it has no 'limit'")
            return self._group(entry, Scope(field.model, scope.level, outer=scope), None)
        if entry.each is None:
            self.problems.at(at, "M062", f"'{name}' is a list; its group needs 'each'")
            return None
        found = scope.level.each(entry.each)
        if found is None:
            return None
        items, level = found
        return self._group(entry, Scope(field.model, level, outer=scope), items)

    def _checks(self, checks: tuple[CheckSpec, ...], scope: Scope) -> Iterable[InCheck]:
        for each in checks:
            that = self._condition(each.that, scope)
            if that is not None:
                yield InCheck(that, each.say, each.level, each.code, each.that.origin)

    def _condition(self, text: Located | None, scope: Scope) -> Expression | None:
        return self.maker.condition(text, scope) if text is not None else None

    def _limit(self, group: GroupSpec) -> int | None:
        text = group.limit
        if text is None:
            return None
        if not text.value.isascii() or not text.value.isdigit() or len(text.value) > rules.MOST_DIGITS + 2:
            self.problems.at(text.origin, "M021", f"'limit' is a whole number, not '{text.value}'")
            return None
        return int(text.value)

    def _unused(self, group: GroupSpec, scope: Scope) -> None:
        """Helper values that nothing names (M093)."""
        for each in group.vars:
            if each.target.value in scope.vars and each.target.value not in scope.named:
                sentence = f"nothing uses the helper value '{each.target.value}'"
                self.problems.warn(each.target.origin, "M093", sentence, "remove it, or name it in an expression")
