"""One folder on a server of a partner: what lies there is listed, fetched and removed; files are put, checked and renamed."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from gateway.exchange.remote import RemoteListing, RemoteLook, Renamed
from gateway.files.names import escaped
from gateway.kernel.errors import ChannelDownError
from gateway.transports.sftp.client import MOST_NAMES
from gateway.transports.sftp.connection import (  # fmt: skip
    DOWN,
    Connection,
    MissingError,
    NotDoneError,
    Passed,
    Stopping,
    connect,
    never,
)
from gateway.transports.sftp.listing import Wanted, look_at, marker_of, sorted_out
from gateway.transports.sftp.server import Server

COMPARED = 32768
"""Bytes before the place where a put goes on that must be ours."""
MOST_COMPARED = 10_000_000
"""A larger file that has our name is not compared with ours, but counted."""
_PROBE = ".gateway-probe"
NOTHING = Wanted()
"""Of whoever only puts files."""


@dataclass(slots=True)
class SftpRemote:
    """A folder on a server, over one connection.

    Raises ChannelDownError when the connection or the folder cannot be used, NotDoneError for what is of one file only.
    """

    connection: Connection
    path: str
    wanted: Wanted = NOTHING

    def listing(self) -> RemoteListing:
        """What lies there now."""
        try:
            with self.connection.asking(f"The folder {self.path} cannot be listed"):
                entries = self.connection.client.entries(self.path.encode())
                found = sorted_out(entries, self.wanted)
        except NotDoneError as error:
            raise self._no_folder(error) from error
        found.is_whole = len(found.names) < MOST_NAMES
        return found

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
        """Remove a file, its marker first: one that is left behind would be told. What is gone already is no fault."""
        for each in (*self._marker(look), look):
            with suppress(MissingError), self.connection.asking(f"{look.name} was taken, but cannot be removed"):
                self.connection.client.remove(self._at(each.raw_name))

    def move(self, look: RemoteLook, to: str) -> None:
        """Move a file into another folder, its marker first; the folder is made when it is not there.

        Nothing that lies there is written over.
        """
        for each in (*self._marker(look), look):
            self._move(each, to)

    def _marker(self, look: RemoteLook) -> list[RemoteLook]:
        """The marker of a file, if there is one."""
        if self.wanted.markers is None:
            return []
        name = marker_of(look, self.wanted.markers)
        marker = self.look(RemoteLook(escaped(name), os.fsencode(name), 0, 0))
        return [] if marker is None else [marker]

    def _move(self, look: RemoteLook, to: str) -> None:
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
        return size if self._seen(temporary, at, size) == content[at:size] else 0

    def holds(self, name: str, content: bytes) -> bool:
        """Whether the file of a name has these bytes; a large one is only counted."""
        if self.size(name) != len(content):
            return False
        return len(content) > MOST_COMPARED or self._seen(name, 0, len(content)) == content

    def same(self, one: str, other: str) -> bool:
        """Whether two files have the same bytes; large ones are only counted."""
        size = self.size(one)
        if size is None or size != self.size(other):
            return False
        if size > MOST_COMPARED:
            return True
        known = self._seen(one, 0, size)
        return known is not None and known == self._seen(other, 0, size)

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

    def _seen(self, name: str, start: int, end: int) -> bytes | None:
        """Bytes of a file of ours; None where the server gives back nothing that was put there."""
        with suppress(NotDoneError), self.connection.asking(f"{name} cannot be read"):
            return b"".join(self.connection.client.blocks(self._at(name.encode()), start, end))
        return None

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
    server: Server, wanted: Wanted = NOTHING, passed: Passed = lambda _step: None, *, stopping: Stopping = never
) -> SftpRemote:
    """A connection to the folder of a channel; raises as ``connect`` does."""
    return SftpRemote(connect(server, passed, stopping), server.path, wanted)
