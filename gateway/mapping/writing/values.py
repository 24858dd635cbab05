"""Run the rules of a plan: values, their text, groups with their items; what goes wrong is a problem of the document."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from gateway.formats.x12 import elements
from gateway.formats.x12.emit import COMPONENT, REPETITION
from gateway.formats.x12.guide import ElementSpec
from gateway.kernel.faults import ElementFault
from gateway.mapping.language import transforms
from gateway.mapping.language.expressions import Expression
from gateway.mapping.language.steps import applied
from gateway.mapping.language.values import ExpressionError, StepError, as_text, is_empty
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing.plans import OutCheck, OutGroup, OutRule
from gateway.mapping.writing.scope import OUTER, Scope, sort_key
from gateway.mapping.writing.trace import CALC, CONST, DEFAULT, FROM, Wrote

SHOWN = 40
Fits = Callable[[str, object], str]
"""Makes a text fit its place, or raises StepError."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a rule, and the value it was made of."""

    text: str = ""
    value: object = None


EMPTY = Cell()


def cell(rule: OutRule, scope: Scope, fits: Fits | None = None) -> Cell:
    """The text of one rule; what goes wrong is a problem, and then the text is empty."""
    made = _cell(rule, scope, fits)
    if scope.run.traces and made.text:
        scope.run.trace.rows.append(_traced(rule, scope, made))
    return made


def place_of(rule: OutRule) -> str:
    """The file and line of a rule."""
    return f"{rule.origin.file}:{rule.origin.line}"


def _traced(rule: OutRule, scope: Scope, made: Cell) -> Wrote:
    """Where a text comes from: the source that had a value, or what was computed."""
    where = place_of(rule)
    read = (each for each in rule.sources if not _is_nothing(each.evaluate(scope.resolve)))
    used = rule.calc or next(read, None)
    origin = CONST if rule.constant is not None else CALC if rule.calc is not None else FROM if used else DEFAULT
    before = f"{scope.label}." if scope.label else ""
    sources = tuple(
        (name if name.startswith((OUTER, "$")) or name in scope.vars else f"{before}{name}", as_text(value))
        for name in dict.fromkeys(each.name for each in (used.names if used is not None else ()))
        if isinstance(value := scope.resolve(name), str | int | Decimal | date | time)
    )
    said = used.text if used is not None and origin == CALC else ""
    return Wrote(rule.target, scope.label, made.text, origin, sources, said, where)


def _cell(rule: OutRule, scope: Scope, fits: Fits | None) -> Cell:
    value: object = None
    try:
        if rule.when is not None and not rule.when.holds(scope.resolve):
            return EMPTY
        value = _stepped(rule, scope)
        if _is_nothing(value):
            return missing(rule, scope)
        text = ended(rule, str(_text(rule, value, scope)))
        if not text:
            return missing(rule, scope)
        if rule.element is not None:
            text = fitted(text, rule.element)
        return Cell(fits(text, value) if fits is not None else text, value)
    except (StepError, ExpressionError) as error:
        problem(rule, scope, value, str(error), rule.steps.on_error)
        return EMPTY


def value_of(rule: OutRule, scope: Scope) -> object:
    """The value of a helper (``vars``), None when it cannot be computed."""
    try:
        if rule.when is not None and not rule.when.holds(scope.resolve):
            return None
        value = _stepped(rule, scope)
    except (StepError, ExpressionError) as error:
        problem(rule, scope, None, str(error), rule.steps.on_error)
        return None
    default = rule.steps.default
    return value if not _is_nothing(value) else default.value if default is not None else None


def listed(characters: str) -> str:
    """Characters in a sentence."""
    return " ".join(f"'{each}'" if each.isprintable() else f"U+{ord(each):04X}" for each in characters[:10])


def _stepped(rule: OutRule, scope: Scope) -> object:
    """The value of a rule after its steps, before it becomes text."""
    if rule.constant is not None:
        return rule.constant
    if rule.calc is not None:
        value = rule.calc.evaluate(scope.resolve)
    else:
        value = next((found for each in rule.sources if not _is_nothing(found := each.evaluate(scope.resolve))), None)
    if rule.validate and not _is_nothing(value):
        transforms.validated(rule.validate)(value)
    value = applied(rule.steps.before, None if _is_nothing(value) else value, scope.resolve)
    if rule.steps.type and not _is_nothing(value):
        value = transforms.read(rule.steps.type, codes=rule.steps.codes)(value)
    rounding = rule.steps.rounding
    return rounding.run(value) if rounding is not None and not _is_nothing(value) else value


def _text(rule: OutRule, value: object, scope: Scope) -> object:
    style = rule.style
    if isinstance(value, list | tuple):
        raise StepError(f"there are {len(value)} values where one is expected; add 'join' to make one text of them")
    written = transforms.write(
        form=style.form, implied_decimals=style.implied_decimals or 0, keeps_zeros=style.keeps_zeros,
        decimal=style.decimal, thousands=style.thousands, zone=scope.run.env.zone, iso=style.iso,
    )  # fmt: skip
    return written(value)


def ended(rule: OutRule, text: str) -> str:
    """A text after its last steps; empty ends them, so that what is cut to nothing is not padded."""
    for step in rule.steps.last:
        text = "" if _is_nothing(text) else str(step.run(text))
    return "" if rule.steps.last and _is_nothing(text) else text


def _is_nothing(value: object) -> bool:
    return is_empty(value) or (isinstance(value, str) and value.isspace())


def missing(rule: OutRule, scope: Scope) -> Cell:
    """The default, or a problem when there must be a value."""
    default = rule.steps.default
    if default is None:
        if rule.steps.required:
            level = rule.steps.on_error if rule.steps.on_error != "empty" else "hold"
            problem(rule, scope, None, "there must be a value here and there is none", level)
        return EMPTY
    value: object = default.value
    if rule.kind not in ("", "text", "code"):
        try:
            value = transforms.read(rule.kind)(default.value)
        except StepError:
            value = default.value
    return Cell(str(_text(rule, value, scope)), value)


def fitted(text: str, element: ElementSpec) -> str:
    """A text as it fits an X12 element; raises StepError when it does not."""
    if COMPONENT in text or REPETITION in text:
        raise StepError(f"{text[:SHOWN]!r} contains a character that means nothing")
    if element.type in ("AN", "ID"):
        text = text.rstrip(" ")
    elif element.type[0] == "N":
        sign = "-" if text.startswith("-") else ""
        text = sign + text[len(sign) :].rjust(element.minimum, "0")
    for fault in elements.faults_of(text, element) if text else ():
        sentence = _misfit(fault, text, element)
        if sentence:
            raise StepError(sentence)
    return text


def _misfit(fault: ElementFault, text: str, element: ElementSpec) -> str:
    """Why a text does not fit; empty for what the writer mends (characters)."""
    shown = text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."
    unit = "digits" if element.type[0] in "NR" else "characters"
    sentences = {
        ElementFault.TOO_LONG: f"'{shown}' is too long; at most {element.maximum} {unit} fit here",
        ElementFault.TOO_SHORT: f"'{shown}' is too short; at least {element.minimum} {unit} must stand here",
        ElementFault.INVALID_CODE: f"'{shown}' is not in the code list of this element",
        ElementFault.INVALID_DATE: f"'{shown}' is not a date",
        ElementFault.INVALID_TIME: f"'{shown}' is not a time",
    }
    if fault is ElementFault.INVALID_CHARACTER and element.type not in ("AN", "ID"):
        what = "a number" if element.type == "R" else "a whole number, and only one is written here"
        return f"'{shown}' is not {what}"
    return sentences.get(fault, "")


def problem(rule: OutRule, scope: Scope, value: object, sentence: str, level: str) -> None:
    """Note what went wrong at a rule, unless its errors are to be passed over."""
    if level == "empty":
        return
    where = place_of(rule)
    given = _given(rule, scope) if value is None else value
    shown = "" if given is None else str(given)[:SHOWN]
    source = rule.source
    if len(rule.sources) == 1 and source.startswith(f"{scope.run.document}."):
        source = source.partition(".")[2]
    elif len(rule.sources) == 1 and scope.label:
        source = f"{scope.label}.{source}"
    place = f"{scope.label}, " if scope.label else ""
    # what is at fault comes first, where it was to be written behind it
    head, target = (source, f"{rule.target}, ") if len(rule.sources) == 1 else (f"{place}{rule.target}", "")
    message = f"{head}: {sentence} ({target}{where})"
    scope.run.problems.append(
        MappingProblem(
            "M081", rule.target, source, shown, where, message, level, scope.label, sentence, path=rule.target
        )
    )


def _given(rule: OutRule, scope: Scope) -> object:
    """What the document says where a rule reads, None where it says nothing or that is at fault itself."""
    try:
        found = (each.evaluate(scope.resolve) for each in rule.sources)
        return next((each for each in found if not _is_nothing(each) and not isinstance(each, list | tuple)), None)
    except ExpressionError:
        return None


def items(group: OutGroup, scope: Scope) -> list[Scope]:
    """The scopes in which the rules of a group run: sorted, filtered, numbered anew, with their helper values."""
    found = scope.items(group.each) if group.each else [scope.inside()]
    if group.sort:
        found.sort(key=lambda each: sort_key(each.resolve(group.sort)))
    kept: list[Scope] = []
    for each in found:
        each.index = len(kept) + 1 if group.each else each.index
        before = len(scope.run.problems)
        for rule in group.vars:
            each.vars[rule.target] = value_of(rule, each)
        if group.when is None or _holds(group.when, group, each):
            kept.append(each)
        else:
            _forget_values(scope, before, group)
    if group.limit is not None and len(kept) > group.limit:
        sentence = f"there are {len(kept)} items; at most {group.limit} are allowed"
        _group_problem(group, scope, str(len(kept)), sentence)
    for each in kept:
        checked(group.checks, each)
    return kept


def _forget_values(scope: Scope, before: int, group: OutGroup) -> None:
    """Helper values of an item that is left out cannot be wrong; a condition that fails is."""
    kept = [each for each in scope.run.problems[before:] if each.field == group.target]
    scope.run.problems[before:] = kept


def _holds(condition: Expression, group: OutGroup, scope: Scope) -> bool:
    try:
        return condition.holds(scope.resolve)
    except ExpressionError as error:
        _group_problem(group, scope, "", str(error))
        return False


def _group_problem(group: OutGroup, scope: Scope, value: str, sentence: str) -> None:
    where = f"{group.origin.file}:{group.origin.line}"
    place = f"{scope.label}, " if scope.label else ""
    name = group.target or "rows"
    message = f"{place}{name}: {sentence} ({where})"
    scope.run.problems.append(
        MappingProblem(
            "M081", group.target, ".".join(group.each), value, where, message, "hold", scope.label, sentence,
            path=group.target,
        )
    )  # fmt: skip


def checked(checks: tuple[OutCheck, ...], scope: Scope) -> None:
    """Every condition of the site's own that is not met is a problem."""
    for check in checks:
        said = check.say
        try:
            if check.that.holds(scope.resolve):
                continue
        except ExpressionError as error:
            said = f"{check.say} ({error})"
        where = f"{check.origin.file}:{check.origin.line}"
        place = f"{scope.label}: " if scope.label else ""
        message = f"{place}{said}"
        scope.run.problems.append(
            MappingProblem(check.code, scope.label, "", "", where, message, check.level, scope.label, said)
        )
