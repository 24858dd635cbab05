"""Folders: complete files are claimed by one rename, files go out under their name in one rename."""

import errno
import fnmatch
import json
import os
import stat
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from gateway.exchange.receipt import NOT_NOTED
from gateway.kernel.errors import ChannelDownError, TransportError
from gateway.kernel.ids import ChannelKey, ClaimId, DispatchId, PartnerId
from gateway.transports.readiness import is_temporary, looks_unfinished

LOOK_AGAIN = 0.2
"""Seconds between the two looks a file must pass unchanged (rulings 21)."""
NOTE = ".json"
CLAIM_PREFIX = ".gateway-"
_OF_ONE_FILE = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EISDIR})
"""Errors that are of a name; any other one another file would meet as well."""
Observe = Callable[[str, str], tuple[str, datetime]]
"""Notes what a file looks like; gives what it looked like before and since when it looks as now."""


@dataclass(frozen=True, slots=True)
class ClaimedFile:
    """A file that is ours now, with the note that says whose it was and what it was called.

    ``noted`` are all the claims of the same note that are not released yet.
    """

    claim: ClaimId
    partner: PartnerId
    file_name: str
    path: Path
    note: Path
    noted: set[ClaimId] = field(default_factory=set, compare=False)
    channel: ChannelKey = NOT_NOTED

    def open(self) -> BinaryIO:
        """Its bytes, from the first one on."""
        return self.path.open("rb")

    def release(self) -> None:
        """Remove the work file, and the note with its last one: archive and receipt have it now; absent is fine."""
        self.path.unlink(missing_ok=True)
        self.noted.discard(self.claim)
        if not self.noted:
            self.note.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class DirectoryInlet:
    """A folder files come in through; ``grace`` is how long a visibly incomplete file may wait.

    ``key`` names it in what is kept of its files.
    """

    folder: Path
    partner: PartnerId
    patterns: tuple[str, ...]
    work_folder: Path
    observe: Observe
    grace: timedelta
    refused: list[tuple[str, str]] = field(default_factory=list)
    key: ChannelKey = NOT_NOTED

    def ready(self, now: datetime) -> list[str]:
        """The names of complete files, oldest first; a folder that is not there yet has none.

        Raises TransportError when the folder cannot be read.
        """
        self.refused.clear()
        first = self._looks()
        if not first:
            return []
        time.sleep(LOOK_AGAIN)
        second = self._looks()
        still = [name for name, look in first.items() if second.get(name) == look]
        return [
            name
            for name in sorted(still, key=lambda name: (first[name][1], name))
            if self._complete(name, first[name], now)
        ]

    def claim(self, names: Sequence[str]) -> list[ClaimedFile]:
        """Make files ours, those that are not gone. Their note is on disk before the first one moves (rulings 1)."""
        wanted = {ClaimId(uuid.uuid4().hex): name for name in names}
        if not wanted:
            return []
        note = self.work_folder / f"{next(iter(wanted))}{NOTE}"
        said = {"partner": self.partner, "channel": self.key, "inbox": str(self.folder), "files": wanted}
        _write(note, json.dumps(said).encode())
        _sync(self.work_folder)
        noted: set[ClaimId] = set()
        found: list[ClaimedFile] = []
        for claim, name in wanted.items():
            try:
                target = self._moved(self.folder / name, self.work_folder / claim)
            except FileNotFoundError:
                continue
            noted.add(claim)
            found.append(ClaimedFile(claim, self.partner, name, target, note, noted, self.key))
        if not found:
            note.unlink(missing_ok=True)
            return []
        _sync(self.folder)
        _sync(self.work_folder)
        return found

    def refusals(self) -> list[tuple[str, str]]:
        """What lies in the folder and is never opened, each with the reason; as of the last look."""
        return list(self.refused)

    @staticmethod
    def _moved(source: Path, target: Path) -> Path:
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            target = source.with_name(
                f"{CLAIM_PREFIX}{target.name}"
            )  # another file system: it stays beside (rulings 1)
            source.rename(target)
        return target

    def _looks(self) -> dict[str, tuple[int, int, int]]:
        """Size, change time and inode of each candidate."""
        found: dict[str, tuple[int, int, int]] = {}
        try:
            entries = list(os.scandir(self.folder))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise TransportError(
                f"The folder {self.folder} cannot be read: {error.strerror}.", next_step="Look at its rights."
            ) from error
        for entry in entries:
            if is_temporary(entry.name) or not any(fnmatch.fnmatch(entry.name, pattern) for pattern in self.patterns):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if not stat.S_ISREG(status.st_mode):
                self._refuse(entry.name, status.st_mode)
            else:
                found[entry.name] = (status.st_size, status.st_mtime_ns, status.st_ino)
        return found

    def _refuse(self, name: str, mode: int) -> None:
        kind = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
        refusal = (name, f"{name} in {self.folder.name} is {kind}; only ordinary files are taken.")
        if refusal not in self.refused:
            self.refused.append(refusal)

    def _complete(self, name: str, look: tuple[int, int, int], now: datetime) -> bool:
        """Whether nothing says that the file is still being written, or it has said so for too long."""
        try:
            if not looks_unfinished(self.folder / name):
                return True
        except FileNotFoundError:
            return False
        except OSError as error:
            refusal = (name, f"{name} cannot be read: {error.strerror}.")
            self.refused.append(refusal)
            return False
        _, since = self.observe(name, f"{look[0]}:{look[1]}:{look[2]}")
        return now - since >= self.grace


def leftovers(work_folder: Path) -> list[ClaimedFile]:
    """Claims that a crash left behind; a note none of whose files is there is removed."""
    found: list[ClaimedFile] = []
    for note in sorted(work_folder.glob(f"*{NOTE}")):
        claim = ClaimId(note.name.removesuffix(NOTE))
        try:
            said = json.loads(note.read_text(encoding="utf-8"))
        except ValueError:  # the crash came while the note was written, so before the file moved
            note.unlink()
            continue
        files = said["files"] if "files" in said else {claim: said["file_name"]}
        channel, noted = ChannelKey(said.get("channel", NOT_NOTED)), set[ClaimId]()
        for each, name in files.items():
            places = (work_folder / each, Path(said["inbox"]) / f"{CLAIM_PREFIX}{each}")
            path = next((place for place in places if place.is_file()), None)
            if path is not None:
                noted.add(ClaimId(each))
                found.append(ClaimedFile(ClaimId(each), PartnerId(said["partner"]), name, path, note, noted, channel))
        if not noted:
            note.unlink()
    return found


@dataclass(slots=True)
class DirectoryOutlet:
    """A folder files leave through for one batch; ``work`` is ours, staged files wait there.

    ``at_home`` says whether both are on one file system, once that was looked at.
    """

    target: Path
    work: Path
    at_home: bool | None = None

    def stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:
        """Write the bytes where nobody looks; they are found there for sure once ``secure`` was asked.

        What was staged before is replaced.
        """
        self._guarded(self._stage, dispatch, name, content)

    def is_staged(self, dispatch: DispatchId, name: str) -> bool:
        """Whether the bytes still wait to be handed over."""
        return os.path.isfile(self._staged(dispatch, name))  # noqa: PTH113 - of each file of a batch

    def publish(self, dispatch: DispatchId, name: str) -> None:
        """Give the file its name in one rename; raises TransportError when another file has that name."""
        self._guarded(self._publish, dispatch, name)

    def secure(self) -> None:
        """What was staged and published so far outlives a power cut: both folders are on disk on return."""
        self._guarded(self._secure)

    def close(self) -> None:
        """A folder is not held open."""

    def _stage(self, dispatch: DispatchId, name: str, content: bytes) -> None:
        if self.at_home is None:
            self.target.mkdir(parents=True, exist_ok=True)
            self.work.mkdir(parents=True, exist_ok=True)
        _write(self._staged(dispatch, name), content)

    def _publish(self, dispatch: DispatchId, name: str) -> None:
        staged, final = self._staged(dispatch, name), f"{self.target}/{name}"
        # plain paths: a batch has a thousand files, and a Path object costs as much as the rename
        if os.path.exists(final) and Path(final).read_bytes() != Path(staged).read_bytes():  # noqa: PTH110
            raise TransportError(
                f"{name} in {self.target} exists with other content; it is not overwritten.",
                code="D-NAME-TAKEN",
                next_step="Ask the partner to remove or rename it.",
            )
        os.rename(staged, final)  # noqa: PTH104

    def _secure(self) -> None:
        _sync(self.target)
        if self._same_file_system():
            _sync(self.work)

    def _staged(self, dispatch: DispatchId, name: str) -> str:
        if self.at_home is None:
            self.at_home = self._same_file_system()
        return f"{self.work}/out-{dispatch}" if self.at_home else f"{self.target}/{CLAIM_PREFIX}{dispatch}-{name}"

    def _same_file_system(self) -> bool:
        place = next(each for each in (self.target, *self.target.parents) if each.exists())
        return place.stat().st_dev == self.work.stat().st_dev

    def _guarded(self, act: Callable[..., None], *arguments: object) -> None:
        try:
            act(*arguments)
        except OSError as error:
            kind = TransportError if error.errno in _OF_ONE_FILE else ChannelDownError
            raise kind(
                f"{self.target} cannot be written: {error.strerror}.",
                next_step="Look at the disk and the rights of the folder.",
            ) from error


def _write(path: str | Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
