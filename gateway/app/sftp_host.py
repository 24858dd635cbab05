"""Our SFTP server beside the work of a process: its thread, who logs in, what each sees, and who is told what happens."""

import asyncio
import fcntl
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from gateway.app.pulse import Pulse
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.exchange.alerts import Alert, Severity
from gateway.flows.happening import happened
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import AlertId, PartnerId
from gateway.transports.server import keys
from gateway.transports.server.limits import Handles, Room, Seats
from gateway.transports.server.login import Login, Logins, key_of
from gateway.transports.server.root import MOST_OPEN, Root
from gateway.transports.server.transfers import UPLOAD, Place, put_here

log = structlog.get_logger()
FOLDER = "sftp"
"""Below ``var``: the host key, and who of this machine has the port."""
AGAIN = 30.0
"""Seconds until a process asks again for a port that it did not get."""
BANNED = "sftp.banned"
_OLD = 3600.0
_EVENTS = {each: f"sftp.{each}" for each in ("put", "renamed", "fetched", "removed", "cut")}
_MOST_KNOWN = 10_000
STRANGER, SILENT = "a user that is not known", "somebody who did not log in"


def key_folder(site: Site) -> Path:
    """Where the host key is."""
    return site.directory / "var" / FOLDER


def logins_of(site: Site) -> list[Login]:
    """Everybody who may log in: the partners with a section ``sftp`` whose channels are on."""
    return [
        Login(
            partner.login_user(), PartnerId(partner.partner), frozenset(key_of(each) for each in partner.sftp.keys),
            partner.sftp.password_hash or "",
        )
        for partner in site.partners.values()
        if partner.sftp is not None and partner.is_in_use
    ]  # fmt: skip


def places_of(site: Site, login: Login) -> dict[str, Place]:
    """What one of them sees: its own folders, and none that another partner has too."""
    server, partner = site.settings.sftp_server, site.partners[login.partner]
    owners = Counter(path for each in site.partners.values() for path in _paths(each))
    found: dict[str, Place] = {}
    for number, channel in enumerate(partner.folders(), start=1):
        run = site.settings.run
        room = Room(server.quota_bytes(), server.files, run.limit(), run.reserve())
        found[_name("inbox", number)] = Place(site.directory / channel.path, room)
    own = dict.fromkeys(each.path for each in partner.folders_out() if owners[each.path] == 1)
    for number, path in enumerate(own, start=1):
        found[_name("outbox", number)] = Place(site.directory / path, None)
    return found


def _paths(partner: Partner) -> set[str]:
    """Every folder of a partner."""
    return {each.path for each in partner.folders()} | {each.path for each in partner.folders_out()}


def ban_key(address: str) -> str:
    """The key of the alert that an address is banned."""
    return f"{BANNED}:{address}"


@contextmanager
def serving(bench: Workbench, pulse: Pulse, wake: Callable[[], None]) -> Iterator[None]:
    """Let partners log in while inside, where the site says so; ``wake`` is called when a file came."""
    if not bench.site.settings.sftp_server.listen:
        yield
        return
    host = SftpHost(bench, pulse, wake)
    pulse.watch(FOLDER, host.fault)
    host.start()
    pulse.guard(host.thread)
    try:
        yield
    finally:
        pulse.stopping()  # its thread is not missed
        host.stop()


@dataclass(slots=True)
class SftpHost:
    """The server of one process."""

    bench: Workbench
    pulse: Pulse
    wake: Callable[[], None]
    thread: threading.Thread = field(init=False)
    _ending: threading.Event = field(default_factory=threading.Event)
    _stop: Callable[[], object] | None = None
    _why: str = ""
    _places: dict[str, dict[str, Place]] = field(default_factory=dict)
    _failed: dict[str, set[str]] = field(default_factory=dict)
    _logins: list[Login] = field(default_factory=list)
    _handles: Seats = field(default_factory=lambda: Seats(2 * MOST_OPEN))

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._logins = logins_of(self.bench.site)
        self._places = {each.user: places_of(self.bench.site, each) for each in self._logins}
        self.thread = threading.Thread(target=self._run, name="sftp-server")
        self.thread.start()

    def stop(self) -> None:
        """End it; what clients have not closed by now is cut."""
        self._ending.set()
        stop = self._stop
        if stop is not None:
            with suppress(RuntimeError):  # it ended by itself at this moment
                stop()
        self.thread.join()

    def fault(self) -> str:
        """Why partners cannot log in; empty when they can, here or at another process."""
        return self._why

    def root(self, login: Login, address: str) -> Root:
        """What somebody sees."""
        told, handles = partial(self._told, login, address), Handles(self._handles, login.user)
        return Root(self._places[login.user], self.bench.disk, told, handles)

    def is_banned(self, address: str) -> bool:
        """Whether an address that was banned is not heard now either; a person may have lifted it, if anybody can tell."""
        with self._noting("sftp.ban"), self.bench.store.unit() as work:
            found = work.bans.get(address)
            return found is not None and found.banned_until is not None and found.banned_until > system_clock()
        return True

    def logged_in(self, login: Login, address: str) -> None:
        """Note it; failures of the same user before it are forgotten, and who was silent, but no tries at others' logins."""
        happened(self.bench.observer, "sftp.login", partner=login.partner, user=login.user, address=address)
        with self._noting("sftp.login"), self.bench.store.unit() as work:
            if address in self._failed and self._failed[address] <= {login.user, SILENT}:
                work.bans.lift(address)
                self._failed.pop(address, None)
            work.audit.note(
                login.user, "sftp.login", FOLDER, at=system_clock(), partner=login.partner, detail={"address": address}
            )
            work.commit()

    def refused(self, user: str, address: str) -> bool:
        """Note it; whoever fails too often is banned, and people are told."""
        known = next((each for each in self._logins if each.user == user), None)
        who = user if known else STRANGER if user else SILENT
        now, ban = system_clock(), self.bench.site.settings.sftp_server.ban
        partner = known.partner if known else ""
        happened(self.bench.observer, "sftp.refused", user=who, address=address)
        self._failed.setdefault(address, set()).add(who)
        with self._noting("sftp.refused"), self.bench.store.unit() as work:
            found = work.bans.failed(address, at=now, since=now - ban.period())
            detail = {"address": address}
            work.audit.note(who, "sftp.refused", FOLDER, at=now, partner=partner, detail=detail)
            is_banned = found.failures >= ban.after
            if is_banned:
                self._ban(work, address, found.failures, now)
            work.commit()
            return is_banned
        return False

    def _ban(self, work: UnitOfWork, address: str, failures: int, now: datetime) -> None:
        until = now + self.bench.site.settings.sftp_server.ban.period()
        work.bans.ban(address, until=until)
        work.audit.note(FOLDER, BANNED, address, at=now, detail={"failures": str(failures)})
        sentence = (
            f"{address} failed to log in {failures} times in a row and is turned away until {until:%Y-%m-%d %H:%M} UTC."
        )
        alert = AlertId(self.bench.new_id())
        work.alerts.open(
            Alert(alert, ban_key(address), BANNED, Severity.WARNING, sentence, now, reference=address, cause=BANNED)
        )
        happened(self.bench.observer, BANNED, address=address, until=until.isoformat())

    def turned_away(self, address: str, reason: str) -> None:
        """Log it."""
        log.warning("sftp.turned_away", address=address, reason=reason)

    def alive(self) -> None:
        """The server comes round."""
        self.pulse.turn("SFTP server")

    def tidy(self) -> None:
        """Close alerts of bans that ran out; remove what was being put when a process of another machine died."""
        if len(self._failed) > _MOST_KNOWN:
            self._failed = {}
        with self._noting("sftp.tidy"), self.bench.store.unit() as work:
            banned = {ban_key(each.address) for each in work.bans.banned(system_clock())}
            ended = [each for each in work.alerts.listed() if each.kind == BANNED and each.key not in banned]
            for each in ended:
                work.alerts.close(each.key, "the time is over", system_clock())
            work.commit()
        self._remove_cut(UPLOAD, max(_OLD, 2 * self.bench.site.settings.sftp_server.idle_seconds()))

    def _remove_cut(self, begins: str, old: float) -> None:
        """Remove what was being put under such names, if nothing was written to it for so many seconds."""
        for place in (each for places in self._places.values() for each in places.values() if each.is_inbox):
            with self._noting("sftp.tidy"):
                if place.path.is_dir():
                    with self.bench.disk.folder(place.path, follow=True) as folder:
                        for each in list(folder.entries()):
                            age = time.time() - each.modified / 1e9
                            if each.name.startswith(begins.encode()) and (not old or age > old):
                                folder.unlink(each.name)

    @contextmanager
    def _noting(self, event: str) -> Iterator[None]:
        """A database or disk that does not answer keeps nobody from logging in."""
        try:
            yield
        except (GatewayError, OSError) as error:
            log.error("sftp.not_noted", kind=event, error=str(error))  # noqa: TRY400 - the sentence says it all

    def _told(self, login: Login, address: str, event: str, name: str, size: int) -> None:
        happened(
            self.bench.observer, _EVENTS[event], partner=login.partner, user=login.user, address=address, file=name,
            bytes=size,
        )  # fmt: skip
        if event in ("put", "renamed"):
            self.wake()

    def _run(self) -> None:
        """Try to get the port, serve, and begin again whatever happens."""
        while not self._ending.is_set():
            try:
                with _turn(key_folder(self.bench.site)) as is_ours:
                    if is_ours:
                        self._serve()
                    else:
                        self._why = ""
            except OSError as error:
                self._why = (
                    f"The SFTP server cannot listen on {self.bench.site.settings.sftp_server.listen}: {error.strerror}."
                )
                log.error("sftp.failed", error=self._why)  # noqa: TRY400 - the sentence says it all
            except GatewayError as error:
                self._why = f"The SFTP server ended: {error.sentence}"
                log.error("sftp.failed", error=self._why)  # noqa: TRY400 - the sentence says it all
            except Exception as error:  # noqa: BLE001 - a defect here must not end the work of the process
                self._why = f"The SFTP server ended: {type(error).__name__}."
                log.error("sftp.failed", defect=f"{type(error).__name__}: {error}")  # noqa: TRY400 - no traceback at people
            self._ending.wait(AGAIN)

    def _serve(self) -> None:
        from gateway.transports.server.listen import Rules, Server  # noqa: PLC0415 - an extra, and half a second

        settings = self.bench.site.settings.sftp_server
        folder = key_folder(self.bench.site)
        key = keys.private_key(folder)
        rules = Rules(settings.connections(), settings.idle_seconds(), settings.sessions)
        with self.bench.store.unit() as work:
            banned = {each.address for each in work.bans.banned(system_clock())}
        with _listener(settings.listen) as listener:
            self._why = ""
            self._remove_cut(put_here(), 0)  # nobody puts anything yet: a process of this machine was killed
            line = keys.public_line(folder)
            log.info("sftp.listening", address=settings.listen, host_key=line, fingerprint=keys.fingerprint(line))

            async def serve() -> None:
                server, stop = Server(self, Logins(self._logins), rules, key), asyncio.Event()
                server.ban(banned)
                loop = asyncio.get_running_loop()
                self._stop = partial(loop.call_soon_threadsafe, stop.set)
                if self._ending.is_set():
                    stop.set()
                await server.serve(listener, stop)
                self._stop = None

            asyncio.run(serve())


def _name(word: str, number: int) -> str:
    return word if number == 1 else f"{word}-{number}"


@contextmanager
def _turn(folder: Path) -> Iterator[bool]:
    """Whether this process is the one of its machine that listens; the others are ready to take its place."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f"{socket.gethostname()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextmanager
def _listener(address: str) -> Iterator[socket.socket]:
    host, _, port = address.rpartition(":")
    family, kind, protocol, _, place = socket.getaddrinfo(
        host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        found.listen(100)
        yield found
