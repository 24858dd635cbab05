"""Files that are ours now: each lies in the work folder under its claim, with a note that says whose it was."""

import errno
import json
import os
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from gateway.exchange.receipt import NOT_NOTED
from gateway.files.disk import Disk, Folder, Name
from gateway.files.names import escaped
from gateway.kernel.errors import DiskError, TransportError
from gateway.kernel.ids import ChannelKey, ClaimId, PartnerId

log = structlog.get_logger()

NOTE = ".json"
MARKER = ".marker"
CLAIM_PREFIX = ".gateway-"
"""Before the claim, where the file stays in its folder, which is on another file system than ours."""
ASIDE_PREFIX = ".refused-"
MOST_OF_NOTE = 1 << 26


@dataclass(frozen=True, slots=True)
class ClaimedFile:
    """A file that is ours now, with the note that says whose it was and what it was called, as it can be shown.

    ``noted`` are all the claims of the same note that are not released yet; ``limit`` is the most bytes it may have.
    """

    claim: ClaimId
    partner: PartnerId
    file_name: str
    path: Path
    note: Path
    noted: set[ClaimId] = field(default_factory=set, compare=False)
    channel: ChannelKey = NOT_NOTED
    limit: int = field(default=sys.maxsize, compare=False)
    disk: Disk = field(default=Disk(), compare=False)

    def open(self) -> BinaryIO:
        """Its bytes, from the first one on; whatever was put in its place meanwhile is not followed.

        Raises UnfitFileError when it is no ordinary file with one name, FileNotFoundError when it is gone, or OSError.
        """
        with self.disk.folder(self.path.parent, follow=True) as folder:
            return folder.open_regular(self.path.name, self.limit)

    def release(self) -> None:
        """Remove the work file, and the note with its last one: archive and receipt have it now; absent is fine."""
        with suppress(FileNotFoundError), self.disk.folder(self.path.parent, follow=True) as folder:
            folder.unlink(f"{self.path.name}{MARKER}")  # first: a marker whose file is gone would be given back
            folder.unlink(self.path.name)
        self.noted.discard(self.claim)
        if not self.noted:
            with suppress(FileNotFoundError), self.disk.folder(self.note.parent, follow=True) as folder:
                folder.unlink(self.note.name)

    def put_aside(self, refused: Path) -> None:
        """Keep what is not fit to be read in a folder of ours; on another file system it is hidden where it lies."""
        with (
            self.disk.folder(self.path.parent, follow=True) as here,
            self.disk.folder(refused, make=True, follow=True) as there,
            suppress(FileNotFoundError),
        ):
            moved(here, self.path.name, there, self.claim, beside=f"{ASIDE_PREFIX}{self.claim}")
        self.release()


def moved(source: Folder, name: Name, target: Folder, new: str, *, beside: str) -> bool:
    """Rename into another folder; whether that was possible: else it is renamed ``beside``, on its own file system."""
    try:
        source.rename(name, target, new)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        source.rename(name, source, beside)
        return False
    return True


@dataclass(frozen=True, slots=True)
class Origin:
    """Where files that are claimed together come from; ``folder`` is held open while they are."""

    folder: Folder
    path: Path
    partner: PartnerId
    channel: ChannelKey
    limit: int
    disk: Disk


@dataclass(slots=True)
class Claiming:
    """Claims so many files of one folder: the note is on disk before the first of them moves (rulings 1).

    ``faults`` says which could not be claimed and why; those lie where they lay. ``doubt`` says that the disk may not
    have kept in which of both folders a file is: it is in one of them, and known from the note.
    """

    origin: Origin
    work_path: Path
    faults: list[tuple[str, str]] = field(default_factory=list)
    doubt: str = ""

    def claim(self, names: Sequence[str], markers: Mapping[str, str]) -> list[ClaimedFile]:
        """Make files ours, those that are not gone; each with its marker, if it has one. Raises DiskError."""
        wanted = {ClaimId(uuid.uuid4().hex): name for name in names}
        if not wanted:
            return []
        origin = self.origin
        note = self.work_path / f"{next(iter(wanted))}{NOTE}"
        said: dict[str, Any] = {
            "partner": origin.partner, "channel": origin.channel, "inbox": str(origin.path), "files": wanted,
            "markers": {claim: markers[name] for claim, name in wanted.items() if name in markers},
        }  # fmt: skip
        with self._work() as work:
            self._write(work, note.name, said)
            noted: set[ClaimId] = set()
            found = [
                ClaimedFile(claim, origin.partner, escaped(name), path, note, noted, origin.channel, origin.limit, origin.disk)
                for claim, path, name in self._moves(work, wanted, markers)
            ]  # fmt: skip
            noted.update(each.claim for each in found)
            if not found:
                self._forget(work, note.name)
                return []
            self._secure(work)
        return found

    def _work(self) -> Folder:
        try:
            return self.origin.disk.folder(self.work_path, make=True, follow=True)
        except OSError as error:
            raise _ours(self.work_path, error) from error

    def _write(self, work: Folder, name: str, said: Mapping[str, object]) -> None:
        try:
            work.write_new(name, json.dumps(said).encode())
            work.sync()
        except OSError as error:
            self._forget(work, name)
            raise _ours(self.work_path, error) from error

    def _forget(self, work: Folder, name: str) -> None:
        """Remove a note of nothing; one that cannot be removed is found to be of nothing at the next start."""
        with suppress(OSError):
            work.unlink(name)

    def _moves(
        self, work: Folder, wanted: Mapping[ClaimId, str], markers: Mapping[str, str]
    ) -> Iterator[tuple[ClaimId, Path, str]]:
        """Move what is there, the marker first; a file that cannot be moved keeps no other from it."""
        gone: set[str] = set()
        for claim, name in wanted.items():
            marker = markers.get(name)
            try:
                if marker is not None and marker not in gone:
                    self._moved(work, marker, f"{claim}{MARKER}")
                    gone.add(marker)
                path = self._moved(work, name, claim)
            except FileNotFoundError:
                put_back(self.origin.folder, work, claim, marker)
            except OSError as error:
                self.faults.append((name, f"cannot be taken: {error.strerror}"))
                put_back(self.origin.folder, work, claim, marker)
            else:
                yield claim, path, name

    def _moved(self, work: Folder, name: str, new: str) -> Path:
        beside = f"{CLAIM_PREFIX}{new}"
        at_home = moved(self.origin.folder, name, work, new, beside=beside)
        return self.work_path / new if at_home else self.origin.path / beside

    def _secure(self, work: Folder) -> None:
        try:
            self.origin.folder.sync()
            work.sync()
        except OSError as error:
            self.doubt = f"The disk did not confirm that files were taken from {self.origin.path}: {error.strerror}."


def put_back(folder: Folder, work: Folder, claim: str, marker: str | None) -> None:
    """Give a marker back whose file was not claimed; one that cannot be given back is with the note until the next start."""
    if marker is None:
        return
    there = folder.look(marker) is not None  # another one came meanwhile
    for place, name in ((work, f"{claim}{MARKER}"), (folder, f"{CLAIM_PREFIX}{claim}{MARKER}")):
        with suppress(OSError):
            if there:
                place.unlink(name)
            else:
                place.rename(name, folder, marker)


def _ours(path: Path, error: OSError) -> DiskError:
    return DiskError(
        f"Nothing is taken: {path} cannot be written: {error.strerror}.", next_step="Look at the disk; it goes on by itself."
    )  # fmt: skip


def leftovers(work_folder: Path, *, disk: Disk = Disk(), limit: int = sys.maxsize) -> list[ClaimedFile]:  # noqa: B008 - frozen
    """Claims that a crash left behind; a note none of whose files is there is removed, one that is no note is left alone.

    No file and no note keeps the others from being found. Raises DiskError when the folder cannot be read.
    """
    found: list[ClaimedFile] = []
    try:
        with disk.folder(work_folder, follow=True) as work:
            for each in sorted(look.name for look in work.entries() if look.name.endswith(NOTE.encode())):
                found += _left_by(work, work_folder, os.fsdecode(each), disk, limit)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _ours(work_folder, error) from error
    return found


def _left_by(work: Folder, work_folder: Path, note: str, disk: Disk, limit: int) -> list[ClaimedFile]:
    """The files of one note; what is no note of ours stays and is told in the log."""
    try:
        return _left(work, work_folder, note, disk, limit)
    except (OSError, LookupError, TypeError, ValueError, AttributeError, TransportError) as error:
        log.warning("note.strange", file=escaped(note), error=f"{type(error).__name__}: {error}")
        return []


def _left(work: Folder, work_folder: Path, note: str, disk: Disk, limit: int) -> list[ClaimedFile]:
    with work.open_regular(note, MOST_OF_NOTE) as file:
        content = file.read()
    try:
        told = json.loads(content)
    except ValueError:  # the crash came while the note was written, so before the file moved
        work.unlink(note)
        return []
    said = _said(told, note)
    noted: set[ClaimId] = set()
    found = [
        ClaimedFile(claim, said.partner, escaped(name), path, work_folder / note, noted, said.channel, limit, disk)
        for claim, name in said.files.items()
        if (path := _place(work, work_folder, said.inbox, claim)) is not None
    ]
    noted.update(each.claim for each in found)
    _give_back(work, said, noted, disk)
    if not noted:
        work.unlink(note)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What a note says."""

    partner: PartnerId
    channel: ChannelKey
    inbox: Path
    files: dict[ClaimId, str]
    markers: dict[ClaimId, str]


def _said(said: dict[str, Any], note: str) -> _Said:
    """Understand a note, one of an earlier version as well; raises LookupError, TypeError or AttributeError for others."""
    files = said["files"] if "files" in said else {note.removesuffix(NOTE): said["file_name"]}
    markers = said.get("markers", {})
    return _Said(
        PartnerId(str(said["partner"])), ChannelKey(str(said.get("channel", NOT_NOTED))), Path(str(said["inbox"])),
        {ClaimId(str(claim)): str(name) for claim, name in files.items()},
        {ClaimId(str(claim)): str(name) for claim, name in markers.items()},
    )  # fmt: skip


def _place(work: Folder, work_folder: Path, inbox: Path, claim: ClaimId) -> Path | None:
    """Where a claimed file lies."""
    if work.look(claim) is not None:
        return work_folder / claim
    beside = inbox / f"{CLAIM_PREFIX}{claim}"
    return beside if beside.exists() or beside.is_symlink() else None


def _give_back(work: Folder, said: _Said, noted: set[ClaimId], disk: Disk) -> None:
    """The markers of files that were not claimed before the crash lie beside them again."""
    lonely = {claim: marker for claim, marker in said.markers.items() if claim not in noted}
    if not lonely:
        return
    with suppress(OSError), disk.folder(said.inbox, follow=True) as folder:
        for claim, marker in lonely.items():
            put_back(folder, work, claim, marker)
