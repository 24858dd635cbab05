"""Folder events as a hint that a scan is worth while; the scan is the truth."""

import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

log = structlog.get_logger()

_ARRIVALS = frozenset({"created", "moved", "closed"})
Place = tuple[int, int]
"""Which folder it is: its device and number, which another folder of the same name has not."""


class _Hint(FileSystemEventHandler):
    def __init__(self, callback: Callable[[], object]) -> None:
        self._callback = callback

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _ARRIVALS:  # our own reading makes events too; they must not wake us
            self._callback()


class Hints:
    """Calls back whenever a file appears in one of the folders; those that are not there yet are watched once they are."""

    def __init__(self, folders: Collection[Path], callback: Callable[[], object]) -> None:
        self._folders = sorted(set(folders))
        self._hint = _Hint(callback)
        self._observer = Observer()
        self._watched: dict[Path, tuple[Place, ObservedWatch]] = {}
        self._refused: set[Path] = set()

    def begin(self) -> None:
        """Watch what is there."""
        self.follow()
        self._observer.start()

    def end(self) -> None:
        """Watch nothing any more."""
        self._observer.stop()
        if self._observer.ident is not None:
            self._observer.join()

    def follow(self) -> None:
        """Watch folders that are there now, and no more those that are gone or were replaced.

        Watching that ended by itself is begun anew; a folder the system does not let us watch is only scanned.
        """
        if self._observer.ident is not None and not self._observer.is_alive():
            log.warning("folders.watched_anew")
            self._observer, self._watched = Observer(), {}
            self._observer.start()
        for folder in self._folders:
            place, known = _place(folder), self._watched.get(folder)
            if known is not None and known[0] != place:
                del self._watched[folder]
                with suppress(OSError, KeyError):
                    self._observer.unschedule(known[1])
            if place is not None and folder not in self._watched:
                self._watch(folder, place)

    def _watch(self, folder: Path, place: Place) -> None:
        try:
            self._watched[folder] = place, self._observer.schedule(self._hint, str(folder))
            self._refused.discard(folder)
        except OSError as error:
            if folder not in self._refused:
                log.warning("folder.not_watched", folder=str(folder), error=error.strerror)
            self._refused.add(folder)


@contextmanager
def watch(folders: Collection[Path], callback: Callable[[], object]) -> Iterator[Hints]:
    """Call back, from a thread of its own, whenever a file appears in one of the folders."""
    hints = Hints(folders, callback)
    hints.begin()
    try:
        yield hints
    finally:
        hints.end()


def _place(folder: Path) -> Place | None:
    """Which folder it is at this moment; None when it is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None
