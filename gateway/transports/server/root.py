"""What a partner sees of us: one root with its inbox, into which it puts files, and its outbox, from which it takes them.

A path is a name in one of these folders and nothing else; nothing outside of them can be named. A file that is being put
has a name that nobody looks at; it gets its own when the client closes it, whole and on disk, and never before.
"""

import time
from collections.abc import Callable

from gateway.files.disk import Disk, Folder, Look, UnfitFileError
from gateway.files.names import escaped, visible
from gateway.transports.server.faults import DeniedError, MissingError, SftpError
from gateway.transports.server.limits import Handles, Seats
from gateway.transports.server.transfers import ANY_SIZE, Attributes, Download, Place, Upload

LONGEST = 255
MOST_OPEN = 100
"""So many files and folders one partner has open at a time."""
STAGED = b".gateway-"
"""What the names begin with under which another gateway puts a file before it gives it its own; nobody reads them here."""
_KEPT = 1_000
Told = Callable[[str, str, int], None]
"""What became of a file: put, renamed, fetched, removed, cut; its name and its size."""


class Root:
    """The root of one partner for one connection."""

    def __init__(self, places: dict[str, Place], disk: Disk, told: Told, handles: Handles | None = None) -> None:
        self._places = {name.encode(): place for name, place in places.items()}
        self._disk, self._told = disk, told
        self.handles = handles or Handles(Seats(2 * MOST_OPEN), "")
        self._put: dict[tuple[bytes, bytes], Attributes] = {}

    def real(self, path: bytes) -> bytes:
        """A path as it is called in full, whether anything is there or not."""
        return b"/" + b"/".join(_parts(path))

    def look(self, path: bytes) -> Attributes:
        """What is there; a file that was put a moment ago also when it was read already."""
        parts = _parts(path)
        if not parts:
            return _folder(writable=False)
        place = self._place(parts)
        if len(parts) == 1:
            return _folder(writable=place.is_inbox)
        with self._open(place) as folder:
            found = folder.look(_fit(parts[1], place))
        if found is not None and not found.fault(ANY_SIZE):
            return _attributes(found, place)
        known = self._put.get((parts[0], parts[1]))
        if known is None:
            raise MissingError("there is no such file")
        return known

    def names(self, path: bytes) -> list[tuple[bytes, Attributes]]:
        """The files of a folder, or the folders; no names that are ours alone, and nothing but ordinary files."""
        parts = _parts(path)
        if not parts:
            return [(name, _folder(writable=place.is_inbox)) for name, place in self._places.items()]
        place = self._place(parts)
        if len(parts) > 1:
            raise MissingError("there is no such folder")
        with self._open(place) as folder:
            found = [each for each in folder.entries() if _is_seen(each.name, place) and not each.fault(ANY_SIZE)]
        return [(each.name, _attributes(each, place)) for each in sorted(found, key=lambda each: each.name)]

    def put(self, path: bytes) -> Upload:
        """Begin a new file; what lies there of that name is not touched."""
        place, name = self._file(path)
        if place.room is None:
            raise DeniedError("files are put into the inbox only")
        folder = self._open(place)
        try:
            return Upload(_new(name), place.room, place.lock, folder)
        except (OSError, SftpError):
            folder.close()
            raise

    def finish(self, path: bytes, upload: Upload) -> None:
        """The client closed a file that it put."""
        upload.finish()
        self._know(path, upload.attributes())
        self._told("put", escaped(upload.name), upload.size)

    def drop(self, upload: Upload) -> None:
        """The client went away before it closed a file."""
        upload.drop()
        self._told("cut", escaped(upload.name), upload.size)

    def fetch(self, path: bytes) -> Download:
        """Begin to read a file of the outbox."""
        place, name = self._file(path)
        if place.is_inbox:
            raise DeniedError("what was put into the inbox is not given back")
        with self._open(place) as folder:
            try:
                return Download(_fit(name, place), folder)
            except UnfitFileError:
                raise MissingError("there is no such file") from None

    def fetched(self, download: Download) -> None:
        """The client closed a file that it read."""
        download.close()
        self._told("fetched", escaped(download.name), download.sent)

    def remove(self, path: bytes) -> None:
        """Take a file away: one that was fetched, or one that was put and is not wanted any more."""
        place, name = self._file(path)
        with place.lock, self._open(place) as folder:
            seen = folder.look(_fit(name, place))
            if seen is None or seen.fault(ANY_SIZE):
                raise MissingError("there is no such file")
            folder.unlink(name)
            folder.sync()
        self._put.pop((_parts(path)[0], name), None)
        self._told("removed", escaped(name), seen.size)

    def rename(self, path: bytes, new: bytes) -> None:
        """Give a file of the inbox another name that is free."""
        (place, name), (other, named) = self._file(path), self._file(new)
        if place.room is None or place is not other:
            raise DeniedError("files are renamed within the inbox only")
        with place.lock, self._open(place) as folder:
            seen = folder.look(_fit(name, place))
            if seen is None or seen.fault(ANY_SIZE):
                raise MissingError("there is no such file")
            if folder.look(_new(named)) is not None:
                raise SftpError(f"{escaped(named)} lies there already; use another name")
            with place.room.lock:  # nobody counts meanwhile
                folder.rename(name, folder, named)
            folder.sync()
        self._put.pop((_parts(path)[0], name), None)
        self._know(new, _attributes(seen, place))
        self._told("renamed", escaped(named), seen.size)

    def accept_times(self, path: bytes) -> None:
        """When a file was changed at the partner's is heard and not kept."""
        place, _ = self._file(path)
        if not place.is_inbox:
            raise DeniedError("files of the outbox are not changed")

    def _know(self, path: bytes, attributes: Attributes) -> None:
        parts = _parts(path)
        if len(self._put) >= _KEPT:
            self._put.pop(next(iter(self._put)))
        self._put[parts[0], parts[1]] = attributes

    def _place(self, parts: list[bytes]) -> Place:
        place = self._places.get(parts[0])
        if place is None:
            raise MissingError("there is no such folder")
        if len(parts) > 2:  # noqa: PLR2004 - a folder and a name
            raise MissingError("there are no folders in this one")
        return place

    def _file(self, path: bytes) -> tuple[Place, bytes]:
        parts = _parts(path)
        if not parts:
            raise DeniedError("this is a folder")
        place = self._place(parts)
        if len(parts) == 1:
            raise DeniedError("this is a folder")
        return place, parts[1]

    def _open(self, place: Place) -> Folder:
        return self._disk.folder(place.path, make=True, follow=True)


def _parts(path: bytes) -> list[bytes]:
    """The names on a path; what leads above the root leads to the root."""
    if b"\0" in path:
        raise MissingError("there is no such file")
    found: list[bytes] = []
    for each in path.split(b"/"):
        if each == b"..":
            del found[-1:]
        elif each not in (b"", b"."):
            found.append(each)
    return found


def _is_seen(name: bytes, place: Place) -> bool:
    """Whether a partner may know that something has this name; what begins with a dot in its outbox is ours."""
    return not name.startswith(b".") or (place.is_inbox and name.startswith(STAGED))


def _fit(name: bytes, place: Place) -> bytes:
    """A name that a partner may know of."""
    if not _is_seen(name, place) or len(name) > LONGEST:
        raise MissingError("there is no such file")
    return name


def _new(name: bytes) -> bytes:
    """A name that a partner may give."""
    if name.startswith(b".") and not name.startswith(STAGED):
        raise DeniedError("no name begins with a dot")
    if len(name) > LONGEST:
        raise DeniedError(f"a name has {LONGEST} bytes at most")
    try:
        text = name.decode()
    except UnicodeDecodeError:
        raise DeniedError("the name is not written in UTF-8") from None
    if visible(text) != text:
        raise DeniedError("the name has characters that cannot be seen")
    return name


def _folder(*, writable: bool) -> Attributes:
    return Attributes(is_folder=True, size=0, modified=int(time.time()), writable=writable)


def _attributes(look: Look, place: Place) -> Attributes:
    return Attributes(is_folder=False, size=look.size, modified=look.modified // 10**9, writable=place.is_inbox)
