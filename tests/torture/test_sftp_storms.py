"""A real SFTP server that goes down, hangs, is reset, full, moved away or another one, while files go both ways.

Judged by the partner: each document once, whole, in its order; what it brings is taken once; nothing of ours is left there.
"""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.flows import polling
from tests.servers.proxy import Fault
from tests.servers.sshd import Sshd
from tests.torture.storm import LARGEST, Storm, disk, storm
from tests.torture.workers import SCALE

DOCUMENTS = 20 if SCALE == 1 else 300
STORMS = 1 if SCALE == 1 else SCALE
HOUR = timedelta(hours=1.5)
LOTS = 2 if SCALE == 1 else 6
"""Documents that are owed before each fault at most."""


def reset(site: Storm) -> None:
    """The connection breaks at any byte."""
    site.fault = Fault("reset", site.choice.randint(1, 3 * LARGEST))
    site.work()


def stalled(site: Storm) -> None:
    """The server says nothing more from any byte on."""
    site.fault = Fault("stall", site.choice.randint(1, 2 * LARGEST))
    site.work()


def silent(site: Storm) -> None:
    """Somebody takes the connection and says nothing."""
    site.fault = Fault("silent")
    site.work()


def killed(site: Storm) -> None:
    """The server is not there for some time."""
    site.server.stop()
    for _ in range(2):
        site.work()
    site.server.start()


def killed_on_the_way(site: Storm) -> None:
    """The server dies while it is used, and is back at once."""
    timer = threading.Timer(site.choice.uniform(0.05, 0.5), site.server.restart)
    timer.start()
    site.work()
    timer.join()


def another_key(site: Storm) -> None:
    """The server shows another key, then its own again."""
    own = site.server.host_key
    site.server.change_host_key()
    site.work()
    site.server.host_key = own
    site.server.restart()


def with_options(options: str) -> Callable[[Storm], None]:
    """The server is restarted with options for its SFTP, and without them after a while."""

    def act(site: Storm) -> None:
        site.server.options = options
        site.server.restart()
        site.work()
        site.server.options = ""
        site.server.restart()

    act.__name__ = options
    return act


def full(site: Storm) -> None:
    """Their disk is full, gets some room while we write, and then enough."""
    crumbs = [site.server.files / f"crumbs-{number}" for number in range(8)]
    for each in crumbs:
        with suppress(OSError):
            each.write_bytes(bytes(100_000))
    timers = [threading.Timer(0.1 + at / 50, each.unlink, [True]) for at, each in enumerate(crumbs[:4])]
    for each_timer in timers:
        each_timer.start()
    site.work()
    for each_timer in timers:
        each_timer.join()
    for each in crumbs:
        each.unlink(missing_ok=True)


def moved_away(site: Storm) -> None:
    """The folders are not there for some time, as where a disk is not mounted."""
    folders = {
        site.partner.outgoing: site.server.files / "aside-out",
        site.partner.incoming: site.server.files / "aside-in",
    }
    timer = threading.Timer(
        site.choice.uniform(0.0, 0.3), lambda: [here.rename(there) for here, there in folders.items()]
    )
    timer.start()
    site.work()
    timer.join()
    site.work()
    for here, there in folders.items():
        there.rename(here)


def name_taken(site: Storm) -> None:
    """The partner has a file of its own under the name of the next document."""
    name = f"out-{len(site.owed) + 1:05d}"
    site.partner.foreign.add(name)
    (site.partner.outgoing / name).touch()  # an empty one has room on any disk
    site.owe(2)
    site.work()


def dies(site: Storm) -> None:
    """Our process dies, and another one goes on."""
    site.work(dies=True)


def calm(site: Storm) -> None:
    """Nothing happens."""
    site.work()


ALWAYS = (
    reset, stalled, silent, killed, killed_on_the_way, another_key, with_options(" -P posix-rename"),
    with_options(" -P rename,posix-rename"), with_options(" -R"), moved_away, name_taken, dies, calm,
)  # fmt: skip
OFTEN = (reset, reset, dies, dies, killed_on_the_way)


@pytest.mark.parametrize("seed", range(STORMS))
def test_f_17_each_document_arrives_once_whole_and_in_order_whatever_befalls_the_server(
    tmp_path: Path, sftp_server: Sshd, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.02)
    with disk(sftp_server.files) as is_small, storm(tmp_path / "site", sftp_server, seed) as site:
        _blow(site, [*ALWAYS, *OFTEN, *([full, full] if is_small else [])])
        site.partner.end()
        _judge(site)
    assert [each.name for each in threading.enumerate() if each.name.startswith("sftp")] == []


def _blow(site: Storm, acts: list[Callable[[Storm], None]]) -> None:
    """Every fault in turn, in any order, while documents are owed and brought; then fair weather."""
    turns: list[Callable[[Storm], None]] = []
    while len(site.owed) < DOCUMENTS:
        if not turns:
            turns = list(acts)
            site.choice.shuffle(turns)
        site.owe(site.choice.randint(1, LOTS))
        site.partner.bring(site.choice.randint(1, LOTS))
        act = turns.pop()
        site.said.append(f"{act.__name__} at {len(site.owed)}")
        act(site)
        site.fault = Fault()
        if site.choice.random() < 0.5:
            site.let()
    for _ in range(40):
        site.let()
        site.work(after=HOUR)
        site.owe(1)  # what was put and is not to leave is taken back with what leaves next
        site.work(after=HOUR)
        if not site.undelivered() and not list(site.partner.incoming.iterdir()):
            return


def _judge(site: Storm) -> None:
    partner, said = site.partner, site.said
    assert site.undelivered() == [], said
    counts = Counter(name for name, _ in partner.taken)
    assert counts == Counter(dict.fromkeys(site.owed.keys() - site.cancelled, 1)), said
    assert [name for name, content in partner.taken if content != site.owed[name]] == [], said
    assert partner.disorder == [], said
    assert site.staged() == [], said

    received = site.received()
    assert [name for name, content in received if content != partner.brought[name]] == [], said
    counts = Counter(name for name, _ in received)
    assert set(counts.values()) == {1}, said
    assert set(partner.brought) - partner.withdrawn <= set(counts), said
    assert list(partner.incoming.iterdir()) == []
    assert list((site.folder / "var" / "fetching").iterdir()) == []
    with site.bench.store.unit() as work:
        assert [each.code for each in work.exchange.holds()] == []
        assert [each.key for each in work.alerts.listed()] == []
