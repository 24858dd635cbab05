"""The command that lets the running processes of a site work with the files as they are now."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from gateway.app.pulse import RUNNING, Noted, read
from gateway.app.starting import configuration
from gateway.cli import output
from gateway.cli.context import loaded
from gateway.kernel.errors import NotFoundError, TransportError

PATIENCE = 60.0
"""Seconds within which a process finishes what it is at and begins anew."""


def reload(site: Path | None, *, as_json: bool) -> int:
    """Check everything, tell each process of this machine, and wait until it works with it; 6 when one does not.

    Raises ConfigurationError, and then nobody is told anything.
    """
    directory = loaded(site).site.directory
    host, wanted = socket.gethostname(), configuration(directory)
    running = read(directory / "var", host)
    if not running:
        raise NotFoundError(
            f"No 'gateway run' is at work here on {host}, so nothing has to be told.",
            next_step="The next start takes the files as they are then: gateway run",
        )
    for each in running:
        _hang_up(each.beat.pid)
    late = {each.beat.pid for each in running} - set(_taken(directory, host, wanted, running))
    if as_json:
        output.data([{"pid": each.beat.pid, "host": host, "reloaded": each.beat.pid not in late} for each in running])
    else:
        for each in running:
            _tell(each.beat.pid, taken=each.beat.pid not in late)
    return TransportError.exit_code if late else 0


def _hang_up(pid: int) -> None:
    """Tell a process; one that has ended meanwhile is late. Raises TransportError where it is not ours."""
    try:
        os.kill(pid, signal.SIGHUP)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise TransportError(
            f"Process {pid} was started by another user, so it cannot be told.",
            next_step=f"Say it as that user: ps -o user= -p {pid}, then sudo -u USER gateway config reload",
        ) from error


def _taken(directory: Path, host: str, wanted: str, told: list[Noted]) -> Iterator[int]:
    """The processes that work with the configuration that is wanted, as soon as they do."""
    waiting, end = {each.beat.pid for each in told}, time.monotonic() + PATIENCE
    while waiting and time.monotonic() < end:
        for each in read(directory / "var", host):
            if each.beat.pid in waiting and each.beat.settings == wanted and each.beat.state == RUNNING:
                waiting.discard(each.beat.pid)
                yield each.beat.pid
        time.sleep(0.1)


def _tell(pid: int, *, taken: bool) -> None:
    if taken:
        output.line(f"process {pid}: works with the configuration as it is now")
        return
    output.line(f"process {pid}: does not work with it yet; it finishes what it began, or its log says why not")
    output.line("  -> gateway health")
