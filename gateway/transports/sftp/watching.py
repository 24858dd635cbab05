"""Nobody waits for a server longer than was agreed, or at all when this process is to end: the connection is ended then."""

import errno
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import paramiko

OFTEN = 0.2
"""Seconds between two looks whether a connection is to be ended."""
_END = 5.0


class Watch:
    """A thread beside a connection that ends it, and so whatever waits for an answer, when the process is to end."""

    def __init__(self, transport: paramiko.Transport, sock: socket.socket, stopping: Callable[[], bool]) -> None:
        self._transport, self._sock, self.stopping = transport, sock, stopping
        self._over = threading.Event()
        self._until: float | None = None
        self._thread = threading.Thread(target=self._look, name="sftp-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def end(self) -> None:
        """End the connection and its threads, whatever state it is in."""
        self._over.set()
        ended(self._transport, self._sock)
        self._thread.join(_END)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the connection when what is inside takes longer."""
        self._until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._until = None

    def _look(self) -> None:
        while not self._over.wait(OFTEN):
            until = self._until
            if self.stopping() or (until is not None and time.monotonic() > until):
                ended(self._transport, self._sock)
                return


def reach(sock: socket.socket, address: Any, timeout: float, stopping: Callable[[], bool]) -> None:
    """Connect a socket within so many seconds; what the other side does not take for so long ends the connection.

    Raises OSError, TimeoutError among them.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(timeout * 1000))
    sock.settimeout(0)
    fault, until, ready = sock.connect_ex(address), time.monotonic() + timeout, select.poll()
    ready.register(sock, select.POLLOUT)
    while fault == errno.EINPROGRESS:
        if stopping() or time.monotonic() > until:
            raise TimeoutError
        if ready.poll(OFTEN * 1000):
            fault = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if fault:
        raise OSError(fault, os.strerror(fault))
    sock.settimeout(timeout)


def ended(transport: paramiko.Transport, sock: socket.socket) -> None:
    """End a connection and its thread; nothing more is said to the server, which may not listen."""
    with suppress(Exception):  # one that never began cannot be ended well
        transport.close()
    sock.close()
    if transport.is_alive() and threading.current_thread() is not transport:  # it ends by itself now
        transport.join(_END)
    transport.packetizer.complete_handshake()  # a clock that runs on would keep the process until its time is up
