"""What is old is found by indexes, piece by piece, and what is needed is never among what may go."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from gateway.exchange.alerts import Alert, Change, Notice, Severity
from gateway.exchange.dispatch import AttemptOutcome, Dispatch, DispatchState
from gateway.exchange.readings import ReadDocument
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.exchange.retention import Piece
from gateway.kernel.ids import (
    AlertId,
    ClaimId,
    DispatchId,
    HoldId,
    NoticeId,
    PartnerId,
    ReceiptId,
    Sha256,
)
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork, engine_for
from tests import database as databases
from tests.orders.build import NOW

ACME = PartnerId("acme")
OLD = NOW - timedelta(days=800)
BEFORE = NOW - timedelta(days=400)
PAST = 1_000_000


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(database)


def sha(number: int) -> Sha256:
    return Sha256(f"{number:064d}")


def receipt(number: int, **more: Any) -> Receipt:
    plain = Receipt(
        ReceiptId(f"R{number}"), ClaimId(f"C{number}"), ACME, f"{number}.edi", sha(number), 10 + number, OLD,
        state=ReceiptState.PROCESSED,
    )  # fmt: skip
    return replace(plain, **more)


def dispatch(number: int, **more: Any) -> Dispatch:
    plain = Dispatch(
        DispatchId(f"D{number}"), ACME, "810", f"I{number}", f"{number:09d}", f"{number}.edi", "outbox/acme", b"ISA" * number,
        OLD, DispatchState.DELIVERED, delivered_at=OLD,
    )  # fmt: skip
    return replace(plain, **more)


def read(number: int, po_number: str) -> ReadDocument:
    content = json.dumps({"po_number": po_number}) if po_number else ""
    return ReadDocument(
        ReceiptId(f"R{number}"), "1", ACME, "order", f"PO {po_number}", "m", "h", OLD.date(), OLD, content=content
    )


def order(store: SqlStore, number: str, po_number: str, status: str) -> None:
    engine = engine_for(store.url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO orders (number, sequence, partner, po_number, release_number, purpose, test, status, placed_at,"
                " version, waits_for_release, waits_for_invoice, settled, open_amount, shipped_amount, body) VALUES"
                " (:number, :sequence, 'acme', :po, '', 'original', false, :status, '', 1, false, false, false, '0', '0', '{}')"
            ),
            {"number": number, "sequence": int(number[2:]), "po": po_number, "status": status},
        )
    engine.dispose()


def told(store: SqlStore, *what: Receipt | Dispatch | ReadDocument | FileHold) -> None:
    with store.unit() as work:
        for each in what:
            match each:
                case Receipt():
                    work.exchange.add_receipt(each)
                case Dispatch():
                    work.exchange.add_dispatch(each)
                case ReadDocument():
                    work.readings.note(each)
                case FileHold():
                    work.exchange.hold(each)
        work.commit()


def whole(look: Callable[[SqlUnitOfWork, str, int], Piece], store: SqlStore, most: int = PAST) -> list[str]:
    """What may go, looked at in pieces of one size to its end."""
    found: list[str] = []
    after, pieces = "", 0
    with store.unit() as work:
        while True:
            piece = look(work, after, most)
            found += [name for name, _ in piece.free]
            pieces += 1
            assert piece.looked <= most
            if not piece.after:
                return found
            after = piece.after
            assert pieces < 100


def files(work: SqlUnitOfWork, after: str, most: int) -> Piece:
    return work.pruning.files(BEFORE, after, most)


def sent(work: SqlUnitOfWork, after: str, most: int) -> Piece:
    return work.pruning.dispatches(BEFORE, after, most)


@pytest.mark.parametrize("most", [1, 2, 3, 7, PAST])
def test_a_file_is_kept_as_long_as_anything_open_names_it_however_small_the_pieces(store: SqlStore, most: int) -> None:
    order(store, "SO1", "PO-OPEN", "released")
    order(store, "SO2", "PO-DONE", "closed")
    told(
        store,
        receipt(1),
        receipt(2, received_at=NOW),
        receipt(3), receipt(33, sha256=sha(3), partner=PartnerId("other"), received_at=NOW),
        receipt(4, state=ReceiptState.HELD),
        receipt(5), FileHold(HoldId("H5"), "FILE", "X", "why", OLD, ACME, ReceiptId("R5"), "5.edi"),
        receipt(6), dispatch(6, receipt=ReceiptId("R6"), state=DispatchState.READY, delivered_at=None),
        receipt(7), dispatch(7, receipt=ReceiptId("R7"), order_number="SO1"),
        receipt(8), dispatch(8, receipt=ReceiptId("R8"), order_number="SO2"),
        receipt(9), read(9, "PO-OPEN"),
        receipt(10), read(10, "PO-DONE"),
        receipt(11), read(11, ""),
        receipt(12), receipt(13, sha256=sha(12)),
    )  # fmt: skip
    assert sorted(set(whole(files, store, most))) == sorted(sha(number) for number in (1, 8, 10, 11, 12))
    with store.unit() as work:
        work.pruning.files_gone([sha(1), sha(12)], BEFORE, NOW)
        work.commit()
    assert sorted(set(whole(files, store, most))) == sorted(sha(number) for number in (8, 10, 11))
    with store.unit() as work:
        gone = {each.id for each in work.exchange.receipts() if each.content_removed_at is not None}
    assert gone == {"R1", "R12", "R13"}


@pytest.mark.parametrize("most", [1, 2, PAST])
def test_a_file_that_left_is_kept_as_long_as_somebody_has_to_answer_it_or_its_order_is_open(
    store: SqlStore, most: int
) -> None:
    order(store, "SO1", "PO-OPEN", "released")
    order(store, "SO2", "PO-DONE", "paid")
    told(
        store, dispatch(1), dispatch(2, state=DispatchState.READY, delivered_at=None), dispatch(3, answer_due=NOW),
        dispatch(4, order_number="SO1"), dispatch(5, order_number="SO2"), dispatch(6, delivered_at=NOW),
        dispatch(7, created_at=NOW, delivered_at=NOW), dispatch(8, state=DispatchState.CANCELLED, delivered_at=None),
        dispatch(9, state=DispatchState.GIVEN_UP, delivered_at=None),
    )  # fmt: skip
    assert sorted(whole(sent, store, most)) == ["D1", "D5", "D8"]
    with store.unit() as work:
        work.pruning.dispatches_gone(["D1", "D8"], NOW)
        work.commit()
    assert whole(sent, store, most) == ["D5"]
    with store.unit() as work:
        first = work.exchange.dispatch(DispatchId("D1"))
    assert first is not None
    assert first.content == b""


KINDS = ("attempts", "notices", "alerts")


def removed(store: SqlStore, name: str, most: int) -> int:
    """How many rows of a kind are removed in pieces of a size."""
    count, after = 0, ""
    with store.unit() as work:
        while True:
            piece: Piece = getattr(work.pruning, name)(BEFORE, after, most, remove=True)
            count, after = count + len(piece.free), piece.after
            if not after:
                break
        work.commit()
    return count


@pytest.mark.parametrize("most", [1, 3, PAST])
def test_tries_notices_and_closed_alerts_go_when_nothing_waits_for_them(store: SqlStore, most: int) -> None:
    told(store, dispatch(1), dispatch(2, state=DispatchState.READY, delivered_at=None))
    with store.unit() as work:
        for file in ("D1", "D2"):
            for _ in range(2):
                work.attempts.note(DispatchId(file), AttemptOutcome.FAILED, at=OLD, milliseconds=1)
        work.attempts.note(DispatchId("D1"), AttemptOutcome.DELIVERED, at=NOW, milliseconds=1)
        for number in range(4):
            work.alerts.open(Alert(AlertId(f"A{number}"), f"k{number}", "hold", Severity.ERROR, "why", OLD))
        for key, at in (("k1", OLD), ("k2", OLD), ("k3", NOW)):
            work.alerts.close(key, "", at)
        for each in work.notices.unrouted():
            if each.alert == "A1":
                work.alerts.sent(each.id, OLD)
        work.alerts.add_notice(Notice(NoticeId("N9"), None, "mail", Change.DIGEST, OLD))
        work.commit()

    assert [removed(store, name, most) for name in KINDS] == [2, 2, 1]
    with store.unit() as work:
        assert [each.number for each in work.attempts.of(DispatchId("D1"))] == [3]
        assert len(work.attempts.of(DispatchId("D2"))) == 2
        assert {each.id for each in work.alerts.listed(open_only=False)} == {"A0", "A2", "A3"}
    assert [removed(store, name, most) for name in KINDS] == [0, 0, 0]


# --- what it costs -------------------------------------------------------------------------------------------------


def looks(work: SqlUnitOfWork) -> None:
    for name in ("files", "dispatches"):
        getattr(work.pruning, name)(BEFORE, "", 500)
    for name in ("attempts", "notices", "alerts"):
        getattr(work.pruning, name)(BEFORE, "", 500, remove=True)
    work.pruning.files_gone([sha(1)], BEFORE, NOW)
    work.pruning.dispatches_gone(["D1"], NOW)


@contextmanager
def said_to_sqlite(store: SqlStore) -> Iterator[list[str]]:
    found: list[str] = []

    @event.listens_for(store.engine, "connect")
    def listen(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(found.append)

    yield found


def test_no_statement_reads_a_table_from_one_end_to_the_other(tmp_path: Any) -> None:
    store = SqlStore(databases.fresh(databases.SQLITE, tmp_path))
    with said_to_sqlite(store) as said:
        told(store, receipt(1), dispatch(1))
        before = len(said)
        with store.unit() as work:
            looks(work)
            statements = [each for each in said[before:] if each.startswith(("SELECT", "UPDATE", "DELETE"))]
            plans = {
                each: [str(row[3]) for row in work._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}")]
                for each in statements
            }
    assert len(plans) >= 7
    scans = {each: plan for each, plan in plans.items() if any(re_scan(step) for step in plan)}
    assert scans == {}


def re_scan(step: str) -> bool:
    return step.startswith("SCAN") and "json_each" not in step and "VIRTUAL" not in step
