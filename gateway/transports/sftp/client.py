"""What we ask SFTP servers for that the library does not do as we need it: names as bytes, many requests on their way at once."""

import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice

import paramiko
from paramiko.message import Message
from paramiko.sftp import (  # fmt: skip
    CMD_CLOSE,
    CMD_DATA,
    CMD_HANDLE,
    CMD_NAME,
    CMD_OPENDIR,
    CMD_READ,
    CMD_READDIR,
    CMD_STATUS,
    CMD_WRITE,
    int64,
)

BLOCK = 32768
"""Bytes that every server gives and takes in one request."""
NO_END = 3600.0
"""Seconds for a request of a channel without a timeout."""
AT_ONCE = 32
"""So many requests are on their way at once."""
MOST_NAMES = 100_000
"""Of a folder so many names are looked at in one poll; the others when these are gone."""
_ALWAYS = (b".", b"..")


class _Answers:
    """The answers to requests that are on their way, whatever their order."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[int, Message]] = {}

    def _async_response(self, kind: int, message: Message, number: int) -> None:
        self.found[number] = (kind, message)

    def _check_exception(self) -> None:
        """Errors are told by whoever waits for the answer."""


class Client(paramiko.SFTPClient):  # type: ignore[misc] # the library says nothing of its types
    """An SFTP session; everything raises OSError where the server refuses, and what the library raises where it is lost.

    One request is taken, and one answer comes, within the timeout of the channel, however many bytes come one by one.
    """

    _until = 0.0

    def entries(self, path: bytes) -> Iterator[tuple[bytes, paramiko.SFTPAttributes]]:
        """What lies in a folder, each with its name as the server writes it: nobody says that it is text."""
        with closing(self._entries(path)) as found:
            yield from islice(found, MOST_NAMES)

    def _entries(self, path: bytes) -> Generator[tuple[bytes, paramiko.SFTPAttributes], None, None]:
        kind, message = self._request(CMD_OPENDIR, path)
        if kind != CMD_HANDLE:
            raise paramiko.SSHException("no folder was opened")
        handle = message.get_binary()
        try:
            while True:
                try:
                    kind, message = self._request(CMD_READDIR, handle)
                except EOFError:
                    return
                if kind != CMD_NAME:
                    raise paramiko.SSHException("no names were given")
                names = list(_names(message))
                if not names:  # one who says so for ever would keep us for ever
                    raise paramiko.SSHException("no names were given")
                yield from (each for each in names if each[0] not in _ALWAYS)
        finally:
            self._request(CMD_CLOSE, handle)

    def blocks(self, path: bytes, start: int, end: int) -> Iterator[bytes]:
        """The bytes of a file from one place to another, less where it ends before."""
        with self.open(path, "rb", 0) as file:
            answers, asked = _Answers(), deque[tuple[int, int, int]]()
            while start < end or asked:
                while start < end and len(asked) < AT_ONCE:
                    size = min(BLOCK, end - start)
                    asked.append((self._async_request(answers, CMD_READ, file.handle, int64(start), size), start, size))
                    start += size
                number, at, size = asked.popleft()
                block = self._data(answers, number)
                if len(block) < size and block:  # a server may give less than it was asked for
                    yield block
                    yield from self._rest(file.handle, at + len(block), size - len(block))
                elif block:
                    yield block

    def _rest(self, handle: bytes, at: int, size: int) -> Iterator[bytes]:
        answers = _Answers()
        while size:
            block = self._data(answers, self._async_request(answers, CMD_READ, handle, int64(at), size))
            if not block:
                return
            yield block
            at, size = at + len(block), size - len(block)

    def write(self, path: bytes, content: bytes, start: int) -> None:
        """Write a file from one place on; from the first byte on it is made anew. Every answer of the server is looked at."""
        with self.open(path, "r+b" if start else "wb", 0) as file:
            answers, asked = _Answers(), deque[int]()
            for at in range(start, len(content), BLOCK):
                block = content[at : at + BLOCK]
                asked.append(self._async_request(answers, CMD_WRITE, file.handle, int64(at), block))
                if len(asked) >= AT_ONCE:
                    self._answer(answers, asked.popleft())
            while asked:
                self._answer(answers, asked.popleft())

    def _read_packet(self) -> tuple[int, bytes]:
        self._until = time.monotonic() + self._patience()
        kind, data = super()._read_packet()
        return kind, data

    def _read_all(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            block = self.sock.recv(size - len(found))
            if not block:
                raise EOFError
            found += block
            if len(found) < size and time.monotonic() > self._until:
                raise TimeoutError
        return bytes(found)

    def _write_all(self, content: bytes) -> None:
        until, sent = time.monotonic() + self._patience(), 0
        while sent < len(content):
            if time.monotonic() > until:
                raise TimeoutError
            taken = self.sock.send(content[sent:])
            if taken <= 0:
                raise EOFError
            sent += taken

    def _patience(self) -> float:
        return float(self.sock.gettimeout() or NO_END)

    def _data(self, answers: _Answers, number: int) -> bytes:
        try:
            kind, message = self._answer(answers, number)
        except EOFError:
            return b""
        if kind != CMD_DATA:
            raise paramiko.SSHException("no data was given")
        data: bytes = message.get_string()
        return data

    def _answer(self, answers: _Answers, number: int) -> tuple[int, Message]:
        """The answer to one request; raises OSError or EOFError where it is one of those."""
        while number not in answers.found:
            self._read_response()
        kind, message = answers.found.pop(number)
        if kind == CMD_STATUS:
            self._convert_status(message)
        return kind, message


def _names(message: Message) -> Iterator[tuple[bytes, paramiko.SFTPAttributes]]:
    for _ in range(message.get_int()):
        name = message.get_string()
        message.get_string()  # a line for people, as 'ls -l' would write it
        attributes = paramiko.SFTPAttributes._from_msg(message)  # noqa: SLF001 - nothing else reads what a listing gives
        yield name, attributes
