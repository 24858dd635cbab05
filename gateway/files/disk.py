"""The one place where files of partners and of ours are opened, written, renamed and removed: relative to folders held open.

A name is one name in one folder, never a path; whatever is put in its place between two looks is not followed. Nothing is
ever written over: what a failed write or sync leaves behind is taken away, and the caller begins again under a new name.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, Self

from gateway.files.names import escaped
from gateway.kernel.errors import TransportError

Name = str | bytes
Watch = Callable[[str, str], None]
"""Asked before each operation, with the path it is about, two joined by NUL for a rename; what it raises, the operation raises."""
Kind = Literal["file", "link", "folder", "other"]
OPERATIONS = ("folder", "list", "look", "open", "create", "write", "fsync", "rename", "unlink")
"""The operations a ``Watch`` is asked about."""
BLOCK = 1 << 20
"""So many bytes are read and written at a time."""
_MODE = 0o640
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_STEP = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""On the way to a folder: it need not be readable, only passable."""
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_KINDS: dict[Kind, str] = {
    "file": "an ordinary file", "link": "a link", "folder": "a folder", "other": "no ordinary file"
}  # fmt: skip


class Readable(Protocol):
    """What gives bytes piece by piece, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        ...


class UnfitFileError(TransportError):
    """What lies there is not to be read: no ordinary file, or one that has a second name, or too large a one."""


class SyncError(OSError):
    """The disk did not take what was written; it may be gone, and asking again would get a false yes (reliability F-05)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one entry of a folder is, not following links."""

    name: bytes
    kind: Kind
    size: int
    modified: int
    inode: int
    device: int
    links: int

    @property
    def shown(self) -> str:
        """Its name as text; see ``names.escaped``."""
        return escaped(self.name)

    @property
    def signature(self) -> str:
        """What changes when the content does: size, time of change in nanoseconds, inode."""
        return f"{self.size}:{self.modified}:{self.inode}"

    def fault(self, limit: int) -> str:
        """Why its bytes are not to be read, in words behind the name; empty when they are."""
        if self.kind != "file":
            return f"is {_KINDS[self.kind]}; only ordinary files are taken"
        if self.links != 1:
            return f"has {self.links} names (hard links); only a file with one name is taken"
        return f"has {self.size} bytes; at most {limit} are taken" if self.size > limit else ""


def nobody(_operation: str, _path: str) -> None:
    """The watch of everyday."""


@dataclass(frozen=True, slots=True)
class Disk:
    """One for each process; ``watch`` sees each operation before it is done."""

    watch: Watch = nobody

    def folder(self, path: Path, *, make: bool = False, follow: bool = False) -> "Folder":
        """A folder held open until ``close``; a link in its place is refused unless ``follow``. Raises OSError.

        ``make`` makes it, and what is above it, where it is not there.
        """
        self.watch("folder", str(path))
        if make:
            path.mkdir(parents=True, exist_ok=True)
        return Folder(os.open(path, _FOLDER if follow else _FOLDER | os.O_NOFOLLOW), str(path), self.watch)

    def at(self, real: str) -> "Folder":
        """A folder by its path without links, held open; reached step by step, so that a link anywhere on it is refused.

        Raises OSError.
        """
        self.watch("folder", real)
        step = os.open("/", _STEP)
        try:
            for name in Path(real).parts[1:]:
                inner = os.open(name, _STEP, dir_fd=step)
                os.close(step)
                step = inner
            return Folder(os.open(".", _FOLDER, dir_fd=step), real, self.watch)
        finally:
            os.close(step)


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder held open: it stays the same one whatever its path leads to meanwhile."""

    descriptor: int
    path: str
    watch: Watch

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it; once."""
        os.close(self.descriptor)

    def inner(self, name: Name, *, make: bool = False) -> "Folder":
        """A folder in this one; never through a link. Raises OSError."""
        own = _one(name)
        self.watch("folder", self.path_of(own))
        if make:
            with suppress(FileExistsError):
                os.mkdir(own, dir_fd=self.descriptor)
        found = os.open(own, _FOLDER | os.O_NOFOLLOW, dir_fd=self.descriptor)
        return Folder(found, self.path_of(own), self.watch)

    def entries(self) -> Iterator[Look]:
        """What lies in it, in no order; what vanishes meanwhile is left out. Raises OSError."""
        self.watch("list", self.path)
        listing = os.open(".", _FOLDER, dir_fd=self.descriptor)  # of its own: two may list at the same time
        try:
            names = [os.fsencode(each) for each in os.listdir(listing)]  # noqa: PTH208 - of a descriptor
        finally:
            os.close(listing)
        for name in names:
            found = self.look(name)
            if found is not None:
                yield found

    def look(self, name: Name) -> Look | None:
        """What one entry is, not following links; None when it is not there. Raises OSError."""
        own = _one(name)
        self.watch("look", self.path_of(own))
        try:
            return _look(own, os.stat(own, dir_fd=self.descriptor, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def open_regular(self, name: Name, limit: int) -> BinaryIO:
        """The bytes of an ordinary file that has this one name and at most ``limit`` bytes; it never waits for a sender.

        Raises UnfitFileError when it is anything else, FileNotFoundError when it is gone, OSError for the disk.
        """
        own = _one(name)
        seen = self.look(own)
        if seen is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.path_of(own))
        self._refuse_unfit(seen, limit)  # before it is opened: to open a device may already do something
        self.watch("open", self.path_of(own))
        try:
            descriptor = os.open(own, _READ, dir_fd=self.descriptor)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # it became a link or a socket since
                raise _unfit(own, f"is {_KINDS['link' if error.errno == errno.ELOOP else 'other']}") from error
            raise
        try:
            self._refuse_unfit(_look(own, os.fstat(descriptor)), limit)
        except UnfitFileError:
            os.close(descriptor)
            raise
        return os.fdopen(descriptor, "rb")

    def write_new(self, name: Name, content: bytes | Readable) -> int:
        """Write a file that is not there yet, all of it, and have it on disk; gives its size. ``sync`` makes its name last.

        Raises FileExistsError, SyncError, or OSError for a disk that is full or broken. Whatever fails, nothing is left
        under the name as far as the disk lets us take it away; a failed sync is final: write again under another name.
        """
        own = _one(name)
        self.watch("create", self.path_of(own))
        descriptor = os.open(own, _NEW, _MODE, dir_fd=self.descriptor)
        try:
            try:
                written = self._write(descriptor, own, content)
                self._fsync(descriptor, self.path_of(own))
            finally:
                os.close(descriptor)
        except Exception:
            self._take_away(own)
            raise
        return written

    def create(self, name: Name) -> int:
        """A file that is not there yet, open for writing piece by piece; the descriptor is the caller's, who closes it.

        Raises FileExistsError, or OSError for the disk.
        """
        own = _one(name)
        self.watch("create", self.path_of(own))
        return os.open(own, _NEW, _MODE, dir_fd=self.descriptor)

    def write_at(self, descriptor: int, name: Name, content: bytes, offset: int) -> None:
        """Write all of a piece into such a file. Raises OSError."""
        left = memoryview(content)
        while left:
            self.watch("write", self.path_of(name))
            count = os.pwrite(descriptor, left, offset)
            offset, left = offset + count, left[count:]

    def sync_file(self, descriptor: int, name: Name) -> None:
        """What was written into such a file outlives a power cut. Raises SyncError, which is final."""
        self._fsync(descriptor, self.path_of(name))

    def rename(self, name: Name, to: "Folder", new: Name) -> None:
        """Give a file another name, here or in another folder of the same file system; one of that name is replaced.

        Raises OSError, with EXDEV where the other folder is on another file system. ``sync`` of both makes it last.
        """
        own, other = _one(name), _one(new)
        self.watch("rename", f"{self.path_of(own)}\0{to.path_of(other)}")
        os.rename(own, other, src_dir_fd=self.descriptor, dst_dir_fd=to.descriptor)

    def unlink(self, name: Name) -> bool:
        """Remove a name; whether it was there. Raises OSError."""
        own = _one(name)
        self.watch("unlink", self.path_of(own))
        try:
            os.unlink(own, dir_fd=self.descriptor)
        except FileNotFoundError:
            return False
        return True

    def sync(self) -> None:
        """Names given, changed and removed so far outlive a power cut. Raises SyncError, which is final."""
        self._fsync(self.descriptor, self.path)

    def _write(self, descriptor: int, name: bytes, content: bytes | Readable) -> int:
        """Write in blocks, each of them watched."""
        written = 0
        for block in _blocks(content):
            left = memoryview(block)
            while left:
                self.watch("write", self.path_of(name))
                count = os.write(descriptor, left)
                written, left = written + count, left[count:]
        return written

    def _fsync(self, descriptor: int, path: str) -> None:
        try:
            self.watch("fsync", path)
            os.fsync(descriptor)
        except OSError as error:
            raise SyncError(error.errno, error.strerror, path) from error

    def _take_away(self, name: bytes) -> None:
        """Remove what a failed write began; a disk that refuses that too has said enough."""
        try:
            self.unlink(name)
        except OSError:
            return

    def _refuse_unfit(self, seen: Look, limit: int) -> None:
        if fault := seen.fault(limit):
            raise _unfit(seen.name, fault)

    def path_of(self, name: Name) -> str:
        """Where an entry is said to be, for a ``Watch`` and for people; never to be opened."""
        return f"{self.path}/{os.fsdecode(name)}"


def _one(name: Name) -> bytes:
    """One name; raises ValueError for what is a path or means a folder."""
    own = os.fsencode(name)
    if own in (b"", b".", b"..") or b"/" in own or b"\0" in own:
        raise ValueError(f"'{escaped(own)}' is not the name of a file")
    return own


def _blocks(content: bytes | Readable) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while block := content.read(BLOCK):
        yield block


def _look(name: bytes, status: os.stat_result) -> Look:
    mode = status.st_mode
    kind: Kind = (
        "file" if stat.S_ISREG(mode) else "link" if stat.S_ISLNK(mode) else "folder" if stat.S_ISDIR(mode) else "other"
    )
    return Look(
        name, kind, status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev, status.st_nlink
    )  # fmt: skip


def _unfit(name: bytes, fault: str) -> UnfitFileError:
    return UnfitFileError(f"{escaped(name)} {fault}.", next_step="Ask the sender for an ordinary file.")
