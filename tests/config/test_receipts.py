"""Whoever orders without X12 gets a readable answer, unless the partner file says otherwise."""

from datetime import date

import pytest

from gateway.config.partner import Partner

DAY = date(2026, 11, 20)


def _partner(**more: object) -> Partner:
    return Partner.model_validate(
        {"gateway": "1", "partner": "shop", "documents": {"order": [{"in": [{"mapping": "csv/order"}]}]}, **more}
    )


@pytest.mark.parametrize(
    ("more", "receipts"),
    [
        ({}, ["csv/order-receipt"]),
        ({"channels": {"receipts": {"for": ["csv"], "format": "csv"}}}, ["csv/order-receipt"]),
        ({"channels": {"receipts": {"for": []}}}, []),
        ({"kind": "erp"}, []),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "acknowledgment": [{"out": [{"mapping": "shop/answer"}]}]}}, []),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "order_receipt": [{"out": [{"mapping": "shop/receipt"}]}]}}, ["shop/receipt"]),
        ({"x12": {"them": {"qualifier": "ZZ", "id": "SHOP"}}}, []),
    ],
    ids=["nothing said", "asked for", "not wanted", "the house", "an answer of its own", "a receipt of its own", "x12"],
)  # fmt: skip
def test_orders_without_x12_are_answered_by_receipts_where_no_document_says_how(
    more: dict[str, object], receipts: list[str]
) -> None:
    assert [use.mapping for use in _partner(**more).outputs("order_receipt", DAY)] == receipts
