"""Processes killed at any moment, while partners bring and take files all the time: everything exactly once."""

import random
import time
from pathlib import Path

import pytest

from tests import database
from tests.torture.crowd import Crowd
from tests.torture.judgement import pending, seen_by_partners, the_house_is_in_order, torn
from tests.torture.scene import Scene, make
from tests.torture.workers import SCALE, Workers

WINDOWS = (
    "claimed", "archived", "received", "work-file-removed", "interpreted", "committed",
    "dispatch-written", "dispatch-staged", "dispatch-published", "dispatch-delivered",
)  # fmt: skip
WAYS = [(database.SQLITE, 1), (database.POSTGRESQL, 2)]
LONG_WAYS = [(database.POSTGRESQL, 1), (database.POSTGRESQL, 4)]
KILLS = 5
"""How many kills there are, in a short run."""
PATIENCE = 90
"""Seconds without anything new after which nothing more is waited for."""


@pytest.mark.parametrize(("dialect", "count"), [*WAYS, *(LONG_WAYS if SCALE > 1 else [])])
def test_whoever_is_killed_when_each_order_and_each_document_is_there_exactly_once(
    tmp_path: Path, dialect: str, count: int
) -> None:
    seed = random.randrange(10**6) if SCALE > 1 else 7
    torture(make(tmp_path, dialect), count, KILLS * SCALE, seed)


def torture(scene: Scene, count: int, kills: int, seed: int) -> None:
    """Kill as often as is said, drain, judge."""
    choice = random.Random(seed)
    crowd, workers = Crowd(scene, seed), Workers(scene)
    began = time.monotonic()
    try:
        for _ in range(count):
            workers.start()
        crowd.begin(most=8 * SCALE)
        while sum(workers.kills.values()) < kills:
            time.sleep(choice.uniform(0.5, 2.5))
            if choice.random() < 0.6:
                workers.kill_one(choice)
            workers.replace_dead(choice, WINDOWS)
        crowd.enough()
        drain(crowd, workers, choice)
    finally:
        workers.end()
        crowd.end()
    said = f"{scene.folder.parent.name}, seed {seed}: {time.monotonic() - began:.0f} s, kills {dict(workers.kills)}"
    print(f"\n{said}; {seen_by_partners(crowd)}")  # noqa: T201 - shown with -s, and when it fails
    assert (crowd.faults, workers.strange) == ([], [])
    the_house_is_in_order(scene, crowd)


def drain(crowd: Crowd, workers: Workers, choice: random.Random) -> None:
    """Nobody is killed any more: wait until everybody has everything, and a while longer for what would come twice."""
    end, came = time.monotonic() + PATIENCE, 0
    while missing := pending(crowd):
        if len(crowd.taken) > came:
            end, came = time.monotonic() + PATIENCE, len(crowd.taken)
        assert time.monotonic() < end, f"{missing}\n{workers.complaints()}"
        workers.replace_dead(choice)
        time.sleep(0.2)
    time.sleep(1.5)
    workers.end_in_peace()
    assert torn(crowd.taken) == []
    verdict = seen_by_partners(crowd)
    assert verdict.faultless, str(verdict)
