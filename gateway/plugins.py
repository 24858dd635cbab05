"""What a package of functions for mappings imports from here: how to declare one. Nothing else of ours need be known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

KINDS: Mapping[type, str] = MappingProxyType({
    str: "text", int: "integer", Decimal: "decimal", date: "date", datetime: "datetime", bool: "bool",
})  # fmt: skip
"""What an argument or a result may be."""

Declared = TypeVar("Declared", bound=Callable[..., object])
_MARK = "__mapping_function__"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes, by name and in order, and what it gives."""

    arguments: tuple[tuple[str, str], ...]
    returns: str
    pure: bool


def mapping_function(*, args: Mapping[str, type], returns: type, pure: bool) -> Callable[[Declared], Declared]:
    """Declare a function for mappings: the types of its arguments by name, in order, and of its result.

    Types are str, int, Decimal, date, datetime and bool; a value may also be None, for nothing. ``pure`` promises
    the same result for the same arguments, without files, network, clock or chance.

    >>> @mapping_function(args={"code": str}, returns=str, pure=True)
    ... def store_of(code: str) -> str:
    ...     return code.split("-")[1]
    >>> store_of("DC-0012-A"), signature_of(store_of)
    ('0012', Signature(arguments=(('code', 'text'),), returns='text', pure=True))
    """
    for each in (*args.values(), returns):
        if each not in KINDS:
            raise TypeError(
                f"{each!r} is not a type of mapping functions; they are {', '.join(k.__name__ for k in KINDS)}"
            )
    signature = Signature(tuple((name, KINDS[each]) for name, each in args.items()), KINDS[returns], pure)

    def declared(function: Declared) -> Declared:
        setattr(function, _MARK, signature)
        return function

    return declared


def signature_of(function: object) -> Signature | None:
    """How a function was declared; None when it was not."""
    found = getattr(function, _MARK, None)
    return found if isinstance(found, Signature) else None
