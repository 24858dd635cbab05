"""What strangers and partners may take from our server at most: connections, seats, room in an inbox."""

import ipaddress
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.files.disk import Folder
from gateway.transports.server.faults import FullError

MOST_KNOWN = 10_000
"""So many addresses are remembered; then those that did nothing lately are forgotten."""


def source(address: str) -> str:
    """Whom we count: an address of IPv4, or the network of IPv6 that belongs to one customer.

    >>> source("::ffff:192.0.2.7"), source("2001:db8:1:2:3:4:5:6"), source("fe80::1%eth0")
    ('192.0.2.7', '2001:db8:1:2::/64', 'fe80::/64')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


class Rate:
    """So many connections of one address in so many seconds; what was not used comes back little by little."""

    def __init__(self, count: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._each = float(count), seconds / count
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, address: str) -> bool:
        """Whether one more is within the rate."""
        now = self._clock()
        if address not in self._left and len(self._left) >= MOST_KNOWN:
            self._forget(now)
        left, at = self._left.get(address, (self._most, now))
        left = min(self._most, left + (now - at) / self._each)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        return allowed

    def _forget(self, now: float) -> None:
        full = self._most * self._each
        self._left = {name: each for name, each in self._left.items() if now - each[1] < full} or {}
        if len(self._left) >= MOST_KNOWN:  # a flood from everywhere: whoever comes is new to us
            self._left.clear()


class Seats:
    """So many at a time; nobody has more than half of them, so that one alone cannot keep the others out. For any thread."""

    def __init__(self, most: int) -> None:
        self._most, self._each = most, (most + 1) // 2
        self._taken: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, who: str) -> bool:
        """Whether there is one more for somebody; who got one gives it back."""
        with self._lock:
            own = self._taken.get(who, 0)
            if own >= self._each or sum(self._taken.values()) >= self._most:
                return False
            self._taken[who] = own + 1
            return True

    def leave(self, who: str) -> None:
        """Give one back."""
        with self._lock:
            left = self._taken[who] - 1
            if left:
                self._taken[who] = left
            else:
                del self._taken[who]


@dataclass(frozen=True, slots=True)
class Handles:
    """What one partner has open at a time, in all its sessions: descriptors are those of the whole process."""

    seats: Seats
    who: str

    def take(self) -> None:
        """One more; raises FullError when there is none for this partner."""
        if not self.seats.take(self.who):
            raise FullError("too many files are open already; close some first")

    def leave(self) -> None:
        """It is closed."""
        self.seats.leave(self.who)


@dataclass(slots=True)
class Room:
    """What may lie in one inbox, together with what is being put there; shared by all connections of its partner.

    ``reserve`` is how much of the disk stays free.
    """

    quota: int
    files: int
    largest: int
    reserve: int = 0
    lying: int = 0
    writing: dict[bytes, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, upload: bytes, folder: Folder) -> None:
        """One more file; raises FullError when there is no place for it."""
        with self.lock:
            count = self._look(folder)
            if count + len(self.writing) >= self.files:
                raise FullError(f"{self.files} files lie in the inbox already; no more are taken until they are read")
            self._check(folder)
            self.writing[upload] = 0

    def grow(self, upload: bytes, size: int, folder: Folder) -> None:
        """A file becomes so large; raises FullError when it must not."""
        if size > self.largest:
            raise FullError(f"a file has {self.largest} bytes at most")
        with self.lock:
            if size <= self.writing[upload]:
                return
            before, self.writing[upload] = self.writing[upload], size
            try:
                self._check(folder)
            except FullError:
                self.writing[upload] = before
                raise

    def name(self, upload: bytes, act: Callable[[], None]) -> None:
        """It gets its name and lies there: nobody counts while names change, so that it is counted once."""
        with self.lock:
            act()
            self.lying += self.writing.pop(upload, 0)

    def end(self, upload: bytes) -> None:
        """It is gone, or lies there."""
        with self.lock:
            self.lying += self.writing.pop(upload, 0)

    def _check(self, folder: Folder) -> None:
        disk = os.fstatvfs(folder.descriptor)
        if disk.f_bavail * disk.f_frsize < self.reserve:
            raise FullError("there is no room left here; try again later")
        if self.lying + sum(self.writing.values()) <= self.quota:
            return
        self._look(folder)  # what was read meanwhile lies there no more
        if self.lying + sum(self.writing.values()) > self.quota:
            raise FullError(f"{self.quota} bytes may lie in the inbox; no more are taken until files are read")

    def _look(self, folder: Folder) -> int:
        others = [each for each in folder.entries() if each.name not in self.writing]
        self.lying = sum(each.size for each in others)
        return len(others)
