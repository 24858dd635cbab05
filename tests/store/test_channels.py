"""How channels are, what lies on servers, what was tried and who was locked out, on both databases."""

import threading
from datetime import timedelta

import pytest

from gateway.exchange.channels import Channel, ChannelHealth, ChannelState, Direction
from gateway.exchange.dispatch import AttemptOutcome, Dispatch, DispatchState
from gateway.exchange.remote import RemoteFile, RemoteState
from gateway.kernel.ids import ChannelKey, ClaimId, DispatchId, PartnerId, ReceiptId
from gateway.store.unit_of_work import SqlStore
from tests.orders.build import NOW

ACME = PartnerId("acme")
OUT = Channel(ChannelKey("sftp:acme:1"), ACME, Direction.OUT, "sftp")
IN = Channel(ChannelKey("inbox/acme"), ACME, Direction.IN, "directory")
OTHER = Channel(ChannelKey("outbox/zenith"), PartnerId("zenith"), Direction.OUT, "directory")
MINUTE = timedelta(minutes=1)
PO = RemoteFile(IN.key, "po.edi", "512:1795000000", 512, NOW, claim=ClaimId("C1"))


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(database)


def test_a_channel_that_was_never_used_is_well(store: SqlStore) -> None:
    with store.unit() as work:
        assert work.channels.state(OUT) == ChannelState(OUT)
        assert work.channels.listed() == []


def test_failures_in_a_row_are_counted_since_the_first(store: SqlStore) -> None:
    with store.unit() as work:
        work.channels.failed(OUT, "T-CHANNEL", "no route", at=NOW, retry_at=NOW + MINUTE)
        second = work.channels.failed(OUT, "T-CHANNEL", "timed out", at=NOW + MINUTE, retry_at=NOW + 3 * MINUTE)
        work.commit()
    assert (second.health, second.failures, second.since) == (ChannelHealth.FAILING, 2, NOW)
    assert (second.reason, second.retry_at) == ("timed out", NOW + 3 * MINUTE)
    with store.unit() as work:
        assert work.channels.state(OUT) == second
        assert work.channels.waiting(NOW + 2 * MINUTE) == [second]
        assert work.channels.waiting(NOW + 3 * MINUTE) == []


def test_one_success_ends_the_failures_and_says_so_once(store: SqlStore) -> None:
    with store.unit() as work:
        work.channels.failed(OUT, "T-CHANNEL", "no route", at=NOW, retry_at=NOW + MINUTE)
        assert work.channels.ok(OUT, at=NOW + MINUTE)
        assert not work.channels.ok(OUT, at=NOW + MINUTE)
        assert work.channels.state(OUT) == ChannelState(OUT, last_ok=NOW + MINUTE)


def test_when_a_channel_was_well_is_kept_to_the_minute(store: SqlStore) -> None:
    moments = []
    with store.unit() as work:
        for seconds in (0, 59, 60, 61, -3600):
            work.channels.ok(OUT, at=NOW + timedelta(seconds=seconds))
            moments.append(work.channels.state(OUT).last_ok)
    assert moments == [NOW, NOW, NOW + MINUTE, NOW + MINUTE, NOW - 60 * MINUTE]


def test_a_stopped_channel_waits_until_somebody_lets_it(store: SqlStore) -> None:
    with store.unit() as work:
        work.channels.failed(OUT, "T-CHANNEL", "no route", at=NOW, retry_at=NOW)
        stopped = work.channels.stop(OUT, "S-HOST-KEY", "another key", at=NOW + MINUTE)
        assert (stopped.health, stopped.failures, stopped.since) == (ChannelHealth.STOPPED, 2, NOW)
        assert work.channels.waiting(NOW + timedelta(days=400)) == [stopped]
        assert work.channels.let(OUT.key)
        assert work.channels.waiting(NOW) == []
        assert work.channels.state(OUT).failures == 2
        assert not work.channels.let(OTHER.key)


def test_the_next_poll_stays_whatever_fails(store: SqlStore) -> None:
    with store.unit() as work:
        work.channels.polled(IN, next_poll=NOW + MINUTE)
        work.channels.failed(IN, "T-CHANNEL", "no route", at=NOW, retry_at=None)
        work.channels.ok(IN, at=NOW)
        assert work.channels.state(IN).next_poll == NOW + MINUTE


def test_channels_are_listed_by_key_and_partner(store: SqlStore) -> None:
    with store.unit() as work:
        for each in (OTHER, OUT, IN):
            work.channels.ok(each, at=NOW)
        assert [each.channel for each in work.channels.listed()] == [IN, OTHER, OUT]
        assert [each.channel for each in work.channels.listed(OTHER.partner)] == [OTHER]


def test_failures_that_two_workers_meet_at_once_are_both_counted(store: SqlStore) -> None:
    def fail() -> None:
        for _ in range(20):
            with store.unit() as work:
                work.channels.failed(OUT, "T-CHANNEL", "no route", at=NOW, retry_at=None)
                work.commit()

    threads = [threading.Thread(target=fail) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.unit() as work:
        assert work.channels.state(OUT).failures == 40


def test_a_remote_file_is_claimed_once_as_it_looks(store: SqlStore) -> None:
    changed = RemoteFile(IN.key, "po.edi", "600:1795000060", 600, NOW + MINUTE, claim=ClaimId("C2"))
    with store.unit() as work:
        assert work.remote.add(PO)
        assert not work.remote.add(PO)
        assert work.remote.add(changed)
        work.commit()
    with store.unit() as work:
        found = work.remote.known(IN.key, ["po.edi", "other.edi"])
        assert work.remote.known(OUT.key, ["po.edi"]) == {}
    assert found == {("po.edi", PO.signature): PO, ("po.edi", changed.signature): changed}


def test_a_name_that_is_no_text_is_kept_beside_the_one_that_is_shown(store: SqlStore) -> None:
    odd = RemoteFile(IN.key, "bad\\xff.edi", "1:1", 1, NOW, RemoteState.REFUSED, raw_name=b"bad\xff.edi")
    with store.unit() as work:
        assert work.remote.add(odd)
        assert work.remote.known(IN.key, [odd.name]) == {(odd.name, "1:1"): odd}


def test_what_is_still_to_be_done_on_a_server_is_found_after_a_crash(store: SqlStore) -> None:
    second = RemoteFile(IN.key, "second.edi", "2:2", 2, NOW + MINUTE, claim=ClaimId("C2"))
    refused = RemoteFile(IN.key, "device", "0:0", 0, NOW, RemoteState.REFUSED)
    with store.unit() as work:
        for each in (second, PO, refused):
            work.remote.add(each)
        assert work.remote.open(IN.key) == [PO, second]
        assert work.remote.bring_on(ClaimId("C1"), RemoteState.TAKEN, at=NOW + MINUTE, receipt=ReceiptId("R1"))
        assert work.remote.bring_on(ClaimId("C1"), RemoteState.DONE, at=NOW + 2 * MINUTE)
        assert work.remote.bring_on(ClaimId("C2"), RemoteState.TAKEN, at=NOW + MINUTE, receipt=ReceiptId("R2"))
        assert not work.remote.bring_on(ClaimId("C9"), RemoteState.DONE, at=NOW)
        assert [each.claim for each in work.remote.open(IN.key)] == ["C2"]
        done = work.remote.of_claim(ClaimId("C1"))
    assert done is not None
    assert (done.state, done.receipt, done.at) == (RemoteState.DONE, "R1", NOW + 2 * MINUTE)


def test_attempts_are_numbered_and_told_in_their_order(store: SqlStore) -> None:
    first, second = DispatchId("D1"), DispatchId("D2")
    with store.unit() as work:
        for each in (first, second):
            work.exchange.add_dispatch(Dispatch(each, ACME, "997", "1", "1", "997.edi", "outbox/acme", b"ISA", NOW))
        work.attempts.note(first, AttemptOutcome.FAILED, at=NOW, milliseconds=1200, error="no route")
        work.attempts.note(first, AttemptOutcome.DELIVERED, at=NOW + MINUTE, milliseconds=80)
        work.attempts.note(second, AttemptOutcome.UNSURE, at=NOW, milliseconds=5, error="no answer")
        work.commit()
    with store.unit() as work:
        found = work.attempts.of(first)
        last = work.attempts.last([first, second, DispatchId("D3")])
    assert [(each.number, each.outcome, each.error) for each in found] == [
        (1, AttemptOutcome.FAILED, "no route"),
        (2, AttemptOutcome.DELIVERED, ""),
    ]
    assert {name: each.number for name, each in last.items()} == {"D1": 2, "D2": 1}


def test_a_file_that_was_given_up_says_when_and_is_not_owed_any_more(store: SqlStore) -> None:
    with store.unit() as work:
        work.exchange.add_dispatch(
            Dispatch(
                DispatchId("D1"),
                ACME,
                "810",
                "INV1",
                "1",
                "1.edi",
                "outbox/acme",
                b"ISA",
                NOW,
                resends=DispatchId("D0"),
            )
        )
        work.exchange.mark([DispatchId("D1")], DispatchState.GIVEN_UP, at=NOW + MINUTE)
        work.commit()
    with store.unit() as work:
        found = work.exchange.dispatch(DispatchId("D1"))
        assert work.exchange.open_dispatches() == []
    assert found is not None
    assert (found.state, found.given_up_at, found.resends) == (DispatchState.GIVEN_UP, NOW + MINUTE, "D0")
    assert (found.delivered_at, found.answer_due, found.answer_state) == (None, None, "")


def test_failed_logins_of_an_address_are_counted_until_it_is_let_in(store: SqlStore) -> None:
    hour = timedelta(hours=1)
    with store.unit() as work:
        assert work.bans.get("192.0.2.7") is None
        assert not work.bans.ban("192.0.2.7", until=NOW)
        counts = [
            work.bans.failed("192.0.2.7", at=at, since=at - hour).failures
            for at in (NOW, NOW + MINUTE, NOW + 2 * MINUTE, NOW + timedelta(hours=3))
        ]
        assert counts == [1, 2, 3, 1]
        assert work.bans.ban("192.0.2.7", until=NOW + hour)
        assert [each.address for each in work.bans.banned(NOW)] == ["192.0.2.7"]
        assert work.bans.banned(NOW + hour) == []
        assert work.bans.lift("192.0.2.7")
        assert not work.bans.lift("192.0.2.7")
        assert work.bans.get("192.0.2.7") is None
