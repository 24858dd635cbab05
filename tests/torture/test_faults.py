"""What may befall a running gateway besides a kill: full disks, other disks, a database that ends, a file that poisons."""

import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.app.daemon import run_forever
from gateway.app.pulse import Pulse
from gateway.app.signals import Signals
from gateway.engine.durable import DbosEngine
from gateway.kernel.errors import StoreError, UnavailableError
from tests import database
from tests.torture.crowd import Crowd
from tests.torture.judgement import seen_by_partners, the_house_is_in_order
from tests.torture.scene import SEPARATORS, X12_CUSTOMER, Scene, make
from tests.torture.server import own_server
from tests.torture.test_random_kills import drain
from tests.torture.workers import Workers, wait_until

PATIENCE = 60
SMALL = "48k"
SOON_AGAIN = (
    X12_CUSTOMER.format(name="acme", title="ACME", separators=SEPARATORS["acme"][2])
    + "channels: {out: [{path: outbox/acme, retry: {first: 1s, max: 2s}}]}\n"
)
"""A customer whose folder is tried again after a second, and not after half an hour of failing."""


@contextmanager
def at_work(scene: Scene, count: int = 1, codes: Collection[int] = ()) -> Iterator[tuple[Crowd, Workers]]:
    """Hungry partners and so many processes; everybody is gone in the end. Nobody ended by itself but with these ``codes``."""
    crowd, workers = Crowd(scene, 1), Workers(scene)
    try:
        crowd.begin(most=0)
        for _ in range(count):
            workers.start()
        yield crowd, workers
    finally:
        workers.end()
        crowd.end()
    strange = [each for each in workers.strange if int(each.split()[-1]) not in codes]
    assert (crowd.faults, strange) == ([], []), workers.complaints()


def send(crowd: Crowd, files: int) -> None:
    """So many files of each customer."""
    for _ in range(files):
        for each in crowd.customers.values():
            crowd.send(each.partner, each.file())


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of a few pages at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"NOT TESTED WITH A FULL DISK: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_of_one_partner_keeps_its_files_until_there_is_room_and_nobody_else_waits(tmp_path: Path) -> None:
    scene = make(tmp_path, database.SQLITE, more={"acme": SOON_AGAIN})
    full = scene.folder / "outbox" / "acme"
    with small_disk(full):
        crumbs = full / "crumbs.part"
        with pytest.raises(OSError, match="No space"):
            crumbs.write_bytes(bytes(10**6))
        os.truncate(crumbs, 40_000)
        with at_work(scene) as (crowd, workers):
            crowd.away.add("acme")
            send(crowd, 4)
            wait_until(lambda: waiting_for(crowd) == {"acme"}, PATIENCE, lambda: str(seen_by_partners(crowd)))
            time.sleep(1)
            assert [each.name for each in full.iterdir() if each.name.endswith(".edi")]
            crumbs.unlink()
            crowd.away.clear()
            drain(crowd, workers, random.Random(1))
    nothing_left = [each for each in full.iterdir() if each.name != ".part"]
    assert nothing_left == []
    the_house_is_in_order(scene, crowd)


def waiting_for(crowd: Crowd) -> set[str]:
    """Who has not got everything, when something else came than the disk allows."""
    return {
        each.partner for each in seen_by_partners(crowd).missing if each.document in ("997", "855", "order-receipt")
    }


def test_partners_on_another_disk_get_everything_once_when_a_process_is_killed(tmp_path: Path) -> None:
    """There no rename leads from our work folder to theirs: the claim and the staged file lie beside theirs."""
    other = Path("/dev/shm")  # noqa: S108 - a file system in memory, a folder of our own in it
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("NOT TESTED ACROSS DISKS: there is no second file system")
    scene = make(tmp_path, database.SQLITE)
    with tempfile.TemporaryDirectory(dir=str(other)) as elsewhere:
        for box in ("inbox", "outbox"):
            place = Path(elsewhere) / box
            place.mkdir()
            shutil.rmtree(scene.folder / box / "acme", ignore_errors=True)
            (scene.folder / box / "acme").symlink_to(place)
        with at_work(scene, 0) as (crowd, workers):
            for window in ("claimed", "archived", "dispatch-written", "dispatch-staged", "dispatch-published"):
                worker = workers.start(crash_at=window)
                crowd.send("acme", crowd.customers["acme"].file())
                wait_until(lambda: not worker.lives, PATIENCE, f"the window '{window}' was never passed")  # noqa: B023
                workers.bury()
            workers.start()
            drain(crowd, workers, random.Random(1))
        assert [path for box in ("inbox", "outbox") for path in (Path(elsewhere) / box).iterdir()] == []
        the_house_is_in_order(scene, crowd)


def test_a_database_server_that_crashes_in_the_middle_of_it_costs_nothing_but_time(tmp_path: Path) -> None:
    """Whoever worked goes on by itself; it ends with 7 only where something that it had begun does not come back."""
    with own_server() as server:
        scene = make(tmp_path, database.POSTGRESQL, url=server.url)
        with at_work(scene, codes={StoreError.exit_code}) as (crowd, workers):
            for number in (1, 2):
                before = len(crowd.taken)
                send(crowd, 2)
                wait_until(lambda: len(crowd.taken) > before + 3, PATIENCE, "nothing came")  # noqa: B023 - it waits here
                server.crash()
                wait_until(
                    lambda: told(workers, "run.lost") >= number or not workers.all[0].lives,  # noqa: B023 - same
                    PATIENCE,
                    "it never saw that its lock is gone",
                )
                send(crowd, 1)
                time.sleep(2)
                server.start()
                workers.replace_dead(random.Random(1))
            drain(crowd, workers, random.Random(1))
        assert told(workers, "Traceback") == 0
        the_house_is_in_order(scene, crowd)


def told(workers: Workers, what: str) -> int:
    """How often something stands in the log."""
    return workers.log.read_text().count(what) if workers.log.is_file() else 0


def test_f_04_a_database_that_cannot_grow_is_told_once_and_the_work_goes_on_by_itself(tmp_path: Path) -> None:
    """No file of the process may grow any more, as on a full disk; then it may again."""
    scene = make(tmp_path, database.SQLITE)
    with at_work(scene) as (crowd, workers):
        send(crowd, 1)
        wait_until(lambda: not waiting_for(crowd), PATIENCE, lambda: str(seen_by_partners(crowd)))
        child = workers.all[0].process.pid
        files = [scene.folder / "var" / f"gateway.db{end}" for end in ("", "-wal")]
        known = resource.prlimit(child, resource.RLIMIT_FSIZE)
        resource.prlimit(child, resource.RLIMIT_FSIZE, (min(each.stat().st_size for each in files), known[1]))
        send(crowd, 2)
        wait_until(lambda: told(workers, "run.failed") >= 1, PATIENCE, workers.log.read_text)
        time.sleep(3)
        assert workers.all[0].lives
        taken = len(crowd.taken)
        resource.prlimit(child, resource.RLIMIT_FSIZE, known)
        drain(crowd, workers, random.Random(1))
        assert len(crowd.taken) > taken
    assert told(workers, "run.failed") <= 3, workers.log.read_text()
    assert told(workers, "Traceback") == 0
    the_house_is_in_order(scene, crowd)


def test_a_process_that_starts_while_the_database_ends_says_so_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had opened the site and joined those who work on it; what it asks next is not asked by a unit of work."""
    begin = DbosEngine.start
    with own_server() as server:
        bench = make(tmp_path, database.POSTGRESQL, url=server.url).opened()

        def crashing(engine: DbosEngine, workers: int) -> None:
            server.crash()
            begin(engine, workers)

        monkeypatch.setattr(DbosEngine, "start", crashing)
        with pytest.raises(UnavailableError, match="cannot be reached"):
            run_forever(bench, Pulse("test"), Signals(), every=1, workers=1)
