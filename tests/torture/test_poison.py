"""Files that poison whoever reads them: they are put aside as failed units, everybody else's go on, and they can be retried."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests import database
from tests.torture.judgement import seen_by_partners, the_house_is_in_order
from tests.torture.poison import DEADLY, DEFECT, cure, poisoned
from tests.torture.scene import Scene
from tests.torture.test_faults import PATIENCE, at_work, send
from tests.torture.test_random_kills import drain
from tests.torture.workers import PACKAGES, SCALE, wait_until

AT_MOST = 16
"""Nobody may die of one file more often."""


def failed(scene: Scene) -> list[dict[str, Any]]:
    """The units that failed for good."""
    answer = scene.site.gateway("units", "list", "--failed", "--json")
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = json.loads(answer.out)
    return found


@pytest.mark.parametrize(("dialect", "count"), [(database.SQLITE, 1), (database.POSTGRESQL, 2)])
def test_a_file_that_is_a_defect_is_put_aside_alone_and_read_when_it_is_mended(
    tmp_path: Path, dialect: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, environ = poisoned(tmp_path, dialect, poison=DEFECT)
    monkeypatch.syspath_prepend(environ[PACKAGES])
    with at_work(scene, 0) as (crowd, workers):
        send(crowd, 3)
        for _ in range(count):
            workers.start(environ=environ)
        file = next(each for each in crowd.sent if each.name == "coop-2.csv")
        wait_until(
            lambda: set(seen_by_partners(crowd).missing) == set(file.owes()),
            PATIENCE,
            lambda: str(seen_by_partners(crowd)),
        )
        wait_until(lambda: failed(scene), PATIENCE, "it is not told")
        (unit,) = failed(scene)
        assert (unit["kind"], unit["partner"], unit["state"]) == ("in", "coop", "failed")
        assert "poison" in unit["error"]
        cure(tmp_path, DEFECT)
        assert scene.site.gateway("units", "retry", unit["unit"]).code == 0
        drain(crowd, workers, random.Random(1))
    assert failed(scene) == []
    the_house_is_in_order(scene, crowd)


@pytest.mark.skipif(SCALE == 1, reason="it takes a dozen deaths: make torture")
def test_a_file_that_ends_every_process_that_reads_it_is_put_aside_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, environ = poisoned(tmp_path, database.SQLITE, deadly=DEADLY)
    monkeypatch.syspath_prepend(environ[PACKAGES])
    with at_work(scene, 0) as (crowd, workers):
        send(crowd, 3)
        file = next(each for each in crowd.sent if each.name == "coop-3.csv")
        deaths = 0
        while deaths < AT_MOST:
            worker = workers.start(environ=environ)
            wait_until(lambda: not worker.lives or failed(scene), PATIENCE, "neither dead nor done")  # noqa: B023 - it waits here
            if worker.lives:
                break
            workers.bury()
            deaths += 1
        assert deaths < AT_MOST
        wait_until(
            lambda: set(seen_by_partners(crowd).missing) == set(file.owes()),
            PATIENCE,
            lambda: str(seen_by_partners(crowd)),
        )
        (unit,) = failed(scene)
        cure(tmp_path, DEADLY)
        assert scene.site.gateway("units", "retry", unit["unit"]).code == 0
        drain(crowd, workers, random.Random(1))
    the_house_is_in_order(scene, crowd)
