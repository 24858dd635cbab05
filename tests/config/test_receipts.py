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
        ({"channels": {"receipts": {"format": "xml"}}}, ["xml/order-receipt"]),
        ({"channels": {"receipts": {"format": "json"}}}, ["json/order-receipt"]),
        ({"kind": "erp"}, []),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "acknowledgment": [{"out": [{"mapping": "shop/answer"}]}]}}, []),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "order_receipt": [{"out": [{"mapping": "shop/receipt"}]}]}}, ["shop/receipt"]),
        ({"x12": {"them": {"qualifier": "ZZ", "id": "SHOP"}}}, []),
    ],
    ids=["nothing said", "asked for", "not wanted", "as xml", "as json", "the house", "an answer of its own", "a receipt of its own", "x12"],
)  # fmt: skip
def test_orders_without_x12_are_answered_by_receipts_where_no_document_says_how(
    more: dict[str, object], receipts: list[str]
) -> None:
    assert [use.mapping for use in _partner(**more).outputs("order_receipt", DAY)] == receipts


@pytest.mark.parametrize(
    ("more", "receipts"),
    [
        ({}, ["csv/file-receipt"]),
        ({"channels": {"receipts": {"format": "json"}}}, ["json/file-receipt"]),
        ({"channels": {"receipts": {"files": False}}}, []),
        ({"channels": {"receipts": {"for": []}}}, []),
        ({"kind": "erp"}, []),
        ({"kind": "erp", "channels": {"receipts": {}}}, ["csv/file-receipt"]),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "acknowledgment": [{"out": [{"mapping": "shop/answer"}]}]}}, ["csv/file-receipt"]),
        ({"documents": {"order": [{"in": [{"mapping": "csv/order"}]}], "file_receipt": [{"out": [{"mapping": "shop/refused"}]}]}}, ["shop/refused"]),
        ({"documents": {"invoice": [{"out": [{"mapping": "csv/invoices"}]}]}}, []),
        ({"x12": {"them": {"qualifier": "ZZ", "id": "SHOP"}}}, []),
    ],
    ids=["nothing said", "as json", "no files", "not wanted", "the house", "the house asks", "an answer of its own", "of its own", "sends nothing", "x12"],
)  # fmt: skip
def test_who_sends_without_x12_is_told_what_was_not_taken_of_a_file(
    more: dict[str, object], receipts: list[str]
) -> None:
    assert [use.mapping for use in _partner(**more).outputs("file_receipt", DAY)] == receipts


def test_receipts_are_for_files_of_the_formats_that_are_named() -> None:
    xml_only = _partner(channels={"receipts": {"for": ["xml"]}})
    assert [xml_only.tells_of("order_receipt", each) for each in ("csv", "xml", "")] == [False, True, True]
    assert _partner().tells_of("file_receipt", "csv")
    own = {"order": [{"in": [{"mapping": "csv/order"}]}], "order_receipt": [{"out": [{"mapping": "shop/receipt"}]}]}
    named = _partner(channels={"receipts": {"for": ["xml"]}}, documents=own)
    assert (named.tells_of("order_receipt", "csv"), named.tells_of("file_receipt", "csv")) == (True, False)
