"""kill -9 once in each named window of a running gateway, with hungry partners: whoever comes next finishes it, exactly once."""

import random
from itertools import cycle
from pathlib import Path

import pytest

from tests import database
from tests.torture.crowd import Crowd
from tests.torture.judgement import the_house_is_in_order
from tests.torture.scene import make
from tests.torture.test_random_kills import WINDOWS, drain
from tests.torture.workers import Workers, wait_until

PATIENCE = 60


@pytest.mark.parametrize("dialect", database.DIALECTS)
def test_a_kill_in_any_window_loses_and_doubles_nothing(tmp_path: Path, dialect: str) -> None:
    scene = make(tmp_path, dialect)
    crowd, workers = Crowd(scene, 1), Workers(scene)
    try:
        crowd.begin(most=0)
        for window, each in zip(WINDOWS, cycle(crowd.customers.values()), strict=False):
            worker = workers.start(crash_at=window)
            crowd.send(each.partner, each.file())
            wait_until(lambda: not worker.lives, PATIENCE, f"the window '{window}' was never passed")  # noqa: B023 - it waits here
            workers.bury()
        workers.start()
        drain(crowd, workers, random.Random(1))
    finally:
        workers.end()
        crowd.end()
    assert crowd.faults == []
    assert (workers.strange, sorted(workers.kills.elements())) == ([], sorted(WINDOWS))
    the_house_is_in_order(scene, crowd)
