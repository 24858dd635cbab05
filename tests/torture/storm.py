"""A partner on a real SFTP server that breaks in every way it can, and a house that exchanges files with it."""

import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from gateway.app import servers, units
from gateway.app.build import load, workbench
from gateway.exchange.channels import ChannelHealth
from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.flows.by_hand import resending
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId
from gateway.transports.sftp.outlet import STAGING
from tests.servers.proxy import Fault, Proxy
from tests.servers.sshd import Sshd

ACME = PartnerId("acme")
OUT = ChannelKey("sftp:acme:out1")
SITE = """gateway: 1
partner: acme
channels:
  in: [{{{login}, path: {incoming}, every: 30s}}]
  out: [{{{login}, path: {outgoing}, retry: {{first: 1s, max: 10s, give_up: 30d}}}}]
"""
DISK = 600_000
"""Bytes of the disk of the partner, where one can be had."""
LARGEST = 150_000
HUNGER = 0.004
CALM = Fault()
MINUTE = timedelta(minutes=1)
WINDOWS = (
    "remote-claimed", "remote-fetched", "archived", "received", "remote-taken", "remote-removed", "dispatch-written",
    "put-written", "put-checked", "dispatch-staged", "put-renamed", "dispatch-published", "dispatch-delivered",
)  # fmt: skip


_OVER = (DispatchState.DELIVERED, DispatchState.CANCELLED)


class KilledError(BaseException):
    """The process died here."""


@dataclass(slots=True)
class Partner:
    """Takes what lies in ``outgoing`` the moment it has its name, and brings files into ``incoming``.

    ``foreign`` are files of its own there under names of ours; what has to wait for these comes ``late``.
    """

    incoming: Path
    outgoing: Path
    choice: random.Random
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    brought: dict[str, bytes] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    disorder: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Be hungry."""
        self._thread = threading.Thread(target=self._eat, name="partner")
        self._thread.start()

    def end(self) -> None:
        """Take what is there, and go home."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self.look()

    def look(self) -> None:
        """Take and delete what is there; the files of one look came in their order, whatever order it lists them in."""
        with self._looking, suppress(FileNotFoundError):
            first, second = self._names(), self._names()
            known = {name for name, _ in self.taken} | set(first) | set(second)
            for name in first:
                number = int(name.split("-")[1])
                missing = [f"out-{each:05d}" for each in range(1, number) if f"out-{each:05d}" not in known]
                missing = [each for each in missing if each not in self.late | self.foreign]
                if missing and name not in self.late:
                    self.disorder.append(f"{name} before {missing[:3]}")
                path = self.outgoing / name
                self.taken.append((name, path.read_bytes()))
                path.unlink()

    def bring(self, count: int) -> None:
        """So many files more, each in one rename; now and then one is taken away again, whoever has it by then."""
        for _ in range(count):
            name = f"in-{len(self.brought) + 1:05d}"
            content = self.choice.randbytes(self.choice.randint(1, LARGEST // 10))
            part = self.incoming / f"{name}.part"
            try:
                part.write_bytes(content)
            except OSError:  # the disk is full; later perhaps
                part.unlink()
                break
            part.rename(self.incoming / name)
            self.brought[name] = content
        if self.choice.random() < 0.3:
            there = [path for path in self.incoming.iterdir() if path.name.startswith("in-")]
            for path in there[:1]:
                self.withdrawn.add(path.name)
                path.unlink(missing_ok=True)

    def _eat(self) -> None:
        while not self._ended.wait(HUNGER):
            self.look()

    def _names(self) -> list[str]:
        names = (path.name for path in self.outgoing.iterdir())
        return sorted(each for each in names if each.startswith("out-") and each not in self.foreign)


@dataclass(slots=True)
class Storm:
    """The house, its partner, and all that lies between; ``now`` is the clock of the house, which is turned by hand."""

    folder: Path
    server: Sshd
    proxy: Proxy
    partner: Partner
    choice: random.Random
    bench: Workbench
    now: datetime = field(default_factory=system_clock)
    owed: dict[str, bytes] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    fault: Fault = CALM
    said: list[str] = field(default_factory=list)

    def owe(self, count: int) -> None:
        """So many documents more are to leave."""
        with self.bench.store.unit() as work:
            for _ in range(count):
                number = len(self.owed) + 1
                name, own = f"out-{number:05d}", f"{number:09d}"
                content = self.choice.randbytes(self.choice.choice([10, 2_000, 40_000, LARGEST]))
                self.owed[name] = content
                work.exchange.add_dispatch(
                    Dispatch(DispatchId(f"D-{name}"), ACME, "810", name, own, name, OUT, content, self.now)
                )
            work.commit()

    def work(self, *, dies: bool = False, after: timedelta = MINUTE) -> None:
        """What a process does with its next look, some time later; one that dies is followed by another."""
        self.now += after
        left = self.choice.randint(1, 6)
        window = self.choice.choice(WINDOWS)

        def mark(name: str) -> None:
            nonlocal left
            left -= name == window
            if left == 0:
                raise KilledError(window)

        bench = replace(self.bench, mark=mark) if dies else self.bench
        if dies:
            bench = self.opened(mark)
        try:
            for each in units.found(bench, by_clock=False):
                if each.kind in ("poll", "out"):
                    units.act(bench, each.kind, each.key)
        except KilledError as died:
            self.said.append(f"died {died}")
        finally:
            if dies:
                bench.store.engine.dispose()  # type: ignore[attr-defined]

    def opened(self, mark: Callable[[str], None]) -> Workbench:
        """The site as another process opens it."""
        return opened(self.folder, lambda: self.now, mark)

    def let(self) -> None:
        """A person looks at what is stopped or held, and lets it go on."""
        with self.bench.store.unit() as work:
            stopped = [each.channel for each in work.channels.listed() if each.health is ChannelHealth.STOPPED]
        for each in stopped:
            servers.let(self.bench, each)
        for name in sorted(self.partner.foreign):
            if self.choice.random() < 0.3:
                with suppress(GatewayError):  # it may have left before the other came there
                    resending.cancel(self.bench, f"D-{name}", "not wanted", "operator")
                    self.cancelled.add(name)
            (self.partner.outgoing / name).unlink(missing_ok=True)
            with suppress(GatewayError):
                if name in self.cancelled:
                    continue
                resending.retry(self.bench, f"D-{name}", "", "operator")
        self.partner.late |= self.partner.foreign
        self.partner.foreign.clear()

    def undelivered(self) -> list[str]:
        """What is still to leave."""
        with self.bench.store.unit() as work:
            found = work.exchange.files_out()
        return [each.file_name for each in found if each.state not in _OVER]

    def received(self) -> list[tuple[str, bytes]]:
        """What came in, as we have it."""
        with self.bench.store.unit() as work:
            return [(each.file_name, self.bench.archive.get(each.sha256)) for each in work.exchange.receipts()]

    def staged(self) -> list[str]:
        """Names of ours that lie at the partner."""
        return [each.name for each in self.partner.outgoing.iterdir() if each.name.startswith(STAGING)]


def opened(folder: Path, clock: Callable[[], datetime], mark: Callable[[str], None]) -> Workbench:
    """The site as a process opens it, with a clock that is turned by hand."""
    return replace(workbench(load(folder, {}), clock, {}), wall=clock, mark=mark)


@contextmanager
def storm(folder: Path, server: Sshd, seed: int) -> Iterator[Storm]:
    """Everything, with the partner at work."""
    choice = random.Random(seed)
    partner = Partner(server.files / "out-to-us", server.files / "in-from-us", random.Random(seed + 1))
    for each in (partner.incoming, partner.outgoing, folder / "partners"):
        each.mkdir(parents=True)
    proxy = Proxy(server.port, lambda: made[0].fault if made else Fault())
    made: list[Storm] = []
    proxy.start()
    login = (
        f"kind: sftp, host: 127.0.0.1, port: {proxy.port}, user: {server.user}, "
        f"key: {{file: {server.client_key}}}, host_key: {server.host_key_line}, timeout: 1s"
    )
    (folder / "gateway.yaml").write_text("gateway: 1\n")
    said = SITE.format(login=login, incoming=partner.incoming, outgoing=partner.outgoing)
    (folder / "partners" / "acme.yaml").write_text(said)
    found = Storm(folder, server, proxy, partner, choice, opened(folder, system_clock, lambda _window: None))
    found.bench = opened(folder, lambda: found.now, lambda _window: None)
    made.append(found)
    partner.begin()
    try:
        yield found
    finally:
        partner.end()
        proxy.stop()
        found.bench.store.engine.dispose()  # type: ignore[attr-defined]


@contextmanager
def disk(folder: Path) -> Iterator[bool]:
    """A small disk at a folder; whether there can be one."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
