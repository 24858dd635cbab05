"""Folders: complete files are claimed by one rename, files go out under their name in one rename."""

import fnmatch
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from gateway.exchange.receipt import MARKER_PATIENCE, NOT_NOTED, Refusal, Seen
from gateway.files.disk import Disk, Folder, Look, UnfitFileError
from gateway.files.names import escaped
from gateway.formats.trailer import Trailer
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import TransportError
from gateway.kernel.ids import ChannelKey, PartnerId
from gateway.transports.claims import ClaimedFile, Claiming, Origin
from gateway.transports.markers import Markers
from gateway.transports.readiness import HIDDEN, IGNORED, looks_unfinished


@dataclass(frozen=True, slots=True)
class Readiness:
    """When a file of a folder is taken: besides two looks at which it is the same, all of what is asked for here.

    ``renamed``: it has no name that senders give to unfinished files. ``proven``: it does not visibly lack its end, or
    has done so for the ``grace``. ``stable``: so long it has been as it is. ``markers``: one of them lies beside it.
    ``trailer`` is the last row that was agreed for files that have no end of their own.
    """

    grace: timedelta = timedelta()
    renamed: bool = True
    proven: bool = True
    stable: timedelta | None = None
    markers: Markers | None = None
    trailer: Trailer | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """A file that was the same at both looks, and what it still waits for."""

    look: Look
    unfinished: bool = False
    unmarked: bool = False


@dataclass(slots=True)
class DirectoryInlet:
    """A folder files come in through; see ``Inlet`` for the order of things. ``key`` names it in what is kept of its files.

    A link in the place of the folder itself is followed: whoever runs the site may have put it on another disk. ``places``
    remembers where each folder was when it was first seen: a link that appears there later leads nowhere.
    """

    folder: Path
    partner: PartnerId
    patterns: tuple[str, ...]
    work_folder: Path
    readiness: Readiness
    limit: int
    disk: Disk = field(default=Disk())
    key: ChannelKey = NOT_NOTED
    places: dict[Path, str] = field(default_factory=dict)
    _held: Folder | None = None
    _first: dict[str, Look] = field(default_factory=dict)
    _standing: dict[str, _Standing] = field(default_factory=dict)
    _lonely: dict[str, Look] = field(default_factory=dict)
    _refused: list[Refusal] = field(default_factory=list)
    _faults: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What it is called."""
        return self.key or self.folder.name

    def look(self) -> bool:
        """Look for the first time; whether anything lies there. A folder that is not there yet has nothing.

        Raises TransportError when it cannot be read.
        """
        self.close()
        try:
            self._held = self._opened()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unreadable(error) from error
        self._first = self._looks(self._held)
        return bool(self._first)

    def waiting(self) -> Mapping[str, str]:
        """Look again; the names of files that stand still and are to be watched, with what they look like."""
        if self._held is None:
            return {}
        second = self._looks(self._held)
        still = {
            name: look
            for name, look in self._first.items()
            if name in second and (look.kind, look.signature) == (second[name].kind, second[name].signature)
        }
        markers = self.readiness.markers
        marked = {name for name, look in second.items() if look.kind == "file" and self._marks(name)}
        for name, look in still.items():
            if self._fits(name) and name not in marked and self._is_fit(look):
                unmarked = markers is not None and markers.of_file(name) not in marked
                self._standing[name] = _Standing(look, self._lacks_its_end(self._held, name), unmarked)
        files = {markers.of_file(name) for name in second if name not in marked} if markers is not None else set()
        self._lonely = {name: look for name, look in still.items() if name in marked and name not in files}
        watched = {name: each.look for name, each in self._standing.items() if self._is_watched(each)} | self._lonely
        return {escaped(name): look.signature for name, look in watched.items()}

    def ready(self, seen: Mapping[str, Seen], now: datetime) -> list[str]:
        """The names of complete files, oldest first; ``seen`` is how long those that are ``waiting`` have done so."""
        patience = {name: now - each.since >= MARKER_PATIENCE for name, each in seen.items()}
        for name in self._lonely:
            if patience.get(escaped(name)):
                self._refuse(name, "F-MARKER", "is a marker, and the file that it stands for did not come")
        found = []
        for name, each in sorted(self._standing.items(), key=lambda item: (item[1].look.modified, item[0])):
            since = seen.get(escaped(name))
            if each.unmarked:
                if patience.get(escaped(name)):
                    self._refuse(name, "F-MARKER", f"waits for its marker {escaped(self._marker_of(name))}")
            elif not self._is_watched(each) or (since is not None and self._waited(each, since, now)):
                found.append(name)
        return found

    def size_of(self, names: Sequence[str]) -> int:
        """How many bytes files have that are ready."""
        return sum(self._standing[name].look.size for name in names)

    def claim(self, names: Sequence[str]) -> list[ClaimedFile]:
        """Make files ours, those that are not gone; each with its marker. Raises DiskError."""
        if self._held is None:
            return []
        origin = Origin(self._held, self.folder, self.partner, self.key, self.limit, self.disk)
        claiming = Claiming(origin, self.work_folder)
        markers = {name: self._marker_of(name) for name in names} if self.readiness.markers is not None else {}
        found = claiming.claim(names, markers)
        for name, why in claiming.faults:
            self._refuse(name, "F-UNREADABLE", why)
        if claiming.doubt:
            self._faults.append(claiming.doubt)
        return found

    def refusals(self) -> list[Refusal]:
        """What lies in the folder and is not taken, each with the reason; as of the last look."""
        return list(self._refused)

    def faults(self) -> list[str]:
        """What went wrong besides."""
        return list(self._faults)

    def close(self) -> None:
        """Let go of the folder, and forget what was seen in it."""
        if self._held is not None:
            self._held.close()
        self._held = None
        for seen in (self._first, self._standing, self._lonely):
            seen.clear()
        self._refused.clear()
        self._faults.clear()

    def _opened(self) -> Folder:
        """The folder, where it was when it was first seen."""
        real = os.path.realpath(self.folder)
        known = self.places.get(self.folder, real)
        if real != known:
            raise TransportError(
                f"The folder {self.folder} has become a link to {real}; it is not followed.",
                next_step="If it is meant, start 'gateway run' again; if not, put the folder back.",
            )
        found = self.disk.at(real)
        self.places[self.folder] = real
        return found

    def _looks(self, folder: Folder) -> dict[str, Look]:
        """What lies there of which somebody may want something."""
        try:
            return {name: look for name, look in self._entries(folder) if self._fits(name) or self._marks(name)}
        except OSError as error:
            raise self._unreadable(error) from error

    @staticmethod
    def _entries(folder: Folder) -> Iterator[tuple[str, Look]]:
        return ((os.fsdecode(look.name), look) for look in folder.entries())

    def _fits(self, name: str) -> bool:
        ignored = IGNORED if self.readiness.renamed else HIDDEN
        return ignored.search(name) is None and any(fnmatch.fnmatchcase(name, pattern) for pattern in self.patterns)

    def _marks(self, name: str) -> bool:
        return self.readiness.markers is not None and self.readiness.markers.is_marker(name)

    def _marker_of(self, name: str) -> str:
        return self.readiness.markers.of_file(name) if self.readiness.markers is not None else ""

    def _is_fit(self, look: Look) -> bool:
        """Whether a thing may be opened; what may not is refused."""
        fault = look.fault(self.limit)
        if fault:
            large = look.kind == "file" and look.links == 1
            self._refuse(os.fsdecode(look.name), "F-TOO-LARGE" if large else "S-FILETYPE", fault)
        return not fault

    def _refuse(self, name: str, code: str, why: str) -> None:
        shown = escaped(name)
        self._refused.append(Refusal(shown, code, f"{shown} in {self.folder.name} {why}."))

    def _lacks_its_end(self, folder: Folder, name: str) -> bool:
        """Whether a file says by itself that it is still being written; one that cannot be read is refused, and waits."""
        if not self.readiness.proven:
            return False
        try:
            with folder.open_regular(name, self.limit) as file:
                return looks_unfinished(file, self.readiness.trailer)
        except (FileNotFoundError, UnfitFileError):  # it became another thing since; the next look tells
            return True
        except OSError as error:
            self._refuse(name, "F-UNREADABLE", f"cannot be read: {error.strerror}")
            return True

    def _is_watched(self, each: _Standing) -> bool:
        return each.unfinished or each.unmarked or self.readiness.stable is not None

    def _waited(self, each: _Standing, since: Seen, now: datetime) -> bool:
        """Whether a file looked long enough as it does. How long it must stand still no given moment can shorten."""
        stable = self.readiness.stable
        if stable is not None and system_clock() - since.observed < stable:
            return False
        return not each.unfinished or now - since.since >= self.readiness.grace

    def _unreadable(self, error: OSError) -> TransportError:
        return TransportError(
            f"The folder {self.folder} cannot be read: {error.strerror}.", next_step="Look at its rights."
        )  # fmt: skip
