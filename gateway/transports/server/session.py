"""One session of a client: for SFTP and nothing else. No shell, no command and so no scp, no terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import asyncssh

from gateway.transports.server.root import Root
from gateway.transports.server.talk import Talk


class OnDisk(Protocol):
    """Does in another thread what may wait for a disk."""

    def __call__(self, act: Callable[[], bytes | None], /) -> Awaitable[bytes | None]:
        """Wait for it."""


class SftpSession(asyncssh.SSHServerSession[bytes]):
    """One session: requests come in, wait for their turn, and are answered in their order."""

    def __init__(self, root: Callable[[], Root], on_disk: OnDisk, heard: Callable[[], None]) -> None:
        self._root, self._on_disk, self._heard = root, on_disk, heard
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._talk: Talk | None = None
        self._work: asyncio.Task[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._came = asyncio.Event()
        self._ended = False
        self.is_over = False

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        """The channel of the session."""
        self._channel = chan

    def subsystem_requested(self, subsystem: str) -> bool:
        """SFTP and nothing else, once."""
        if subsystem != "sftp" or self._talk is not None:
            return False
        self._talk = Talk(self._root())
        return True

    def shell_requested(self) -> bool:
        """No shell."""
        return False

    def exec_requested(self, command: str) -> bool:  # noqa: ARG002 - whatever it is
        """No commands, so no scp either."""
        return False

    def session_started(self) -> None:
        """Requests may come."""
        if self._talk is not None and self._channel is not None:
            self._work = asyncio.create_task(self._answer(self._talk, self._channel))

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002 - there is one kind only
        """A piece of requests."""
        self._heard()
        if self._talk is not None and self._channel is not None and not self._ended:
            if not self._talk.feed(data):
                self._channel.pause_reading()
            self._came.set()

    def eof_received(self) -> bool:
        """No more requests come; those that are here are answered."""
        self._end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended
        """Nobody hears the answers any more; what came whole is done all the same."""
        self._may_write.set()
        self._end()

    def pause_writing(self) -> None:
        """The client does not read fast enough."""
        self._may_write.clear()

    def resume_writing(self) -> None:
        """It does again."""
        self._may_write.set()

    async def over(self) -> None:
        """Wait until everything is put away."""
        if self._work is not None:
            await self._work

    def _end(self) -> None:
        self._ended = True
        self._came.set()

    async def _answer(self, talk: Talk, channel: "asyncssh.SSHServerChannel[bytes]") -> None:
        """Answer until nothing comes any more; what the client did not close then is cut."""
        try:
            while not talk.is_broken:
                answers = await self._on_disk(talk.answer) if talk.has_requests else b""
                if answers:
                    await self._may_write.wait()
                    if not channel.is_closing():
                        channel.write(answers)
                elif self._ended:
                    break
                else:
                    channel.resume_reading()
                    await self._came.wait()
                    self._came.clear()
        finally:
            await self._on_disk(talk.cut)
            self.is_over = True
            if not channel.is_closing():
                channel.exit(0)
