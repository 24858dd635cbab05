"""Several processes on one PostgreSQL: who is taken for dead and is not, who resumes, what the clock brings."""

import random
import signal
import time
from pathlib import Path

import psycopg

from gateway.app.pulse import RUNNING, read
from gateway.kernel.errors import StoreError
from tests import database
from tests.torture.judgement import the_house_is_in_order
from tests.torture.scene import Scene, make
from tests.torture.test_faults import PATIENCE, at_work, send, told
from tests.torture.test_random_kills import drain
from tests.torture.workers import Worker, Workers, wait_until

LOCKS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'gateway-locks' AND datname = current_database()"
LOST, STARTED = '"event": "run.lost"', '"event": "run.started"'
SHOPS = ("mall", "shop")
DAILY = """gateway: 1
partner: {name}
name: {name}
x12: {{them: {{qualifier: ZZ, id: {name}}}}}
documents:
  inventory: {{out: x12/846, when: daily 06:00}}
"""


def asked(scene: Scene, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What the database says to a stranger."""
    with psycopg.connect(scene.url, autocommit=True) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


def is_running(scene: Scene, worker: Worker) -> bool:
    """Whether a process has begun to work, as its pulse says."""
    beats = [each.beat for each in read(scene.folder / "var")]
    return any(each.pid == worker.process.pid and each.state == RUNNING for each in beats)


def begun(scene: Scene, workers: Workers) -> tuple[Worker, object]:
    """One more process, with the connection on which it holds its lock."""
    before = set(asked(scene, LOCKS))
    worker = workers.start()
    wait_until(lambda: set(asked(scene, LOCKS)) - before, PATIENCE, "it never took its lock")
    ((connection,),) = set(asked(scene, LOCKS)) - before
    wait_until(lambda: is_running(scene, worker), PATIENCE, "it never began")
    return worker, connection


def test_one_that_was_taken_for_dead_and_comes_back_does_nothing_a_second_time(tmp_path: Path) -> None:
    """It is stopped in the middle of its work, its lock is gone, another one does its units; then it goes on.

    It begins anew under another name, or ends where what it was at does not stop.
    """
    scene = make(tmp_path, database.POSTGRESQL)
    with at_work(scene, 0, codes={StoreError.exit_code}) as (crowd, workers):
        begun(scene, workers)
        for _ in range(2):
            wrongly, connection = begun(scene, workers)
            before, noticed, anew = len(crowd.taken), told(workers, LOST), told(workers, STARTED)
            send(crowd, 2)
            wait_until(lambda: len(crowd.taken) > before, PATIENCE, "nothing came")  # noqa: B023 - it waits here
            wrongly.signal(signal.SIGSTOP)
            asked(scene, "SELECT pg_terminate_backend(%s)", connection)
            time.sleep(2)
            wrongly.signal(signal.SIGCONT)
            wait_until(lambda: told(workers, LOST) > noticed, PATIENCE, "it never saw that it was taken for dead")  # noqa: B023 - same
            wait_until(lambda: not wrongly.lives or told(workers, STARTED) > anew, PATIENCE, "it never began anew")  # noqa: B023 - same
            workers.bury()
        drain(crowd, workers, random.Random(1))
    the_house_is_in_order(scene, crowd)


def test_two_that_find_the_same_dead_one_at_once_do_its_work_once(tmp_path: Path) -> None:
    scene = make(tmp_path, database.POSTGRESQL)
    with at_work(scene, 0) as (crowd, workers):
        (second, _), (third, _) = begun(scene, workers), begun(scene, workers)
        for window in ("interpreted:2", "dispatch-staged:2"):
            for each in (second, third):
                each.signal(signal.SIGSTOP)
            dying = workers.start(crash_at=window)
            send(crowd, 2)
            wait_until(lambda: not dying.lives, PATIENCE, f"the window '{window}' was never passed")  # noqa: B023 - it waits here
            workers.bury()
            for each in (second, third):
                each.signal(signal.SIGCONT)
        drain(crowd, workers, random.Random(1))
    the_house_is_in_order(scene, crowd)


def test_what_the_clock_brings_comes_once_however_many_are_at_work(tmp_path: Path) -> None:
    scene = make(tmp_path, database.POSTGRESQL)
    for name in SHOPS:
        (scene.folder / "partners" / f"{name}.yaml").write_text(DAILY.format(name=name))
    with at_work(scene, 3) as (crowd, workers):
        send(crowd, 1)
        boxes = [scene.folder / "outbox" / name for name in SHOPS]
        wait_until(lambda: all(box.is_dir() and any(box.iterdir()) for box in boxes), PATIENCE, "it never came")
        drain(crowd, workers, random.Random(1))
        assert {box.name: len(list(box.iterdir())) for box in boxes} == dict.fromkeys(SHOPS, 1)
