"""Names with their types, for expressions that are tried without a mapping."""

from collections.abc import Mapping

from gateway.config.problems import suggestion
from gateway.mapping.language.expression_types import Names
from gateway.mapping.language.signatures import Type


def names_of(known: Mapping[str, Type]) -> Names:
    """Names that are all known beforehand."""
    return lambda name: known[name] if name in known else suggestion(name, known)
