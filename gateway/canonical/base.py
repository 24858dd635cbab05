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
            Misfit(".".join(str(part) for part in each["loc"]), str(each.get("input", ""))[:40], each["msg"])
            for each in error.errors()
        )
