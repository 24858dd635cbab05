"""Folder events as a hint that a scan is worth while; the scan is the truth."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

_ARRIVALS = frozenset({"created", "moved", "closed"})


class _Hint(FileSystemEventHandler):
    def __init__(self, callback: Callable[[], object]) -> None:
        self._callback = callback

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _ARRIVALS:  # our own reading makes events too; they must not wake us
            self._callback()


@contextmanager
def watch(folders: Iterable[Path], callback: Callable[[], object]) -> Iterator[None]:
    """Call back, from a thread of its own, whenever a file appears in one of the folders."""
    observer = Observer()
    for folder in sorted(set(folders)):
        observer.schedule(_Hint(callback), str(folder))
    observer.start()
    try:
        yield
    finally:
        observer.stop()
        observer.join()
