"""The last door: whatever a command meets becomes a sentence with a next step and an exit code, never a traceback."""

import errno
from collections.abc import Callable
from typing import Any

import typer

from gateway.cli import output
from gateway.kernel.errors import GatewayError, TransportError

INTERRUPTED, BUG = 130, 70
FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))
"""What a disk says that takes no more, or is broken."""


def guarded(call: Callable[[], Any]) -> int:
    """The exit code of what is called; whatever it meets becomes a sentence, never a traceback."""
    try:
        result = call()
    except GatewayError as problem:
        output.error(problem)
        return problem.exit_code
    except (KeyboardInterrupt, typer.Abort) as stopped:
        if output.TOLD not in getattr(stopped, "__notes__", ()):  # whoever was at long work has said what is done
            output.talk("gateway: stopped before it was done.")
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except OSError as problem:  # a folder or disk that does not let us is no mistake of the program
        if problem.errno in FULL and problem.filename is None:
            return output.unwritten(problem)
        output.error(TransportError(
            f"{problem.filename or 'A file or folder'} cannot be used: {problem.strerror or problem}.",
            next_step="Look at its rights, at what stands in its place, and at the space on the disk.",
        ))  # fmt: skip
        return TransportError.exit_code
    except Exception as problem:  # noqa: BLE001 - the last door: never a traceback at a user
        shown = getattr(problem, "show", None)  # click's own usage errors know how to show themselves
        if shown is None:
            return _bug(problem)
        shown()
        return int(getattr(problem, "exit_code", 2))
    return result if isinstance(result, int) else 0


def _bug(problem: Exception) -> int:
    output.talk(f"gateway: this is a bug, please report it: {type(problem).__name__}: {problem}")
    return BUG
