"""Raw files by the SHA-256 of their bytes: written once, on disk before anything depends on them, never changed."""

import hashlib
import io
import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gateway.files.disk import Disk, Folder, SyncError
from gateway.kernel.errors import DiskError, StoreError, TransportError
from gateway.kernel.ids import Sha256

CHUNK = 1 << 18
JUST_NOW = 3600.0
"""Seconds for which a file that was brought is not removed: its receipt may not be written yet."""
UNFINISHED = 86_400.0
"""Seconds after which nobody is at a file any more that has no name of its own yet."""
_PART, _ASIDE = re.compile(r"\.[0-9a-f]{32}"), re.compile(r"\.([0-9a-f]{64})")
"""What the archive calls a file that is being written, and one that is being removed."""


class FileArchive:
    """A folder of files named by their hash, in sub-folders by its first two digits."""

    def __init__(self, folder: Path, disk: Disk = Disk()) -> None:  # noqa: B008 - frozen
        self._folder = folder
        self._disk = disk
        self._doubtful: set[Path] = set()

    def put(self, content: bytes) -> Sha256:
        """Keep these bytes; on return they are on disk. Known bytes are not written again."""
        keeping = self.keeping()
        name, _ = keeping.take(io.BytesIO(content))
        keeping.secure()
        return name

    def keeping(self) -> "Keeping":
        """Keep several files together: they are on disk once ``secure`` was asked."""
        return Keeping(self._folder, self._disk, self._doubtful)

    def get(self, sha256: Sha256) -> bytes:
        """The bytes of a hash; raises StoreError when they are missing or not what they were."""
        with self._open(sha256) as file:
            content = file.read()
        _unchanged(sha256, hashlib.sha256(content).hexdigest(), sha256)
        return content

    def head(self, sha256: Sha256) -> bytes:
        """The first bytes of a file, enough to see what it is; whether it was changed is not looked at."""
        with self._open(sha256) as file:
            return file.read(CHUNK)

    def opened(self, sha256: Sha256) -> BinaryIO:
        """The file of a hash, at its start and found to be what it was; raises StoreError when it is not.

        However large it is, no more than a piece of it is in memory at once.
        """
        file = self._open(sha256)
        try:
            _unchanged(sha256, _digest(file), sha256)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def part(self, sha256: Sha256, start: int, end: int, digest: str) -> bytes:
        """The bytes from ``start`` to ``end`` of a file, found to have this ``digest``; the rest is not read."""
        with self._open(sha256) as file:
            file.seek(start)
            content = file.read(end - start)
        _unchanged(sha256, hashlib.sha256(content).hexdigest(), digest)
        return content

    def remove(self, sha256: Sha256) -> bool:
        """Remove a file that nobody needs; False when the same bytes came again just now.

        Whoever brings bytes that are known touches the file, so that it is never taken away under a new receipt.
        """
        path = _path(self._folder, sha256)
        aside = self._folder / f".{sha256}"
        try:
            path.rename(aside)
            if time.time() - aside.stat().st_mtime < JUST_NOW:
                aside.rename(path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return True
        return True

    def clear_unfinished(self) -> int:
        """Bring to an end what a killed process had begun more than a day ago; how many files that were.

        What was being written is removed, for whoever brought it brings it again; what was being removed is put back,
        for it may have been brought again. A file that somebody is at was changed since.
        """
        done = 0
        with suppress(OSError), os.scandir(self._folder) as entries:
            for each in entries:
                aside = _ASIDE.fullmatch(each.name)
                if aside is None and _PART.fullmatch(each.name) is None:
                    continue
                with suppress(OSError):
                    said = each.stat(follow_symlinks=False)
                    if time.time() - max(said.st_mtime, said.st_ctime) < UNFINISHED:
                        continue
                    if aside is not None:
                        _put_back(Path(each.path), _path(self._folder, aside[1]))
                    else:
                        Path(each.path).unlink()
                    done += 1
        return done

    def _open(self, sha256: Sha256) -> BinaryIO:
        try:
            return _path(self._folder, sha256).open("rb")
        except OSError as error:
            raise StoreError(
                f"The archive has no readable file {sha256}: {error.strerror}.",
                next_step="Bring var/archive back from a backup; a file of it is never changed, so that any later one will do.",
            ) from error


class Keeping:
    """Files that are put into the archive together: each folder is brought to disk once, for all of them."""

    def __init__(self, folder: Path, disk: Disk, doubtful: set[Path]) -> None:
        self._folder = folder
        self._disk = disk
        self._doubtful = doubtful
        self._touched: set[Path] = set()

    def take(self, source: BinaryIO) -> tuple[Sha256, int]:
        """Copy one file piece by piece; its hash and its size.

        Raises DiskError when the archive cannot be written, and TransportError when the file cannot be read.
        """
        reading = _Reading(source)
        first = reading.begin()
        if len(first) < CHUNK:
            name = Sha256(hashlib.sha256(first).hexdigest())
            target = _path(self._folder, name)
            # its folder may not be on disk yet: whoever wrote it was not done, or is another
            if target.parent not in self._doubtful and _touched(target):
                self._touched.add(target.parent)
                return name, len(first)
        with _disk_trouble(self._folder):
            return self._written(reading)

    def _written(self, reading: "_Reading") -> tuple[Sha256, int]:
        part = f".{uuid.uuid4().hex}"
        with self._made(self._folder) as top:
            size = top.write_new(part, reading)
            try:
                name = Sha256(reading.digest.hexdigest())
                target = _path(self._folder, name)
                with self._made(target.parent) as inner:
                    top.rename(part, inner, name)
            except OSError:
                with suppress(OSError):
                    top.unlink(part)
                raise
        self._touched.add(target.parent)
        return name, size

    def secure(self) -> None:
        """On return everything that was taken outlives a power cut; raises DiskError when that is not sure."""
        for path in sorted(self._touched):
            with _disk_trouble(path), self._disk.folder(path, follow=True) as folder:
                try:
                    folder.sync()
                except SyncError:
                    self._doubtful.add(path)  # asked again it would say yes: what lies there is written anew
                    raise
        self._doubtful -= self._touched
        self._touched.clear()

    def _made(self, path: Path) -> Folder:
        """A folder of the archive, which is there after a power cut as well."""
        missing = [each for each in (path, *path.parents) if not each.exists()]
        if missing:
            self._disk.folder(path, make=True, follow=True).close()
            for each in missing:
                with self._disk.folder(each.parent, follow=True) as above:
                    above.sync()
        return self._disk.folder(path, follow=True)


def _put_back(aside: Path, path: Path) -> None:
    """Give a file its name again, unless the same bytes have it meanwhile."""
    if path.exists():
        aside.unlink()
    else:
        aside.rename(path)


def _touched(target: Path) -> bool:
    """Whether a file is there; it counts as brought just now."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


class _Reading:
    """A file that is read once; what went by is in the digest."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._begun: bytes | None = None
        self.digest = hashlib.sha256()

    def begin(self) -> bytes:
        """Its first bytes, which ``read`` gives again."""
        self._begun = self._more(CHUNK)
        return self._begun

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        piece = self._begun if self._begun is not None else self._more(size)
        self._begun = None
        self.digest.update(piece)
        return piece

    def _more(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            raise TransportError(f"It cannot be read: {error.strerror}.", code="F-UNREADABLE") from error


@contextmanager
def _disk_trouble(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"Nothing is taken: {path} cannot be written: {error.strerror}.",
            next_step="Look at the disk; it goes on by itself.",
        ) from error


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _unchanged(sha256: Sha256, found: str, wanted: str) -> None:
    if found != wanted:
        raise StoreError(
            f"The archived file {sha256} was changed after it was written.", next_step="Restore it from a backup."
        )


def _path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256
