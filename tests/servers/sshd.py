"""A real OpenSSH server on 127.0.0.1, with keys and folders of its own, that can be stopped, started again and changed."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
PATIENCE = 10.0
"""Seconds within which a server listens, or is gone."""
_ROOT = 0
_PRIVILEGE_SEPARATION = Path("/run/sshd")
_CONFIGURATION = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {host_key}
AuthorizedKeysFile {authorized}
PidFile none
UsePAM no
UseDNS no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
AllowTcpForwarding no
MaxStartups 100
MaxSessions 100
LogLevel VERBOSE
Subsystem sftp internal-sftp{options}
ForceCommand internal-sftp{options}
"""
_WITH_PENALTIES = (9, 8)
"""From this version on a server turns away for a while who connects often without logging in, as tests do."""
NOT_TESTED = "NOT TESTED AGAINST A REAL SFTP SERVER"


@cache
def why_unavailable() -> str:
    """Why no real SFTP server can run here; empty when it can."""
    if _program("sshd") is None:
        return "there is no sshd here; install openssh-server"
    if _program("ssh-keygen") is None:
        return "there is no ssh-keygen here; install openssh-client"
    if os.geteuid() == _ROOT:
        with suppress(OSError):
            _PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
        if not _PRIVILEGE_SEPARATION.is_dir():
            return f"{_PRIVILEGE_SEPARATION} is missing and cannot be made"
    return ""


@dataclass(slots=True)
class Sshd:
    """One server; ``files`` is a folder of its own that partners' paths lead to, ``said`` what it logged."""

    folder: Path
    port: int
    options: str = ""
    host_key: Path = field(init=False)
    client_key: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.files.mkdir(parents=True)
        self.client_key = new_key(self.folder / "client")
        self.authorize(self.client_key)
        self.host_key = new_key(self.folder / "host")

    @property
    def files(self) -> Path:
        """The folder for the files of a test; name it by its whole path."""
        return self.folder / "files"

    @property
    def user(self) -> str:
        """Who logs in: nobody else can without PAM."""
        return pwd.getpwuid(os.geteuid()).pw_name

    @property
    def host_key_line(self) -> str:
        """The public key of the server as a partner file names it."""
        return _public(self.host_key)

    @property
    def said(self) -> str:
        """What it logged since it was made."""
        log = self.folder / "log"
        return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""

    @property
    def is_running(self) -> bool:
        """Whether it takes connections."""
        return self._process is not None and self._process.poll() is None

    def authorize(self, *keys: Path) -> None:
        """Let exactly these private keys log in."""
        lines = "".join(f"{_public(each)}\n" for each in keys)
        (self.folder / "authorized").write_text(lines, encoding="utf-8")

    def start(self) -> None:
        """Listen on its port; returns when it answers there."""
        program = _program("sshd")
        assert program is not None, why_unavailable()
        said = self.folder / "sshd_config"
        said.write_text(
            _CONFIGURATION.format(
                port=self.port, host_key=self.host_key, authorized=self.folder / "authorized", options=self.options
            ),
            encoding="utf-8",
        )
        if _version() >= _WITH_PENALTIES:
            with said.open("a", encoding="utf-8") as more:
                more.write("PerSourcePenalties no\n")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-D", "-e", "-f", str(said)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"sshd did not start: {self.said}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it with all its connections, at once; a client sees the connection lost."""
        process, self._process = self._process, None
        if process is None:
            return
        for each in _sessions_of(process.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.kill()
        process.wait(PATIENCE)

    def restart(self) -> None:
        """Stop it and start it again on the same port."""
        self.stop()
        self.start()

    def change_host_key(self, kind: str = "ed25519") -> None:
        """Be another server on the same port, as far as a client can tell."""
        self.host_key = new_key(self.folder / f"host-{time.monotonic_ns()}", kind)
        if self.is_running:
            self.restart()


@contextmanager
def serving(folder: Path, options: str = "") -> Iterator[Sshd]:
    """A running server with its files in a folder; skips the test, loudly, where there can be none.

    ``options`` are those of OpenSSH's sftp-server: `` -R`` takes nothing in, `` -P rename,posix-rename`` refuses both.
    """
    if why := why_unavailable():
        pytest.skip(f"{NOT_TESTED}: {why}")
    server = Sshd(folder, _free_port(), options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def new_key(path: Path, kind: str = "ed25519", passphrase: str = "") -> Path:
    """A new private key of its own, with the public one beside it."""
    program = _program("ssh-keygen")
    assert program is not None, why_unavailable()
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [program, "-q", "-t", kind, "-N", passphrase, "-C", "", "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return path


def _public(key: Path) -> str:
    return key.with_name(f"{key.name}.pub").read_text(encoding="utf-8").strip()


def _program(name: str) -> str | None:
    return shutil.which(name, path=PLACES)


@cache
def _version() -> tuple[int, int]:
    """Of the OpenSSH that is installed."""
    program = _program("ssh")
    said = subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stderr if program else ""
    found = re.match(r"OpenSSH_(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _sessions_of(server: int) -> list[int]:
    """The processes of a server's connections: each leads a session of its own, so they are found by their parents."""
    parents: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    above = {server}
    while above := {process for process, parent in parents.items() if parent in above}:
        found += above
    return found
