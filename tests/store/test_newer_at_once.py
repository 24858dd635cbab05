"""What several processes do at the same moment: each change of an alert, a channel, a promise or the trail happens once."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.alerts import Alert, Change, Notice, NoticeState, Severity
from gateway.exchange.answers import Answer
from gateway.exchange.channels import Channel, Direction
from gateway.exchange.dispatch import AttemptOutcome, DispatchState
from gateway.exchange.expected import AnswerState
from gateway.exchange.promises import ExpectedFile, ExpectedState, Promise, PromiseState
from gateway.exchange.receipt import FileHold
from gateway.exchange.remote import RemoteFile, RemoteState
from gateway.kernel.errors import ConflictError
from gateway.kernel.ids import AlertId, ChannelKey, ClaimId, DispatchId, HoldId, NoticeId, ReceiptId
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import NOW, TODAY
from tests.store.test_at_once import ACME, letter

MANY = 6
Found = TypeVar("Found")
OUT = Channel(ChannelKey("outbox/acme"), ACME, Direction.OUT, "directory")
LATER = NOW + timedelta(minutes=1)


def at_once(url: str, doing: Callable[[SqlUnitOfWork, int], Found]) -> list[Found]:
    """What so many processes get that do the same at the same moment; who met another one tries again, as engines do."""
    barrier = threading.Barrier(MANY)

    def one(number: int) -> Found:
        store = SqlStore(url)
        with store.unit() as work:
            work.exchange.holds()  # all that is done once is done before it begins
        barrier.wait(30)
        try:
            for _ in range(60):
                with suppress(ConflictError), store.unit() as work:
                    found = doing(work, number)
                    time.sleep(0.02)
                    work.commit()
                    return found
            raise AssertionError("sixty attempts met somebody else each time")
        finally:
            store.engine.dispose()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def told(url: str, question: Callable[[SqlUnitOfWork], Found]) -> Found:
    """What the database says afterwards."""
    store = SqlStore(url)
    with store.unit() as work:
        found = question(work)
    store.engine.dispose()
    return found


def begun(url: str, doing: Callable[[SqlUnitOfWork], object]) -> None:
    """What was so before."""
    store = SqlStore(url)
    with store.unit() as work:
        doing(work)
        work.commit()
    store.engine.dispose()


def alert(number: int, key: str = "channel:outbox/acme") -> Alert:
    return Alert(AlertId(f"A-{number}"), key, "channel", Severity.ERROR, "It fails.", NOW, partner=ACME)


def changes_of(url: str, one: Alert) -> list[Change]:
    """What is to be told of an alert."""
    return told(url, lambda work: [each.change for each in work.alerts.notices_of(one.id)])


def test_an_alert_that_several_open_at_once_is_open_once_and_they_that_close_it_close_it_once(database: str) -> None:
    opened = at_once(database, lambda work, number: work.alerts.open(alert(number)))
    assert Counter(opened) == {True: 1, False: MANY - 1}
    (found,) = told(database, lambda work: work.alerts.listed())
    assert found.times == MANY
    closed = at_once(database, lambda work, _: work.alerts.close(found.key, "", NOW))
    assert Counter(closed) == {True: 1, False: MANY - 1}
    changes = changes_of(database, found)
    assert Counter(changes) == {Change.OPENED: 1, Change.CLOSED: 1}


def test_an_alert_that_some_open_while_others_close_it_has_a_notice_for_each_change(database: str) -> None:
    def change(work: SqlUnitOfWork, number: int) -> None:
        for _ in range(4):
            if number % 2:
                work.alerts.open(replace(alert(number), id=AlertId(f"A-{number}-{_}-{id(work)}")))
            else:
                work.alerts.close(alert(0).key, "", NOW)

    at_once(database, change)
    every = told(database, lambda work: work.alerts.listed(open_only=False))
    assert sum(each.closed_at is None for each in every) <= 1
    for each in every:
        changes = changes_of(database, each)
        assert Counter(changes) == {Change.OPENED: 1, **({Change.CLOSED: 1} if each.closed_at is not None else {})}


def test_a_notice_that_several_share_out_at_once_is_there_once_for_each_route(database: str) -> None:
    begun(database, lambda work: work.alerts.open(alert(0)))
    for route in ("office", "duty"):
        added = at_once(
            database,
            lambda work, number, over=route: work.alerts.add_notice(  # type: ignore[misc]
                Notice(NoticeId(f"{over}-{number}"), AlertId("A-0"), over, Change.OPENED, NOW)
            ),
        )
        assert Counter(added) == {True: 1, False: MANY - 1}


def test_a_notice_that_is_put_together_is_not_taken_back_at_the_same_moment(postgresql: str) -> None:
    """Whoever finds the alert over meanwhile must hear that it was told, so that its end is told as well."""
    notice = Notice(NoticeId("N-1"), AlertId("A-0"), "office", Change.OPENED, NOW)
    begun(postgresql, lambda work: (work.alerts.open(alert(0)), work.alerts.add_notice(notice)))
    store, other = SqlStore(postgresql), SqlStore(postgresql)
    with ThreadPoolExecutor() as pool:
        with store.unit() as work:
            assert [each.notice.id for each in work.notices.letters("office", NOW)] == [notice.id]

            def take_back() -> bool:
                with other.unit() as late:
                    taken = late.alerts.withdraw(notice.id, "It was over.")
                    late.commit()
                    return taken

            taking = pool.submit(take_back)
            work.notices.compose({notice.id: "It fails."})
            work.commit()
        assert taking.result(30) is False
    (found,) = told(
        postgresql, lambda work: [each for each in work.alerts.notices_of(AlertId("A-0")) if each.route == "office"]
    )
    assert (found.body, found.state) == ("It fails.", NoticeState.WAITING)
    store.engine.dispose()
    other.engine.dispose()


def test_of_failures_of_a_channel_at_once_none_is_lost(database: str) -> None:
    at_once(database, lambda work, _: work.channels.failed(OUT, "T-CHANNEL", "gone", at=NOW, retry_at=LATER))
    found = told(database, lambda work: work.channels.state(OUT))
    assert (found.failures, found.since) == (MANY, NOW)
    assert Counter(at_once(database, lambda work, _: work.channels.ok(OUT, at=LATER))) == {True: 1, False: MANY - 1}


def test_a_file_on_a_server_is_claimed_by_one_of_several(database: str) -> None:
    inlet = ChannelKey("sftp:acme:in1")

    def file(number: int) -> RemoteFile:
        return RemoteFile(inlet, "po.edi", "10:1", 10, NOW, claim=ClaimId(f"C-{number}"))

    assert Counter(at_once(database, lambda work, number: work.remote.add(file(number)))) == {True: 1, False: MANY - 1}
    (first,) = told(database, lambda work: work.remote.open(inlet))
    assert first.claim is not None
    claim = first.claim
    begun(database, lambda work: work.remote.bring_on(claim, RemoteState.DONE, at=NOW, receipt=ReceiptId("R-1")))
    again = at_once(database, lambda work, number: work.remote.again(file(100 + number)))
    assert Counter(again) == {True: 1, False: MANY - 1}


def test_a_promise_is_begun_missed_and_kept_once(database: str) -> None:
    promise = Promise("855_after_850", ACME, "SO-1", NOW, LATER)
    assert Counter(at_once(database, lambda work, _: work.clocks.start(promise))) == {True: 1, False: MANY - 1}
    assert Counter(at_once(database, lambda work, _: work.clocks.miss(promise.key))) == {True: 1, False: MANY - 1}
    stopped = at_once(database, lambda work, _: work.clocks.stop(promise.key, LATER))
    assert [each.state for each in stopped if each is not None] == [PromiseState.MISSED]


def test_a_file_that_did_not_come_is_noted_once(database: str) -> None:
    expected = ExpectedFile("acme order 08:00", TODAY, ExpectedState.MISSED, NOW)
    assert Counter(at_once(database, lambda work, _: work.expected.note(expected))) == {True: 1, False: MANY - 1}


def test_failed_logins_at_once_are_all_counted(database: str) -> None:
    counts = at_once(database, lambda work, _: work.bans.failed("192.0.2.7", at=NOW, since=NOW).failures)
    assert sorted(counts) == list(range(1, MANY + 1))


def test_tries_and_answers_at_once_are_all_kept(database: str) -> None:
    begun(database, lambda work: work.exchange.add_dispatch(letter("D-1", 1)))
    dispatch = DispatchId("D-1")
    numbers = at_once(
        database,
        lambda work, _: work.attempts.note(dispatch, AttemptOutcome.FAILED, at=NOW, milliseconds=1).number,
    )
    assert sorted(numbers) == list(range(1, MANY + 1))

    def answer(work: SqlUnitOfWork, number: int) -> None:
        work.exchange.add_answer(Answer(dispatch, "997", Verdict.ACCEPTED, (), "", ReceiptId(f"R-{number}"), NOW))

    at_once(database, answer)
    assert len({each.receipt for each in told(database, lambda work: work.exchange.answers(dispatch))}) == MANY


def test_an_answer_is_called_overdue_once(database: str) -> None:
    late = replace(letter("D-1", 1), document="855", answer_due=NOW, answer_state="expected")
    begun(database, lambda work: work.exchange.add_dispatch(late))
    begun(database, lambda work: work.exchange.mark([late.id], DispatchState.DELIVERED, at=NOW))
    missed = at_once(database, lambda work, _: work.awaited.miss(late.id))
    assert len([each for each in missed if each is not None]) == 1


def test_who_answers_before_the_delivery_is_noted_is_not_awaited_any_more(database: str) -> None:
    """A partner that takes a file at once may be read by another process before the one that handed it over says so."""
    sent = replace(letter("D-1", 1), document="855", answer_due=LATER, answer_state="expected")
    begun(database, lambda work: work.exchange.add_dispatch(sent))
    begun(database, lambda work: work.awaited.settle(sent.id, AnswerState.ACCEPTED))

    def delivered(work: SqlUnitOfWork) -> None:
        work.exchange.mark([sent.id], DispatchState.DELIVERED, at=NOW)
        work.awaited.begin({sent.id: LATER})

    begun(database, delivered)
    assert told(database, lambda work: work.awaited.listed()) == []
    assert told(database, lambda work: work.awaited.overdue(LATER + timedelta(days=1))) == []


def test_deeds_of_several_are_one_chain(database: str) -> None:
    def deeds(work: SqlUnitOfWork, number: int) -> None:
        for at in range(5):
            work.audit.note(f"W{number}", "hold.release", f"H-{at}", at=NOW)

    for _ in range(3):
        at_once(database, deeds)
    assert told(database, lambda work: work.audit.verify()) is None
    assert told(database, lambda work: work.audit.head().sequence) == 3 * MANY * 5


def test_a_hold_is_listed_once_and_ended_once(database: str) -> None:
    def listed(work: SqlUnitOfWork, number: int) -> None:
        hold = HoldId(f"H-{number}")
        work.exchange.hold(
            FileHold(hold, "FILE", "F-MARKER", "It is alone.", NOW, ACME, None, "po.csv", key="F-MARKER:po.csv")
        )

    at_once(database, listed)
    (found,) = told(database, lambda work: work.exchange.holds())
    assert Counter(at_once(database, lambda work, _: work.exchange.end_hold(found.id, "gone"))) == {
        True: 1,
        False: MANY - 1,
    }
