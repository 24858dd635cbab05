"""Alerts are told once for each change, agreed times are measured once, on both databases."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gateway.exchange.alerts import UNROUTED, Alert, Change, Notice, NoticeState, Severity
from gateway.exchange.promises import ExpectedFile, ExpectedState, Promise, PromiseState
from gateway.kernel.ids import AlertId, NoticeId, PartnerId, ReceiptId
from gateway.store.unit_of_work import SqlStore
from tests.orders.build import NOW

ACME = PartnerId("acme")
MINUTE = timedelta(minutes=1)
DOWN = Alert(
    AlertId("A-1"), "channel:outbox/acme", "channel", Severity.ERROR, "outbox/acme cannot be written.", NOW,
    code="T-CHANNEL", partner=ACME, cause="channel:outbox/acme", risk=Decimal("50.00"), currency="USD",
)  # fmt: skip
ANSWER = Promise("855_after_850", ACME, "SO-1", NOW, NOW + 10 * MINUTE, risk=Decimal("120.50"), currency="USD")
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(database)


def test_an_alert_of_a_key_that_is_open_is_counted_and_not_told_twice(store: SqlStore) -> None:
    with store.unit() as work:
        assert work.alerts.open(DOWN)
        assert not work.alerts.open(replace(DOWN, id=AlertId("A-2"), reason="It is full.", opened_at=NOW + MINUTE))
        work.commit()
    with store.unit() as work:
        assert work.alerts.listed() == [replace(DOWN, times=2, reason="It is full.")]
        (notice,) = work.alerts.notices(NOW + MINUTE)
    assert (notice.alert, notice.route, notice.change) == ("A-1", UNROUTED, Change.OPENED)


def test_an_alert_that_is_over_is_told_and_may_come_again(store: SqlStore) -> None:
    with store.unit() as work:
        work.alerts.open(DOWN)
        assert work.alerts.close(DOWN.key, "delivered", NOW + MINUTE)
        assert not work.alerts.close(DOWN.key, "delivered", NOW + MINUTE)
        assert work.alerts.listed() == []
        assert work.alerts.open(replace(DOWN, id=AlertId("A-2"), opened_at=NOW + 2 * MINUTE))
        assert [each.id for each in work.alerts.listed(open_only=False)] == ["A-1", "A-2"]
        closed = work.alerts.get(AlertId("A-1"))
        assert closed == replace(DOWN, closed_at=NOW + MINUTE, note="delivered")
        assert [each.change for each in work.alerts.notices_of(AlertId("A-1"))] == [Change.OPENED, Change.CLOSED]
        assert work.alerts.get(AlertId("A-9")) is None


def test_a_change_has_one_notice_for_each_route(store: SqlStore) -> None:
    mail = Notice(NoticeId("N-1"), AlertId("A-1"), "office", Change.OPENED, NOW + 5 * MINUTE, body="acme is down")
    digest = Notice(NoticeId("N-9"), None, "office", Change.DIGEST, NOW + 60 * MINUTE)
    with store.unit() as work:
        work.alerts.open(DOWN)
        (unrouted,) = work.alerts.notices(NOW)
        assert work.alerts.add_notice(mail)
        assert not work.alerts.add_notice(replace(mail, id=NoticeId("N-2")))
        assert work.alerts.sent(unrouted.id, NOW)
        assert work.alerts.add_notice(digest)
        assert work.alerts.add_notice(replace(digest, id=NoticeId("N-10")))
        assert work.alerts.next_due() == NOW + 5 * MINUTE
        assert work.alerts.notices(NOW) == []
        assert work.alerts.notices(NOW + 5 * MINUTE) == [mail]


def test_a_notice_is_tried_until_it_left_or_is_given_up(store: SqlStore) -> None:
    one, two = (Notice(NoticeId(each), None, "office", Change.DIGEST, NOW) for each in ("N-1", "N-2"))
    with store.unit() as work:
        work.alerts.add_notice(one)
        work.alerts.add_notice(two)
        assert work.alerts.failed(one.id, "refused", again_at=NOW + MINUTE)
        assert work.alerts.failed(two.id, "no such route", again_at=None)
        assert work.alerts.notices(NOW) == []
        (again,) = work.alerts.notices(NOW + MINUTE)
        assert (again.attempts, again.last_error, again.state) == (1, "refused", NoticeState.WAITING)
        assert work.alerts.sent(one.id, NOW + 2 * MINUTE)
        assert not work.alerts.sent(one.id, NOW + 2 * MINUTE)
        assert not work.alerts.failed(two.id, "no such route", again_at=NOW)
        assert work.alerts.next_due() is None


def test_of_two_workers_that_meet_the_same_trouble_one_tells(store: SqlStore) -> None:
    told: list[bool] = []

    def meet(worker: int) -> None:
        for number in range(20):
            with store.unit() as work:
                told.append(work.alerts.open(replace(DOWN, id=AlertId(f"A-{worker}-{number}"))))
                work.commit()

    threads = [threading.Thread(target=meet, args=(each,)) for each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == [False] * 39 + [True]
    with store.unit() as work:
        assert [each.times for each in work.alerts.listed()] == [40]


def test_a_promise_that_is_done_in_time_is_kept(store: SqlStore) -> None:
    with store.unit() as work:
        assert work.clocks.start(ANSWER)
        assert not work.clocks.start(ANSWER)
        work.commit()
    with store.unit() as work:
        assert work.clocks.running() == [ANSWER]
        kept = replace(ANSWER, state=PromiseState.KEPT, stopped_at=ANSWER.due_at)
        assert work.clocks.stop(ANSWER.key, ANSWER.due_at) == kept
        assert work.clocks.stop(ANSWER.key, ANSWER.due_at) is None
        assert work.clocks.stop("855_after_850:acme:SO-9", NOW) is None
        assert (work.clocks.running(), work.clocks.of_partner(ACME)) == ([], [kept])
        assert not work.clocks.start(ANSWER)


def test_a_promise_that_is_missed_is_told_once_and_runs_until_it_is_done(store: SqlStore) -> None:
    late = ANSWER.due_at + MINUTE
    with store.unit() as work:
        work.clocks.start(ANSWER)
        assert work.clocks.overdue(ANSWER.due_at) == []
        assert work.clocks.overdue(late) == [ANSWER]
        assert work.clocks.miss(ANSWER.key)
        assert not work.clocks.miss(ANSWER.key)
        assert [each.state for each in work.clocks.overdue(late)] == [PromiseState.MISSED]
        stopped = work.clocks.stop(ANSWER.key, late)
        assert work.clocks.overdue(late) == []
        assert not work.clocks.miss("855_after_850:acme:SO-9")
    assert stopped == replace(ANSWER, state=PromiseState.MISSED, stopped_at=late)


def test_what_is_done_late_was_missed_though_nobody_looked(store: SqlStore) -> None:
    with store.unit() as work:
        work.clocks.start(ANSWER)
        stopped = work.clocks.stop(ANSWER.key, ANSWER.due_at + MINUTE)
    assert stopped is not None
    assert stopped.state is PromiseState.MISSED


def test_what_became_of_an_expected_file_is_known_by_day(store: SqlStore) -> None:
    key = "acme:purchase_order:18:00"
    missed = ExpectedFile(key, FRIDAY, ExpectedState.MISSED, NOW)
    late = ExpectedFile(key, FRIDAY, ExpectedState.LATE, NOW + MINUTE, ReceiptId("R1"))
    met = ExpectedFile(key, FRIDAY + timedelta(days=3), ExpectedState.MET, NOW, ReceiptId("R2"))
    with store.unit() as work:
        assert work.expected.get(key, FRIDAY) is None
        assert work.expected.note(missed)
        assert not work.expected.note(replace(missed, at=NOW + MINUTE))
        assert work.expected.note(late)
        assert work.expected.note(met)
        work.commit()
    with store.unit() as work:
        assert work.expected.get(key, FRIDAY) == late
        assert work.expected.since(key, FRIDAY) == [late, met]
        assert work.expected.since(key, FRIDAY + timedelta(days=1)) == [met]
