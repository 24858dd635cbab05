"""Do something again whenever files change: a folder event hastens it, the files' own times are the truth."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from gateway.cli import inputs, output
from gateway.cli.inputs import Input
from gateway.kernel.errors import NotFoundError
from gateway.transports.watch import watch

LOOK_EVERY = 0.5
"""Seconds between two looks at the files when no event comes."""
SETTLED = 0.1
"""Seconds for which files must stay as they are; an editor writes in several steps."""
PATIENCE = 20
"""How many looks a file that never comes to rest is waited for."""
_CLEAR = "\x1b[2J\x1b[H"
Act = Callable[[list[Input], bool], int]
"""What is done with the files; the second argument says whether they are several."""
_Looks = dict[str, tuple[int, int, int] | None]


def whenever_changed(words: list[str], act: Act) -> int:
    """Act on the files now and after each change, until Ctrl-C or a signal to end; then 0."""
    for number in (signal.SIGTERM, signal.SIGINT):  # also where whoever started us ignores Ctrl-C
        signal.signal(number, signal.default_int_handler)
    woken = threading.Event()
    try:
        with ExitStack() as stack:
            stack.callback(signal.signal, signal.SIGTERM, signal.SIG_DFL)
            _hints(stack, words, woken)
            while True:
                looks = _settled(words)
                _act(words, act)
                while _looks(words) == looks:
                    woken.wait(LOOK_EVERY)
                    woken.clear()
    except KeyboardInterrupt:
        return 0


def _hints(stack: ExitStack, words: list[str], woken: threading.Event) -> None:
    """Folder events where the system has them to give; without them the looks alone must do."""
    paths = [Path(word) for word in words]
    folders = {path if path.is_dir() else path.parent for path in paths}
    try:
        stack.enter_context(watch([each for each in folders if each.is_dir()], woken.set))
    except OSError as error:
        output.talk(f"gateway: no folder events here ({error.strerror}); looking every {LOOK_EVERY} s.")


def _act(words: list[str], act: Act) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)
    try:
        act(*inputs.listed(words))
    except NotFoundError as missing:
        output.talk(f"gateway: {missing.sentence} It is checked as soon as it is there.")
    sys.stdout.flush()
    output.talk("Waiting for a change; Ctrl-C ends.")


def _settled(words: list[str]) -> _Looks:
    """How the files look once they are at rest."""
    before = _looks(words)
    for _ in range(PATIENCE):
        time.sleep(SETTLED)
        after = _looks(words)
        if after == before:
            break
        before = after
    return before


def _looks(words: list[str]) -> _Looks:
    """Time, size and identity of each file; None for one that is not there."""
    try:
        found, _ = inputs.listed(words)
    except NotFoundError:
        return {}
    return {each.name: _look(Path(each.name)) for each in found}


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
