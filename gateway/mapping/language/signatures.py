"""The types of expressions and the signatures of their functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import DecimalException
from itertools import chain, repeat
from types import MappingProxyType

from gateway.mapping.language import values
from gateway.mapping.language.values import ExpressionError, is_empty

Convert = Callable[[object], object]
Literal = Callable[[str], str | None]

_LARGEST_WHOLE = 10**9
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is; ``many``: a list of it; ``codes``: the only words that such a text can be."""

    name: str
    many: bool = False
    codes: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """In a sentence.

        >>> str(NUMBER), str(list_of(DATE))
        ('a number', 'a list of dates')
        """
        one, several = _WORDS[self.name]
        return f"a list of {several}" if self.many else one

    def takes(self, other: "Type") -> bool:
        """Whether a value of another type can be used where this one is wanted."""
        if ANY in (self, other):
            return True
        if self.many != other.many:
            return False
        return ANY.name in (self.name, other.name) or other.name in _TAKES[self.name]


TEXT, NUMBER, WHOLE, YES_NO = Type("text"), Type("number"), Type("whole"), Type("bool")
DATE, MOMENT, TIME, INSTANT = Type("date"), Type("datetime"), Type("time"), Type("instant")
GROUP, ANY, CONDITION = Type("group"), Type("any"), Type("condition")

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "text": ("a text", "texts"),
        "number": ("a number", "numbers"),
        "whole": ("a whole number", "whole numbers"),
        "bool": ("yes or no", "yes or no"),
        "date": ("a date", "dates"),
        "datetime": ("a moment", "moments"),
        "time": ("a time of day", "times of day"),
        "instant": ("a date or a time", "dates or times"),
        "group": ("a group of fields", "groups of fields"),
        "any": ("a value", "values"),
        "condition": ("a condition", "conditions"),
    }
)
_NUMERIC = frozenset({"number", "whole", "text"})
_TAKES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "text": _NUMERIC,
        "number": _NUMERIC,
        "whole": _NUMERIC,
        "bool": frozenset({"bool"}),
        "date": frozenset({"date", "datetime"}),
        "datetime": frozenset({"datetime"}),
        "time": frozenset({"time"}),
        "instant": frozenset({"date", "datetime", "time"}),
        "group": frozenset({"group"}),
        "condition": frozenset({"bool", "text", "date", "datetime", "time", "group"}),
    }
)
"""What may be used where a type is wanted: numbers as texts, and texts as numbers, which is checked when run."""

_KINDS: Mapping[str, Type] = MappingProxyType(
    {"text": TEXT, "code": TEXT, "integer": WHOLE, "decimal": NUMBER, "bool": YES_NO, "date": DATE, "time": TIME,
     "datetime": MOMENT, "object": GROUP}
)  # fmt: skip


def of_kind(kind: str, *, many: bool = False, codes: tuple[str, ...] = ()) -> Type:
    """The type of a field of the catalogue, by its kind."""
    return Type(_KINDS[kind].name, many, codes)


def list_of(one: Type) -> Type:
    """A list of values of a type."""
    return Type(one.name, many=True, codes=one.codes)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument; ``fault`` says what is wrong with a text or number written into the expression itself."""

    name: str
    type: Type
    optional: bool = False
    fault: Literal | None = None
    spreads: bool = False
    """Whether a list counts as so many arguments."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language, built in or of a plug-in.

    ``call`` gets converted arguments: str for a text ("" when empty), Decimal, int for a whole number, bool, date,
    a list with its empty values for a list, and the value itself for ANY. An empty number, date or time makes
    the result empty without a call. It returns None for nothing and raises ExpressionError for a value that it cannot
    work with. ``repeats``: the last argument may stand any number of times.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Type
    description: str
    call: Callable[..., object]
    group: str = "plug-in"
    repeats: bool = False
    conversions: tuple[Convert, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Finds the conversions of the arguments once."""
        object.__setattr__(self, "conversions", tuple(_conversion(each) for each in self.parameters))

    @property
    def least(self) -> int:
        """The fewest arguments."""
        return sum(not each.optional for each in self.parameters)

    @property
    def most(self) -> int | None:
        """The most arguments, None for any number."""
        return None if self.repeats else len(self.parameters)

    @property
    def signature(self) -> str:
        """As it is written: ``round(number, places?)``."""
        names = [f"{each.name}?" if each.optional else each.name for each in self.parameters]
        return f"{self.name}({', '.join([*names, '...'] if self.repeats else names)})"

    def parameter(self, at: int) -> Parameter:
        """The parameter of an argument by its place, from 0."""
        return self.parameters[min(at, len(self.parameters) - 1)]

    def fits(self, count: int) -> bool:
        """Whether it takes so many arguments."""
        return count >= self.least and (self.repeats or count <= len(self.parameters))

    def run(self, *arguments: object) -> object:
        """The value for arguments as they come."""
        if not self.fits(len(arguments)):
            raise ExpressionError(f"'{self.name}' cannot be called with {len(arguments)} arguments")
        converted: list[object] = []
        conversions = chain(self.conversions, repeat(self.conversions[-1])) if self.repeats else self.conversions
        for convert, argument in zip(conversions, arguments, strict=False):
            value = convert(argument)
            if value is _NOTHING:
                return None
            converted.append(value)
        try:
            return self.call(*converted)
        except DecimalException as error:
            raise ExpressionError(values.REASONS[type(error)]) from error


def _instant(value: object) -> object:
    if isinstance(value, date | time):
        return value
    raise ExpressionError(f"'{values.as_text(value)[:40]}' is not a date or a time")


def _list(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if is_empty(value) else [value]


def _conversion(parameter: Parameter) -> Convert:
    """How an argument becomes what the function wants; ``_NOTHING`` when it is empty and must not be."""
    wanted = parameter.type
    if parameter.spreads:
        return _same
    if wanted.many:
        return _list
    convert = _CONVERT[wanted.name]
    if wanted.name not in _NEEDED:
        return convert
    return lambda value: _NOTHING if value is None or is_empty(value) else convert(value)


def _same(value: object) -> object:
    return value


_NEEDED = frozenset({"number", "whole", "date", "datetime", "time", "instant"})
_CONVERT: Mapping[str, Convert] = MappingProxyType(
    {
        "text": values.as_text,
        "number": values.number,
        "whole": lambda value: values.whole(value, -_LARGEST_WHOLE, _LARGEST_WHOLE),
        "bool": bool,
        "date": values.day,
        "datetime": _instant,
        "time": _instant,
        "instant": _instant,
        "group": _same,
        "any": _same,
        "condition": bool,
    }
)
