"""A command of ours at a real pseudo-terminal of some width, as a person sees it."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PAINT = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood on the terminal, byte for byte, and how the command ended."""

    code: int
    raw: str

    @property
    def plain(self) -> str:
        """The same without colours."""
        return _PAINT.sub("", self.raw)


def at_terminal(
    command: Sequence[str], folder: Path, *, columns: int = 100, stop_after: str = "", **environ: str
) -> Seen:
    """What ``python COMMAND`` writes to a terminal that is its stdout and stderr.

    ``stop_after``: Ctrl-C is pressed when this text was seen.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    unsaid = ("NO_COLOR", "TERM", "COLUMNS", "FORCE_COLOR", "GATEWAY_SITE", "GATEWAY_CONFIG")
    usual = {name: value for name, value in os.environ.items() if name not in unsaid}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what we ignore, a child would ignore
    started = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder, env={**usual, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environ}, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    os.close(theirs)
    said = _read(ours, started, stop_after)
    os.close(ours)
    return Seen(started.wait(60), said.decode().replace("\r\n", "\n"))


def _read(ours: int, started: subprocess.Popen[bytes], stop_after: str) -> bytes:
    said, waits = b"", bool(stop_after)
    ended = threading.Timer(120, started.kill)
    ended.start()
    try:
        while piece := os.read(ours, 65536):
            said += piece
            if waits and stop_after.encode() in said:
                waits = False
                time.sleep(0.05)
                started.send_signal(signal.SIGINT)
    except OSError:
        pass  # the other end is closed: everything was read
    finally:
        ended.cancel()
    return said
