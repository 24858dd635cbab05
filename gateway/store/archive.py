"""Raw files by the SHA-256 of their bytes: written once, on disk before anything depends on them, never changed."""

import hashlib
import io
import os
import time
import uuid
from pathlib import Path
from typing import BinaryIO

from gateway.kernel.errors import StoreError
from gateway.kernel.ids import Sha256

CHUNK = 1 << 18
JUST_NOW = 3600.0
"""Seconds for which a file that was brought is not removed: its receipt may not be written yet."""


class FileArchive:
    """A folder of files named by their hash, in sub-folders by its first two digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> Sha256:
        """Keep these bytes; on return they are on disk. Known bytes are not written again."""
        keeping = self.keeping()
        name, _ = keeping.take(io.BytesIO(content))
        keeping.secure()
        return name

    def keeping(self) -> "Keeping":
        """Keep several files together: they are on disk once ``secure`` was asked."""
        return Keeping(self._folder)

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
        aside = path.with_name(f".{sha256}")
        try:
            path.rename(aside)
            if time.time() - aside.stat().st_mtime < JUST_NOW:
                aside.rename(path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return True
        return True

    def _open(self, sha256: Sha256) -> BinaryIO:
        try:
            return _path(self._folder, sha256).open("rb")
        except OSError as error:
            raise StoreError(f"The archive has no readable file {sha256}: {error.strerror}.") from error


class Keeping:
    """Files that are put into the archive together: each folder is brought to disk once, for all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._touched: set[Path] = set()

    def take(self, source: BinaryIO) -> tuple[Sha256, int]:
        """Copy one file piece by piece; its hash and its size."""
        first = source.read(CHUNK)
        if len(first) < CHUNK:
            name = Sha256(hashlib.sha256(first).hexdigest())
            target = _path(self._folder, name)
            if _touched(target):  # its folder may not be on disk yet: whoever wrote it was not done, or is another
                self._touched.add(target.parent)
                return name, len(first)
        _make_folders(self._folder)
        part = self._folder / f".{uuid.uuid4().hex}"
        try:
            name, size = _copied(first, source, part)
            target = _path(self._folder, name)
            _make_folders(target.parent)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        self._touched.add(target.parent)
        return name, size

    def secure(self) -> None:
        """On return everything that was taken outlives a power cut."""
        for folder in sorted(self._touched):
            _sync(folder)
        self._touched.clear()


def _touched(target: Path) -> bool:
    """Whether a file is there; it counts as brought just now."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _copied(first: bytes, source: BinaryIO, target: Path) -> tuple[Sha256, int]:
    digest, size, piece = hashlib.sha256(), 0, first
    with target.open("xb") as handle:
        while piece:
            handle.write(piece)
            digest.update(piece)
            size += len(piece)
            piece = source.read(CHUNK)
        handle.flush()
        os.fsync(handle.fileno())
    return Sha256(digest.hexdigest()), size


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


def _make_folders(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        _sync(each.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
