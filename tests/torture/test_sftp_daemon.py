"""Processes that stay deliver to a real SFTP server that is broken all the time, and are ended and killed themselves."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from pathlib import Path

from tests.nursery import Child, nursery
from tests.servers.proxy import Fault, between
from tests.servers.sshd import Sshd
from tests.sftp.served import Served, served
from tests.site.harness import ROOT, order, purchase_order
from tests.torture.crowd import HUNGER
from tests.torture.workers import SCALE

PROCESSES = 1 if SCALE == 1 else 2 * SCALE
SECONDS = (2, 4) if SCALE == 1 else (4, 9)
ORDERS = 3
"""That each process finds."""
PATIENCE = 120.0
SAID = "said.log"


def eat(acme: Served, ended: threading.Event, taken: list[tuple[str, bytes]]) -> None:
    """Take and delete what has its name, until nobody is hungry any more."""
    while not ended.wait(HUNGER):
        for path in sorted(acme.outgoing.iterdir()):
            if not path.name.startswith("."):
                taken.append((path.name, path.read_bytes()))
                path.unlink()


def weather(acme: Served, choice: random.Random, ended: threading.Event, faults: list[Fault]) -> None:
    """Break connections, and now and then the server, until it is fair."""
    while not ended.wait(choice.uniform(0.2, 1.0)):
        kind = choice.choice(["reset", "stall", "silent", "server", ""])
        if kind == "server":
            acme.server.restart()
        faults[0] = Fault(kind, choice.randint(1, 20_000)) if kind in ("reset", "stall", "silent") else Fault()
    faults[0] = Fault()


def test_processes_that_are_ended_and_killed_in_a_storm_deliver_everything_once(
    tmp_path: Path, sftp_server: Sshd
) -> None:
    choice, faults = random.Random(20261126), [Fault()]
    taken: list[tuple[str, bytes]] = []
    fed, fair = threading.Event(), threading.Event()
    with between(sftp_server.port, lambda: faults[0]) as proxy:
        retry = ", retry: {first: 1s, max: 2s}"
        acme = served(
            tmp_path / "site", sftp_server, sent_by_folder=False, port=proxy.port, timeout="1s", outgoing=retry
        )
        path = (
            acme.site.folder / "partners" / "acme.yaml"
        )  # what comes in comes by a folder, which is looked at all the time
        path.write_text(re.sub(r"  in:\n    - .*\n", "", path.read_text()))
        acme.site.drop_master()
        eater = threading.Thread(target=eat, args=(acme, fed, taken))
        storm = threading.Thread(target=weather, args=(acme, choice, fair, faults))
        eater.start()
        storm.start()
        try:
            count = 0
            for number in range(PROCESSES):
                for _ in range(ORDERS):
                    count += 1
                    acme.site.drop("acme", f"po-{count}.edi", purchase_order(order(f"PO-{count}"), control=count))
                _one_process(acme, choice.uniform(*SECONDS), killed=number % 2 == 0)
            fair.set()
            storm.join()
            _last_process(acme, taken, count)
        finally:
            fair.set()
            fed.set()
            eater.join()
            storm.join()

    names = Counter(name for name, _ in taken)
    assert set(names.values()) == {1}, names
    assert all(content.rstrip().endswith(b"~") for _, content in taken)
    answered = b"".join(content for _, content in taken if b"*855*" in content)
    assert all(answered.count(f"*PO-{number}*".encode()) == 1 for number in range(1, count + 1)), names
    assert b"".join(content for _, content in taken).count(b"AK1*PO*") == count
    assert [each.name for each in acme.outgoing.iterdir()] == []
    assert "defect" not in _said(acme)


def _started(acme: Served) -> Child:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)} | acme.site.environ()
    environ.pop("GATEWAY_SITE", None)
    return nursery().start(["run", "--every", "0.5"], acme.site.folder, environ, acme.site.folder / SAID)


def _one_process(acme: Served, seconds: float, *, killed: bool) -> None:
    """A process works for some time; then it is told to end, or killed."""
    process = _started(acme)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
    assert process.wait(60) == (-signal.SIGKILL if killed else 0), _said(acme)
    assert "Traceback" not in _said(acme)


def _last_process(acme: Served, taken: list[tuple[str, bytes]], count: int) -> None:
    """One that has all the time it needs."""
    process = _started(acme)
    end = time.monotonic() + PATIENCE
    while len({name for name, _ in taken}) < 2 * count and time.monotonic() < end:
        time.sleep(0.2)
        answers = b"".join(content for _, content in list(taken))
        if answers.count(b"AK1*PO*") >= count and all(f"*PO-{n}*".encode() in answers for n in range(1, count + 1)):
            break
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, _said(acme)


def _said(acme: Served) -> str:
    return (acme.site.folder / SAID).read_text(encoding="utf-8")
