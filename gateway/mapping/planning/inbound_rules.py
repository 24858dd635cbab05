"""Check the rules of an inbound mapping and make them ready to run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo

from gateway.config.mapping_spec import RuleSpec
from gateway.config.problems import Located, Problems, suggestion
from gateway.kernel.problem import has_errors
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField
from gateway.mapping.language import forms, rules, transforms
from gateway.mapping.language.expression_types import check
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.nodes import Literal
from gateway.mapping.language.rules import RuleReader, Tools
from gateway.mapping.language.signatures import ANY, Type, of_kind
from gateway.mapping.language.steps import DATED, Steps
from gateway.mapping.language.values import StepError
from gateway.mapping.notations.notation import Notation, ValuePath
from gateway.mapping.planning.inbound_names import PAIR, Names, Scope
from gateway.mapping.planning.inbound_plan import InRule, Source, Typing

NUMBERS = ("decimal", "integer")
_SHOWN = 8
MOST_EXPECTED = 100
"""Of longer code lists, such as the 850 units of measure, nobody expects a mapping to know every code."""
_ID_FIELDS = {"gtin": ("gtin", "ean"), "upc": ("upc",), "sscc": ("sscc", "pallet_sscc")}


@dataclass(frozen=True, slots=True)
class RuleMaker:
    """Makes the rules of one mapping; ``validate`` are the kinds of id whose check digits must be right."""

    names: Names
    notation: Notation
    tools: Tools
    validate: tuple[str, ...]
    problems: Problems

    def variable(self, spec: RuleSpec, scope: Scope) -> InRule | None:
        """A helper value: a text unless it names a type, or computes something."""
        made = self.rule(spec, scope, CatalogueField(spec.target.value, "text", required=False), is_var=True)
        if made is not None:
            scope.vars[spec.target.value] = self._type(made, scope)
        return made

    def _type(self, rule: InRule, scope: Scope) -> Type:
        """What a helper value is, for the expressions that name it."""
        if not rule.typing.kind:
            return check(rule.calc, self._known(scope)).type if rule.calc is not None else ANY
        return of_kind(rule.typing.kind, many=rule.every and not rule.steps.joins, codes=rule.steps.codes)

    def rule(self, spec: RuleSpec, scope: Scope, field: CatalogueField, *, is_var: bool = False) -> InRule | None:
        """One rule, None when something is wrong with it."""
        reader = RuleReader(spec, self.tools, self._known(scope), self.problems)
        before = len(self.problems)
        steps = reader.steps(trims=True)
        calc, when = reader.expression("calc"), reader.expression("when", condition=True)
        sources = tuple(found for text in reader.sources() if (found := self._source(text, scope)) is not None)
        constant = reader.text("const")
        if is_var and not steps.type and calc is not None:
            field = CatalogueField(field.name, "", required=False)
        if calc is not None and not is_var:
            self._computed(reader, calc, steps, field, scope)
        typing = self._typing(spec, field, steps, reader)
        every = self._every(sources, steps, spec, is_var=is_var)
        self._codes(steps, field)
        self._incomplete(spec, sources, steps)
        self._shadowed(reader, sources)
        if typing is None or has_errors(self.problems[before:]):
            return None
        self._constant(constant or _said(reader, calc, typing), steps, typing)
        default = self._typed(steps.default, _as_written(typing))
        return InRule(
            target=spec.target.value, field=field, origin=spec.target.origin, sources=sources,
            constant=constant.value if constant is not None else None, calc=calc, when=when, steps=steps, typing=typing,
            default=default, required=steps.required or (field.required and when is None), every=every,
            checked=self._checked(scope, field, spec.target.value), is_var=is_var,
        )  # fmt: skip

    def condition(self, text: Located, scope: Scope) -> Expression | None:
        """An expression that decides something."""
        return rules.expression(text, self._known(scope), self.problems, self.tools.plugins, condition=True)

    def _known(self, scope: Scope) -> Callable[[str], Type | str]:
        return lambda name: self.names.type(name, scope)

    def _source(self, text: Located, scope: Scope) -> Source | None:
        """A path of the format, or an input of the environment."""
        if text.value.startswith("$") and not (text.value in PAIR and scope.level.in_pair):
            hint = self.names.hint(text.value, scope)
            if hint is not None:
                self.problems.at(text.origin, "M031", f"unknown name '{text.value}' here", hint)
                return None
            return Source(text.value, None)
        path = scope.level.value(text)
        return Source(text.value, path) if path is not None else None

    def _computed(
        self, reader: RuleReader, calc: Expression, steps: Steps, field: CatalogueField, scope: Scope
    ) -> None:
        """Whether what is computed can be a value of the field (M035)."""
        at = reader.text("calc")
        given = check(calc, self._known(scope)).type
        wanted = of_kind(steps.type or field.kind)
        if at is None or (given.many and steps.joins) or wanted.takes(given):
            return
        if given.many or all(each.key in ("join", "trim") for each in steps.before):
            hint = "a list is used with count, sum, join" if given.many else ""
            if wanted.name == "text" and not given.many and given.name != "group":
                hint = "write format_date(..., 'YYYYMMDD') or if(..., 'Y', 'N') to make a text of it"
            self.problems.at(at.origin, "M035", f"'{field.name}' wants {wanted}, and this is {given}", hint)

    def _typing(self, spec: RuleSpec, field: CatalogueField, steps: Steps, reader: RuleReader) -> Typing | None:
        """How the text becomes a value: read as the rule's own type, rounded, fitted to the field."""
        kind = steps.type or field.kind
        if steps.rounding is not None and kind not in NUMBERS:
            kind = "decimal"
        first = "decimal" if steps.rounding is not None and kind == "integer" else kind
        wrong = self._form_fault(kind, steps, spec)
        if wrong is not None:
            at = reader.text("format")
            hint = "" if steps.forms.form_of(kind) else self.notation.date_hint or ""
            self.problems.at(at.origin if at is not None else spec.target.origin, "M021", wrong, hint)
            return None
        if steps.last and field.kind not in ("text", ""):
            what = " and ".join(each.key for each in steps.last)
            self.problems.at(spec.target.origin, "M021", f"{what} are for texts; '{field.name}' is a {field.kind}")
            return None
        codes = steps.codes or field.codes
        read = steps.forms.reader(first, codes) if first else _same
        fits = bool(field.kind) and (field.kind != first)
        fit = transforms.read(field.kind, codes=field.codes, iso=True) if fits else None
        return Typing(first, steps, field, read, fit)

    def _form_fault(self, kind: str, steps: Steps, spec: RuleSpec) -> str | None:
        """Why dates and times cannot be read with the form they have, or have none."""
        if kind not in DATED:
            return (
                f"'format' is for dates and times; '{spec.target.value}' is a {kind}"
                if "format" in spec.steps
                else None
            )
        form = steps.forms.form_of(kind)
        if form:
            return forms.fault(form, kind)
        reads = "from" in spec.steps
        if kind == "date" and reads and self.notation.date_hint is not None:
            return f"'{spec.target.value}' is a date and nothing says how dates are written"
        return None

    def _every(self, sources: tuple[Source, ...], steps: Steps, spec: RuleSpec, *, is_var: bool) -> bool:
        """Whether all values are wanted, not the first; a list that becomes no text is a problem (M041)."""
        lists = [each for each in sources if each.path is not None and each.path.every]
        if lists and not steps.joins and not is_var:
            sentence = f"'{lists[0].name}' is a list of values, and '{spec.target.value}' holds one"
            self.problems.at(spec.target.origin, "M041", sentence, "make one text of them with join: ' '")
        return bool(lists) or (steps.joins and any(each.path is not None and each.path.many for each in sources))

    def _typed(self, text: Located | None, typing: Typing) -> object:
        """A constant or default as a value of the field's kind."""
        if text is None or not text.value:
            return None
        try:
            return fitted(typing, text.value)
        except StepError as error:
            self.problems.at(text.origin, "M052", str(error), suggestion(text.value, typing.into.codes))
            return None

    def _constant(self, text: Located | None, steps: Steps, typing: Typing) -> None:
        """A constant must fit its field, unless a step makes something else of it."""
        if all(each.key == "trim" for each in steps.before):
            self._typed(text, typing)

    def _codes(self, steps: Steps, field: CatalogueField) -> None:
        """What ``map`` gives must be codes of the catalogue (M052)."""
        codes = steps.codes or field.codes
        if not codes or any(each.key in ("lookup", "plugin") for each in steps.before):
            return
        for where, value in steps.table:
            if value and value not in codes and value != "=":
                sentence = f"'{value}' is not one of {', '.join(codes)}"
                self.problems.at(where.origin, "M052", sentence, suggestion(value, codes))

    def _incomplete(self, spec: RuleSpec, sources: tuple[Source, ...], steps: Steps) -> None:
        """Codes of a short list that may stand in the data and that ``map`` does not have (M092)."""
        keys = {each.value for each, _ in steps.table}
        first = next((each.key for each in steps.before if each.key not in ("join", "trim")), "")
        if not keys or "*" in keys or first != "map" or steps.on_error == "empty":
            return
        codes: set[str] = set()
        for each in sources:
            codes |= (each.path.codes if each.path is not None else None) or set()
        lacking = sorted(codes - keys)
        if lacking and len(codes) <= MOST_EXPECTED:
            more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
            sentence = f"'map' of '{spec.target.value}' lacks codes that {sources[0].name} may have: {', '.join(lacking[:_SHOWN])}{more}"
            node = spec.steps["map"]
            self.problems.warn(spec.at(node), "M092", sentence, 'add them, or "*" for all others')

    def _shadowed(self, reader: RuleReader, sources: tuple[Source, ...]) -> None:
        """Alternatives that can never count, because an earlier one has a value wherever they have one (M093)."""
        places = {each.value: each.origin for each in reader.sources()}
        paths: list[ValuePath] = []
        for source in sources:
            if source.path is None:
                continue
            earlier = next((each for each in paths if each.shadows(source.path)), None)
            if earlier is not None:
                sentence = f"'{source.name}' is never used: '{earlier.text}' has a value wherever it has one"
                self.problems.warn(places[source.name], "M093", sentence, "remove it, or write it first")
            paths.append(source.path)

    def _checked(self, scope: Scope, field: CatalogueField, target: str) -> str:
        """The kind of id whose check digit is wanted."""
        last = target.rpartition(".")[2]
        for kind, fields in _ID_FIELDS.items():
            if kind in self.validate and last in fields and field.kind == "text":
                return kind
        is_party = last == "id" and catalogue.find(scope.model, f"{target}_type") is not None
        return "gln" if "gln" in self.validate and is_party else ""


def fitted(typing: Typing, value: object, zone: tzinfo | None = None) -> object:
    """A value of the field's kind, a moment without a zone in the one given; raises StepError."""
    moments = typing.kind == "datetime" and zone is not None
    value = typing.steps.forms.reader("datetime", zone=zone)(value) if moments else typing.read(value)
    if typing.steps.rounding is not None:
        value = typing.steps.rounding.run(value)
    for step in typing.steps.last:
        value = step.run(value) if value != "" else value
    return value if typing.fit is None else typing.fit(value)


def _as_written(typing: Typing) -> Typing:
    """The typing of a default: it comes after the steps, so none of them changes it, and its point is where it is."""
    forms = replace(typing.steps.forms, implied_decimals=0)
    read = forms.reader(typing.kind, typing.steps.codes or typing.into.codes) if typing.kind else _same
    return replace(typing, steps=replace(typing.steps, forms=forms, rounding=None, last=()), read=read)


def _same(value: object) -> object:
    return value


def _said(reader: RuleReader, calc: Expression | None, typing: Typing) -> Located | None:
    """The code that an expression always gives: ``='original'``."""
    text = reader.text("calc")
    if text is None or calc is None or not typing.into.codes or not isinstance(calc.tree, Literal):
        return None
    return Located(str(calc.tree.value), text.origin)
