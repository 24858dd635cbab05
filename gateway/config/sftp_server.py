"""The SFTP server of our own in gateway.yaml: where it listens, and what a login may do at most."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.config.located import Places, Section
from gateway.config.values import Address, Duration, Size, duration, size
from gateway.kernel.problem import Problem

_RATE = re.compile(r"(\d{1,6})/([smh])")
LIBRARY = "asyncssh"
"""What the server is made with; an extra."""
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def rate(value: str) -> tuple[int, int]:
    """``100/m`` as how many in how many seconds; raises ValueError for anything else.

    >>> rate("100/m")
    (100, 60)
    """
    found = _RATE.fullmatch(value)
    if found is None or not int(found[1]):
        raise ValueError(f"'{value}' is not a rate; write it like 100/m, with s, m or h")
    return int(found[1]), _SECONDS[found[2]]


def _rate_text(value: str) -> str:
    rate(value)
    return value


class Ban(Section):
    """An address that fails to log in so often in a row is turned away for a while."""

    after: Annotated[int, Field(ge=1, le=10000)] = 10
    for_: Duration = Field("1h", alias="for")

    def period(self) -> timedelta:
        """For how long."""
        return duration(self.for_)


class SftpServer(Section):
    """Where partners log in and find their folders; without ``listen`` there is none.

    ``quota`` and ``files`` are how much may lie in one partner's inbox, ``rate`` how often an address may connect,
    ``idle`` after how long a silent connection is ended, ``sessions`` how many there may be at a time.
    """

    listen: Address = ""
    quota: Size = "1GB"
    files: Annotated[int, Field(ge=1)] = 10000
    rate: Annotated[str, AfterValidator(_rate_text)] = "100/m"
    ban: Ban = Ban()
    idle: Duration = "10m"
    sessions: Annotated[int, Field(ge=1, le=1000)] = 20

    def quota_bytes(self) -> int:
        """How many bytes may lie in one partner's inbox."""
        return size(self.quota)

    def connections(self) -> tuple[int, int]:
        """How many connections of one address are taken in how many seconds."""
        return rate(self.rate)

    def idle_seconds(self) -> float:
        """After how many seconds without a word a connection is ended."""
        return duration(self.idle).total_seconds()


def server_checks(server: SftpServer, places: Places) -> Iterator[Problem]:
    """A server that is asked for and cannot be."""
    if server.listen and find_spec(LIBRARY) is None:
        sentence = "the SFTP server is not part of this installation"
        hint = "install it with: pip install 'gateway-edi[sftp-server]', or remove 'sftp_server.listen'"
        yield places.problem(("sftp_server", "listen"), "P004", sentence, hint)
