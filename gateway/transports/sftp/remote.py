"""One folder on a server of a partner: what lies there is listed, fetched and removed; files are put, checked and renamed."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from gateway.exchange.remote import RemoteListing, RemoteLook, Renamed
from gateway.files.names import escaped
from gateway.kernel.errors import ChannelDownError
from gateway.transports.sftp.client import AT_ONCE, BLOCK, MOST_NAMES
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
DOUBTFUL = AT_ONCE * BLOCK
"""So many bytes at the end of a put that failed may have holes: of what was on its way, some may have arrived and some not."""
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
        """The file as it looks now; None when there is none, or no ordinary one, of that name in the folder."""
        try:
            with self.connection.asking(f"{look.name} cannot be looked at"):
                found = self.connection.client.lstat(self._at(look.raw_name))
        except MissingError:
            self.secure()
            return None
        return look_at(look.raw_name, found) if stat.S_ISREG(found.st_mode or 0) else None

    def fetch(self, look: RemoteLook, to: BinaryIO, *, start: int = 0) -> None:
        """Read a file from a byte on, as far as it had bytes when it was looked at."""
        to.writelines(self._blocks(look.raw_name, start, look.size, f"{look.name} cannot be fetched"))

    def remove(self, look: RemoteLook) -> None:
        """Remove a file, its marker first: one that is left behind would be told. What is gone already is no fault."""
        for each in (*self._marker(look), look):
            try:
                with self.connection.asking(f"{look.name} was taken, but cannot be removed"):
                    self.connection.client.remove(self._at(each.raw_name))
            except MissingError:
                self.secure()

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

    def names(self, beginning: str) -> list[str]:
        """The names in the folder that begin so."""
        begins, found = beginning.encode(), list[str]()
        with self.connection.asking(f"The folder {self.path} cannot be listed"):
            for raw, _ in self.connection.client.entries(self.path.encode()):
                with suppress(UnicodeDecodeError):
                    found += [raw.decode()] if raw.startswith(begins) else []
        return found

    def size(self, name: str) -> int | None:
        """How many bytes a file has; None where there is none."""
        try:
            with self.connection.asking(f"{name} cannot be looked at"):
                return self.connection.client.lstat(self._at(name.encode())).st_size or 0
        except MissingError:
            return None

    def begun(self, temporary: str, content: bytes) -> int:
        """How many bytes of a file that was begun before are surely there and ours; 0 where it is to be written anew."""
        size = self.size(temporary)
        if not size or size > len(content):
            return 0
        end = max(0, size - DOUBTFUL)
        start = max(0, end - COMPARED)
        return end if end and self._digest(temporary, start, end) == _digest([content[start:end]]) else 0

    def holds(self, name: str, content: bytes) -> bool:
        """Whether the file of a name has these bytes."""
        size = self.size(name)
        return size == len(content) and self._digest(name, 0, size) == _digest([content])

    def same(self, one: str, other: str) -> bool:
        """Whether two files have the same bytes."""
        size = self.size(one)
        if size is None or size != self.size(other):
            return False
        known = self._digest(one, 0, size)
        return known is not None and known == self._digest(other, 0, size)

    def secure(self) -> None:
        """Raise ChannelDownError where the folder is away: what lay in it was taken by nobody."""
        try:
            with self.connection.asking(f"The folder {self.path} cannot be looked at"):
                found = self.connection.client.stat(self.path.encode())
        except NotDoneError as error:
            raise self._no_folder(error) from error
        if not stat.S_ISDIR(found.st_mode or 0):
            raise ChannelDownError(
                f"{self.path} on {self.connection.server.shown} is no folder.", code=DOWN, next_step=_FOLDER
            )

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
            if self.size(name) is not None:
                return Renamed.PLAIN
            self.secure()
            return Renamed.UNSURE
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

    def _digest(self, name: str, start: int, end: int) -> str | None:
        """What tells bytes of a file from others; None where the server gives back nothing that was put there."""
        try:
            return _digest(self._blocks(name.encode(), start, end, f"{name} cannot be read"))
        except NotDoneError:
            return None

    def _blocks(self, raw: bytes, start: int, end: int, what: str) -> Iterator[bytes]:
        blocks = self.connection.client.blocks(self._at(raw), start, end)
        while True:
            with self.connection.asking(what):
                block = next(blocks, None)
            if block is None:
                return
            yield block

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


def _digest(blocks: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for each in blocks:
        found.update(each)
    return found.hexdigest()


def _joined(folder: bytes, name: bytes) -> bytes:
    return folder.rstrip(b"/") + b"/" + name


def opened(
    server: Server, wanted: Wanted = NOTHING, passed: Passed = lambda _step: None, *, stopping: Stopping = never
) -> SftpRemote:
    """A connection to the folder of a channel; raises as ``connect`` does."""
    return SftpRemote(connect(server, passed, stopping), server.path, wanted)
