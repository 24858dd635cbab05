"""Hints and clocks only ever ask for a scan; our own reading asks for none."""

import os
import subprocess
import sys
import threading
import time
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.schedule.jobs import Cron, Every, timetable, unit_name
from gateway.transports.watch import watch
from tests.servers import inotify
from tests.site.harness import ROOT


def test_a_new_file_wakes_and_reading_it_does_not(tmp_path: Path) -> None:
    woken = threading.Event()
    with watch([tmp_path], woken.set):
        part = tmp_path.parent / "po.part"
        part.write_bytes(b"x")
        part.rename(tmp_path / "po.edi")
        assert woken.wait(10)
        time.sleep(0.3)
        woken.clear()
        (tmp_path / "po.edi").read_bytes()
        list(tmp_path.iterdir())
        assert not woken.wait(0.5)


def test_a_folder_that_appears_later_or_is_made_anew_is_watched_from_the_next_scan_on(tmp_path: Path) -> None:
    woken, inbox = threading.Event(), tmp_path / "in"
    with watch([inbox], woken.set) as hints:
        for _ in range(2):
            inbox.mkdir()
            hints.follow()
            (inbox / "po.edi").write_bytes(b"x")
            assert woken.wait(10)
            (inbox / "po.edi").unlink()
            inbox.rename(tmp_path / f"gone-{time.monotonic_ns()}")
            hints.follow()
            time.sleep(0.3)
            woken.clear()


def test_watching_that_ended_by_itself_is_begun_anew(tmp_path: Path) -> None:
    woken = threading.Event()
    with watch([tmp_path], woken.set) as hints:
        hints.end()
        hints.follow()
        (tmp_path / "po.edi").write_bytes(b"x")
        assert woken.wait(10)


WATCHING = """
import os, sys, time
from pathlib import Path
from gateway.transports.watch import watch
folders = [Path(each) for each in sys.argv[1:]]
woken = []
with watch(folders, lambda: woken.append(1)) as hints:
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        hints.follow()
    assert len(os.listdir("/proc/self/fd")) == open_files
    (folders[0] / "po.edi").write_bytes(b"x")
    time.sleep(0.5)
print("woken" if woken else "not woken")
"""


@pytest.mark.parametrize(
    ("limit", "said", "told"),
    [("watches", "woken", ["folder.not_watched"] * 2), ("instances", "not woken", ["folders.not_watched"])],
)
def test_where_the_system_lets_us_watch_no_more_it_is_told_once_and_nothing_ends(
    tmp_path: Path, limit: str, said: str, told: list[str]
) -> None:
    folders = [tmp_path / name for name in ("a", "b", "c")]
    for each in folders:
        each.mkdir()
    found = inotify.limited(limit, 1 if limit == "watches" else 0, [sys.executable, "-c", WATCHING, *map(str, folders)])
    done = subprocess.run(
        found, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == said
    assert [word for line in lines for word in line.split() if word.endswith("not_watched")] == told


def test_a_job_runs_again_and_again_until_it_is_left() -> None:
    ran = threading.Semaphore(0)
    with timetable([Every(0.05, "scan", ran.release)], ZoneInfo("UTC")):
        assert ran.acquire(timeout=10)
        assert ran.acquire(timeout=10)
    time.sleep(0.1)
    while ran.acquire(blocking=False):
        pass
    assert not ran.acquire(timeout=0.2)


def test_a_clock_that_is_put_back_stops_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Earlier":
            return cls(2001, 1, 1, tzinfo=tz)

    ran = threading.Semaphore(0)
    with timetable([Every(0.05, "scan", ran.release)], ZoneInfo("UTC")):
        monkeypatch.setattr("apscheduler.schedulers.base.datetime", Earlier)
        for _ in range(5):
            assert ran.acquire(timeout=5)


def test_a_job_that_fails_once_is_tried_again() -> None:
    ran = threading.Semaphore(0)

    def fails() -> None:
        ran.release()
        raise ZeroDivisionError

    with timetable([Every(0.05, "alive", fails)], ZoneInfo("UTC")):
        assert ran.acquire(timeout=5)
        assert ran.acquire(timeout=5)


def test_an_hour_that_comes_twice_asks_for_one_unit_and_every_process_for_the_same() -> None:
    job, chicago = Cron(17, "prune", str), ZoneInfo("America/Chicago")
    first = datetime(2026, 11, 1, 1, 17, 3, tzinfo=chicago)
    names = {unit_name(job, each) for each in (first, first.replace(second=59), first.replace(fold=1))}
    assert names == {"prune:2026-11-01T01:17"}
    assert unit_name(job, first.replace(hour=2)) == "prune:2026-11-01T02:17"
