"""Hints and clocks only ever ask for a scan; our own reading asks for none."""

import threading
import time
from pathlib import Path

from gateway.schedule.jobs import every
from gateway.transports.watch import watch


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


def test_a_job_runs_again_and_again_until_it_is_left() -> None:
    ran = threading.Semaphore(0)
    with every(0.05, "scan", ran.release):
        assert ran.acquire(timeout=10)
        assert ran.acquire(timeout=10)
    time.sleep(0.1)
    while ran.acquire(blocking=False):
        pass
    assert not ran.acquire(timeout=0.2)
