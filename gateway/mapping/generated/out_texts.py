"""What generated source of outbound mappings calls to make a text of a value, the way the interpreter does."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial

from gateway.formats.x12.emit import COMPONENT
from gateway.kernel.quantity import plain
from gateway.mapping.environment import Environment
from gateway.mapping.generated.runtime import MOST_REMEMBERED, GiveUpError
from gateway.mapping.language import transforms
from gateway.mapping.language.steps import applied
from gateway.mapping.language.values import ExpressionError, StepError, is_empty
from gateway.mapping.writing import values
from gateway.mapping.writing.plans import OutRule
from gateway.mapping.writing.scope import Run, Scope

Text = Callable[[object], str]
MOST_DIGITS = 100
"""Numbers longer than that go the long way, whatever they are written to."""
_REMEMBERED = ("text", "code", "integer", "date", "bool")


class Texts(dict[object, str]):
    """Values of one field with the texts they were written as."""

    __slots__ = ("write",)

    def __init__(self, write: Text) -> None:
        super().__init__()
        self.write = write

    def __missing__(self, value: object) -> str:
        text = self.write(value)
        if len(self) < MOST_REMEMBERED:
            self[value] = text
        return text


class Numbers(Texts):
    """The same for numbers with a decimal point, of which most are new; ``most`` are the digits that the element holds."""

    __slots__ = ("most",)

    def __init__(self, write: Text, most: int) -> None:
        super().__init__(write)
        self.most = most

    def __missing__(self, value: object) -> str:
        text = plain(value) if value.__class__ is Decimal and value else ""
        # sign and point do not count, so that a text that is short enough with them is so without
        if not 0 < len(text) <= self.most:
            text = self.write(value)
        if len(self) < MOST_REMEMBERED:
            self[value] = text
        return text


def nothing(value: object) -> bool:
    """Whether a value is as good as none."""
    return is_empty(value) or (isinstance(value, str) and value.isspace())


def stepped(rule: OutRule, *, before: bool) -> Callable[[object], object]:
    """The steps of a rule on a value before it becomes text; without ``before`` those before its type are done."""
    steps = rule.steps.before if before else ()
    read = transforms.read(rule.steps.type, codes=rule.steps.codes) if rule.steps.type else None
    rounding = rule.steps.rounding

    def step(value: object) -> object:
        if rule.validate and before and not nothing(value):
            transforms.validated(rule.validate)(value)
        value = applied(steps, None if nothing(value) else value, _no_names)
        if read is not None and not nothing(value):
            value = read(value)
        return rounding.run(value) if rounding is not None and not nothing(value) else value

    return step


def texts(rule: OutRule, fits: values.Fits | None, *, before: bool) -> Text:
    """A value, taken through the steps of a rule, as the text that is written; nothing gives an empty text."""
    style = rule.style
    step = stepped(rule, before=before)
    write = transforms.write(
        form=style.form, implied_decimals=style.implied_decimals or 0, keeps_zeros=style.keeps_zeros,
        decimal=style.decimal, thousands=style.thousands, iso=style.iso,
    )  # fmt: skip

    number, most = _plain_number(rule)
    without = cache(partial(_without, rule))

    def text(value: object) -> str:
        if number is not None and value.__class__ is Decimal and value:
            written = number(value)
            if len(written) <= most:
                return written
        value = step(value)
        if nothing(value):
            return without()
        if isinstance(value, datetime | list | tuple):
            raise GiveUpError
        written = values.ended(rule, str(write(value)))
        if not written:
            return without()
        if rule.element is not None:
            written = values.fitted(written, rule.element)
        return fits(written, value) if fits is not None else written

    return _passing_over(text) if rule.steps.on_error == "empty" else text


def _plain_number(rule: OutRule) -> tuple[Callable[[Decimal], str] | None, int]:
    """How a number is written that nothing is done to, and the longest text that surely fits; None where more is asked."""
    steps, style, element = rule.steps, rule.style, rule.element
    usual = (style.decimal, style.thousands, style.implied_decimals or 0) == (".", "", 0)
    if steps.before or steps.type or steps.last or steps.rounding or rule.validate or not usual:
        return None, 0
    if element is not None and (element.type, element.minimum) != ("R", 1):
        return None, 0
    return _with_zeros if style.keeps_zeros else plain, element.maximum if element is not None else MOST_DIGITS


def _with_zeros(value: Decimal) -> str:
    return format(value, "f")


def remembered(rule: OutRule, text: Text, kind: str) -> Text | Texts:
    """The same, each value written once; numbers only where their zeros make no difference."""
    steps = rule.steps
    decimal = kind == "decimal" and not rule.style.keeps_zeros and not steps.before and not steps.type
    if not (kind in _REMEMBERED or decimal):
        return text
    as_it_is = _is_as_it_is(rule)
    element, style = rule.element, rule.style
    usual = (style.decimal, style.thousands, style.implied_decimals or 0) == (".", "", 0)
    if as_it_is and kind == "decimal" and element is not None and (element.type, element.minimum) == ("R", 1) and usual:
        return Numbers(text, element.maximum)
    return Texts(text)


def plain_limits(rule: OutRule, kind: str) -> tuple[int, int] | None:
    """How short and how long a text must be to be written as it is; None where more is asked of it."""
    element = rule.element
    if element is None or element.type != "AN" or element.codes is not None or kind != "text" or not _is_as_it_is(rule):
        return None
    return max(element.minimum, 1), element.maximum


def _is_as_it_is(rule: OutRule) -> bool:
    steps = rule.steps
    always = steps.default is not None or steps.required
    return not (steps.before or steps.type or steps.last or steps.rounding or rule.validate or always)


def default_text(rule: OutRule) -> str:
    """What a rule writes without a value."""
    env = Environment(params={}, today=date.min)
    return values.missing(rule, Scope(Run(env, ""), None)).text


def constant_text(rule: OutRule, fits: values.Fits | None) -> str | None:
    """What a rule with a constant always writes; None when it is a problem."""
    try:
        text = rule.constant or ""
        if nothing(text):
            return _without(rule)
        text = values.ended(rule, text)
        if not text:
            return _without(rule)
        text = values.fitted(text, rule.element) if rule.element is not None else text
        return fits(text, rule.constant) if fits is not None else text
    except (StepError, ExpressionError):
        return "" if rule.steps.on_error == "empty" else None
    except GiveUpError:
        return None


def composite(*parts: str) -> str:
    """Components of an element, empty ones at its end left out."""
    last = max((at for at, part in enumerate(parts, start=1) if part), default=0)
    return COMPONENT.join(parts[:last])


def _without(rule: OutRule) -> str:
    if rule.steps.default is not None:
        return default_text(rule)
    if rule.steps.required:
        raise GiveUpError
    return ""


def _passing_over(text: Text) -> Text:
    def safe(value: object) -> str:
        try:
            return text(value)
        except (StepError, ExpressionError):
            return ""

    return safe


def _no_names(_name: str) -> object:
    raise GiveUpError
