"""What is known of channels, alerts and deeds moves with the database, and holds where it is then."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.channels import Channel, Direction
from gateway.exchange.dispatch import AttemptOutcome, Dispatch, DispatchState
from gateway.exchange.promises import ExpectedFile, ExpectedState, Promise
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.exchange.remote import RemoteFile
from gateway.kernel.ids import AlertId, ChannelKey, ClaimId, DispatchId, HoldId, PartnerId, ReceiptId, Sha256
from gateway.store.moving import copy
from gateway.store.unit_of_work import SqlStore, engine_for
from tests import database as databases
from tests.orders.build import NOW

ACME = PartnerId("acme")
KEY = ChannelKey("sftp:acme:1")
OUT = Channel(KEY, ACME, Direction.OUT, "sftp")
NEW = (
    "channel_states",
    "remote_files",
    "attempts",
    "alerts",
    "alert_notices",
    "clocks",
    "expected_files",
    "audit",
    "bans",
    "site",
)
TAKEN = Receipt(
    ReceiptId("R1"), ClaimId("C1"), ACME, "po.edi", Sha256("a" * 64), 5, NOW, state=ReceiptState.PROCESSED, channel=KEY,
    documents=("purchase_order", "invoice"),
)  # fmt: skip
LEFT = Dispatch(
    DispatchId("D1"), ACME, "810", "INV1", "1", "1.edi", KEY, b"ISA", NOW, DispatchState.DELIVERED, answer_due=NOW,
    answer_state="expected", resends=DispatchId("D0"),
)  # fmt: skip
HELD = FileHold(HoldId("H-1"), "DATA", "C-DUP-PO", "twice", NOW, ACME, None, "po.edi", figures='{"quantity":["1","2"]}')


@pytest.fixture
def origin(tmp_path: Path) -> str:
    """A database with a row in every table that is new, and a value in every column that is."""
    url = databases.fresh(databases.SQLITE, tmp_path)
    with SqlStore(url).unit() as work:
        work.exchange.add_receipt(TAKEN)
        work.exchange.add_dispatch(LEFT)
        work.exchange.hold(HELD)
        work.channels.failed(OUT, "T-CHANNEL", "no route", at=NOW, retry_at=NOW)
        work.remote.add(RemoteFile(KEY, "po.edi", "5:1", 5, NOW, claim=ClaimId("C1"), raw_name=b"po\xff.edi"))
        work.attempts.note(LEFT.id, AttemptOutcome.FAILED, at=NOW, milliseconds=3, error="no route")
        work.alerts.open(Alert(AlertId("A-1"), KEY, "channel", Severity.ERROR, "no route", NOW))
        work.clocks.start(Promise("855_after_850", ACME, "SO-1", NOW, NOW))
        work.expected.note(ExpectedFile("acme:invoice:18:00", date(2026, 11, 20), ExpectedState.MET, NOW))
        work.audit.note("jo", "hold.released", "SO-1", at=NOW, detail={"note": "é"})
        work.bans.failed("192.0.2.7", at=NOW, since=NOW)
        work.site.put("generation", "1")
        work.commit()
    return url


def test_every_new_table_is_copied_and_the_trail_holds_where_it_is_then(origin: str, tmp_path: Path) -> None:
    target = databases.fresh(databases.POSTGRESQL, tmp_path, migrated=False)

    copied = {each.table: each.rows for each in copy(origin, target)}

    assert {name: copied[name] for name in NEW} == dict.fromkeys(NEW, 1)
    assert databases.dump(target) == databases.dump(origin)
    with SqlStore(target).unit() as work:
        assert work.audit.verify(work.audit.head()) is None
        work.audit.note("jo", "hold.released", "SO-2", at=NOW)
        work.commit()
        assert work.audit.head().sequence == 2
    engine = engine_for(target)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text("DELETE FROM audit"))
    engine.dispose()


def test_what_is_new_of_receipts_dispatches_and_holds_is_read_as_it_was_written(origin: str) -> None:
    with SqlStore(origin).unit() as work:
        receipt, dispatch = work.exchange.receipt(TAKEN.id), work.exchange.dispatch(LEFT.id)
        (hold,) = work.exchange.holds()
    assert receipt is not None
    assert (receipt.channel, receipt.documents) == (KEY, TAKEN.documents)
    assert dispatch is not None
    assert (dispatch.answer_due, dispatch.answer_state, dispatch.resends) == (NOW, "expected", "D0")
    assert hold == HELD
