"""The fields a mapping may name, generated from the canonical models and never written twice."""

import types
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from gateway.canonical.base import Canonical

_SCALARS: dict[type, str] = {
    str: "text", int: "integer", Decimal: "decimal", datetime: "datetime", date: "date", time: "time", bool: "bool",
}  # fmt: skip


CUSTOM = "custom"
"""The kind of the one field whose parts a site declares itself."""


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """One field: ``kind`` is text, integer, decimal, date, time, datetime, bool, code, object or custom; ``model`` its parts."""

    name: str
    kind: str
    required: bool
    is_list: bool = False
    codes: tuple[str, ...] = ()
    model: type[Canonical] | None = None


@cache
def fields_of(model: type[Canonical]) -> dict[str, CatalogueField]:
    """The fields of a canonical model by name."""
    return {
        name: _field(name, info.annotation, required=info.is_required()) for name, info in model.model_fields.items()
    }


def find(model: type[Canonical], dotted: str, custom: Collection[str] = ()) -> CatalogueField | None:
    """A field by its dotted name; None when there is none. Lists are not entered: they have groups.

    ``custom`` are the names declared under ``custom_fields``: ``custom.<name>`` is a text of a document or a line.
    """
    head, _, rest = dotted.partition(".")
    found = fields_of(model).get(head)
    if found is None:
        return None
    if found.kind == CUSTOM:
        return CatalogueField(dotted, "text", required=False) if rest in custom else None
    if not rest:
        return found
    if found.model is None or found.is_list:
        return None
    return find(found.model, rest, custom)


def reaches(model: type[Canonical], dotted: str, custom: Collection[str] = ()) -> bool:
    """Whether a name leads somewhere; over a list it gives the list of its items' values."""
    head, _, rest = dotted.partition(".")
    field = fields_of(model).get(head)
    if field is None:
        return False
    if field.kind == CUSTOM:
        return rest in custom
    return not rest or (field.model is not None and reaches(field.model, rest, custom))


def dotted_names(model: type[Canonical], custom: Collection[str] = ()) -> tuple[str, ...]:
    """Every dotted name below a model, for suggestions; lists by their own name only."""
    found: list[str] = []
    for name, each in fields_of(model).items():
        if each.kind == CUSTOM:
            found.extend(f"{name}.{inner}" for inner in custom)
        elif each.model is None or each.is_list:
            found.append(name)
        else:
            found.extend(f"{name}.{inner}" for inner in dotted_names(each.model, custom))
    return tuple(found)


def _field(name: str, annotation: Any, *, required: bool) -> CatalogueField:
    kind, codes, model, is_list = _kind(annotation)
    return CatalogueField(name, kind, required, is_list, codes, model)


def _kind(annotation: Any) -> tuple[str, tuple[str, ...], type[Canonical] | None, bool]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(each for each in get_args(annotation) if each is not type(None)))
    if origin is Literal:
        return "code", tuple(get_args(annotation)), None, False
    if origin is Mapping:
        return CUSTOM, (), None, False
    if origin is tuple:
        kind, codes, model, _ = _kind(get_args(annotation)[0])
        return kind, codes, model, True
    if isinstance(annotation, type) and issubclass(annotation, Canonical):
        return "object", (), annotation, False
    return _SCALARS[annotation], (), None, False


def find_in_lists(model: type[Canonical], dotted: str) -> CatalogueField | None:
    """A field by its dotted name, through lists as well: ``lines.uom``."""
    head, _, rest = dotted.partition(".")
    found = fields_of(model).get(head)
    if not rest or found is None:
        return found
    return find_in_lists(found.model, rest) if found.model is not None else None
