"""Folders files leave through: written where nobody looks, then given their name in one rename."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.files.disk import Disk, Folder, UnfitFileError
from gateway.kernel.errors import ChannelDownError, NameTakenError, TransportError
from gateway.kernel.ids import DispatchId
from gateway.transports.claims import CLAIM_PREFIX

_OF_THE_FILE = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EISDIR})
"""Faults that another file would not meet."""


@dataclass(slots=True)
class DirectoryOutlet:
    """A folder files leave through for one batch; ``work`` is ours, staged files wait there.

    ``at_home`` says whether both are on one file system, once that was looked at.
    """

    target: Path
    work: Path
    disk: Disk = field(default=Disk())
    at_home: bool | None = None

    def stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:
        """Write the bytes where nobody looks, as a new file; what was staged before, or half of it, is taken away.

        They outlive a power cut for sure once ``secure`` was asked.
        """
        with self._guarded():
            self._stage(dispatch, name, content)

    def is_staged(self, dispatch: DispatchId, name: str) -> bool:
        """Whether the bytes still wait to be handed over; raises ChannelDownError when the folder is away."""
        with self._guarded():
            with self._staging() as folder:
                found = folder.look(self._staged(dispatch, name))
            if found is None:  # a folder that is away, a disk of its own perhaps, has not got anything
                self.disk.folder(self.target, follow=True).close()
        return found is not None and found.kind == "file"

    def publish(self, dispatch: DispatchId, name: str) -> None:
        """Give the file its name in one rename; raises NameTakenError when another one lies there under that name."""
        with self._guarded():
            self._publish(dispatch, name)

    def is_unseen(self, dispatch: DispatchId, name: str) -> bool:
        """Whether the file still waits under a name of ours; raises as ``is_staged`` does."""
        return self.is_staged(dispatch, name)

    def withdraw(self, dispatch: DispatchId, name: str) -> None:
        """Take what was staged away."""
        with self._guarded(), self._staging() as folder:
            folder.unlink(self._staged(dispatch, name))

    def secure(self) -> None:
        """What was staged and published so far outlives a power cut: both folders are on disk on return."""
        with self._guarded():
            self._secure()

    def close(self) -> None:
        """A folder is not held open."""

    def _stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:
        if self.at_home is None:
            for path in (self.target, self.work):
                self.disk.folder(path, make=True, follow=True).close()
        staged = self._staged(dispatch, name)
        with self._staging() as folder:
            folder.unlink(staged)
            folder.write_new(staged, content)

    def _publish(self, dispatch: DispatchId, name: str) -> None:
        staged = self._staged(dispatch, name)
        with self._staging() as here, self.disk.folder(self.target, follow=True) as there:
            if there.look(name) is not None and not _same(here, staged, there, name):
                raise NameTakenError(
                    f"{name} in {self.target} exists with other content; it is not overwritten.", code="D-NAME-TAKEN",
                    next_step="Ask the partner to remove or rename it.",
                )  # fmt: skip
            here.rename(staged, there, name)

    def _secure(self) -> None:
        with self.disk.folder(self.target, follow=True) as folder:
            folder.sync()
        if self._is_at_home():
            with self.disk.folder(self.work, follow=True) as folder:
                folder.sync()

    def _staging(self) -> Folder:
        return self.disk.folder(self.work if self._is_at_home() else self.target, follow=True)

    def _staged(self, dispatch: DispatchId, name: str) -> str:
        return f"out-{dispatch}" if self._is_at_home() else f"{CLAIM_PREFIX}{dispatch}-{name}"

    def _is_at_home(self) -> bool:
        if self.at_home is None:
            place = next(each for each in (self.target, *self.target.parents) if each.exists())
            self.at_home = place.stat().st_dev == self.work.stat().st_dev
        return self.at_home

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            kind = TransportError if error.errno in _OF_THE_FILE else ChannelDownError
            no_folder = error.errno in (errno.EEXIST, errno.ENOTDIR)
            why = "a file stands where the folder belongs" if no_folder else error.strerror
            raise kind(
                f"{self.target} cannot be written: {why}.",
                next_step="Look at the disk and the rights of the folder.",
            ) from error


def _same(here: Folder, staged: str, there: Folder, name: str) -> bool:
    """Whether what lies there under the name is what we are about to put there."""
    ours = here.look(staged)
    if ours is None:
        raise FileNotFoundError(errno.ENOENT, "what was staged is gone", staged)
    try:
        with there.open_regular(name, ours.size) as theirs, here.open_regular(staged, ours.size) as file:
            return theirs.read() == file.read()
    except UnfitFileError:
        return False
