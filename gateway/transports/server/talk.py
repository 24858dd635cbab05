"""The requests of one session: cut out of the bytes that come, answered a few at a time, in their order."""

import threading
from collections import deque

from gateway.transports.server.protocol import LARGEST, Protocol
from gateway.transports.server.root import Root

WAITING = 1 << 20
"""So many bytes of requests wait for their turn; then the client waits."""
_AT_A_TIME, _ANSWERED = 32, 1 << 20
"""So many requests are answered before anything is sent, or so many bytes."""
_LENGTH = 4
_COSTS = 100
"""What the memory of a waiting request has besides its bytes: many small ones fill it too."""


class Talk:
    """What came and is not answered yet. ``feed`` is for one thread, ``answer`` for another, ``cut`` for either at the end."""

    def __init__(self, root: Root) -> None:
        self._protocol = Protocol(root)
        self._lock = threading.Lock()
        self._rest = bytearray()
        self._requests: deque[bytes] = deque()
        self._waiting = 0
        self._torn = False

    def feed(self, data: bytes) -> bool:
        """Bytes came; False when the client should wait."""
        with self._lock:
            self._rest += data
            while len(self._rest) >= _LENGTH and not self._torn:
                size = int.from_bytes(self._rest[:_LENGTH])
                if size > LARGEST:  # no client of good will says that
                    self._torn = True
                elif len(self._rest) < _LENGTH + size:
                    break
                else:
                    self._requests.append(bytes(self._rest[_LENGTH : _LENGTH + size]))
                    self._waiting += size + _COSTS
                    del self._rest[: _LENGTH + size]
            return self._waiting < WAITING

    @property
    def has_requests(self) -> bool:
        """Whether something is to be answered."""
        return bool(self._requests)

    @property
    def is_broken(self) -> bool:
        """Whether what came cannot be understood any further, once all before it is answered."""
        return self._torn and not self._requests

    def answer(self) -> bytes:
        """The answers to what came first."""
        found: list[bytes] = []
        size = 0
        while len(found) < _AT_A_TIME and size < _ANSWERED:
            with self._lock:
                if not self._requests:
                    break
                request = self._requests.popleft()
                self._waiting -= len(request) + _COSTS
            found.append(self._protocol.answer(request))
            size += len(found[-1])
        return b"".join(found)

    def cut(self) -> None:
        """The client is gone."""
        self._protocol.cut()
