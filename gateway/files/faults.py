"""The hook of the fault tests: the nth operation on files fails, or the process ends at it.

A plan is written ``fsync:3:EIO``: what is counted, the how manieth of it, what befalls it. Besides the operations of a
``Watch`` one may count ``change``, all that alter something, and ``any``. ``EIO+`` and ``ENOSPC+``: all that follow too.
"""

import errno
import os
import signal

from gateway.files.disk import OPERATIONS, Watch, nobody
from gateway.kernel.fault_plan import FaultPlan, no_plan, plan_of

CHANGES = frozenset({"create", "write", "fsync", "rename", "unlink"})
_COUNTED = {**{each: frozenset({each}) for each in OPERATIONS}, "change": CHANGES, "any": frozenset(OPERATIONS)}
KILL = "kill"


def watch_of(said: str) -> Watch:
    """What watches the operations for a plan; nothing for none, or for one of the database. Raises ValueError for no plan."""
    plan = plan_of(said)
    if plan is None or plan.of_database:
        return nobody
    number = None if plan.fault == KILL else int(getattr(errno, plan.fault, 0)) or None
    if plan.counted not in _COUNTED or (number is None and plan.fault != KILL):
        raise no_plan(said)
    return _watch(plan, _COUNTED[plan.counted], number)


def _watch(plan: FaultPlan, counted: frozenset[str], number: int | None) -> Watch:
    met = 0

    def watch(operation: str, _path: str) -> None:
        nonlocal met
        if operation not in counted:
            return
        met += 1
        if plan.hits(met):
            if number is None:
                os.kill(os.getpid(), signal.SIGKILL)
            else:
                raise OSError(number, os.strerror(number))

    return watch
