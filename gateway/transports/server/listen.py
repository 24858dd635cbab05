"""The server itself: whom it lets in at the door, who logs in, and that a session is for SFTP and nothing else.

No shell, no command, no scp, no terminal, no forwarding: what is not offered cannot be asked for.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import asyncssh

from gateway.transports.server.limits import Rate, Seats, source
from gateway.transports.server.login import Login, Logins
from gateway.transports.server.root import Root
from gateway.transports.server.session import SftpSession

LOGIN_SECONDS = 30.0
SAT = 10.0
"""Who stays so many seconds and never logs in counts as one who failed: it took a place from those who would."""
PASSWORDS, KEYS = 3, 10
"""So many are tried in one connection."""
_SESSIONS = 4
_DISK_THREADS, _PASSWORD_THREADS, _NOTE_THREADS = 8, 2, 2
_TICK, TIDY = 1.0, 60.0
_TOLD = 20
T = TypeVar("T")


class House(Protocol):
    """What the server asks of the rest; each may take its time, in a thread of its own."""

    def root(self, login: Login, address: str) -> Root:
        """What somebody sees who logged in."""

    def is_banned(self, address: str) -> bool:
        """Whether an address is not heard now."""

    def logged_in(self, login: Login, address: str) -> None:
        """Somebody logged in."""

    def refused(self, user: str, address: str) -> bool:
        """Somebody failed to log in, or without a user, came and did not; whether the address is banned from now on."""

    def turned_away(self, address: str, reason: str) -> None:
        """An address comes too often, or too many are here."""

    def tidy(self) -> None:
        """Forget what ran out; asked once a minute."""

    def alive(self) -> None:
        """The server comes round."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed at most: connections of one address in so many seconds, seconds of silence, connections at a time."""

    rate: tuple[int, int]
    idle: float
    sessions: int


class Server:
    """One server that listens on one socket until it is told to stop."""

    def __init__(self, house: House, logins: Logins, rules: Rules, host_key: Path) -> None:
        asyncssh.set_log_level(logging.ERROR)
        self.house, self.logins, self.rules = house, logins, rules
        self.seats = Seats(rules.sessions)
        self._rate, self._door = Rate(*rules.rate), Seats(2 * rules.sessions)
        self._disks = ThreadPoolExecutor(_DISK_THREADS, "sftp-disk")
        self._passwords = ThreadPoolExecutor(_PASSWORD_THREADS, "sftp-password")
        self._notes = ThreadPoolExecutor(_NOTE_THREADS, "sftp-note")
        self._options = _options(host_key)
        self._guests: dict[asyncio.Task[None], Guest] = {}
        self._banned: set[str] = set()
        self._told: set[str] = set()

    async def serve(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Take connections until told to stop; what a client did not close by then is cut."""
        listener.settimeout(0)
        jobs = [asyncio.create_task(each) for each in (self._accept(listener), self._tend())]
        told = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([told, *jobs], return_when=asyncio.FIRST_COMPLETED)
            for each in jobs:
                if each.done():
                    each.result()  # a defect: whoever runs the server begins again
        finally:
            told.cancel()
            for each in jobs:
                each.cancel()
            await asyncio.gather(told, *jobs, return_exceptions=True)
            for task, guest in list(self._guests.items()):
                guest.leave()
                if guest.login is None:
                    task.cancel()
            await asyncio.gather(*self._guests, return_exceptions=True)
            for pool in (self._disks, self._passwords, self._notes):
                pool.shutdown()

    async def on_disk(self, act: Callable[[], T]) -> T:
        """Do what may wait for a disk."""
        return await asyncio.get_running_loop().run_in_executor(self._disks, act)

    async def noting(self, act: Callable[[], T]) -> T:
        """Do what may wait for the database; no file waits behind it."""
        return await asyncio.get_running_loop().run_in_executor(self._notes, act)

    async def with_password(self, act: Callable[[], T]) -> T:
        """Do what costs much; two at a time, so that guesses do not slow down the others."""
        return await asyncio.get_running_loop().run_in_executor(self._passwords, act)

    async def failed(self, user: str, address: str) -> bool:
        """Somebody failed to log in; whether the address is banned now."""
        if await self.noting(partial(self.house.refused, user, address)):
            self._banned.add(address)
            for guest in list(self._guests.values()):  # what it began before it was banned ends too
                if guest.address == address and guest.login is None:
                    guest.leave()
        return address in self._banned

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await loop.sock_accept(listener)
            except OSError:  # the client is gone already, or there are no more descriptors
                await asyncio.sleep(_TICK / 10)
                continue
            address = source(str(peer[0]))
            if not self._rate.take(address):
                connection.close()
                self._turn_away(address, "rate")
                continue
            guest = Guest(self, address)
            task = asyncio.create_task(self._greet(connection, guest))
            self._guests[task] = guest
            task.add_done_callback(self._guests.pop)

    async def _greet(self, connection: socket.socket, guest: "Guest") -> None:
        """One connection, from the door until it is closed and all it had open is put away."""
        address = guest.address
        if address in self._banned:
            if await self.noting(partial(self.house.is_banned, address)):
                connection.close()
                return
            self._banned.discard(address)
        if not self._door.take(address):
            connection.close()
            self._turn_away(address, "too many")
            return
        try:
            await asyncssh.run_server(connection, options=self._options, server_factory=lambda: guest)
        except (OSError, asyncssh.Error):
            guest.leave()
        except Exception as error:  # noqa: BLE001 - a defect met by one connection must not end the others
            guest.leave()
            self.house.turned_away(address, f"{type(error).__name__}: {error}")
        except asyncio.CancelledError:
            if not guest.was_met:
                connection.close()
            raise
        finally:
            self._door.leave(address)
        await guest.gone()

    async def _tend(self) -> None:
        """Look after all connections: who says nothing for too long leaves."""
        loop = asyncio.get_running_loop()
        tidied, tidying = loop.time(), asyncio.create_task(self.noting(self.house.tidy))
        while True:
            self.house.alive()
            self._told.clear()
            if loop.time() - tidied >= TIDY and tidying.done():  # it may wait for a database, and nothing waits for it
                tidying.result()
                tidied, tidying = loop.time(), asyncio.create_task(self.noting(self.house.tidy))
            for guest in list(self._guests.values()):
                if loop.time() - guest.heard > self.rules.idle:
                    guest.leave("nothing was said for too long")
            await asyncio.sleep(_TICK)

    def ban(self, addresses: set[str]) -> None:
        """Addresses that were banned before this server began."""
        self._banned |= addresses

    def _turn_away(self, address: str, reason: str) -> None:
        """A flood is told once in a while and not each time."""
        if address not in self._told and len(self._told) < _TOLD:
            self._told.add(address)
            self.house.turned_away(address, reason)


def _options(host_key: Path) -> asyncssh.SSHServerConnectionOptions:
    """What is offered to everybody: logins with keys and passwords, and nothing else of what the library can do."""
    return asyncssh.SSHServerConnectionOptions(
        server_host_keys=[asyncssh.read_private_key(host_key)], server_version="gateway", login_timeout=LOGIN_SECONDS,
        keepalive_interval=30, keepalive_count_max=3, compression_algs=None, public_key_auth=True, kbdint_auth=False,
        host_based_auth=False, gss_host=None, allow_pty=False, agent_forwarding=False, x11_forwarding=False,
        allow_scp=False, encoding=None,
    )  # fmt: skip


class Guest(asyncssh.SSHServer):
    """One connection: a stranger first, then a partner."""

    def __init__(self, server: Server, address: str) -> None:
        self._server, self.address = server, address
        self._connection: asyncssh.SSHServerConnection | None = None
        self.login: Login | None = None
        self._user, self._keys, self._passwords = "", 0, 0
        self._seated = ""
        self._proven = self._counted = False
        self._sessions: list[SftpSession] = []
        self._noted: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._came = self.heard = asyncio.get_running_loop().time()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """The conversation begins."""
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended
        """The conversation is over."""
        if self._seated:
            self._server.seats.leave(self._seated)
            self._seated = ""
        self._ended.set()

    def begin_auth(self, username: str) -> bool:
        """Everybody must prove who they are."""
        self._user = username
        return True

    def public_key_auth_supported(self) -> bool:
        """Keys first."""
        return self._keys < KEYS

    def password_auth_supported(self) -> bool:
        """Passwords too, where any partner has one; whether this one has is not said."""
        return self._server.logins.take_passwords and self._passwords < PASSWORDS

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether a key is one of the user's; that the client has it is proven besides."""
        self._keys += 1
        return self._keys <= KEYS and self._server.logins.by_key(username, key.public_data)

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether a password is the user's."""
        self._passwords += 1
        if self._passwords > PASSWORDS:
            return False
        right = await self._server.with_password(partial(self._server.logins.by_password, username, password))
        if not right:
            self._counted = True
            if await self._server.failed(username, self.address):
                self.leave()
        return right

    def auth_completed(self) -> None:
        """It is who it says; there must be a seat as well."""
        self._proven = True
        if self._connection is None:
            return
        login, loop = self._server.logins.of(self._connection.get_extra_info("username")), asyncio.get_running_loop()
        if login is None:
            loop.call_soon(self.leave)
        elif not self._server.seats.take(login.user):
            loop.call_soon(self.leave, "too many are here already; try again later")
            self._server.house.turned_away(self.address, "sessions")
        else:
            self._seated, self.login = login.user, login
            note = self._server.noting(partial(self._server.house.logged_in, login, self.address))
            self._noted = asyncio.create_task(note)

    def session_requested(self) -> "tuple[asyncssh.SSHServerChannel[bytes], asyncssh.SSHServerSession[bytes]] | bool":
        """A session, which is for SFTP."""
        open_now = [each for each in self._sessions if not each.is_over]
        if self._connection is None or self.login is None or len(open_now) >= _SESSIONS:
            return False
        root = partial(self._server.house.root, self.login, self.address)
        session = SftpSession(root, self._server.on_disk, self.hear)
        self._sessions = [*open_now, session]
        return self._connection.create_server_channel(encoding=None), session

    @property
    def was_met(self) -> bool:
        """Whether the conversation began."""
        return self._connection is not None

    def hear(self) -> None:
        """The client said something."""
        self.heard = asyncio.get_running_loop().time()

    def leave(self, reason: str = "") -> None:
        """End the connection."""
        connection = self._connection
        if connection is None:
            self._ended.set()
        elif reason:
            connection.disconnect(asyncssh.DISC_BY_APPLICATION, reason)
        else:
            connection.abort()

    async def gone(self) -> None:
        """The connection is closed, what it had open is put away, and who never logged in is noted."""
        if self._connection is not None:
            await self._ended.wait()
        for each in self._sessions:
            await each.over()
        if self._noted is not None:
            await self._noted
        tried, sat = self._keys or self._passwords, asyncio.get_running_loop().time() - self._came > SAT
        if not self._proven and not self._counted and (tried or sat):
            await self._server.failed(self._user if tried else "", self.address)
