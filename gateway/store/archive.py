"""Raw files by the SHA-256 of their bytes: written once, on disk before anything depends on them, never changed."""

import hashlib
import os
import uuid
from pathlib import Path

from gateway.kernel.errors import StoreError
from gateway.kernel.ids import Sha256


class FileArchive:
    """A folder of files named by their hash, in sub-folders by its first two digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> Sha256:
        """Keep these bytes; on return they are on disk. Known bytes are not written again."""
        name = Sha256(hashlib.sha256(content).hexdigest())
        target = self._path(name)
        if target.exists():
            return name
        _make_folders(target.parent)
        part = target.with_name(f".{name}.{uuid.uuid4().hex}")
        with part.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        part.rename(target)
        _sync(target.parent)
        return name

    def get(self, sha256: Sha256) -> bytes:
        """The bytes of a hash; raises StoreError when they are missing or not what they were."""
        path = self._path(sha256)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StoreError(f"The archive has no readable file {sha256}: {error.strerror}.") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreError(
                f"The archived file {sha256} was changed after it was written.", next_step="Restore it from a backup."
            )
        return content

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


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
