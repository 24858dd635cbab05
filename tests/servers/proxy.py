"""A network between us and a server that a test can break: slow, silent, stalled or reset at any byte."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BLOCK = 16384
OFTEN = 0.05
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls one connection: nothing, or ``kind`` after so many bytes of both directions together.

    silent: nobody is behind it. stall: nothing passes any more. reset: both sides lose it at once. ``rate`` is how many
    bytes pass in a second.
    """

    kind: str = ""
    after: int = 0
    rate: int = 0


@dataclass(slots=True)
class Proxy:
    """Listens on a port of its own and passes on to ``target``; ``fault`` is asked for each connection."""

    target: int
    fault: Callable[[], Fault]
    port: int = 0
    passed: int = 0
    connections: int = 0
    _listening: socket.socket = field(init=False)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to listen."""
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        self._listening.settimeout(OFTEN)
        self.port = self._listening.getsockname()[1]
        self._begin(self._accept)

    def stop(self) -> None:
        """End it with all its connections."""
        self._ended.set()
        for each in self._threads:
            each.join()
        self._listening.close()

    def _begin(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act, name="proxy")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                client, _ = self._listening.accept()
                self.connections += 1
                fault = self.fault()
                self._begin(lambda client=client, fault=fault: self._serve(client, fault))  # type: ignore[misc]

    def _serve(self, client: socket.socket, fault: Fault) -> None:
        with client:
            if fault.kind == "silent":
                self._hold(client)
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                return
            with server:
                self._pass(client, server, fault)

    def _hold(self, *sides: socket.socket) -> None:
        """Let nothing pass until one side has enough of it."""
        for each in sides:
            each.settimeout(OFTEN)
        while not self._ended.is_set():
            for each in sides[:1]:
                with suppress(TimeoutError):
                    try:
                        if not each.recv(1, socket.MSG_PEEK):
                            return
                    except ConnectionError:
                        return
                    self._ended.wait(OFTEN)

    def _pass(self, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        left, other = fault.after, {client: server, server: client}
        while not self._ended.is_set():
            for each in select.select([client, server], [], [], OFTEN)[0]:
                try:
                    most = max(1, fault.rate // 20) if fault.rate else BLOCK
                    block = each.recv(min(most, left) if fault.kind and left else most)
                    if not block:
                        return
                    other[each].sendall(block)
                except OSError:
                    return
                self.passed += len(block)
                left -= len(block)
                if fault.rate:
                    time.sleep(len(block) / fault.rate)
                if fault.kind and left <= 0:
                    self._break(client, server, fault.kind)
                    return

    def _break(self, client: socket.socket, server: socket.socket, kind: str) -> None:
        if kind == "stall":
            self._hold(client, server)
        for each in (client, server):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


@contextmanager
def between(target: int, fault: Callable[[], Fault] = Fault) -> Iterator[Proxy]:
    """A proxy in front of a port."""
    proxy = Proxy(target, fault)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
