"""The common shape of canonical models: frozen, closed, text unless said otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

Text = Annotated[str, StringConstraints(min_length=1)]


def _decimal(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("binary floating point is not accepted; write the number as text")  # noqa: TRY004
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]


class Canonical(BaseModel):
    """Base of every canonical model; a field that does not exist is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Extensible(Canonical):
    """A document or a line of one: it may carry fields of the site's own, declared under ``custom_fields``."""

    custom: Mapping[str, Text] | None = None


NO_DATE = "it is not a date; write it like 2026-12-31"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One value that does not fit its field."""

    field: str
    value: str
    reason: str


def build(model: type[Canonical], values: Mapping[str, Any]) -> Canonical | tuple[Misfit, ...]:
    """The document of nested values, or everything that does not fit the model."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        return tuple(
            Misfit(
                ".".join(str(part) for part in each["loc"]),
                str(each.get("input", ""))[:40],
                NO_DATE if each["type"].startswith("date_") else each["msg"],
            )
            for each in error.errors()
        )


def attribute(item: object, dotted: str) -> object:
    """A value by its dotted name, None where there is none.

    Over a list it is the list of its items' values, over lists in lists the list of the values of all of them.
    """
    head, _, rest = dotted.partition(".")
    value = item.get(head) if isinstance(item, Mapping) else getattr(item, head, None)
    if not rest or value is None:
        return value
    if isinstance(value, tuple | list):
        found = [attribute(each, rest) for each in value]
        return [one for each in found for one in (each if isinstance(each, tuple | list) else [each])]
    return attribute(value, rest)
