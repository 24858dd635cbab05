"""Any canonical document: strategies made from the models, so that they never fall behind them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from gateway.canonical.base import Canonical
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CatalogueField

ANY_TEXT = st.one_of(
    st.text(min_size=1, max_size=30, alphabet=st.characters(exclude_categories=["Cs"])),
    st.text(min_size=1, max_size=12, alphabet="ABCabc 0123456789*~:>^'\"<&-=+@;,.\n\té漢"),
    st.text(min_size=1, max_size=12, alphabet="ABC0123456789"),
)
PLAIN_TEXT = st.text(min_size=1, max_size=20, alphabet="ABCabc 019=-+.,:'\"#é漢{}[]&*!|>%@`").filter(
    lambda each: each.strip() == each
)
NUMBERS = st.one_of(
    st.decimals(min_value=Decimal(-99999), max_value=Decimal(999999), places=2),
    st.decimals(min_value=0, max_value=Decimal(999), places=6),
    st.integers(0, 10**12).map(Decimal),
)
_SCALARS: Mapping[str, SearchStrategy[object]] = {
    "decimal": NUMBERS,
    "integer": st.integers(0, 10**6),
    "date": st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    "time": st.times().map(lambda each: each.replace(microsecond=0)) | st.just(time(16, 30)),
    "datetime": st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)),  # noqa: DTZ001
    "bool": st.booleans(),
}  # fmt: skip


@cache
def documents(model: type[Canonical], text: SearchStrategy[str] = ANY_TEXT) -> SearchStrategy[Canonical]:
    """Documents of a model; optional fields come and go."""
    required: dict[str, SearchStrategy[object]] = {}
    optional: dict[str, SearchStrategy[object]] = {}
    for name, field in catalogue.fields_of(model).items():
        strategy = _field(field, text)
        if strategy is not None:
            (required if field.required else optional)[name] = strategy
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: model(**values))


def _field(field: CatalogueField, text: SearchStrategy[str]) -> SearchStrategy[object] | None:
    one: SearchStrategy[object]
    if field.kind == catalogue.CUSTOM:
        return None
    if field.model is not None:
        model = field.model
        one = st.deferred(lambda: documents(model, text))
    elif field.kind == "code":
        one = st.sampled_from(field.codes)
    else:
        one = _SCALARS.get(field.kind, text)
    return st.lists(one, max_size=2).map(tuple) if field.is_list else one
