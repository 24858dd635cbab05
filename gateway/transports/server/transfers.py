"""Files on their way: hidden until they are whole and on disk, and the same one until they were fetched."""

import hashlib
import os
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gateway.files.disk import BLOCK, Folder, Look
from gateway.files.names import escaped
from gateway.transports.server.faults import SftpError
from gateway.transports.server.limits import Room

UPLOAD = ".upload-"
"""What the names of files begin with that are being put; no scan looks at them."""
ANY_SIZE = 1 << 62
_MARK = 8
_MOST_GAPS = 1_000


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a client is told of a file or folder."""

    is_folder: bool
    size: int
    modified: int
    writable: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of a partner; ``room`` is what an inbox may hold, an outbox has none."""

    path: Path
    room: Room | None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_inbox(self) -> bool:
        """Whether files are put here."""
        return self.room is not None


def put_here() -> str:
    """What the names of files begin with that are being put at this machine; of one machine, one process takes files."""
    return f"{UPLOAD}{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:_MARK]}-"


class Upload:
    """A file that is being put."""

    def __init__(self, name: bytes, room: Room, lock: threading.Lock, folder: Folder) -> None:
        self.name, self._room, self._lock, self._folder = name, room, lock, folder
        self._temporary = f"{put_here()}{uuid.uuid4().hex}".encode()
        self._room.begin(self._temporary, folder)
        try:
            self._descriptor = folder.create(self._temporary)
        except OSError:
            self._room.end(self._temporary)
            raise
        self.size = 0
        self._written: list[tuple[int, int]] = []
        self._spoilt = ""

    def attributes(self) -> Attributes:
        """What it is so far."""
        return Attributes(is_folder=False, size=self.size, modified=int(time.time()), writable=True)

    def write(self, offset: int, data: bytes) -> None:
        """One piece of it, in any order; a piece that could not be written spoils the file."""
        end = offset + len(data)
        try:
            self._room.grow(self._temporary, end, self._folder)
            self._folder.write_at(self._descriptor, self._temporary, data, offset)
            self._note(offset, end)
        except (SftpError, OSError):
            self._spoilt = "a part of the file could not be written"
            raise
        self.size = max(self.size, end)

    def finish(self) -> None:
        """The client closed it: it gets its name. Raises SftpError, and then nothing of it is left."""
        try:
            if self._written != ([(0, self.size)] if self.size else []):
                self._spoilt = self._spoilt or "a part of the file was never sent"
            if self._spoilt:
                raise SftpError(f"{self._spoilt}; send it again")
            self._folder.sync_file(self._descriptor, self._temporary)
            with self._lock:
                self._name_it()
            self._folder.sync()
        finally:
            self._end()

    def drop(self) -> None:
        """The client did not close it: nothing of it is left."""
        self._end()

    def _name_it(self) -> None:
        there = self._folder.look(self.name)
        if there is None:
            rename = partial(self._folder.rename, self._temporary, self._folder, self.name)
            self._room.name(self._temporary, rename)
        elif not self._is_same(there):
            raise SftpError(
                f"{escaped(self.name)} lies there with other content and was not read yet; use another name"
            )

    def _is_same(self, there: Look) -> bool:
        """Whether the file of that name is this one, put before by a client that heard no answer."""
        if there.fault(ANY_SIZE) or there.size != self.size:
            return False
        with (
            self._folder.open_regular(self.name, ANY_SIZE) as known,
            self._folder.open_regular(self._temporary, ANY_SIZE) as new,
        ):
            while block := new.read(BLOCK):
                if known.read(len(block)) != block:
                    return False
            return not known.read(1)

    def _end(self) -> None:
        os.close(self._descriptor)
        try:
            self._folder.unlink(self._temporary)
        finally:
            self._folder.close()
            self._room.end(self._temporary)

    def _note(self, start: int, end: int) -> None:
        """What was written: a list of pieces that do not touch."""
        if self._written and self._written[-1][1] == start:
            self._written[-1] = (self._written[-1][0], end)
            if len(self._written) == 1:
                return
        elif start < end:
            self._written.append((start, end))
        merged: list[tuple[int, int]] = []
        for each in sorted(self._written):
            if merged and each[0] <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], each[1]))
            else:
                merged.append(each)
        self._written = merged
        if len(merged) > _MOST_GAPS:
            raise SftpError("the pieces of the file come too much out of order")


class Download:
    """A file that is being fetched: it stays the same one whatever becomes of its name."""

    def __init__(self, name: bytes, folder: Folder) -> None:
        self.name = name
        self._file = folder.open_regular(name, ANY_SIZE)
        self.sent = 0

    def attributes(self) -> Attributes:
        """What it is."""
        status = os.fstat(self._file.fileno())
        return Attributes(is_folder=False, size=status.st_size, modified=int(status.st_mtime), writable=False)

    def read(self, offset: int, length: int) -> bytes:
        """One piece of it; none behind its end."""
        found = os.pread(self._file.fileno(), length, offset)
        self.sent = max(self.sent, offset + len(found))
        return found

    def close(self) -> None:
        """Let go of it."""
        self._file.close()
