"""Files leave for a server of a partner: put under a name of ours, counted, and given their name in one step."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gateway.exchange.remote import Renamed
from gateway.files.disk import Disk
from gateway.kernel.errors import ChannelDownError, ChannelStoppedError, TransportError
from gateway.kernel.ids import DispatchId
from gateway.transports.sftp.connection import DOWN, NotDoneError, Stopping, never, stopped
from gateway.transports.sftp.remote import SftpRemote, opened
from gateway.transports.sftp.server import Server

STAGING = ".gateway-"
NAME_TAKEN, UNSURE = "D-NAME-TAKEN", "D-UNSURE"
Mark = Callable[[str], None]
"""Told the name of each window in which a crash must be harmless."""
_SEE_FOLDER = "Look with 'gateway partner test --write' at what the server lets us do there."
_NO_STAGING = f"{_SEE_FOLDER} Where it takes no names that begin with a dot, write 'staging: none' at the channel."


@dataclass(slots=True)
class _Connected:
    """What leads to a folder on a server: it connects when it is first used, and ``close`` ends that."""

    server: Server
    hold_when_unsure: bool
    mark: Mark
    stopping: Stopping = field(default=never, kw_only=True)
    _remote: SftpRemote | None = field(default=None, init=False, kw_only=True)

    def secure(self) -> None:
        """What a server confirmed is its own to keep."""

    def close(self) -> None:
        """End the connection, if there is one."""
        remote, self._remote = self._remote, None
        if remote is not None:
            remote.close()

    def _there(self) -> SftpRemote:
        if self._remote is None or self._remote.connection.is_lost:
            self.close()
            self._remote = opened(self.server, stopping=self._cuts())
        return self._remote

    def _cuts(self) -> Stopping:
        """What cuts off whatever is on its way."""
        return self.stopping


@dataclass(slots=True)
class SftpOutlet(_Connected):
    """A folder on a server that files leave for.

    A file waits there under a name of ours until it gets its own: whoever finds it gone knows that it was handed over.
    """

    def stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:
        """Write the bytes under a name of ours, going on where a cut connection left off, and count them."""
        remote, temporary = self._there(), _staged(dispatch)
        try:
            remote.put(temporary, content, start=remote.begun(temporary, content))
            self.mark("put-written")
            size = remote.size(temporary)
        except NotDoneError as error:
            raise ChannelDownError(error.sentence, code=DOWN, next_step=_NO_STAGING) from error
        if size != len(content):
            sentence = f"{name} has {len(content)} bytes, and {size or 0} of them arrived at {self.server.shown}."
            raise ChannelDownError(sentence, code=DOWN, next_step="It is tried again; their disk may be full.")
        self.mark("put-checked")

    def is_staged(self, dispatch: DispatchId, name: str) -> bool:  # noqa: ARG002 - as of every outlet
        """Whether the bytes still wait there to be handed over; raises ChannelDownError when the folder is away."""
        remote = self._there()
        if remote.size(_staged(dispatch)) is not None:
            return True
        remote.secure()
        return False

    def left(self) -> list[DispatchId]:
        """The files that wait there under names of ours."""
        return [DispatchId(name.removeprefix(STAGING)) for name in self._there().names(STAGING)]

    def publish(self, dispatch: DispatchId, name: str) -> None:
        """Give the file its name; raises TransportError when another file has that name."""
        remote, temporary = self._there(), _staged(dispatch)
        if remote.size(name) is not None and not remote.same(temporary, name):
            raise _taken(name, self.server)
        try:
            done = remote.rename(temporary, name)
        except NotDoneError as error:
            raise ChannelStoppedError(
                f"{error.sentence} The file is there as {temporary}.", code=DOWN,
                next_step="Ask the partner to let our user rename files, or write 'staging: none' at the channel if their "
                "server never does; then ask with 'gateway partner test'.",
            ) from error  # fmt: skip
        if done is Renamed.UNSURE and self.hold_when_unsure:
            raise _unsure(name, self.server)
        self.mark("put-renamed")

    def is_unseen(self, dispatch: DispatchId, name: str) -> bool:
        """Whether the file still waits there under a name of ours."""
        return self.is_staged(dispatch, name)

    def withdraw(self, dispatch: DispatchId, name: str) -> None:  # noqa: ARG002 - as of every outlet
        """Remove what waits there."""
        self._there().drop(_staged(dispatch))


@dataclass(slots=True)
class PlainSftpOutlet(_Connected):
    """The same for a server that lets nobody rename: a file is written under its own name, from a copy that we keep.

    Nobody can tell whether one arrived whose put was cut off: it is put once more, or held where the channel says so. A
    process that is to end begins none, and lets the one that is on its way arrive.
    """

    work: Path
    _disk: Disk = field(default_factory=Disk)

    def stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:  # noqa: ARG002 - as of every outlet
        """Keep the bytes in our work folder."""
        try:
            with self._disk.folder(self.work, make=True, follow=True) as folder:
                for each in (_kept(dispatch), _begun(dispatch)):
                    folder.unlink(each)
                folder.write_new(_kept(dispatch), content)
                folder.sync()
        except OSError as error:
            raise TransportError(f"{self.work} cannot be written: {error.strerror}.", next_step="Make room.") from error

    def is_staged(self, dispatch: DispatchId, name: str) -> bool:  # noqa: ARG002 - as of every outlet
        """Whether our copy still waits to be handed over."""
        return (self.work / _kept(dispatch)).is_file()

    def publish(self, dispatch: DispatchId, name: str) -> None:
        """Put the file under its name, and count it; raises TransportError when another file has that name."""
        if self.stopping():
            raise stopped(self.server)
        content, begun = (self.work / _kept(dispatch)).read_bytes(), self.work / _begun(dispatch)
        remote = self._there()
        there, tried = remote.size(name), begun.is_file()
        if not (there == len(content) and remote.holds(name, content)):
            if there is not None and not tried:
                raise _taken(name, self.server)
            if there is None and tried and self.hold_when_unsure:
                raise _unsure(name, self.server)
            begun.touch()
            self._put(remote, name, content)
        for each in (self.work / _kept(dispatch), begun):
            with suppress(FileNotFoundError):
                each.unlink()
        self.mark("put-renamed")

    def _cuts(self) -> Stopping:
        """A file that is half there under its name may be taken by the partner."""
        return never

    def is_unseen(self, dispatch: DispatchId, name: str) -> bool:
        """Whether our copy waits, and nothing of it was put there yet."""
        return self.is_staged(dispatch, name) and not (self.work / _begun(dispatch)).exists()

    def withdraw(self, dispatch: DispatchId, name: str) -> None:  # noqa: ARG002 - as of every outlet
        """Remove our copy."""
        (self.work / _kept(dispatch)).unlink(missing_ok=True)

    def _put(self, remote: SftpRemote, name: str, content: bytes) -> None:
        try:
            remote.put(name, content)
            self.mark("put-written")
            size = remote.size(name)
        except NotDoneError as error:
            raise ChannelDownError(error.sentence, code=DOWN, next_step=_SEE_FOLDER) from error
        if size is not None and size != len(content):  # one that is gone was taken by the partner
            sentence = f"{name} has {len(content)} bytes, and {size} of them arrived at {self.server.shown}."
            raise ChannelDownError(sentence, code=DOWN, next_step="It is tried again; their disk may be full.")
        self.mark("put-checked")


def _taken(name: str, server: Server) -> TransportError:
    return TransportError(
        f"{name} exists on {server.shown} with other content; it is not overwritten.", code=NAME_TAKEN,
        next_step="Ask the partner to remove or rename it; the file leaves with the next try.",
    )  # fmt: skip


def _unsure(name: str, server: Server) -> TransportError:
    return TransportError(
        f"Nobody knows whether {name} arrived at {server.shown}: the connection was cut while it was handed over.",
        code=UNSURE, next_step="Ask the partner whether they have it.",
    )  # fmt: skip


def _staged(dispatch: DispatchId) -> str:
    return f"{STAGING}{dispatch}"


def _kept(dispatch: DispatchId) -> str:
    return f"out-{dispatch}"


def _begun(dispatch: DispatchId) -> str:
    return f"out-{dispatch}.begun"
