"""What was read of files is found again by mapping, file and hold; unknown codes are counted once each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.exchange.readings import ReadDocument, Unknown
from gateway.exchange.receipt import Receipt
from gateway.kernel.ids import ClaimId, HoldId, PartnerId, ReceiptId, Sha256
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
ACME = PartnerId("acme")


@pytest.fixture
def work(database: str) -> Iterator[SqlUnitOfWork]:
    with SqlStore(database).unit() as unit:
        for number in (1, 2, 3):
            unit.exchange.add_receipt(
                Receipt(ReceiptId(f"R{number}"), ClaimId(f"C{number}"), ACME, f"{number}.edi", Sha256("0" * 64), 1, NOW)
            )
        yield unit


def a_document(receipt: str, key: str, mapping: str = "acme/850", after: int = 0) -> ReadDocument:
    return ReadDocument(
        ReceiptId(receipt), key, ACME, "order", f"set {key}", mapping, "h", date(2026, 11, 20), NOW + timedelta(hours=after)
    )  # fmt: skip


def test_documents_come_back_in_the_order_in_which_they_were_read(work: SqlUnitOfWork) -> None:
    for key in ("b", "a", "c"):
        work.readings.note(a_document("R1", key))
    again = replace(a_document("R1", "a"), content="{}", problems=("x",), hold=HoldId("H-1"))
    work.readings.note(again)

    assert [each.key for each in work.readings.of_file(ReceiptId("R1"))] == ["b", "a", "c"]
    assert work.readings.waiting(HoldId("H-1")) == again


def test_the_last_files_of_a_mapping_are_the_newest(work: SqlUnitOfWork) -> None:
    for number, (receipt, mapping) in enumerate([("R1", "acme/850"), ("R2", "x12/850"), ("R3", "csv/order")]):
        work.readings.note(a_document(receipt, "1", mapping, number))
        work.readings.note(a_document(receipt, "2", mapping, number))

    assert work.readings.last_files(["acme/850", "x12/850"], last=5) == ["R2", "R1"]
    assert work.readings.last_files(["acme/850", "x12/850"], last=1) == ["R2"]
    assert work.readings.last_files(["acme/850"], last=5, partner=PartnerId("other")) == []


def test_an_unknown_code_is_counted_and_comes_back_when_it_was_settled_too_early(work: SqlUnitOfWork) -> None:
    code = Unknown(ACME, "acme/850", "order", "lines.uom", "PO103", "CS", "map", "f:1")

    def meet(what: Unknown, after: int) -> None:
        work.readings.meet(what, receipt=ReceiptId("R1"), file_name="1.edi", at=NOW + timedelta(hours=after))

    meet(code, 0)
    meet(replace(code, code="BX"), 1)
    meet(code, 2)
    first, second = work.readings.unknown(status="open")
    assert (first.id, first.what.code, first.count, first.first_seen, first.last_seen) == (
        "V-1", "CS", 2, NOW, NOW + timedelta(hours=2)
    )  # fmt: skip
    assert (second.id, second.count) == ("V-2", 1)

    work.readings.settle(first, "set", "a case")
    work.readings.settle(second, "ignored", "")
    assert work.readings.unknown(status="open") == []
    meet(code, 3)
    meet(replace(code, code="BX"), 3)
    assert [each.what.code for each in work.readings.unknown(status="open")] == ["CS"]
