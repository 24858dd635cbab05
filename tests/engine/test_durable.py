"""The durable engine on both databases: units are told once, done at least once, and none stops another."""

import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from dbos import DBOS
from sqlalchemy import text

from gateway.engine import durable
from gateway.engine.durable import DEATHS_APART, DEATHS_AT_MOST, DbosEngine, Work
from gateway.engine.liveness import Membership, living, new_worker
from gateway.engine.locks import Locks, locks_for
from gateway.engine.queue import WORK, Unit, UnitQueue
from gateway.engine.version import UNIT_VERSION
from gateway.exchange.units import Owed
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import RefusedError
from gateway.kernel.ids import PartnerId
from gateway.store.unit_of_work import engine_for
from tests.engine.house import (
    ACME,
    BIGMART,
    House,
    begun_by,
    done,
    failed_for_good,
    of_version,
    queue_of,
    states,
    wait_for,
    working,
)


def test_a_unit_is_told_with_its_transaction_or_never_and_only_once(database: str) -> None:
    engine, queue = queue_of(database)
    with engine.begin() as connection:
        queue.enqueue(connection, [Owed("in", "kept", ACME)])
    with engine.connect() as connection:
        queue.enqueue(connection, [Owed("in", "lost", ACME)])
        connection.rollback()
    queue.add([Owed("in", "kept", ACME), Owed("prune", "2026-11-25T22:17")])
    queue.add([Owed("prune", "2026-11-25T22:17")])  # the schedule of another node
    assert states(queue) == {"kept": "waiting", "2026-11-25T22:17": "waiting"}
    assert [each.info.partner for each in queue.units()] == ["acme", None]
    engine.dispose()


def test_units_of_a_partner_are_done_in_their_order_one_at_a_time_and_those_of_others_beside_them(
    database: str,
) -> None:
    house = House()
    with working(database, house) as engine:
        for number in range(5):
            engine.queue.add([Owed("in", f"acme-{number}", ACME)])
        engine.queue.add([Owed("in", "stays", BIGMART), Owed("due", "1"), Owed("due", "2"), Owed("release", "3")])
        assert wait_for(lambda: "acme-4" in house.ends and len(house.ends) == 8)
        assert [each for each in house.ends if each.startswith("acme")] == [f"acme-{each}" for each in range(5)]
        assert house.most["in"] == 2
        assert house.most["due"] == 1
        assert engine.units()[0].worker == "one"
        house.gate.set()
        assert wait_for(lambda: not engine.units())


@pytest.mark.parametrize("together", [True, False])
def test_units_of_a_partner_are_done_as_they_were_told_whatever_they_are_called_and_however_fast(
    database: str, *, together: bool
) -> None:
    engine, queue = queue_of(database)
    names = ["zebra", "apple", "yak", "bear", "x", "cat"]
    owed = [Owed("in", each, ACME) for each in names]
    for some in [owed] if together else [[each] for each in owed]:
        queue.add(some)
    engine.dispose()
    house = House()
    with working(database, house):
        assert wait_for(lambda: len(house.ends) == len(names))
    assert house.ends == names


def test_what_was_owed_first_stands_first_also_when_a_transaction_that_began_earlier_owes_later(
    postgresql: str,
) -> None:
    """It waited for the other one, as for the control number of a partner."""
    engine, queue = queue_of(postgresql)
    with engine.begin() as early:
        early.execute(text("SELECT now()"))  # its moment, for all that it does
        time.sleep(0.05)
        queue.add([Owed("out", "zebra", ACME)])
        other = UnitQueue(engine)  # as another process has it
        other.enqueue(early, [Owed("out", "apple", ACME)])
    assert [each.owed.key for each in queue.units()] == ["zebra", "apple"]
    engine.dispose()


def test_poison_fails_for_good_its_neighbours_and_members_go_on_and_it_can_be_tried_again(database: str) -> None:
    house = House()
    with working(database, house) as engine:
        engine.queue.add([Owed("in", "before", ACME), Owed("in", "1+poison+2", ACME), Owed("in", "after", ACME)])
        assert wait_for(lambda: house.owed)
        assert engine.sweep() == 3
        assert wait_for(lambda: {"before", "after", "1", "2"} <= set(house.ends) and engine.dead())
        (failed,) = engine.units()
        assert (failed.key, failed.state, failed.attempts) == ("poison", "failed", 1)
        assert failed.last_error == "this is a defect of the gateway: ZeroDivisionError: oh"
        assert engine.sweep() >= 0
        assert house.runs.count("poison") == 1  # what failed for good waits until somebody says so
        house.cured.add("poison")
        engine.retry("in", "poison")
        assert wait_for(lambda: "poison" in house.ends and not engine.units())


def test_what_the_database_refused_is_tried_again_after_a_while(database: str) -> None:
    house = House()
    with working(database, house) as engine:
        for unit in (Owed("in", "busy", ACME), Owed("in", "away", ACME), Owed("in", "then", ACME)):
            engine.queue.add([unit])
        assert wait_for(lambda: {"busy", "away", "then"} <= set(house.ends))
        assert (house.runs.count("busy"), house.runs.count("away")) == (3, 3)
        assert house.ends.index("away") < house.ends.index("then")


def test_partners_that_are_away_hold_no_thread_and_are_tried_when_the_tables_say_so(database: str) -> None:
    house = House()
    away = [Owed("out", f"{number}-away", PartnerId(f"gone-{number}")) for number in range(200)]
    with working(database, house) as engine:
        engine.queue.add([*away, Owed("poll", "asked-away", ACME)])
        assert wait_for(lambda: len(house.runs) == 201 and not engine.units(), 60)
        assert house.ends == []
        engine.queue.add([Owed("out", "near", BIGMART)])
        assert wait_for(lambda: house.ends == ["near"])  # nobody waits behind them
        house.owed = away[:1]
        for tries in (2, 3):
            assert engine.sweep() == 1
            assert wait_for(lambda: house.runs.count("0-away") == tries and not engine.units())  # noqa: B023 - it waits here
        assert house.ends == ["near", "0-away"]


def test_no_unit_is_given_up_because_the_database_was_away_however_long(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "LONGEST_WAIT", 0.01)
    house = House()
    with working(database, house) as engine:
        engine.queue.add([Owed("in", "down", ACME)])
        assert wait_for(lambda: len(house.runs) > 3 * durable.ATTEMPTS)
        assert not engine.dead()
        house.cured.add("down")
        assert wait_for(lambda: house.ends == ["down"] and not engine.units())


def test_the_tables_are_the_truth_what_the_queue_does_not_know_is_told_again(database: str) -> None:
    engine, queue = queue_of(database)
    owed = [Owed("in", each, ACME) for each in ("untold", "told", "done", "dead", "old")]
    dbos = DbosEngine(
        engine, "one", Work(act=lambda _kind, _key: None, apart=lambda _kind, _key: (), found=lambda: owed)
    )
    queue.add(owed[1:])
    done(engine, "in:done")
    failed_for_good(engine, "in:dead")
    of_version(engine, "in:old", "0008.1")
    assert dbos.sweep() == 3
    assert states(queue) == {
        "untold": "waiting",
        "told": "waiting",
        "done": "waiting",
        "dead": "failed",
        "old": "waiting",
    }
    assert {each.version for each in queue.units(("ENQUEUED",))} == {UNIT_VERSION}
    assert dbos.sweep() == 0
    engine.dispose()


def test_of_two_processes_that_find_the_same_done_unit_owed_the_second_leaves_what_the_first_told(
    postgresql: str,
) -> None:
    """Both have seen that it is done; until the second goes on, somebody has already begun what the first told anew."""
    owed = [Owed("in", "done", ACME)]
    work = Work(act=lambda _kind, _key: None, apart=lambda _kind, _key: (), found=lambda: owed)
    seen, go_on = threading.Event(), threading.Event()

    class Slow(UnitQueue):
        def named(self, names: Sequence[str]) -> dict[str, Unit]:
            found = super().named(names)
            seen.set()
            assert go_on.wait(30)
            return found

    (engine, queue), other = queue_of(postgresql), engine_for(postgresql)
    first, second = DbosEngine(engine, "one", work), DbosEngine(other, "two", work)
    second.queue = Slow(other)
    queue.add(owed)
    done(engine, "in:done")
    with ThreadPoolExecutor() as pool:
        told = pool.submit(second.sweep)
        assert seen.wait(30)
        assert first.sweep() == 1
        begun_by(engine, "in:done", "one")
        go_on.set()
        assert told.result(30) == 0
    assert [(each.state, each.worker) for each in queue.units()] == [("running", "one")]
    engine.dispose()
    other.dispose()


def test_a_unit_that_processes_die_of_is_given_up_after_its_members_were_tried_alone(database: str) -> None:
    engine, queue = queue_of(database)
    house = House()
    dbos = DbosEngine(engine, "one", Work(act=house.act, apart=house.apart, found=list))
    queue.add([Owed("in", "killer", ACME), Owed("in", "a+b", ACME)])
    for death in range(DEATHS_AT_MOST + 1):
        for key in {"killer", "a+b"} & set(states(queue)):
            begun_by(engine, f"in:{key}", "gone")
        dbos.take_over("gone")
        assert ("a+b" in states(queue)) == (death + 1 < DEATHS_APART)
    (given_up,) = queue.units()
    assert (given_up.owed.key, given_up.state, given_up.info.partner) == ("killer", "failed", "acme")
    assert given_up.error == f"{DEATHS_AT_MOST + 1} processes ended while they worked on it"
    assert [each.key for each in house.owed] == ["a", "b"]
    dbos.retry("in", "killer")
    (again,) = queue.units()
    assert (again.state, again.deaths) == ("waiting", 0)
    engine.dispose()


def test_a_wrong_verdict_of_death_runs_a_unit_twice_and_records_it_once(database: str) -> None:
    house = House()
    with working(database, house) as engine:
        for key in ("stays", "then"):
            engine.queue.add([Owed("in", key, ACME)])
        assert wait_for(lambda: house.runs == ["stays"])
        engine.take_over("one")  # it lives, and works on it
        assert wait_for(lambda: house.runs == ["stays", "stays"])
        house.gate.set()
        assert wait_for(lambda: states(engine.queue) == {"stays": "done", "then": "done"})


def test_a_process_that_ends_hands_back_what_it_had_not_done(database: str) -> None:
    house = House()
    with working(database, house) as engine:
        engine.queue.add([Owed("in", "down", ACME)])
        assert wait_for(lambda: house.runs)
        queue = engine.queue
        assert engine.stop(10)
        ((left,),) = [queue.units()]
        assert (left.state, left.deaths) == ("waiting", 0)
    house.cured.add("down")
    with working(database, house, worker="two"):
        assert wait_for(lambda: "down" in house.ends)


def test_a_unit_that_was_claimed_and_never_begun_is_begun_anew(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "STRAY", 0.2)
    house = House()
    with working(database, house) as engine:
        engine.queue.add([Owed("in", "stays", ACME), Owed("in", "claimed", ACME)])
        assert wait_for(lambda: house.runs == ["stays"])
        begun_by(engine_for(database), "in:claimed", "one")  # as where the connection breaks after the claim
        assert not wait_for(lambda: engine.sweep() or len(house.runs) > 1, 0.15)
        house.gate.set()
        assert wait_for(lambda: engine.sweep() or house.ends == ["stays", "claimed"], 10)
        assert house.runs == ["stays", "claimed"]


def test_queues_are_looked_at_seldom_while_nothing_is_done_and_often_when_something_comes(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House()
    with working(database, house) as engine:
        engine.calm()
        assert pace() == durable.SELDOM
        engine.hurry()
        assert pace() == durable.POLL
        engine.queue.add([Owed("in", "one", ACME)])
        engine.calm()
        assert wait_for(lambda: house.ends == ["one"])
        engine.calm()
        assert pace() == durable.POLL
        monkeypatch.setattr(durable, "QUIET", timedelta(seconds=-5))
        engine.calm()
        assert pace() == durable.SELDOM


def pace() -> float:
    queue = DBOS.retrieve_queue(WORK)
    assert queue is not None
    return float(queue.polling_interval_sec)


def test_what_was_done_is_forgotten_by_a_job_of_ours_and_what_failed_is_not(database: str) -> None:
    engine, queue = queue_of(database)
    queue.add([Owed("in", each, ACME) for each in ("done", "dead", "waiting")])
    done(engine, "in:done")
    failed_for_good(engine, "in:dead")
    assert queue.prune(system_clock() - timedelta(hours=1)) == 0
    assert queue.prune(system_clock() + timedelta(seconds=5)) == 1
    assert states(queue) == {"dead": "failed", "waiting": "waiting"}
    engine.dispose()


@pytest.fixture
def locks(database: str, tmp_path: Path) -> Locks:
    return locks_for(queue_of(database)[0], tmp_path / "locks")


def test_a_lock_is_had_by_one_and_free_when_its_holder_is_gone(database: str, tmp_path: Path, locks: Locks) -> None:
    other = locks_for(queue_of(database)[0], tmp_path / "locks")
    assert locks.keep("worker:one")
    with other.trying("worker:one") as taken, locks.trying("out:1") as ours, other.trying("out:1") as theirs:
        assert (taken, ours, theirs) == (False, True, False)
    with other.trying("out:1") as theirs, other.trying("out:1") as again:
        assert (theirs, again) == (True, False)
    locks.check()
    locks.close()
    assert wait_for(lambda: other.keep("worker:one"))
    other.close()
    assert not list(tmp_path.glob("locks/*"))  # nothing is left of locks that nobody has


def test_who_lives_is_told_by_locks_and_only_one_takes_over_from_who_died(database: str, tmp_path: Path) -> None:
    engine, _ = queue_of(database)

    def member(version: str = UNIT_VERSION) -> tuple[Membership, Locks]:
        held = locks_for(engine, tmp_path / "locks")
        return Membership(engine, held, new_worker(version, system_clock())), held

    (dead, dead_locks), (one, one_locks), (two, two_locks) = member(), member(), member()
    for each in (dead, one, two):
        each.join()
    taken: list[str] = []
    assert one.bury(taken.append, {"nobody-knows"}) == ["nobody-knows"]
    dead_locks.close()  # as the system does when a process dies
    both = {one.me.name, two.me.name}
    assert wait_for(lambda: {each.name for each in living(engine, two_locks, two.me.name)} == both)

    def slowly(name: str) -> None:
        assert two.bury(taken.append, set()) == []  # the other resumer, at the same moment
        taken.append(name)

    assert one.bury(slowly, set()) == [dead.me.name]
    assert taken == ["nobody-knows", dead.me.name]
    stranger, _ = member("0008.1")
    with pytest.raises(RefusedError, match=f"version {re.escape(UNIT_VERSION)} works on this database"):
        stranger.join()
    one.leave()
    two.leave()
    assert living(engine, one_locks) == living(engine, two_locks) == []
    engine.dispose()
