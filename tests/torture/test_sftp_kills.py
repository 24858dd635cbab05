"""A hungry partner on a real SFTP server, while the gateway and the server are killed: nothing lost, doubled or torn."""

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.nursery import nursery
from tests.servers.sshd import Sshd
from tests.sftp.served import Served, served
from tests.site.harness import FRIDAY, ROOT
from tests.torture.crowd import HUNGER
from tests.torture.workers import SCALE

WINDOWS = (
    "remote-claimed", "remote-fetched", "remote-taken", "remote-removed", "put-written", "put-checked", "put-renamed",
)  # fmt: skip
ROUNDS = 10 * SCALE


@dataclass(slots=True)
class Hungry:
    """ACME: takes and deletes every file the moment it has its name, and orders all the time."""

    acme: Served
    most: int
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    sent: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self._threads += [threading.Thread(target=self._eat), threading.Thread(target=self._order)]
        for each in self._threads:
            each.start()

    def end(self) -> None:
        self._ended.set()
        for each in self._threads:
            each.join()
        self._look()

    def _eat(self) -> None:
        while not self._ended.wait(HUNGER):
            self._look()

    def _look(self) -> None:
        for path in sorted(self.acme.outgoing.iterdir()):
            if not path.name.startswith("."):
                self.taken.append((path.name, path.read_bytes()))
                path.unlink()

    def _order(self) -> None:
        while self.sent < self.most and not self._ended.wait(0.7):
            self.sent += 1
            self.acme.order(self.sent)


def one_run(acme: Served, choice: random.Random) -> str:
    """One run that dies in a window, or from outside, or whose server dies; or that is left alone."""
    what = choice.choice([*WINDOWS, "outside", "server", ""])
    crash = f"{what}:{choice.randint(1, 3)}" if what in WINDOWS else ""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CRASH_AT": crash} | acme.site.environ()
    environ.pop("GATEWAY_SITE", None)
    log = acme.site.folder / f".said-{uuid.uuid4().hex}"
    process = nursery().start(["run", "--once", "--now", FRIDAY], acme.site.folder, environ, log)
    if what == "outside":
        time.sleep(choice.uniform(0.3, 2.5))
        process.send_signal(signal.SIGKILL)
    if what == "server":
        time.sleep(choice.uniform(0.3, 2.5))
        acme.server.restart()
    process.wait(120)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    return what


def test_every_order_is_taken_and_answered_once_whoever_is_killed(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server, sent_by_folder=False)
    acme.site.drop_master()
    hungry, choice = Hungry(acme, most=ROUNDS), random.Random(20261126)
    hungry.begin()
    try:
        done = Counter(one_run(acme, choice) for _ in range(ROUNDS))
        while hungry.sent < hungry.most:
            time.sleep(0.1)
        for _ in range(3):
            acme.site.run()
    finally:
        hungry.end()

    wanted = sorted(f"PO-{number}" for number in range(1, hungry.sent + 1))
    assert sorted(each["po_number"] for each in acme.site.json("orders", "list")) == wanted, done
    assert list(acme.incoming.iterdir()) == []
    assert not any((acme.site.folder / "var" / "fetching").iterdir())
    names = Counter(name for name, _ in hungry.taken)
    assert set(names.values()) == {1}, names
    assert all(content.rstrip().endswith(b"~") for _, content in hungry.taken)
    answered = b"".join(content for name, content in hungry.taken if b"*855*" in content)
    assert all(answered.count(f"*{number}*".encode()) == 1 for number in wanted), (done, names)
    receipts = b"".join(content for name, content in hungry.taken if b"*997*" in content)
    assert receipts.count(b"AK1*PO*") == hungry.sent, (done, names)
