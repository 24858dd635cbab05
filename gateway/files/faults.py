"""The hook of the fault tests: the nth operation on files fails, or the process ends at it.

A plan is written ``fsync:3:EIO``: what is counted, the how manieth of it, what befalls it. Besides the operations of a
``Watch`` one may count ``change``, all that alter something, and ``any``. ``EIO+`` and ``ENOSPC+``: all that follow too.
"""

import errno
import os
import signal

from gateway.files.disk import OPERATIONS, Watch, nobody

CHANGES = frozenset({"create", "write", "fsync", "rename", "unlink"})
_COUNTED = {**{each: frozenset({each}) for each in OPERATIONS}, "change": CHANGES, "any": frozenset(OPERATIONS)}
KILL = "kill"


def watch_of(plan: str) -> Watch:
    """What watches the operations for a plan; nothing for none. Raises ValueError for what is no plan."""
    if not plan:
        return nobody
    try:
        counted, nth, fault = plan.split(":")
        return _watch(_COUNTED[counted], int(nth), fault.removesuffix("+"), lasting=fault.endswith("+"))
    except (KeyError, ValueError) as error:
        raise ValueError(f"'{plan}' is no plan of a fault; write it like fsync:3:EIO") from error


def _watch(counted: frozenset[str], nth: int, fault: str, *, lasting: bool) -> Watch:
    number = None if fault == KILL else int(getattr(errno, fault, 0)) or None
    if nth < 1 or (number is None and fault != KILL):
        raise ValueError(fault)
    met = 0

    def watch(operation: str, _path: str) -> None:
        nonlocal met
        if operation not in counted:
            return
        met += 1
        if met == nth or (lasting and met > nth):
            if number is None:
                os.kill(os.getpid(), signal.SIGKILL)
            else:
                raise OSError(number, os.strerror(number))

    return watch
