"""Check the rules and groups of an outbound mapping and make them ready to run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateway.config.mapping_spec import CheckSpec, EntrySpec, GroupSpec, RuleSpec
from gateway.config.problems import Located, Problems, suggestion
from gateway.kernel.problem import Problem
from gateway.mapping.language import expressions, rules
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.rules import RuleReader, Tools
from gateway.mapping.language.signatures import ANY, Type
from gateway.mapping.language.steps import Steps
from gateway.mapping.planning.names import Names, Place
from gateway.mapping.writing.plans import OutCheck, OutGroup, OutRule, Style

TEXT = ("map", "match", "slice", "split", "lookup", "join", "plugin")
"""Steps that make a text of whatever they get."""


IDS = {"sscc": ("sscc", "pallet_sscc")}
"""The fields that hold an id of a kind, where they are not called like it."""


@dataclass(frozen=True, slots=True)
class RuleMaker:
    """Makes the rules of one mapping; every problem is collected with its place.

    ``validate`` are the kinds of id whose check digits must be right.
    """

    names: Names
    style: Style
    tools: Tools
    problems: Problems
    validate: tuple[str, ...] = ()

    def rule(self, entry: RuleSpec, place: Place, style: Style | None = None) -> OutRule | None:
        """One rule, None when something is wrong with it."""
        reader = RuleReader(entry, self.tools, lambda name: self.names.type(name, place), self.problems)
        before = len(self.problems)
        steps = reader.steps(trims=False)
        calc = self.expression(reader.text("calc"), place)
        when = self.condition(reader.text("when"), place)
        sources = [found for each in reader.sources() if (found := self._source(each, place)) is not None]
        constant = reader.text("const")
        kind = self._kind(entry, sources, calc, place)
        self._codes(entry, steps, sources, place)
        if _errors(self.problems[before:]):
            return None
        return OutRule(
            entry.target.value, entry.target.origin, tuple(sources), constant.value if constant else None, calc, when,
            steps, _styled(style or self.style, entry, steps), steps.type or kind,
            validate=self._validated(sources, place), pads="pad" in entry.steps,
        )  # fmt: skip

    def group(self, entry: GroupSpec, place: Place) -> tuple[OutGroup, Place] | None:
        """What a group says besides its rules, and the scope of its rules; None when its list does not exist."""
        each: tuple[str, ...] = ()
        inner = Place(place.model, place.vars, place.outer)
        if entry.each is not None:
            found = self.names.lists(entry.each, place, self.problems)
            if found is None:
                return None
            each, inner = found
        variables, inner = self.variables(entry.vars, inner)
        return (
            OutGroup(
                entry.target.value, entry.target.origin, each, self.condition(entry.when, inner),
                self._sort(entry, inner), self._limit(entry.limit), variables, self.checks(entry.checks, inner),
            ),
            inner,
        )  # fmt: skip

    def variables(self, entries: Iterable[EntrySpec], place: Place) -> tuple[tuple[OutRule, ...], Place]:
        """Helper values in an order in which each knows those it names, and the scope with them."""
        specs: dict[str, RuleSpec] = {}
        for each in entries:
            if isinstance(each, RuleSpec):
                specs[each.target.value] = each
            else:
                self.problems.at(each.target.origin, "M021", "a helper value (vars) has a rule, not a group")
        found: list[OutRule] = []
        every = {**place.vars, **dict.fromkeys(specs, "")}
        for name in self._ordered(specs):
            rule = self.rule(specs[name], replace(place, vars=every))
            if rule is not None:
                found.append(rule)
                every[name] = rule.kind
        return tuple(found), replace(place, vars=every)

    def checks(self, entries: Iterable[CheckSpec], place: Place) -> tuple[OutCheck, ...]:
        """The conditions of a mapping or group."""
        return tuple(
            OutCheck(that, each.say, each.level, each.code, each.that.origin)
            for each in entries
            if (that := self.condition(each.that, place)) is not None
        )

    def condition(self, text: Located | None, place: Place) -> Expression | None:
        """A condition, everything in it checked."""
        return self.expression(text, place, condition=True)

    def expression(self, text: Located | None, place: Place, *, condition: bool = False) -> Expression | None:
        """An expression, its names, functions and types checked; None when something is wrong."""
        if text is None:
            return None
        return rules.expression(
            text, lambda name: self.names.type(name, place), self.problems, self.tools.plugins, condition=condition
        )

    def _ordered(self, specs: dict[str, RuleSpec]) -> Iterator[str]:
        """Names of helper values, those that are needed first; a circle is M064."""
        lacking = {name: self._needs(spec, specs) for name, spec in specs.items()}
        wanted: dict[str, list[str]] = {}
        for name, needed in lacking.items():
            for each in needed:
                wanted.setdefault(each, []).append(name)
        ready = [name for name, needed in reversed(lacking.items()) if not needed]
        done: set[str] = set()
        while ready:
            name = ready.pop()
            done.add(name)
            yield name
            for each in wanted.get(name, ()):
                lacking[each].discard(name)
                if not lacking[each]:
                    ready.append(each)
        stuck = [name for name in specs if name not in done]
        if stuck:
            origin = specs[stuck[0]].target.origin
            self.problems.at(origin, "M064", f"the helper values {', '.join(stuck)} need each other in a circle")

    def _needs(self, spec: RuleSpec, specs: dict[str, RuleSpec]) -> set[str]:
        reader = RuleReader(spec, self.tools, lambda _name: ANY, Problems())
        texts = [each for key in ("calc", "when") if (each := reader.text(key)) is not None] + reader.sources()
        parsed = [expressions.parse(each.value, self.tools.plugins.functions) for each in texts]
        return {use.name for each in parsed if isinstance(each, Expression) for use in each.names if use.name in specs}

    def _source(self, text: Located, place: Place) -> Expression | None:
        """A source: mostly the name of a field, else an expression."""
        if text.value.replace(".", "").replace("_", "").replace("$", "").isalnum():
            hint = self.names.hint(text.value, place)
            if hint is not None:
                sentence = f"'{text.value}' is not a field of {self.names.document} here"
                self.problems.at(text.origin, "M060", sentence, hint or f"a constant is written ='{text.value}'")
                return None
        return self.expression(text, place)

    def _kind(self, entry: RuleSpec, sources: list[Expression], calc: Expression | None, place: Place) -> str:
        """The kind of value that becomes text: that of the source unless a step makes a text of it."""
        if "const" in entry.steps or any(step in entry.steps for step in TEXT):
            return "text"
        kinds = {_kind_of(each, self.names, place) for each in [*sources, *([calc] if calc is not None else [])]}
        return kinds.pop() if len(kinds) == 1 else ""

    def _codes(self, entry: RuleSpec, steps: Steps, sources: list[Expression], place: Place) -> None:
        """A ``map`` over a field with codes of ours: unknown ones are wrong (M052), missing ones a warning (M092)."""
        before = {"match", "slice", "split", "join"} & set(entry.steps)
        if not steps.table or before or len(sources) != 1:
            return
        found = self.names.found(sources[0].text, place)
        if found is None or found.kind != "code":
            return
        said = {key.value for key, _ in steps.table}
        for key, _ in steps.table:
            if key.value not in (*found.codes, "*"):
                sentence = f"'{key.value}' is not one of {', '.join(found.codes)}"
                self.problems.unknown(key.origin, "M052", sentence, key.value, found.codes)
        missing = [code for code in found.codes if code not in said]
        if missing and "*" not in said:
            sentence = f"'map' says nothing for {', '.join(missing)}; a document that has it will be held"
            self.problems.append(warning(entry.target, "M092", sentence, 'add them, or "*" for all others'))

    def _validated(self, sources: list[Expression], place: Place) -> str:
        """The kind of id that a rule writes when its check digit must be right, empty for any other."""
        names = {each.text.strip().rpartition(".")[2] for each in sources}
        kind = next((kind for kind in self.validate if names == set(IDS.get(kind, (kind,))) & names), "")
        found = [self.names.found(each.text.strip(), place) for each in sources]
        return kind if names and all(each is not None and each.kind == "text" for each in found) else ""

    def _sort(self, entry: GroupSpec, place: Place) -> str:
        if entry.sort is None:
            return ""
        if self.names.hint(entry.sort.value, place) is not None:
            hint = suggestion(entry.sort.value, place.model.model_fields)
            self.problems.at(entry.sort.origin, "M060", f"'{entry.sort.value}' is not a field of the items here", hint)
        elif isinstance(found := self.names.type(entry.sort.value, place), Type) and found.many:
            sentence = f"'{entry.sort.value}' is {found}, and items are sorted by one value"
            self.problems.at(entry.sort.origin, "M062", sentence, "name a field of the item itself")
        return entry.sort.value

    def _limit(self, text: Located | None) -> int | None:
        if text is not None and not (text.value.isascii() and text.value.isdigit()):
            self.problems.at(text.origin, "M021", f"'limit' is a whole number, not '{text.value}'")
            return None
        return int(text.value) if text is not None else None


def _kind_of(expression: Expression, names: Names, place: Place) -> str:
    if len(expression.names) == 1 and expression.text.strip() == expression.names[0].name:
        return names.kind(expression.names[0].name, place)
    return ""


def _styled(style: Style, entry: RuleSpec, steps: Steps) -> Style:
    """How a value becomes text: as everywhere in the file, unless the rule says otherwise."""
    said, given = steps.forms, entry.steps
    return replace(
        style, form=said.form or style.form,
        decimal=said.decimal if "decimal" in given else style.decimal,
        thousands=said.thousands if "thousands" in given else style.thousands,
        implied_decimals=said.implied_decimals if "implied_decimals" in given else style.implied_decimals,
    )  # fmt: skip


def _errors(found: Iterable[Problem]) -> bool:
    return any(each.level == "error" for each in found)


def warning(at: Located, code: str, sentence: str, hint: str = "") -> Problem:
    """Something that is probably not meant."""
    origin = at.origin
    return Problem(origin.file, origin.line, origin.column, code, sentence, hint, "warning")
