"""Programs for which the system watches only so many folders, in a name space of their own: nobody else notices."""

import shutil
import subprocess
from collections.abc import Sequence

import pytest


def limited(what: str, most: int, command: Sequence[str]) -> list[str]:
    """The command with at most so many ``watches`` or ``instances``; skips loudly where the system does not allow that."""
    script = f'echo {most} > /proc/sys/user/max_inotify_{what} && exec "$@"'
    wrapped = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no user name space can be made here, so that no limit of watched folders can be set")
    return [*wrapped, *command]
