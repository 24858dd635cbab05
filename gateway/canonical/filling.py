"""Canonical documents filled without validating again what typed rules, or our own documents, have made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ParamSpec, TypeVar, cast

from pydantic import BaseModel

from gateway.canonical.base import Canonical

Fields = ParamSpec("Fields")
Model = TypeVar("Model")
MOST_NAMES = 1000
MakePart = Callable[[dict[str, Any]], Canonical]


@cache
def defaults_of(model: type[Canonical]) -> dict[str, Any]:
    """Every field of a model in its order, with what it is when nothing is said; None where something must be."""
    fields = model.model_fields.items()
    return {name: None if each.is_required() else each.get_default(call_default_factory=True) for name, each in fields}


class Names(dict[int, set[str]]):
    """The names of fields by a bit for each; models of which the same fields are set share them, for they are frozen."""

    __slots__ = ("fields",)

    def __init__(self, model: type[Canonical]) -> None:
        super().__init__()
        self.fields = tuple(defaults_of(model))

    def __missing__(self, bits: int) -> set[str]:
        names = {name for at, name in enumerate(self.fields) if bits >> at & 1}
        if len(self) < MOST_NAMES:
            self[bits] = names
        return names


@cache
def part_maker(model: type[Canonical]) -> MakePart:
    """A function that makes a model of the fields that were set.

    The values have the right types, for typed rules made them: the model is the same in every way as one that was
    validated. Canonical models have no validators of their own beyond types, codes and texts that are not empty.
    """
    new, defaults = model.__new__, defaults_of(model)
    parts = slots()
    put, fields_set, extra, private = parts.fields, parts.names, parts.extra, parts.private

    def made(values: dict[str, Any]) -> Canonical:
        document = new(model)
        put(document, defaults | values)
        fields_set(document, set(values))
        extra(document, None)
        private(document, None)
        return document

    return made


def trusted(model: Callable[Fields, Model]) -> Callable[Fields, Model]:
    """The constructor of a model for values of ours, which have the types of its fields and are no empty texts.

    The type checker looks at the names and the types, as it does for the constructor itself; the rest of what
    validation would find is found by the tests, which validate every document that leaves.
    """
    part = part_maker(cast("type[Canonical]", model))

    def made(**values: object) -> Canonical:
        return part(values)

    return cast("Callable[Fields, Model]", made)


@dataclass(frozen=True, slots=True)
class Slots:
    """What sets the parts that a model consists of, past its being frozen: all its fields, the names of those that were set.

    ``extra`` and ``private`` are None in every model of ours.
    """

    fields: Callable[[object, object], None]
    names: Callable[[object, object], None]
    extra: Callable[[object, object], None]
    private: Callable[[object, object], None]


@cache
def slots() -> Slots:
    """The same for every model."""
    parts = vars(BaseModel)
    names, extra, private = (parts[f"__pydantic_{each}__"].__set__ for each in ("fields_set", "extra", "private"))
    return Slots(parts["__dict__"].__set__, names, extra, private)
