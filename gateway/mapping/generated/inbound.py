"""Generated source of inbound mappings: a function from a document of a file to a canonical document, or to nothing."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import getcontext, setcontext
from functools import cache
from typing import cast

from gateway.canonical.base import Canonical
from gateway.formats.record import SetRecord
from gateway.mapping import catalogue
from gateway.mapping.environment import Environment
from gateway.mapping.generated import reading, reading_x12
from gateway.mapping.generated.conversion import Conversions
from gateway.mapping.generated.models import Models
from gateway.mapping.generated.reading import Listing, Place
from gateway.mapping.generated.reading_rows import RowPlace
from gateway.mapping.generated.reading_tree import TreePlace
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import Manner, NotGeneratedError, NotLaidError, Writer, compiled
from gateway.mapping.language.values import CONTEXT, is_empty
from gateway.mapping.notations.notation import Node
from gateway.mapping.notations.records import RecordsNotation
from gateway.mapping.notations.rows import RowsNotation
from gateway.mapping.notations.x12 import X12Notation
from gateway.mapping.notations.xml import XmlNotation
from gateway.mapping.planning.inbound_plan import InGroup, InRule
from gateway.mapping.prepare import PreparedMapping

MOST_KEPT = 500
_MEMORY: dict[str, "Generated"] = {}
Run = Callable[[Node, Environment], Canonical | None]


@dataclass(frozen=True, slots=True)
class Generated:
    """The source of a mapping and its function; without one, ``why`` none was made.

    ``number`` is the field by which people call the document, the first that must be there. ``tidy`` is the function for
    tidy sets of X12, whose texts need no cleaning; the source of both is made in the same way.
    """

    source: str
    function: Run | None
    why: str = ""
    number: str = ""
    tidy: Run | None = None

    def document(self, record: Node, env: Environment) -> Canonical | None:
        """The document, None when the interpreter has to judge."""
        if self.function is None:
            return None
        run = self.function
        if self.tidy is not None and isinstance(record, SetRecord) and record.is_tidy:
            run = self.tidy
        before = getcontext()
        setcontext(CONTEXT.copy())  # what localcontext does, in half the time
        try:
            return run(record, env)
        except Exception:  # noqa: BLE001 - whatever it is, the interpreter finds it again and says it properly
            return None
        finally:
            setcontext(before)


def of(prepared: PreparedMapping) -> Generated:
    """The source of a mapping, made when it is first needed and kept for the process."""
    found = _MEMORY.get(prepared.spec_hash)
    if found is None:
        if len(_MEMORY) >= MOST_KEPT:
            _MEMORY.clear()
        found = _MEMORY[prepared.spec_hash] = generate(prepared)
    return found


def generate(prepared: PreparedMapping) -> Generated:
    """The source of a mapping."""
    if prepared.inbound is None:
        return Generated("", None, "it does not read")
    source = ""
    tidy: Run | None = None
    try:
        if isinstance(prepared.notation, X12Notation):
            source, function = _set_function(prepared, prepared.inbound, tidy=True)
            tidy, function = function, _when_first_called(prepared, prepared.inbound)
        else:
            source, function = _function(prepared, prepared.inbound, Manner())
    except NotGeneratedError as error:
        return Generated(source, None, str(error))
    except Exception as error:  # noqa: BLE001 - whatever a mapping has that no source can be made of, the interpreter can
        return Generated(source, None, f"{type(error).__name__}: {error}")
    return Generated(source, function, number=_number(prepared.model), tidy=tidy)


def _function(prepared: PreparedMapping, plan: InGroup, manner: Manner) -> tuple[str, Run]:
    writer = _Source(prepared, plan, manner).written()
    source = writer.text()
    return source, cast("Run", compiled(source, prepared.name, writer.constants, "mapped"))


def _set_function(prepared: PreparedMapping, plan: InGroup, *, tidy: bool) -> tuple[str, Run]:
    """The function of sets of X12, which go by their layout unless something has to be read from their tree."""
    try:
        return _function(prepared, plan, Manner(laid=True, tidy=tidy))
    except NotLaidError:
        return _function(prepared, plan, Manner(tidy=tidy))


def _when_first_called(prepared: PreparedMapping, plan: InGroup) -> Run:
    """The function of sets that are not tidy; most mappings never see one."""

    @cache
    def made() -> Run:
        return _set_function(prepared, plan, tidy=False)[1]

    def run(record: Node, env: Environment) -> Canonical | None:
        return made()(record, env)

    return run


class _Source:
    """Writes the function of one mapping."""

    def __init__(self, prepared: PreparedMapping, plan: InGroup, manner: Manner) -> None:
        self.prepared = prepared
        self.plan = plan
        self.writer = Writer(manner)
        self.conversions = Conversions(self.writer)
        self.models = Models(self.writer)

    def written(self) -> Writer:
        """The function ``mapped``."""
        scope = Scope(self.writer, self.prepared.document, self.plan, self.prepared.model, self.prepared.document)
        with self.writer.block("def mapped(root, env)"):
            self.writer.line(f'"""{self.prepared.name}: the document, or None for the interpreter to judge."""')
            self.writer.line_for("separator", "separator = root.component_separator")
            self.start(scope)
            self.fill(scope, self.place(scope))
            self.checks(scope)
            self.writer.line(f"return {self.models.made(scope, scope.model, '')}")
        return self.writer

    def place(self, scope: Scope) -> Place:
        """Where the document stands in the data."""
        notation = self.prepared.notation
        if isinstance(notation, X12Notation):
            tree = "root"
            if self.writer.manner.laid:
                tree = "layout"
                self.writer.line("flat = root.flat")
                self.writer.line("layout = root.layout")
            self.writer.line(f"{scope.name}_segments = {tree}.segments")
            self.writer.line(f"{scope.name}_children = {tree}.children")
            return reading_x12.top(self.writer, scope, notation)
        if isinstance(notation, RowsNotation):
            return RowPlace(self.writer, scope, inside=False, first_counts=self.prepared.on_conflict == "first")
        if isinstance(notation, XmlNotation):
            return TreePlace(self.writer, scope, "root.element")
        if isinstance(notation, RecordsNotation):
            return TreePlace(self.writer, scope, "root")
        return reading.AnyPlace(self.writer, scope)

    # --- one scope ------------------------------------------------------------------------------------------------------

    def start(self, scope: Scope) -> None:
        """The dictionaries of a scope, its helper values, and what expressions may need."""
        targets = scope.targets()
        if len(set(targets)) < len(targets):
            raise NotGeneratedError(f"two rules give the same field of '{scope.plan.target}'")
        for head in ("", *scope.heads()):
            lists = [
                each.target.rpartition(".")[2]
                for each in scope.groups()
                if each.items and each.target.rpartition(".")[0] == head
            ]
            if head or scope.is_part:
                self.writer.line(f"{scope.part(head)} = {{{', '.join(f'{name!r}: ()' for name in lists)}}}")
                self.writer.line_for(f"{scope.part(head)}_set", f"{scope.part(head)}_set = set()")
            else:
                self.models.start(scope, lists)
        for rule in scope.rules():
            if rule.is_var:
                self.writer.line(f"{scope.var(rule.target)} = None")
        for group in scope.groups():
            if group.items is not None:
                self.writer.line_for(scope.values_of(group.target), f"{scope.values_of(group.target)} = None")
        if self.prepared.notation is not None:
            position = self.writer.constant("position_of", self.prepared.notation.position, ("function", "position"))
            self.writer.line_for(f"{scope.name}__row", f"{scope.name}__row = {position}({scope.node}, root)")

    def fill(self, scope: Scope, place: Place) -> None:
        """The rules that only read at once, then everything else in the order of the plan."""
        free = [
            each
            for at, each in enumerate(scope.plan.entries)
            if isinstance(each, InRule) and self.is_free(each, at, scope, place)
        ]
        for rule in free:
            if rule.default is not None:
                scope.put(rule.target, self.conversions.default(rule))
        place.texts(free, lambda rule, name: self.conversions.of_text(rule, scope, name))
        lists: list[InGroup] = []
        for entry in scope.plan.entries:
            if isinstance(entry, InGroup) and entry.items is not None:
                lists.append(entry)
            elif isinstance(entry, InGroup) or not any(entry is each for each in free):
                self.lists(lists, scope, place)
                lists = []
                if isinstance(entry, InGroup):
                    self.single(entry, scope)
                else:
                    self.rule(entry, scope, place)
        self.lists(lists, scope, place)

    @staticmethod
    def is_free(rule: InRule, at: int, scope: Scope, place: Place) -> bool:
        """Whether a rule only reads texts, and nothing names it before its turn."""
        first = rule.steps.before[0] if rule.steps.before else None
        reads = (
            not rule.is_var and not rule.every and rule.when is None and not rule.steps.named and bool(rule.sources)
            and rule.checked != "gln" and first is not None and (first.key, getattr(first, "arguments", ())) == ("trim", ("both",))
            and all(each.path is not None and place.takes(each.path) for each in rule.sources)
        )  # fmt: skip
        return reads and not any(
            _may_name(use.name, rule.target)
            for entry in scope.plan.entries[:at]
            for each in entry.named
            for use in each.names
        )

    def rule(self, rule: InRule, scope: Scope, place: Place) -> None:
        """A rule in its turn."""
        writer = self.writer
        written = ", ".join(each.name for each in rule.sources) or (
            rule.calc.text if rule.calc is not None else f"={rule.constant}"
        )
        writer.comment(f"{rule.target}: {written} ({rule.place})")
        writer.line("value = None")
        with ExitStack() as blocks:
            if rule.when is not None:
                self.when(rule, scope, blocks)
            with self.conversions.passing_over(rule):
                self.read(rule, scope, place)
                self.conversions.of_any(rule, scope)
            empty = f"{writer.function(is_empty)}(value)"
            if rule.required:
                with writer.block(f"if {empty}"):
                    writer.line("return None")
        if rule.is_var:
            writer.line(f"{scope.var(rule.target)} = value")
            return
        with writer.block(f"if not {writer.function(is_empty)}(value)"):
            scope.put(rule.target, "value")

    def when(self, rule: InRule, scope: Scope, blocks: ExitStack) -> None:
        """The condition of a rule; one that cannot be computed is an error of the rule."""
        if rule.when is None:
            return
        condition = self.conversions.source(rule.when, scope, condition=True)
        blocks.enter_context(self.writer.block(f"if {condition}"))

    def read(self, rule: InRule, scope: Scope, place: Place) -> None:
        """``value`` as it is before any step."""
        if rule.constant is not None:
            self.writer.line(f"value = {rule.constant!r}")
            return
        if rule.calc is not None:
            self.writer.line(f"value = {self.conversions.source(rule.calc, scope)}")
            return
        for at, source in enumerate(rule.sources):
            read = (
                scope.resolve(source.name)[0] if source.path is None
                else reading.first(self.writer, scope, source.path, every=rule.every, first_counts=self.prepared.on_conflict == "first")
            )  # fmt: skip
            there = place.may_have(source.path) if source.path is not None else ""
            tests = [*([f"{self.writer.function(is_empty)}(value)"] if at else []), *([f"({there})"] if there else [])]
            with self.writer.block(f"if {' and '.join(tests)}") if tests else ExitStack():
                self.writer.line(f"value = {read}")

    # --- groups ---------------------------------------------------------------------------------------------------------

    def lists(self, groups: list[InGroup], scope: Scope, place: Place) -> None:
        """Lists that follow one another, passed over at once where none of them has an item."""
        test = place.may_list(groups) if len(groups) > 1 else ""
        with self.writer.block(f"if {test}") if test else ExitStack():
            for group in groups:
                self.items(group, scope, place)
        if test:
            for group in groups:
                self.listed_values(group, scope)

    def items(self, group: InGroup, scope: Scope, place: Place) -> None:
        """The items of a list."""
        writer = self.writer
        found = catalogue.find(scope.model, group.target)
        if found is None or found.model is None or group.items is None:
            raise NotGeneratedError(f"'{group.target}' is no list")
        writer.comment(f"{group.target}: each {group.items.text} ({group.place})")
        inner = scope.inside(group, found.model)
        listed = scope.items(group.target)
        with place.items(group, inner, Listing(listed, lambda: self.listed(group, scope))) as inside:
            writer.line_for(inner.index(), f"{inner.index()} = len({listed}) + 1")
            self.start(inner)
            self.fill(inner, inside)
            if group.when is not None:
                with writer.block(f"if not {self.conversions.source(group.when, inner, condition=True)}"):
                    writer.line("continue")
            self.checks(inner)
            writer.line(f"{listed}.append({self.models.made(inner, inner.model, '')})")
        self.listed_values(group, scope)

    def listed_values(self, group: InGroup, scope: Scope) -> None:
        """The values of a list for expressions that name it."""
        values = scope.values_of(group.target)
        self.writer.line_for(values, f'{values} = {scope.holder(group.target)}["{group.target.rpartition(".")[2]}"]')

    def listed(self, group: InGroup, scope: Scope) -> None:
        """Keep the list of a group."""
        listed = scope.items(group.target)
        if group.limit is not None:
            with self.writer.block(f"if len({listed}) > {group.limit}"):
                self.writer.line("return None")
        self.writer.line(f'{scope.holder(group.target)}["{group.target.rpartition(".")[2]}"] = tuple({listed})')

    def single(self, group: InGroup, scope: Scope) -> None:
        """The one object of a group without ``each``."""
        found = catalogue.find(scope.model, group.target)
        if found is None or found.model is None:
            raise NotGeneratedError(f"'{group.target}' has no parts")
        self.writer.comment(f"{group.target}: ({group.place})")
        inner = scope.within(group, found.model)
        self.start(inner)
        self.fill(inner, reading.AnyPlace(self.writer, inner))
        with ExitStack() as blocks:
            if group.when is not None:
                blocks.enter_context(
                    self.writer.block(f"if {self.conversions.source(group.when, inner, condition=True)}")
                )
            self.checks(inner)
            for head in ("", *inner.heads()):
                target = f"{group.target}.{head}" if head else group.target
                self.writer.line(f"{scope.part(target)}.update({inner.part(head)})")

    def checks(self, scope: Scope) -> None:
        """The conditions on what was read."""
        for check in scope.plan.checks:
            self.writer.comment(f"check: {check.that.text} ({check.origin.file}:{check.origin.line})")
            with self.writer.block(f"if not {self.conversions.source(check.that, scope, condition=True)}"):
                self.writer.line("return None")


def _number(model: type[Canonical]) -> str:
    return next((name for name, each in catalogue.fields_of(model).items() if each.required), "")


def _may_name(name: str, target: str) -> bool:
    """Whether a name may mean a field or a part of it, from wherever it is named."""
    parts, wanted = name.split("."), target.split(".")
    return any(parts[at : at + len(wanted)] == wanted[: len(parts) - at] for at in range(len(parts)))
