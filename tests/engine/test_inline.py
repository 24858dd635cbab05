"""The inline engine: everything due is done once per drain, and what fails stops nothing else."""

from collections.abc import Sequence

from gateway.engine.inline import MOST_TOGETHER, InlineEngine
from gateway.kernel.errors import TransportError


def test_units_are_done_until_the_sweep_finds_nothing_new() -> None:
    queue, done = [("in", "1")], []

    def work(key: str) -> None:
        done.append(key)
        if key == "1":
            queue.append(("in", "2"))

    engine = InlineEngine(sweep=lambda: list(queue), handlers={"in": work})
    assert engine.drain() == 0
    assert done == ["1", "2"]


def test_a_unit_that_fails_is_counted_told_and_does_not_stop_its_neighbours() -> None:
    done = []

    def work(key: str) -> None:
        if key == "bad":
            raise TransportError("The folder is gone.")
        if key == "defect":
            raise ZeroDivisionError("oh")
        done.append(key)

    queue = [("in", "bad"), ("in", "defect"), ("in", "good")]
    engine = InlineEngine(sweep=lambda: queue, handlers={"in": work})
    assert engine.drain() == 2
    assert done == ["good"]
    failed = {unit.key: (unit.state, unit.attempts, unit.last_error) for unit in engine.units() if unit.last_error}
    assert failed["bad"] == ("failed", 1, "The folder is gone.")
    assert "defect of the gateway" in failed["defect"][2]
    assert engine.drain() == 2
    engine.retry("in", "bad")
    assert {unit.key: unit.state for unit in engine.units()}["bad"] == "waiting"


def test_between_two_units_it_may_be_told_to_stop_and_leaves_the_rest_for_later() -> None:
    done: list[str] = []
    engine = InlineEngine(
        sweep=lambda: [("in", "1"), ("in", "2")], handlers={"in": done.append}, stopping=lambda: bool(done)
    )
    assert engine.drain() == 0
    assert done == ["1"]


def test_what_is_done_together_is_tried_one_by_one_when_it_fails_as_a_whole() -> None:
    done: list[str] = []
    steps: list[int] = []

    def work(keys: Sequence[str]) -> dict[str, TransportError]:
        steps.append(len(keys))
        if "defect" in keys:
            raise ZeroDivisionError("oh")
        done.extend(key for key in keys if key != "bad")
        return {"bad": TransportError("The folder is gone.")} if "bad" in keys else {}

    queue = [("out", key) for key in ("1", "bad", "defect", "2")]
    engine = InlineEngine(sweep=lambda: queue, handlers={}, together={"out": work})
    assert engine.drain() == 2
    assert steps == [4, 1, 1, 1, 1]
    assert done == ["1", "2"]
    assert {unit.key: unit.attempts for unit in engine.units()} == {"1": 1, "bad": 1, "defect": 1, "2": 1}


def test_no_more_are_done_together_than_a_stop_may_wait_for() -> None:
    steps: list[int] = []

    def work(keys: Sequence[str]) -> dict[str, TransportError]:
        steps.append(len(keys))
        return {}

    queue = [("out", str(number)) for number in range(MOST_TOGETHER + 1)]
    assert InlineEngine(sweep=lambda: queue, handlers={}, together={"out": work}).drain() == 0
    assert steps == [MOST_TOGETHER, 1]


def test_the_members_of_a_unit_that_fails_are_tried_each_alone() -> None:
    done: list[str] = []

    def work(key: str) -> None:
        if "poison" in key:
            raise ZeroDivisionError("oh")
        done.append(key)

    queue = [("in", "1+poison+2"), ("in", "3")]
    engine = InlineEngine(
        sweep=lambda: queue, handlers={"in": work}, apart=lambda _kind, key: key.split("+") if "+" in key else ()
    )
    assert engine.drain() == 1
    assert done == ["1", "2", "3"]
    assert [unit.key for unit in engine.units() if unit.last_error] == ["poison"]
