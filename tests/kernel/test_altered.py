"""Records with some fields changed are the same whichever way they are made."""

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.altered import altered
from gateway.orders.order import Buckets

NAMES = st.sampled_from([each.name for each in fields(Buckets)])


@given(st.dictionaries(NAMES, st.decimals(allow_nan=False, places=2)))
def test_an_altered_record_is_the_replaced_one(changes: dict[str, Decimal]) -> None:
    before = Buckets(Decimal(7), pending=Decimal(7))

    assert altered(before, **changes) == replace(before, **changes)
