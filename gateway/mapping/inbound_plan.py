"""Compile an inbound mapping: every target checked against the catalogue, every path against the guide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gateway.canonical.base import Canonical
from gateway.config import x12_places
from gateway.config.mapping_spec import CheckSpec, EntrySpec, GroupSpec, RuleSpec
from gateway.config.problems import Located, Origin, Problems, suggestion
from gateway.config.x12_places import Level, Wrong
from gateway.formats.record import Record
from gateway.formats.x12 import path as paths
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.path import PAIR_KEY, PAIR_VALUE, Found, Path
from gateway.mapping import catalogue, rules, transforms
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.expressions import Expression
from gateway.mapping.rules import RuleReader, Steps
from gateway.mapping.values import StepError

Read = Callable[[Record, Record], list[Found]]
"""The values that a source has in a record; the second is the root, the set or document that the record belongs to."""
Items = Callable[[Record, Record], list[Record]]
TEXT = CatalogueField("", "text", required=False)
ROW = "row"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is read; ``name`` is the path as written, ``dollar`` an input of the environment."""

    name: str
    read: Read | None
    every: bool = False


@dataclass(frozen=True, slots=True)
class InRule:
    """One rule ready to run; ``default`` is typed already."""

    target: str
    field: CatalogueField
    origin: Origin
    sources: tuple[Source, ...]
    constant: object
    calc: Expression | None
    when: Expression | None
    steps: Steps
    convert: transforms.Step
    default: object
    required: bool


@dataclass(frozen=True, slots=True)
class InCheck:
    """One condition on the result."""

    that: Expression
    say: str
    level: str
    code: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class InGroup:
    """The rules of one scope in the order they run; ``items`` gives its instances, None for one."""

    target: str
    origin: Origin
    items: Items | None
    vars: tuple[InRule, ...]
    entries: "tuple[InRule | InGroup, ...]"
    checks: tuple[InCheck, ...]
    when: Expression | None
    limit: int | None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the rules of one scope may name."""

    model: type[Canonical]
    level: Level
    vars: tuple[str, ...]
    document: str
    root: type[Canonical]
    params: tuple[str, ...]
    pairs: bool = False


class Compiler:
    """Compiles one inbound mapping; ``guides`` are those of the versions it names, none for CSV."""

    def __init__(
        self, document: str, guides: Sequence[Guide], params: tuple[str, ...], dates: str, problems: Problems
    ) -> None:
        self.document = document
        self.guides = guides
        self.params = params
        self.dates = dates
        self.problems = problems

    def compile(self, body: GroupSpec, model: type[Canonical]) -> InGroup:
        """The whole mapping as its outermost group."""
        level = self.guides[0].nodes if self.guides else ()
        scope = _Scope(model, level, _names(body.vars), self.document, model, self.params)
        return self._group(body, scope, None)

    def _group(self, group: GroupSpec, scope: _Scope, items: Items | None) -> InGroup:
        inner_vars = tuple(
            rule for each in group.vars if isinstance(each, RuleSpec)
            if (rule := self._rule(each, scope, TEXT)) is not None
        )  # fmt: skip
        entries = [entry for each in group.fields if (entry := self._entry(each, scope)) is not None]
        present = {each.target for each in entries}
        return InGroup(
            target=group.target.value, origin=group.target.origin, items=items, vars=inner_vars,
            entries=self._ordered(entries), checks=tuple(self._checks(group.checks, scope)),
            when=self._condition(group.when, scope), limit=self._limit(group.limit),
            required=self._required(group, scope.model, present),
        )  # fmt: skip

    def _required(self, group: GroupSpec, model: type[Canonical], present: set[str]) -> tuple[str, ...]:
        """Required fields that no rule writes; one that cannot be empty without a rule is a problem."""
        heads = {each.partition(".")[0] for each in present}
        missing = [name for name, each in catalogue.fields_of(model).items() if each.required and name not in heads]
        for name in missing:
            where = f"each of '{group.target.value}'" if group.target.value else f"every {self.document}"
            self.problems.at(group.target.origin, "M066", f"no rule gives '{name}', which {where} must have")
        return tuple(name for name, each in catalogue.fields_of(model).items() if each.required)

    def _entry(self, entry: EntrySpec, scope: _Scope) -> "InRule | InGroup | None":
        name = entry.target.value
        field = catalogue.find(scope.model, name)
        if field is None:
            known = catalogue.dotted_names(scope.model)
            self.problems.unknown(
                entry.target.origin, "M060", f"'{name}' is not a field of {self.document} here", name, known
            )
            return None
        if isinstance(entry, RuleSpec):
            if field.model is not None:
                what = (
                    "is a list; it needs a group with 'each'" if field.is_list else "has sub-fields; name one of them"
                )
                self.problems.at(entry.target.origin, "M062" if field.is_list else "M063", f"'{name}' {what}")
                return None
            return self._rule(entry, scope, field)
        return self._inner_group(entry, scope, field)

    def _inner_group(self, entry: GroupSpec, scope: _Scope, field: CatalogueField) -> InGroup | None:
        name = entry.target.value
        if field.model is None:
            self.problems.at(entry.target.origin, "M065", f"'{name}' is not a list, so it has no group")
            return None
        if not field.is_list:
            self.problems.at(
                entry.target.origin, "M061", f"'{name}' is a single object; write its fields as '{name}.x'"
            )
            return None
        if entry.each is None:
            self.problems.at(entry.target.origin, "M062", f"'{name}' is a list; its group needs 'each'")
            return None
        found = self._each(entry.each, scope)
        if found is None:
            return None
        items, level, pairs = found
        inner = _Scope(field.model, level, _names(entry.vars), scope.document, scope.root, scope.params, pairs=pairs)
        return self._group(entry, inner, items)

    def _each(self, each: Located, scope: _Scope) -> tuple[Items, Level, bool] | None:
        if not self.guides:
            if each.value != ROW:
                self.problems.at(each.origin, "M042", f"'{each.value}' is not 'row'", "a CSV file has rows: each: row")
                return None
            return (lambda record, _: record.children.get(ROW, [])), (), False
        path = self._path(each, scope.level)
        if path is None:
            return None
        if path.last.element:
            self.problems.at(
                each.origin, "M041", f"'{each.value}' is one value; 'each' needs a loop, a segment or pairs"
            )
            return None
        place = x12_places.locate(path, scope.level, self._guide_of(path, scope.level))
        level = () if isinstance(place, Wrong) else place.level
        return (lambda record, root: paths.items(path, record, root)), level, bool(path.last.pairs)

    def _rule(self, rule: RuleSpec, scope: _Scope, field: CatalogueField) -> InRule | None:
        reader = RuleReader(rule, self.problems)
        before = len(self.problems)
        steps = reader.steps(trims=True)
        self._check_table(steps, field)
        known = self._known(scope)
        calc, when = reader.expression("calc", known), reader.expression("when", known)
        sources = tuple(each for text in reader.sources() if (each := self._source(text, scope)) is not None)
        form = steps.form or (self.dates if field.kind == "date" else "")
        convert = transforms.read(field.kind, form=form, implied_decimals=steps.implied_decimals, codes=field.codes)
        constant = reader.text("const")
        typed = self._typed(constant, convert) if constant else None
        default = self._typed(reader.text("default"), convert)
        if len(self.problems) > before:
            return None
        return InRule(
            target=rule.target.value, field=field, origin=rule.target.origin, sources=sources, constant=typed, calc=calc,
            when=when, steps=steps, convert=convert, default=default,
            required=steps.required or (field.required and when is None),
        )  # fmt: skip

    def _typed(self, text: Located | None, convert: transforms.Step) -> object:
        if text is None:
            return None
        try:
            return convert(text.value)
        except StepError as error:
            self.problems.at(text.origin, "M052", str(error))
            return None

    def _check_table(self, steps: Steps, field: CatalogueField) -> None:
        if field.kind != "code":
            return
        for where, value in steps.table:
            if value and value not in field.codes and value != "=":
                sentence = f"'{value}' is not one of {', '.join(field.codes)}"
                self.problems.at(where.origin, "M052", sentence, suggestion(value, field.codes))

    def _source(self, text: Located, scope: _Scope) -> Source | None:
        if text.value.startswith("$"):
            if scope.pairs and text.value in (PAIR_KEY, PAIR_VALUE):
                key = text.value
                return Source(
                    key,
                    lambda record, _: [Found(record.fields.get(key, ""), f"{record.name}, segment {record.position}")],
                )
            hint = rules.dollar_hint(text.value, self.params)
            if hint is not None or text.value in (PAIR_KEY, PAIR_VALUE):
                self.problems.at(text.origin, "M031", f"unknown name '{text.value}' here", hint or "")
                return None
            return Source(text.value, None)
        if not self.guides:
            return Source(text.value, _column(text.value))
        path = self._path(text, scope.level)
        if path is None:
            return None
        if not path.last.element and not path.last.pairs:
            self.problems.at(
                text.origin, "M041", f"'{text.value}' is a segment, not one value", f"name an element: {text.value}01"
            )
            return None
        return Source(text.value, lambda record, root: paths.values(path, record, root), path.last.every)

    def _path(self, text: Located, level: Level) -> Path | None:
        path = paths.parse(text.value)
        if isinstance(path, str):
            hint = "write BEG03, REF(DP)02, N1(ST)/N401 or PO1.UP; a constant is written ='00'"
            self.problems.at(text.origin, "M040", path, hint)
            return None
        place = x12_places.locate(path, level, self._guide_of(path, level))
        if isinstance(place, Wrong):
            self.problems.at(text.origin, "M040", place.sentence, place.hint)
            return None
        return path

    def _guide_of(self, path: Path, level: Level) -> Guide:
        """The first version in which the path exists; paths from the start of the set are tried in each."""
        for each in self.guides:
            at_root = path.absolute or level is self.guides[0].nodes
            if not isinstance(x12_places.locate(path, each.nodes if at_root else level, each), Wrong):
                return each
        return self.guides[0]

    def _checks(self, checks: tuple[CheckSpec, ...], scope: _Scope) -> list[InCheck]:
        found = []
        for each in checks:
            that = rules.expression(each.that, self._known(scope), self.problems)
            if that is not None:
                found.append(InCheck(that, each.say, each.level, each.code, each.that.origin))
        return found

    def _condition(self, text: Located | None, scope: _Scope) -> Expression | None:
        return rules.expression(text, self._known(scope), self.problems) if text is not None else None

    def _limit(self, text: Located | None) -> int | None:
        if text is not None and not text.value.isdigit():
            self.problems.at(text.origin, "M021", f"'limit' is a whole number, not '{text.value}'")
            return None
        return int(text.value) if text is not None else None

    def _known(self, scope: _Scope) -> rules.NameCheck:
        def hint(name: str) -> str | None:
            if name.startswith("$"):
                return rules.dollar_hint(name, self.params)
            if name.startswith("outer.") or name in scope.vars:
                return None
            model = scope.model
            if name.startswith(f"{scope.document}."):
                name, model = name.partition(".")[2], scope.root
            return (
                None
                if catalogue.reaches(model, name)
                else suggestion(name, (*catalogue.dotted_names(model), *scope.vars))
            )

        return hint

    def _ordered(self, entries: "list[InRule | InGroup]") -> "tuple[InRule | InGroup, ...]":
        """Rules before those that name them; a circle is a problem (M064)."""
        done: list[InRule | InGroup] = []
        open_now: list[str] = []
        by_target = {each.target: each for each in entries}

        def visit(entry: "InRule | InGroup") -> None:
            if entry in done:
                return
            if entry.target in open_now:
                circle = " -> ".join([*open_now[open_now.index(entry.target) :], entry.target])
                self.problems.at(entry.origin, "M064", f"these rules need each other: {circle}")
                return
            open_now.append(entry.target)
            for name in _needs(entry):
                for target, other in by_target.items():
                    if other is not entry and (
                        name == target or name.startswith(f"{target}.") or target.startswith(f"{name}.")
                    ):
                        visit(other)
            open_now.pop()
            done.append(entry)

        for each in entries:
            visit(each)
        return tuple(done)


def sources(group: InGroup) -> Iterator[str]:
    """Every path the rules of a group and of the groups in it read."""
    for entry in (*group.vars, *group.entries):
        if isinstance(entry, InGroup):
            yield from sources(entry)
        else:
            yield from (source.name for source in entry.sources)


def _needs(entry: InRule | InGroup) -> list[str]:
    if isinstance(entry, InGroup):
        return []
    return [use.name for each in (entry.calc, entry.when) if each is not None for use in each.names]


def _names(entries: tuple[EntrySpec, ...]) -> tuple[str, ...]:
    return tuple(each.target.value for each in entries)


def _column(title: str) -> Read:
    """The cell of a row; of a document the cells of its rows, each distinct value once."""

    def read(record: Record, _: Record) -> list[Found]:
        if record.fields:
            value = record.fields.get(title, "")
            return [Found(value, f"row {record.position}")] if value.strip() else []
        found: dict[str, Found] = {}
        for row in record.children.get(ROW, ()):
            value = row.fields.get(title, "")
            if value.strip():
                found.setdefault(value.strip(), Found(value, f"row {row.position}"))
        return list(found.values())

    return read
