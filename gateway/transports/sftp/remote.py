"""One folder on a server of a partner: what lies there is listed, fetched and removed; files are put, checked and renamed."""

import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from gateway.exchange.remote import RemoteLook, Renamed
from gateway.files.names import escaped
from gateway.kernel.errors import ChannelDownError
from gateway.transports.sftp.connection import DOWN, Connection, MissingError, NotDoneError, Passed, connect
from gateway.transports.sftp.listing import Refusal, look_at, sorted_out
from gateway.transports.sftp.server import Server

COMPARED = 32768
"""Bytes before the place where a put goes on that must be ours."""
MOST_COMPARED = 10_000_000
"""A larger file that has our name is not compared with ours, but counted."""
_PROBE = ".gateway-probe"


@dataclass(slots=True)
class SftpRemote:
    """A folder on a server, over one connection.

    Raises ChannelDownError when the connection or the folder cannot be used, NotDoneError for what is of one file only.
    """

    connection: Connection
    path: str
    patterns: tuple[str, ...] = ()
    renamed: bool = True
    _refused: list[Refusal] = field(default_factory=list)

    def files(self) -> list[RemoteLook]:
        """The files that are to be taken, as they look now, the oldest first."""
        try:
            with self.connection.asking(f"The folder {self.path} cannot be listed"):
                entries = self.connection.client.entries(self.path.encode())
                found = sorted_out(entries, self.patterns, renamed=self.renamed)
        except NotDoneError as error:
            raise self._no_folder(error) from error
        self._refused = found.refused
        return found.files

    def refusals(self) -> list[tuple[str, str, str]]:
        """What lies there and is never opened, each with a code and a sentence; as of the last listing."""
        return [(each.name, each.code, each.sentence) for each in self._refused]

    def look(self, look: RemoteLook) -> RemoteLook | None:
        """The file as it looks now; None when there is none, or no ordinary one, of that name."""
        try:
            with self.connection.asking(f"{look.name} cannot be looked at"):
                found = self.connection.client.lstat(self._at(look.raw_name))
        except MissingError:
            return None
        return look_at(look.raw_name, found) if stat.S_ISREG(found.st_mode or 0) else None

    def fetch(self, look: RemoteLook, to: BinaryIO, *, start: int = 0) -> None:
        """Read a file from a byte on, as far as it had bytes when it was looked at."""
        blocks = self.connection.client.blocks(self._at(look.raw_name), start, look.size)
        while True:
            with self.connection.asking(f"{look.name} cannot be fetched"):
                block = next(blocks, None)
            if block is None:
                return
            to.write(block)

    def remove(self, look: RemoteLook) -> None:
        """Remove a file; one that is gone already is no fault."""
        with suppress(MissingError), self.connection.asking(f"{look.name} was taken, but cannot be removed"):
            self.connection.client.remove(self._at(look.raw_name))

    def move(self, look: RemoteLook, to: str) -> None:
        """Move a file into another folder, which is made when it is not there; nothing that lies there is written over."""
        client, folder = self.connection.client, str(PurePosixPath(self.path) / to).encode()
        source = self._at(look.raw_name)
        try:
            with self.connection.asking(f"{look.name} was taken, but cannot be moved to {to}"):
                client.rename(source, _joined(folder, look.raw_name))
        except NotDoneError:
            if self.look(look) is None:
                return
            with suppress(NotDoneError), self.connection.asking(f"{to} cannot be made"):
                client.mkdir(folder)
            with self.connection.asking(f"{look.name} was taken, but cannot be moved to {to}"):
                client.rename(source, _joined(folder, self._free(folder, look.raw_name)))

    def put(self, temporary: str, content: bytes, *, start: int = 0) -> None:
        """Write a file from a byte on; what lies before it must be there already."""
        with self.connection.asking(f"{temporary} cannot be written"):
            self.connection.client.write(self._at(temporary.encode()), content, start)

    def size(self, name: str) -> int | None:
        """How many bytes a file has; None where there is none."""
        try:
            with self.connection.asking(f"{name} cannot be looked at"):
                return self.connection.client.lstat(self._at(name.encode())).st_size or 0
        except MissingError:
            return None

    def begun(self, temporary: str, content: bytes) -> int:
        """How many bytes of a file that was begun before are there and ours; 0 where it is to be written anew."""
        size = self.size(temporary)
        if not size or size > len(content):
            return 0
        at = max(0, size - COMPARED)
        return size if self._read(temporary, at, size) == content[at:size] else 0

    def holds(self, name: str, content: bytes) -> bool:
        """Whether the file of a name has these bytes; a large one is only counted."""
        if self.size(name) != len(content):
            return False
        return len(content) > MOST_COMPARED or self._read(name, 0, len(content)) == content

    def same(self, one: str, other: str) -> bool:
        """Whether two files have the same bytes; large ones are only counted."""
        size = self.size(one)
        if size is None or size != self.size(other):
            return False
        return size > MOST_COMPARED or self._read(one, 0, size) == self._read(other, 0, size)

    def rename(self, temporary: str, name: str) -> Renamed:
        """Give a file its name, in one step where the server can.

        UNSURE when the server says no, and neither the one nor the other is there. Raises NotDoneError when it says no.
        """
        old, new, client = self._at(temporary.encode()), self._at(name.encode()), self.connection.client
        with suppress(NotDoneError), self.connection.asking(f"{name} cannot be given its name"):
            client.posix_rename(old, new)
            return Renamed.REPLACED
        try:
            with self.connection.asking(f"{name} cannot be given its name"):
                client.rename(old, new)
        except NotDoneError:
            if self.size(temporary) is not None:
                raise
            return Renamed.PLAIN if self.size(name) is not None else Renamed.UNSURE
        return Renamed.PLAIN

    def drop(self, name: str) -> None:
        """Remove a file of ours; one that is gone already is no fault."""
        with suppress(MissingError), self.connection.asking(f"{name} cannot be removed"):
            self.connection.client.remove(self._at(name.encode()))

    def try_writing(self) -> None:
        """Put a small file, rename it and remove it again; raises ChannelDownError where one of these is not allowed."""
        try:
            self.put(_PROBE, b"a test\n")
            try:
                self.rename(_PROBE, f"{_PROBE}-2")
            finally:
                for name in (_PROBE, f"{_PROBE}-2"):
                    self.drop(name)
        except NotDoneError as error:
            raise ChannelDownError(error.sentence, code=DOWN, next_step=_RIGHTS) from error

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def _read(self, name: str, start: int, end: int) -> bytes:
        with self.connection.asking(f"{name} cannot be read"):
            return b"".join(self.connection.client.blocks(self._at(name.encode()), start, end))

    def _free(self, folder: bytes, raw: bytes) -> bytes:
        """A name that nothing has there: the file's own, else with a number."""
        for number in range(1, 1000):
            name = raw if number == 1 else b"%b.%d" % (raw, number)
            try:
                with self.connection.asking(f"{escaped(name)} cannot be looked at"):
                    self.connection.client.lstat(_joined(folder, name))
            except MissingError:
                return name
        return raw

    def _no_folder(self, error: NotDoneError) -> ChannelDownError:
        return ChannelDownError(error.sentence, code=DOWN, next_step=_FOLDER)

    def _at(self, raw: bytes) -> bytes:
        return _joined(self.path.encode(), raw)


_FOLDER = "Compare 'path' in the partner file with what the partner told you; else ask whether our user may look there."
_RIGHTS = "Ask the partner to let our user write, rename and remove files in that folder."


def _joined(folder: bytes, name: bytes) -> bytes:
    return folder.rstrip(b"/") + b"/" + name


def opened(
    server: Server, patterns: tuple[str, ...] = (), passed: Passed = lambda _step: None, *, renamed: bool = True
) -> SftpRemote:
    """A connection to the folder of a channel; raises as ``connect`` does."""
    return SftpRemote(connect(server, passed), server.path, patterns, renamed)
