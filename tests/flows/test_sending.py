"""Delivery where partners are away: order, back-off, what stops a channel and what stops one file, what is given up."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.app import channels, units
from gateway.app.channels import Kind
from gateway.app.run import finish
from gateway.exchange.channels import ChannelHealth
from gateway.exchange.dispatch import AttemptOutcome, DispatchState
from gateway.flows import send
from gateway.kernel.errors import ChannelDownError, ChannelStoppedError, StoppingError, TransportError
from tests.flows.post import KEY, REMOTE, House, Post, house

DOWN = ChannelDownError("The server of acme does not answer.")
REFUSED = TransportError("acme does not take this file.")
TAKEN = TransportError("b exists with other content.", code="D-NAME-TAKEN")
UNSURE = TransportError("The connection broke before the answer.", code="D-UNSURE")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.mark.parametrize("where", ["stage", "publish", "secure"])
def test_a_channel_that_is_down_is_tried_with_one_file_and_everything_leaves_in_order_when_it_is_back(
    site: House, where: str
) -> None:
    site.owe("a", "b")
    site.post.down, site.post.where = DOWN, where
    site.scan()
    assert len(site.post.tries) == 1
    assert site.post.opened == 0  # what was opened is closed
    site.owe("c")
    site.scan(timedelta(seconds=5))  # its time has not come
    assert len(site.post.tries) == 1
    assert (site.state().health, site.state().failures) == (ChannelHealth.FAILING, 1)
    site.post.down = None
    site.owe("d")
    site.now += MINUTE
    with site.bench.store.unit() as work:
        newest = work.exchange.open_batches()[-1]
    units.act(site.bench, "out", newest[0])  # the unit of the newest comes first, at the moment the wait is over
    assert site.post.arrived == ["a", "b", "c", "d"]
    site.scan()
    assert site.post.arrived == ["a", "b", "c", "d"]
    assert site.state().health is ChannelHealth.OK
    assert set(site.states().values()) == {DispatchState.DELIVERED}


def test_what_another_process_left_leaves_before_what_was_owed_later(site: House) -> None:
    """Each batch is a unit of its own, and those of several processes may be begun in any order."""
    site.owe("a")
    site.owe("b")
    site.owe("c")
    with site.bench.store.unit() as work:
        batches = [batch for batch, _ in work.exchange.open_batches()]
    units.act(site.bench, "out", batches[1])
    assert site.post.arrived == ["a", "b"]
    site.scan()
    assert site.post.arrived == ["a", "b", "c"]


@pytest.mark.parametrize("where", ["stage", "publish"])
def test_what_is_cut_off_because_the_process_ends_is_nobodys_failure_and_leaves_with_the_next_one(
    site: House, where: str
) -> None:
    site.owe("a", "b")
    site.post.down, site.post.where = StoppingError("This process ends."), where
    site.scan()
    assert (site.post.arrived, site.attempts("a"), site.alerts()) == ([], [], [])
    assert (site.state().health, site.state().failures) == (ChannelHealth.OK, 0)
    site.post.down = None
    site.bench.stop.set()
    site.scan(MINUTE)
    assert site.post.arrived == [], "a process that ends begins nothing"
    site.bench.stop.clear()
    site.scan(MINUTE)
    assert site.post.arrived == ["a", "b"]


def test_a_place_that_is_too_small_for_everything_at_once_gets_it_bit_by_bit_in_order(site: House) -> None:
    site.post.room = 2
    site.owe(*"abcde")
    for arrived in ("ab", "abcd", "abcde"):
        site.scan(MINUTE)
        assert site.post.arrived == list(arrived)
        assert site.state().failures == (0 if arrived == "abcde" else 1)
    assert site.post.staged == {}


def test_a_file_that_alone_is_refused_keeps_no_other_back_and_is_tried_again_later(site: House) -> None:
    site.post.refused["b"] = REFUSED
    site.owe("a", "b", "c")
    site.scan()
    assert site.post.arrived == ["a", "c"]
    assert site.state().health is ChannelHealth.OK
    site.owe("d")
    site.scan(timedelta(seconds=5))
    assert (site.post.arrived, site.post.tries.count("b")) == (["a", "c", "d"], 1)
    site.scan(MINUTE)
    assert site.post.tries.count("b") == 2
    site.post.refused.clear()
    site.scan(5 * MINUTE)
    assert site.post.arrived[-1] == "b"
    assert [each.outcome.value for each in site.attempts("b")] == ["failed", "failed", "delivered"]
    assert (site.attempts("a"), site.holds()) == ([], [])


def test_a_file_that_alone_is_refused_for_too_long_is_given_up(site: House) -> None:
    site.post.refused["b"] = REFUSED
    site.owe("b")
    for _ in range(100):
        site.scan(timedelta(hours=1))
    assert site.states() == {"b": DispatchState.GIVEN_UP}
    assert site.holds() == ["D-GIVEN-UP b"]
    tries = len(site.post.tries)
    site.scan(timedelta(days=1))
    assert len(site.post.tries) == tries < 100


def test_what_fails_three_times_or_for_a_quarter_of_an_hour_is_told_once_and_closed_when_it_works(site: House) -> None:
    site.owe("a")
    site.post.down = DOWN
    for count in range(1, 6):
        site.scan(10 * MINUTE)
        assert site.state().failures == count
        assert site.alerts() == ([f"channel:{KEY}"] if count >= 3 else [])
    site.post.down = None
    site.scan(timedelta(hours=1))
    assert (site.post.arrived, site.alerts()) == (["a"], [])
    with site.bench.store.unit() as work:
        (told,) = work.alerts.listed(open_only=False)
    assert (told.times, told.note, told.closed_at) == (3, "It works again.", site.now)


def test_a_file_is_given_up_after_the_time_agreed_its_bytes_are_kept_and_later_ones_go_on(site: House) -> None:
    site.owe("a")
    site.post.down = DOWN
    while site.now < site.file("a").created_at + timedelta(hours=70):
        site.scan(timedelta(hours=1))
    site.owe("b")
    while site.states()["a"] is not DispatchState.GIVEN_UP:
        site.scan(timedelta(hours=1))
        assert site.now < site.file("a").created_at + timedelta(hours=76)
    assert site.states()["b"] is DispatchState.READY
    assert site.file("a").given_up_at == site.now
    assert site.file("a").content == b"a"
    assert site.holds() == ["D-GIVEN-UP a"]
    assert site.alerts() == [f"channel:{KEY}", f"given-up:{KEY}"]
    site.post.down = None
    site.scan(timedelta(hours=2))
    assert site.post.arrived == ["b"]


@pytest.mark.parametrize(("where", "in_doubt"), [("stage", False), ("publish", True)])
def test_who_lets_a_file_leave_again_is_told_where_the_partner_may_have_it(
    site: House, where: str, *, in_doubt: bool
) -> None:
    site.owe("a")
    site.post.down, site.post.where = DOWN, where
    while site.states()["a"] is not DispatchState.GIVEN_UP:
        site.scan(timedelta(hours=1))
    with site.bench.store.unit() as work:
        (hold,) = work.exchange.holds()
    assert ("the partner may have it: ask before you let it leave again" in hold.reason) is in_doubt


def test_a_name_that_is_taken_is_held_at_once_and_not_tried_for_ever(site: House) -> None:
    site.post.refused["b"], site.post.where = TAKEN, "publish"
    site.owe("a", "b", "c")
    site.scan()
    site.scan(timedelta(hours=1))
    assert site.post.arrived == ["a", "c"]
    assert site.post.tries.count("b") == 1
    assert site.states()["b"] is DispatchState.HELD
    assert site.holds() == ["D-NAME-TAKEN b"]
    assert [each.outcome for each in site.attempts("b")] == [AttemptOutcome.GIVEN_UP]


def test_a_stopped_channel_waits_for_a_person_and_is_told_at_once(site: House) -> None:
    site.owe("a")
    site.post.down = ChannelStoppedError("Another host key.", code="S-HOST-KEY", next_step="Compare it by phone.")
    site.scan()
    assert site.alerts() == [f"channel:{KEY}"]
    assert (site.state().health, site.state().code) == (ChannelHealth.STOPPED, "S-HOST-KEY")
    site.post.down = None
    site.scan(timedelta(days=10))
    assert finish(site.bench).code == 6  # whoever runs it once is told that something could not leave
    assert site.post.tries == ["a"]
    with site.bench.store.unit() as work:
        assert work.channels.let(KEY)
        work.commit()
    site.scan()
    assert (site.post.arrived, site.alerts()) == (["a"], [])


def test_who_runs_it_once_tries_every_channel_once_whatever_its_time(site: House) -> None:
    site.owe("a")
    site.owe("b")
    site.post.down = DOWN
    for count in (1, 2, 3):
        assert finish(site.bench).code == 6
        assert len(site.post.tries) == count
    site.post.down = None
    assert finish(site.bench).code == 0
    assert site.post.arrived == ["a", "b"]


def test_a_moment_of_another_clock_makes_nobody_wait_for_months(site: House) -> None:
    site.owe("a")
    site.post.down, site.now = DOWN, site.now + timedelta(days=300)
    site.scan()
    site.post.down, site.now = None, site.now - timedelta(days=300)
    site.scan()
    assert site.post.arrived == ["a"]


def test_another_process_that_delivers_there_is_left_to_it(site: House) -> None:
    site.owe("a")
    busy = replace(site.bench, alone=lambda _name: nullcontext(enter_result=False))
    assert send.deliver(busy, [each.key for each in units.found(site.bench, by_clock=False)]) == {}
    assert site.post.tries == []
    site.scan()
    assert site.post.arrived == ["a"]


def test_a_channel_that_is_gone_holds_its_files(tmp_path: Path) -> None:
    site = house(tmp_path)
    site.bench = replace(site.bench, outlet=channels.outlets(site.bench.site, site.bench.work_folder))
    site.owe("a", channel="sftp:acme:gone")
    site.owe("b")
    site.scan()
    site.scan(MINUTE)
    assert site.states() == {"a": DispatchState.HELD, "b": DispatchState.DELIVERED}
    assert site.holds() == ["P-NO-CHANNEL a"]


def test_a_file_of_which_nobody_knows_whether_it_arrived_waits_for_somebody_and_later_ones_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Post()
    monkeypatch.setattr(channels, "KINDS", {**channels.KINDS, "sftp": Kind(outlet=lambda *_: server)})
    site = house(tmp_path, REMOTE)
    site.bench = replace(site.bench, outlet=channels.outlets(site.bench.site, site.bench.work_folder))
    key = "sftp:acme:out1"
    site.owe("a", "b", channel=key)
    server.refused["a"], server.where = UNSURE, "publish"
    site.scan()
    site.scan(MINUTE)
    assert [each.outcome for each in site.attempts("a")] == [AttemptOutcome.UNSURE]
    assert (site.holds(), server.arrived) == (["D-UNSURE a"], ["b"])
    assert site.state(key).health is ChannelHealth.OK
    assert [each.outcome.value for each in site.attempts("b")] == ["delivered"]  # each try over a network is kept
