"""'gateway run' without --once: files are taken as they come, SIGTERM ends it in peace, a second run is refused."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.app.run import by_hand
from tests import database as databases
from tests.site.harness import DEMO, ROOT, PlayedSite, order, purchase_order

NOW = "2026-11-20T20:00:00Z"


@contextmanager
def running(site: PlayedSite) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "gateway", "run", "--every", "1", "--now", NOW]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **site.environ()}
    process = subprocess.Popen(command, cwd=site.folder, env=environ, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(condition: "object", seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def test_a_file_is_taken_while_it_runs_a_second_run_is_refused_and_sigterm_ends_it(site: PlayedSite) -> None:
    (site.folder / "inbox" / "acme").mkdir(parents=True, exist_ok=True)
    with running(site) as process:
        site.drop("acme", "po.edi", purchase_order(order("R-1")))
        assert wait_for(lambda: any("855" in name for name in site.outbox("acme")))
        second = site.gateway("run", "--once")
        if databases.EVERYWHERE == databases.SQLITE:  # on PostgreSQL any number work side by side
            assert second.code == 8
            assert "Another 'gateway run'" in second.err
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z").code == 0


def test_commands_of_people_go_on_beside_it_and_what_they_owe_leaves_with_its_next_scan(site: PlayedSite) -> None:
    (site.folder / "inbox" / "acme").mkdir(parents=True, exist_ok=True)
    with running(site) as process:
        site.drop("acme", "po.edi", purchase_order(order("R-1", "PO1*1*2*EA*19.95*PE*VP*TENT-2P")))
        assert wait_for(lambda: [each["code"] for each in site.json("holds", "list")] == ["C-PRICE"])
        released = site.gateway("orders", "release", "R-1", "--note", "agreed", "--accept", "theirs", "--now", NOW)
        assert (released.code, released.err) == (0, "")
        assert wait_for(lambda: any("855" in name for name in site.outbox("acme")), 10)
        stock = site.folder / "stock.csv"
        stock.write_bytes((DEMO / "stock.csv").read_bytes())
        assert site.gateway("import", "stock", str(stock), "--now", NOW).code == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert site.gateway("orders", "hold", "R-1", "--reason", "wait", "--now", NOW).code == 0  # and by themselves


def test_a_run_waits_for_a_command_and_a_command_for_a_run_that_ends(site: PlayedSite) -> None:
    with by_hand(site.folder):
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "run", "--once"],
            cwd=site.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        time.sleep(1)
        assert process.poll() is None
    assert process.wait(30) == 0


def test_a_folder_that_cannot_be_written_keeps_the_answer_and_the_next_run_delivers_it(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("R-1")))
    blocked = site.folder / "outbox" / "acme"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file stands where the folder belongs")
    answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
    assert answer.code == 6
    assert "cannot be written" in answer.err
    assert site.outbox("warehouse")
    blocked.unlink()
    site.run()
    assert len(site.outbox("acme")) == 2
    site.run()
    assert len(site.outbox("acme")) == 2
