"""The common shape of canonical models: frozen, closed, text unless said otherwise."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]


def _decimal(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("binary floating point is not accepted; write the number as text")  # noqa: TRY004
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]


class Canonical(BaseModel):
    """Base of every canonical model; a field that does not exist is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
