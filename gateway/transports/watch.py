"""Folder events as a hint that a scan is worth while; the scan is the truth."""

import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

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
    """Calls back whenever a file appears in one of the folders; those that are not there yet are watched once they are.

    A system that lets us watch no more, or nothing at all, is told once; those folders are only scanned.
    """

    def __init__(self, folders: Collection[Path], callback: Callable[[], object]) -> None:
        self._folders = sorted(set(folders))
        self._hint = _Hint(callback)
        self._observer: BaseObserver | None = None
        self._watched: dict[Path, tuple[Place, ObservedWatch]] = {}
        self._refused: set[Path] = set()
        self._told = False

    def begin(self) -> None:
        """Watch what is there."""
        self.follow()

    def end(self) -> None:
        """Watch nothing any more."""
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def follow(self) -> None:
        """Watch folders that are there now, and no more those that are gone or were replaced.

        Watching that ended by itself is begun anew; a folder the system does not let us watch is only scanned.
        """
        observer = self._living()
        if observer is None:
            return
        for folder in self._folders:
            place, known = _place(folder), self._watched.get(folder)
            if known is not None and known[0] != place:
                del self._watched[folder]
                with suppress(OSError, KeyError):
                    observer.unschedule(known[1])
            if place is not None and folder not in self._watched:
                self._watch(observer, folder, place)

    def _living(self) -> BaseObserver | None:
        """What watches: begun when it is not there, and anew when it ended by itself; None when the system refuses it."""
        if self._observer is not None and self._observer.is_alive():
            return self._observer
        if self._observer is not None:
            log.warning("folders.watched_anew")
        self._observer, self._watched = None, {}
        try:
            observer = Observer()
            observer.start()  # before anything is watched: a folder that is refused then ends nothing
        except OSError as error:
            if not self._told:
                log.warning("folders.not_watched", error=error.strerror)
            self._told = True
            return None
        self._observer, self._told = observer, False
        return observer

    def _watch(self, observer: BaseObserver, folder: Path, place: Place) -> None:
        try:
            self._watched[folder] = place, observer.schedule(self._hint, str(folder))
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
