"""Version 3 of the SFTP protocol, as far as partners need it: one request in, one answer out. Everything else is refused.

Each request is answered before the next one is looked at. What the client did not close when it goes is cut.
"""

import itertools
import stat
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from gateway.transports.server.faults import (
    BadMessageError,
    DeniedError,
    EndError,
    MissingError,
    SftpError,
    UnsupportedError,
)
from gateway.transports.server.root import Root
from gateway.transports.server.transfers import Attributes, Download, Upload

INIT, VERSION, STATUS, HANDLE, DATA, NAME, ATTRS = 1, 2, 101, 102, 103, 104, 105
LARGEST = 256 * 1024 + 1024
"""The most bytes of one request."""
_READ_AT_MOST = 256 * 1024
_NAMES = 100
_FURTHEST = 1 << 62
_MOST_LISTINGS = 4
"""So many folders are read at a time in a session: each may have very many names."""
_READ, _WRITE, _APPEND, _CREATE, _EXCLUSIVE = 1, 2, 4, 8, 32
_SIZE, _OWNER, _RIGHTS, _TIMES, _MORE = 1, 2, 4, 8, 0x80000000
_NO_LINKS = "links are not made or followed here"


class _Request:
    """The fields of one request, in their order."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def byte(self) -> int:
        return self._take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self._take(4))

    def long(self) -> int:
        return int.from_bytes(self._take(8))

    def text(self) -> bytes:
        return self._take(self.number())

    def changes(self) -> int:
        """Which attributes are asked for; what they are to be is read over."""
        flags = self.number()
        for flag, size in ((_SIZE, 8), (_OWNER, 8), (_RIGHTS, 4), (_TIMES, 8)):
            if flags & flag:
                self._take(size)
        for _ in range(self.number() if flags & _MORE else 0):
            self.text(), self.text()
        return flags

    def _take(self, size: int) -> bytes:
        found = self._content[self._at : self._at + size]
        if len(found) != size:
            raise BadMessageError("the request is cut off")
        self._at += size
        return found


Listing = Iterator[tuple[bytes, Attributes]]


class Protocol:
    """What one session of a client does in its root; only one thread is in here at a time."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._numbers = itertools.count()
        self._uploads: dict[bytes, tuple[bytes, Upload]] = {}
        self._downloads: dict[bytes, Download] = {}
        self._listings: dict[bytes, Listing] = {}
        self._does: dict[int, Callable[[_Request], bytes]] = {
            3: self._open, 4: self._close, 5: self._read, 6: self._write, 7: self._stat, 8: self._stat_of_handle,
            9: self._change, 10: self._change_of_handle, 11: self._list, 12: self._next_names, 13: self._remove,
            14: _denied("no folders are made here"), 15: _denied("no folders are removed here"), 16: self._real,
            17: self._stat, 18: self._rename, 19: _denied(_NO_LINKS), 20: _denied(_NO_LINKS),
        }  # fmt: skip

    def answer(self, content: bytes) -> bytes:
        """The answer to one request, as it travels."""
        request = _Request(content)
        number = 0
        try:
            kind, number = request.byte(), request.number()
            if kind == INIT:
                return _packet(VERSION, struct.pack(">I", 3))
            act = self._does.get(kind, _unsupported)
            found = act(request)
            return _packet(found[0], struct.pack(">I", number) + found[1:])
        except SftpError as error:
            return _status(number, error.code, error.sentence)
        except FileNotFoundError:
            return _status(number, MissingError.code, "there is no such file")
        except OSError as error:
            return _status(number, SftpError.code, error.strerror or "the disk does not do it")

    def cut(self) -> None:
        """The client is gone: what it did not close never was."""
        for _, upload in self._uploads.values():
            with suppress(OSError):  # a disk that does not even remove it: the next start does
                self._root.drop(upload)
        for download in self._downloads.values():
            download.close()
        for _ in range(len(self._uploads) + len(self._downloads) + len(self._listings)):
            self._root.handles.leave()
        self._uploads.clear()
        self._downloads.clear()
        self._listings.clear()

    def _open(self, request: _Request) -> bytes:
        path, flags = request.text(), request.number()
        request.changes()
        if not flags & _WRITE:
            with self._opening() as handle:
                self._downloads[handle] = self._root.fetch(path)
            return _code(HANDLE) + _text(handle)
        if flags & _READ:
            raise DeniedError("a file is put or fetched, not both")
        if flags & _APPEND or not flags & _CREATE:
            raise DeniedError("a file is put whole; nothing is added to one that lies there")
        if flags & _EXCLUSIVE and self._is_there(path):
            raise SftpError("a file of that name lies there already")
        with self._opening() as handle:
            self._uploads[handle] = (path, self._root.put(path))
        return _code(HANDLE) + _text(handle)

    def _is_there(self, path: bytes) -> bool:
        try:
            self._root.look(path)
        except MissingError:
            return False
        return True

    @contextmanager
    def _opening(self) -> Iterator[bytes]:
        """A name for a thing that stays open, if it can be opened."""
        self._root.handles.take()
        try:
            yield struct.pack(">Q", next(self._numbers))
        except BaseException:
            self._root.handles.leave()
            raise

    def _close(self, request: _Request) -> bytes:
        handle = request.text()
        if not any(handle in each for each in (self._uploads, self._downloads, self._listings)):
            raise BadMessageError("nothing is open under this handle")
        self._root.handles.leave()
        if handle in self._uploads:
            self._root.finish(*self._uploads.pop(handle))
        elif handle in self._downloads:
            self._root.fetched(self._downloads.pop(handle))
        else:
            del self._listings[handle]
        return _DONE

    def _read(self, request: _Request) -> bytes:
        handle, offset, length = request.text(), request.long(), request.number()
        if handle not in self._downloads:
            raise BadMessageError("no file is open for reading under this handle")
        if offset > _FURTHEST:
            raise EndError("the file ends before")
        found = self._downloads[handle].read(offset, min(length, _READ_AT_MOST))
        if not found and length:
            raise EndError("the file ends here")
        return _code(DATA) + _text(found)

    def _write(self, request: _Request) -> bytes:
        handle, offset, data = request.text(), request.long(), request.text()
        if handle not in self._uploads:
            raise BadMessageError("no file is open for writing under this handle")
        if offset > _FURTHEST:
            raise SftpError("no file is that large")
        self._uploads[handle][1].write(offset, data)
        return _DONE

    def _stat(self, request: _Request) -> bytes:
        return _code(ATTRS) + _attributes(self._root.look(request.text()))

    def _stat_of_handle(self, request: _Request) -> bytes:
        handle = request.text()
        if handle in self._uploads:
            return _code(ATTRS) + _attributes(self._uploads[handle][1].attributes())
        if handle not in self._downloads:
            raise BadMessageError("no file is open under this handle")
        return _code(ATTRS) + _attributes(self._downloads[handle].attributes())

    def _change(self, request: _Request) -> bytes:
        path = request.text()
        if request.changes() & (_SIZE | _OWNER | _RIGHTS):
            raise DeniedError("size, owner and rights of files are not changed here")
        self._root.accept_times(path)
        return _DONE

    def _change_of_handle(self, request: _Request) -> bytes:
        """Clients that keep times and rights ask for both; they are heard and not kept, so that nothing fails."""
        handle = request.text()
        if handle not in self._uploads:
            raise DeniedError("files of the outbox are not changed")
        if request.changes() & (_SIZE | _OWNER):
            raise DeniedError("size and owner of files are not changed here")
        return _DONE

    def _list(self, request: _Request) -> bytes:
        path = request.text()
        if len(self._listings) >= _MOST_LISTINGS:
            raise SftpError("too many folders are being read already; close some first")
        with self._opening() as handle:
            self._listings[handle] = iter(self._root.names(path))
        return _code(HANDLE) + _text(handle)

    def _next_names(self, request: _Request) -> bytes:
        handle = request.text()
        if handle not in self._listings:
            raise BadMessageError("no folder is open under this handle")
        found = list(itertools.islice(self._listings[handle], _NAMES))
        if not found:
            raise EndError("there are no more")
        return _names([(name, _long(name, each), _attributes(each)) for name, each in found])

    def _remove(self, request: _Request) -> bytes:
        self._root.remove(request.text())
        return _DONE

    def _real(self, request: _Request) -> bytes:
        path = self._root.real(request.text())
        return _names([(path, path, struct.pack(">I", 0))])

    def _rename(self, request: _Request) -> bytes:
        self._root.rename(request.text(), request.text())
        return _DONE


def _unsupported(_request: _Request) -> bytes:
    raise UnsupportedError("our server does not do that")


def _denied(sentence: str) -> Callable[[_Request], bytes]:
    def refuse(_request: _Request) -> bytes:
        raise DeniedError(sentence)

    return refuse


def _code(kind: int) -> bytes:
    return bytes([kind])


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _packet(kind: int, content: bytes) -> bytes:
    return struct.pack(">IB", len(content) + 1, kind) + content


def _status(number: int, code: int, sentence: str) -> bytes:
    return _packet(STATUS, struct.pack(">II", number, code) + _text(sentence.encode()) + _text(b"en"))


_DONE = bytes([STATUS]) + struct.pack(">I", 0) + _text(b"") + _text(b"en")


def _names(found: list[tuple[bytes, bytes, bytes]]) -> bytes:
    shown = b"".join(_text(name) + _text(long) + attributes for name, long, attributes in found)
    return _code(NAME) + struct.pack(">I", len(found)) + shown


def _attributes(found: Attributes) -> bytes:
    return struct.pack(">IQIII", _SIZE | _RIGHTS | _TIMES, found.size, _mode(found), found.modified, found.modified)


def _mode(found: Attributes) -> int:
    if found.is_folder:
        return stat.S_IFDIR | (0o755 if found.writable else 0o555)
    return stat.S_IFREG | (0o644 if found.writable else 0o444)


def _long(name: bytes, found: Attributes) -> bytes:
    """A line as ``ls -l`` shows it."""
    when = time.strftime("%b %d %Y", time.gmtime(found.modified))
    return f"{stat.filemode(_mode(found))}    1 partner  gateway  {found.size:>12} {when} ".encode() + name
